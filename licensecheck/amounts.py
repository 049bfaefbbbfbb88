"""What stands beside a number: its repetition, a currency, a unit of time; or the label that makes it no amount at all."""

from __future__ import annotations

from licensecheck import numerals
from licensecheck.numerals import Number
from licensecheck.quantities import OF, Stream, Token


def restated(stream: Stream, number: Number) -> Number:
    """The number with its repetition: "ten (10)", "100,000 (one hundred thousand)"."""
    opening = stream.at(number.next)
    if opening is None or opening.text != "(" or not stream.close(number.next - 1, number.next):
        return number
    again = numerals.read(stream, number.next + 1, money=True)
    if again is None or again.value != number.value:
        return number
    closing = stream.at(again.next)
    if closing is None or closing.text != ")":
        return number
    return Number(number.value, again.next + 1, closing.end, True)


def currency_before(stream: Stream, i: int) -> tuple[str, int, int] | None:
    """The currency that stands before an amount, the amount's token, and the character where the currency starts."""
    token = stream.at(i)
    if token is None or token.kind in "dn":
        return None
    if token.kind == "h":
        for words, code in stream.lexicon.cjk_currencies:
            if len(words) > 1 and token.text.endswith(words) and stream.close(i, i + 1):
                return code, i + 1, token.end - len(words)
        return None
    j, code, start = i, "", token.start
    following = stream.at(i + 1)
    if token.kind == "w" and following and following.text == "$" and stream.close(i, i + 1) and token.low in stream.lexicon.dollars:
        return stream.lexicon.dollars[token.low], i + 2, start
    phrase = stream.find(i, "currency")
    if phrase:
        code, j = str(phrase[0].value), phrase[1]
        following = stream.at(j)
        if following and following.text in stream.lexicon.signs and stream.close(j - 1, j):
            j += 1
    elif token.text in stream.lexicon.signs:
        code, j = _sign(stream, token.text), i + 1
    else:
        return None
    return (code, j, start) if stream.close(j - 1, j) else None


def currency_after(stream: Stream, number: Number) -> tuple[str, int, int] | None:
    """The currency that stands after an amount, the token after it, and the character after it."""
    j, token = number.next, stream.at(number.next)
    if token and token.low in OF and stream.close(j - 1, j):  # "mil millones de dólares"
        j, token = j + 1, stream.at(j + 1)
    if token is None or token.kind in "dn" or not stream.close(j - 1, j):
        return None
    if token.kind == "h":
        for words, code in stream.lexicon.cjk_currencies:
            if token.text.startswith(words):
                return code, j + 1, token.start + len(words)
        return None
    if token.text in stream.lexicon.signs:
        return _sign(stream, token.text), j + 1, token.end
    phrase = stream.find(j, "currency")
    return (str(phrase[0].value), phrase[1], stream.tokens[phrase[1] - 1].end) if phrase else None


def _sign(stream: Stream, sign: str) -> str:
    if sign == "¥" and (stream.is_japanese or not stream.has_han):
        return "JPY"
    return stream.lexicon.signs[sign]


def unit_after(stream: Stream, number: Number) -> tuple[float, int, int, bool] | None:
    """The days in the unit after a number, the token and the character after it, and whether it says a person's age."""
    j, token = number.next, stream.at(number.next)
    if token is None or token.kind not in "wh" or not stream.close(j - 1, j):
        return None
    if token.kind == "h":
        if token.text.startswith(stream.lexicon.cjk_ages):
            return 365.0, j, token.start, True
        if _is_date(stream, number, token):
            return None
        for words, days in stream.lexicon.cjk_units:
            if token.text.startswith(words):
                return days, j + 1, token.start + len(words), False
        return None
    phrase = stream.find(j, "unit")
    if phrase is None:
        return None
    after = phrase[1]
    for age in stream.lexicon.ages:
        if stream.close(after - 1, after) and stream.match(after, age):
            return 365.0, after, 0, True
    return float(str(phrase[0].value)), after, stream.tokens[after - 1].end, False


def _is_date(stream: Stream, number: Number, unit: Token) -> bool:
    """Whether a CJK number before 年, 月 or 日 is part of a date."""
    before = stream.at(number.next - 2)
    if unit.text[0] == "年":
        return 1900 <= number.value <= 2100 or 2 * 10**3 > number.value > 150
    return unit.text[0] in "月日" and before is not None and before.text.endswith(("月", "年")) and unit.text[:2] not in ("日以", "日内")


def is_amount(stream: Stream, i: int, number: Number, label: int) -> bool:
    """Whether a bare number counts something, rather than naming a section, a release, a size of a model, a date or a list item.

    `label` is the last token before it that was a number without being an amount.
    """
    token, before, after, words = stream.tokens[i], stream.at(i - 1), stream.at(number.next), stream.lexicon
    is_beside = after is not None and stream.close(number.next - 1, number.next)
    if after and is_beside and (after.low in words.shares or after.text.startswith(words.sizes)):
        return False
    if token.kind != "d":
        return True
    if _is_marker(stream, token, number):
        return False
    if after and is_beside and _is_dated(stream, after, number.next):
        return False
    if before is None:
        return after is not None or number.value >= 1000
    is_name = before.kind == "w" and before.text[0].isupper() and before.low not in words.before_amounts
    if stream.folded[token.end : number.end].strip() == "B":  # "Falcon 180B" and "Falcon 2 11B", but not "over 2B"
        return not is_name and before.kind != "d"
    if is_labelled(stream, i, label):
        return False
    if is_name and (number.value < 100 or (len(token.text) == 5 and token.text.isdigit())):  # "Llama 3", a postal code
        return False
    if 1900 <= number.value <= 2100 and "," not in token.text:
        return bool(after and is_beside and after.text.islower() and after.kind == "w" and after.low not in words.not_counted)
    return True


def is_labelled(stream: Stream, i: int, label: int) -> bool:
    """Whether a label such as "Section" governs the number at token i, directly or in a row: "Sections 3, 6(c) and 7"."""
    before = stream.at(i - 1)
    if before is None or before.low in stream.lexicon.labels or before.low in stream.lexicon.months or before.text.endswith("第"):
        return before is not None
    j = i - 1
    while j > max(label, i - 6, -1) and _is_joint(stream, stream.tokens[j]):
        j -= 1
    return j == label and not stream.tokens[i].text.count(",")


def _is_joint(stream: Stream, token: Token) -> bool:
    return token.text in "()" or token.low in stream.lexicon.joints or (token.kind == "w" and len(token.text) == 1)


def _is_marker(stream: Stream, token: Token, number: Number) -> bool:
    """Whether the number marks a list item or a section: "1.", "(2)", "## 3.", "9 (Trademarks)", "4-bit"."""
    if number.value >= 1000 or number.end != token.end:
        return False
    before, end = stream.folded[max(0, token.start - 2) : token.start], stream.folded[number.end : number.end + 3]
    if end[:1] == "-" and end[1:2].isalpha():
        return True
    if end[:2] == ", " and end[2:].isdigit():  # a row of sections
        return True
    if end[:2] == " (" and end[2:].isalpha() and end[2:].isupper():
        return True
    is_first = not before.strip(" ") or before[-1] in "\n(#" or before in ("  ", "# ", "* ", "- ")
    return is_first and (end[:1] in (")", "、") or (end[:1] == "." and not end[1:2].isdigit()))


def _is_dated(stream: Stream, after: Token, j: int) -> bool:
    """Whether the token after a number makes it a date or the number of a section: "1 May", "21 de febrero", "3月", "12条"."""
    if after.low in OF:
        following = stream.at(j + 1)
        return following is not None and following.low in stream.lexicon.months
    return after.low in stream.lexicon.months or (after.kind == "h" and after.text[0] in "年月日号条款章节節項条")
