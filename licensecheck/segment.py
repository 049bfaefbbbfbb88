"""Text to segments: sentences, list items with their whole chain of lead-ins, and headings.

Which lead-in governs which item is decided here, by markers, indents, colons, blank lines and a few words (`openers`); what it does to
the item is not.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from itertools import pairwise

from licensecheck import answers, openers, outline, sentences
from licensecheck.leads import DEPTH, Leads, cap
from licensecheck.markers import Marker
from licensecheck.outline import Block
from licensecheck.types import Segment, Span

LABEL = 10  # characters; a shorter line before a heading ("Version:") is a label, no lead-in
LEAD = 24  # characters; a shorter one leads into no list of titled parts
SHORT = 6  # characters; what is shorter is one sentence
BOLD = 5  # the level of a heading in bold
FRAGMENT = 140  # characters; a longer paragraph is more than the name of a use
CELLS = 64  # of a table row; more is no table

_COLONS = (":", "：")
_NINTH = 9  # "i" among the letters


class _Frame:
    """An open list: how its items are marked, where they stand, and the lead-ins above them."""

    __slots__ = ("heading", "indent", "is_bold", "is_open", "lead_indent", "leads", "markers", "sign", "tail")

    def __init__(self, markers: tuple[Marker, ...], indent: int, leads: Leads, heading: Span | None = None) -> None:
        self.markers, self.indent, self.leads, self.heading = markers, indent, leads, heading
        self.lead_indent = indent  # of the lead-in above the list
        self.tail: Span | None = None  # last sentence of the latest item, when it may govern what stands below
        self.sign: Span | None = None  # the emoji before the latest item: it says what the further lines are
        self.is_open = True
        self.is_bold = False  # each item begins in bold


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[Segment] = []
        self.frames: list[_Frame] = []
        self.pending: Leads | None = None  # the chain that the next block is governed by
        self.pending_indent = 0
        self.heading: Span | None = None
        self.headings: list[tuple[int, Span]] = []
        self.group: tuple[int, Leads, bool] | None = None  # a lead-in over headings of one level, and whether they are counted
        self.row: tuple[Span, ...] = ()
        self.first = 0  # where in `out` the first cell of an HTML row stands
        self.tail: Span | None = None  # last sentence of the block before, when it may govern a list
        self.between: Leads | None = None  # a lead-in that stands between the items of one list
        self.is_loose = False  # the open unmarked list holds whole sentences
        self.fragments = 0  # how many segments there are after a paragraph that only names a use
        self.is_started = False

    # -- emitting ---------------------------------------------------------------------------------------------------

    def emit(self, start: int, end: int, kind: str, leads: Leads) -> Span:
        span = Span(start, end)
        if no := answers.refusal_in(self.text, span):
            kind, leads = "item", cap((*leads, no))
        if kind == "item":
            self.out.append(Segment(start, end, "item", leads, self.heading))
        else:
            self.out.append(Segment(start, end, "sentence"))
        return span

    def prose(self, start: int, end: int, kind: str, leads: Leads, depth: int = 0) -> Span | None:
        """Emits the sentences and in-line lists of [start, end); returns the last sentence."""
        if 0 < end - start <= SHORT and self.text[start].isalnum() and not self.text[end - 1].isspace():
            return self.emit(start, end, kind, leads)
        last: Span | None = None
        for listed in sentences.enumerations(self.text, start, end) if depth < 4 and end - start > 12 else []:
            before: Span | None = None
            for sentence in sentences.sentences(self.text, *listed.lead):
                before = self.sentence(*sentence, kind, leads, depth)
            is_list = self.governs(before) if before is not None else self.heading is not None and self.heading.end >= start - 2
            chain = cap((*leads, before)) if before is not None and is_list else leads
            for item in listed.items:
                last = self.prose(*item, "item" if is_list else kind, chain, depth + 1)
            start = listed.items[-1][1]
        for sentence in sentences.sentences(self.text, start, end):
            if last is not None and kind == "sentence" and openers.LIKEWISE.match(self.text, *sentence):
                self.sentence(*sentence, "item", cap((*leads, last)), depth)  # what stood before governs the next one too
            else:
                last = self.sentence(*sentence, kind, leads, depth)
        return last

    def governs(self, last: Span) -> bool:
        """Whether a sentence leads into what follows: it is unfinished, or says that something follows."""
        if last.end - last.start > 12 and openers.PREAMBLE.search(self.text, max(last.start, last.end - 60), last.end):
            return False
        words = self.text[max(last.start, last.end - 4) : last.end].rstrip("*_ \"'”’)")
        if not words.endswith((".", "!", "?", "。", "！", "？", ";", "；")):
            return True
        return last.end - last.start < 300 and bool(openers.FOLLOWING.search(self.text, max(last.start, last.end - 160), last.end))

    def sentence(self, start: int, end: int, kind: str, leads: Leads, depth: int) -> Span:
        listed = sentences.semicolons(self.text, start, end) if depth < 4 and end - start > 12 else None
        if listed is None:
            return self.emit(start, end, kind, leads)
        lead = self.emit(*listed.lead, kind, leads)
        last = lead
        for item in listed.items:
            last = self.emit(*item, "item", cap((*leads, lead)))
        return last

    # -- blocks -----------------------------------------------------------------------------------------------------

    def run(self) -> tuple[Segment, ...]:
        for block, following in pairwise(itertools.chain(outline.blocks(self.text), (None,))):
            assert block is not None
            if block.kind != "row":
                self.row = ()
            match block.kind:
                case "heading" if self.is_led(block, following):
                    self.on_item(block)
                case "heading":
                    self.on_heading(block)
                case "row":
                    self.on_row(block)
                case "item":
                    self.on_item(block)
                case _:
                    self.on_text(block)
            self.is_started = True
        return tuple(answers.applied(self.text, self.out))

    def on_heading(self, block: Block) -> None:
        span = Span(*sentences.trim(self.text, block.start, block.end))
        if span.end - span.start > sentences.LONGEST:
            self.on_text(block)
            return
        above = self.pending
        if above is None and self.tail and self.forbids(self.tail) and openers.BELOW.search(self.text, self.tail.start, self.tail.end):
            above = (self.tail,)
        if above is not None and block.level >= 3 and self.reaches_over_headings(above[-1]):
            self.group = (block.level, above, bool(block.markers))
        elif self.group and (
            block.level < self.group[0] or (bool(block.markers) != self.group[2] and block.level <= max(self.group[0], BOLD))
        ):
            self.group = None
        while self.headings and self.headings[-1][0] >= block.level:
            self.headings.pop()
        self.out.append(Segment(span.start, span.end, "heading", heading=self.headings[-1][1] if self.headings else None))
        is_title = not self.is_started and bool(openers.TITLE.search(self.text, span.start, span.end))
        if not is_title:
            self.headings.append((block.level, span))
        self.heading = None if is_title else span
        self.frames = [_Frame((), -1, self.group[1])] if self.group else []
        if block.markers and not self.group:
            self.frames = [_Frame(block.markers, block.indent, (), self.headings[-2][1] if len(self.headings) > 1 else None)]
        self.pending = self.tail = None
        self.is_loose = False
        if self.text[span.end - 1] in _COLONS:
            self.pending = (span,)
            self.pending_indent = block.indent

    def forbids(self, lead: Span) -> bool:
        return openers.BANS.search(self.text, lead.start, lead.end) is not None

    def is_led(self, heading: Block, following: Block | None) -> bool:
        """Whether what looks like a heading ("II. Medical Advice", items below it) goes on with a list that a lead-in governs."""
        if not heading.markers or following is None or not any(m.value == 1 for m in following.markers):
            return False
        listed = self.sibling(heading)
        return listed is not None and bool(listed.leads) and listed.leads[-1].end - listed.leads[-1].start >= LEAD

    def reaches_over_headings(self, lead: Span) -> bool:
        return lead.end - lead.start >= LABEL and not openers.TERMS.search(self.text, max(lead.start, lead.end - 20), lead.end)

    def on_row(self, block: Block) -> None:
        leads = self.pending or ()
        if block.column >= 0:  # HTML: one block a cell
            span = Span(block.start, block.end)
            if block.level:
                self.row = (*self.row[: block.column], span)
            header = (self.row[block.column],) if not block.level and block.column < len(self.row) else ()
            if block.column == 0:
                self.first = len(self.out)
            elif answers.is_refusal(self.text, span, self.header(block.column)) and self.first < len(self.out):
                named = self.out[self.first]
                self.out[self.first] = replace(named, leads=cap((*named.leads, span)))
            self.emit(block.start, block.end, "item", cap((*leads, *header)))
            return
        cells = [sentences.trim(self.text, *cell) for cell in _cells(self.text, block.start, block.end)]
        spans = [Span(*cell) for cell in cells if cell[0] < cell[1]]
        if not spans:
            return
        if len(cells) > CELLS:
            self.on_text(block)
            return
        whole = Span(spans[0].start, spans[-1].end)
        if not self.row:
            self.row = tuple(Span(*cell) for cell in cells)
            self.prose(whole.start, whole.end, "item", leads)
            return
        later = [(Span(*cell), self.header(n)) for n, cell in enumerate(cells) if n and cell[0] < cell[1]]
        refusal = next((cell for cell, header in later if answers.is_refusal(self.text, cell, header)), None)
        if refusal is not None:
            self.prose(whole.start, whole.end, "item", cap((*leads, Span(self.row[0].start, self.row[-1].end), refusal)))
            return
        if len(spans) > 1 and all(span.end - span.start > 24 for span in spans):
            for column, cell in enumerate(cells):
                header = (self.row[column],) if column < len(self.row) and self.row[column].start < self.row[column].end else ()
                self.prose(*cell, "item", cap((*leads, *header)))
            return
        header = (Span(self.row[0].start, self.row[-1].end),)
        for first, stop in sentences.sentences(self.text, whole.start, whole.end):
            self.emit(first, stop, "item", cap((*leads, *header)))

    def header(self, column: int) -> Span | None:
        return self.row[column] if column < len(self.row) else None

    def on_item(self, block: Block) -> None:
        frame = self.sibling(block)
        if frame is None:
            frame = self.open_list(block)
        else:
            while self.frames[-1] is not frame:
                self.frames.pop()
            frame.markers = tuple(m for m in block.markers if any(m.style == other.style for other in frame.markers)) or block.markers
            if frame.leads and self.between is not None and len(self.between) == 1 and self.is_unfinished(self.between[0]):
                frame.leads = (*frame.leads[:-1], *self.between)  # "may: (i) … (ii) … but may not: (iii) …"
        frame.is_open, frame.tail = True, None
        frame.sign = Span(block.start, block.start + 1) if block.markers[0].style == "emoji" else None
        self.pending = None
        self.heading = frame.heading  # a run-in heading ends with its section
        start = block.start
        leads = frame.leads
        kind = "item" if leads or block.markers[0].style[0] != "§" else "sentence"
        if block.markers[0].value and (run_in := self.run_in(start, block.end, is_counted=True)):
            start = run_in
            says = openers.SUBJECT.match(self.text, sentences.trim(self.text, start, block.end)[0])
            if leads and says and not self.forbids(leads[-1]):
                leads = frame.leads = ()  # whole sections under "the following terms:" stand by themselves
            kind = "item" if leads else "sentence"
        self.settle(self.prose(start, block.end, kind, leads), leads, block, frame)

    def is_run_in(self, words: str, is_counted: bool) -> bool:
        level = outline.heading_level(words)
        return 0 < level < (9 if is_counted else 8)

    def run_in(self, start: int, end: int, *, is_counted: bool) -> int:
        """Emits a run-in heading ("Grant. We grant ...") and returns where the words after it begin; 0 when there is none."""
        found = openers.RUN_IN.match(self.text, start, min(end, start + 110))
        if not found or found.end() >= end or not self.is_run_in(found[1].strip("*_"), is_counted):
            return 0
        if len(found[1].split()) > 10 or found[1].split()[-1].lower() in sentences._ABBREVIATIONS:
            return 0
        self.heading = Span(found.start(), found.end())
        self.out.append(Segment(found.start(), found.end(), "heading", heading=self.headings[-1][1] if self.headings else None))
        return found.end()

    def settle(self, last: Span | None, leads: Leads, block: Block, frame: _Frame | None) -> None:
        """Notes what the last sentence of a block may govern."""
        self.pending = self.tail = self.between = None
        if frame is not None and not frame.markers:
            frame.tail = None
        if last is not None and self.governs(last):
            if frame is None:
                self.between = cap((*leads, last))
            if self.text[max(last.start, block.end - 4) : block.end].rstrip("*_ \"'").endswith(_COLONS):
                self.pending, self.pending_indent = cap((*leads, last)), block.indent
            elif frame is None:
                self.tail = last
            if frame is not None:
                frame.tail = last

    def sibling(self, block: Block) -> _Frame | None:
        """The open list that the item goes on with: by number at its indent, else by number, else by style at its indent."""
        for wanted in ("next at its indent", "next", "at its indent"):
            for frame in reversed(self.frames):
                is_level = abs(frame.indent - block.indent) <= 1
                if wanted != "next" and not is_level:
                    continue
                for marker in block.markers:
                    for other in frame.markers:
                        if marker.style == other.style and self.goes_on(frame, other, marker, wanted):
                            return frame
        return None

    def goes_on(self, frame: _Frame, last: Marker, marker: Marker, wanted: str) -> bool:
        if wanted != "at its indent":
            return bool(marker.value) and marker.value == last.value + 1
        if marker.value == _NINTH and last.value < _NINTH - 1:  # "i." after "b.": the first of a list of its own
            return False
        # NOTE: drafters number wrongly ("(k)", "(a)", "(l)"); with nothing in between it is still one list
        return frame.is_open and not (self.pending is not None and frame is self.frames[-1])

    def open_list(self, block: Block) -> _Frame:
        leads: Leads = ()
        is_led = self.pending is not None
        if self.pending is not None:
            leads = self.pending
            while self.frames and (self.frames[-1].indent > self.pending_indent and self.frames[-1].leads != leads[:-1]):
                self.frames.pop()
        else:
            while self.frames and self.frames[-1].indent >= 0 and not self.nests(self.frames[-1], block):
                self.frames.pop()
            if self.frames:
                parent = self.frames[-1]
                leads = cap((*parent.leads, parent.tail)) if parent.tail else parent.leads
            elif self.tail and (not block.markers[0].value or self.is_unfinished(self.tail) or self.begins_below(block)):
                leads = (self.tail,)
        del self.frames[DEPTH:]
        frame = _Frame(block.markers, block.indent, leads, self.heading)
        if is_led:
            frame.lead_indent = self.pending_indent
        self.frames.append(frame)
        return frame

    def begins_below(self, block: Block) -> bool:
        """Whether the first of counted items stands on the line after its lead-in."""
        return not block.is_after_blank and any(m.value == 1 for m in block.markers)

    def nests(self, frame: _Frame, block: Block) -> bool:
        """Whether a new list begins inside the latest item of `frame`."""
        if not frame.is_open:
            return False
        if not frame.markers and frame.tail is not None:
            return True
        if block.indent > frame.indent + 1:
            return True
        first = [m for m in block.markers if m.value <= 1]  # "i." is the ninth letter, or the first of its own list
        same = any(m.style == o.style for m in first for o in frame.markers)
        return bool(first) and not same and block.indent >= frame.indent - 1 and bool(frame.markers) and frame.markers[0].value > 0

    def on_text(self, block: Block) -> None:
        text = self.text
        frame = self.frames[-1] if self.frames and self.pending is None else None
        # a further paragraph of the item; where even the lead-in is indented more than its items, only first lines are indented
        if frame is not None and frame.markers and frame.is_open and block.indent > max(frame.indent + 1, frame.lead_indent):
            leads = cap((*frame.leads, frame.sign)) if frame.sign else frame.leads
            self.settle(self.prose(block.start, block.end, "item", leads), leads, block, frame)
            return
        told = self.tail or (self.frames[-1].tail if self.frames and self.frames[-1].is_open else None)
        if self.pending is None and told is not None and self.is_told(block, told):
            self.pending, self.pending_indent = (told,) if told is self.tail else cap((*self.frames[-1].leads, told)), block.indent
        unmarked = self.unmarked(block)
        if unmarked is not None:
            self.pending = None
            last: Span | None = None
            begun = len(self.out)
            for start, end in sentences.alternatives(self.text, block.start, block.end):
                last = self.prose(start, end, "item", unmarked.leads)
            self.settle(last, unmarked.leads, block, unmarked)
            is_sentence = text[block.end - 1] in ".。" and len(self.out) == begun + 1 and not text[block.start].islower()
            self.is_loose = self.is_loose or is_sentence
            return
        self.frames = [f for f in self.frames if (f.markers and f.markers[0].value) or f.indent < 0]
        for open_frame in self.frames:
            open_frame.is_open = open_frame.is_open and block.indent > open_frame.indent + 1
        self.is_loose = False
        start = block.start
        if run_in := self.run_in(start, block.end, is_counted=False):
            start = run_in
        kind = "item" if self.is_fragment(block) else "sentence"
        self.settle(self.prose(start, block.end, kind, ()), (), block, None)
        self.fragments = len(self.out) if kind == "item" else 0

    def is_fragment(self, block: Block) -> bool:
        """Whether a paragraph is but the name of a use ("Combat of any kind.") that the heading right above it speaks for."""
        if self.heading is None or block.end - block.start > FRAGMENT:
            return False
        follows = self.out[-1].kind == "heading" or self.fragments == len(self.out)
        return follows and not openers.SAYS.search(self.text, block.start, block.end)

    def unmarked(self, block: Block) -> _Frame | None:
        """The list without markers that the block is an item of, opened or gone on with."""
        if self.pending is not None:
            frame = _Frame((), block.indent, self.pending)
            frame.lead_indent = self.pending_indent
            frame.is_bold = self.text.startswith("**", block.start)
            while (
                self.frames
                and not self.frames[-1].markers
                and self.frames[-1].indent >= block.indent
                and self.frames[-1].indent >= 0
                and len(self.pending) < 2
            ):
                self.frames.pop()
            del self.frames[DEPTH:]
            self.frames.append(frame)
            self.is_loose = False
            return frame
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            if frame.markers or frame.indent < 0 or not frame.leads:
                continue
            if abs(frame.indent - block.indent) <= 1 and self.is_item(block, frame):
                del self.frames[depth + 1 :]
                return frame
            if block.indent > frame.indent + 1:
                del self.frames[depth + 1 :]
                return frame
        return None

    def is_unfinished(self, last: Span) -> bool:
        """Whether a sentence without a colon plainly goes on in the numbered list below it; a line of the title page does not."""
        if openers.FOLLOWING.search(self.text, last.start, last.end) or openers.UNFINISHED.search(
            self.text, max(last.start, last.end - 20), last.end
        ):
            return True
        return self.text[last.end - 1] >= "\u2e80"

    def is_told(self, block: Block, tail: Span) -> bool:
        """Whether an unmarked paragraph is the first thing that a sentence announced: a finished one ("in these ways. To make war.")
        or one that breaks off ("You may not", and lines that end in semicolons).
        """
        if block.end - block.start > 400:
            return False
        if openers.FOLLOWING.search(self.text, tail.start, tail.end):
            return not openers.SUBJECT.match(self.text, block.start)
        is_joint = self.text[block.start].islower() and openers.JOINT.search(self.text, max(block.start, block.end - 12), block.end)
        return bool(is_joint and openers.UNFINISHED.search(self.text, max(tail.start, tail.end - 20), tail.end))

    def is_item(self, block: Block, frame: _Frame) -> bool:
        """Whether an unmarked paragraph at the list's own indent looks like its next item."""
        words = self.text[block.start : min(block.end, block.start + 400)]
        if frame.indent > frame.lead_indent + 1:
            return True
        if words[0].islower() or openers.JOINT.search(self.text, max(block.start, block.end - 12), block.end):
            return True
        if frame.is_bold and words.startswith("**"):
            return True
        is_bare = self.text[block.end - 1] not in ".:!?。：！？"
        if is_bare and (len(words.split()) <= 12 if words[0].isascii() else len(words) <= 40):
            return True
        if not self.is_loose or block.end - block.start > 400 or openers.SUBJECT.match(words) or words[0] in "“\"'":
            return False
        return len(sentences.sentences(self.text, block.start, block.end)) == 1


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    edges = [start - 1] if text[start] != "|" else []
    edges += [found.start() for found in re.finditer(r"(?<!\\)\|", text[start:end])]
    edges = [edge + start if edge >= 0 and edge != start - 1 else edge for edge in edges]
    if not edges or edges[-1] < end - 1:
        edges.append(end)
    return [(a + 1, b) for a, b in pairwise(edges)]


def segment(text: str) -> tuple[Segment, ...]:
    """The segments of `text` in reading order; spans are characters [start, end) of `text`.

    Sentences and list items are never longer than 2,000 characters. Linear in the length of the text.
    """
    return _Walk(text).run()
