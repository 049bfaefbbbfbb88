"""Loads the libraries of optional formats, and says what to install where one is missing."""

from __future__ import annotations

import importlib
from typing import Any

from licensecheck.errors import UsageError


def load(module: str, *, extra: str, format_name: str) -> Any:
    """The module. Raises UsageError with the command that installs it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UsageError(
            f"the format {format_name} needs a library that is not installed: {error.name or module}",
            f'pip install "hf-licensecheck[{extra}]" (in a checkout: pip install -e ".[{extra}]")',
        ) from error
