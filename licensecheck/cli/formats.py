"""`--format FORMAT` and `--format FORMAT=FILE`: which reports are written, and where each goes."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from licensecheck.cli import output
from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from licensecheck.types import Decision, Report

_F = TypeVar("_F", bound=Callable[..., Any])
FORMATS = ("console", "json", "sarif", "junit", "github", "markdown", "html", "cyclonedx")
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


def parsed(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path | None], ...]:
    """Each value as a format and its file, for click."""
    return tuple(_parsed(value) for value in values)


def _parsed(value: str) -> tuple[str, Path | None]:
    name, equals, file = value.partition("=")
    if name not in FORMATS:
        raise click.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
    if equals and not file:
        raise click.BadParameter(f"{value!r} names no file")
    return name, Path(file) if file else None


def completed(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names that a shell may complete to."""
    return [name for name in FORMATS if name.startswith(incomplete)]


def option(default: str = "console") -> Callable[[_F], _F]:
    """The option `--format`, for every command that reports on repos."""
    return click.option(
        "--format",
        "format_",
        metavar="FORMAT[=FILE]",
        multiple=True,
        callback=parsed,
        shell_complete=completed,
        help=f"How to show the result, and where (may be repeated): {', '.join(FORMATS)}.  [default: {default}]",
    )


def settled(asked: Sequence[tuple[str, Path | None]], target: Path | None) -> tuple[tuple[str, Path | None], ...]:
    """Each format with its file; `target` (of `--output`) is for the one that names none. Raises UsageError for two in one place."""
    nameless = [name for name, file in asked if file is None]
    if len(nameless) > 1:
        raise UsageError(f"{' and '.join(nameless)} cannot both go to the same place", "name a file for each: --format json=report.json")
    if not nameless and target and asked:
        raise UsageError(f"no format is left for {target}", "leave out --output, or name a format without a file")
    found = tuple((name, file or target) for name, file in asked) or (("console", target),)
    files = [file for _, file in found if file]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"{file} would be written twice", "name a file of its own for each format")
    return found


def write(decided: list[tuple[Report, Decision]], formats: Sequence[tuple[str, Path | None]]) -> None:
    """Writes every format asked for. All are made before the first is written, so that a fault leaves nothing half done."""
    pages = [(name, file, _made(name, decided)) for name, file in formats]
    for name, file, page in pages:
        if name == "console":
            _show(decided, file)
        else:
            output.hand_out(page, file)
    summary = os.environ.get(STEP_SUMMARY)
    if summary and any(name == "github" for name, _ in formats):
        _summarize(decided, Path(summary))


def _made(name: str, decided: list[tuple[Report, Decision]]) -> str:
    if name == "console":
        return ""
    module = importlib.import_module(f"licensecheck.render.{name}")
    return str(module.reports(decided))


def _show(decided: list[tuple[Report, Decision]], file: Path | None) -> None:
    from licensecheck.render import console

    output.show(lambda width, is_colored: console.reports(decided, width=width, is_colored=is_colored), file)


def _summarize(decided: list[tuple[Report, Decision]], file: Path) -> None:
    """Adds to the page of a GitHub Actions run, to which other steps write as well."""
    from licensecheck.render import github

    try:
        with file.open("a", encoding="utf-8") as page:
            page.write(github.job_summary(decided))
    except OSError as error:
        raise UsageError(f"{file} ({STEP_SUMMARY}) cannot be written: {error.strerror}", "unset it outside of GitHub Actions") from error
