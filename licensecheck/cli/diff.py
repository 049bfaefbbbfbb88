"""`licensecheck diff A B`: what differs between the terms of two repos, or of two revisions of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits
from licensecheck.cli.examine import examined, examiner, looking
from licensecheck.lock import changes, locked
from licensecheck.render.clean import line, shortened

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage
    from licensecheck.types import Report


@click.command(
    epilog="""\b
Examples:
  licensecheck diff org/name@v1.0 org/name@main
  licensecheck diff org/base org/finetune

\b
Exit codes: 0 the terms are the same, 1 they differ, 3 one of the two cannot be looked at."""
)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@looking
@click.option("--no-cache", is_flag=True, help="Neither use nor fill the cache.")
def diff(a: str, b: str, offline: bool, lineage: Lineage, datasets: bool, no_cache: bool) -> int:
    """Compare the terms of A and B, clause by clause, with the words that came or went."""
    from licensecheck.refs import parse

    wanted = [parse(a), parse(b)]
    old, new = examined(wanted, examiner(offline=offline, lineage=lineage, datasets=datasets, use_records=True, use_cache=not no_cache))
    unseen = [r for r in (old, new) if not r.documents and not r.snapshot.files and r.problems]
    for report in unseen:
        click.echo(f"{line(report.snapshot.ref.given)}: cannot be looked at\n  {line(report.problems[0].sentence)}")
    if unseen:
        return exits.UNDECIDED
    found = [c for c in changes(*(locked(_named(r)) for r in (old, new))) if c.is_of_terms]
    click.echo(f"{line(a)} -> {line(b)}: {'the terms differ' if found else 'the same terms'}")
    for change in found:
        click.echo(f"  {line(change.message)}")
    for mark, report, other in (("-", old, new), ("+", new, old)):
        for clause in {c.id: c for c in reversed(report.clauses) if c.quote and c.id not in {o.id for o in other.clauses}}.values():
            click.echo(f"  {mark} {clause.id}, {shortened(clause.path, 80)}:{clause.start_line}: “{shortened(clause.quote or '', 320)}”")
    return exits.REFUSED if found else exits.ALLOWED


def _named(report: Report) -> Report:
    """A local folder has no commit, and needs none to be compared."""
    return report if report.snapshot.commit else replace(report, snapshot=replace(report.snapshot, commit="0" * 40))
