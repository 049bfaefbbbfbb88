"""Changes modules at the moment they are loaded, before anybody can take their functions under names of their own.

Modules that are already there are changed at once, and whoever holds the old functions by name is given the new ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# Gives what stands for a function of a module instead of the one given.
Wrap = Callable[[Any], Any]


def watch(ways: Mapping[str, Mapping[str, Wrap]], hook: Callable[[str, tuple[Any, ...]], None] | None = None) -> None:
    """Wraps functions in modules loaded or yet to load; `ways` leads from a module's name and a dotted name in it to the wrapper.

    `hook` is an audit hook of the interpreter. Whoever calls this once more changes nothing.
    """
    for name, wraps in ways.items():
        if (module := sys.modules.get(name)) is not None:
            for old, new in _change(module, wraps):
                _rebind(old, new)
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(ways))
        if hook is not None:
            sys.addaudithook(hook)


class _Finder:
    """Finds nothing itself: asks the other finders, and sees to it that what they find is changed once it has run."""

    def __init__(self, ways: Mapping[str, Mapping[str, Wrap]]) -> None:
        self._ways = ways

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self._ways:
            return None
        found = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next((spec for spec in found if spec is not None), None)
        loader: Any = spec.loader if spec else None
        if loader is not None:
            run = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                run(module)
                _change(module, self._ways[name])

            loader.exec_module = exec_module  # NOTE: on this one loader, so that its class and its other abilities stay as they are
        return spec


def _change(module: ModuleType, wraps: Mapping[str, Wrap]) -> list[tuple[Any, Any]]:
    """Puts the wrappers in place and gives each function with what now stands for it. What this version of the module lacks is let be."""
    changed = []
    for dotted, wrap in wraps.items():
        *classes, name = dotted.split(".")
        owner: Any = module
        for part in classes:
            owner = getattr(owner, part, None)
        old = getattr(owner, name, None)
        if old is None or hasattr(old, "_licensecheck_guards"):
            continue
        new = wrap(old)
        new._licensecheck_guards = True
        setattr(owner, name, new)
        changed.append((old, new))
    return changed


def _rebind(old: Any, new: Any) -> None:
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if value is old and module is not sys.modules[__name__]:
                setattr(module, name, new)
