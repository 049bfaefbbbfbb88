"""What stands before a list item or a section: bullets, numbers, letters, roman and Chinese numerals, section signs.

Reads one marker at one place and says how it may count; whether it belongs to a list is decided by `outline` and `segment`.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Marker(NamedTuple):
    """One way to read what stands before an item: a style ("-", "(a)", "1.") and its place in the count (0 for bullets)."""

    style: str
    value: int


_HAN = "一二三四五六七八九十百零〇两"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_EMOJI = "\u2600-\u27bf\u2b50-\u2b55\U0001f000-\U0001faff×✕"
_MARKERS = re.compile(
    rf"""(?:\*\*|__)?(?:
      (?P<bullet>[-*+–—■□➢►◆▶○◯△➤.](?=\s)|¥(?=\s+[^\s\d])|\\[-*](?=\s)|[•·●▪◦‣∙・\ue000-\uf8ff\U00100000-\U0010fffd])
    | (?P<emoji>(?=[{_EMOJI}]|©\ufe0f))
    | (?P<circled>[{_CIRCLED}])
    | (?P<clause>第\s?(?P<clausenum>[{_HAN}]{{1,4}}|\d{{1,3}})\s?[条章节條節款項项部分編编])[\s:：、.]?
    | (?P<han>[（(](?P<hanp>[{_HAN}]{{1,4}})[）)]|(?P<hand>[{_HAN}]{{1,4}})[、．.])
    | (?P<sect>(?:§{{1,2}}\s?|(?:section|sec\.|article|art\.|clause|artikel|abschnitt|ziffer|sección|artículo|cláusula|sezione|articolo|
        seção|artigo)\s{{1,3}})
        (?P<sectnum>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}|[IVXLC]{{1,6}}\b)(?:[.:)]|\s?[-–—](?=\s)|(?=\s)|$))
    | (?P<dotted>\d{{1,3}}(?:\.\d{{1,3}}){{1,4}})[.)．:]?(?=\s|\*\*|[^\x00-\x7f]|$)
    | (?P<open>[（(\[]?)(?P<num>\d{{1,3}})(?P<close>\\?[.)）．、\]](?!\d))(?=\s|\*|[^\x00-\x7f]|[A-Z“"]|$)
    | (?P<aopen>[（(\[]?)(?P<alpha>[ivxlc]{{1,6}}|[IVXLC]{{1,6}}|[a-zA-Z])(?P<aclose>\\?[.)）．\]])(?=\s|\*\*|[^\x00-\x7f]|$)
    )(?:\*\*|__)?""",
    re.X | re.I,
)
_MAYBE = re.compile(r"(?:[ivxlc]{2,6}[.)\]\\]|sec|art|cl|abs|ziff|claus|sez)", re.I)  # words that may open a marker; most lines do not
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def roman(letters: str) -> int:
    """The value of a roman numeral, 0 when the letters are none ("iv" -> 4, "ic" -> 0)."""
    total, last = 0, 0
    for letter in reversed(letters.lower()):
        digit = _ROMAN.get(letter, 0)
        total += -digit if digit < last else digit
        last = max(last, digit)
    if not 0 < total < 90:
        return 0
    tens, ones = divmod(total, 10)
    written = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx")[tens] + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[
        ones
    ]
    return total if written == letters.lower() else 0


def _han(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.partition("十")
    value = "零一二三四五六七八九"
    if not ten:
        return max(value.find(tens[:1]), 0)
    return (value.find(tens) if tens else 1) * 10 + (value.find(ones) if ones else 0)


def read_marker(text: str, start: int, end: int) -> tuple[tuple[Marker, ...], int]:
    """The readings of the marker at `start` and where the item's words begin; no readings and `start` when there is none."""
    if (
        text[start].isalpha()
        and start + 1 < end
        and text[start + 1].isalpha()
        and text[start : start + 8].isascii()
        and not _MAYBE.match(text, start, end)
    ):
        return (), start
    found = _MARKERS.match(text, start, end)
    if found is None:
        return (), start
    after, name = found.end(), found.lastgroup
    group = found.groupdict()
    markers: tuple[Marker, ...] = ()
    if group["bullet"]:
        markers = (Marker(group["bullet"].lstrip("\\"), 0),)
    elif name == "emoji":
        return (Marker("emoji", 0),), start
    elif group["circled"]:
        markers = (Marker("①", _CIRCLED.index(group["circled"]) + 1),)
    elif group["clause"]:
        markers = (Marker("第" + group["clause"][-1], _han(group["clausenum"])),)
    elif group["han"]:
        markers = (Marker("（一）", _han(group["hanp"])),) if group["hanp"] else (Marker("一、", _han(group["hand"])),)
    elif group["sect"]:
        number = group["sectnum"].split(".")
        markers = (Marker("§" * len(number), int(number[-1]) if number[-1].isdigit() else roman(number[-1])),)
    elif group["dotted"]:
        parts = group["dotted"].split(".")
        markers = (Marker("1" + ".1" * (len(parts) - 1), int(parts[-1])),)
    elif group["num"]:
        markers = (Marker(f"{group['open']}1{group['close'][-1]}", int(group["num"])),)
    elif group["alpha"]:
        letters, frame = group["alpha"], "{}{}{}"
        if not group["aopen"] and group["aclose"] == "." and letters in ("I", "A") and not text[after : after + 1].isspace():
            return (), start
        readings = []
        if len(letters) == 1:
            readings.append(
                Marker(frame.format(group["aopen"], "a" if letters.islower() else "A", group["aclose"][-1]), ord(letters.lower()) - 96)
            )
        if value := roman(letters):
            readings.append(Marker(frame.format(group["aopen"], "i" if letters.islower() else "I", group["aclose"][-1]), value))
        markers = tuple(readings)
    if not markers:
        return (), start
    while after < end and text[after] in " \t\u3000\xa0":
        after += 1
    # a bullet before a number or a sign ("- (a) ...") is one marker; emoji stay inside the span: the sign may be the ban
    return markers, after
