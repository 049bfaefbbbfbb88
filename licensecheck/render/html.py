"""Reports as one self-contained web page: verdicts, clauses, the license texts with the found words marked in place, the lineage drawn.

Needs the extra `html`. The page runs no script and loads nothing; the template escapes every value (`report.html.j2`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from licensecheck import __version__, rules
from licensecheck.render import clean, extras, highlight, lineage, links, words
from licensecheck.types import Clause, Decision, DocumentReading, Report

# Whole texts up to this many characters; of longer ones, and of cards, only what stands near a clause.
WHOLE_TEXT = 400_000
AROUND = 4
_STATUS = {"violated": "broken", "doubtful": "doubtful", "unknown": "not shown", "met": "met", "not-judged": "not judged here"}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One clause for the page: its number in the report, and whether it is marked in a text of this page."""

    number: int
    clause: Clause
    place: str
    params: str
    quote: str
    address: str | None
    is_marked: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """All findings of one clause id, with what the id means."""

    about: words.About
    criteria: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    findings: tuple[_Finding, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """One document: its lines with marks, or no lines where only its name is shown."""

    path: str
    role: str
    scope: str
    identity: str
    digest: str
    address: str | None
    lines: tuple[highlight.Line, ...]
    count: int
    is_excerpt: bool


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """The page for all reports, in the order given. Raises UsageError where the extra `html` is not installed."""
    jinja2 = extras.load("jinja2", extra="html", format_name="html")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: words.visible(value) if type(value) is str else value,
    )
    pairs = tuple(checked)
    page: str = environment.get_template("report.html.j2").render(
        views=[_view(report, decision) for report, decision in pairs],
        tally=words.tally(decision.action for _, decision in pairs),
        version=__version__,
        rules=rules.digest(),
        words=words,
        links=links,
        clean=clean,
        statuses=_STATUS,
        row=lineage,
    )
    return page


def _view(report: Report, decision: Decision) -> dict[str, object]:
    """All that the template shows of one report."""
    marked = {d.document.path for d in report.documents if d.document.text}
    findings = [_finding(report, clause, number, marked) for number, clause in enumerate(report.clauses, 1)]
    numbers: dict[str, list[_Finding]] = {}
    for finding in findings:
        numbers.setdefault(finding.clause.id, []).append(finding)
    groups = [_group(name, numbers[name]) for name in words.by_weight(report.clauses)]
    return {
        "report": report,
        "decision": decision,
        "snapshot": report.snapshot,
        "address": links.page(report),
        "groups": groups,
        "texts": [_text(report, d, findings) for d in report.documents],
        "picture": lineage.picture(report),
    }


def _finding(report: Report, clause: Clause, number: int, marked: set[str]) -> _Finding:
    cited = clause.citation.link if clause.citation and not clause.quote else None
    address = links.web(cited) or links.page(report, clause.path, clause.start_line, clause.end_line, inherited_from=clause.inherited_from)
    is_marked = bool(clause.quote and clause.start_line and clause.path in marked and not clause.inherited_from)
    quote = words.quote(clause.quote) if clause.quote else ""
    return _Finding(number, clause, words.place(clause), words.params(clause), quote, address, is_marked)


def _group(name: str, findings: Sequence[_Finding]) -> _Group:
    about = words.about(name)
    safe = tuple((title, link) for title, raw in about.references if (link := links.web(raw)))
    criteria = tuple(words.criterion(c) for c in about.osd) if about.effect != "info" else ()
    return _Group(about, criteria, safe, tuple(findings))


def _text(report: Report, read: DocumentReading, findings: Sequence[_Finding]) -> _Text:
    document, identity = read.document, read.reading.identity
    here = [f for f in findings if f.is_marked and f.clause.path == document.path]
    marks = [
        highlight.Mark(f.number, words.about(f.clause.id).effect, f.clause.quote or "", f.clause.start_line or 1, f.clause.end_line or 1)
        for f in here
    ]
    is_excerpt = document.role == "card" or len(document.text) > WHOLE_TEXT
    known = {"exact": "the words of", "variant": "a variant of", "unknown": "no known license"}[identity.grade]
    name = clean.line(identity.license or identity.name or "")
    return _Text(
        clean.line(document.path),
        document.role,
        document.scope,
        known if identity.grade == "unknown" else f"{known} {name}",
        clean.line(document.digest),
        links.page(report, document.path),
        highlight.lines(document.text, marks, around=AROUND if is_excerpt else None),
        len(marks),
        is_excerpt,
    )
