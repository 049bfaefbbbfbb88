"""Scores the reading of the labelled license texts under tests/texts, and lists by clause what is missed and what is wrongly found.

`tools/texts.py [--text ID] [--clause ID]` prints one line per miss, false alarm and quote beside the point, then the figures.
"""

from __future__ import annotations

import argparse
import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from licensecheck import reading, rules
from licensecheck.types import Clause, Openness, Reading

PARAMS = {"limit", "period", "amount", "currency", "territories"}
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "texts"


@dataclass(frozen=True, slots=True)
class Labels:
    """What a reader finds in one text: its openness, quotes and parameters by clause id, and the ids on which readers may differ."""

    id: str
    openness: Openness
    quotes: Mapping[str, tuple[str, ...]]
    params: Mapping[str, tuple[Mapping[str, Any], ...]]
    either_way: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one clause id came out in one text. A `right` id is one that reader and rules share, `beside` one with no quote that overlaps
    a labelled one; `words` are the label's for a missed id, else the rules'."""

    kind: Literal["right", "beside", "missed", "wrong"]
    text: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Micro precision, recall and F1 over ids per text, from 0 to 1, and the share of right ids whose quote is to the point."""

    precision: float
    recall: float
    f1: float
    evidence: float


def ids() -> tuple[str, ...]:
    """The ids of the labelled texts."""
    return tuple(sorted(p.parent.name for p in FOLDER.glob("*/labels.yaml")))


def text(text_id: str) -> str:
    """The license text itself."""
    return (FOLDER / text_id / "LICENSE.txt").read_text("utf-8")


def labels(text_id: str) -> Labels:
    """The labels of one text."""
    raw = yaml.safe_load((FOLDER / text_id / "labels.yaml").read_text("utf-8"))
    quotes: dict[str, tuple[str, ...]] = {}
    params: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for clause in raw["clauses"]:
        quotes[clause["id"]] = (*quotes.get(clause["id"], ()), clause["quote"])
        if "params" in clause:
            params[clause["id"]] = (*params.get(clause["id"], ()), clause["params"])
    return Labels(raw["id"], raw["openness"], quotes, params, frozenset(raw["either_way"]))


@functools.cache
def read(text_id: str) -> Reading:
    """What the rules alone find in one text."""
    return reading.read(text(text_id), text_id, use_records=False)


def words(of: str) -> list[str]:
    """Words and digits in lower case; of a script without spaces, its characters."""
    return re.findall(r"[a-z0-9]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", of.lower())


def is_overlap(one: str, other: str) -> bool:
    """Do at least 60 % of the shorter one's words stand in the other?"""
    short, long = sorted((words(one), words(other)), key=len)
    have = Counter(long)
    return bool(short) and sum(min(n, have[w]) for w, n in Counter(short).items()) >= 0.6 * len(short)


def outcomes(text_id: str) -> Iterator[Outcome]:
    """One outcome per clause id that the reader or the rules find in a text; ids on which readers may differ are left out."""
    wanted = labels(text_id)
    found: dict[str, list[Clause]] = {}
    for clause in read(text_id).clauses:
        found.setdefault(clause.id, []).append(clause)
    for clause_id in sorted((wanted.quotes.keys() | found.keys()) - wanted.either_way):
        said = [c.quote or "" for c in found.get(clause_id, ())]
        meant = wanted.quotes.get(clause_id, ())
        if not said:
            yield Outcome("missed", text_id, clause_id, " / ".join(meant))
        elif not meant:
            yield Outcome("wrong", text_id, clause_id, said[0])
        elif any(is_overlap(one, other) for one in said for other in meant):
            yield Outcome("right", text_id, clause_id, said[0])
        else:
            yield Outcome("beside", text_id, clause_id, said[0])


def figures_of(clauses: Iterable[Mapping[str, Any]]) -> Mapping[str, set[Any]]:
    """The values of each parameter that clauses carry: `{"limit": {50000}, "territories": {"CH", "EU"}}`."""
    values: dict[str, set[Any]] = {}
    for clause in clauses:
        for name in PARAMS & clause.keys():
            value = clause[name]
            values.setdefault(name, set()).update(value if isinstance(value, list | tuple) else (value,))
    return values


def params(text_id: str) -> Iterator[tuple[str, str, set[Any], set[Any]]]:
    """Clause id, parameter, labelled values and found values, for each labelled parameter of a clause that the rules find."""
    for clause_id, labelled in labels(text_id).params.items():
        found = [c.params for c in read(text_id).clauses if c.id == clause_id]
        said = figures_of(found)
        yield from ((clause_id, name, meant, said.get(name, set())) for name, meant in figures_of(labelled).items() if found)


def score(all_outcomes: Iterable[Outcome], *, info: bool = False) -> Figures:
    """The figures over the ids of effect violation and concern, or with `info` over those of effect info."""
    effects = {name: clause.effect for name, clause in rules.taxonomy().items()}
    count = Counter(o.kind for o in all_outcomes if (effects[o.clause] == "info") is info)
    right = count["right"] + count["beside"]
    precision = right / (right + count["wrong"] or 1)
    recall = right / (right + count["missed"] or 1)
    return Figures(precision, recall, 2 * precision * recall / (precision + recall or 1), count["right"] / (right or 1))


def table(all_outcomes: Iterable[Outcome]) -> str:
    """What went wrong, sorted by clause id."""
    bad = sorted((o for o in all_outcomes if o.kind != "right"), key=lambda o: (o.clause, o.kind, o.text))
    return "\n".join(f"{o.clause:33}{o.kind:7} {o.text:22} {' '.join(o.words.split())[:160]}" for o in bad)


def main() -> None:
    """Prints the table and the figures."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--text", choices=ids(), help="only this text")
    ap.add_argument("--clause", choices=sorted(rules.taxonomy()), help="show only this clause id")
    asked = ap.parse_args()
    everything = [o for name in ([asked.text] if asked.text else ids()) for o in outcomes(name)]
    print(table(o for o in everything if asked.clause in (None, o.clause)))
    for name in [asked.text] if asked.text else ids():
        for clause, param, meant, said in params(name):
            if meant != said and asked.clause in (None, clause):
                print(f"{clause:33}param   {name:22} {param} is {sorted(meant)}, said {sorted(said)}")
    for title, info in (("violation and concern", False), ("info", True)):
        f = score(everything, info=info)
        print(f"{title}: precision {f.precision:.3f}, recall {f.recall:.3f}, F1 {f.f1:.3f}, quotes to the point {f.evidence:.3f}")


if __name__ == "__main__":
    main()
