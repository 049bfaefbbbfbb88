"""Looks at many repos for a command: the options that say how, the REFs that are listed in files, and the reports in the order asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from licensecheck.cli.options import cache
from licensecheck.errors import RulesError, UsageError

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage
    from licensecheck.types import RepoRef, Report

AT_ONCE = 8  # repos; their time goes into waiting for the Hub
_F = TypeVar("_F", bound=Callable[..., Any])

_LOOKING = (
    click.option("--offline", is_flag=True, help="Make no request; use what is at hand."),
    click.option(
        "--lineage",
        type=click.Choice(["none", "declared", "hinted"]),
        default="declared",
        show_default=True,
        help="Look at the base models, declared or also guessed.",
    ),
    click.option("--datasets", is_flag=True, help="Look at the datasets that the card names too; they change no verdict on weights."),
)


def looking(command: _F) -> _F:
    """Adds the options of every command that looks at repos."""
    for option in reversed(_LOOKING):
        command = option(command)
    return command


def listed(name: str, revision: str | None = None) -> list[RepoRef]:
    """The REFs in a file, one a line; "-" is standard input. Raises UsageError, with the line, for one that cannot be meant."""
    from licensecheck.refs import parse

    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", "name a text file with one REF a line") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8", "name a text file with one REF a line") from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        ref = line.split(" #")[0].strip()
        if not ref or ref.startswith("#"):
            continue
        try:
            found.append(parse(ref, revision))
        except UsageError as error:
            raise UsageError(f"{name}:{number}: {error.message}", error.hint) from error
    return found


def examiner(
    *, offline: bool, lineage: Lineage, datasets: bool, use_records: bool, use_cache: bool, follow_links: bool = False
) -> Callable[[RepoRef], Report]:
    """Gives the report on one repo, whatever befalls it."""
    from licensecheck import analysis
    from licensecheck.hub import Hub

    store = cache(use_cache)
    hub = Hub(offline=offline, memory=store)
    options = analysis.Options(use_records=use_records, lineage=lineage, datasets=datasets, follow_links=follow_links)
    look = analysis.looker(hub=hub, store=store, options=options)

    def examine(ref: RepoRef) -> Report:
        try:
            return analysis.check(ref, hub=hub, store=store, options=options, look=look)
        except Exception as error:  # One repo's trouble never stops the others.
            if os.environ.get("LICENSECHECK_DEBUG") or isinstance(error, RulesError):
                raise
            message = f"internal error: {type(error).__name__}: {error}"
            return analysis.unseen(ref, message, "set LICENSECHECK_DEBUG=1 to see where", stage="analysis", kind="internal-error")

    return examine


def examined(wanted: Sequence[RepoRef], examine: Callable[[RepoRef], Report]) -> list[Report]:
    """The reports in the order asked."""
    if len(wanted) == 1:
        return [examine(wanted[0])]
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(min(AT_ONCE, len(wanted)))
    with _progress(len(wanted)) as step:

        def one(ref: RepoRef) -> Report:
            report = examine(ref)
            step()
            return report

        try:
            return list(pool.map(one, wanted))
        finally:
            # NOTE: not waited for, so that Ctrl-C ends at once even while a Hub keeps silent.
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=total)
        yield lambda: bar.advance(task)
