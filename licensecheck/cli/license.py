"""`licensecheck license ID|NAME|FILE`: a license's record, or a file held against the license it comes closest to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licensecheck.cli import output
from licensecheck.cli.explain import license_parts, record_parts, suggestion
from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from licensecheck.types import Clause, Identity, Reading

Part = tuple[str, str]


@click.command(
    "license",
    epilog="""\b
Examples:
  licensecheck license llama3.1
  licensecheck license "CC BY-NC 4.0"
  licensecheck license ./LICENSE""",
)
@click.argument("what", metavar="ID|NAME|FILE")
def license_(what: str) -> int:
    """Show what is on record about a license, or compare a file with it, sentence by sentence.

    A file is named by its words, never by its name. The license's own text is not needed: hashes of its sentences tell
    what the file adds, and its record tells which conditions the file no longer states.
    """
    from licensecheck.render import console

    path = Path(what)
    parts = list(_compared(path)) if path.is_file() else license_parts(what)
    if not parts:
        hint = suggestion(what) if not any(c in what for c in "/\\") else "name a file that exists, or a license by id, name or Hub tag"
        raise UsageError(f"no license and no file is known as {what!r}", hint)
    output.show(lambda width, is_colored: console.explanation(parts, width=width, is_colored=is_colored), None)
    return 0


def _compared(path: Path) -> Iterator[Part]:
    from licensecheck import reading, texts

    try:
        with path.open("rb") as file:
            data = file.read(texts.LIMIT + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "check the file and its permissions") from error
    text, problem = texts.decode(data, str(path))
    if problem is not None:
        raise UsageError(f"{path}: {problem.message}", problem.hint)
    known = reading.read(text, str(path))
    by_rules = reading.read(text, str(path), use_records=False)
    yield "", f"{path}: {_named(known.identity)}"
    yield from _differences(known, by_rules)


def _named(identity: Identity) -> str:
    name = f"{identity.license}" + (f" ({identity.name})" if identity.name and identity.name != identity.license else "")
    if identity.grade == "exact":
        return f"equal in every word that counts to {name}"
    if identity.grade == "variant":
        count = len(identity.added)
        return f"{name}, changed: {count} sentence{'' if count == 1 else 's'} added, {identity.missing} missing"
    return "no known license comes close"


def _differences(known: Reading, by_rules: Reading) -> Iterator[Part]:
    from licensecheck import records

    identity = known.identity
    for part in identity.parts:
        yield f"Lines {part.start_line} to {part.end_line}", part.license
    for added in identity.added:
        lines = f"line {added.start_line}" if added.start_line == added.end_line else f"lines {added.start_line} to {added.end_line}"
        yield f"+ {lines}", added.quote
    record = records.record(identity.license) if identity.license else None
    said = {clause.id for clause in by_rules.clauses}
    on_record = {fact.id for fact in record.clauses} if record else set()
    if record and identity.grade == "variant":
        for missing in sorted(on_record - said):
            yield "- condition not found", missing
    for clause in by_rules.clauses:
        if identity.grade == "unknown" or (identity.grade == "variant" and clause.id not in on_record):
            yield f"+ {clause.id}" if identity.grade == "variant" else clause.id, _place(clause)
    if record and identity.grade == "exact":
        yield from record_parts(record)


def _place(clause: Clause) -> str:
    return f"line {clause.start_line}: “{clause.quote}”"
