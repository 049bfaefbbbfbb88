"""Lines to blocks: what starts a line (marker, heading sign, table row) and which lines belong together.

Knows how texts are laid out, not what they say: lists and sentences are `segment`'s job. Every position is a character of the
original text. All passes are linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from licensecheck.markers import Marker, read_marker


class Block(NamedTuple):
    """A paragraph, item, heading or table row: characters [start, end) without its marker.

    `indent` counts columns; `markers` holds the readings of its marker (two for "i."); `level` is a heading's rank, 1 the highest;
    `is_after_blank` tells whether a blank line or a block tag stands before it.
    """

    start: int
    end: int
    kind: Literal["text", "item", "heading", "row"]
    indent: int
    markers: tuple[Marker, ...] = ()
    level: int = 0
    is_after_blank: bool = True
    column: int = -1


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    is_after_blank: bool
    is_after_page: bool
    tag: str = ""
    column: int = -1


_NEWLINE = r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]"
_PLAIN = re.compile(_NEWLINE)
_TAG = r"</?(?:p|br|li|ul|ol|h[1-6]|div|t[drh]|table|thead|tbody|section|article|hr|dl|dd|dt|blockquote|pre|body|html|head)\b[^<>]{0,300}>"
_HTML = re.compile(rf"{_NEWLINE}|{_TAG}", re.I)
# NOTE: in a text dumped with its escapes, real line ends are only folding; the breaks are the two characters "\n".
_ESCAPED = re.compile(r"(?:\\r)?\\n")
_TAG_NAME = re.compile(r"<(/?)([a-z]+[1-6]?)", re.I)
_INLINE_TAGS = re.compile(r"(?:</?[a-zA-Z][^<>]{0,300}>\s*)+")
_PAGE = re.compile(
    r"(?:[-–—]\s{0,3})?(?:page\s{0,3}|seite\s{0,3}|página\s{0,3}|第\s?)?\d{1,4}(?:\s{0,3}(?:of|von|de|/)\s{0,3}\d{1,4})?(?:\s?页)?(?:\s{0,3}[-–—])?",
    re.I,
)
_BLANK_TAGS = {"p", "ul", "ol", "div", "table", "tr", "section", "article", "hr", "dl", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}

_HASHES = re.compile(r"(#{1,6})\s*(?=\S)(?:\*\*)?")
_RULE = re.compile(r"[-=_*~—–]{3,}|[|\s:+-]*-{3,}[|\s:+-]*")
_ATTACHMENT = re.compile(
    r"(?:section|article|attachment|appendix|annex|exhibit|schedule|part|chapter|anhang|anlage|anexo|apéndice|allegato|appendice)"
    r"\s{1,3}(?:[\dIVXLC]{1,5}|[A-Z])\b|(?:附件|附录|附錄|附则|別紙|別表|付録)",
    re.I,
)
_TERMINAL = tuple(".;,:!?。；，、：！？…")
_SENTENCE_END = tuple(".;:!?。；：！？…|")
_SMALL_WORDS = re.compile(
    r"(?:a|an|the|and|or|of|for|to|in|on|with|by|at|from|as|is|nor|not|und|der|die|das|von|zu|für|y|de|la|el|los|las|del|e|di|il|per)", re.I
)
_REFERS = re.compile(r"\b(?:sections?|clauses?|paragraphs?|articles?|version)$", re.I)  # "under section / 7. This ..." is no item
_ITEM_STYLES = ("(a)", "(i)", "a)", "i)", "①", "(1)")  # number items, hardly ever headings
_FIRST_WORD = re.compile(r"[!-\u2e7f]{1,40}")
_META = re.compile(r"\(c\)|©|\b(?:19|20)\d\d\b|www\.|://|@|\w\.\w{2,}$", re.I)  # dates, holders, addresses: no headings
_VERB = re.compile(r"\b(?:no|not|do|don.t|never|must|may|shall|can|cannot|will|you|we|i|it|is|are|has|have|please|see|by)\b", re.I)
_MODAL = re.compile(
    r"\b(?:may|must|shall|can|cannot|will|is|are|requires?|needs?|has|have)\b", re.I
)  # a line in capitals with one is a sentence
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _breaks(text: str) -> Iterator[tuple[int, int, str]]:
    """Where lines end: (start, end, tag) of each break, tag "" for a plain one."""
    if text.count("\\n") > max(1, text.count("\n")):
        for found in _ESCAPED.finditer(text):
            yield found.start(), found.end(), ""
        return
    if "<" not in text or not re.search(_TAG, text, re.I):
        for found in _PLAIN.finditer(text):
            yield found.start(), found.end(), ""
        return
    for found in _HTML.finditer(text):
        name = _TAG_NAME.match(found[0])
        yield found.start(), found.end(), (name[1] + name[2].lower()) if name else ""


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    position, newlines, is_blank, is_page, depth, column, tag = 0, 0, True, False, 0, -1, ""
    is_broken = False  # a <br> just before; the line end after it is the same break
    for start, end, name in _chain(_breaks(text), (len(text), len(text), "")):
        stripped = text[position:start].strip() if start > position else ""
        if stripped:
            if len(stripped) < 24 and stripped[-1] not in ":;." and _PAGE.fullmatch(stripped):
                is_page = is_blank = True
            else:
                begin = text.index(stripped, position)
                last = begin + len(stripped)
                lead = text[position:begin]
                if stripped[0] == "<" and (inline := _INLINE_TAGS.match(text, begin, last)):
                    begin = inline.end()
                if begin < last:
                    indent = len(lead.expandtabs(4)) + len(lead) * ("\u3000" in lead) if lead else 0
                    lines.append(_Line(begin, last, indent + 2 * depth, is_blank, is_page, tag, column if tag in ("td", "th") else -1))
                    is_blank = is_page = False
                    newlines, tag = 0, ""
        if not name:
            newlines += not is_broken
            is_broken = False
            is_blank = is_blank or newlines > 1
            is_page = is_page or text[start:end] == "\x0c"
        else:
            closing, bare = name.startswith("/"), name.lstrip("/")
            if bare in ("ul", "ol"):
                depth = max(0, min(12, depth + (-1 if closing else 1)))
            if bare == "tr":
                column = -1
            if bare in ("td", "th") and not closing:
                column += 1
            if not closing and bare != "br":
                tag = bare
            elif bare == tag:
                tag = ""
            newlines += bare == "br"
            is_broken = bare == "br"
            is_blank = is_blank or bare in _BLANK_TAGS
        position = end
    return lines


def _chain(items: Iterator[tuple[int, int, str]], last: tuple[int, int, str]) -> Iterator[tuple[int, int, str]]:
    yield from items
    yield last


def _width(text: str, lines: list[_Line]) -> int:
    """The column at which the lines are hard-wrapped, 0 when each is a paragraph.

    A break is forced when the next line's first word would not have fitted. In wrapped text nearly all breaks inside sentences are.
    """
    lengths = sorted(line.end - line.start + line.indent for line in lines)
    if len(lengths) < 4:
        return 0
    width = lengths[int(len(lengths) * 0.96)]
    if not 25 <= width <= 160:
        return 0
    forced = inner = 0
    for line, following in pairwise(lines):
        if following.is_after_blank or text[line.end - 1] in _SENTENCE_END:
            continue
        inner += 1
        forced += _is_forced(text, line, following, width)
    return width if inner >= 2 and forced >= 0.4 * inner else 0


def _is_wide(text: str, line: _Line) -> bool:
    """Whether the line is written in Chinese or Japanese, whose lines hold fewer characters and break anywhere."""
    middle = (line.start + line.end) // 2
    return max(text[middle : min(middle + 4, line.end)]) >= "\u2e80" or text[line.start] >= "\u3000"


def _is_forced(text: str, line: _Line, following: _Line, width: int) -> bool:
    word = _FIRST_WORD.match(text, following.start)
    first = word.end() - word.start() if word else 2
    return line.indent + line.end - line.start + 1 + first > width * 0.93


def blocks(text: str) -> Iterator[Block]:
    """The text as blocks in reading order; none for a text without words."""
    previous: Block | None = None
    current: Block | None = None
    for following in _joined(text):
        if current is not None:
            yield _as_heading(text, previous, current, following)
        previous, current = current, following
    if current is not None:
        yield _as_heading(text, previous, current, None)


def _joined(text: str) -> Iterator[Block]:
    """The lines as blocks: wrapped lines joined, rules dropped, headings known by their signs only."""
    lines = _lines(text)
    # NOTE: decided for the whole file, but for each script by itself: one half of a bilingual text may be wrapped, the other not
    wide = [_is_wide(text, line) for line in lines]
    widths = tuple(_width(text, [line for line, flag in zip(lines, wide, strict=True) if flag == group]) for group in (False, True))
    block: Block | None = None
    orphan: tuple[Marker, ...] = ()
    last: _Line | None = None
    for line, is_wide in zip(lines, wide, strict=True):
        if block is not None and last is not None and _continues(text, last, line, block, widths[is_wide]):
            block = block._replace(end=line.end)
            last = line
            continue
        if text[line.start] in "-=_*~—–|:+" and line.end - line.start <= 120 and _RULE.fullmatch(text, line.start, line.end):
            is_setext = last is not None and not line.is_after_blank and text[line.start] in "=-" and "|" not in text[line.start : line.end]
            if is_setext and block is not None and block.kind == "text" and block.end - block.start < 100:
                block = block._replace(kind="heading", level=1 if text[line.start] == "=" else 2)
            last = None
            continue
        if block is not None:
            yield block
        block, orphan = _block(text, line, orphan), ()
        last = line
        if block.start >= block.end:  # a marker alone on its line belongs to the next one
            orphan, block, last = block.markers, None, None
    if block is not None:
        yield block


def _continues(text: str, last: _Line, line: _Line, block: Block, width: int) -> bool:
    """Whether `line` goes on with the paragraph or item that `last` ends."""
    if line.tag or block.kind in ("row", "heading") or text[line.start] in "|#":
        return False
    begins_lower = text[line.start].islower() or _is_shouted(text, last, line)
    ends = text[last.end - 1] in _SENTENCE_END
    if line.is_after_blank:  # a page break may cut a sentence; a blank line does not
        goes_on = line.is_after_page and begins_lower and not ends
    elif not width:
        goes_on = begins_lower and not ends and (text[last.end - 1] != "," or text[line.start].isupper()) and last.end - last.start > 40
    elif ends:
        goes_on = _is_forced(text, last, line, width) and not (text[last.end - 1] in ":：" and line.indent > last.indent)
    else:
        goes_on = last.end - last.start + last.indent > (0.4 if begins_lower else 0.75) * width
    if not goes_on or not read_marker(text, line.start, line.end)[0]:
        return goes_on
    return not line.is_after_blank and bool(_REFERS.search(text, max(last.start, last.end - 12), last.end))


def _is_shouted(text: str, last: _Line, line: _Line) -> bool:
    """Whether both lines are capitals, as in a disclaimer that runs over several lines."""
    if last.end - last.start <= 40 or not text[line.end - 1 - (not text[line.end - 1].isalpha())].isupper():
        return False
    begin = text[line.start : min(line.end, line.start + 60)]
    return text[last.end - 20 : last.end].isupper() and sum(map(str.isupper, begin)) > 0.6 * len(begin)


def _block(text: str, line: _Line, orphan: tuple[Marker, ...]) -> Block:
    start, end, indent = line.start, line.end, line.indent
    blank = line.is_after_blank
    if text[start] == ">":
        while start < end and text[start] in "> ":
            start += 1
        if start == end:
            return Block(start, end, "text", indent)
    if line.tag[:1] == "h" and line.tag[1:].isdigit():
        return Block(start, end, "heading", indent, level=int(line.tag[1]), is_after_blank=True)
    if hashes := _HASHES.match(text, start, end):
        markers, begin = read_marker(text, hashes.end(), end)
        return Block(begin if begin < end else hashes.end(), end, "heading", indent, markers, len(hashes[1]), blank)
    if text[start] == "|" and end - start > 2:
        return Block(start, end, "row", indent, is_after_blank=blank)
    if line.column >= 0:
        return Block(start, end, "row", indent, is_after_blank=blank, column=line.column, level=int(line.tag == "th"))
    if line.tag == "li":
        markers, begin = read_marker(text, start, end)
        return Block(begin, end, "item", indent, (Marker("<li>", 0),), is_after_blank=blank)
    markers, begin = read_marker(text, start, end)
    if markers and markers[0].value == 0 and begin < end:
        inner, further = read_marker(text, begin, end)
        if inner and inner[0].value and further < end:
            begin = further
    if orphan and not markers:
        markers = orphan
    return Block(begin, end, "item" if markers else "text", indent, markers, is_after_blank=blank)


def _as_heading(text: str, previous: Block | None, block: Block, following: Block | None) -> Block:
    """The block, turned into a heading where its look and its neighbours say so."""
    if block.kind not in ("text", "item") or block.end - block.start > 120:
        return block
    if block.markers and (block.markers[0].value == 0 or block.markers[0].style in _ITEM_STYLES):
        is_bold = text.startswith("**", block.start) and text.endswith("**", 0, block.end)
        if not is_bold or block.markers[0].value == 0:
            return block
    words = text[block.start : block.end]
    is_counted = bool(block.markers and block.markers[0].value)
    is_stopped = is_counted and words.endswith(".") and " " in words and not _VERB.search(words)
    level = heading_level(words[:-1] if is_stopped else words)
    if not level:
        return block
    if block.markers and level > 4:
        is_run = any(_is_next(a, b) for a in block.markers for b in (following.markers if following else ()))
        is_tail = previous is not None and previous.kind == "item" and _is_listed(text, previous, block)
        if is_run or is_tail or following is None:
            return block
        level = 4 + block.markers[0].style.count(".1")
    elif not block.markers and level > 6:
        if (
            following is None
            or not block.is_after_blank
            or (previous is not None and text[previous.end - 1] in ":：" and previous.kind != "heading")
        ):
            return block
        if following.kind == "text" and not following.is_after_blank and level > 7 and following.end - following.start < 120:
            return block
    return block._replace(kind="heading", level=level)


def _is_listed(text: str, previous: Block, block: Block) -> bool:
    """Whether the block stands in one list with the item before it."""
    same = any(a.style == b.style for a in previous.markers for b in block.markers)
    if not same or previous.indent != block.indent:
        return False
    return text[previous.end - 1] not in ".。" or previous.markers[0].style[0] in "ai" or previous.end - previous.start < 60


def _is_next(one: Marker, other: Marker) -> bool:
    return one.style == other.style and other.value == one.value + 1


def heading_level(words: str) -> int:
    """The rank of a line that looks like a heading, else 0: 3 attachments, 4 capitals, 5 bold, 7 title case, 8 sentence case."""
    bare = words.strip(" *_\t\"'`")
    if not bare or bare[-1] in ":：;；,，" or len(bare) > 120:
        return 0
    is_bold = words.startswith("**") and words.endswith("**") and words.count("**") == 2
    if is_bold and bare[-1] not in "。":
        return 5
    found = _WORD.findall(bare)
    if not found:
        return 0
    letters = [c for word in found for c in word]
    if ord(letters[0]) >= 0x2E80 or bare[-1] in "。！？":
        return 7 if len(bare) <= 20 and not any(c in "。；，：！？、,;🚫" for c in bare) else 0
    if len(found) > 14:
        return 0
    if not bare.endswith(_TERMINAL) and len(found) <= 12 and _ATTACHMENT.match(bare):
        return 3
    if len(letters) >= 4 and all(not c.islower() for c in letters):
        return 0 if len(found) > 4 and bare.endswith(".") and _MODAL.search(bare) else 4
    if bare.endswith(_TERMINAL) or not bare[0].isupper() or ". " in bare or _META.search(bare):
        return 0
    heavy = [word for word in found if not _SMALL_WORDS.fullmatch(word)]
    capital = sum(word[0].isupper() for word in heavy)
    if heavy and len(found) <= 10 and capital >= 0.75 * len(heavy):
        return 7
    return 8 if len(found) <= 6 and not _VERB.search(bare) else 0
