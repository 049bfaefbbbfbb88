"""What is known of each license: facts from `rules/licenses`, never its text; and how open a license is by those facts alone.

A file there holds one record, or a list of generated ones. Parsing them all takes a few tenths of a second, so the parsed form is
kept in the user's cache folder under the digest of the rules; where that folder cannot be used, they are simply parsed again.
Which name means which record is `names.py`'s affair.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

import platformdirs

from licensecheck import rules
from licensecheck.errors import RulesError
from licensecheck.types import Citation, Clause, Openness, Param, Ruling

Kind = Literal["license", "family", "data", "use-policy"]
Basis = Literal["text", "claim"]

KINDS = ("license", "family", "data", "use-policy")
BASES = ("text", "claim")
OSI = ("approved", "rejected", "statement", "not-submitted")
FSF = ("free", "non-free", "none")
# The keys a record may have; anything else is a typing slip that `problems` reports.
KEYS = (
    *("id", "name", "aliases", "kind", "family", "licensor", "version", "date", "links", "osi", "fsf", "clauses"),
    *("successor", "incorporates", "urls", "note", "basis", "read_from", "read_on", "file"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One clause that a license is known to hold: its taxonomy id, its parameters, and the section it stands in, where known."""

    id: str
    params: Mapping[str, Param] = field(default_factory=dict)
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organization decided or stated about a license, where it says so, and when."""

    status: str
    link: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The facts about one license, family of licenses, data agreement or use policy.

    `basis` "claim" means that no text was read for it. `family` is the id of the family it belongs to. `incorporates` are ids of
    use policies that it makes part of its terms. `urls` are the places where its text stands.
    """

    id: str
    name: str
    kind: Kind
    basis: Basis
    read_from: str
    read_on: str
    aliases: tuple[str, ...] = ()
    hub_tags: tuple[str, ...] = ()
    family: str | None = None
    licensor: str | None = None
    version: str | None = None
    date: str | None = None
    links: tuple[str, ...] = ()
    osi: Standing = Standing("not-submitted")
    fsf: Standing = Standing("none")
    clauses: tuple[Fact, ...] = ()
    successor: str | None = None
    incorporates: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    note: str | None = None

    @property
    def is_family(self) -> bool:
        """Whether it stands for several licenses, so that it never makes anything open."""
        return self.kind == "family"


@dataclass(frozen=True, slots=True)
class OpenTerms:
    """One entry of the closed list of licenses that OSI has not ruled on and in which the review found no conflict."""

    id: str
    reason: str
    reviewed: str


def record(license_id: str) -> Record | None:
    """The record with this id, or None. `LicenseRef-<slug of a name on record>` finds the record of that name too.

    >>> record("LicenseRef-flux-dev-license").id
    'LicenseRef-flux-1-dev-non-commercial-license'
    """
    found = _table().get(license_id)
    return found or (_table().get(_slugs().get(license_id.lower(), "")) if license_id.startswith("LicenseRef-") else None)


def slug(name: str) -> str:
    """A name as the tail of a `LicenseRef-` id.

    >>> slug("Kensho user agreement")
    'kensho-user-agreement'
    """
    return re.sub(r"[^\w.+]+|_", "-", unicodedata.normalize("NFKC", name).lower()[:_LONGEST_NAME]).strip("-.")


def least_open(ids: Iterable[str]) -> str:
    """The least open of several licenses, for a name or an address that fits them all."""
    return min(ids, key=lambda i: (_ORDER.index(standing(i)[0]), i))


def every() -> tuple[Record, ...]:
    """All records, by id."""
    return tuple(_table().values())


def tags() -> Mapping[str, str]:
    """The Hub's license tags, each with the id of its record."""
    return {tag: entry["id"] for tag, entry in _compiled()["tags"].items()}


def standing(license_id: str) -> tuple[Openness, Ruling | None]:
    """`openness` by id; a license without a record is ("unclear", None)."""
    found = record(license_id)
    return openness(found) if found else ("unclear", None)


def openness(of: Record) -> tuple[Openness, Ruling | None]:
    """How open a license is by its record alone, and what OSI or FSF said about it.

    Open only by OSI's approval or by the closed list in rules/criteria/open-terms.yaml; not open by any clause of effect
    violation; else unclear. A family is never open. A license that incorporates a use policy is as open as that policy lets it be.
    """
    ruling = _ruling(of)
    if not of.is_family and of.osi.status == "approved":
        return "open", ruling
    kinds = rules.taxonomy()
    policies = [found for name in of.incorporates if (found := record(name))]
    if any(kinds[fact.id].effect == "violation" for held in (of, *policies) for fact in held.clauses if fact.id in kinds):
        return "not-open", ruling
    if not of.is_family and of.id in open_terms():
        return "open", None
    return "unclear", ruling


def clauses(of: Record, path: str) -> tuple[Clause, ...]:
    """The record's clauses as findings with a citation instead of a quote, for a license whose text is not at hand.

    `path` is where the license was named. Facts of a record without a text read by us are of medium confidence.
    """
    link = (of.links or of.urls or (None,))[0]
    return tuple(
        Clause(
            id=fact.id,
            path=path,
            quote=None,
            start_line=None,
            end_line=None,
            source="record",
            confidence="high" if of.basis == "text" else "medium",
            params=fact.params,
            citation=Citation(of.id, fact.section, link, of.read_on),
        )
        for fact in of.clauses
    )


def by_url(url: str) -> Record | None:
    """The record whose text stands at this address, or None. Scheme, `www.`, query, fragment and `blob`/`raw`/`resolve` don't matter.

    >>> by_url("http://www.apache.org/licenses/LICENSE-2.0.txt").id
    'Apache-2.0'
    """
    found = _places().get(place(url))
    return record(found) if found else None


# Longer than any name that people write.
_LONGEST_NAME = 300
_ORDER = ("not-open", "unclear", "open")
# Collections that hold one page a tag.
_TAG_PAGES = ("choosealicense.com/licenses/", "huggingface.co/datasets/choosealicense/licenses/blob/main/markdown/")
_FILE_VIEW = re.compile(r"/(?:blob|raw|resolve|tree)/(?:main|master|HEAD|refs/heads/[^/]+)/")
_PAGE = re.compile(r"\.(?:html?|php|txt|md|markdown)$")
_TRANSLATION = re.compile(r"/(?:deed|legalcode)(?:\.[a-z_-]+)?$")


def place(url: str) -> str:
    """An address without what does not tell two texts apart.

    >>> place("https://raw.githubusercontent.com/org/repo/main/LICENSE")
    'github.com/org/repo/license'
    """
    try:
        parts = urlsplit(url.strip() if "//" in url else "//" + url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = unquote(parts.path)
    if host == "hf.co":
        host = "huggingface.co"
    if host == "raw.githubusercontent.com":
        host = "github.com"
        path = re.sub(r"^(/[^/]+/[^/]+)/(?:refs/heads/)?(?:main|master|HEAD)/", r"\1/blob/main/", path)
    path = _FILE_VIEW.sub("/", path)
    if host == "creativecommons.org":
        path = _TRANSLATION.sub("", path.rstrip("/"))
    return f"{host}{_PAGE.sub('', path.rstrip('/'))}".lower()


@functools.cache
def open_terms() -> Mapping[str, OpenTerms]:
    """The closed list of rules/criteria/open-terms.yaml, by license id."""
    raw = _compiled()["open_terms"]
    return {e["id"]: OpenTerms(e["id"], e["reason"], e["reviewed"]) for e in raw}


def _ruling(of: Record) -> Ruling | None:
    if of.osi.status == "approved":
        return Ruling("OSI", "approved", of.osi.link, of.osi.date)
    if of.fsf.status == "non-free":
        return Ruling("FSF", "non-free", of.fsf.link, of.fsf.date)
    if of.osi.status in ("rejected", "statement"):
        return Ruling("OSI", "statement", of.osi.link, of.osi.date)
    return None


@functools.cache
def _table() -> Mapping[str, Record]:
    compiled = _compiled()
    tagged: dict[str, list[str]] = {}
    for tag, entry in compiled["tags"].items():
        tagged.setdefault(entry["id"], []).append(tag)
    more = compiled["aliases"]
    found = (_build(raw, tuple(tagged.get(str(raw.get("id")), ())), more.get(raw.get("id"), ())) for raw in compiled["records"])
    return {r.id: r for r in sorted(found, key=lambda r: r.id)}


@functools.cache
def _slugs() -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for entry in every():
        for name in (entry.name, *entry.aliases):
            claims.setdefault(f"licenseref-{slug(name)}", set()).add(entry.id)
    return {name: least_open(ids) for name, ids in claims.items()}


@functools.cache
def _places() -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for entry in every():
        for url in (*entry.links, *entry.urls):
            claims.setdefault(place(url), set()).add(entry.id)
    # Where several records name one page, the least open of them is what a link to it claims.
    found = {address: least_open(ids) for address, ids in claims.items()}
    for tag, entry in _compiled()["tags"].items():
        found.setdefault(place(entry.get("link", "")), entry["id"])
        for page in _TAG_PAGES:
            found.setdefault(place(page + tag), entry["id"])
    found.pop("", None)
    return found


def _build(raw: Mapping[str, Any], hub_tags: tuple[str, ...], aliases: Iterable[str]) -> Record:
    try:
        return Record(
            id=raw["id"],
            name=raw["name"],
            kind=raw["kind"],
            basis=raw["basis"],
            read_from=raw["read_from"],
            read_on=str(raw["read_on"]),
            aliases=(*(raw.get("aliases") or ()), *aliases),
            hub_tags=hub_tags,
            family=raw.get("family"),
            licensor=raw.get("licensor"),
            version=_text(raw.get("version")),
            date=_text(raw.get("date")),
            links=tuple(raw.get("links") or ()),
            osi=_standing(raw.get("osi"), "not-submitted"),
            fsf=_standing(raw.get("fsf"), "none"),
            clauses=tuple(Fact(c["id"], _params(c.get("params") or {}), _text(c.get("section"))) for c in raw.get("clauses") or ()),
            successor=raw.get("successor"),
            incorporates=tuple(raw.get("incorporates") or ()),
            urls=tuple(raw.get("urls") or ()),
            note=raw.get("note"),
        )
    except (KeyError, TypeError) as error:
        raise RulesError(
            f"{raw.get('file', 'rules/licenses')}: a record lacks or misstates {error}", "compare it with its neighbours"
        ) from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _standing(raw: Mapping[str, Any] | None, default: str) -> Standing:
    return Standing(raw["status"], raw.get("link"), _text(raw.get("date"))) if raw else Standing(default)


def _params(raw: Mapping[str, Any]) -> Mapping[str, Param]:
    return {name: tuple(value) if isinstance(value, list) else cast(Param, value) for name, value in raw.items()}


# What `rules check` asks.

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def problems() -> list[str]:
    """What is wrong with the records, the tags and the open-terms list; each with its file. Empty when all is well."""
    raw = list(_files())
    ids = [str(r.get("id")) for r in raw]
    found = [f"{i}: {ids.count(i)} records have this id" for i in sorted(set(ids)) if ids.count(i) > 1]
    for entry in raw:
        found += [f"{entry['file']}: {entry.get('id')}: {message}" for message in _wrong(entry, set(ids))]
    found += [f"hub-tags.yaml: {tag}: no record {i}" for tag, i in tags().items() if i not in ids]
    found += [f"aliases.yaml: no record {i}" for i in _compiled()["aliases"] if i not in ids]
    for license_id, terms in open_terms().items():
        found += [f"criteria/open-terms.yaml: {license_id}: {message}" for message in _wrong_terms(record(license_id), terms)]
    return found


def _wrong(entry: Mapping[str, Any], ids: set[str]) -> Iterator[str]:
    yield from (f"unknown key {k!r}" for k in entry if k not in KEYS)
    yield from (f"lacks {k}" for k in ("id", "name", "kind", "basis", "read_from", "read_on") if not entry.get(k))
    if not _ID.fullmatch(str(entry.get("id"))):
        yield "the id is neither an SPDX id nor LicenseRef-<name>"
    closed: tuple[tuple[str, tuple[str, ...]], ...] = (("kind", KINDS), ("basis", BASES))
    for name, allowed in closed:
        if entry.get(name) not in allowed:
            yield f"{name} is {entry.get(name)!r}, not one of {', '.join(allowed)}"
    said: tuple[tuple[str, tuple[str, ...]], ...] = (("osi", OSI), ("fsf", FSF))
    for name, allowed in said:
        status = (entry.get(name) or {}).get("status", allowed[-1])
        if status not in allowed:
            yield f"{name} is {status!r}, not one of {', '.join(allowed)}"
        elif status != allowed[-1] and not entry[name].get("link"):
            yield f"{name} says {status} without a link"
    for name in ("date", "read_on"):
        if entry.get(name) and not _DATE.fullmatch(str(entry[name])):
            yield f"{name} {entry[name]!r} is no date such as 2025-03-24"
    referred = [*(entry.get("incorporates") or ()), *(entry[k] for k in ("family", "successor") if entry.get(k))]
    yield from (f"refers to {r}, which has no record" for r in referred if r not in ids)
    if entry.get("kind") == "family" and (entry.get("osi") or {}).get("status") == "approved":
        yield "a family cannot be approved, only its licenses"
    held = [c.get("id") for c in entry.get("clauses") or ()]
    yield from (f"clause {c} stands twice" for c in sorted({str(c) for c in held if held.count(c) > 1}))
    for clause in entry.get("clauses") or ():
        kind = rules.taxonomy().get(clause.get("id"))
        if kind is None:
            yield f"clause {clause.get('id')!r} is not in the taxonomy"
        else:
            # NOTE: territories come with a mode, which the taxonomy does not name.
            legal = (*kind.params, *(("mode",) if "territories" in kind.params else ()))
            yield from (f"{kind.id} has no parameter {p!r}" for p in clause.get("params") or () if p not in legal)


def _wrong_terms(of: Record | None, terms: OpenTerms) -> Iterator[str]:
    if of is None:
        yield "no such record"
        return
    if not terms.reason or not _DATE.fullmatch(terms.reviewed):
        yield "lacks a reason or the date of its review"
    if of.is_family or of.osi.status == "approved":
        yield "is a family" if of.is_family else "OSI approved it: it needs no entry"
    if openness(of)[0] == "not-open":
        yield "its record holds a clause that breaks a criterion"


# The parsed form and where it is kept.

# How many parsed forms stay: several installations may share one cache folder.
_KEPT = 4


def _cache_folder() -> Path:
    """The folder of the cache, as `store` names it."""
    named = os.environ.get("LICENSECHECK_CACHE_DIR")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("licensecheck", appauthor=False))


# Checks run side by side; one of them parses, the others wait for it.
_PARSING = threading.Lock()


def _compiled() -> dict[str, Any]:
    with _PARSING:
        return _compiled_once()


@functools.cache
def _compiled_once() -> dict[str, Any]:
    name = f"records-{rules.digest().removeprefix('sha256:')[:32]}.json"
    kept = _cache_folder() / name
    found = _read(kept)
    if found is None:
        found = _parse()
        _keep(kept, found)
    return found


def _read(kept: Path) -> dict[str, Any] | None:
    try:
        check, _, body = kept.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if hashlib.sha256(body.encode()).hexdigest() != check:
        return None
    return cast(dict[str, Any], json.loads(body))


def _keep(kept: Path, compiled: dict[str, Any]) -> None:
    body = json.dumps(compiled, ensure_ascii=False, separators=(",", ":"))
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=kept.parent, prefix=".records-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
        os.replace(temporary, kept)
        for old in sorted(kept.parent.glob("records-*.json"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # NOTE: a cache folder that cannot be written costs time, nothing else.


def _parse() -> dict[str, Any]:
    found = list(_files())
    return {
        "records": json.loads(json.dumps(found, default=str)),
        "tags": rules.load("hub-tags.yaml")["tags"],
        "aliases": rules.load("aliases.yaml"),
        "open_terms": json.loads(json.dumps(rules.load("criteria/open-terms.yaml")["licenses"], default=str)),
    }


def _files() -> Iterator[dict[str, Any]]:
    for path in sorted((rules.folder() / "licenses").glob("*.yaml")):
        relative = f"licenses/{path.name}"
        raw = rules.load(relative)
        for entry in raw if isinstance(raw, list) else [raw]:
            if not isinstance(entry, dict):
                raise RulesError(f"{path}: not a record", "write a mapping with an id, or a list of such mappings")
            yield {**entry, "file": relative}
