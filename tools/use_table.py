"""Writes docs/use.md: which fact of `[use]` makes which clause bite, from rules/use.yaml. `--check` exits 1 where it is not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from licensecheck import rules, use

PAGE = Path(__file__).resolve().parent.parent / "docs" / "use.md"
EVER, RELEASE, DAILY = "counted at any time", "counted once, at the release", "counted by day"


class Row(NamedTuple):
    """One clause and one fact: the values with which it bites, does not bite, is undecided, or is something to do. `when` is a condition
    that the clause's own words set."""

    clause: str
    fact: str
    when: str = ""
    bites: str = ""
    free: str = ""
    undecided: str = ""
    duty: str = ""
    warning: str = ""


def rows() -> Iterator[Row]:
    """A row for each clause and each fact that matters to it, the other facts being such that this one decides."""
    for clause in rules.taxonomy():
        yield from _rows(clause, use.table()["clauses"][clause])


def _rows(clause: str, entry: dict) -> Iterator[Row]:
    none = "not given"
    match entry:
        case {"bites": condition}:
            for literals in condition.values():
                for literal in literals:
                    is_true = not literal.startswith("not ")
                    bites, free = ("true", "false") if is_true else ("false", "true")
                    yield Row(clause, literal.removeprefix("not "), bites=bites, free=free, undecided=none)
        case {"fields": names}:
            yield Row(clause, "fields", bites=f"names {' or '.join(names)}", free="names none of these", undecided=none)
        case {"ceiling": "users"}:
            above = {"bites": "above the figure", "free": "below it"}
            yield Row(clause, "users-per-month", EVER, **above, undecided=none)
            yield Row(clause, "users-per-month-at-release", RELEASE, **above, undecided=none)
            yield Row(clause, "users-per-month-peak", RELEASE, free="below the figure", undecided=f"above it, or {none}")
            yield Row(clause, "users-per-day", DAILY, **above, undecided=none)
            yield Row(clause, "affiliates", "affiliates count", free="true, and below the figure", undecided=f"false or {none}")
        case {"ceiling": _}:
            yield Row(clause, "annual-revenue", "", "above the figure", "below it", f"{none}, or in another currency")
            yield Row(clause, "affiliates", "affiliates count", free="true, and below the figure", undecided=f"false or {none}")
        case {"places": _}:
            yield Row(clause, "seat", "by seat", "in an excluded place", "elsewhere", none)
            yield Row(clause, "territories", "by place of use", "name an excluded place", "name others", none)
        case {"brand": _}:
            yield Row(clause, "own-brand", "a name must be borne", bites="true", undecided=none, duty="false")
            yield Row(clause, "any", "a line must be shown", duty="always")
        case {"duty": _, "when": facts}:
            for fact in facts:
                yield Row(clause, fact, free="false", duty=f"true, or {none} (then with its if)")
        case {"duty": _}:
            yield Row(clause, "any", duty="always")
        case {"risk": _}:
            yield Row(clause, "any", warning="always")
        case {"unknown": _}:
            yield Row(clause, "any", undecided="always, until `allow.clauses` names it")
        case _:
            yield Row(clause, "any", free="always")


HEAD = """# Clauses and the intended use

Written by `tools/use_table.py` from `rules/use.yaml`; edit that, not this.

What a policy says under `[use]` decides, clause by clause, what a license means for that use. A row holds where the other facts leave
it to this one. *Bites* denies; *undecided* names the fact that is missing; *to do* goes on the list of obligations; *warning* is a risk
that no fact changes. A fact without a row for a clause does not matter to it. Terms that are open by a ruling or a review stay open:
there, what bites is a warning. Words that were read with low confidence are undecided where they would bite.

## The facts

| fact | what it says |
| --- | --- |
"""


def page() -> str:
    """The whole page."""
    facts = "".join(f"| `{name}` | {fact['means']} |\n" for name, fact in use.table()["facts"].items())
    head = "| clause | fact | as the words say | bites | does not bite | undecided | to do | warning |\n" + "| --- " * 8 + "|\n"
    body = "".join(f"| `{r.clause}` | {r.fact} | {' | '.join(r[2:])} |\n" for r in rows())
    fields = ", ".join(f"`{name}`" for name in use.fields())
    return f"{HEAD}{facts}\n`fields` may name: {fields}.\n\n## The table\n\n{head}{body}"


def main() -> int:
    new = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text("utf-8") != new:
            print("docs/use.md is not current; run tools/use_table.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
