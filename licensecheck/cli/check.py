"""`licensecheck check REF...`: under which terms repos stand, and whether the policy lets them in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits, formats
from licensecheck.cli.options import cache, shared
from licensecheck.errors import RulesError, UsageError

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage
    from licensecheck.types import RepoRef, Report

AT_ONCE = 8  # repos; their time goes into waiting for the Hub


@click.command(
    epilog="""\b
Examples:
  licensecheck check deepseek-ai/DeepSeek-V3
  licensecheck check org/name@v1.0 datasets/org/name https://huggingface.co/org/name
  licensecheck check ./local-folder --offline
  licensecheck check -r models.txt --format json --output report.json
  licensecheck check -r models.txt --format console --format sarif=out.sarif

\b
REF is org/name, org/name@revision, a Hub URL, hf://..., datasets/org/name, spaces/org/name,
pkg:huggingface/org/name@rev, or a local folder written ./folder, ../folder or /folder."""
)
@click.argument("refs", metavar="REF...", nargs=-1)
@click.option(
    "-r", "--refs-from", metavar="FILE", multiple=True, help="Read REFs from a file, one a line; # starts a comment; - is standard input."
)
@click.option("--revision", help="Branch, tag or commit to look at, where a REF names none.")
@click.option("--policy", "policy_name", default="open-source", show_default=True, help="The policy that decides.")
@click.option("--offline", is_flag=True, help="Make no request; use what is at hand.")
@click.option(
    "--lineage",
    type=click.Choice(["none", "declared", "hinted"]),
    default="declared",
    show_default=True,
    help="Look at the base models, declared or also guessed.",
)
@click.option("--datasets", is_flag=True, help="Look at the datasets that the card names too; they change no verdict on weights.")
@click.option(
    "--format",
    "format_",
    metavar="FORMAT[=FILE]",
    multiple=True,
    callback=formats.parsed,
    shell_complete=formats.completed,
    help=f"How to show the result, and where (may be repeated): {', '.join(formats.FORMATS)}.  [default: console]",
)
@shared
def check(
    refs: tuple[str, ...],
    refs_from: tuple[str, ...],
    revision: str | None,
    format_: tuple[tuple[str, Path | None], ...],
    output: Path | None,
    policy_name: str,
    offline: bool,
    lineage: Lineage,
    datasets: bool,
    no_records: bool,
    no_cache: bool,
    exit_zero: bool,
) -> int:
    """Check under which terms repos stand, from their texts, tags, card and gate - never from a weight."""
    targets = formats.settled(format_, output)
    given = [*refs, *(ref for name in refs_from for ref in _listed(name))]
    if not given:
        raise UsageError("no repo is named", "for example: licensecheck check deepseek-ai/DeepSeek-V3")
    from licensecheck import policy
    from licensecheck.refs import parse

    chosen = policy.load(policy_name)
    wanted = [parse(ref, revision) for ref in given]
    examine = _examiner(offline=offline, lineage=lineage, datasets=datasets, use_records=not no_records, use_cache=not no_cache)
    reports = _examined(wanted, examine)
    decided = [(report, policy.decide(report, chosen)) for report in reports]
    formats.write(decided, targets)
    return 0 if exit_zero else exits.of_actions(decision.action for _, decision in decided)


def _listed(name: str) -> list[str]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {error}", "name a text file with one REF a line") from error
    lines = (line.split(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _examiner(*, offline: bool, lineage: Lineage, datasets: bool, use_records: bool, use_cache: bool) -> Callable[[RepoRef], Report]:
    from licensecheck import analysis
    from licensecheck.hub import Hub

    store = cache(use_cache)
    hub = Hub(offline=offline, memory=store)
    options = analysis.Options(use_records=use_records, lineage=lineage, datasets=datasets)
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


def _examined(wanted: list[RepoRef], examine: Callable[[RepoRef], Report]) -> list[Report]:
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
