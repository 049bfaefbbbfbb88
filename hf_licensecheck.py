"""The way in: starts the command line, and says so clearly where another project named `licensecheck` is mixed into it.

The Python registry has another project that installs a package `licensecheck`. Where both are installed into one environment
their files lie in one folder, and whichever came last has overwritten some of the other's. This module is outside of that
folder, imports nothing from it before it has looked, and costs one listing of a folder.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

INTERRUPTED = 130
DISTRIBUTION = "hf-licensecheck"
_CURE = "Install it into an environment of its own: pipx install, or uv tool install, from the checkout of hf-licensecheck."


def main() -> int:
    """Runs the command line and returns its exit code."""
    where = _package()
    if where is None or not (where / "__init__.py").is_file():
        return _stop("its files are gone, perhaps with another project of the same name that was uninstalled.")
    if _has_other(where.parent):
        foreign = _foreign(where)
        if foreign:
            return _stop(f"another project named licensecheck is installed here too, and {foreign}.")
        print(
            f"licensecheck: this is {DISTRIBUTION}; the other project of that name, installed here too, is broken by it. {_CURE}",
            file=sys.stderr,
        )
    try:
        from licensecheck.cli import run
    except ImportError as error:
        return _stop(f"its files are incomplete or mixed with another project's ({error}).")
    code = run()
    if code == INTERRUPTED:
        # The interpreter would wait for requests that nobody wants any more.
        sys.stdout.flush()
        os._exit(code)
    gc.freeze()  # else the interpreter, going down, looks for cycles among all that was read: half a second after many texts
    return code


def _package() -> Path | None:
    """The folder that `import licensecheck` would load; nothing in it is run to find out."""
    from importlib.util import find_spec

    try:
        spec = find_spec("licensecheck")
    except ValueError:  # It is being loaded at this moment, by the other project's command.
        found = getattr(sys.modules.get("licensecheck"), "__path__", ())
    else:
        found = (spec.submodule_search_locations if spec else None) or ()
    return next((Path(p) for p in found), None)


def _stop(message: str) -> int:
    print(f"licensecheck ({DISTRIBUTION}): {message}\n  {_CURE}", file=sys.stderr)
    return 2


def _has_other(site: Path) -> bool:
    try:
        return any(p.name.startswith("licensecheck-") and p.name.endswith((".dist-info", ".egg-info")) for p in site.iterdir())
    except OSError:
        return False


def _foreign(where: Path) -> str:
    """How the folder `where` differs from what this distribution installed; empty when every file of it is ours."""
    import base64
    import hashlib
    from importlib import metadata

    try:
        files = metadata.distribution(DISTRIBUTION).files or []
    except metadata.PackageNotFoundError:
        return "it hides this one"
    ours = [f for f in files if f.parts[:1] == ("licensecheck",) and f.suffix == ".py"]
    if not ours:  # An editable install: the package lies in the checkout, beside this file.
        return "" if where == Path(__file__).resolve().parent / "licensecheck" else "it hides this one"
    for file in ours:
        path = Path(str(file.locate()))
        if path.parent.parent != where.parent and where not in path.parents:
            return "it hides this one"
        if not path.is_file():
            return f"{file} is gone"
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
        if file.hash and file.hash.value != digest:
            return f"{file} was overwritten"
    return ""


if __name__ == "__main__":
    sys.exit(main())
