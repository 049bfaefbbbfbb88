"""`licensecheck verify`: do the terms upstream still stand as they were locked?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits
from licensecheck.cli.examine import examined, examiner, listed, looking
from licensecheck.lock import FILE, Locked, changes, locked, read
from licensecheck.render.clean import line

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage
    from licensecheck.types import Report


@click.command(
    epilog="""\b
Examples:
  licensecheck verify
  licensecheck verify -r models.txt      (each of them must be locked)

\b
Exit codes: 0 the terms stand, 1 terms changed or the lock is stale, 2 no lock, 3 a repo cannot be looked at."""
)
@click.argument("refs", metavar="[REF]...", nargs=-1)
@click.option("-r", "--refs-from", metavar="FILE", multiple=True, help="REFs that must be locked, one a line.")
@click.option("--lock", "file", type=click.Path(dir_okay=False, path_type=Path), default=FILE, show_default=True, help="The lock file.")
@looking
@click.option("--no-cache", is_flag=True, help="Neither use nor fill the cache.")
def verify(
    refs: tuple[str, ...], refs_from: tuple[str, ...], file: Path, offline: bool, lineage: Lineage, datasets: bool, no_cache: bool
) -> int:
    """Compare the lock file with what stands upstream, and say what changed, clause by clause."""
    from licensecheck.refs import parse

    entries = read(file)
    held = {(e.type, e.id.lower()) for e in entries}
    needed = [*(parse(ref) for ref in refs), *(ref for name in refs_from for ref in listed(name))]
    missing = [ref for ref in needed if (ref.type, ref.id.lower()) not in held]
    for ref in missing:
        click.echo(f"{line(ref.given)}: not locked\n  The lock is stale: licensecheck lock {line(ref.given)} and the others.")
    reports = examined(
        [parse(e.ref) for e in entries],
        examiner(offline=offline, lineage=lineage, datasets=datasets, use_records=True, use_cache=not no_cache),
    )
    codes = [exits.REFUSED for _ in missing]
    for entry, report in zip(entries, reports, strict=True):
        code, words = _compared(entry, report)
        codes.append(code)
        click.echo("\n".join(words))
    return exits.worst(codes)


def _compared(entry: Locked, report: Report) -> tuple[int, list[str]]:
    name = line(entry.ref)
    if not report.snapshot.commit:
        return exits.UNDECIDED, [f"{name}: cannot be looked at", *(f"  {line(p.sentence)}" for p in report.problems)]
    # A revision is what was locked, whatever the Hub calls it now.
    new = replace(locked(report), revision=entry.revision)
    found = list(changes(entry, new))
    terms = [f"  {line(c.message)}" for c in found if c.is_of_terms]
    rest = [f"  {line(c.message)}" for c in found if not c.is_of_terms]
    if not terms:
        return exits.ALLOWED, [f"{name}: the terms stand as locked", *rest]
    lost = [p for p in report.problems if p.subject in entry.documents and p.subject not in new.documents]
    if lost:
        return exits.UNDECIDED, [f"{name}: cannot be compared, since texts cannot be read now", *(f"  {line(p.sentence)}" for p in lost)]
    is_stale = entry.documents == new.documents and entry.commit == new.commit
    what = "the lock is stale: the same texts are read otherwise" if is_stale else "the terms changed"
    return exits.REFUSED, [f"{name}: {what}", *terms, *rest, *_quotes(entry, report), "  Read them, then: licensecheck lock"]


def _quotes(entry: Locked, report: Report) -> Iterator[str]:
    """The words of clauses that were not there before."""
    from licensecheck.render.clean import shortened

    known = {clause.split()[0] for clause in entry.clauses}
    for clause in {c.id: c for c in reversed(report.clauses) if c.id not in known and c.quote}.values():
        yield f"  {clause.id}, {shortened(clause.path, 80)}:{clause.start_line}: “{shortened(clause.quote or '', 320)}”"
