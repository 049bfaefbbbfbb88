"""The words of quantities and places (`rules/quantities.yaml`, `rules/places.json`), and a text cut into the tokens they are looked up in.

What the words amount to together is for `numerals`, `amounts` and `captures`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from licensecheck import rules
from licensecheck.errors import RulesError

Value = int | float | str | tuple[str, ...]


class Token(NamedTuple):
    """Characters [start, end) of a text that mean something together."""

    kind: str  # d digits, w word, n Han numerals, h other CJK, s sign
    start: int
    end: int
    text: str  # as folded, dots of an acronym left out
    low: str


class Phrase(NamedTuple):
    """Words of the rule files and what they stand for."""

    words: tuple[str, ...]
    kind: str  # currency, unit, period, place, adjective
    value: Value
    name: str = ""
    case: str = "any"  # how the text must write it: any, upper (its first letter), exact
    within: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The two rule files, turned for looking up."""

    numbers: Mapping[str, tuple[int, bool]]  # value, and whether it is English (and so a number by itself)
    multipliers: Mapping[str, int]
    fractions: Mapping[str, int]  # what one is divided by
    suffixes: Mapping[str, int]
    dollars: Mapping[str, str]
    signs: Mapping[str, str]
    phrases: Mapping[str, tuple[Phrase, ...]]  # by first word, longest first
    cjk: Mapping[str, tuple[tuple[str, Phrase], ...]]  # by the first character, longest first; places and periods
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


CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
HAN_NUMERALS = "零〇一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟"
_TOKEN = re.compile(
    rf"(?P<d>[0-9]+(?:[.,'][0-9]+)*)|(?P<a>(?<![A-Za-z])(?:[A-Z]\.)+[A-Z](?![A-Za-z])\.?)"
    r"|(?P<w>(?=[ADLNSadlns])(?i:dell|nell|dall|sull|all|l)(?=')"  # the first look spares most words the slow one without case
    rf"|[^\W\d_{CJK}]+(?:'[^\W\d_{CJK}]+)*)"
    rf"|(?P<n>[{HAN_NUMERALS}]+)|(?P<h>(?:(?![{HAN_NUMERALS}])[{CJK}])+)|(?P<s>\$+|[€£¥₩₹%^()])"
)
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
# One character each, so that positions hold: full width to ASCII, curly to straight, traditional numerals and units to simplified ones.
_FOLD = {**{c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}, 0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20}
_FOLD |= str.maketrans("￥’‘ʼ′萬億兩圓個歲壱弐貳", "¥''''万亿两圆个岁壹贰贰")
_MAX_GAP = 40  # white space between the words of one name; a hard wrap with its indent
OF = frozenset({"of", "de", "di"})


@functools.cache
def lexicon() -> Lexicon:
    """The words of quantities and places. Raises RulesError where a rule file cannot be read."""
    raw = rules.load("quantities.yaml")
    phrases: dict[str, list[Phrase]] = {}
    cjk: dict[str, list[tuple[str, Phrase]]] = {}

    def add(words: str, kind: str, value: Value, name: str = "", how: str = "") -> None:
        folded = words.translate(_FOLD)
        within = how == "part"
        if is_cjk(folded):
            cjk.setdefault(folded[0], []).append((folded, Phrase((folded,), kind, value, name, "any", within)))
            return
        case = "exact" if how == "exact" else "upper" if folded[0].isupper() else "any"
        tokens = tuple(t.text if case == "exact" else t.low for t in _tokens(folded))
        phrases.setdefault(tokens[0].lower(), []).append(Phrase(tokens, kind, value, name, case, within))

    def split(table: Mapping[str, list[str]], kind: str) -> tuple[tuple[str, str], ...]:
        """Adds the spaced words of a table to the phrases; returns its CJK words, longest first."""
        pairs = [(words, value) for value, names in table.items() for words in names]
        for words, value in pairs:
            if not is_cjk(words):
                add(words, kind, float(value) if kind == "unit" else value)
        return tuple(sorted(((w.translate(_FOLD), v) for w, v in pairs if is_cjk(w)), key=lambda pair: (-len(pair[0]), pair[0])))

    currencies, units = split(raw["currencies"], "currency"), split(raw["units"], "unit")
    for period, names in raw["periods"].items():
        for words in names:
            add(words, "period", period)
    for words, codes, name, how in _places():
        add(words, "adjective" if how == "adjective" else "place", tuple(codes), name, how)
    numbers = {w: (n, language == "en") for language in ("it", "es", "de", "en") for w, n in raw["numbers"][language].items()}
    return Lexicon(
        numbers=numbers,
        multipliers=raw["multipliers"],
        fractions=raw["fractions"],
        suffixes=raw["suffixes"],
        dollars=raw["dollars"],
        signs=raw["signs"],
        phrases={w: tuple(sorted(ps, key=lambda p: -len(p.words))) for w, ps in phrases.items()},
        cjk={c: tuple(sorted(ps, key=lambda p: -len(p[0]))) for c, ps in cjk.items()},
        cjk_currencies=currencies,
        cjk_units=tuple((w, float(v)) for w, v in units),
        ages=tuple(tuple(a.split()) for a in raw["ages"] if not is_cjk(a)),
        cjk_ages=tuple(a.translate(_FOLD) for a in raw["ages"] if is_cjk(a)),
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
            | {"a", "an", "mil"}
            | raw["fractions"].keys()
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


def is_cjk(text: str) -> bool:
    """Whether there is a Han character or a kana in it."""
    return bool(_HAN.search(text) or _KANA.search(text))


def _fold(text: str) -> str:
    return text if text.isascii() else text.translate(_FOLD)


def _tokens(folded: str) -> list[Token]:
    out = []
    for m in _TOKEN.finditer(folded):
        kind, words = m.lastgroup or "s", m[0]
        if kind == "a":
            kind, words = "w", words.replace(".", "")
        out.append(Token(kind, m.start(), m.end(), words, words.lower()))
    return out


class Stream:
    """One text as tokens, with small looks at them."""

    __slots__ = ("at", "folded", "has_han", "is_japanese", "lexicon", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = _fold(text)
        self.tokens = _tokens(self.folded)
        self.at = dict(enumerate(self.tokens)).get  # the token i, or None; many times faster than a method with two comparisons
        self.lexicon = lexicon()
        self.is_japanese = bool(_KANA.search(text))
        self.has_han = bool(_HAN.search(text))

    def close(self, i: int, j: int) -> bool:
        """Whether only white space, hyphens or dots stand between the two tokens."""
        if not 0 <= i < j < len(self.tokens):
            return False
        start, end = self.tokens[i].end, self.tokens[j].start
        return end - start <= _MAX_GAP and (end == start or not self.folded[start:end].strip(" \n\r\t-."))

    def match(self, i: int, words: tuple[str, ...], exact: bool = False) -> bool:
        """Whether these words stand at token i, one close after the other."""
        tokens = self.tokens
        if i + len(words) > len(tokens):
            return False
        for k, word in enumerate(words):
            token = tokens[i + k]
            if (token.text if exact else token.low) != word or (k and not self.close(i + k - 1, i + k)):
                return False
        return True

    def find(self, i: int, kind: str) -> tuple[Phrase, int] | None:
        """The longest phrase of a kind that starts at token i, and the token after it."""
        token = self.at(i)
        if token is None or token.kind != "w":
            return None
        for phrase in self.lexicon.phrases.get(token.low, ()):
            if phrase.kind == kind and self.fits(i, phrase):
                return phrase, i + len(phrase.words)
        return None

    def fits(self, i: int, phrase: Phrase) -> bool:
        """Whether the phrase stands at token i, written as it must be."""
        if phrase.case == "upper" and not self.tokens[i].text[0].isupper():
            return False
        return self.match(i, phrase.words, phrase.case == "exact")
