"""`licensecheck rules check`: are the rule files whole and right?"""

from __future__ import annotations

import click

from licensecheck.cli import exits
from licensecheck.errors import RulesError


@click.group()
def rules() -> None:
    """Work with the rule files."""


@rules.command("check")
def check_rules() -> int:
    """Run every check of the rule files: their form, that each rule finds its own examples and no near miss, and that the records of
    known licenses agree with what the rules read in their texts."""
    from licensecheck import agreement, rulecheck

    for sentence in agreement.missing():
        click.echo(sentence, err=True)
    faults = (*rulecheck.faults(), *agreement.faults())
    for fault in faults:
        click.echo(fault)
    if faults:
        raise RulesError(f"{len(faults)} faults in the rule files", "mend the files named above")
    click.echo("The rule files are right.")
    return exits.ALLOWED
