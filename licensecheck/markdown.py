"""Takes a model card apart: sentences of prose, headings, list items and table rows, each with its place in the file.

Markup is blanked, never cut, so that every position stays a position of the original. Code, comments and references state nothing
and are left out. All passes are linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "item", "text", "row", "metadata"]

LONGEST = 4000  # characters of a block that are read as one: longer ones are no prose


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, heading, list item's sentence or table row: characters [start, end) of the card.

    `text` is that stretch with its markup blanked, character for character. `headings` are the titles above it, outermost first,
    `lead` is the text of the list item or paragraph that a nested item or a list hangs on, `head` a table's header row.
    `before` is what stands before the sentence in its block, `is_first` marks the first sentence of its block.
    """

    start: int
    end: int
    kind: Kind
    text: str
    headings: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    lead: str = ""
    before: str = ""
    is_first: bool = False


_FENCE = re.compile(r"[ \t>]*(```|~~~)")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]*(?=\S)")
_HTML_HEADING = re.compile(r"[ \t]*<h([1-6])[^>\n]{0,200}>", re.IGNORECASE)
_BOLD_LINE = re.compile(r"[ \t]*(\*\*|__)(?=\S)([^*_\n]{2,60})(\*\*|__)[ \t:：]*$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(=+|-{3,})[ \t]*$")
_ITEM = re.compile(r"[ \t>]*(?:[-*+](?=[ \t])|[•·●▪◦‣–]|\(?\d{1,3}[.)、．]|\(?[a-zA-Z][.)](?= ))[ \t]*(?=\S)")
_ROW = re.compile(r"[ \t]*\|.*\|?[ \t]*$")
_RULE = re.compile(r"[ \t|:+-]+$")
# Prose that somebody set as code; East Asian code comments are prose as well, but hardly ever speak of terms.
_FENCED_PROSE = re.compile(r"^[ \t]{0,3}[^\x00-\x7f][^={}<>$]{8,300}[。.!！다요す]?[ \t]*$")
_BIB = re.compile(r"[ \t]*@\w{2,20}[{(]")
# Same-length blanking: what is left is what a reader reads. Every repetition is bounded, so that no pass goes back far.
_BLANKED = (
    re.compile(r"<!--.{0,4000}?-->", re.DOTALL),
    re.compile(r"</?[a-zA-Z][^<>\n]{0,500}/?>"),
    re.compile(r"!\[[^\]\n]{0,300}\](?:\([^()\s]{0,1000}[^()\n]{0,100}\)|\[[^\]\n]{0,100}\])?"),
    re.compile(r"\[[ \t]{1,400}\](?:\[[^\]\n]{0,100}\]|\([^)\n]{0,1000}\))?"),
    re.compile(r"(?<=\])\((?:[^()\n]|\([^()\n]{0,300}\)){0,1000}\)"),
    re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]*\S[^\n]{0,1000}", re.MULTILINE),
    re.compile(r"(?<=[^\s\]]\])\[[^\]\n]{1,60}\]"),
    re.compile(r"\*\*|__|(?<![^\s(（\[\"])[*_](?=\S)|(?<=\S)[*_](?![\w*])|`+|~~|\\(?=[*_#\[\]])"),
)
_BREAK = re.compile(r"<(?:br|p|/p|div|/div|li|/li|td|/td|tr|/tr)\b[^<>\n]{0,100}>", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?<=[.!?])[\"'”’)\]*_]{0,3}(?=[ \t\n]+[^a-z\s])|(?<=[。！？；])|(?<=;)(?=[ \t]+\S)|(?<=[ ]{2})\n"
    r"|\n(?=[ \t]*(?:[A-Z][\w-]{0,20}[ \t]){1,5}(?:-|–|:)[ \t])|\x00"
)
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|et al|No|Nr|Inc|Ltd|Co|Corp|v|ver|Ver|Sec|Art|resp|incl|approx|Dr|St)|\b[A-Z])\.$")
_METADATA = re.compile(r"---[ \t]*\n((?:[\w-]{2,40}[ \t]*:[^\n]{0,200}\n(?:[ \t]*-[ \t][^\n]{0,200}\n){0,40}){1,60}?)---[ \t]*(?:\n|$)")


@dataclass(slots=True)
class _Block:
    start: int
    end: int
    kind: Kind
    indent: int = 0
    head: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The text with its markup blanked, of the same length; line breaks of HTML become NUL, which ends a sentence."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group())

    text = _BREAK.sub(lambda match: "\x00" + " " * (len(match.group()) - 1), text.replace("\x00", " "))
    for form in _BLANKED:
        text = form.sub(blank, text)
    return text.replace("[", " ").replace("]", " ")


def pieces(text: str, *, skip_lines: int = 0) -> Iterator[Piece]:
    """All pieces of a card in order, from the line after the front matter on."""
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[:skip_lines]))
    masked = plain(text)
    headings: list[tuple[int, str]] = []
    lead = ""
    leads: list[tuple[int, str]] = []
    for block in _blocks(text, masked, lines[skip_lines:], start):
        titles = tuple(title for _, title in headings)
        if block.kind == "heading":
            level = _level(text, block)
            headings = [(rank, title) for rank, title in headings if rank < level]
            title = _folded(masked[block.start : block.end]).strip("# :：")
            yield Piece(block.start, block.end, "heading", masked[block.start : block.end], tuple(t for _, t in headings))
            headings.append((level, title))
            lead, leads = "", []
            continue
        if block.kind == "item":
            leads = [(indent, words) for indent, words in leads if indent < block.indent]
            above = leads[-1][1] if leads else lead
            leads.append((block.indent, _folded(masked[block.start : block.end])[:300]))
        else:
            above = ""
            leads = []
            lead = _folded(masked[block.start : block.end])[-300:] if block.kind == "text" else ""
        if block.kind in ("row", "metadata"):
            yield Piece(block.start, block.end, block.kind, masked[block.start : block.end], titles, block.head, is_first=True)
            continue
        first = True
        for begin, end in _sentences(masked, block.start, block.end):
            yield Piece(begin, end, block.kind, masked[begin:end], titles, (), above, masked[block.start : begin][-200:], first)
            first = False


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table row, white space folded."""
    return tuple(_folded(cell) for cell in row.strip().strip("|").split("|"))


def _folded(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


def _level(text: str, block: _Block) -> int:
    line = text[block.start : block.end]
    if match := _HEADING.match(line):
        return len(match.group(1))
    if match := _HTML_HEADING.match(line):
        return int(match.group(1))
    return block.indent or 7  # a bold line alone stands below every real heading


def _blocks(text: str, masked: str, lines: list[str], offset: int) -> Iterator[_Block]:
    """Line by line: which lines belong together, and as what."""
    current: _Block | None = None
    fence, in_bib = "", False
    head: tuple[str, ...] = ()
    position = offset
    skip_to = -1
    for number, line in enumerate(lines):
        begin, position = position, position + len(line)
        if begin < skip_to:
            continue
        bare = line.rstrip("\r\n")
        end = begin + len(bare)
        if fence:
            if bare.strip().lstrip("> ").startswith(fence):
                fence = ""
            elif _FENCED_PROSE.search(bare):
                yield _Block(begin, end, "text")
            continue
        if match := _FENCE.match(bare):
            if bare.count(match.group(1)) == 1:
                fence = match.group(1)
            if current:
                yield current
            current = None
            continue
        if in_bib:
            in_bib = bool(bare.strip()) and not bare.startswith("}")
            continue
        if _BIB.match(bare):
            in_bib = True
            continue
        if bare.startswith("---") and (found := _METADATA.match(text, begin)):
            if current:
                yield current
            current = None
            yield _Block(begin, found.end(), "metadata")
            skip_to = found.end()
            continue
        visible = masked[begin:end].replace("\x00", " ")
        if not visible.strip(" \t>"):
            if current and not bare.strip():
                yield current
                current = None
            head = head if bare.strip() else ()
            continue
        if current and current.kind == "text" and _UNDERLINE.match(bare):
            if bare.strip()[0] == "=" or current.end - current.start < 100:
                yield _Block(current.start, current.end, "heading", 1 if bare.strip()[0] == "=" else 2)
                current = None
            continue
        if _RULE.match(bare) and set(bare.strip()) <= set("-|:+ "):
            continue
        if _HEADING.match(bare) or _HTML_HEADING.match(bare) or (_BOLD_LINE.match(bare) and current is None):
            if current:
                yield current
            current = None
            yield _Block(begin, end, "heading", 0)
            continue
        if "|" in bare and _ROW.match(bare) and bare.count("|") >= 2:
            if current:
                yield current
            current = None
            row = cells(masked[begin:end])
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if "|" in following and _RULE.match(following.rstrip("\r\n")):
                head = row
                continue
            yield _Block(begin, end, "row", 0, head)
            continue
        head = ()
        indent = len(bare.expandtabs(4)) - len(bare.expandtabs(4).lstrip(" "))
        if match := _ITEM.match(bare):
            if current:
                yield current
            current = _Block(begin + match.end(), end, "item", indent + 1)
        elif current and end - current.start < LONGEST and not (current.kind == "item" and indent == 0 and bare.lstrip().startswith("|")):
            current.end = end
        else:
            if current:
                yield current
            current = _Block(begin + len(bare) - len(bare.lstrip(" \t>")), end, "text", indent)
    if current:
        yield current


def _sentences(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a block, without the white space around them."""
    at = start
    for match in _SENTENCE.finditer(masked, start, end):
        if match.start() <= at or _ABBREVIATION.search(masked, max(at, match.start() - 8), match.start()):
            continue
        yield from _trimmed(masked, at, match.end())
        at = match.end()
    yield from _trimmed(masked, at, end)


def _trimmed(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretch = masked[start:end]
    left = len(stretch) - len(stretch.lstrip(" \t\r\n\x00>"))
    right = len(stretch.rstrip(" \t\r\n\x00"))
    if right > left:
        yield start + left, start + right
