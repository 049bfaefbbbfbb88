"""Python imports this at its start where the folder is on PYTHONPATH: guards the process, then hands on to the user's own `sitecustomize`.

A process that cannot be guarded does not start.
"""

import importlib.util
import os
import sys
from importlib.machinery import PathFinder

HERE = os.path.dirname(os.path.abspath(__file__))


def guard() -> None:
    """Starts the guard from the installation that this file belongs to, whatever else this Python can import."""
    home = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
    sys.path.insert(0, home)
    try:
        from licensecheck.guard import install

        install()
    except Exception as error:
        message = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
        raise SystemExit(f"licensecheck: this Python ({sys.executable}) cannot be guarded, so it does not start: {message}") from None
    finally:
        sys.path.remove(home)


def hand_on() -> None:
    """Runs the `sitecustomize` that would have been found without this folder."""
    others = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != HERE]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


if os.environ.get("LICENSECHECK_GUARD_MODE") != "off":
    guard()
hand_on()
