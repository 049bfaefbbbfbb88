"""Writes rules/places.json from CLDR's territory names (package Babel) and the hand-kept tools/places.yaml.

Run `python tools/places.py` after editing the YAML or upgrading Babel; `--check` exits 1 where the file is out of date.
Each entry is [words, codes, English name, how]; how a text must write them:
  name   the first letter upper case, or as given here        exact  as given, an acronym
  adjective  only beside a word such as "law"                 part   a state, region or city within the country
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "rules" / "places.json"
LOCALES = ("en", "zh_Hans", "zh_Hant", "ja", "de", "es", "it")
NOT_ISO = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "XK", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
GERMAN_ENDINGS = ("e", "en", "er", "es", "em")


def entries() -> list[list[object]]:
    """Every name once; where two sources name the same words, the hand-kept one holds."""
    own = yaml.safe_load((ROOT / "tools" / "places.yaml").read_text("utf-8"))
    english = Locale.parse("en").territories
    rows: dict[tuple[str, str], list[object]] = {}

    def add(words: str, codes: list[str], name: str, how: str) -> None:
        key = words.replace("\u2019", "'")
        rows.setdefault((key, "adjective" if how == "adjective" else ""), [key, codes, name, how])

    def official(code: str) -> str:
        return own["countries"].get(code, {}).get("name") or english[code].replace("\u2019", "'")

    for bloc in own["blocs"]:
        for words in bloc["exact"]:
            add(words, bloc["codes"], bloc["name"], "exact")
        for words in bloc["words"]:
            add(words, bloc["codes"], bloc["name"], "name")
    for code, country in own["countries"].items():
        for words in country["exact"]:
            add(words, [code], country["name"], "exact")
        for words in country["words"]:
            add(words, [code], country["name"], "name")
    for code, groups in own["parts"].items():
        for group in groups:
            for words in group:
                add(words, [code], group[0], "part")
    for code, words in ((c, w) for c, ws in own["adjectives"].items() for w in ws):
        for form in [words] if not words.endswith("*") else [words[:-1] + e for e in GERMAN_ENDINGS]:
            add(form, [code], official(code), "adjective")
    for locale in LOCALES:
        for code, words in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and code not in NOT_ISO and words not in own["not_places"]:
                add(words, [code], official(code), "name")
                add(words.replace("&", "and"), [code], official(code), "name")
    return sorted(rows.values(), key=lambda row: (str(row[0]), str(row[3])))


def main() -> int:
    text = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in entries()) + "\n]\n"
    if "--check" in sys.argv:
        current = TARGET.is_file() and TARGET.read_text("utf-8") == text
        print("rules/places.json is current" if current else "rules/places.json is out of date: run python tools/places.py")
        return 0 if current else 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
