"""Reads a number in a stream of tokens: digits, number words of four languages, Han numerals, and the multipliers after them.

What a number counts, and whether it counts anything, is for `amounts`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from licensecheck.quantities import Stream, Token, is_cjk

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
# Beside these a Han numeral is part of a word ("唯一", "一切") or of a label ("第三条").
_NOT_AFTER = ("第", "之", "统", "任", "唯", "上", "前", "每", "某", "同")
_NOT_BEFORE = ("分之", "切", "般", "旦", "不", "条", "款")
_SPACED_SUFFIXES = ("K", "M", "B", "MM", "Mio", "bn", "mn")
_AFTER_FRACTION = (("of", "a"), ("of", "one"))  # only "half" stands before a bare "a": "in each quarter a million users" is a million
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+)|[1-9]\d?(?:,\d\d)+,\d{3}")
_MAX_DIGITS = 24  # no license counts further, and int() is quadratic


class Number(NamedTuple):
    """A number and where it ends."""

    value: int | float
    next: int  # the token after it
    end: int  # the character after it
    sure: bool  # a number by itself; else only beside a unit, a currency or its own repetition


def read(stream: Stream, i: int, *, money: bool = False) -> Number | None:
    """The number that starts at token i; `money` says that a currency stands before it."""
    token = stream.at(i)
    if token is None:
        return None
    if token.kind == "d":
        return _in_digits(stream, i, money)
    if token.kind == "n":
        return _in_han(stream, i)
    return (_fraction(stream, i) or _in_words(stream, i)) if token.kind == "w" else None


def _in_digits(stream: Stream, i: int, money: bool) -> Number | None:
    """ "1,000,000", "1 000 000", "10^6", "30M", "2.5 million"."""
    token, following = stream.tokens[i], stream.at(i + 1)
    if not _is_free(stream, token, money):
        return None
    multiplier, j, end = 1, i + 1, token.end
    if following and following.kind == "d" and (spaced := _spaced(stream.folded, stream.tokens, i)):
        return _multiplied(stream, spaced[0], spaced[1], stream.tokens[spaced[1] - 1].end)
    if following and following.text == "^" and following.start == end:
        return _power(stream, i)
    if following and following.kind == "w":
        suffix = _suffix(stream, token, following, money)
        if suffix:
            multiplier, j, end = suffix, i + 2, following.end
        elif following.start == end and following.low not in stream.lexicon.multipliers:
            return None
    after = stream.folded[end : end + 2]
    if len(after) == 2 and after[0] == "(" and after[1].isascii() and after[1].isalpha():  # "3(b)"
        return None
    if after[:1] in ("%", "_") or (len(after) == 2 and after[0] in "-/:." and after[1].isdigit()):
        return None
    counted = multiplier > 1 or _is_multiplied(stream, j)
    amount = _digits(token.text, money=money or _is_currency(stream, j), counted=counted)
    return None if amount is None else _multiplied(stream, amount * multiplier, j, end)


def _is_free(stream: Stream, token: Token, money: bool) -> bool:
    """Whether the digits start there, rather than going on with a word, an address, a decimal or a range."""
    before = stream.folded[max(0, token.start - 2) : token.start]
    last = before[-1:]
    if last.isalpha():
        return money or is_cjk(last)
    if last == "-":
        return not before[:-1].isalnum()
    return not last or last not in "_./:#@§=^"


def _power(stream: Stream, i: int) -> Number | None:
    """ "10^25"; nothing beyond "10^30", which no license counts to."""
    base, exponent = stream.tokens[i], stream.at(i + 2)
    if base.text == "10" and exponent and exponent.kind == "d" and len(exponent.text) <= 2 and int(exponent.text) <= 30:
        return Number(10 ** int(exponent.text), i + 3, exponent.end, True)
    return None


def _suffix(stream: Stream, token: Token, following: Token, money: bool) -> int | None:
    """What a letter after digits multiplies them by: "30M", "30 M"; a small "m" close to them only in a sum."""
    if following.start == token.end:
        is_suffix = money or following.text not in ("m", "mm")
    else:
        is_suffix = following.text in _SPACED_SUFFIXES and stream.folded[token.end : following.start] == " "
    return stream.lexicon.suffixes.get(following.text) if is_suffix else None


def _in_han(stream: Stream, i: int) -> Number | None:
    """ "三千万", "两百"; not the numerals within a word: "唯一", "百分之"."""
    token = stream.tokens[i]
    value = _han_number(token.text)
    if value is None or stream.folded[token.start - 1 : token.start] in _NOT_AFTER:
        return None
    if stream.folded.startswith(_NOT_BEFORE, token.end):
        return None
    small, large = token.text[0] in "百千", token.text[1:2] in ("万", "亿")
    return Number(value, i + 1, token.end, large if small else value >= 100 and len(token.text) > 1)


def _is_multiplied(stream: Stream, j: int) -> bool:
    token = stream.at(j)
    if token is None or token.kind not in "wn" or not stream.close(j - 1, j):
        return False
    return token.low in stream.lexicon.multipliers or token.text[0] in _HAN_LARGE


def _is_currency(stream: Stream, j: int) -> bool:
    token = stream.at(j)
    return bool(token and token.kind in "ws" and (token.text in stream.lexicon.signs or stream.find(j, "currency")))


def _multiplied(stream: Stream, value: int | float, j: int, end: int) -> Number:
    """The number with the multipliers that follow it: "700 million", "1,000万", "mil millones"."""
    token = stream.at(j)
    while token and stream.close(j - 1, j) and token.low in stream.lexicon.multipliers and value < 10**15:
        value, end, j = value * stream.lexicon.multipliers[token.low], token.end, j + 1
        token = stream.at(j)
    if token and token.kind == "n" and token.text[0] in "万亿兆十百千" and stream.close(j - 1, j):
        factor = 1
        for c in token.text[:4]:
            factor *= _HAN_LARGE.get(c) or _HAN_SMALL.get(c) or 1
        value, end, j = value * factor, token.end, j + 1
        rest, unit = stream.at(j), stream.at(j + 1)
        if (
            rest
            and unit
            and rest.kind == "d"
            and rest.start == end
            and unit.text == "万"
            and unit.start == rest.end
            and rest.text.isdigit()
        ):
            value, end, j = value + int(rest.text[:4]) * 10**4, unit.end, j + 2  # "1亿2000万"
    return Number(int(value) if value == int(value) else value, j, end, True)


def _fraction(stream: Stream, i: int) -> Number | None:
    """ "half a million", "a quarter of a million", "three quarters of one billion"."""
    words, first = stream.lexicon, stream.tokens[i].low
    k = i if first in words.fractions else i + 1
    part = stream.at(k)
    if part is None or part.low not in words.fractions:
        return None
    count = 1 if k == i or first == "a" else words.numbers.get(first, (0, True))[0]
    if not count or (k > i and not stream.close(i, k)):
        return None
    for link in (*_AFTER_FRACTION, ("a",)) if first == "half" else _AFTER_FRACTION:
        j = k + 1 + len(link)
        unit = stream.at(j)
        if unit and unit.low in words.multipliers and stream.match(k, (part.low, *link, unit.low)):
            return Number(count * words.multipliers[unit.low] // words.fractions[part.low], j + 1, unit.end, True)
    return None


def _in_words(stream: Stream, i: int) -> Number | None:
    """ "ten", "one hundred and fifty thousand", "eine Million"."""
    words, total, group, end, j = stream.lexicon, 0, 0, stream.tokens[i].end, i
    is_multiplied, is_english, least = False, True, 0
    token: Token | None = stream.tokens[i]
    if token and token.low in ("a", "an") and _is_multiplied(stream, i + 1):
        group, j = 1, i + 1
    while (token := stream.at(j)) and token.kind == "w" and (j == i or stream.close(j - 1, j)) and j - i < 16:
        if token.low in words.multipliers and (group or total):
            factor = words.multipliers[token.low]
            if factor == 100:
                group *= 100
            elif group:
                total, group = (total + group * factor, 0) if not least or factor < least else ((total + group) * factor, 0)
                least = factor
            else:
                total, least = total * factor, factor
            is_multiplied = True
        elif token.low == "mil" and j == i:
            total, least, is_multiplied = 1000, 1000, True
        elif token.low in words.numbers:
            value, english = words.numbers[token.low]
            if group and not (group % 100 == 0 or (group % 100 >= 20 and group % 10 == 0 and value < 10)):
                break
            group, is_english = group + value, is_english and english
        elif token.low == "and" and j > i and group >= 100 and (following := stream.at(j + 1)) and following.low in words.numbers:
            j += 1
            continue
        else:
            break
        end, j = token.end, j + 1
    value = total + group
    if not value or j == i:
        return None
    return Number(value, j, end, is_multiplied or (is_english and value >= 10))


def _spaced(folded: str, tokens: list[Token], i: int) -> tuple[int, int] | None:
    """The value of digits grouped by spaces, "1 000 000", and the token after it; None where they are not."""
    parts = [tokens[i].text]
    if len(parts[0]) > 3 or not parts[0].isdigit():
        return None
    j = i + 1
    while (
        j < len(tokens)
        and j - i < 8
        and tokens[j].kind == "d"
        and tokens[j].start == tokens[j - 1].end + 1
        and folded[tokens[j - 1].end] == " "
    ):
        if len(tokens[j].text) != 3 or not tokens[j].text.isdigit():
            return None
        parts.append(tokens[j].text)
        j += 1
    return (int("".join(parts)), j) if len(parts) > 1 else None


def _digits(text: str, *, money: bool, counted: bool) -> int | float | None:
    """The value of digits as written; decimals count only beside a multiplier or a currency.

    >>> _digits("1.000.000", money=False, counted=False), _digits("1,5", money=False, counted=True)
    (1000000, 1.5)
    """
    if len(text) > _MAX_DIGITS:
        return None
    if text.isdigit():
        return int(text) if text[0] != "0" or len(text) == 1 else None
    decimal = re.fullmatch(r"(.*?)[.,](\d\d?|\d{3})", text)
    if _GROUPED.fullmatch(text) and not (counted and decimal and decimal[1].isdigit() and "." in text):
        return int(re.sub(r"\D", "", text))
    if decimal is None or not (money or counted):
        return None
    whole = decimal[1]
    if whole.isdigit() or (_GROUPED.fullmatch(whole) and text[len(whole)] not in whole):
        return float(re.sub(r"\D", "", whole) + "." + decimal[2])
    return None


def _han_number(text: str) -> int | None:
    """The value of a number in Han numerals.

    >>> _han_number("一百万"), _han_number("三千五百万"), _han_number("二〇二四"), _han_number("万一")
    (1000000, 35000000, 2024, None)
    """
    if len(text) > _MAX_DIGITS or text[0] in _HAN_LARGE or (text[0] == "零" and len(text) > 1):
        return None
    if all(c in _HAN_DIGITS for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_SMALL:
            section, digit = section + (digit or 1) * _HAN_SMALL[c], 0
        else:
            factor = _HAN_LARGE[c]
            total = (total + section + digit) * factor if factor > 10**4 or not total else total + (section + digit) * factor
            section = digit = 0
    return total + section + digit
