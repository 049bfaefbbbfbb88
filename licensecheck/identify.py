"""Names the license a text is: exactly, as a changed copy with what was added, or not at all. Reads no clause.

Only equal words make an exact match: a run of words of the text whose digest is that of a known text. What is left
between such runs must be glue (titles, "at your option", names of components); any other sentence makes a variant, which
is a lead and carries no facts.
"""

from __future__ import annotations

import functools
import json
import re
import struct
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from licensecheck import fingerprint, rules
from licensecheck.errors import RulesError
from licensecheck.fingerprint import SHINGLE, Sentence, Words
from licensecheck.types import Added, Identity, Part

MAGIC = b"licensecheck fingerprints 1\n"
CORE, APPENDIX = 0, 1
MAX_TEXT = 4 << 20  # characters that are looked at; a longer text is no license
_LEAD = 0.5  # share of the words a variant has in common with its license, in one direction or both
_CANDIDATES = 16  # known texts that are compared sentence by sentence
_MAX_ADDED = 200  # sentences quoted
_MAX_QUOTE = 2_000  # characters of one quote


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprints:
    """The known texts, as hashes. Parallel arrays; a text is an index into `license`, `size`, `rate` and `sentences`.

    Pieces are runs of words known by their digest: whole texts, and texts without what may be left out of them
    (`kind` CORE), and that which may be left out (APPENDIX). `head` and `tail` are the hashes of their first and last shingle.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    license: array[int]
    size: array[int]
    rate: array[int]
    sentence_start: array[int]
    sentences: array[int]
    shingle: array[int]
    shingle_text: array[int]
    piece_head: array[int]
    piece_tail: array[int]
    piece_size: array[int]
    piece_license: array[int]
    piece_kind: array[int]
    piece_digest: bytes
    piece_names: bytes

    def sentences_of(self, text: int) -> array[int]:
        """The sentence hashes of one text, in its order."""
        return self.sentences[self.sentence_start[text] : self.sentence_start[text + 1]]


_ARRAYS = (
    ("license", "H"), ("size", "I"), ("rate", "B"), ("sentence_start", "I"), ("sentences", "I"), ("shingle", "I"), ("shingle_text", "H"),
    ("piece_head", "I"), ("piece_tail", "I"), ("piece_size", "I"), ("piece_license", "H"), ("piece_kind", "B"),
)  # fmt: skip


def pack(prints: Fingerprints) -> bytes:
    """The bytes of a fingerprint file: a line of magic, the ids and names, then every array, little endian."""
    header = json.dumps({"ids": prints.ids, "names": prints.names}, ensure_ascii=False, separators=(",", ":")).encode()
    parts = [struct.pack("<I", len(header)), header]
    for name, code in _ARRAYS:
        values = getattr(prints, name)
        assert values.typecode == code
        parts += [struct.pack("<I", len(values)), values.tobytes()]
    for blob in (prints.piece_digest, prints.piece_names):
        parts += [struct.pack("<I", len(blob)), blob]
    return MAGIC + b"".join(parts)


def unpack(data: bytes, name: str = "fingerprints.bin") -> Fingerprints:
    """The fingerprints of a file's bytes; a `RulesError` when they are not such a file."""
    try:
        if not data.startswith(MAGIC):
            raise ValueError("the first line is not that of this version")
        at = len(MAGIC)

        def chunk(width: int) -> bytes:
            nonlocal at
            (count,) = struct.unpack_from("<I", data, at)
            at += 4 + count * width
            if at > len(data):
                raise ValueError("the file is cut off")
            return data[at - count * width : at]

        header = json.loads(chunk(1))
        arrays = {}
        for field, code in _ARRAYS:
            values = array(code)
            values.frombytes(chunk(values.itemsize))
            arrays[field] = values
        return Fingerprints(tuple(header["ids"]), tuple(header["names"]), **arrays, piece_digest=chunk(1), piece_names=chunk(1))
    except (ValueError, KeyError, struct.error) as error:
        raise RulesError(f"{name}: not a fingerprint file: {error}", "reinstall hf-licensecheck, or run tools/fingerprints.py") from error


@functools.cache
def known() -> Fingerprints:
    """The fingerprints of this installation, read once."""
    return read(rules.folder() / "fingerprints.bin")


def read(path: Path) -> Fingerprints:
    """The fingerprints of one file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RulesError(f"{path}: cannot be read: {error.strerror}", "reinstall hf-licensecheck, or run tools/fingerprints.py") from error
    return unpack(data, str(path))


# --- the verb -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """Words [first, last) that are a piece of a known license."""

    first: int
    last: int
    license: int
    kind: int


def identify(text: str, prints: Fingerprints | None = None) -> Identity:
    """Which known license the text is. Linear in the text; a text beyond `MAX_TEXT` characters is unknown.

    `added` holds, for a variant, every sentence that its license lacks, verbatim, with lines from 1; at most 200.
    `license` of a file that holds several is an SPDX expression, and `parts` says where each stands.
    """
    prints = prints or known()
    if len(text) > MAX_TEXT:
        return Identity("unknown")
    blanked = fingerprint.blanked(text)
    whole = _whole(prints).get(fingerprint.digest(fingerprint.text_of(blanked)))
    if whole is not None:
        return Identity("exact", prints.ids[whole], prints.names[whole] or None, 1.0)
    words = fingerprint.words_of(blanked)
    shingles = fingerprint.shingles(words.text)
    runs = _runs(text, words, shingles, prints)
    gaps = _gaps(runs, len(words))
    lines = _Lines(text)
    loose = [gap for gap in gaps if not _is_glue(_slice(blanked, words, gap))]
    if runs and not loose:
        return _exact(blanked, words, runs, lines, prints)
    return _variant(text, blanked, words, shingles, runs, loose, lines, prints)


def _exact(blanked: str, words: Words, runs: Sequence[_Run], lines: _Lines, prints: Fingerprints) -> Identity:
    parts = _parts(words, runs, lines, prints)
    ids = tuple(dict.fromkeys(part.license for part in parts))
    if len(ids) == 1:
        names = dict(zip(prints.ids, prints.names, strict=True))
        return Identity("exact", ids[0], names[ids[0]] or None, 1.0, parts=parts if len(parts) > 1 else ())
    glue = " ".join(_slice(blanked, words, gap) for gap in _gaps(runs, len(words)))
    joint = " OR " if _OPTION.search(glue) else " AND "
    return Identity("exact", joint.join(ids), None, 1.0, parts=parts)


def _parts(words: Words, runs: Sequence[_Run], lines: _Lines, prints: Fingerprints) -> tuple[Part, ...]:
    """The licenses with their lines; an appendix belongs to the core before or after it."""
    return tuple(
        Part(prints.ids[run.license], lines.of(words.starts[run.first]), lines.of(words.ends[run.last - 1] - 1))
        for run in runs
        if run.kind == CORE
    )


# --- exact: runs of words that are pieces -------------------------------------------------------------------------


def _runs(text: str, words: Words, shingles: Sequence[int], prints: Fingerprints) -> tuple[_Run, ...]:
    """The pieces in the text, from left to right, the longest first. An appendix without its license is none."""
    heads, budget = _heads(prints), 8 * len(words) + 10_000  # words that may be digested: hostile texts look like many licenses
    strict: Words | None = None
    found: list[_Run] = []
    at = 0
    while at < len(shingles):
        best = None
        for piece in heads.get(shingles[at], ()):
            size = prints.piece_size[piece]
            last = at + size
            if last > len(words) or shingles[last - SHINGLE] != prints.piece_tail[piece] or (best and size < best.last - best.first):
                continue
            budget -= size
            if budget < 0:
                break
            if fingerprint.digest(words.text[at:last]) != _digest(prints.piece_digest, piece):
                continue
            if best is None:
                best = _Run(at, last, prints.piece_license[piece], prints.piece_kind[piece])
                continue
            # Two licenses that differ in the holder's name alone: the one whose names these are.
            strict = strict or fingerprint.normalise(text, with_names=True)
            own = strict.text[bisect_left(strict.starts, words.starts[at]) : bisect_left(strict.starts, words.ends[last - 1])]
            if fingerprint.digest(own) == _digest(prints.piece_names, piece):
                best = _Run(at, last, prints.piece_license[piece], prints.piece_kind[piece])
        if best:
            found.append(best)
            at = best.last
        else:
            at += 1
    cores = {run.license for run in found if run.kind == CORE}
    return tuple(run for run in found if run.kind == CORE or run.license in cores)


def _digest(blob: bytes, piece: int) -> bytes:
    return blob[16 * piece : 16 * piece + 16]


@functools.lru_cache(maxsize=4)
def _heads(prints: Fingerprints) -> dict[int, tuple[int, ...]]:
    """The pieces by the hash of their first shingle, the longest first."""
    table: dict[int, list[int]] = {}
    for piece, head in enumerate(prints.piece_head):
        table.setdefault(head, []).append(piece)
    return {head: tuple(sorted(pieces, key=lambda i: -prints.piece_size[i])) for head, pieces in table.items()}


@functools.lru_cache(maxsize=4)
def _whole(prints: Fingerprints) -> dict[bytes, int]:
    """The licenses by the digests of their pieces, without those that differ from another in the holder's name alone."""
    digests = [_digest(prints.piece_digest, piece) for piece in range(len(prints.piece_size))]
    often = Counter(digests)
    return {d: prints.piece_license[piece] for piece, d in enumerate(digests) if often[d] == 1 and prints.piece_kind[piece] == CORE}


def _gaps(runs: Sequence[_Run], end: int) -> list[tuple[int, int]]:
    edges = [0, *(e for run in runs for e in (run.first, run.last)), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _slice(blanked: str, words: Words, gap: tuple[int, int]) -> str:
    return blanked[words.starts[gap[0]] : words.ends[gap[1] - 1]]


_OPTION = re.compile(
    r"at\s+your\s+(?:option|choice)|dual[\s-]*licen[sc]|either\b.{0,200}\bor\b|\byou(?:\s+may|\s+can)?\s+choose|your\s+choice", re.I | re.S
)

# Words that join licenses and say nothing by themselves. No negation, no "only", no "use".
_GLUE = fingerprint.vocabulary(
    """
    the a an and or of under in to for from with by at as is are was on either both also see file files folder directory this
    that these those it its below above following follows text full license licenses licensed licence licences licenced
    sublicense agreement terms version versions v v1 v2 v3 v4 public general copyright copyrights notice notices dual multi
    multiple third party parties software project repository repo code source sources model models weights library libraries
    component components package packages module modules part parts portion portions program work works dataset data material
    materials includes include included contains contain bundled available distributed released provided made your option choice
    choose you may can one two three more details information respective their own each all other others mit apache bsd gpl lgpl
    agpl gnu mozilla mpl isc cc creative commons attribution boost eclipse x11 expat zlib simplified revised new modified clause
    affero lesser unlicense osi approved open spdx identifier id january february march april june july august september october
    november december com org net io github gitlab html txt md www
    """
)
_TITLE_WORDS = fingerprint.vocabulary(
    """
    license licenses licence licences agreement terms version copyright notice notices software library package component module
    project
    """
)
_GAP_WORD = re.compile(r"[^\W_]+")


def _is_glue(gap: str) -> bool:
    """Whether every line between known texts is a title, a name or a phrase that only joins licenses."""
    return all(_is_glue_line(line) for line in gap.splitlines())


def _is_glue_line(line: str) -> bool:
    words = _GAP_WORD.findall(line)
    rest = [w for w in words if w.casefold() not in _GLUE and not w.isdigit()]
    if not rest:
        return True
    if len(rest) > 4 or not fingerprint.reads_like_a_name(rest) or any(w.casefold() in fingerprint.TOPICS for w in rest):
        return False
    is_title = any(w.casefold() in _TITLE_WORDS or w.isdigit() for w in words) or "://" in line
    plain = sum(w[:1].islower() for w in rest)
    return (is_title and plain <= 1) or len(words) == 1


# --- variant: sentences that are new, sentences that are gone -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Match:
    text: int
    score: float
    missing: int
    known: frozenset[int]


def _variant(
    text: str,
    blanked: str,
    words: Words,
    shingles: Sequence[int],
    runs: Sequence[_Run],
    loose: Sequence[tuple[int, int]],
    lines: _Lines,
    prints: Fingerprints,
) -> Identity:
    own = tuple(fingerprint.sentences(blanked, words))
    parts = _parts(words, runs, lines, prints)
    covered = sum(run.last - run.first for run in runs)
    if covered * 2 >= len(words) and runs:
        ids = tuple(dict.fromkeys(part.license for part in parts))
        names = dict(zip(prints.ids, prints.names, strict=True))
        added = _added(text, words, _outside(blanked, words, loose), lines)
        return Identity(
            "variant",
            " AND ".join(ids),
            names[ids[0]] or None if len(ids) == 1 else None,
            round(min(0.999, covered / len(words)), 3),
            added,
            0,
            parts if len(parts) > 1 else (),
        )
    best = _best(own, words, shingles, prints)
    if best is None:
        return Identity("unknown", parts=parts)
    new = [s for s in own if s.hash not in best.known]
    license = prints.license[best.text]
    return Identity(
        "variant",
        prints.ids[license],
        prints.names[license] or None,
        round(min(0.999, best.score), 3),
        _added(text, words, new, lines),
        best.missing,
    )


def _outside(blanked: str, words: Words, gaps: Sequence[tuple[int, int]]) -> list[Sentence]:
    """The sentences of the gaps, each gap by itself."""
    out = []
    for first, last in gaps:
        begin = words.starts[first]
        inner = Words(
            words.text[first:last], tuple(s - begin for s in words.starts[first:last]), tuple(e - begin for e in words.ends[first:last])
        )
        for s in fingerprint.sentences(_slice(blanked, words, (first, last)), inner):
            out.append(Sentence(s.first + first, s.last + first, s.hash))
    return out


def _best(own: Sequence[Sentence], words: Words, shingles: Sequence[int], prints: Fingerprints) -> _Match | None:
    """The known text that has most in common, if it has enough to be a lead."""
    distinct = set(shingles)
    hits: Counter[int] = Counter()
    table = prints.shingle
    for value in distinct:
        at = bisect_left(table, value)
        while at < len(table) and table[at] == value:
            hits[prints.shingle_text[at]] += 1
            at += 1
    if not hits:
        return None

    def estimate(text: int) -> float:
        return min(1.0, 2 * hits[text] * prints.rate[text] / (len(distinct) + prints.size[text]))

    total = len(words)
    best: tuple[tuple[float, int], _Match] | None = None
    for text in sorted(hits, key=lambda t: (-estimate(t), t))[:_CANDIDATES]:
        theirs = prints.sentences_of(text)
        known, mine = frozenset(theirs), {s.hash for s in own}
        common = sum(s.last - s.first for s in own if s.hash in known)
        dice = max(estimate(text), 2 * min(common, prints.size[text]) / (total + prints.size[text]))
        share = max(common / total, min(1.0, hits[text] * prints.rate[text] / len(distinct)))  # of this text that is theirs
        if dice < _LEAD and share < _LEAD:
            continue
        # Texts are in the order of their claim: of two that explain as much, the better known license comes first.
        rank = (round(common / total + share + dice / 2, 1), -text)
        if best is None or rank > best[0]:
            score = max(dice, share * min(1.0, total / prints.size[text]))
            best = rank, _Match(text, score, sum(value not in mine for value in theirs), known)
    return best[1] if best else None


def _added(text: str, words: Words, new: Sequence[Sentence], lines: _Lines) -> tuple[Added, ...]:
    out = []
    for sentence in new[:_MAX_ADDED]:
        start, end = words.starts[sentence.first], words.ends[sentence.last - 1]
        end += len(text[end : end + 1].strip(" \n\r\t*_#>")) if text[end : end + 1] in ".;:!?。；：！？)" else 0
        out.append(Added(text[start : min(end, start + _MAX_QUOTE)], lines.of(start), lines.of(min(end, start + _MAX_QUOTE) - 1)))
    return tuple(out)


class _Lines:
    """Line numbers of a text, from 1; a line ends at \\n, \\r\\n or a lone \\r as in `str.splitlines` of plain texts."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer(r"\n", text)]

    def of(self, place: int) -> int:
        """The line that the character at `place` stands in."""
        return bisect_left(self._ends, place) + 1
