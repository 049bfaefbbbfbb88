"""licensecheck: under which terms a Hugging Face model really stands, read before a weight is downloaded."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from licensecheck.api import Decision as Decision
    from licensecheck.api import HubError as HubError
    from licensecheck.api import LicenseCheckError as LicenseCheckError
    from licensecheck.api import Policy as Policy
    from licensecheck.api import Reading as Reading
    from licensecheck.api import RefusedError as RefusedError
    from licensecheck.api import Report as Report
    from licensecheck.api import UndecidedError as UndecidedError
    from licensecheck.api import UsageError as UsageError
    from licensecheck.api import check as check
    from licensecheck.api import decide as decide
    from licensecheck.api import download as download
    from licensecheck.api import read as read

__version__ = "0.1.0"

_NOUNS = ("Decision", "HubError", "LicenseCheckError", "Policy", "Reading", "RefusedError", "Report", "UndecidedError", "UsageError")
_OFFERED = frozenset((*_NOUNS, "check", "decide", "download", "read"))


def __getattr__(name: str) -> Any:
    """The Python API, loaded when it is first used: the command line and the guard start without it."""
    if name in _OFFERED:
        return getattr(importlib.import_module("licensecheck.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_OFFERED})
