"""Annexes that a sentence elsewhere makes lists of bans: "shall not use it for a purpose listed in Annex 1"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from licensecheck.types import Segment, Span
from licensecheck.units import Unit, token_at

_LABEL = re.compile(
    r"\b(annex(?:ure)?|appendix|schedule|exhibit|attachment|addendum|anhang|anlage|anexo|allegato)\s+(\d{1,2}|[a-z]|[ivx]{1,4})\b"
    r"|(附件|附录|附錄|附表|别紙|別紙|別表)\s*(\d{1,2}|[A-Z]\b|[一二三四五六七八九十]{0,2})",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:uses?|used|purposes?|activit(?:y|ies)|applications?|fields?|practices?|conduct|manner|ways?|anything|restrictions?|prohibitions?|usos?|fines|scopi|usi)"
    r"\b(?P<between>.{0,60}?)\b(?:in|under|by|at|on|of|to|en|nel|nell|nella|dal|el)\s+(?:(?:the|an?|el|la)\s+)?(?:attached\s+)?$",
    re.I | re.S,
)
"""A use that the annex names."""
_AFTER = re.compile(
    r"\s*(?:genannte|aufgeführte|bezeichnete|aufgezählte)n?\s+(?:Zweck|Nutzung|Verwendung|Anwendung)"
    r"|[^。；;]{0,12}?(?:用途|目的|行为|行為|场景|領域|领域|使用方式)",
    re.I,
)
_BESIDES = re.compile(
    r"\b(?:contrary|inconsistent|accordance|compliance|conformity|other|otherwise|except|outside|beyond|without|unless|not|permitted|allowed|granted)\b",
    re.I,
)
"""What an annex is contrasted with is not what it forbids."""


def forbidding(segments: Sequence[Segment], units: Mapping[tuple[int, int], Unit]) -> tuple[frozenset[Span], frozenset[Span]]:
    """The headings of annexes whose uses a sentence of the text forbids, and those sentences."""
    headings: dict[str, list[Span]] = {}
    for segment in segments:
        if segment.kind == "heading" and (label := _LABEL.match(units[(segment.start, segment.end)].text.lstrip("#*_ "))):
            headings.setdefault(_plain(label), []).append(Span(segment.start, segment.end))
    named: set[str] = set()
    sentences: set[Span] = set()
    for segment in segments if headings else ():
        unit = units[(segment.start, segment.end)]
        if segment.kind != "heading" and not unit.polarity.is_definition:
            for label in _LABEL.finditer(unit.text):
                if _plain(label) in headings and _forbids(unit, label):
                    named.add(_plain(label))
                    sentences.add(Span(segment.start, segment.end))
    return frozenset(span for label in named for span in headings[label]), frozenset(sentences)


def _plain(label: re.Match[str]) -> str:
    return "".join(part for part in label.groups() if part).lower()


def _forbids(unit: Unit, label: re.Match[str]) -> bool:
    before = _BEFORE.search(unit.text, max(0, label.start() - 110), label.start())
    if before and _BESIDES.search(before["between"]):
        return False
    if not before and not _AFTER.match(unit.text, label.end()):
        return False
    token = token_at(unit.tokens, label.start())
    state = unit.polarity.at(token, token + 1)
    return state == "ban" or (state == "duty" and before is not None and "restrict" in before[0].lower())
