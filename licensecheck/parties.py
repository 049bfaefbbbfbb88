"""The names by which a text calls its licensor: 'Example Labs Ltd ("Example")'. Rules read such a name as "licensor"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from licensecheck.tokens import Token

READ = 60_000
"""Characters of a text in which names are looked for: parties are named where it begins, or where it defines its terms."""
MOST = 12
_BODY = (
    r"(?:Inc|Incorporated|Ltd|Limited|LLC|L\.L\.C|LLP|Corp|Corporation|GmbH|AG|SE|SAS|S\.A|B\.V|BV|AB|Oy|PLC|Pty|Co|Company|K\.K|Platforms"
    r"|University|Institute|Foundation|Laborator(?:y|ies)|Centre|Center|Consortium|Association|Technolog(?:y|ies)|Labs?)\b"
)
_NAME = r"[A-Z][\w&-]{0,30}(?: (?:AI|[A-Z][\w&-]{1,30})){0,3}"
_QUOTED = rf"[\"“'‘](?:the )?({_NAME})[\"”'’]"
_ALIAS = re.compile(rf"\([a-z, ]{{0,40}}[\"“'‘](?:the )?({_NAME}|licensor|we|us)[\"”'’]")
BEFORE = 240
"""Characters before an alias in brackets in which the party stands that it is for."""
_BODY_BEFORE = re.compile(
    rf"\b((?:[A-Z][\w&.,-]{{0,30}} ){{1,6}}?{_BODY})[^\n\"“”;]{{0,160}}$"
)  # Example Labs Ltd, a company of Utopia ("Example")
_NAME_BEFORE = re.compile(rf"\b({_NAME})(?:, [^\n\"“”();]{{0,120}})? $")  # Example Labs (the "Licensor")
_ROLES = frozenset(("licensor", "company", "we", "us"))
_MEANS = re.compile(  # "Example" means Example Labs Ltd
    rf"{_QUOTED}[^.\n]{{0,60}}?\b(?:means?|refers? to|is|are)\b((?: [A-Z(][\w&.,)-]{{0,30}}| of| the| and| by){{1,8}})"
)
_US = re.compile(  # "Example" or "we"
    rf"{_QUOTED}(?:,? (?:or|and)?,? ?[\"“'‘][\w ]{{1,20}}[\"”'’]){{0,3}}?,? (?:or|and) [\"“'‘](?:we|us|our|Licensor|the Licensor)[\"”'’]"
)
_HOLDER = re.compile(
    rf"(?:Copyright|©|\(c\))[ ,©]*(?:\(c\))?[ ,]*(?:\d{{4}}[-–, \d]*)?(?:by )?({_NAME}?(?: {_BODY})?)(?=[ ,.]*(?:\n|All |$))"
)
_COMMON = re.compile(
    r"\b(?:the|th[ei]se?|agreement|licen[sc]\w*|models?|software|materials?|weights|code|data\w*|services?|you\w*|users?|we|us|our|company|part(?:y|ies)"
    r"|provider|owner|authors?|terms|policy|documentation|derivatives?|outputs?|works?|program|contributors?|effective|date|recipient|customer)\b",
    re.I,
)
_LICENSOR = "licensor"


def named(text: str) -> re.Pattern[str] | None:
    """What finds the licensor's names in the sentences of a text; None where it gives itself none.

    A name that goes on with a word in capitals ("Example Community License") is that of a product, and not found.

    >>> named('Example Labs Ltd, of Utopia ("Example"), grants you a license.').findall("Example may end it. The Example Model stays.")
    ['Example']
    """
    start = text[:READ]
    found: dict[str, None] = {}
    for alias in _ALIAS.finditer(start):
        before = start[max(0, alias.start() - BEFORE) : alias.start()]
        if alias[1].lower() in _ROLES:
            if name := _NAME_BEFORE.search(before):
                found[name[1]] = None
        elif (body := _BODY_BEFORE.search(before)) and _is_of(alias[1], body[1]):
            found[alias[1]] = None
    for match in _MEANS.finditer(start):
        if re.search(_BODY, match[2]) and _is_of(match[1], match[2]):
            found[match[1]] = None
    for match in itertools.chain(_US.finditer(start), _HOLDER.finditer(start)):
        found[match[1]] = None
    names = [name for name in found if len(name) > 1 and not _COMMON.search(name)][:MOST]
    if not names:
        return None
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{either})(?:['’]s)?(?![\w-])(?! [A-Z])")


def _is_of(alias: str, body: str) -> bool:
    """Whether an alias is short for the body's name: a part of it, or its initials."""
    return alias.lower() in body.lower() or (alias.isupper() and "".join(re.findall(r"\b[A-Z]", body)).startswith(alias))


def called(tokens: Sequence[Token], stretch: str, names: re.Pattern[str]) -> list[Token]:
    """The tokens of a stretch with each of the names in it read as "licensor"."""
    spans = iter([match.span() for match in names.finditer(stretch)])
    start, end = next(spans, (len(stretch), len(stretch)))
    out: list[Token] = []
    for token in tokens:
        while token.start >= end:
            start, end = next(spans, (len(stretch), len(stretch) + 1))
        if token.start < start:
            out.append(token)
        elif token.start == start:
            out.append(Token(_LICENSOR, _LICENSOR, start, end))
    return out
