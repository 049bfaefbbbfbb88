"""`licensecheck run -- COMMAND...`: a command in which no Python process reads from the Hub what the policy refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from licensecheck.cli.options import POLICY
from licensecheck.errors import UsageError


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="""\b
Examples:
  licensecheck run -- python train.py --model org/name
  licensecheck run --policy policy.toml -- torchrun --nproc-per-node 2 train.py
  licensecheck run --mode audit --log loads.jsonl -- pytest

\b
The exit code is that of the command. Other languages, curl, and Python started with -I, -E or -S
are not guarded: see docs/guard.md.""",
)
@POLICY
@click.option(
    "--mode",
    type=click.Choice(["enforce", "warn", "audit"]),
    envvar="LICENSECHECK_GUARD_MODE",
    help="Refuse, or only tell on stderr, or only write to the log.  [default: enforce]",
)
@click.option(
    "--undecided",
    type=click.Choice(["refuse", "warn"]),
    envvar="LICENSECHECK_GUARD_UNDECIDED",
    help="What to do where nothing could be decided.  [default: refuse]",
)
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    envvar="LICENSECHECK_GUARD_LOG",
    help="Add one line of JSON for each repo that is loaded.  [default with --mode audit: licensecheck-guard.jsonl]",
)
@click.option("--follow-links", is_flag=True, help="Fetch license texts and policies that stand on other sites (https only).")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    policy_name: str | None, mode: str | None, undecided: str | None, log: Path | None, follow_links: bool, command: tuple[str, ...]
) -> int:
    """Run a command, and guard every Python process that it starts: what the policy refuses is not downloaded."""
    from licensecheck import guard, policyfile

    if policy_name is None and (found := policyfile.find(Path.cwd())):
        policy_name = str(found)  # the one that holds here, wherever the command goes
    policyfile.choose(policy_name, Path.cwd())  # a broken policy is told before anything starts
    with tempfile.TemporaryDirectory(prefix="licensecheck-run-") as answers:
        settings = guard.Settings.settled(
            os.environ, mode=mode, undecided=undecided, policy=policy_name, log=log, answers=answers, python=sys.executable
        )
        links = {"LICENSECHECK_FOLLOW_LINKS": "1"} if follow_links else {}
        environ = {**os.environ, **settings.environment(), **links, "PYTHONPATH": guard.with_startup(os.environ.get("PYTHONPATH", ""))}
        return _run(command, environ)


def _run(command: tuple[str, ...], environ: dict[str, str]) -> int:
    """The exit code of the command; 128 and the signal's number where a signal ended it, as a shell says it."""
    try:
        child = subprocess.Popen(command, env=environ)
    except OSError as error:
        raise UsageError(f"{command[0]} cannot be started: {error.strerror}", "licensecheck run -- COMMAND ARGUMENTS...") from error
    # The terminal sends Ctrl-C to the child as well; what others send to us is for it.
    kept = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda number, _: child.send_signal(number)),
    }
    try:
        code = child.wait()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
