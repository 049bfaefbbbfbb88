"""`licensecheck explain ID`: a clause, a criterion or a license in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from licensecheck.judge import Criterion
    from licensecheck.records import Record

Part = tuple[str, str]
_EFFECT = {
    "violation": "By itself it breaks what it is held against: terms with it are not open.",
    "concern": "It may break a criterion; a person should look.",
    "info": "It breaks no criterion; it is worth knowing.",
}


@click.command(
    epilog="""\b
Examples:
  licensecheck explain field.military
  licensecheck explain osd.6
  licensecheck explain llama3.1"""
)
@click.argument("id_", metavar="ID")
def explain(id_: str) -> int:
    """Say in plain words what a clause, a criterion or a license is. ID may be a license's name or Hub tag."""
    from licensecheck.cli import output
    from licensecheck.render import console

    found = list(_clause(id_) or _criterion(id_) or license_parts(id_))
    if not found:
        raise UsageError(f"nothing is known under {id_!r}", suggestion(id_))
    output.show(lambda width, is_colored: console.explanation(found, width=width, is_colored=is_colored), None)
    return 0


def _clause(name: str) -> list[Part]:
    from licensecheck import rulebook, rules

    kind = rules.taxonomy().get(name)
    if kind is None:
        return []
    relative = f"clauses/{name}.yaml"
    raw = rulebook.clause_file(relative) if relative in rulebook.clause_files() else {}
    found = [("", f"{name} - {rules.groups()[kind.group]}"), ("What it is", raw.get("explain") or kind.means)]
    found.append(("Effect", f"{kind.effect}. {_EFFECT[kind.effect]}"))
    found += [("Held against", f"{c.id} {c.title}") for c in _criteria() if c.id in kind.osd]
    if raw.get("remedy"):
        found.append(("What to do", raw["remedy"]))
    found += [("Carries", ", ".join(kind.params))] if kind.params else []
    found += [("See", str(reference)) for reference in raw.get("references", ())]
    return found


def _criteria() -> tuple[Criterion, ...]:
    from licensecheck.judge import criteria

    return criteria()


def _criterion(name: str) -> list[Part]:
    from licensecheck import rules

    found = next((c for c in _criteria() if c.id == name), None)
    if found is None:
        return []
    breaking = [k.id for k in rules.taxonomy().values() if name in k.osd and k.effect == "violation"]
    doubtful = [k.id for k in rules.taxonomy().values() if name in k.osd and k.effect == "concern"]
    return [
        ("", f"{name} - {found.title}"),
        ("What it asks", found.asks),
        ("What breaks it", found.explain),
        ("Clauses that violate it", ", ".join(breaking) or "none by themselves"),
        ("Clauses that make it doubtful", ", ".join(doubtful) or "none"),
        ("What to do", found.remedy),
        ("See", found.link),
    ]


def license_parts(name: str) -> list[Part]:
    """What is on record about a license, or about each one of an expression, as labels and words; empty for a name that nobody knows."""
    from licensecheck import names, records

    found = (records.record(id_) for id_ in names.resolve(name).ids)
    return [part for record in found if record for part in record_parts(record)]


def record_parts(record: Record) -> Iterator[Part]:
    """One record, as labels and words."""
    from licensecheck import records

    openness, ruling = records.openness(record)
    yield "", f"{record.id} - {record.name}"
    if record.is_family:
        yield "What it is", "A family of licenses. The tag alone does not tell which one, so it never makes anything open."
    yield (
        "License terms",
        {"open": "open", "not-open": "not open", "unclear": "unclear"}[openness]
        + (
            f"; {ruling.by}: {ruling.status}" + (f", {ruling.date}" if ruling.date else "")
            if ruling
            else " by our reading; nobody has ruled on it"
        ),
    )
    if record.id in records.open_terms():
        yield "Why", records.open_terms()[record.id].reason
    if record.clauses:
        yield "Clauses", ", ".join(f.id + (f" ({f.section})" if f.section else "") for f in record.clauses)
    if record.incorporates:
        yield "Makes part of itself", ", ".join(record.incorporates)
    if record.hub_tags:
        yield "Hub tag", ", ".join(record.hub_tags)
    yield "Read from", f"{record.read_from}, {record.read_on}" + ("" if record.basis == "text" else " (no text was read)")
    for link in dict.fromkeys((*record.links, *record.urls)):
        yield "See", link
    if record.note:
        yield "Note", record.note


def suggestion(name: str) -> str:
    """A hint for a name that nobody knows."""
    from licensecheck import records, rules

    known = [*rules.taxonomy(), *(c.id for c in _criteria()), *(r.id for r in records.every()), *records.tags()]
    near = difflib.get_close_matches(name, known, 3, 0.6)
    return (
        f"did you mean {' or '.join(near)}?"
        if near
        else "clause ids look like field.military, criteria like osd.6, licenses like Apache-2.0"
    )
