"""How often a child's license tag is looser than its parent's, on a dump of the Hub's metadata, and what our conflict says of it.

    python benchmarks/lineage.py MODELS.parquet [CARDS]

The dump has a row a model with `id`, `license` (the tag, or the license_name behind `other`), `base_model` and `base_models` (a
JSON list). A parent counts where it has a row itself. Needs pyarrow, which the project does not: run it in an environment that
has both. CARDS holds */README.md: there it measures how many repos that the prose hints at are the declared ones, with the
declaration hidden. Prints Markdown tables. No network.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet

from licensecheck import cards, parents, records
from licensecheck.collect import declared_ids
from licensecheck.conflicts import conflicts
from licensecheck.judge import OPENNESS
from licensecheck.types import Ancestor, Card, File, Openness, RepoRef, Snapshot

GENERATIONS = 20


@dataclass(frozen=True, slots=True)
class Model:
    """One row: its tag as a license card has it, and the ids of its parents."""

    id: str
    card: Card
    ids: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def openness(self) -> Openness:
        return min((records.standing(name)[0] for name in self.ids), key=OPENNESS.index, default="unclear")


def models(path: str) -> dict[str, Model]:
    """The rows by id, lower case; the first one counts."""
    columns = ["id", "license", "base_model", "base_models"]
    out: dict[str, Model] = {}
    for row in pyarrow.parquet.read_table(path, columns=columns).to_pylist():
        tag = row["license"]
        card = Card(license=(tag,)) if isinstance(tag, str) and tag else Card()
        named = [row["base_model"], *json.loads(row["base_models"] or "[]")]
        parents = dict.fromkeys(name.strip().lower() for name in named if isinstance(name, str))
        parents.pop(row["id"].lower(), None)
        out.setdefault(row["id"].lower(), Model(row["id"], card, declared_ids(card), tuple(parents)))
    return out


def ancestors(child: Model, known: Mapping[str, Model]) -> Iterator[Ancestor]:
    """The ancestors that have a row, generation by generation, each once."""
    seen, level = {child.id.lower()}, [(child.id, child.parents)]
    for depth in range(1, GENERATIONS + 1):
        following = []
        for path, names in level:
            for name in names:
                if name in seen or name not in known:
                    continue
                seen.add(name)
                parent = known[name]
                license_id = records.least_open(parent.ids) if parent.ids else None
                yield Ancestor(parent.id, "", depth, None, license_id, parent.openness, (child.id, parent.id))
                following.append((path, parent.parents))
        level = following


def wears(child: Model, restrictive: list[Ancestor]) -> str:
    """What tag a child of restricted ancestors has, in words."""
    if not child.ids:
        return "none"
    if child.openness == "open":
        return "an open one"
    if set(child.ids) & {a.license for a in restrictive}:
        return "its ancestor's"
    return {"not-open": "another restricted one", "unclear": "an unclear one"}[child.openness]


def is_restrictive(ancestor: Ancestor) -> bool:
    """Does its tag name a license that is not known to be open? `other` and `unknown` name none."""
    is_named = ancestor.license not in (None, "LicenseRef-other", "LicenseRef-unknown")
    return ancestor.openness == "not-open" or (is_named and ancestor.openness == "unclear")


def table(known: Mapping[str, Model], *, deepest: int) -> str:
    """Children of restricted ancestors by the tag they wear: how many, and of how many our conflict speaks."""
    counts, flagged, grave, closed = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    children = 0
    for child in known.values():
        found = [a for a in ancestors(child, known) if a.depth <= deepest]
        children += bool(found)
        restrictive = [a for a in found if is_restrictive(a)]
        if not restrictive:
            continue
        what = wears(child, restrictive)
        said = [c for c in conflicts(child.card, child.ids, (), (), parents=tuple(found)) if c.kind == "child-vs-parent"]
        counts[what] += 1
        closed[what] += any(a.openness == "not-open" for a in restrictive)
        flagged[what] += bool(said)
        grave[what] += any(c.severity == "high" for c in said)
    columns = (counts, closed, flagged, grave)
    lines = ["| the child's tag | models | not open by an ancestor | conflict | of these high |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {what} | {' | '.join(str(column[what]) for column in columns)} |" for what, _ in counts.most_common()]
    lines += [f"| together | {' | '.join(str(column.total()) for column in columns)} |"]
    return "\n".join([f"{children} models have an ancestor with a row in the dump.", "", *lines])


def hinted(folder: Path) -> str:
    """How well hints do on cards that declare their base models, when only the prose is looked at."""
    cards_, hit, repos, right = 0, 0, 0, 0
    for path in sorted(folder.glob("*/README.md")):
        data = path.read_bytes()
        declared = {b.id.lower() for b in cards.card(cards.front_matter(data.decode("utf-8", "replace"))[0]).base_models}
        if not declared:
            continue
        name = path.parent.name.replace("--", "/", 1)
        snapshot = Snapshot(RepoRef(name, name), name, "model", "main", "0" * 40, None, False, Card(), (File("README.md"),))
        found = {h.name.lower() for h in parents.hints(snapshot, {"README.md": data}.__getitem__, parents.Named()) if h.ref}
        cards_, hit = cards_ + 1, hit + bool(found & declared)
        repos, right = repos + len(found), right + len(found & declared)
    return f"{cards_} cards declare a base model. Their prose hints at {repos} repos, {right} of them declared; {hit} cards are hit."


def main() -> None:
    known = models(sys.argv[1])
    print(f"{len(known)} models, {sum(bool(m.parents) for m in known.values())} of them name a base model.")
    for title, deepest in (("Direct parents only", 1), ("All generations", GENERATIONS)):
        print(f"\n### {title}\n\n{table(known, deepest=deepest)}")
    if len(sys.argv) > 2:
        print(f"\n### Hints\n\n{hinted(Path(sys.argv[2]))}")


if __name__ == "__main__":
    main()
