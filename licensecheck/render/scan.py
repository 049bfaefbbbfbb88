"""What a code base uses, for a person and for a GitHub run: each repo with what was decided and the places that name it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from rich.padding import Padding
from rich.text import Text

from licensecheck.render import clean, github, words
from licensecheck.render.terminal import terminal
from licensecheck.scan import Scan
from licensecheck.types import Action, Decision, RepoRef, Report, Use

PLACES_SHOWN = 8
REASONS_SHOWN = 3
WIDEST = 100
_STYLES: dict[Action, str] = {"allow": "bold green", "warn": "bold green", "deny": "bold red", "undecided": "bold magenta"}
_ORDER: tuple[Action, ...] = ("deny", "undecided", "warn", "allow")
_Key = tuple[str, str, str | None]


def key(ref: RepoRef) -> _Key:
    """What makes two uses speak of the same repo at the same revision."""
    return ref.type, ref.id, ref.revision


def name(ref: RepoRef) -> str:
    """The repo as `licensecheck check` takes it."""
    kind = "" if ref.type == "model" else f"{ref.type}s/"
    return clean.line(f"{kind}{ref.id}" + (f"@{ref.revision}" if ref.revision else ""))


def console(scan: Scan, decided: Sequence[tuple[Report, Decision]] | None, *, width: int = 80, is_colored: bool = False) -> str:
    """The page of `scan`; `decided` holds one report for each of `scan.repos`, in that order, or is None where none was asked for."""
    page = _Page(width, is_colored)
    places = _places(scan.uses)
    pairs = list(zip(scan.repos, decided if decided is not None else [None] * len(scan.repos), strict=True))
    for ref, found in sorted(pairs, key=lambda pair: _ORDER.index(pair[1][1].action) if pair[1] else 0):
        uses = places[key(ref)]
        if found is None:
            page.say(0, (name(ref), "bold"), "" if uses[0].is_pinned else "  (not pinned to a commit)")
        else:
            report, decision = found
            page.say(
                0, (name(ref), "bold"), ": ", (words.ACTIONS[decision.action], _STYLES[decision.action]), f"; {words.headline(report)}"
            )
            reasons = [reason for reason in words.folded(decision.reasons) if reason.action == decision.action]
            for reason in reasons[:REASONS_SHOWN]:
                page.say(2, clean.shortened(reason.message, 300))
            if len(reasons) > REASONS_SHOWN:
                page.say(2, f"and {len(reasons) - REASONS_SHOWN} more: licensecheck check {name(ref)}")
        _say_places(page, uses)
    for use in scan.uses:
        if use.waiver is not None:
            page.say(0, f"{clean.line(use.path)}:{use.line}: {name(use.ref)} left out by its comment: {clean.line(use.waiver)}")
    for problem in scan.problems:
        page.say(0, f"{clean.line(problem.subject)}: {clean.line(problem.message)} ({clean.line(problem.hint)})")
    page.say(0, _sum(scan))
    return page.text()


def _sum(scan: Scan) -> str:
    loose = len({key(use.ref) for use in scan.uses if use.waiver is None and not use.is_pinned})
    said = f"{_count(len(scan.repos), 'repo')} in {_count(len(scan.uses), 'place')} of {_count(scan.files, 'file')}"
    if loose:
        said += f"; {loose} not pinned to a commit"
    if scan.untold:
        said += f"; {_count(len(scan.untold), 'call')} choose the repo only at run time, which licensecheck run judges then"
    return said + "."


def github_annotations(scan: Scan, decided: Sequence[tuple[Report, Decision]]) -> str:
    """One workflow command for each place that names a repo which is not simply allowed; in the changed files themselves."""
    places, lines = _places(scan.uses), []
    for ref, (report, decision) in zip(scan.repos, decided, strict=True):
        if decision.action == "allow":
            continue
        reasons = [clean.shortened(r.message, 300) for r in words.folded(decision.reasons) if r.action == decision.action]
        for use in places[key(ref)]:
            message = "\n".join([words.headline(report), *reasons[:REASONS_SHOWN]])
            where = {"file": clean.line(use.path).removeprefix("./"), "line": str(use.line)}
            lines.append(github.command(decision.action, f"{name(ref)}: {words.ACTIONS[decision.action]}", message, **where))
    return "".join(f"{line}\n" for line in sorted(lines))


def _places(uses: Iterable[Use]) -> Mapping[_Key, list[Use]]:
    found: dict[_Key, list[Use]] = {}
    for use in uses:
        if use.waiver is None:
            found.setdefault(key(use.ref), []).append(use)
    return found


def _say_places(page: _Page, uses: Sequence[Use]) -> None:
    for use in uses[:PLACES_SHOWN]:
        page.place(f"{clean.line(use.path)}:{use.line} ({clean.line(use.how)})")
    if len(uses) > PLACES_SHOWN:
        page.say(2, f"and {_count(len(uses) - PLACES_SHOWN, 'more place')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


class _Page:
    def __init__(self, width: int, is_colored: bool) -> None:
        self._out = io.StringIO()
        self._console = terminal(self._out, width=max(40, min(width, WIDEST)), is_colored=is_colored)

    def say(self, indent: int, *parts: str | tuple[str, str]) -> None:
        text = Text()
        for part in parts:
            said, style = (part, "") if isinstance(part, str) else part
            text.append(words.visible(said), style)
        self._console.print(Padding(text, (0, 0, 0, indent), expand=False))

    def place(self, words_: str) -> None:
        """A place in a file, in one line however long: terminals and editors follow it."""
        self._out.write(f"  {words.visible(words_)}\n")

    def text(self) -> str:
        return "\n".join(piece.rstrip() for piece in self._out.getvalue().split("\n"))
