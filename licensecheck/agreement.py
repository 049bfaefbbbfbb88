"""Holds the records of known licenses and the clause rules to each other, on texts that both know: a part of `rules check`.

Two readings of one text should tell the same. A clause of the record that the rules do not find, and a restriction that the rules find
and the record does not hold, is a fault, unless `rules/disagreements.yaml` says who is wrong and why. What the rules find beyond the
record and takes no freedom away (effect info) is none: records of approved licenses hold the obligations that matter, not all.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from licensecheck import clauses, identify, names, records, rules
from licensecheck.segment import segment

Side = Literal["unseen", "misread"]
"""`unseen`: in the text, and the rules miss it. `misread`: the rules find it, and it is not in the text."""

_FILE = "disagreements.yaml"
_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "licenses"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is, word by word, the license of a record."""

    license: str
    source: str
    text: str


def faults(texts: Sequence[Text] | None = None) -> tuple[str, ...]:
    """What is wrong with the records, the names and their agreement with the rules, a line each. `texts` default to all at hand."""
    found = [*(f"rules/{fault}" for fault in records.problems()), *names.problems()]
    known = _known()
    seen: set[tuple[str, str, Side]] = set()
    looked_at = set()
    for text in at_hand() if texts is None else texts:
        looked_at.add(text.license)
        for clause, side in disagreements(text):
            seen.add((text.license, clause, side))
            if (text.license, clause, side) not in known:
                what = (
                    "the record holds it, the rules do not find it"
                    if side == "unseen"
                    else "the rules find it, the record does not hold it"
                )
                found.append(f"rules/{_FILE}: {text.license}: {clause}: {what} in {text.source}")
    for license_id, clause, side in sorted(known):
        if license_id in looked_at and (license_id, clause, side) not in seen:
            found.append(f"rules/{_FILE}: {license_id}: {clause}: {side} no more, take it out")
    return (*found, *_wrong_entries())


def disagreements(text: Text) -> Iterator[tuple[str, Side]]:
    """The clause ids on which the record and the rules differ, by id. Findings of low confidence count for neither side."""
    of = records.record(text.license)
    if of is None:
        return
    found, _ = clauses.find(text.text, segment(text.text))
    read = {clause.id for clause in found if clause.confidence != "low"}
    held = {fact.id for fact in of.clauses}
    kinds = rules.taxonomy()
    for clause in sorted(held ^ read):
        if clause in held:
            yield clause, "unseen"
        elif kinds[clause].effect != "info":
            yield clause, "misread"


def at_hand() -> tuple[Text, ...]:
    """The texts that can be held against records here: of the package licensedcode-data, and of the corpus beside a checkout."""
    return (*_packaged(), *_corpus())


def missing() -> tuple[str, ...]:
    """What cannot be compared here, a sentence each."""
    out = []
    if not _database().is_dir():
        out.append("The texts of approved licenses were not compared with their records: install licensedcode-data.")
    if not _CORPUS.is_dir():
        out.append("The texts of model licenses were not compared with their records: ../shared is not here.")
    return tuple(out)


def _database() -> Path:
    spec = importlib.util.find_spec("licensedcode")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0], "data", "licenses") if folders else Path("/nowhere")


def _packaged() -> Iterator[Text]:
    for of in records.every():
        _, _, key = of.read_from.partition("licensedcode-data ")
        path = _database() / f"{key.partition(' ')[2]}.LICENSE"
        if key and path.is_file():
            _, _, text = (path.read_text("utf-8") + "\n").split("---\n", 2)
            yield Text(of.id, f"licensedcode-data {path.stem}", text)


def _corpus() -> Iterator[Text]:
    apart = set(_raw().get("apart") or ())
    for path in sorted(_CORPUS.glob("*/LICENSE.txt")):
        if path.parent.name in apart:
            continue
        text = path.read_text("utf-8", errors="replace")
        found = identify.identify(text)
        if found.grade == "exact" and found.license and records.record(found.license):
            yield Text(found.license, f"../shared {path.parent.name}", text)


def _raw() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = rules.load(_FILE)
    return raw


def _known() -> set[tuple[str, str, Side]]:
    return {(license_id, entry["clause"], entry["side"]) for entry in _raw()["known"] for license_id in entry["licenses"]}


def _wrong_entries() -> Iterator[str]:
    for entry in _raw()["known"]:
        if entry.get("side") not in ("unseen", "misread") or entry.get("clause") not in rules.taxonomy() or not entry.get("why"):
            yield f"rules/{_FILE}: an entry needs a clause of the taxonomy, a side (unseen, misread) and why: {dict(entry)!r}"
        yield from (f"rules/{_FILE}: {entry.get('clause')}: no record {i}" for i in entry["licenses"] if records.record(i) is None)
