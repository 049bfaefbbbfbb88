"""Which license a name means: tags, SPDX ids and expressions, and the many ways people write them.

When in doubt a name means nothing, or a family, never a more open license: a name counts only when all of its words are
accounted for, so that "modified-mit" and "apache-2.0-with-policy" are neither MIT nor Apache-2.0.
What the licenses are is `records.py`'s affair.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from licensecheck import records

Sureness = Literal["exact", "alias", "normalized", "family", "expression", "none"]

# Longer than any name or expression that people write; longer values are prose and not read as names.
LONGEST = 300

# Words that tell no license from another. "community", "public", "research", "modified" and the like do.
_NOISE = frozenset(["license", "licence", "licenses", "licences", "licensing", "agreement", "the", "a", "an", "version", "ver", "v"])
_NOISE_CJK = ("許可證", "许可证", "许可协议", "許可協議", "协议", "協議", "ライセンス", "라이선스")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*|\++")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_ZEROS = re.compile(r"(?:\.0+)+$")
_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_OPERATOR = re.compile(r"\s(?:AND|OR|WITH)\s")
_JOINED = re.compile(r"\s*(?:-and-|\s+and\s+|\s*&\s*|\s*;\s*)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name means.

    `ids` are the licenses named: none, one, or several joined by `operator`. `sureness` says how it was found: "exact" (an id or a
    Hub tag, letter case aside), "alias" (a name on record), "normalized" (such a name, written otherwise), "family" (only the family
    is known), "expression" (several, or one with an exception).
    """

    name: str
    ids: tuple[str, ...] = ()
    sureness: Sureness = "none"
    operator: Literal["AND", "OR", None] = None

    @property
    def id(self) -> str | None:
        """The one license named, or None when there is none or more than one."""
        return self.ids[0] if len(self.ids) == 1 else None


def resolve(name: str) -> Resolved:
    """What a tag, a name, an address or an SPDX expression means.

    >>> resolve("Apache License, Version 2.0").id
    'Apache-2.0'
    >>> resolve("modified-mit").id == "MIT"
    False
    """
    written = unicodedata.normalize("NFKC", name).strip().strip("\"'`*").strip()
    if not written or len(written) > LONGEST:
        return Resolved(name)
    if _URL.match(written):
        found = records.by_url(written)
        return Resolved(name, (found.id,), "family" if found.is_family else "alias") if found else Resolved(name)
    one = _one(name, written)
    if one.ids:
        return one
    if _OPERATOR.search(written):
        return _expression(name, written)
    parts = [_one(p, p) for p in _JOINED.split(written)]
    if len(parts) > 1 and all(p.ids for p in parts):
        return Resolved(name, _distinct(parts), "expression", "AND")
    return one


def declared(value: str) -> tuple[str, ...]:
    """The ids that a value of the card's `license` or `license_name` stands for, by the contract of `declared.ids`.

    What resolves surely gets its id; any other name stands for itself, as `LicenseRef-<the name as a slug>`.
    """
    found = resolve(value)
    if found.ids and found.sureness in ("exact", "normalized", "alias", "expression", "family"):
        return found.ids
    slug = re.sub(r"[^a-z0-9.+]+", "-", value.lower()).strip("-")
    return (f"LicenseRef-{slug}",) if slug else ()


def _one(name: str, written: str) -> Resolved:
    bare = re.sub(r"^licenseref-", "", written, flags=re.IGNORECASE)
    exact = _exact().get(bare.lower())
    if exact:
        return Resolved(name, (exact,), _grade(exact, "exact"))
    alias = _aliases().get(bare.lower())
    if alias:
        return Resolved(name, (alias,), _grade(alias, "alias"))
    found = _keys().get(key(bare))
    return Resolved(name, (found,), _grade(found, "normalized")) if found else Resolved(name)


def _grade(license_id: str, sureness: Sureness) -> Sureness:
    found = records.record(license_id)
    return "family" if found and found.is_family else sureness


def key(name: str) -> str:
    """A name without what people vary: case, separators, words like "license" and "version", and trailing zeros of versions.

    >>> key("Apache License, Version 2.0") == key("apache2") == key("Apache-2.0")
    True
    >>> key("GPL-3.0+") == key("GPL-3.0")
    False
    """
    return "".join(_words(name))


def known(squashed: str) -> str | None:
    """The license that a squashed name means, see `key`, or None.

    >>> known("apache2")
    'Apache-2.0'
    """
    return _keys().get(squashed)


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKC", name).casefold()
    for noise in _NOISE_CJK:
        text = text.replace(noise, " ")
    words = [w for w in _TOKEN.findall(text) if w not in _NOISE]
    return [_ZEROS.sub("", w) if _VERSION.fullmatch(w) else w for w in words]


@functools.cache
def _exact() -> Mapping[str, str]:
    found = {r.id.lower().removeprefix("licenseref-"): r.id for r in records.every()}
    found.update({tag.lower(): license_id for tag, license_id in records.tags().items()})
    return found


@functools.cache
def _aliases() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for record, alias in _written():
        found.setdefault(alias.lower(), record.id)
    return found


@functools.cache
def _keys() -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for name, license_id in _exact().items():
        claims.setdefault(key(name), set()).add(license_id)
    for record, alias in _written():
        claims.setdefault(key(alias), set()).add(record.id)
    claims.pop("", None)
    return {k: _least(ids) for k, ids in claims.items()}


def _least(ids: set[str]) -> str:
    """The least open of several licenses that one squashed name fits."""
    order = ("not-open", "unclear", "open")
    return min(sorted(ids), key=lambda i: order.index(records.standing(i)[0]))


def _written() -> Iterator[tuple[records.Record, str]]:
    for record in records.every():
        for alias in (record.name, *record.aliases):
            yield record, alias


def _expression(name: str, written: str) -> Resolved:
    # NOTE: imported here because it costs a tenth of a second and hardly any card holds an expression.
    from license_expression import ExpressionError, LicenseSymbol, LicenseWithExceptionSymbol, Licensing

    try:
        parsed = Licensing().parse(written)
    except (ExpressionError, ValueError):
        return Resolved(name)
    found = []
    for symbol in Licensing().license_symbols(parsed, unique=True, decompose=False) if parsed is not None else ():
        if isinstance(symbol, LicenseWithExceptionSymbol):
            if "exception" not in symbol.exception_symbol.key.lower():
                return Resolved(name)
            symbol = symbol.license_symbol
        assert isinstance(symbol, LicenseSymbol)
        one = _one(symbol.key, symbol.key)
        if not one.ids:
            return Resolved(name)
        found.append(one)
    if not found:
        return Resolved(name)
    # NOTE: a mixture of AND and OR is read as AND, the stricter of the two.
    operator: Literal["AND", "OR"] = "OR" if " OR " in written and " AND " not in written else "AND"
    ids = _distinct(found)
    return Resolved(name, ids, "expression", operator if len(ids) > 1 else None)


def _distinct(found: list[Resolved]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for one in found for i in one.ids))
