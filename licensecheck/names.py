"""Which license a name means: tags, SPDX ids and expressions, and the many ways people write them.

When in doubt a name means nothing, or a family, never a more open license: a name counts only when all of its words are
accounted for, so that "modified-mit" and "apache-2.0-with-policy" are neither MIT nor Apache-2.0.
What the licenses are is `records.py`'s affair; what a sentence says about them is the card reader's.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from licensecheck import records
from licensecheck.records import slug as slug

Sureness = Literal["exact", "alias", "normalized", "family", "expression", "none"]

# Longer than any name or expression that people write; longer values are prose and not read as names.
LONGEST = 300

# Words that tell no license from another. "community", "public", "research", "modified" and the like do.
_NOISE = frozenset(["license", "licence", "licenses", "licences", "licensing", "agreement", "the", "a", "an", "version", "ver", "v"])
_PORTS = frozenset(["international", "intl", "unported", "generic", "public"])
# What Creative Commons calls its elements, in the order of its ids; other words of the same meaning fold onto them.
_ELEMENTS = ("by", "nc", "nd", "sa")
_FOLD = {"attribution": "by", "noncommercial": "nc", "sharealike": "sa", "noderivatives": "nd", "noderivs": "nd", "noderiv": "nd"}
_FOLD_PAIR = {
    ("non", "commercial"): "nc",
    ("share", "alike"): "sa",
    ("no", "derivatives"): "nd",
    ("no", "derivs"): "nd",
    ("no", "derivative"): "nd",
    ("creative", "commons"): "cc",
}
_CJK = {
    **dict.fromkeys(("许可证", "許可證", "许可协议", "許可協議", "授权协议", "协议", "協議", "许可", "ライセンス", "라이선스"), "license"),
    "知识共享": "cc",
    "署名": "by",
    "非商业性使用": "nc",
    "非商业性": "nc",
    "相同方式共享": "sa",
    "禁止演绎": "nd",
}
# Latin, Greek and Cyrillic words; the words above; single characters of other scripts; versions; plus signs.
# A version may be written with "-" or "_" for its points ("llama-3-1"); a size such as "-7b" is no part of one.
_WORD = re.compile(
    rf"[A-Za-z\u00c0-\u024f\u0370-\u04ff\uff21-\uff5a]+|{'|'.join(sorted(_CJK, key=len, reverse=True))}"
    r"|[^\W\d_]|\d+(?:\.\d+|[-_]\d(?![^\W_]))*|\++"
)
_CC_GLUED = re.compile(r"cc((?:by|nc|nd|sa)+)")
_ZEROS = re.compile(r"(?:\.0+)+$")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`\])}|]+", re.IGNORECASE)
_OPERATOR = re.compile(r"\s(?:AND|OR|WITH)\s")
_JOINED = re.compile(r"\s*(?:-and-|\s+and\s+|\s*[&;,/]\s*)\s*", re.IGNORECASE)


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
    operator: Literal["AND", "OR"] | None = None

    @property
    def id(self) -> str | None:
        """The one license named, or None when there is none or more than one."""
        return self.ids[0] if len(self.ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Mention:
    """A license named in prose: characters [start, end), the id of its record, and the name as written, white space folded.

    A name without a record (`is_known` false) has the id `LicenseRef-<the name as a slug>`; an address has its record's usual name.
    """

    start: int
    end: int
    id: str
    name: str
    is_known: bool = True


def resolve(name: str) -> Resolved:
    """What a tag, a name, an address or an SPDX expression means.

    >>> resolve("Apache License, Version 2.0").id
    'Apache-2.0'
    >>> resolve("apache-2.0-with-policy").id is None
    True
    """
    written = unicodedata.normalize("NFKC", name).strip().strip("\"'`*").strip()
    if not written or len(written) > LONGEST:
        return Resolved(name)
    if _URL.fullmatch(written):
        found = records.by_url(written)
        return Resolved(name, (found.id,), _grade(found.id, "alias")) if found else Resolved(name)
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

    What means an SPDX id, a Hub tag or a family behind one gets that id; any other name stands for itself, as
    `LicenseRef-<the name as a slug>`. What is known of such a name, `resolve` tells.

    >>> declared("Apache 2.0"), declared("flux-dev-license")
    (('Apache-2.0',), ('LicenseRef-flux-dev-license',))
    """
    ids = resolve(value).ids
    tagged = set(records.tags().values())
    if ids and all(i in tagged or not i.startswith("LicenseRef-") for i in ids):
        return ids
    name = slug(value)
    return (f"LicenseRef-{name}",) if name else ()


def key(name: str) -> str:
    """A name without what people vary: case, separators, words like "license" and "version", and trailing zeros of versions.

    >>> key("Apache License, Version 2.0") == key("apache2") == key("Apache-2.0")
    True
    >>> key("CC BY-SA-NC 4.0") == key("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International License")
    True
    >>> key("GPL-3.0+") == key("GPL-3.0")
    False
    """
    return "".join(_in_order([word for word, _, _ in _words(name)]))


def _in_order(words: list[str]) -> list[str]:
    """Creative Commons' elements in the order of its ids, without the names of its international editions; other words as they are."""
    if words[:1] != ["cc"]:
        return words
    elements = sorted((w for w in words if w in _ELEMENTS), key=_ELEMENTS.index)
    return ["cc", *elements, *(w for w in words[1:] if w not in _ELEMENTS and w not in _PORTS)]


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words that count, folded, with the characters [start, end) they stand in."""
    found: list[tuple[str, int, int]] = []
    for word, start, end in _raw_words(text):
        if word in _NOISE:
            continue
        pair = _FOLD_PAIR.get((found[-1][0], word)) if found else None
        if pair:
            found[-1] = (pair, found[-1][1], end)
        elif not (word == "works" and found and found[-1][0] == "nd"):
            found.append((_FOLD.get(word, word), start, end))
    return found


def _raw_words(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        word, start, end = unicodedata.normalize("NFKC", match[0]).casefold(), match.start(), match.end()
        if word[0].isdigit():
            yield _ZEROS.sub("", re.sub(r"[-_]", ".", word)), start, end
        elif glued := _CC_GLUED.fullmatch(word):
            yield "cc", start, end
            for element in re.findall("..", glued[1]):
                yield element, start, end
        elif len(word) > 2 and word.endswith("v") and text[end : end + 1].isdigit():
            yield word[:-1], start, end  # "GPLv3"
        else:
            yield _CJK.get(word, word), start, end


# Names in prose.

# What is no name of a license in running text, though it may stand in a card's metadata.
_NEVER = frozenset(f"LicenseRef-{n}" for n in ("other", "unknown", "research-only", "non-commercial", "open-source", "all-rights-reserved"))
# Names that mean a license wherever they stand with a version; others ("MIT", "Gemma", "Llama 3") are also places, models, companies.
_STRONG = (
    *("apache", "cc", "gpl", "lgpl", "agpl", "gnu", "mpl", "mozilla", "bsd", "epl", "eupl", "cdla", "openmdw", "odbl", "odcby", "pddl"),
    *("openrail", "creativemlopenrail", "bigscience", "bigcodeopenrail", "afl", "osl", "ofl", "unlicense", "wtfpl", "cuda", "ouda"),
    "publicdomain",
)
_LICENSE_WORD = re.compile(r"licen[sc]|agreement|terms of use|许可|協議|协议|授权|許可|ライセンス|라이선스", re.IGNORECASE)
_AFTER = re.compile(
    r"['\"’”*_`)\]\s-]{0,4}(?:licen[sc](?:ed?|ing)\b|(?!(?:is|are|was)\b)[\w.-]{1,12}\s{1,2}licen[sc]e\b|agreement\b|terms\b"
    r"|许可|許可|协议|協議|授权|ライセンス|라이선스)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:licen[sc](?:e|ed|es|ing)(?:\s+(?:is|as|type|name|under|by))*"
    r"|(?:released|distributed|available|published|provided|shared|sourced|offered|covered|governed)(?:\s+\w{1,12}){0,2}\s+(?:under|by)"
    r"|许可证?|協議|协议|授权|采用|遵循|基于|ライセンス)"
    r"(?:\s*[:：=は为是]|\s+(?:the|an?|is))*[\s\[\"'“‘(*`_]*$",
    re.IGNORECASE,
)
# What belongs to a name and is no word that counts: "… License Agreement".
_TAIL = re.compile(
    r"(?:[\s_-]{0,3}(?:licen[sc]e|agreement|version))+\b"
    r"|[\s_-]{0,2}(?:许可证|許可證|许可协议|協議|协议|许可|ライセンス|라이선스)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"[\s*`'\"]*(?:/|,|&|\||and|or|\+)[\s*`'\"]*", re.IGNORECASE)
# A changed copy is not the license it was made from, and more terms beside a license are more terms.
_CHANGED_BEFORE = re.compile(
    r"\b(?:modif(?:ied|ication)|adapt(?:ed|ation)|alter(?:ed|ation)|variant|derived|based on|similar to|like)\b[^.;\n]{0,24}$",
    re.IGNORECASE,
)
_CHANGED_AFTER = re.compile(
    r"[-\s]*(?:style|like|based|derived|inspired"
    r"|with[-\s]+(?:additional|added|extra|some|modif|changes|use|policy|restrict))",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;!?。；！？|]|[.:]\s|\n\s*\n|\S{5}")
_GAP_NOISE = re.compile(r"\b(?:licen[sc]es?|licensing|agreement|the|an?|version|ver|v)\b\.?|许可|協議|协议|ライセンス", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\b(?:[A-Z][\w.+-]{0,30}[ -]){1,8}(?:Licen[sc]e(?: Agreement)?|LICEN[SC]E(?: AGREEMENT)?|Terms of Use|User Agreement|user agreement)\b"
)
# Words that name no license by themselves: "This License", "Model License", "Open Source License".
_GENERIC = frozenset(
    (
        *("this", "the", "model", "models", "software", "license", "licence", "public", "open", "source", "terms", "use", "user"),
        *("agreement", "general", "commercial", "standard", "a", "an", "your", "our", "its", "any", "same", "free", "other", "full"),
        *("original", "legal", "end", "custom", "community", "research", "and", "of", "for", "under", "see", "read", "new", "each"),
        *("all", "dual", "multiple", "no", "unported", "international", "generic"),
    )
)
# How many words a name may have, and which words beside its elements a Creative Commons name may hold.
_LONGEST_NAME = 24
_CC_MORE = frozenset(["zero", "universal", "domain", "dedication", "igo", "license"])
# How much text before and after a name is looked at.
_NEAR = 64


def find(text: str) -> tuple[Mention, ...]:
    """The licenses named in a stretch of prose, in order, without overlaps; linear in the text.

    Precise rather than complete: "MIT" or "Gemma" alone is a place or a model; with "license" beside it, it is a license. A name that
    is said to be modified is left out.

    >>> [m.id for m in find("Released under the Apache 2.0 license; data is CC BY-NC 4.0. Trained at MIT.")]
    ['Apache-2.0', 'CC-BY-NC-4.0']
    """
    addresses = [(m.start(), m.end(), records.by_url(m[0].rstrip(".,;:"))) for m in _URL.finditer(text)]
    blanked = _blank(text, [(start, end) for start, end, _ in addresses])
    found = [Mention(start, end, r.id, (*r.aliases, r.name)[0]) for start, end, r in addresses if r]
    found += _known(blanked)
    taken = _blank(blanked, [(m.start, m.end) for m in found])
    found += _unknown(taken)
    return tuple(sorted(found, key=lambda m: m.start))


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], "\0" * (end - start)]
        at = max(at, end)
    return "".join((*parts, text[at:]))


def _known(text: str) -> Iterator[Mention]:
    found: list[tuple[Mention, bool]] = []
    words = _words(text)
    at = 0
    while at < len(words):
        best = _longest(text, words, at)
        if best is None:
            at += 1
            continue
        upto, license_id = best
        start, end = words[at][1], words[upto - 1][2]
        if license_id not in _NEVER:
            tail = _TAIL.match(text, end, end + _NEAR)
            stop = tail.end() if tail else end
            mention = Mention(start, stop, license_id, " ".join(text[start:stop].split()))
            found.append((mention, _is_named(text, start, end, words[at:upto])))
        at = upto
    for index, (mention, is_named) in enumerate(found):
        # A bare "MIT" names a license when it stands beside a name that does: "MIT/Apache-2.0".
        beside = index + 1 < len(found) and found[index + 1][1] and _BESIDE.fullmatch(text[mention.end : found[index + 1][0].start][:_NEAR])
        if is_named or (beside and not _is_changed(text, mention.start, mention.end)):
            yield mention


def _longest(text: str, words: list[tuple[str, int, int]], at: int) -> tuple[int, str] | None:
    """The longest name that starts at a word: the index after its last word, and the license id."""
    table, starts = _keys(), _starts()
    best, joined = None, words[at][0]
    if joined not in starts:
        return None
    run = [joined]
    for upto in range(at + 1, min(len(words), at + _LONGEST_NAME) + 1):
        if upto > at + 1:
            word, start, _ = words[upto - 1]
            is_version = word[0].isdigit() and not text[words[upto - 1][2] :][:1].isalpha()  # "3D objects" are no version 3
            if run[0] == "cc" and not (word in _ELEMENTS or word in _PORTS or word in _CC_MORE or is_version):
                break
            run.append(word)
            joined = "".join(_in_order(run)) if run[0] == "cc" else joined + word
            if run[0] != "cc" and joined not in starts:
                break
            gap = text[words[upto - 2][2] : start]
            if len(gap) > 40 or "\0" in gap or _BREAK.search(_GAP_NOISE.sub(" ", gap)):
                break
        if joined in table:
            best = (upto, table[joined])
    return best


def _is_changed(text: str, start: int, end: int) -> bool:
    return bool(_CHANGED_BEFORE.search(text[max(0, start - _NEAR) : start]) or _CHANGED_AFTER.match(text[end : end + _NEAR]))


def _is_named(text: str, start: int, end: int, words: list[tuple[str, int, int]]) -> bool:
    if _is_changed(text, start, end):
        return False
    name = "".join(_in_order([w for w, _, _ in words]))
    if name.startswith(_STRONG) and (any(c.isdigit() for c in name) or len(words) > 1):
        return True
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(_LICENSE_WORD.search(text[start:end]) or _AFTER.match(after) or _BEFORE.search(before))


def _unknown(text: str) -> Iterator[Mention]:
    for match in _UNKNOWN.finditer(text):
        words = [w.strip(".,:").lower() for w in re.split(r"[ -]", match[0])]
        own = next((i for i, w in enumerate(words) if w and w not in _GENERIC), None)
        if own is None:
            continue
        start = match.start() + sum(len(w) + 1 for w in re.split(r"[ -]", match[0])[:own])
        name = text[start : match.end()]
        yield Mention(start, match.end(), f"LicenseRef-{slug(name)}", name, is_known=False)


# The tables, built once from the records.


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


@functools.cache
def _exact() -> Mapping[str, str]:
    found = {r.id.lower().removeprefix("licenseref-"): r.id for r in records.every()}
    found.update({tag.lower(): license_id for tag, license_id in records.tags().items()})
    return found


@functools.cache
def _aliases() -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for record, alias in _written():
        claims.setdefault(alias.lower(), set()).add(record.id)
    return {alias: records.least_open(ids) for alias, ids in claims.items()}


@functools.cache
def _keys() -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for name, license_id in _exact().items():
        claims.setdefault(key(name), set()).add(license_id)
    for record, alias in _written():
        claims.setdefault(key(alias), set()).add(record.id)
    claims.pop("", None)
    return {k: records.least_open(ids) for k, ids in claims.items()}


@functools.cache
def _starts() -> frozenset[str]:
    return frozenset(k[:n] for k in _keys() for n in range(1, len(k) + 1))


def problems() -> list[str]:
    """The names that stand for more than one record, each with its claimants: for `rules check`. Empty when all is well."""
    claims: dict[str, set[str]] = {}
    for record, alias in _written():
        claims.setdefault(key(alias), set()).add(record.id)
    for name, license_id in _exact().items():
        claims.setdefault(key(name), set()).add(license_id)
    return [f"the name {k!r} stands for {' and '.join(sorted(ids))}" for k, ids in sorted(claims.items()) if len(ids) > 1]


def _written() -> Iterator[tuple[records.Record, str]]:
    for record in records.every():
        for alias in (record.name, *record.aliases):
            yield record, alias


def _expression(name: str, written: str) -> Resolved:
    # NOTE: imported here because it costs time and hardly any card holds an expression.
    from license_expression import ExpressionError, LicenseSymbol, LicenseWithExceptionSymbol, Licensing

    licensing = Licensing()
    try:
        parsed = licensing.parse(written)
    except (ExpressionError, ValueError):
        return Resolved(name)
    found = []
    for symbol in licensing.license_symbols(parsed, unique=True, decompose=False) if parsed is not None else ():
        if isinstance(symbol, LicenseWithExceptionSymbol):
            # NOTE: an exception only gives more; any other "with" may take away.
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
