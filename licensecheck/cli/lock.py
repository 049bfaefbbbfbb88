"""`licensecheck lock REF...`: writes down the terms of repos, to be compared later."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits, output
from licensecheck.cli.examine import examined, examiner, listed, looking
from licensecheck.errors import UsageError
from licensecheck.lock import FILE, locked, read, set_of, written

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage


@click.command(
    epilog="""\b
Examples:
  licensecheck lock org/name org/other@v1.0
  licensecheck lock -r models.txt
  licensecheck lock            (looks again at what is locked)

\b
Exit codes: 0 written, 2 wrong usage, 3 a repo cannot be looked at; then nothing is written."""
)
@click.argument("refs", metavar="[REF]...", nargs=-1)
@click.option("-r", "--refs-from", metavar="FILE", multiple=True, help="Read REFs from a file, one a line.")
@click.option("--lock", "file", type=click.Path(dir_okay=False, path_type=Path), default=FILE, show_default=True, help="The lock file.")
@looking
@click.option("--no-cache", is_flag=True, help="Neither use nor fill the cache.")
def lock(
    refs: tuple[str, ...], refs_from: tuple[str, ...], file: Path, offline: bool, lineage: Lineage, datasets: bool, no_cache: bool
) -> int:
    """Write the terms of repos to a lock file: commit, licenses, clauses, digests of all texts, ancestors."""
    from licensecheck.refs import parse

    wanted = [*(parse(ref) for ref in refs), *(ref for name in refs_from for ref in listed(name))]
    if not wanted and file.exists():
        wanted = [parse(entry.ref) for entry in read(file)]
    if not wanted:
        raise UsageError("no repo is named, and none is locked", "for example: licensecheck lock deepseek-ai/DeepSeek-V3")
    reports = examined(wanted, examiner(offline=offline, lineage=lineage, datasets=datasets, use_records=True, use_cache=not no_cache))
    entries = [locked(report) for report in reports]
    output.hand_out(written(entries), file)
    print(f"licensecheck: {len(set_of(entries))} locked in {file}", file=sys.stderr)
    return exits.ALLOWED
