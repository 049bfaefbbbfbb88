"""Two thousand license texts with a category and no labels: how many of the restricted ones come out not open, and of the open ones.

The texts and their categories are licensedcode-data's. Records are switched off, so that what counts is reading.
`python benchmarks/categories.py` prints a table for docs/accuracy.md; `--list CATEGORY` names the texts that surprise.
"""

from __future__ import annotations

import argparse
import importlib.metadata
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import yaml

from licensecheck import judge, reading

OPEN = ("Permissive", "Copyleft", "Copyleft Limited", "Public Domain", "CLA")
RESTRICTED = ("Free Restricted", "Source-available", "Proprietary Free", "Commercial", "Non-Commercial")


def texts() -> Iterator[tuple[str, str, str]]:
    """Key, category and text of every license in the package, exceptions and empty texts left out."""
    for file in importlib.metadata.files("licensedcode-data") or ():
        if not file.name.endswith(".LICENSE"):
            continue
        raw = str(file.locate().read_text("utf-8"))
        parts = raw.split("---\n", 2)
        if len(parts) != 3:
            continue
        facts, text = yaml.safe_load(parts[1]), parts[2]
        if text.strip() and not facts.get("is_exception") and not facts.get("is_generic") and len(text.split()) >= 20:
            yield facts["key"], facts.get("category", "none"), text


def judged(item: tuple[str, str, str]) -> tuple[str, str, str, bool]:
    """Key, category, openness, and whether a prohibition was left unread."""
    key, category, text = item
    read = reading.read(text, key, use_records=False)
    return key, category, judge.judge(read.clauses, read.identity, read.problems).openness, bool(read.problems)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", metavar="CATEGORY", help="name the texts of this category that surprise")
    asked = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        rows = list(pool.map(judged, texts(), chunksize=40))
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for key, category, openness, has_problem in rows:
        table[category][openness] += 1
        table[category]["unread"] += has_problem
        if asked.list == category and (openness == "not-open") == (category in OPEN):
            print(key, openness)
    print("| category | texts | not open | unclear | share not open | with something unread |\n| --- | --- | --- | --- | --- | --- |")
    for category in (*RESTRICTED, *OPEN):
        row = table[category]
        total = row["not-open"] + row["unclear"] + row["open"]
        if total:
            print(f"| {category} | {total} | {row['not-open']} | {row['unclear']} | {row['not-open'] / total:.2f} | {row['unread']} |")


if __name__ == "__main__":
    main()
