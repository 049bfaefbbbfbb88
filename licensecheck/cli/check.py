"""`licensecheck check REF...`: under which terms repos stand, and whether the policy lets them in."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import exits, formats
from licensecheck.cli.examine import examined, examiner, listed, looking
from licensecheck.cli.options import deciding, shared
from licensecheck.errors import UsageError
from licensecheck.render.clean import line

if TYPE_CHECKING:
    from licensecheck.analysis import Lineage


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
@click.option("--follow-links", is_flag=True, help="Fetch license texts and policies that stand on other sites (https only).")
@deciding
@looking
@formats.option()
@shared
def check(
    refs: tuple[str, ...],
    refs_from: tuple[str, ...],
    revision: str | None,
    format_: tuple[tuple[str, Path | None], ...],
    output: Path | None,
    policy_name: str | None,
    today: date,
    follow_links: bool,
    offline: bool,
    lineage: Lineage,
    datasets: bool,
    no_records: bool,
    no_cache: bool,
    exit_zero: bool,
) -> int:
    """Check under which terms repos stand, from their texts, tags, card and gate - never from a weight."""
    targets = formats.settled(format_, output)
    if not refs and not refs_from:
        raise UsageError("no repo is named", "for example: licensecheck check deepseek-ai/DeepSeek-V3")
    from licensecheck import policy, policyfile, waivers
    from licensecheck.refs import parse

    chosen = policyfile.choose(policy_name, Path.cwd())
    wanted = [*(parse(ref, revision) for ref in refs), *(ref for name in refs_from for ref in listed(name, revision))]
    if not wanted:
        raise UsageError(f"no repo is named in {', '.join(refs_from)}", "write one REF a line, for example deepseek-ai/DeepSeek-V3")
    examine = examiner(
        offline=offline,
        lineage=lineage,
        datasets=datasets,
        use_records=not no_records,
        use_cache=not no_cache,
        follow_links=follow_links,
    )
    reports = examined(wanted, examine)
    decided = [(report, policy.decide(report, chosen, today=today)) for report in reports]
    formats.write(decided, targets)
    for exemption in waivers.idle(chosen, reports) if refs_from else ():
        subject = exemption.clause or exemption.license
        print(line(f"licensecheck: the exception for {subject} of {exemption.repo} fits none of these repos"), file=sys.stderr)
    return 0 if exit_zero else exits.of_actions(decision.action for _, decision in decided)
