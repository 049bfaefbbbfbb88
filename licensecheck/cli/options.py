"""Options that several commands share, and the cache that they speak of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from licensecheck.store import Store

_F = TypeVar("_F", bound=Callable[..., Any])

_SHARED = (
    click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the result to a file instead of stdout."
    ),
    click.option("--no-records", is_flag=True, help="Recognize no known license; read every text by the rules alone."),
    click.option("--no-cache", is_flag=True, help="Neither use nor fill the cache."),
    click.option("--exit-zero", is_flag=True, help="Report, but exit with 0."),
)


def shared(command: _F) -> _F:
    """Adds the options of every command that reads texts."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


POLICY = click.option(
    "--policy",
    "policy_name",
    metavar="FILE|NAME",
    help="The policy that decides: a TOML file, or open-source, commercial or research.  "
    "[default: licensecheck.toml or pyproject.toml upwards from here, else open-source]",
)
_DECIDING = (
    POLICY,
    click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        callback=lambda _context, _parameter, value: value.date() if value else datetime.now(UTC).date(),
        help="The day on which exceptions must still hold.  [default: today, UTC]",
    ),
)


def deciding(command: _F) -> _F:
    """Adds the options of every command that asks a policy."""
    for option in reversed(_DECIDING):
        command = option(command)
    return command


def settle_from_environment(command: click.Command) -> None:
    """Lets every option be set as LICENSECHECK_..., by its long name: --no-cache is LICENSECHECK_NO_CACHE."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            name = max(parameter.opts, key=len).lstrip("-").replace("-", "_").upper()
            parameter.envvar = parameter.envvar or f"LICENSECHECK_{name}"


def cache(is_wanted: bool) -> Store | None:
    """The cache, where it is wanted. What goes wrong with it is told on stderr and costs time only."""
    if not is_wanted:
        return None
    from licensecheck.store import Store

    return Store(tell=lambda message: print(f"licensecheck: {message}", file=sys.stderr))
