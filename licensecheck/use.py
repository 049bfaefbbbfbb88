"""Applies a clause to an intended use: does it bite, not bite, ask for something, or cannot it be told?

The table is rules/use.yaml: one entry a clause id, and the conditions that a clause's own words set (when users are counted, whether a
seat or a place of use matters). What the facts given do not settle stays undecided, by the name of the fact. Weighs nothing and allows
nothing: that is `policy.py`'s affair.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from licensecheck import records, rules
from licensecheck.errors import RulesError
from licensecheck.types import Clause

Outcome = Literal["bites", "free", "duty", "risk", "undecided"]
Value = bool | int | tuple[str, ...] | Mapping[str, float]
WORLD = "worldwide"


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody means to do, by the facts of rules/use.yaml. A fact that is absent is not known."""

    facts: Mapping[str, Value] = field(default_factory=dict)

    def get(self, name: str) -> Value | None:
        return self.facts.get(name)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a clause does to a use: the outcome, why (in words), and the facts that are missing where it is undecided."""

    clause: str
    outcome: Outcome
    message: str
    missing: tuple[str, ...] = ()


@functools.cache
def table() -> Mapping[str, Any]:
    """rules/use.yaml, with an entry for every clause id of the taxonomy."""
    raw = cast(dict[str, Any], rules.load("use.yaml"))
    absent = set(rules.taxonomy()) ^ set(raw["clauses"])
    if absent:
        raise RulesError(
            f"{rules.folder() / 'use.yaml'}: {min(absent)} stands in only one of it and taxonomy.yaml", "give each clause one entry"
        )
    return raw


def fields() -> tuple[str, ...]:
    """The fields of use that a clause may ban, in alphabetical order."""
    return tuple(sorted({name for entry in table()["clauses"].values() for name in entry.get("fields", ())}))


def apply(clause: Clause, use: Use, *, licenses: Iterable[str] = (), tags: Sequence[str] = ()) -> Applied:
    """What the clause does to the use. `licenses` are the ids of the text it stands in; `tags` are the repo's, where it is a question of
    which models the words mean."""
    entry = table()["clauses"][clause.id]
    conditions = _conditions(clause, licenses)
    match entry:
        case {"bites": condition}:
            found = _flags(clause.id, condition, use)
        case {"fields": names}:
            found = _fields(clause.id, names, use)
        case {"ceiling": kind}:
            found = _ceiling(clause, kind, conditions, use)
        case {"places": _}:
            found = _places(clause, conditions, use)
        case {"brand": words}:
            found = _brand(clause.id, words, conditions, use)
        case {"duty": words}:
            found = _duty(clause.id, words, entry.get("when", ()), use)
        case {"risk": words}:
            found = Applied(clause.id, "risk", words)
        case {"unknown": words}:
            found = Applied(clause.id, "undecided", "no fact of [use] tells; allow.clauses can settle it", (words,))
        case _:
            found = Applied(clause.id, "free", entry["none"])
    found = _material(found, conditions.get("material"), tags)
    if found.outcome == "bites" and clause.confidence == "low":
        return Applied(clause.id, "undecided", f"{found.message}, but the words were read with low confidence", ("what the words mean",))
    return found


# Flags


def _said(literal: str, use: Use) -> bool | None:
    """Whether "x" or "not x" is true; None where the fact is not given."""
    value = use.get(literal.removeprefix("not "))
    return None if value is None else bool(value) is not literal.startswith("not ")


def _words(literal: str, *, turned: bool = False) -> str:
    is_true = literal.startswith("not ") is turned
    return f"{literal.removeprefix('not ')} = {'true' if is_true else 'false'}"


def _flags(name: str, condition: Mapping[str, list[str]], use: Use) -> Applied:
    """Three-valued and/or: what is not given counts only where the given facts do not settle it."""
    (kind, literals), *_ = condition.items()
    said = {literal: _said(literal, use) for literal in literals}
    decisive = kind == "any"
    settled = [literal for literal, value in said.items() if value is decisive]
    missing = tuple(literal.removeprefix("not ") for literal, value in said.items() if value is None)
    joined = f" {'or' if kind == 'any' else 'and'} ".join(map(_words, literals))
    if settled:
        if decisive:
            return Applied(name, "bites", f"it bites, since {_words(settled[0])}")
        return Applied(name, "free", f"it does not bite, since {_words(settled[0], turned=True)}; it would with {joined}")
    if missing:
        return Applied(name, "undecided", f"it bites with {joined}", missing)
    if decisive:
        return Applied(name, "free", f"it does not bite; it would with {joined}")
    return Applied(name, "bites", f"it bites, since {joined}")


def _fields(name: str, banned: Sequence[str], use: Use) -> Applied:
    given = cast("tuple[str, ...] | None", use.get("fields"))
    if given is None:
        return Applied(name, "undecided", f"it bites if fields names {_either(banned)}", ("fields",))
    hit = [f for f in banned if f in given]
    if hit:
        return Applied(name, "bites", f"it bites, since fields names {' and '.join(hit)}")
    return Applied(name, "free", f"it does not bite; it would if fields named {_either(banned)}")


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _duty(name: str, words: str, when: Sequence[str], use: Use) -> Applied:
    said = [_said(literal, use) for literal in when]
    joined = " or ".join(map(_words, when))
    if when and all(value is False for value in said):
        return Applied(name, "free", f"nothing to do; there would be with {joined}")
    is_open = bool(when) and not any(said)
    return Applied(name, "duty", f"{words} (if {joined})" if is_open else words)


def _brand(name: str, words: str, conditions: Mapping[str, str], use: Use) -> Applied:
    kind, own = conditions.get("brand"), use.get("own-brand")
    if kind == "line" or own is False:
        return Applied(name, "duty", words)
    if own is None:
        return Applied(name, "undecided", "it bites if a set name must be borne and own-brand = true", ("own-brand",))
    if kind == "name":
        return Applied(name, "bites", "it bites, since own-brand = true and a set name must be borne")
    return Applied(
        name, "undecided", "own-brand = true, and it is not known whether a name must be borne or a line be shown", ("what must be shown",)
    )


# Ceilings


def _ceiling(clause: Clause, kind: str, conditions: Mapping[str, str], use: Use) -> Applied:
    found = _users(clause, conditions, use) if kind == "users" else _revenue(clause, use)
    if found.outcome == "free" and conditions.get("affiliates") == "yes" and use.get("affiliates") is not True:
        missing = ("affiliates",)
        return Applied(
            clause.id, "undecided", f"{found.message}; but affiliates count as well, and your figures may leave them out", missing
        )
    return found


def _users(clause: Clause, conditions: Mapping[str, str], use: Use) -> Applied:
    limit, period = clause.params.get("limit"), clause.params.get("period")
    if not isinstance(limit, int | float):
        return Applied(clause.id, "undecided", "the figure is not known: read the words", ("the ceiling's figure",))
    measured = conditions.get("measured")
    if period not in ("month", None):
        return _other_period(clause, limit, str(period), use)
    if measured == "at-release":
        return _at_release(clause, limit, use)
    now = _figure(clause, limit, "users-per-month", use, "counted at any time")
    if measured == "ever":
        return now
    # NOTE: the words do not tell when users are counted, so both ways must agree.
    then = _at_release(clause, limit, use)
    if now.outcome == then.outcome:
        return now
    missing = now.missing or then.missing or ("when the users are counted",)
    return Applied(clause.id, "undecided", "the words do not tell whether users are counted once, at the release, or at any time", missing)


def _at_release(clause: Clause, limit: float, use: Use) -> Applied:
    how = "counted once, in the month before the version's release"
    if use.get("users-per-month-at-release") is not None:
        return _figure(clause, limit, "users-per-month-at-release", use, how)
    peak = _figure(clause, limit, "users-per-month-peak", use, how)
    if peak.outcome == "free":
        return peak
    return Applied(clause.id, "undecided", f"it bites above {limit:,} users a month, {how}", ("users-per-month-at-release",))


def _figure(clause: Clause, limit: float, name: str, use: Use, how: str) -> Applied:
    value = use.get(name)
    ceiling = f"above {limit:,} users a month, {how}"
    if not isinstance(value, int):
        return Applied(clause.id, "undecided", f"it bites {ceiling}", (name,))
    if value > limit:
        return Applied(clause.id, "bites", f"it bites {ceiling}: {name} = {value:,}")
    if value == limit:
        return Applied(
            clause.id, "undecided", f"{name} is the very figure of the ceiling, {limit:,}", ("whether the figure itself is above",)
        )
    return Applied(clause.id, "free", f"it does not bite, since {name} = {value:,}; it would {ceiling}")


def _other_period(clause: Clause, limit: float, period: str, use: Use) -> Applied:
    """Whoever is active in a day is active in its month, and in its year: only these ways can one figure stand for another."""
    ceiling = f"above {limit:,} users a {period}"
    own, month = use.get(f"users-per-{period}"), use.get("users-per-month")
    if isinstance(own, int) and own != limit:
        if own > limit:
            return Applied(clause.id, "bites", f"it bites {ceiling}: users-per-{period} = {own:,}")
        return Applied(clause.id, "free", f"it does not bite, since users-per-{period} = {own:,}; it would {ceiling}")
    if isinstance(month, int) and period == "day" and month < limit:
        return Applied(clause.id, "free", f"it does not bite, since users-per-month = {month:,}; it would {ceiling}")
    if isinstance(month, int) and period == "year" and month > limit:
        return Applied(clause.id, "bites", f"it bites {ceiling}: users-per-month = {month:,}")
    return Applied(clause.id, "undecided", f"it bites {ceiling}", (f"users-per-{period}",))


def _revenue(clause: Clause, use: Use) -> Applied:
    amount, currency = clause.params.get("amount"), clause.params.get("currency")
    if not isinstance(amount, int | float) or not currency:
        return Applied(clause.id, "undecided", "the figure is not known: read the words", ("the ceiling's figure",))
    ceiling = f"above {amount:,.0f} {currency} a year"
    given = cast("Mapping[str, float]", use.get("annual-revenue") or {})
    value = given.get(str(currency))
    if value is None:
        other = f"; annual-revenue is given in {', '.join(sorted(given))} only, and no currency is converted" if given else ""
        return Applied(clause.id, "undecided", f"it bites {ceiling}{other}", (f"annual-revenue.{currency}",))
    if value > amount:
        return Applied(clause.id, "bites", f"it bites {ceiling}: annual-revenue is {value:,.0f} {currency}")
    if value == amount:
        return Applied(
            clause.id,
            "undecided",
            f"annual-revenue is the very figure of the ceiling, {amount:,.0f} {currency}",
            ("whether the figure itself is above",),
        )
    return Applied(clause.id, "free", f"it does not bite, since annual-revenue is {value:,.0f} {currency}; it would {ceiling}")


# Places


def _places(clause: Clause, conditions: Mapping[str, str], use: Use) -> Applied:
    named = clause.params.get("territories")
    codes = (named,) if isinstance(named, str) else named
    if not codes or not isinstance(codes, tuple):
        return Applied(clause.id, "undecided", "the places are not known: read the words", ("the places",))
    is_only = clause.params.get("mode") == "only"
    by = conditions.get("by")
    asked = {"seat": ("seat",), "use": ("territories",)}.get(by or "", ("seat", "territories"))
    how = {"seat": "a seat", "use": "use"}.get(by or "", "a seat or use")
    where = f"{how} {'outside' if is_only else 'in'} {', '.join(codes)}"
    for name in asked:
        if (given := cast("tuple[str, ...] | None", use.get(name))) and (hit := _out(given, codes, is_only)):
            return Applied(clause.id, "bites", f"it bites {where}: {name} names {', '.join(hit)}")
    missing = tuple(name for name in asked if not use.get(name))
    if missing:
        return Applied(clause.id, "undecided", f"it bites {where}", missing)
    return Applied(clause.id, "free", f"it does not bite; it would with {where}")


def _out(given: Sequence[str], codes: Sequence[str], is_only: bool) -> list[str]:
    """Which of the places given the clause leaves out. A region and its members touch each other."""
    if is_only:
        inside = _members(codes)
        return [p for p in given if p == WORLD or not _members([p]) <= inside]
    return [p for p in given if p == WORLD or _members([p]) & _members(codes)]


def _members(codes: Iterable[str]) -> frozenset[str]:
    regions = table()["regions"]
    return frozenset(m for code in codes for m in regions.get(code, (code,)))


# Conditions


def _conditions(clause: Clause, licenses: Iterable[str]) -> Mapping[str, str]:
    """The clause's own conditions: by its parameters, else by what is known of the license, else by its words."""
    found: dict[str, str] = {}
    for name, forms in _forms().get(clause.id, {}).items():
        value = next((v for v, form in forms if clause.quote and form.search(clause.quote)), None)
        if value is not None:
            found[name] = value
    found |= _known(clause, licenses)
    return found | {name: str(clause.params[name]) for name in ("measured", "by", "affiliates", "brand") if name in clause.params}


@functools.cache
def _forms() -> Mapping[str, Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]]:
    return {
        clause: {name: tuple((value, re.compile(form)) for value, form in forms.items()) for name, forms in conditions.items()}
        for clause, conditions in table()["conditions"].items()
    }


def _known(clause: Clause, licenses: Iterable[str]) -> Mapping[str, str]:
    names = [*licenses, *([clause.citation.record] if clause.citation else [])]
    for name in names:
        record = records.record(name)
        for known in (name, *(record.incorporates if record else ()), record.family if record else None):
            entry = table()["known"].get(known, {}).get(clause.id)
            if entry:
                return cast(Mapping[str, str], entry)
    return {}


def _material(found: Applied, material: str | None, tags: Sequence[str]) -> Applied:
    """The words speak of some models only: is this one of them?"""
    if material is None or found.outcome == "free":
        return found
    about = table()["materials"][material]
    if set(tags) & set(about["is"]):
        return found
    if set(tags) & set(about["is-not"]):
        return Applied(found.clause, "free", f"it does not bite: the words speak of {material} models, which this is not by its tags")
    words = f"whether this is a {material} model"
    return Applied(found.clause, "undecided", f"{found.message}; the words speak of {material} models only", (*found.missing, words))
