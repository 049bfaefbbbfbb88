"""Reports as GitHub workflow commands, which a run shows as annotations, and the Markdown of the job's summary page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from licensecheck.render import clean, links, markdown, words
from licensecheck.types import Action, Clause, Decision, Reason, Report

Command = Literal["error", "warning", "notice"]

_COMMANDS: dict[Action, Command] = {"deny": "error", "undecided": "error", "warn": "warning", "allow": "notice"}
# GitHub shows at most ten annotations of each kind for a step and drops the rest without a word.
SHOWN = 10
# GitHub refuses a job summary above 1 MiB; the rest is left for the closing line.
SUMMARY_BYTES = 1_000_000


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """One workflow command a line: errors, then warnings, then notices; at most ten of each, the last saying how many were left out."""
    lines: dict[Command, list[str]] = {"error": [], "warning": [], "notice": []}
    for report, decision in checked:
        for command, text in _annotations(report, decision):
            lines[command].append(text)
    out = [line for command, found in lines.items() for line in _capped(command, found)]
    return "".join(f"{line}\n" for line in out)


def command(action: Action, title: str, message: str, **places: str) -> str:
    """The workflow command that tells of one decision at a place: `file`, `line`."""
    return _command(_COMMANDS[action], title, message, **places)


def job_summary(checked: Iterable[tuple[Report, Decision]]) -> str:
    """The Markdown for `$GITHUB_STEP_SUMMARY`, below GitHub's limit of 1 MiB: whole reports only, and how many are left out."""
    pairs = tuple(checked)
    blocks = [markdown.table(pairs)]
    size = len(blocks[0].encode())
    for number, (report, decision) in enumerate(pairs):
        block = "\n" + markdown.section(report, decision)
        size += len(block.encode())
        if size > SUMMARY_BYTES:
            left = len(pairs) - number
            blocks.append(f"\n{left} report{'s are' if left > 1 else ' is'} left out here: the summary would be too long for GitHub.\n")
            break
        blocks.append(block)
    return markdown.cut("".join(blocks), SUMMARY_BYTES)


def _capped(command: Command, lines: list[str]) -> list[str]:
    if len(lines) <= SHOWN:
        return lines
    rest = len(lines) - SHOWN + 1
    return [*lines[: SHOWN - 1], _command(command, "licensecheck", f"{rest} more like these: see the job summary or another format")]


def _annotations(report: Report, decision: Decision) -> Iterator[tuple[Command, str]]:
    name = clean.line(report.snapshot.id)
    if not decision.reasons:
        command = _COMMANDS[decision.action]
        yield command, _command(command, f"{name}: {words.ACTIONS[decision.action]}", words.headline(report))
    for reason in words.folded(decision.reasons):
        command = _COMMANDS[reason.action]
        clause = next((c for c in report.clauses if c.id == reason.clause), None)
        yield (
            command,
            _command(command, f"{name}: {words.WEIGHTS[reason.action]}", _message(report, reason, clause), **_file(report, clause)),
        )
    for waiver in decision.waived:
        text = f"{waiver.subject}: {waiver.reason} (until {waiver.expires})"
        command = "notice" if waiver.state == "used" else "warning"
        yield command, _command(command, f"{name}: exception {waiver.state}", clean.line(text))


def _message(report: Report, reason: Reason, clause: Clause | None) -> str:
    if clause is None:
        return "\n".join(p for p in (clean.line(reason.message), words.headline(report), links.page(report) or "") if p)
    about = words.about(clause.id)
    said = f"{words.place(clause)}: “{words.quote(clause.quote)}”" if clause.quote else words.place(clause)
    address = links.page(report, clause.path, clause.start_line, clause.end_line, inherited_from=clause.inherited_from)
    remedy = f"What to do: {about.remedy}" if about.remedy else ""
    return "\n".join(p for p in (clean.line(reason.message), said, remedy, address or "") if p)


def _file(report: Report, clause: Clause | None) -> dict[str, str]:
    """Where the annotation stands in the checked-out repo: only for a local folder named by a relative path."""
    if clause is None or clause.inherited_from or report.snapshot.ref.folder is None or not clause.start_line or links.is_gate(clause.path):
        return {}
    given = report.snapshot.ref.given
    if not given.startswith("."):
        return {}
    address = clean.line(f"{given.removeprefix('./').rstrip('/')}/{clause.path}".removeprefix("./").removeprefix("/"))
    return {"file": address, "line": str(clause.start_line), "endLine": str(clause.end_line or clause.start_line)}


def _command(command: Command, title: str, message: str, **places: str) -> str:
    r"""One workflow command.

    >>> _command("error", "a: b, c", "100 %\nsure")
    '::error title=a%3A b%2C c::100 %25%0Asure'
    """
    properties = {**places, "title": clean.shortened(title, 200)}
    return f"::{command} {','.join(f'{k}={_property(v)}' for k, v in properties.items())}::{_data(words.visible(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
