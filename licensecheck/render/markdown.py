"""Reports as Markdown (GitHub's flavour), for pull requests, wikis and job summaries. Foreign words cannot format, link or ping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from licensecheck.render import links, words
from licensecheck.types import Clause, Decision, Reason, Report

_SIGNS = {"allow": "✅", "warn": "⚠", "deny": "❌", "undecided": "❔"}
_SPECIAL = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# GitHub turns mentions, issue numbers and bare addresses into links after the text is rendered; an empty comment parts them.
_LIVE = re.compile(r"@|#(?=\w)|(?<=:)//|(?<=www)\.", re.IGNORECASE)
_QUOTES_SHOWN = 5


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """A table of all repos, then a section for each, in the order given."""
    pairs = tuple(checked)
    return "\n".join([table(pairs), *(section(report, decision) for report, decision in pairs)])


def escaped(text: str) -> str:
    r"""Foreign text in one line that Markdown shows as it is.

    >>> escaped("*x* <b> [a](b)")
    '\\*x\\* &lt;b&gt; \\[a\\](b)'
    >>> escaped("@you #12")
    '<!-- -->@you <!-- -->#12'
    """
    plain = _SPECIAL.sub(r"\\\g<0>", words.brief(text).translate(_ENTITIES))
    return _LIVE.sub(r"<!-- -->\g<0>", plain)


def table(pairs: Sequence[tuple[Report, Decision]]) -> str:
    """What came out, in one row for each repo."""
    rows = [
        f"| {_SIGNS[decision.action]} {words.ACTIONS[decision.action]} | {_linked(report.snapshot.id, links.page(report))} "
        f"| {escaped(words.governing(report)) or 'no license found'} | {words.TERMS[report.verdict.openness]} |"
        for report, decision in pairs
    ]
    head = ["# License check", "", words.tally(d.action for _, d in pairs).capitalize() + ".", ""]
    if rows:
        head += ["| Policy | Repo | License | License terms |", "| --- | --- | --- | --- |", *rows, ""]
    return "\n".join(head)


def section(report: Report, decision: Decision) -> str:
    """One repo's report: verdict, reasons, clauses with their quotes, conflicts, lineage and what could not be seen."""
    lines = [
        f"## {_named(report)}",
        "",
        f"**{_SIGNS[decision.action]} {words.ACTIONS[decision.action].capitalize()}** by the policy {escaped(decision.policy)}. "
        f"**License terms: {words.TERMS[report.verdict.openness]}** ({escaped(words.ruling(report))}).",
        "",
    ]
    if report.verdict.reason:
        lines += [escaped(report.verdict.reason), ""]
    blocks = (
        ("Which terms", _governing(report)),
        ("Why", (_reason(r) for r in words.folded(decision.reasons))),
        ("To do", (f"- [ ] {escaped(r.message)}" for r in decision.obligations)),
        ("Clauses", _clauses(report)),
        ("Conflicts", _conflicts(report)),
        ("Built from", _lineage(report)),
        ("Not seen", _problems(report)),
        ("Exceptions", _waivers(decision)),
    )
    for title, block in blocks:
        if items := list(block):
            lines += [f"### {title}", "", *items, ""]
    return "\n".join(lines)


def cut(text: str, limit: int) -> str:
    """The text within `limit` bytes of UTF-8, whole lines only, with a closing line where something was left out."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    kept = raw[: limit - 100].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}\n\nThe rest is left out: the text would be too long here.\n"


def _named(report: Report) -> str:
    commit = report.snapshot.commit
    return escaped(report.snapshot.id) + (f" at {escaped(commit[:12])}" if commit else "")


def _linked(text: str, address: str | None) -> str:
    return f"[{escaped(text)}](<{address}>)" if address else escaped(text)


def _governing(report: Report) -> Iterator[str]:
    for g in report.governing:
        name = f" ({escaped(g.name)})" if g.name and g.license else ""
        paths = ", ".join(_linked(p, links.page(report, p)) for p in g.paths)
        called = escaped(g.license or g.name or words.NAMELESS)
        yield f"- {words.SCOPES[g.scope]}: **{called}**{name}, by {g.basis}{f' {paths}' if paths else ''}"


def _reason(reason: Reason) -> str:
    return f"- {_SIGNS[reason.action]} {escaped(reason.message)}"


def _clauses(report: Report) -> Iterator[str]:
    for name, found in words.by_weight(report.clauses).items():
        about = words.about(name)
        criteria = f" ({escaped('; '.join(words.criterion(c) for c in about.osd))})" if about.osd and about.effect != "info" else ""
        explanation = about.explain or about.means
        yield f"- **{words.EFFECTS[about.effect]}: {escaped(about.title)}**{criteria}" + (
            f": {escaped(explanation)}" if explanation else ""
        )
        yield from (_quoted(report, clause) for clause in found[:_QUOTES_SHOWN])
        if len(found) > _QUOTES_SHOWN:
            yield f"  - and {len(found) - _QUOTES_SHOWN} more"
        if about.remedy and about.effect != "info":
            yield f"  - What to do: {escaped(about.remedy)}"


def _quoted(report: Report, clause: Clause) -> str:
    address = links.page(report, clause.path, clause.start_line, clause.end_line, inherited_from=clause.inherited_from)
    if clause.quote is None and clause.citation:
        address = links.web(clause.citation.link)
    figures = words.params(clause)
    unsure = ", not sure" if clause.confidence == "low" else ""
    said = f": “{escaped(words.quote(clause.quote))}”" if clause.quote else ""
    return f"  - {_linked(words.place(clause), address)}{f' ({escaped(figures)})' if figures else ''}{unsure}{said}"


def _conflicts(report: Report) -> Iterator[str]:
    for conflict in report.conflicts:
        yield f"- {conflict.severity}: {escaped(conflict.message)}"
        for side in conflict.sides:
            said = f": “{escaped(words.quote(side.quote))}”" if side.quote else ""
            yield f"  - {escaped(side.path)}{f' ({escaped(side.license)})' if side.license else ''}{said}"
        if conflict.lost and len(conflict.sides) > 1:
            yield f"  - not in the looser terms: {escaped(', '.join(conflict.lost))}"


def _lineage(report: Report) -> Iterator[str]:
    for ancestor in (*report.lineage, *report.datasets):
        guess = ", guessed" if ancestor.is_hint else ""
        relation = escaped(ancestor.relation) or "from"
        yield (
            f"{'  ' * max(0, min(ancestor.depth, 10) - 1)}- {relation} **{escaped(ancestor.id)}**{guess}: "
            f"{escaped(ancestor.license or 'no license found')}, {words.TERMS[ancestor.openness]}"
        )


def _problems(report: Report) -> Iterator[str]:
    for p in report.problems:
        said = f": “{escaped(words.quote(p.quote))}”" if p.quote else ""
        yield f"- {escaped(': '.join(t for t in (p.subject, p.message) if t))}{said}{f' {escaped(p.hint)}' if p.hint else ''}"


def _waivers(decision: Decision) -> Iterator[str]:
    for w in decision.waived:
        owner = f", {escaped(w.owner)}" if w.owner else ""
        yield f"- {w.state}: {escaped(w.subject)} until {escaped(w.expires)}{owner}: {escaped(w.reason)}"
