"""Guards a Python process: no file of a Hub repo is read or downloaded in it before the policy let that repo in.

    from licensecheck import guard
    guard.install()

`licensecheck run -- COMMAND` does the same for every Python process that a command starts. The guard stands in other people's
programs, so it needs nothing but the standard library: what it asks is answered by another process (`gate.py`).
"""

from __future__ import annotations

import os
from pathlib import Path

from licensecheck.guard import door, loading, ways
from licensecheck.guard.door import MODES, UNDECIDED, Settings

__all__ = ["MODES", "STARTUP", "UNDECIDED", "Settings", "install", "with_startup"]

STARTUP = Path(__file__).resolve().parent / "startup"  # the folder whose `sitecustomize` starts the guard


def install(
    mode: str | None = None,
    *,
    policy: str | os.PathLike[str] | None = None,
    undecided: str | None = None,
    log: str | os.PathLike[str] | None = None,
    children: bool = True,
) -> None:
    """Guards this process from now on, and the Python processes that it starts unless `children` is False.

    `mode` is "enforce" (a refusal raises `RefusedError`), "warn" (it is told on stderr) or "audit" (it is only written to `log`);
    `undecided` is "refuse" or "warn"; `policy` is a file or a name, as for `licensecheck check`; `log` is a file of JSON lines. What is
    not given comes from the environment (`LICENSECHECK_GUARD_MODE`, ...). Once more: the settings change. Raises `UsageError`.
    """
    settings = Settings.settled(os.environ, mode=mode, policy=policy, undecided=undecided, log=log)
    door.open_with(settings)
    loading.watch(ways.WAYS, ways.opened)
    if children:
        os.environ.update(settings.environment(), PYTHONPATH=with_startup(os.environ.get("PYTHONPATH", "")))


def with_startup(python_path: str) -> str:
    """A PYTHONPATH with the guard's start-up folder before all others.

    >>> with_startup("/a").endswith(os.pathsep + "/a")
    True
    """
    rest = [entry for entry in python_path.split(os.pathsep) if entry and Path(entry) != STARTUP]
    return os.pathsep.join([str(STARTUP), *rest])
