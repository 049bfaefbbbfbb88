"""Numbers, money, periods, durations and places in a stretch of license text, as values with their spans.

Knows no clause: which number is a ceiling and which place is shut out is for the reader of clauses to say. The words stand in
`rules/quantities.yaml` and `rules/places.json`. Time is linear in the text: one pass over words, each looked up in a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from licensecheck import amounts, numerals
from licensecheck.numerals import Number
from licensecheck.quantities import CJK, OF, Stream, Value, lexicon

Kind = Literal["number", "money", "period", "place", "term"]


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


_WORD = re.compile(r"[^\W\d_]+")
_CJK_RUN = re.compile(rf"[{CJK}]{{2,}}")
_CERTAIN = re.compile(rf"[0-9０-９$€£￥¥₩₹{CJK}]|[A-Z]\.[A-Z]")


def might_have(text: str) -> bool:
    """Whether `captures` could find anything: a quick look that is never wrong when it says no."""
    return bool(_CERTAIN.search(text)) or not lexicon().triggers.isdisjoint(_WORD.findall(text.replace("\u2019", "'").lower()))


def captures(text: str) -> tuple[Capture, ...]:
    """The values of a text, sorted by start, none overlapping another.

    >>> [(c.kind, c.value) for c in captures("more than 700 million monthly active users in the European Union")]
    [('number', 700000000), ('period', 'month'), ('place', ('EU',))]
    """
    if not might_have(text):
        return ()
    stream, found = Stream(text), list[Capture]()
    starts, signs, tokens = stream.lexicon.starts, stream.lexicon.signs, stream.tokens
    i, label = 0, -9  # the last token that was a number without being an amount
    while i < len(tokens):
        token, hit = tokens[i], None
        if token.low in starts if token.kind == "w" else token.kind != "s" or token.text in signs:
            quantity = _quantity(stream, i, label)
            if isinstance(quantity, int):
                label, quantity = quantity, None
            hit = quantity or _phrase(stream, i)
        if hit:
            found.append(hit[0])
        i = max(hit[1], i + 1) if hit else i + 1
    found += _cjk(stream, found)
    return tuple(sorted(found, key=lambda c: c.start))


def _quantity(stream: Stream, i: int, label: int) -> tuple[Capture, int] | int | None:
    """A number, sum or duration and the token after it; or the last token of a number that only labels something."""
    first = stream.tokens[i]
    prefix = amounts.currency_before(stream, i)
    if prefix:
        code, j, start = prefix
        number = numerals.read(stream, j, money=True)
        if number:
            _, after, end = amounts.currency_after(stream, number) or (code, number.next, number.end)
            return _money(stream, start, code, number._replace(next=after, end=end))
    if i <= label:
        return None
    number = numerals.read(stream, i)
    if number is None:
        is_label = first.kind == "d" and (stream.folded.startswith("(", first.end) or amounts.is_labelled(stream, i, label))
        return i if is_label else None
    suffix = amounts.currency_after(stream, number)
    if suffix is None:
        number = amounts.restated(stream, number)
        suffix = amounts.currency_after(stream, number)
    if suffix:
        return _money(stream, first.start, suffix[0], number._replace(next=suffix[1], end=suffix[2]))
    unit = amounts.unit_after(stream, number)
    if unit:
        days, after, end, is_age = unit
        if is_age:
            return _capture(stream, "number", first.start, number.end, number.value), after
        return _capture(stream, "term", first.start, end, float(round(number.value * days, 4))), after
    if not number.sure:
        return None
    if not amounts.is_amount(stream, i, number, label):
        return number.next - 1
    return _capture(stream, "number", first.start, number.end, number.value), number.next


def _money(stream: Stream, start: int, code: str, number: Number) -> tuple[Capture, int]:
    """A sum, with its repetition in parentheses if that is the same: "ten million dollars ($10,000,000)"."""
    end, after, opening = number.end, number.next, stream.at(number.next)
    if opening and opening.text == "(":
        prefix = amounts.currency_before(stream, after + 1)
        again = numerals.read(stream, prefix[1] if prefix else after + 1, money=True)
        if again and again.value == number.value:
            suffix = amounts.currency_after(stream, again)
            closing = suffix[1] if suffix else again.next
            token = stream.at(closing)
            if token and token.text == ")":
                code = prefix[0] if prefix else suffix[0] if suffix else code
                end, after = token.end, closing + 1
    return _capture(stream, "money", start, end, float(number.value), code), after


def _phrase(stream: Stream, i: int) -> tuple[Capture, int] | None:
    """A period or a place that starts at token i, and the token after it."""
    token = stream.tokens[i]
    if token.kind != "w":
        return None
    if token.low in stream.lexicon.states:
        state = _state(stream, i)
        if state:
            return state
    for phrase in stream.lexicon.phrases.get(token.low, ()):
        if phrase.kind not in ("period", "place", "adjective") or not stream.fits(i, phrase):
            continue
        j = i + len(phrase.words)
        start, end = token.start, stream.tokens[j - 1].end
        if phrase.kind == "period":
            return _capture(stream, "period", start, end, phrase.value), j
        if phrase.kind == "adjective" and not _is_legal(stream, i, j):
            continue
        if phrase.words == ("US",) and _is_shouted(stream, i):
            continue
        return Capture("place", start, end, phrase.value, None, phrase.name, phrase.within), j
    if token.low in stream.lexicon.period_leads:
        j = i + 1
        while (following := stream.at(j)) and following.low in stream.lexicon.period_leads and j - i < 4 and stream.close(j - 1, j):
            j += 1
        if following and following.low in stream.lexicon.period_units and stream.close(j - 1, j):
            return _capture(stream, "period", token.start, following.end, stream.lexicon.period_units[following.low]), j + 1
    return None


def _state(stream: Stream, i: int) -> tuple[Capture, int] | None:
    """ "State of Georgia", "Bundesstaates Kalifornien": a state of the USA, also where a country has its name."""
    token, j = stream.tokens[i], i + 1
    following = stream.at(j)
    if following and following.low in OF:
        j += 1
    if not stream.close(i, i + 1) or not stream.close(j - 1, j):
        return None
    place = stream.find(j, "place")
    if place is None or not (place[0].within or place[0].name == "Georgia") or not {"US", "GE"} & set(place[0].value):  # type: ignore[arg-type]
        return None
    kind = "Commonwealth" if token.low == "commonwealth" else "State"
    end = stream.tokens[place[1] - 1].end
    return Capture("place", token.start, end, ("US",), None, f"{kind} of {place[0].name}", True), place[1]


def _is_legal(stream: Stream, i: int, j: int) -> bool:
    """Whether a word of law or people stands beside the tokens [i, j)."""
    before, after = stream.at(i - 1), stream.at(j)
    return bool(before and before.low in stream.lexicon.legal and stream.close(i - 1, i)) or bool(
        after and after.low in stream.lexicon.legal and stream.close(j - 1, j)
    )


def _is_shouted(stream: Stream, i: int) -> bool:
    """Whether an "US" is the pronoun in a text of capitals."""
    before, raw = stream.at(i - 1), stream.folded[stream.tokens[i].start : stream.tokens[i].end]
    return (
        "." not in raw and before is not None and len(before.text) > 1 and before.text.isupper() and before.text not in ("THE", "UK", "EU")
    )


def _cjk(stream: Stream, taken: Iterable[Capture]) -> list[Capture]:
    """Places and periods written without spaces; katakana names only as whole words."""
    if not (stream.has_han or stream.is_japanese):
        return []
    spans = sorted((c.start, c.end) for c in taken)
    found: list[Capture] = []
    next_span, folded, table = 0, stream.folded, stream.lexicon.cjk
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
                found.append(_capture(stream, "period", start, i, phrase.value))
            else:
                found.append(Capture("place", start, i, phrase.value, None, phrase.name, phrase.within))
    return found


def _capture(stream: Stream, kind: Kind, start: int, end: int, value: Value, currency: str | None = None) -> Capture:
    return Capture(kind, start, end, value, currency, stream.text[start:end])


def _is_katakana(c: str) -> bool:
    return "\u30a1" <= c <= "\u30fc"


def _is_whole(folded: str, start: int, end: int) -> bool:
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return not (_is_katakana(folded[start]) and before and _is_katakana(before)) and not (
        _is_katakana(folded[end - 1]) and after and _is_katakana(after)
    )


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
