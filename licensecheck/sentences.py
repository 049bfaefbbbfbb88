"""Cuts a paragraph into sentences and in-line enumerations; knows nothing of lines or lists across paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 2000  # characters of a sentence; longer ones are cut, so that later stages stay linear


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ABBREVIATIONS = _words(
    "e e.g i.e eg ie cf etc vs viz al inc ltd co corp llc no nos sec secs art arts fig para par approx dept est mr mrs ms dr prof st jr "
    "u.s u.k u.s.c c.f.r p pp v vol ed eds abs nr ziff bzw z.b d.h u.a ggf vgl usw núm pág art.º sr sra ej p.ej s.a s.l s.p.a es pag "
    "lett cap incl rev ver mio mrd tsd inkl sog"
)
_BEFORE_NUMBER = _words("no nos sec secs art arts fig para par p pp v vol abs nr ziff núm pág pag lett cap ver rev")
_MAY_END = _words("etc inc ltd co corp llc usw al")
_STARTERS = _words(
    "you the we this these if in any all no nothing licensee licensor it such subject by for except neither each to upon as your our "
    "there when where"
)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]*_»]*(?=\s|\\[n\"u]|$)|[。！？]+[”’」』）)*\"]*")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘'（]{1,24}$")
_NEXT_WORD = re.compile(r"[\s\"“‘'(\[*_]*([^\W_]+)")
_NUMBER_ALONE = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})\W*")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An in-line list: the lead-in's span and the items' spans, markers left out."""

    lead: tuple[int, int]
    items: tuple[tuple[int, int], ...]


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of [start, end), trimmed, in order, none longer than `LONGEST`."""
    result: list[tuple[int, int]] = []
    begin = start
    for found in _STOP.finditer(text, start, end):
        stop = found.end()
        if found[0][0] in ".…" and not _ends(text, begin, found.start(), stop, end):
            continue
        if found[0][0] in "!?" and _is_lower_next(text, stop, end):
            continue
        _add(text, begin, stop, result)
        begin = stop
    _add(text, begin, end, result)
    return result


def _ends(text: str, begin: int, dot: int, stop: int, end: int) -> bool:
    following = _NEXT_WORD.match(text, stop, end)
    word = following[1] if following else ""
    if word and word[0].islower():
        return False
    found = _LAST_WORD.search(text, max(begin, dot - 24), dot)
    last = found[0].lower().strip("*_") if found else ""
    if stop - dot > 1 and text[dot : dot + 2] == "..":
        return True
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and found and found[0].isupper()):
        if last in _BEFORE_NUMBER:
            return not (word and (word[0].isdigit() or len(word) == 1))
        return last in _MAY_END and (not word or word.lower() in _STARTERS)
    # "1. Grant" inside a line: the number belongs to what follows
    return not (dot - begin <= 8 and _NUMBER_ALONE.fullmatch(text, begin, dot))


def _is_lower_next(text: str, stop: int, end: int) -> bool:
    following = _NEXT_WORD.match(text, stop, end)
    return bool(following and following[1][0].islower())


def _add(text: str, begin: int, end: int, result: list[tuple[int, int]]) -> None:
    """Trims, cuts what is too long at the nearest semicolon, comma or space, and appends."""
    begin, end = trim(text, begin, end)
    while end - begin > LONGEST:
        cut = max(text.rfind(mark, begin + LONGEST // 2, begin + LONGEST) for mark in ";；")
        if cut < 0:
            cut = max(text.rfind(mark, begin + LONGEST // 2, begin + LONGEST) for mark in ",，、")
        if cut < 0:
            cut = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
        cut = cut + 1 if cut >= 0 else begin + LONGEST
        part = trim(text, begin, cut)
        if part[0] < part[1]:
            result.append(part)
        begin, end = trim(text, cut, end)
    if begin < end and (end - begin > 3 or any(c.isalnum() for c in text[begin:end]) or not text[begin].isascii()):
        result.append((begin, end))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_INLINE = re.compile(
    r"(?<![\w)])(?:[（(](?P<both>[a-z]|[ivx]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|(?<![(（])(?P<right>[a-z]|[ivx]{1,5}|\d{1,2})\)|(?P<circle>[①-⑳])"
    r"|(?<=[:;,：；] )(?P<dot>[a-z]|[ivx]{1,5}|\d{1,2})\.(?=\s))(?:\s|(?=[^\x00-\x7f]|\w))",
    re.I,
)
_REFERENCE = re.compile(
    r"(?:sections?|clauses?|paragraphs?|articles?|items?|§+|第|subsections?|exhibit|under|ziffer|absatz|artículo)\s*$", re.I
)
_BETWEEN = re.compile(r"\s*(?:[,、–-]|and|or|und|oder|y|o|e|to|through|bis|和|或|及|至)?\s*", re.I)
_COLON = re.compile(r"[:：](?=\s|[^\x00-\x7f]|\*)")
_ROMANS = (
    "",
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
)
_HAN = "一二三四五六七八九十"


_FIRSTS = {"i": "i", "a": "a", "1": "1", "一": "一", "①": "①"}


def _nth(alphabet: str, value: int) -> str:
    match alphabet:
        case "i":
            return _ROMANS[value] if value < len(_ROMANS) else ""
        case "a":
            return chr(96 + value) if value <= 26 else ""
        case "①":
            return chr(ord("①") + value - 1)
        case "一":
            return _HAN[value - 1] if value <= 10 else ""
    return str(value)


def enumerations(text: str, start: int, end: int) -> list[Enumeration]:
    """The outermost in-line lists of [start, end) by their markers ("(a) ...; (b) ..."), at least two items each, in order.

    `lead` is the stretch since the list before. The last item ends with its sentence when the others are of one sentence too.
    """
    marks = list(_INLINE.finditer(text, start, end))
    if len(marks) < 2:
        return []
    stops = [span[1] for span in sentences(text, start, end)]
    result: list[Enumeration] = []
    stack: list[_Run] = []
    position = start

    def close() -> None:
        nonlocal position
        run = next((run for run in stack if len(run.marks) > 1), None)
        stack.clear()
        if run is None:
            return
        edges = [found.start() for found in run.marks[1:]]
        edges.append(max(stops[run.sentence], run.marks[-1].end()) if run.is_brief else end)
        items = tuple(trim(text, found.end(), edge) for found, edge in zip(run.marks, edges, strict=True))
        result.append(Enumeration(trim(text, position, run.marks[0].start()), items))
        position = edges[-1]

    sentence = 0
    for found in marks:
        while sentence < len(stops) - 1 and stops[sentence] <= found.start():
            sentence += 1
        kind = found.lastgroup or ""
        written = found[kind].lower()
        match = next((run for run in reversed(stack) if run.kind == kind and written == _nth(run.alphabet, len(run.marks) + 1)), None)
        if match is not None:
            while stack[-1] is not match:
                stack.pop()
            if _BETWEEN.fullmatch(text, match.marks[-1].end(), found.start()):  # "(a) and (b)" refers to a list, it is none
                stack.pop()
                continue
            match.is_brief = match.is_brief and sentence <= match.sentence + 1
            match.marks.append(found)
            match.sentence = sentence
            continue
        alphabet = _FIRSTS.get(written)
        if alphabet is None or _REFERENCE.search(text, max(start, found.start() - 16), found.start()):
            continue
        if stack and len(stack[0].marks) > 1 and stack[0].is_brief and sentence > stack[0].sentence:
            close()
        same = next((index for index, run in enumerate(stack) if run.kind == kind and run.alphabet == alphabet), None)
        if same == 0 and len(stack[0].marks) > 1:
            close()
        elif same is not None:
            del stack[same:]
        if len(stack) < 12:
            stack.append(_Run(kind, alphabet, [found], sentence))
    close()
    return result


@dataclass(slots=True)
class _Run:
    kind: str
    alphabet: str
    marks: list[re.Match[str]]
    sentence: int  # of the latest marker
    is_brief: bool = True  # no item has more than one sentence


def semicolons(text: str, start: int, end: int) -> Enumeration | None:
    """The list after a colon whose items are parted by semicolons ("not to: x; y; or z"), or None."""
    if text.find(";", start, end) < 0 and text.find("；", start, end) < 0:
        return None
    colon = _COLON.search(text, start, end)
    if colon is None or colon.start() - start < 4:
        return None
    begin = colon.end()
    while begin < end and text[begin] in " *":
        begin += 1
    parts: list[tuple[int, int]] = []
    for found in re.finditer(r"[;；]", text[begin:end]):
        last = parts[-1][1] if parts else begin
        parts.append((last, begin + found.end()))
    if not parts:
        return None
    parts.append((parts[-1][1], end))
    items = tuple(span for span in (trim(text, *part) for part in parts) if span[1] - span[0] > 1)
    return Enumeration(trim(text, start, colon.end()), items) if len(items) > 1 else None


def alternatives(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of an unmarked item that lists several things ("x; y; or z"); the item itself when it has fewer than two semicolons."""
    if end - start < 12:
        return [(start, end)]
    cuts = [start + found.end() for found in re.finditer(r"[;；]", text[start:end])]
    if len(cuts) < 2 or _COLON.search(text, start, cuts[0]):
        return [(start, end)]
    return [span for span in (trim(text, *edges) for edges in pairwise([start, *cuts, end])) if span[0] < span[1]]
