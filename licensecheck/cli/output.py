"""Hands out a command's result: to stdout, or whole into a file that appears only when it is complete."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from licensecheck.errors import UsageError


def hand_out(data: str, output: Path | None) -> None:
    """A result for programs, in UTF-8 wherever it goes."""
    _write(data.encode("utf-8", "backslashreplace"), output)


def show(page: Callable[[int, bool], str], output: Path | None) -> None:
    """A result for people: `page` makes it for a width in columns, with or without colour."""
    is_terminal = output is None and sys.stdout.isatty()
    width = shutil.get_terminal_size((80, 24)).columns if is_terminal else 80
    is_colored = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = "utf-8" if output else sys.stdout.encoding or "utf-8"
    # NOTE: a terminal that knows no “ shows an escape in its place rather than failing.
    _write(page(width, is_colored).encode(encoding, "backslashreplace"), output)


def close_stdout() -> None:
    """Lets a reader that has gone away go: the interpreter's own flush at the end then has nowhere to fail."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(data: bytes, output: Path | None) -> None:
    if output is not None:
        _replace(data, output)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        close_stdout()
    except OSError as error:
        close_stdout()
        raise UsageError(f"the result cannot be written: {error.strerror}", "see where stdout leads, or use --output FILE") from error


def _replace(data: bytes, output: Path) -> None:
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, output)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise UsageError(f"{output} cannot be written: {error.strerror}", "Name a file in a folder that exists and is yours.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
