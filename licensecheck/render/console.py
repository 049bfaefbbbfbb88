"""Reports and readings for a person: the answer in the first line, then why, with the words that say it, then what to do.

Right at 80 columns and without colour; colours only underline what the words say, and none of them vanishes on a light ground.
Whatever comes from a repo is cleaned and never read as markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.text import Text

from licensecheck import rules
from licensecheck.judge import STATUSES, Criterion, criteria
from licensecheck.render import tree, words
from licensecheck.render.clean import line, shortened
from licensecheck.render.terminal import terminal
from licensecheck.types import SUBJECT, Clause, Conflict, Decision, Governing, Problem, Reading, Reason, Report, Verdict

WIDEST = 100
QUOTE = 320
QUOTES_SHOWN = 2
PLACES_SHOWN = 5
TERMS_SHOWN = 12

_ACTION = {
    "allow": ("allowed", "bold green"),
    "warn": ("allowed with a warning", "bold green"),
    "deny": ("denied", "bold red"),
    "undecided": ("not decided", "bold magenta"),
}
_OPENNESS = {"open": ("open", "bold green"), "not-open": ("not open", "bold red"), "unclear": ("unclear", "bold magenta")}
_STATUS = {"violated": "bold red", "doubtful": "bold magenta"}
_BASIS = {
    "file": "",
    "gate": "gate prompt",
    "tag": "claimed by a tag, no text seen",
    "link": "claimed by a link",
    "card": "claimed in the card, no text seen",
    "parent": "from the base model",
}


def reports(checked: Iterable[tuple[Report, Decision]], *, width: int = 80, is_colored: bool = False) -> str:
    """What `check` shows, `width` columns wide."""
    page = _Page(width, is_colored)
    for index, (report, decision) in enumerate(checked):
        if index:
            page.gap()
        _report(page, report, decision)
    return page.text()


def readings(read: Iterable[tuple[Reading, Verdict]], *, width: int = 80, is_colored: bool = False) -> str:
    """What `text` shows, `width` columns wide."""
    page = _Page(width, is_colored)
    for index, (reading, verdict) in enumerate(read):
        if index:
            page.gap()
        _reading(page, reading, verdict)
    return page.text()


def explanation(parts: Sequence[tuple[str, str]], *, width: int = 80, is_colored: bool = False) -> str:
    """What `explain` shows: pairs of a label and words; the pair without a label is the title."""
    page = _Page(width, is_colored)
    for label, said in parts:
        if label:
            page.say((f"{label}: ", "bold"), said, indent=2)
        else:
            page.say((said, "bold"))
    return page.text()


class _Page:
    """Collects paragraphs, each wrapped at its own indent."""

    def __init__(self, width: int, is_colored: bool) -> None:
        self._out = io.StringIO()
        self._console = terminal(self._out, width=max(40, min(width, WIDEST)), is_colored=is_colored)

    def say(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """One paragraph; a part is words, or words with a style. Every word is cleaned here, at the one way out."""
        text = Text()
        for part in parts:
            said, style = (part, "") if isinstance(part, str) else part
            text.append(_clean(said), style)
        self._console.print(Padding(text, (0, 0, 0, indent), expand=False))

    def gap(self) -> None:
        self._console.print()

    def text(self) -> str:
        return "\n".join(piece.rstrip() for piece in self._out.getvalue().split("\n"))


def _clean(said: str) -> str:
    """One visible line, with the blanks at both ends kept: parts are put together of them."""
    inner = line(said)
    return (" " if said[:1].isspace() else "") + inner + (" " if inner and said[-1:].isspace() else "")


def _report(page: _Page, report: Report, decision: Decision) -> None:
    snapshot = report.snapshot
    action, action_style = _ACTION[decision.action]
    page.say(
        (shortened(snapshot.id, 120), "bold"),
        f": {'could not be looked at' if _is_unseen(report) else _governs(report)}; license terms: ",
        _OPENNESS[report.verdict.openness],
        "; ",
        (action, action_style),
        f" by policy {decision.policy}",
    )
    if _is_unseen(report):
        for problem in report.problems:
            page.say(problem.sentence, indent=2)
            page.say(f"What to do: {problem.hint}", indent=2)
        return
    if snapshot.commit:
        page.say(f"revision {snapshot.revision or 'main'}, commit {snapshot.commit}", indent=2)
    if snapshot.gated:
        page.say(f"gated ({snapshot.gated}): the Hub hands its files out only after its form was accepted", indent=2)
    if report.governing:
        page.gap()
        for governing in report.governing[:TERMS_SHOWN]:
            place = ", ".join(governing.paths)
            basis = _BASIS[governing.basis]
            page.say(
                f"{words.SCOPES[governing.scope]}: ",
                (_called(governing), "bold"),
                f" ({governing.license})" if governing.license and governing.license != _called(governing) else "",
                f" - {', '.join(filter(None, (place, basis)))}" if place or basis else "",
                indent=2,
            )
        if len(report.governing) > TERMS_SHOWN:
            page.say(f"and {len(report.governing) - TERMS_SHOWN} more", indent=2)
    for found in report.documents:
        if found.document.role == "license":
            _changes(page, found.reading)
    _verdict(page, report.verdict, report.clauses)
    _tree(page, report)
    _conflicts(page, report.conflicts)
    _problems(page, report.problems)
    _decision(page, decision, report.verdict.reason)


def _is_unseen(report: Report) -> bool:
    return not report.snapshot.commit and not report.snapshot.files and not report.documents and bool(report.problems)


def _governs(report: Report) -> str:
    subject = SUBJECT[report.snapshot.type]
    found = [g for g in report.governing if g.scope in (subject, "all", "unclear")]
    if not found:
        return f"no license found for the {subject}"
    names = list(dict.fromkeys(_called(g) for g in found))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{subject} under {' + '.join(names[:3])}{more}"


def _called(governing: Governing) -> str:
    """What people call a license: its SPDX id, else its name."""
    is_spdx = governing.license and not governing.license.startswith("LicenseRef-")
    return shortened((governing.license if is_spdx else governing.name or governing.license) or words.NAMELESS, 80)


def _reading(page: _Page, reading: Reading, verdict: Verdict) -> None:
    identity = reading.identity
    match identity.grade:
        case "exact":
            what = f"the words of {identity.name or identity.license}"
        case "variant":
            what = f"like {identity.name or identity.license}, but not its words"
        case _:
            what = "no known license"
    page.say((reading.path, "bold"), f": {what}; license terms: ", _OPENNESS[verdict.openness])
    _changes(page, reading)
    _verdict(page, verdict, reading.clauses)
    _problems(page, reading.problems)


def _changes(page: _Page, reading: Reading) -> None:
    """How a changed copy differs from the license it is like."""
    identity = reading.identity
    if identity.grade != "variant":
        return
    page.gap()
    lost = f", and lacks {_count(identity.missing, 'sentence')} of it" if identity.missing else ""
    page.say(f"{reading.path} is a changed copy of {identity.license}: it adds {_count(len(identity.added), 'sentence')}{lost}", indent=2)
    for added in identity.added[:PLACES_SHOWN]:
        page.say(f"{reading.path}:{added.start_line}: “{shortened(added.quote, QUOTE)}”", indent=4)
    if len(identity.added) > PLACES_SHOWN:
        page.say(f"and {len(identity.added) - PLACES_SHOWN} more", indent=4)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _verdict(page: _Page, verdict: Verdict, clauses: Sequence[Clause]) -> None:
    ruling = verdict.ruling
    page.gap()
    if ruling:
        verb = {"approved": "Approved by", "non-free": "Called non-free by", "statement": "See the statement of"}[ruling.status]
        page.say(
            f"{verb} {ruling.by}" + (f", {ruling.date}" if ruling.date else "") + (f" ({ruling.link})" if ruling.link else ""), indent=2
        )
    elif verdict.openness == "unclear":
        page.say(f"Why unclear: {shortened(verdict.reason, QUOTE)}", indent=2)
    else:
        page.say("Our reading; nobody has ruled on these terms.", indent=2)
    shown: set[int] = set()
    by_id = {c.id: c for c in criteria()}
    for judgement in sorted(verdict.criteria, key=lambda j: STATUSES.index(j.status)):
        if judgement.status in _STATUS:
            page.gap()
            _criterion(page, by_id[judgement.criterion], judgement.status, judgement.because, clauses, shown)
    quiet: dict[str, list[str]] = {}
    for judgement in verdict.criteria:
        if judgement.status not in _STATUS:
            quiet.setdefault(judgement.status, []).append(judgement.criterion.removeprefix("osd."))
    page.gap()
    labels = {"met": "met", "unknown": "nothing found, which grants nothing", "not-judged": "not judged from license terms"}
    for status, numbers in quiet.items():
        page.say(f"OSD {', '.join(numbers)}: {labels[status]}", indent=2)
    _records(page, clauses)
    others = [c for i, c in enumerate(clauses) if i not in shown]
    if others:
        page.say("Also in the terms: ", _listed(others), indent=2)


def _criterion(page: _Page, criterion: Criterion, status: str, because: Sequence[int], clauses: Sequence[Clause], shown: set[int]) -> None:
    number = criterion.id.removeprefix("osd.")
    page.say((f"OSD {number}", "bold"), f" {criterion.title}: ", (status, _STATUS[status]), indent=2)
    groups: dict[str, list[int]] = {}
    for index in because:
        groups.setdefault(clauses[index].id, []).append(index)
    told = [name for name, indices in groups.items() if set(indices) <= shown]
    for name, indices in groups.items():
        if name in told:
            continue
        page.say((name, "bold"), f" - {shortened(rules.taxonomy()[name].means, 240)}", indent=4)
        for index in indices[:QUOTES_SHOWN]:
            same = any(clauses[i].quote == clauses[index].quote and _place(clauses[i]) == _place(clauses[index]) for i in shown)
            page.say(*_evidence(clauses[index], is_told=same and clauses[index].quote is not None), indent=6)
        if len(indices) > QUOTES_SHOWN:
            page.say(
                f"and {len(indices) - QUOTES_SHOWN} more: {', '.join(dict.fromkeys(_place(clauses[i]) for i in indices[QUOTES_SHOWN:]))}",
                indent=6,
            )
        shown.update(indices)
    if told:
        page.say(f"also by {', '.join(told)}, told above", indent=4)
    page.say(f"What to do: {criterion.remedy}", indent=4)


def _evidence(clause: Clause, *, is_told: bool) -> tuple[str, ...]:
    inherited = f" of {clause.inherited_from}" if clause.inherited_from else ""
    doubt = "" if clause.confidence == "high" else f" ({clause.confidence} confidence)"
    figures = "; ".join(f"{name}: {_value(value)}" for name, value in sorted(clause.params.items()))
    params = f" [{figures}]" if figures else ""
    if is_told:
        return (f"{_place(clause)}{inherited}{doubt}{params}: the words quoted above",)
    if clause.quote:
        return (f"{_place(clause)}{inherited}{doubt}{params}: ", f"“{shortened(clause.quote, QUOTE)}”")
    cited = clause.citation
    section = f"section {cited.section} of " if cited and cited.section else ""
    return (f"by the record of {section}{cited.record if cited else 'the license'}{inherited}{doubt}{params}",)


def _listed(clauses: Iterable[Clause]) -> str:
    """Clauses by their ids, those that stand in the same places together."""
    places: dict[str, dict[str, None]] = {}
    for clause in clauses:
        places.setdefault(clause.id, {})[_place(clause)] = None
    ids: dict[str, list[str]] = {}
    for name, found in places.items():
        more = f" and {len(found) - PLACES_SHOWN} more" if len(found) > PLACES_SHOWN else ""
        ids.setdefault(", ".join([*found][:PLACES_SHOWN]) + more, []).append(name)
    return "; ".join(f"{', '.join(names)} ({place})" for place, names in ids.items())


def _records(page: _Page, clauses: Sequence[Clause]) -> None:
    """Where the records that are cited were read, each once."""
    cited = dict.fromkeys((c.citation.record, c.citation.link, c.citation.date) for c in clauses if c.citation and not c.quote)
    for record, link, date in cited:
        page.say(f"Record of {record}:", f" read {date}" if date else "", f", {link}" if link else "", indent=2)


def _value(value: object) -> str:
    """A figure as people read it.

    >>> _value(700000000), _value(("EU", "GB"))
    ('700,000,000', 'EU, GB')
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else f"{value}"


def _place(clause: Clause) -> str:
    """File and line; what stands in a record and not in the file's words says so."""
    if clause.citation and not clause.quote:
        return f"record of {clause.citation.record}"
    return f"{shortened(clause.path, 80)}:{clause.start_line}" if clause.start_line else shortened(clause.path, 80)


def _tree(page: _Page, report: Report) -> None:
    found = tree.lines(report)
    if not found:
        return
    page.gap()
    page.say(("Made from", "bold"), indent=2)
    for generation, said, openness in found:
        page.say(said, _OPENNESS[openness] if openness else "", indent=2 + 2 * generation)


def _conflicts(page: _Page, conflicts: Sequence[Conflict]) -> None:
    if not conflicts:
        return
    page.gap()
    page.say(("Conflicts", "bold"), indent=2)
    for conflict in conflicts:
        page.say(f"{conflict.severity}: {shortened(conflict.message, QUOTE)}", indent=4)
        for side in conflict.sides:
            place = f"{side.path}:{side.start_line}" if side.start_line else side.path
            quote = f" “{shortened(side.quote, 160)}”" if side.quote else ""
            page.say(f"{place}: {side.license or 'terms of its own'}{quote}", indent=6)
        if conflict.lost and len(conflict.sides) > 1:
            page.say(f"not in the looser terms: {', '.join(conflict.lost)}", indent=6)


def _problems(page: _Page, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    page.gap()
    page.say(("Could not be seen", "bold"), indent=2)
    for (message, hint), group in _alike(problems).items():
        if len(group) == 1:
            page.say(*_seen(group[0]), indent=4)
        elif all(p.message != group[0].message for p in group[1:]):
            page.say(*_seen(group[0]), indent=4)
            more = f" and {len(group) - 1 - PLACES_SHOWN} more" if len(group) - 1 > PLACES_SHOWN else ""
            page.say(f"the same holds for {', '.join(p.subject for p in group[1 : 1 + PLACES_SHOWN])}{more}", indent=6)
        else:
            page.say(f"{shortened(message, QUOTE).rstrip('.')}, {len(group)} times:", indent=4)
            for problem in group[:PLACES_SHOWN]:
                page.say(" ".join(_spot(problem)), indent=6)
            if len(group) > PLACES_SHOWN:
                page.say(f"and {len(group) - PLACES_SHOWN} more", indent=6)
        if hint:
            page.say(f"What to do: {shortened(hint, QUOTE)}", indent=6)


def _alike(problems: Sequence[Problem]) -> dict[tuple[str, str], list[Problem]]:
    """Problems that say the same of different subjects, by what they say and what to do."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        said = problem.message.replace(problem.subject, "…", 1) if problem.subject and not problem.quote else problem.message
        groups.setdefault((said, problem.hint), []).append(problem)
    return groups


def _seen(problem: Problem) -> tuple[str, ...]:
    place, quote = _spot(problem)
    message = shortened(problem.message, QUOTE)
    quoted = f": {quote}" if quote else ""
    return (message, quoted) if problem.subject in problem.message and not problem.start_line else (f"{place}: ", message, quoted)


def _spot(problem: Problem) -> tuple[str, str]:
    place = shortened(f"{problem.subject}:{problem.start_line}" if problem.start_line else problem.subject, 120)
    return place, f"“{shortened(problem.quote, 200)}”" if problem.quote else ""


def _decision(page: _Page, decision: Decision, said: str) -> None:
    against = [r for r in decision.reasons if r.action != "allow" and r.message != said]
    passed = [r for r in decision.reasons if r.action == "allow"]
    idle = [w for w in decision.waived if w.state != "used"]
    if not (against or passed or idle or decision.obligations):
        return
    page.gap()
    word, style = _ACTION[decision.action]
    page.say("Policy ", decision.policy, ": ", (word, style), indent=2)
    for reason in _few(against):
        page.say(f"- {shortened(reason.message, QUOTE)}", indent=4)
    for reason in words.folded(passed):
        page.say(f"- {shortened(reason.message, QUOTE)}", indent=4)
    for waiver in idle:
        owner = f", {waiver.owner}" if waiver.owner else ""
        page.say(f"- exception for {waiver.subject} {waiver.state}, until {waiver.expires}: {waiver.reason}{owner}", indent=4)
    if decision.obligations:
        page.gap()
        page.say(("To do", "bold"), indent=2)
        for duty in decision.obligations:
            page.say(f"- {duty.clause}: {shortened(duty.message, QUOTE)}", indent=4)


def _few(reasons: Sequence[Reason], most: int = 8) -> list[Reason]:
    if len(reasons) <= most:
        return list(reasons)
    rest = len(reasons) - most
    return [*reasons[:most], Reason(reasons[most].action, f"and {rest} more")]
