"""`licensecheck scan PATH...`: which repos of the Hub a code base uses, where, and whether the policy lets them in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits, formats
from licensecheck.cli import output as out
from licensecheck.cli.examine import examined, examiner, looking
from licensecheck.cli.options import deciding, shared
from licensecheck.cli.progress import progress
from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage
    from licensecheck.scan import Scan
    from licensecheck.types import Decision, Report

_OWN = ("console", "json", "github")  # formats that show the places too


@click.command(
    epilog="""\b
Examples:
  licensecheck scan .
  licensecheck scan src deploy --format json --output uses.json
  licensecheck scan . --list
  licensecheck scan . --exclude 'tests/' --exclude '*.ipynb'

\b
Read are Python, notebooks, shell scripts, Dockerfiles, Makefiles, CI files, YAML, TOML, INI and JSON; what .gitignore
leaves out is left out. Nothing is executed. A comment in the line, or alone in the line above, leaves one place out:
  # licensecheck: ignore[only downloaded in a unit test]"""
)
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "is_list", is_flag=True, help="Only list what is used; ask the Hub nothing and decide nothing.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="Leave files out, by a pattern as in a .gitignore (may be repeated).")
@deciding
@looking
@formats.option()
@shared
def scan(
    paths: tuple[Path, ...],
    is_list: bool,
    exclude: tuple[str, ...],
    format_: tuple[tuple[str, Path | None], ...],
    output: Path | None,
    policy_name: str | None,
    today: date,
    offline: bool,
    lineage: Lineage,
    datasets: bool,
    no_records: bool,
    no_cache: bool,
    exit_zero: bool,
) -> int:
    """Find the models, data sets and spaces that a code base uses, and check each once."""
    targets = formats.settled(format_, output)
    if not paths:
        raise UsageError("no folder or file is named", "for example: licensecheck scan .")
    if missing := [path for path in paths if not path.exists()]:
        raise UsageError(f"there is no {missing[0]}", "name a folder or a file that is here")
    if is_list and (other := [name for name, _ in targets if name not in ("console", "json")]):
        raise UsageError(f"--list has no format {other[0]}", "take console or json")
    from licensecheck import policy, policyfile
    from licensecheck import scan as scanning

    chosen = None if is_list else policyfile.choose(policy_name, Path.cwd())
    with progress("reading files") as (begin, step):
        found = scanning.scan(paths, exclude=exclude, begin=begin, step=step)
    decided: list[tuple[Report, Decision]] | None = None
    if chosen is not None:
        examine = examiner(offline=offline, lineage=lineage, datasets=datasets, use_records=not no_records, use_cache=not no_cache)
        reports = examined(found.repos, examine) if found.repos else []
        decided = [(report, policy.decide(report, chosen, today=today)) for report in reports]
    _write(found, decided, targets)
    codes = [exits.of_actions(decision.action for _, decision in decided or ())]
    codes += [exits.UNDECIDED for problem in found.problems if problem.kind != "waiver"]
    return 0 if exit_zero else exits.worst(codes)


def _write(found: Scan, decided: list[tuple[Report, Decision]] | None, targets: tuple[tuple[str, Path | None], ...]) -> None:
    from licensecheck.render import json
    from licensecheck.render import scan as render

    pages = {"json": lambda: json.scanned(found, decided), "github": lambda: render.github_annotations(found, decided or ())}
    made = [(file, pages[name]()) for name, file in targets if name in pages]
    for name, file in targets:
        if name == "console":
            out.show(lambda width, is_colored: render.console(found, decided, width=width, is_colored=is_colored), file)
    for file, page in made:
        out.hand_out(page, file)
    formats.write(decided or [], [(name, file) for name, file in targets if name not in _OWN])
