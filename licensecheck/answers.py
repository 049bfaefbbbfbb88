"""A plain "no" and what it says no to: a table's cell, the end of a line, the answer to a question; and "any other use".

What so answers stands in or after its item, and governs it as a lead-in would.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from licensecheck.leads import cap
from licensecheck.types import Segment, Span

ANSWER = 100  # characters; a longer line is more than a use and a yes or no
_REFUSED = (
    r"[❌🚫⛔✗✘✖×✕]|(?:no[,.;]? )?(?:not (?:allowed|permitted|ok|okay)|forbidden|prohibited|never|nein|verboten|prohibido|vietato)\b"
    r"|不可|不得|禁止|不允许|不可以|不授权|不许可"
)
_REFUSAL = re.compile(rf"\W*(?:{_REFUSED})", re.I)  # a table cell that says no to what the row's first cell names
_NO = re.compile(r"\W*(?:no|否|いいえ|×)(?:\W*|\s*[,;.(–—-].{0,80})", re.I)  # says no only to what asks whether
_ALLOWED = re.compile(r"\b(?:allow|permit|licen[sc]ed?\b|ok\b|okay|can\b|may\b|possible|legal)|可|允许|允許|許可|授权|授權|能否|是否", re.I)
_ANSWERED = re.compile(rf"[^:：\n]{{3,80}}?(?:[:：]|\s[-–—]{{1,2}})\s*(?P<no>(?:{_REFUSED}|no\b|否)[^\w:：]*)$", re.I)
"""A line that names a use and says no to it ("Commercial use: no")."""
_QUESTION = re.compile(r"[?？][*_\"'”\s]*$")
_BOUND = re.compile(
    r"\b(?:have to|need to|needs? (?:a|an|your)|must|required|obliged|prohibited|forbidden|banned|barred|disallowed|excluded|off.limits"
    r"|restrict\w*|limit(?:s|ed|ations?)?|cap|ceiling|verboten|untersagt|prohibid[oa]s?|viet(?:at[oaie]))\b"
    r"|需要|必须|必須|要不要|禁止|限制|上限|しなければ|必要",
    re.I,
)
"""Asks whether something must be done or is forbidden: no to that binds nobody, unless it asks what may be done, too."""
_FREE = re.compile(
    r"\b(?:may|can|could|allow(?:ed|s)?|permit(?:ted|s)?|ok|okay|fine|possible|legal)\b|能否|可以|可否|能不能|可能|できますか", re.I
)
_ANSWER = r"(?:A\d{0,2}[:.]|答[:：])?[*_\"“\s]*"
_UNBOUND = re.compile(
    rf"{_ANSWER}(?:(?:no|none|nothing|not at all|nein|nirgends|ninguno)\b"
    r"|(?:都|均|也)?(?:不(?=[，,。])|不需要|不必|不用|不是|不会|不限|没有|无(?:需|须)?)|いいえ|ありません|必要ありません|不要です)",
    re.I,
)
_BUT = re.compile(r"\b(?:except|unless|but|only|however|provided|außer|salvo|tranne)\b|除|但|ただし", re.I)
"""What makes a no no plain one."""
_NAY = re.compile(
    rf"{_ANSWER}"
    r"(?P<no>no\b(?![.,]? (?:longer|problem|need|one|matter|restrict|limit))|nein\b|(?:当然|當然|绝对|完全)?不(?:可以?|能|行)|否"
    r"|不(?=[，,。])|いいえ)",
    re.I,
)
"""An answer that begins with no."""
_REST = re.compile(
    r"(?:any|all|every)(?: and all)? other (?:use|usage|purpose|application|exploitation)s?\b|(?:everything|anything) else\b"
    r"|(?:jede|alle|jegliche) (?:andere|sonstige|weitere)\w* (?:nutzung|verwendung)"
    r"|(?:其他|其它|任何其他|除此之外)[^。]{0,6}(?:用途|使用|目的)|(?:上記|これ)以外の",
    re.I,
)
"""A sentence about all but what the sentence before allows."""


def is_refusal(text: str, cell: Span, header: Span | None) -> bool:
    """Whether a table's cell says no to what its row names; a bare "no" does where its column tells what is allowed."""
    if _REFUSAL.match(text, cell.start, cell.end):
        return True
    is_bare = _NO.fullmatch(text, cell.start, cell.end) is not None
    return is_bare and header is not None and _ALLOWED.search(text, header.start, header.end) is not None


def refusal_in(text: str, line: Span) -> Span | None:
    """The words at the end of a line that say no to the use which it names; None where there are none."""
    said = _ANSWERED.match(text, line.start, line.end) if line.end - line.start <= ANSWER else None
    return Span(*said.span("no")) if said else None


def applied(text: str, segments: Sequence[Segment]) -> Iterator[Segment]:
    """The segments, each as an item under what the next one says of it: no, or that the rest is not allowed.

    A question whether something is forbidden or must be done, to which the answer is no, is left out: it says nothing.
    """
    left_out: set[Span | None] = set()
    for segment, following in pairwise(itertools.chain(segments, (None,))):
        assert segment is not None
        if segment.heading in left_out:
            segment = replace(segment, heading=None)
        if following is not None and _is_unbound(text, segment, following):
            left_out.add(Span(segment.start, segment.end))
        elif following is not None and (no := _nay(text, segment, following)):
            yield replace(segment, kind="item", leads=(no,), heading=None if segment.kind == "heading" else segment.heading)
        elif following is not None and segment.kind != "heading" and _REST.match(text, following.start, following.end):
            yield replace(segment, kind="item", leads=cap((*segment.leads, Span(following.start, following.end))))
        else:
            yield segment


def _asks(text: str, question: Segment) -> bool:
    return _QUESTION.search(text, max(question.start, question.end - 8), question.end) is not None


def _is_unbound(text: str, question: Segment, answer: Segment) -> bool:
    start, end = question.start, question.end
    is_bound = _asks(text, question) and _BOUND.search(text, start, end) and not _FREE.search(text, start, end)
    return bool(is_bound and _UNBOUND.match(text, answer.start, answer.end) and not _BUT.search(text, answer.start, answer.end))


def _nay(text: str, question: Segment, answer: Segment) -> Span | None:
    if not _asks(text, question):
        return None
    said = _NAY.match(text, answer.start, answer.end)
    return Span(*said.span("no")) if said else None
