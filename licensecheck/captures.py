"""Numbers, money, periods, durations and places in a stretch of license text, as values with their spans.

Knows no clause: which number is a ceiling and which place is shut out is for the reader of clauses to say. The words stand in
`rules/quantities.yaml` and `rules/places.json`. Time is linear in the text: one pass over words, each looked up in a dictionary.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from licensecheck import rules
from licensecheck.errors import RulesError

Kind = Literal["number", "money", "period", "place", "term"]
Value = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capture:
    """One value found in characters [start, end) of the text.

    number: `value` is an int or float. money: a float, with an ISO 4217 `currency`. period: "day", "month" or "year".
    term: a duration in days (a month is 365/12). place: ISO 3166-1 alpha-2 codes, or "EU"; `name` is then the English name, and
    `within` says that it is a state, region or city of that country. For the other kinds `name` is the words themselves.
    """

    kind: Kind
    start: int
    end: int
    value: Value
    currency: str | None = None
    name: str = ""
    within: bool = False


class _Token(NamedTuple):
    kind: str  # d digits, w word, n Han numerals, h other CJK, s sign
    start: int
    end: int
    text: str  # as folded, dots of an acronym left out
    low: str


class _Number(NamedTuple):
    value: int | float
    next: int  # the token after it
    end: int  # the character after it
    sure: bool  # a number by itself; else only beside a unit, a currency or its own repetition


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    kind: str  # currency, unit, period, place, adjective
    value: Value
    name: str = ""
    case: str = "any"  # how the text must write it: any, upper (its first letter), exact
    within: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The two rule files, turned for looking up."""

    numbers: Mapping[str, tuple[int, bool]]  # value, and whether it is English (and so a number by itself)
    multipliers: Mapping[str, int]
    suffixes: Mapping[str, int]
    dollars: Mapping[str, str]
    signs: Mapping[str, str]
    phrases: Mapping[str, tuple[_Phrase, ...]]  # by first word, longest first
    cjk: Mapping[str, tuple[tuple[str, _Phrase], ...]]  # by the first character, longest first; places and periods
    cjk_currencies: tuple[tuple[str, str], ...]  # longest first, as the two below
    cjk_units: tuple[tuple[str, float], ...]
    ages: tuple[tuple[str, ...], ...]
    cjk_ages: tuple[str, ...]
    period_units: Mapping[str, str]
    period_leads: frozenset[str]
    labels: frozenset[str]
    months: frozenset[str]
    joints: frozenset[str]
    not_counted: frozenset[str]
    legal: frozenset[str]
    states: frozenset[str]
    before_amounts: frozenset[str]
    shares: frozenset[str]
    sizes: tuple[str, ...]
    starts: frozenset[str]  # the words, in lower case, that a capture can start with
    triggers: frozenset[str]  # without one of these, a digit or a CJK character there is nothing to find


_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_HAN_NUMERALS = "零〇一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟"
_TOKEN = re.compile(
    rf"(?P<d>[0-9]+(?:[.,'][0-9]+)*)|(?P<a>(?<![A-Za-z])(?:[A-Z]\.)+[A-Z](?![A-Za-z])\.?)|(?P<w>(?i:dell|nell|dall|sull|all|l)(?=')|[^\W\d_{_CJK}]+(?:'[^\W\d_{_CJK}]+)*)"
    rf"|(?P<n>[{_HAN_NUMERALS}]+)|(?P<h>(?:(?![{_HAN_NUMERALS}])[{_CJK}])+)|(?P<s>\$+|[€£¥₩₹%^()])"
)
_WORD = re.compile(r"[^\W\d_]+")
_CJK_RUN = re.compile(rf"[{_CJK}]{{2,}}")
_CERTAIN = re.compile(rf"[0-9０-９$€£￥¥₩₹{_CJK}]|[A-Z]\.[A-Z]")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
# One character each, so that positions hold: full width to ASCII, curly to straight, traditional numerals and units to simplified ones.
_FOLD = {**{c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}, 0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20}
_FOLD |= str.maketrans("￥’‘ʼ′萬億兩圓個歲壱弐貳", "¥''''万亿两圆个岁壹贰贰")
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_MAX_DIGITS = 24  # no license counts further, and int() is quadratic
_MAX_GAP = 40  # white space between the words of one name; a hard wrap with its indent
_OF = frozenset({"of", "de", "di"})


@functools.cache
def _lexicon() -> _Lexicon:
    raw = rules.load("quantities.yaml")
    phrases: dict[str, list[_Phrase]] = {}
    cjk: dict[str, list[tuple[str, _Phrase]]] = {}

    def add(words: str, kind: str, value: Value, name: str = "", how: str = "") -> None:
        folded = words.translate(_FOLD)
        within = how == "part"
        if _is_cjk(folded):
            cjk.setdefault(folded[0], []).append((folded, _Phrase((folded,), kind, value, name, "any", within)))
            return
        case = "exact" if how == "exact" else "upper" if folded[0].isupper() else "any"
        tokens = tuple(t.text if case == "exact" else t.low for t in _tokens(folded))
        phrases.setdefault(tokens[0].lower(), []).append(_Phrase(tokens, kind, value, name, case, within))

    def split(table: Mapping[str, list[str]], kind: str) -> tuple[tuple[str, str], ...]:
        """Adds the spaced words of a table to the phrases; returns its CJK words, longest first."""
        pairs = [(words, value) for value, names in table.items() for words in names]
        for words, value in pairs:
            if not _is_cjk(words):
                add(words, kind, float(value) if kind == "unit" else value)
        return tuple(sorted(((w.translate(_FOLD), v) for w, v in pairs if _is_cjk(w)), key=lambda pair: (-len(pair[0]), pair[0])))

    currencies, units = split(raw["currencies"], "currency"), split(raw["units"], "unit")
    for period, names in raw["periods"].items():
        for words in names:
            add(words, "period", period)
    for words, codes, name, how in _places():
        add(words, "adjective" if how == "adjective" else "place", tuple(codes), name, how)
    numbers = {w: (n, language == "en") for language in ("it", "es", "de", "en") for w, n in raw["numbers"][language].items()}
    return _Lexicon(
        numbers=numbers,
        multipliers=raw["multipliers"],
        suffixes=raw["suffixes"],
        dollars=raw["dollars"],
        signs=raw["signs"],
        phrases={w: tuple(sorted(ps, key=lambda p: -len(p.words))) for w, ps in phrases.items()},
        cjk={c: tuple(sorted(ps, key=lambda p: -len(p[0]))) for c, ps in cjk.items()},
        cjk_currencies=currencies,
        cjk_units=tuple((w, float(v)) for w, v in units),
        ages=tuple(tuple(a.split()) for a in raw["ages"] if not _is_cjk(a)),
        cjk_ages=tuple(a.translate(_FOLD) for a in raw["ages"] if _is_cjk(a)),
        period_units=raw["period_units"],
        period_leads=frozenset(raw["period_leads"]),
        labels=frozenset(raw["labels"]),
        months=frozenset(raw["months"]),
        joints=frozenset(raw["joints"]),
        not_counted=frozenset(raw["not_counted"]),
        legal=frozenset(raw["legal"]),
        states=frozenset(raw["states"]),
        before_amounts=frozenset(raw["before_amounts"]),
        shares=frozenset(raw["shares"]),
        sizes=tuple(w.translate(_FOLD) for w in raw["sizes"]),
        starts=frozenset(
            phrases.keys()
            | numbers.keys()
            | {"a", "an", "half", "mil"}
            | raw["dollars"].keys()
            | set(raw["period_leads"])
            | set(raw["states"])
        ),
        triggers=frozenset(phrases.keys() | raw["multipliers"].keys() | raw["period_units"].keys()),
    )


def _places() -> list[tuple[str, list[str], str, str]]:
    path = rules.folder() / "places.json"
    try:
        return [tuple(row) for row in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError) as error:
        raise RulesError(f"{path}: cannot be read: {error}", "reinstall hf-licensecheck, or run python tools/places.py") from error


def _is_cjk(text: str) -> bool:
    return bool(_HAN.search(text) or _KANA.search(text))


def _fold(text: str) -> str:
    return text if text.isascii() else text.translate(_FOLD)


def _tokens(folded: str) -> list[_Token]:
    out = []
    for m in _TOKEN.finditer(folded):
        kind, words = m.lastgroup or "s", m[0]
        if kind == "a":
            kind, words = "w", words.replace(".", "")
        out.append(_Token(kind, m.start(), m.end(), words, words.lower()))
    return out


def might_have(text: str) -> bool:
    """Whether `captures` could find anything: a quick look that is never wrong when it says no."""
    return bool(_CERTAIN.search(text)) or not _lexicon().triggers.isdisjoint(_WORD.findall(text.replace("\u2019", "'").lower()))


def captures(text: str) -> tuple[Capture, ...]:
    """The values of a text, sorted by start, none overlapping another.

    >>> [(c.kind, c.value) for c in captures("more than 700 million monthly active users in the European Union")]
    [('number', 700000000), ('period', 'month'), ('place', ('EU',))]
    """
    return _Scan(text).run() if might_have(text) else ()


class _Scan:
    """One pass over one text: the tokens, and where numbers that only label something stood."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = _fold(text)
        self.tokens = _tokens(self.folded)
        self.at = dict(enumerate(self.tokens)).get  # the token i, or None; many times faster than a method with two comparisons
        self.words = _lexicon()
        self.label = -9  # the last token that was a number without being an amount
        self.is_japanese = bool(_KANA.search(text))
        self.has_han = bool(_HAN.search(text))

    def run(self) -> tuple[Capture, ...]:
        found: list[Capture] = []
        i = 0
        starts, signs, tokens = self.words.starts, self.words.signs, self.tokens
        while i < len(tokens):
            token = tokens[i]
            is_start = token.low in starts if token.kind == "w" else token.kind != "s" or token.text in signs
            hit = (self.quantity(i) or self.phrase(i)) if is_start else None
            if hit:
                found.append(hit[0])
            i = max(hit[1], i + 1) if hit else i + 1
        found += self.cjk(found)
        return tuple(sorted(found, key=lambda c: c.start))

    # Small looks at the tokens

    def close(self, i: int, j: int) -> bool:
        """Whether only white space, hyphens or dots stand between the two tokens."""
        if not 0 <= i < j < len(self.tokens):
            return False
        start, end = self.tokens[i].end, self.tokens[j].start
        return end - start <= _MAX_GAP and (end == start or not self.folded[start:end].strip(" \n\r\t-."))

    def match(self, i: int, words: tuple[str, ...], exact: bool = False) -> bool:
        tokens = self.tokens
        if i + len(words) > len(tokens):
            return False
        for k, word in enumerate(words):
            token = tokens[i + k]
            if (token.text if exact else token.low) != word or (k and not self.close(i + k - 1, i + k)):
                return False
        return True

    def find(self, i: int, kind: str) -> tuple[_Phrase, int] | None:
        """The longest phrase of a kind that starts at token i, and the token after it."""
        token = self.at(i)
        if token is None or token.kind != "w":
            return None
        for phrase in self.words.phrases.get(token.low, ()):
            if phrase.kind == kind and self.fits(i, phrase):
                return phrase, i + len(phrase.words)
        return None

    def fits(self, i: int, phrase: _Phrase) -> bool:
        if phrase.case == "upper" and not self.tokens[i].text[0].isupper():
            return False
        return self.match(i, phrase.words, phrase.case == "exact")

    def capture(self, kind: Kind, start: int, end: int, value: Value, currency: str | None = None) -> Capture:
        return Capture(kind, start, end, value, currency, self.text[start:end])

    # Numbers and what they count

    def quantity(self, i: int) -> tuple[Capture, int] | None:
        first = self.tokens[i]
        prefix = self.currency_before(i)
        if prefix:
            code, j, start = prefix
            number = self.number(j, money=True)
            if number:
                _, after, end = self.currency_after(number) or (code, number.next, number.end)
                return self.money(start, code, number._replace(next=after, end=end))
        if i <= self.label:
            return None
        number = self.number(i)
        if number is None:
            if first.kind == "d" and (self.folded[first.end : first.end + 1] == "(" or self.is_labelled(i)):
                self.label = i
            return None
        suffix = self.currency_after(number)
        if suffix is None:
            number = self.restated(number)
            suffix = self.currency_after(number)
        if suffix:
            return self.money(first.start, suffix[0], number._replace(next=suffix[1], end=suffix[2]))
        unit = self.unit_after(number)
        if unit:
            days, after, end, is_age = unit
            if is_age:
                return self.capture("number", first.start, number.end, number.value), after
            return self.capture("term", first.start, end, float(round(number.value * days, 4))), after
        if not number.sure:
            return None
        if not self.is_amount(i, number):
            self.label = number.next - 1
            return None
        return self.capture("number", first.start, number.end, number.value), number.next

    def money(self, start: int, code: str, number: _Number) -> tuple[Capture, int]:
        """A sum, with its repetition in parentheses if that is the same: "ten million dollars ($10,000,000)"."""
        end, after, opening = number.end, number.next, self.at(number.next)
        if opening and opening.text == "(":
            prefix = self.currency_before(after + 1)
            again = self.number(prefix[1] if prefix else after + 1, money=True)
            if again and again.value == number.value:
                suffix = self.currency_after(again)
                closing = suffix[1] if suffix else again.next
                token = self.at(closing)
                if token and token.text == ")":
                    code = prefix[0] if prefix else suffix[0] if suffix else code
                    end, after = token.end, closing + 1
        return self.capture("money", start, end, float(number.value), code), after

    def restated(self, number: _Number) -> _Number:
        """The number with its repetition: "ten (10)", "100,000 (one hundred thousand)"."""
        opening = self.at(number.next)
        if opening is None or opening.text != "(" or not self.close(number.next - 1, number.next):
            return number
        again = self.number(number.next + 1, money=True)
        if again is None or again.value != number.value:
            return number
        closing = self.at(again.next)
        if closing is None or closing.text != ")":
            return number
        return _Number(number.value, again.next + 1, closing.end, True)

    def currency_before(self, i: int) -> tuple[str, int, int] | None:
        """The currency that stands before an amount, the amount's token, and the character where the currency starts."""
        token = self.at(i)
        if token is None or token.kind in "dn":
            return None
        if token.kind == "h":
            for words, code in self.words.cjk_currencies:
                if len(words) > 1 and token.text.endswith(words) and self.close(i, i + 1):
                    return code, i + 1, token.end - len(words)
            return None
        j, code, start = i, "", token.start
        following = self.at(i + 1)
        if token.kind == "w" and following and following.text == "$" and self.close(i, i + 1) and token.low in self.words.dollars:
            return self.words.dollars[token.low], i + 2, start
        phrase = self.find(i, "currency")
        if phrase:
            code, j = str(phrase[0].value), phrase[1]
            following = self.at(j)
            if following and following.text in self.words.signs and self.close(j - 1, j):
                j += 1
        elif token.text in self.words.signs:
            code, j = self.sign(token.text), i + 1
        else:
            return None
        return (code, j, start) if self.close(j - 1, j) else None

    def sign(self, sign: str) -> str:
        if sign == "¥" and (self.is_japanese or not self.has_han):
            return "JPY"
        return self.words.signs[sign]

    def currency_after(self, number: _Number) -> tuple[str, int, int] | None:
        """The currency that stands after an amount, the token after it, and the character after it."""
        j, token = number.next, self.at(number.next)
        if token and token.low in _OF and self.close(j - 1, j):  # "mil millones de dólares"
            j, token = j + 1, self.at(j + 1)
        if token is None or token.kind in "dn" or not self.close(j - 1, j):
            return None
        if token.kind == "h":
            for words, code in self.words.cjk_currencies:
                if token.text.startswith(words):
                    return code, j + 1, token.start + len(words)
            return None
        if token.text in self.words.signs:
            return self.sign(token.text), j + 1, token.end
        phrase = self.find(j, "currency")
        return (str(phrase[0].value), phrase[1], self.tokens[phrase[1] - 1].end) if phrase else None

    def unit_after(self, number: _Number) -> tuple[float, int, int, bool] | None:
        """The days in the unit after a number, the token and the character after it, and whether it says a person's age."""
        j, token = number.next, self.at(number.next)
        if token is None or token.kind not in "wh" or not self.close(j - 1, j):
            return None
        if token.kind == "h":
            if token.text.startswith(self.words.cjk_ages):
                return 365.0, j, token.start, True
            if self.is_date(number, token):
                return None
            for words, days in self.words.cjk_units:
                if token.text.startswith(words):
                    return days, j + 1, token.start + len(words), False
            return None
        phrase = self.find(j, "unit")
        if phrase is None:
            return None
        after = phrase[1]
        for age in self.words.ages:
            if self.close(after - 1, after) and self.match(after, age):
                return 365.0, after, 0, True
        return float(str(phrase[0].value)), after, self.tokens[after - 1].end, False

    def is_date(self, number: _Number, unit: _Token) -> bool:
        """Whether a CJK number before 年, 月 or 日 is part of a date."""
        before = self.at(number.next - 2)
        if unit.text[0] == "年":
            return 1900 <= number.value <= 2100 or 2 * 10**3 > number.value > 150
        return (
            unit.text[0] in "月日" and before is not None and before.text.endswith(("月", "年")) and unit.text[:2] not in ("日以", "日内")
        )

    def number(self, i: int, money: bool = False) -> _Number | None:
        """The number that starts at token i."""
        token = self.at(i)
        if token is None:
            return None
        if token.kind == "d":
            return self.in_digits(i, money)
        if token.kind == "n":
            value = _han_number(token.text)
            before = self.folded[token.start - 1 : token.start]
            after = self.folded[token.end : token.end + 2]
            if (
                value is None
                or before in ("第", "之", "统", "任", "唯", "上", "前", "每", "某", "同")
                or after.startswith(("分之", "切", "般", "旦", "不", "条", "款"))
            ):
                return None
            small, large = token.text[0] in "百千", token.text[1:2] in ("万", "亿")
            sure = large if small else value >= 100 and len(token.text) > 1
            return _Number(value, i + 1, token.end, sure)
        return self.in_words(i) if token.kind == "w" else None

    def in_digits(self, i: int, money: bool) -> _Number | None:
        token = self.tokens[i]
        before = self.folded[token.start - 1 : token.start]
        if (before and ((before.isalpha() and not _is_cjk(before)) or before in "_./:#@§=^")) and not (money and before.isalpha()):
            return None
        if before == "-" and self.folded[token.start - 2 : token.start - 1].isalnum():
            return None
        following = self.at(i + 1)
        j, end = i + 1, token.end
        multiplier = 1
        value: int | float | None
        if following and following.kind == "d" and (value := _spaced(self.folded, self.tokens, i)) is not None:
            while self.tokens[j].kind == "d" and self.tokens[j].start == end + 1 and len(self.tokens[j].text) == 3:
                end, j = self.tokens[j].end, j + 1
                if j == len(self.tokens):
                    break
            return self.multiplied(value, j, end)
        if following and following.text == "^" and following.start == end:
            exponent = self.at(i + 2)
            if token.text == "10" and exponent and exponent.kind == "d" and exponent.text.isdigit() and int(exponent.text[:3]) <= 30:
                return _Number(10 ** int(exponent.text), i + 3, exponent.end, True)
            return None
        if following and following.kind == "w" and following.start == end:
            if following.text not in self.words.suffixes or (following.text in ("m", "mm") and not money):
                if following.low not in self.words.multipliers:
                    return None
            else:
                multiplier, j, end = self.words.suffixes[following.text], i + 2, following.end
        elif (
            following
            and following.kind == "w"
            and self.folded[end : following.start] == " "
            and following.text in ("K", "M", "B", "MM", "Mio", "bn", "mn")
        ):
            multiplier, j, end = self.words.suffixes[following.text], i + 2, following.end
        after = self.folded[end : end + 2]
        if len(after) == 2 and after[0] == "(" and after[1].isascii() and after[1].isalpha():  # "3(b)"
            return None
        if after[:1] in ("%", "_") or (len(after) == 2 and after[0] in "-/:." and after[1].isdigit()):
            return None
        counted = multiplier > 1 or self.is_multiplied(j)
        value = _digits(token.text, money=money or self.is_currency(j), counted=counted)
        if value is None:
            return None
        return self.multiplied(value * multiplier, j, end)

    def is_multiplied(self, j: int) -> bool:
        token = self.at(j)
        return bool(
            token and token.kind in "wn" and self.close(j - 1, j) and (token.low in self.words.multipliers or token.text[0] in _HAN_LARGE)
        )

    def is_currency(self, j: int) -> bool:
        token = self.at(j)
        return bool(token and token.kind in "ws" and (token.text in self.words.signs or self.find(j, "currency")))

    def multiplied(self, value: int | float, j: int, end: int) -> _Number:
        """The number with the multipliers that follow it: "700 million", "1,000万", "mil millones"."""
        token = self.at(j)
        while token and self.close(j - 1, j) and token.low in self.words.multipliers and value < 10**15:
            value, end, j = value * self.words.multipliers[token.low], token.end, j + 1
            token = self.at(j)
        if token and token.kind == "n" and token.text[0] in "万亿兆十百千" and self.close(j - 1, j):
            factor = 1
            for c in token.text[:4]:
                factor *= _HAN_LARGE.get(c) or _HAN_SMALL.get(c) or 1
            value, end, j = value * factor, token.end, j + 1
            rest, unit = self.at(j), self.at(j + 1)
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
        return _Number(int(value) if value == int(value) else value, j, end, True)

    def in_words(self, i: int) -> _Number | None:
        """ "ten", "one hundred and fifty thousand", "eine Million", "half a million"."""
        words, total, group, end, j = self.words, 0, 0, self.tokens[i].end, i
        is_multiplied, is_english, least = False, True, 0
        token: _Token | None = self.tokens[i]
        if token and token.low in ("a", "an") and self.is_multiplied(i + 1):
            group, j = 1, i + 1
        elif token and token.low == "half" and self.match(i + 1, ("a",)) and self.is_multiplied(i + 2):
            return _Number(words.multipliers[self.tokens[i + 2].low] // 2, i + 3, self.tokens[i + 2].end, True)
        while (token := self.at(j)) and token.kind == "w" and (j == i or self.close(j - 1, j)) and j - i < 16:
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
            elif token.low == "and" and j > i and group >= 100 and (following := self.at(j + 1)) and following.low in words.numbers:
                j += 1
                continue
            else:
                break
            end, j = token.end, j + 1
        value = total + group
        if not value or j == i:
            return None
        return _Number(value, j, end, is_multiplied or (is_english and value >= 10))

    def is_amount(self, i: int, number: _Number) -> bool:
        """Whether a bare number counts something, rather than naming a section, a release, a size of a model, a date or a list item."""
        token, before, after, words = self.tokens[i], self.at(i - 1), self.at(number.next), self.words
        is_beside = after is not None and self.close(number.next - 1, number.next)
        if after and is_beside and (after.low in words.shares or after.text.startswith(words.sizes)):
            return False
        if token.kind != "d":
            return True
        if self.is_marker(token, number):
            return False
        if after and is_beside and self.is_dated(after, number.next):
            return False
        if before is None:
            return after is not None or number.value >= 1000
        is_name = before.kind == "w" and before.text[0].isupper() and before.low not in words.before_amounts
        if self.folded[token.end : number.end].strip() == "B":  # "Falcon 180B" and "Falcon 2 11B", but not "over 2B"
            return not is_name and before.kind != "d"
        if self.is_labelled(i):
            return False
        if is_name and (number.value < 100 or (len(token.text) == 5 and token.text.isdigit())):  # "Llama 3", a postal code
            return False
        if 1900 <= number.value <= 2100 and "," not in token.text:
            return bool(after and is_beside and after.text.islower() and after.kind == "w" and after.low not in words.not_counted)
        return True

    def is_labelled(self, i: int) -> bool:
        """Whether a label such as "Section" governs the number at token i, directly or in a row: "Sections 3, 6(c) and 7"."""
        before = self.at(i - 1)
        if before is None or before.low in self.words.labels or before.low in self.words.months or before.text.endswith("第"):
            return before is not None
        j = i - 1
        while j > max(self.label, i - 6, -1) and self.is_joint(self.tokens[j]):
            j -= 1
        return j == self.label and not self.tokens[i].text.count(",")

    def is_joint(self, token: _Token) -> bool:
        return token.text in "()" or token.low in self.words.joints or (token.kind == "w" and len(token.text) == 1)

    def is_marker(self, token: _Token, number: _Number) -> bool:
        """Whether the number marks a list item or a section: "1.", "(2)", "## 3.", "9 (Trademarks)", "4-bit"."""
        if number.value >= 1000 or number.end != token.end:
            return False
        before, end = self.folded[max(0, token.start - 2) : token.start], self.folded[number.end : number.end + 3]
        if end[:1] == "-" and end[1:2].isalpha():
            return True
        if end[:2] == ", " and end[2:].isdigit():  # a row of sections
            return True
        if end[:2] == " (" and end[2:].isalpha() and end[2:].isupper():
            return True
        is_first = not before.strip(" ") or before[-1] in "\n(#" or before in ("  ", "# ", "* ", "- ")
        return is_first and (end[:1] in (")", "、") or (end[:1] == "." and not end[1:2].isdigit()))

    def is_dated(self, after: _Token, j: int) -> bool:
        """Whether the token after a number makes it a date or the number of a section: "1 May", "21 de febrero", "3月", "12条"."""
        if after.low in _OF:
            following = self.at(j + 1)
            return following is not None and following.low in self.words.months
        return after.low in self.words.months or (after.kind == "h" and after.text[0] in "年月日号条款章节節項条")

    # Periods and places

    def phrase(self, i: int) -> tuple[Capture, int] | None:
        token = self.tokens[i]
        if token.kind != "w":
            return None
        if token.low in self.words.states:
            state = self.state(i)
            if state:
                return state
        for phrase in self.words.phrases.get(token.low, ()):
            if phrase.kind not in ("period", "place", "adjective") or not self.fits(i, phrase):
                continue
            j = i + len(phrase.words)
            start, end = token.start, self.tokens[j - 1].end
            if phrase.kind == "period":
                return self.capture("period", start, end, phrase.value), j
            if phrase.kind == "adjective" and not self.is_legal(i, j):
                continue
            if phrase.words == ("US",) and self.is_shouted(i):
                continue
            return Capture("place", start, end, phrase.value, None, phrase.name, phrase.within), j
        if token.low in self.words.period_leads:
            j = i + 1
            while (following := self.at(j)) and following.low in self.words.period_leads and j - i < 4 and self.close(j - 1, j):
                j += 1
            if following and following.low in self.words.period_units and self.close(j - 1, j):
                return self.capture("period", token.start, following.end, self.words.period_units[following.low]), j + 1
        return None

    def state(self, i: int) -> tuple[Capture, int] | None:
        """ "State of Georgia", "Bundesstaates Kalifornien": a state of the USA, also where a country has its name."""
        token, j = self.tokens[i], i + 1
        following = self.at(j)
        if following and following.low in _OF:
            j += 1
        if not self.close(i, i + 1) or not self.close(j - 1, j):
            return None
        place = self.find(j, "place")
        if place is None or not (place[0].within or place[0].name == "Georgia") or not {"US", "GE"} & set(place[0].value):  # type: ignore[arg-type]
            return None
        kind = "Commonwealth" if token.low == "commonwealth" else "State"
        end = self.tokens[place[1] - 1].end
        return Capture("place", token.start, end, ("US",), None, f"{kind} of {place[0].name}", True), place[1]

    def is_legal(self, i: int, j: int) -> bool:
        """Whether a word of law or people stands beside the tokens [i, j)."""
        before, after = self.at(i - 1), self.at(j)
        return bool(before and before.low in self.words.legal and self.close(i - 1, i)) or bool(
            after and after.low in self.words.legal and self.close(j - 1, j)
        )

    def is_shouted(self, i: int) -> bool:
        """Whether an "US" is the pronoun in a text of capitals."""
        before, raw = self.at(i - 1), self.folded[self.tokens[i].start : self.tokens[i].end]
        return (
            "." not in raw
            and before is not None
            and len(before.text) > 1
            and before.text.isupper()
            and before.text not in ("THE", "UK", "EU")
        )

    def cjk(self, taken: Iterable[Capture]) -> list[Capture]:
        """Places and periods written without spaces; katakana names only as whole words."""
        if not (self.has_han or self.is_japanese):
            return []
        spans = sorted((c.start, c.end) for c in taken)
        found: list[Capture] = []
        next_span, folded, table = 0, self.folded, self.words.cjk
        for run in _CJK_RUN.finditer(folded):
            i, stop = run.span()
            while i < stop:
                if folded[i] not in table:
                    i += 1
                    continue
                hit = None
                for words, phrase in table[folded[i]]:
                    if folded.startswith(words, i) and _is_whole(folded, i, i + len(words)):
                        hit = words, phrase
                        break
                if hit is None:
                    i += 1
                    continue
                words, phrase = hit
                start, i = i, i + len(words)
                while next_span < len(spans) and spans[next_span][1] <= start:
                    next_span += 1
                if next_span < len(spans) and spans[next_span][0] < i:
                    continue
                if phrase.kind == "period":
                    found.append(self.capture("period", start, i, phrase.value))
                else:
                    found.append(Capture("place", start, i, phrase.value, None, phrase.name, phrase.within))
        return found


def _is_katakana(c: str) -> bool:
    return "\u30a1" <= c <= "\u30fc"


def _is_whole(folded: str, start: int, end: int) -> bool:
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return not (_is_katakana(folded[start]) and before and _is_katakana(before)) and not (
        _is_katakana(folded[end - 1]) and after and _is_katakana(after)
    )


def _spaced(folded: str, tokens: list[_Token], i: int) -> int | None:
    """The value of digits grouped by spaces, "1 000 000"; None where they are not."""
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
    return int("".join(parts)) if len(parts) > 1 else None


_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+)|[1-9]\d?(?:,\d\d)+,\d{3}")


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


_LAW_BEFORE = re.compile(
    r"\b(?:laws?|leyes|ley|legislaci[oó]n|derecho|gesetze[ns]?|rechts?|leggi|legge|diritto|jurisdiction)\b[^.;:]{0,120}$", re.IGNORECASE
)
_COURT = re.compile(r"court|venue|tribunal|gericht|foro|法院|裁判", re.IGNORECASE)
_LAW_AFTER = re.compile(r"['’]?s?\s{0,3}(?:federal |internal |substantive |domestic )?(?:laws?\b|recht|gesetz)|.{0,8}法", re.IGNORECASE)
_LAW_BEFORE_CJK = re.compile(r"(?:适用|適用|依据|依據|依照|根据|根據|按照|遵守|受)[^。；;]{0,40}$|準拠法[^。；;]{0,40}$")


def jurisdiction(text: str) -> str | None:
    """The place whose law a sentence names, in English; a state before its country; None where it names no law of a place.

    >>> jurisdiction("governed by the laws of the United States and of the State of Ohio"), jurisdiction("under French law")
    ('State of Ohio', 'France')
    """
    named = []
    for place in captures(text):
        if place.kind != "place":
            continue
        before, after = text[max(0, place.start - 130) : place.start], text[place.end : place.end + 30]
        if _LAW_BEFORE.search(before) or _LAW_AFTER.match(after) or _LAW_BEFORE_CJK.search(before):
            named.append(place)
    if not named:
        return None
    first = named[0]
    closer = [
        p
        for p in named[1:]
        if p.within and p.value == first.value and p.start - first.end < 60 and not _COURT.search(text[first.end : p.start])
    ]
    return (closer[0] if closer and not first.within else first).name
