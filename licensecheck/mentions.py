"""Which licenses a stretch of a card's prose names: by the tables, by links to known texts, by a phrase in capitals before the noun."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from licensecheck import names, records
from licensecheck.wording import NAME, form

LINK = re.compile(r"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){1,300})\]\(\s{0,3}<?([^)\s>]{1,600})")
_NOUN = re.compile(
    r"\W{0,3}(?:(?:Community|Public|Model|Research|Non-Commercial)\s){0,2}(?:Licen[cs]e|LICENSE|license)(?:\s(?:Agreement|AGREEMENT))?\b"
)
_MODEL_LICENSE = re.compile(r"(?:Model|Weights?) License(?: Agreement)?|MODEL LICENSE|模型许可(?:协议)?|模型协议")
_SUFFIX = re.compile(r"-(?:NC|ND|SA)(?:-[A-Z]{2})?\b")
_BY_REFERENCE = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\[([^\[\]\n]{1,60})\]")
_TERMS_AT = re.compile(r"/([\w.-]{2,60})/(?:licen[cs]e|terms)(?![\w-])", re.IGNORECASE)
FILE_LABEL = re.compile(r"(?:\S{0,200}/)?licen[cs]es?(?:\.\w{1,8})?", re.IGNORECASE)  # it names a file, no license
_TERSE = 24  # characters of a line that can be little else than the name in it
SHORT = 8  # words of a field's value that are taken as a name
NAMELESS = frozenset({"LicenseRef-other", "LicenseRef-unknown"})
_PUBLIC_DOMAIN = "LicenseRef-public-domain"


@dataclass(frozen=True, slots=True)
class Named:
    """A license named in a sentence, with its place there. `license` is None for "the license", which names none."""

    start: int
    end: int
    license: str | None


def reference(name: str) -> str:
    """The id of a license that no table knows.

    >>> reference("Kensho user agreement")
    'LicenseRef-kensho-user-agreement'
    """
    return f"LicenseRef-{names.slug(name) or 'unnamed'}"


@dataclass(frozen=True, slots=True)
class Namer:
    """Names licenses as one card does: by its links by reference, and by the ids that its tags declare."""

    references: Mapping[str, str]
    declared: tuple[str, ...]

    def licenses(self, words: str, raw: str) -> list[Named]:
        """The licenses named in a stretch: by the tables, by links to known texts, by a phrase in capitals before the noun."""
        found = [self._spelt(words, mention) for mention in self.mentions(words)]
        if found:
            return found
        for label, url in self._links(raw):
            known = _behind(url)
            if known:
                return [Named(0, 0, (self.only_declared() if is_generic(label) else None) or known)]
            if re.search(r"licen[cs]e|terms", url, re.IGNORECASE) and not is_generic(label):
                plain = re.sub(r"[`*_\[\]]", "", label).strip()
                if not FILE_LABEL.fullmatch(plain) and 0 < len(plain.split()) <= SHORT and not plain.startswith("http"):
                    return [Named(0, 0, self.named(plain))]
        if family := form("family").search(words):
            known = names.resolve(f"{family['name']} license").id
            if known:
                return [Named(family.start(), family.end(), known)]
        for match in form("named").finditer(words):
            name = re.sub(r"[’']s\b", "", folded(match.group()))
            if not is_generic(name):
                return [Named(match.start(), match.end(), self.named(name))]
        if own := _MODEL_LICENSE.search(words):
            return [Named(own.start(), own.end(), self.only_declared() or reference(own.group()))]
        return []

    def named(self, name: str) -> str:
        """The id of a name: one of the declared ones where it is spelt alike, what the tables say, else a reference."""
        name = re.sub(r"\.(?:md|txt|pdf|html)$", "", " ".join(re.sub(r"[`*\[\]]", "", name).split()))
        name = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.IGNORECASE)
        if _MODEL_LICENSE.fullmatch(name) and (declared := self.only_declared()):
            return declared
        return self.declared_as(names.resolve(name).id or reference(name))

    def mentions(self, words: str) -> list[names.Mention]:
        """The names in a stretch, without a family beside its member and without models that stand far from any word of licensing."""
        found = [m for m in names.find(words) if not ((record := records.record(m.id)) and record.kind == "use-policy")]
        if len(found) > 1:
            found = [m for m in found if m.id != _PUBLIC_DOMAIN]  # "Public Domain, CC0" is one license
        members = {record.family for mention in found if (record := records.record(mention.id))}
        has_noun = bool(form("license").search(words))
        is_sure = has_noun or bool(form("terse").search(words))
        return [
            m
            for m in found
            if m.id not in members
            and (is_sure or not m.id.startswith("LicenseRef-") or form("unmistakable").match(words, m.start) or m.id == _PUBLIC_DOMAIN)
        ]

    def _spelt(self, words: str, mention: names.Mention) -> Named:
        """A name under the id that its spelling has by the contract: SPDX, a tag, else the name itself."""
        tail = _NOUN.match(words, mention.end)
        end = tail.end() if tail and mention.end else mention.end
        if suffix := _SUFFIX.match(words, end):
            # "Source Code License-NC" is not the Source Code License.
            return Named(mention.start, suffix.end(), self.named(words[mention.start : suffix.end()]))
        spelt = names.declared(words[mention.start : end])
        record = records.record(mention.id)
        is_sure = not mention.id.startswith("LicenseRef-") or bool(record and (record.is_family or record.hub_tags))
        known = mention.id if is_sure or len(spelt) != 1 else spelt[0]
        return Named(mention.start, end, self.declared_as(known))

    def only_declared(self) -> str | None:
        """What "the license" means in a card that declares one; None where the tag may be the very mistake, as an open one."""
        declared = self.declared
        is_telling = len(declared) == 1 and declared[0] not in NAMELESS and records.standing(declared[0])[0] != "open"
        return declared[0] if is_telling else None

    def _links(self, raw: str) -> list[tuple[str, str]]:
        """Label and address of each link, those by reference included."""
        by_reference = [(label, self.references[key]) for label, key in _BY_REFERENCE.findall(raw) if key in self.references]
        return [*LINK.findall(raw), *by_reference]

    def declared_as(self, license_id: str) -> str:
        """The id itself, or the declared one that it is another spelling or the family of."""
        squashed, record = names.key(license_id.removeprefix("LicenseRef-")), records.record(license_id)
        for declared in self.declared:
            own = records.record(declared)
            if names.key(declared.removeprefix("LicenseRef-")) == squashed:
                return declared
            if record and record.is_family and own and own.family == license_id:
                return declared
        return license_id


def without(words: str, found: Sequence[Named]) -> str:
    """The stretch without the licenses' names: "Source Code License" speaks of no code."""
    for item in found:
        words = words[: item.start] + " " * (item.end - item.start) + words[item.end :]
    return words


_TAIL = re.compile(r"[\s-]{0,3}(?:licen[cs]e|agreement|terms)\b.{0,30}$", re.IGNORECASE)


def marked(words: str, found: Sequence[Named]) -> str:
    """The stretch with NAME in place of each license's name; the word "license" after it stays."""
    for item in sorted(found, key=lambda item: -item.start):
        if item.end > item.start:
            tail = _TAIL.search(words[item.start : item.end])
            end = item.start + tail.start() if tail and tail.start() else item.end
            words = words[: item.start] + NAME + words[end:]
    return words


def is_mostly(words: str, found: Sequence[Named]) -> bool:
    """Do the names make up the stretch, or does it speak of licensing? A title of something else may hold a license's name."""
    if not found:
        return False
    if re.search(rf"[:：–—-]\s{{0,3}}{NAME}\W{{0,3}}$", marked(words, found)):
        return True
    is_last_in_parentheses = found[-1].end >= len(words) - 3 and words[: found[-1].start].rstrip().endswith(("(", "（"))
    if len(words) <= _TERSE:
        return True
    return 2 * sum(item.end - item.start for item in found) >= len(words) or is_last_in_parentheses or bool(form("license").search(words))


def _behind(url: str) -> str | None:
    """The license that stands at an address: by the records, else by the name before "/license" in it."""
    record = records.by_url(url)
    if record:
        return None if record.kind == "use-policy" else record.id
    match = _TERMS_AT.search(url)
    return names.resolve(f"{match[1]} license").id if match else None


def is_generic(name: str) -> bool:
    """Is it only "the license" and the like?"""
    return all(form("generic").fullmatch(word) for word in re.findall(r"[^\s\[\]()`*_.,:]+", name))


def folded(words: str) -> str:
    """White space folded: what was blanked must not count as distance."""
    return " ".join(words.replace("\x00", " ").split())
