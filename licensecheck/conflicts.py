"""Says where two places of one repo contradict each other about the same material, with the words of both and what is lost.

A pure function over what the other stages found. Two names of one license are no conflict, nor is a family and its member, nor
what is said about the code.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from licensecheck import names, records, rules
from licensecheck.types import Ancestor, Card, Conflict, DocumentReading, Openness, Scope, Severity, Side, Statement

CARD = "README.md"
_NAMELESS = frozenset({"LicenseRef-other", "LicenseRef-unknown"})
_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}
# What a sentence of the card may take away beyond its tag, and what in a license says so already.
_COVERED = {
    "purpose.research-only": {"purpose.research-only"},
    "purpose.noncommercial": {"purpose.noncommercial", "purpose.research-only"},
    "purpose.commercial-terms": {
        "purpose.noncommercial",
        "purpose.research-only",
        "purpose.commercial-terms",
        "threshold.users",
        "threshold.revenue",
    },
}


@dataclass(frozen=True, slots=True)
class _Repo:
    """The sides that may disagree, cut down to what concerns the material that the repo is about."""

    card: Card
    declared: tuple[str, ...]
    statements: tuple[Statement, ...]
    texts: tuple[DocumentReading, ...]
    material: Scope
    has_policy: bool

    @property
    def named(self) -> tuple[str, ...]:
        """The declared ids that name a license: without `other` and `unknown`."""
        return tuple(name for name in self.declared if name not in _NAMELESS)

    @property
    def tag(self) -> Side:
        words = ", ".join(self.card.license) or None
        if self.card.license_name:
            words = f"{words or 'other'} ({self.card.license_name})"
        return Side(CARD, self.declared[0] if len(self.declared) == 1 else None, f"license: {words}" if words else None)


def conflicts(
    card: Card,
    declared: Sequence[str],
    statements: Sequence[Statement],
    documents: Sequence[DocumentReading],
    *,
    material: Scope = "weights",
    parents: Sequence[Ancestor] = (),
) -> tuple[Conflict, ...]:
    """The conflicts of one repo, the gravest first.

    `declared` are the ids of the card's tags, `material` is what the repo is about, `parents` its declared ancestors.
    `lost` holds the clauses that restrict on one side and that the looser side does not mention.
    """
    concerned = (material, "all", "unclear")
    repo = _Repo(
        card,
        tuple(declared),
        tuple(s for s in statements if s.scope in concerned and not s.is_weak),
        tuple(d for d in documents if d.document.scope in concerned and d.document.role in ("license", "gate")),
        material,
        any(d.document.role == "use-policy" for d in documents),
    )
    found = itertools.chain(
        _card_and_tag(repo), _files_and_tag(repo), _card_and_files(repo), _two_files(repo), _tag_alone(repo), _parents(repo, parents)
    )
    return tuple(sorted(found, key=lambda c: (_RANK[c.severity], c.kind, c.message)))


def agree(one: str, other: str) -> bool:
    """Do two ids mean one license? A family agrees with its members, a name with itself however it is spelt.

    >>> agree("LicenseRef-llama", "LicenseRef-llama3.1"), agree("MIT", "Apache-2.0")
    (True, False)
    """
    if one == other or _words(one) == _words(other):
        return True
    for mine in _means(one):
        for theirs in _means(other):
            if mine == theirs or _family(mine) == theirs or _family(theirs) == mine:
                return True
    # A name without its version, or with words that tell no license from another: "deepseek" and "DeepSeek Model License".
    longer, shorter = sorted((_words(one), _words(other)), key=len, reverse=True)
    return bool(shorter) and shorter < longer and longer - shorter <= _SAYING_NOTHING


_SAYING_NOTHING = frozenset(
    ["general", "model", "license", "licence", "agreement", "terms", "of", "use", "the", "ai", "only", "later", "or", "version"]
)


def _words(license_id: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", _bare(license_id).lower())) - {"license", "licence"}


def _means(license_id: str) -> tuple[str, ...]:
    """The ids on record that an id stands for; an id may be only a name as it was written."""
    return names.resolve(_bare(license_id)).ids or (license_id,)


def _family(license_id: str) -> str | None:
    record = records.record(license_id)
    return record.family if record else None


def _bare(license_id: str) -> str:
    return license_id.removeprefix("LicenseRef-")


# The kinds


def _card_and_tag(repo: _Repo) -> Iterator[Conflict]:
    """The card's prose against its front matter, about the material."""
    if not repo.named:
        return
    named = [s for s in repo.statements if s.license and s.license not in _NAMELESS]
    if named and not any(agree(str(s.license), tag) for s in named for tag in repo.named):
        said = next((s for s in named if _is_known(str(s.license))), named[0])
        # A free name of the front matter that nobody knows may be another name of the same license.
        if not any(map(_is_known, repo.named)):
            return
        yield _conflict(
            "card-vs-tag",
            _severity(repo.named, [str(s.license) for s in named]),
            f"the card's text names {said.license}, its front matter {', '.join(repo.named)}",
            (repo.tag, _side(said)),
            _lost([str(s.license) for s in named], repo.named),
        )
    elif named and all(_openness(tag) == "open" for tag in repo.named):
        # One sentence repeats an open tag; another puts the same material under a license that is not open.
        strict = next((s for s in named if s.scope != "all" and _openness(str(s.license)) == "not-open"), None)
        if strict:
            yield _conflict(
                "card-vs-tag",
                "medium",
                f"the card's text names {strict.license} as well as {', '.join(repo.named)} of its front matter",
                (repo.tag, _side(strict)),
                _lost([str(strict.license)], repo.named),
            )
    for clause, covered in _COVERED.items():
        stating = next((s for s in repo.statements if clause in s.clauses), None)
        if stating and all(_is_silent(tag, covered) for tag in repo.named):
            message = f"the card's text restricts the use ({clause}), the license of its front matter does not"
            severity: Severity = "high" if any(_openness(tag) == "open" for tag in repo.named) else "medium"
            yield _conflict("card-vs-tag", severity, message, (repo.tag, _side(stating)), (clause,))


def _is_silent(tag: str, covered: Iterable[str]) -> bool:
    """Is it known that this license does not say so? An unknown license may say anything."""
    known = [found for name in _means(tag) if (found := records.record(name))]
    if not known:
        return False
    if all(records.standing(found.id)[0] == "open" for found in known):
        return True
    # Only a record made from the text tells what the license does not say.
    was_read = all(found.basis == "text" and not found.is_family and found.clauses for found in known)
    return was_read and not _facts([tag]) & set(covered)


def _files_and_tag(repo: _Repo) -> Iterator[Conflict]:
    texts = [d for d in repo.texts if d.document.role == "license"]
    if not repo.named or not texts:
        return
    if any(_is_text_of(d, tag) for d in texts for tag in repo.named):
        return
    for found in texts:
        lost = _lost_of(found, repo.named)
        identity = found.reading.identity
        if identity.grade == "variant" and identity.license and any(agree(identity.license, tag) for tag in repo.named):
            message = f"{found.document.path} is a changed copy of {identity.license}, which the front matter names"
            yield _conflict("file-vs-tag", "high" if lost else "medium", message, (repo.tag, _file(found)), lost)
        elif identity.license and identity.grade == "exact":
            message = f"{found.document.path} is {identity.license}, the front matter says {', '.join(repo.named)}"
            yield _conflict("file-vs-tag", _severity(repo.named, [identity.license]), message, (repo.tag, _file(found)), lost)
        elif lost and any(map(_is_known, repo.named)):
            message = f"{found.document.path} restricts what {', '.join(repo.named)} of the front matter allows"
            yield _conflict("file-vs-tag", "high", message, (repo.tag, _file(found)), lost)


def _card_and_files(repo: _Repo) -> Iterator[Conflict]:
    """The card's prose against the texts: only where no text is what the prose names."""
    texts = [d for d in repo.texts if d.document.role == "license" and d.reading.identity.license]
    seen: set[str] = set()
    for said in repo.statements:
        name = said.license
        if not name or name in _NAMELESS or name in seen or not texts or any(_is_text_of(d, name) for d in texts):
            continue
        seen.add(name)
        other = texts[0]
        identity = other.reading.identity
        lost = _lost_of(other, (name,))
        changed = identity.grade == "variant" and agree(str(identity.license), name)
        if identity.grade != "exact" and not changed:
            continue
        message = f"the card's text names {name}, {other.document.path} is {'a changed copy of it' if changed else identity.license}"
        severity = ("high" if lost else "medium") if changed else _severity([name], [str(identity.license)])
        yield _conflict("card-vs-file", severity, message, (_side(said), _file(other)), lost)


def _two_files(repo: _Repo) -> Iterator[Conflict]:
    texts = [d for d in repo.texts if d.document.role == "license" and d.reading.identity.grade != "unknown"]
    for one, other in itertools.combinations(texts[:6], 2):
        mine, theirs = one.reading.identity.license, other.reading.identity.license
        if mine and theirs and not agree(mine, theirs) and not _are_both_declared(repo, mine, theirs):
            message = f"{one.document.path} ({mine}) and {other.document.path} ({theirs}) both speak for the {repo.material}"
            yield _conflict(
                "two-files",
                _severity([mine], [theirs]),
                message,
                (_file(one), _file(other)),
                _lost([theirs], [mine]) or _lost([mine], [theirs]),
            )


def _are_both_declared(repo: _Repo, one: str, other: str) -> bool:
    """Do the tags name both? Then the repo comes under both, or under either."""
    return all(any(agree(name, tag) for tag in repo.named) for name in (one, other))


def _tag_alone(repo: _Repo) -> Iterator[Conflict]:
    """What is odd about the front matter itself, or about a tag without a text."""
    has_text = any(d.document.role in ("license", "gate") for d in repo.texts)
    tags = {tag.strip().lower() for tag in repo.card.license}
    if "other" in tags and not has_text and not any(map(_is_known, repo.named)):
        yield _conflict(
            "other-without-text",
            "medium",
            "the front matter says `other`, and the repo holds no license text that could be read",
            (repo.tag,),
            (),
        )
    if "other" in tags and repo.card.license_name:
        name = repo.card.license_name.strip().lower()
        if name in records.tags() and name not in ("other", "unknown"):
            message = f"license_name is {repo.card.license_name!r}, which is a license tag of the Hub by itself"
            yield _conflict("name-is-a-tag", "low", message, (repo.tag,), ())
    for tag in repo.card.license:
        if tag.strip().lower() != "other" and not names.resolve(tag).ids:
            message = f"the front matter names a license that is not known: {tag}"
            yield _conflict("unknown-license-name", "low" if has_text else "medium", message, (repo.tag,), ())
    for name in (meant for tag in repo.named for meant in _means(tag)):
        record = records.record(name)
        if record and not record.is_family and not has_text and any(fact.id == "sharing.notice" for fact in record.clauses):
            message = f"{record.name} asks that its text or notice be passed on, and the repo holds none that could be read"
            yield _conflict(
                "notice-missing",
                "medium" if _openness(name) == "not-open" else "low",
                message,
                (replace(repo.tag, license=record.id),),
                ("sharing.notice",),
            )


def _parents(repo: _Repo, parents: Sequence[Ancestor]) -> Iterator[Conflict]:
    """A child that grants more than what it was made from. Ancestors that lose the same are told once, by the nearest."""
    texts = [d for d in repo.texts if d.document.role == "license" and d.reading.identity.grade == "exact"]
    own = repo.named or tuple(str(d.reading.identity.license) for d in texts if d.reading.identity.license)
    # An unknown license may hold anything.
    if not own or not all(map(_is_known, own)):
        return
    side = repo.tag if repo.named else _file(texts[0])
    held = _held(own) | {clause.id for found in repo.texts for clause in found.reading.clauses}
    relations = {parent.id: parent.relation for parent in parents}
    told: dict[tuple[str | None, tuple[str, ...]], list[Ancestor]] = {}
    for parent in parents:
        if parent.is_hint or (parent.license and any(agree(parent.license, name) for name in own)):
            continue
        holds = set(parent.clauses) or (_held([parent.license]) if parent.license and parent.license not in _NAMELESS else set())
        kinds = {_COPYLEFT} if parent.openness == "open" else _restricting(holds) | {_COPYLEFT}
        lost = tuple(sorted(holds & kinds - held))
        if lost or (_is_named(parent) and all(_openness(name) == "open" for name in own)):
            told.setdefault((parent.license, lost), []).append(parent)
    for (license_id, lost), alike in told.items():
        parent = alike[0]
        path = " → ".join(f"{name} ({relations[name]})" if relations.get(name) else name for name in parent.path or (parent.id,))
        more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
        terms = license_id or "terms of its own"
        what = f"drops terms of {terms}" if lost else f"is open, which is not known of {terms}"
        message = f"{', '.join(own)} {what}, claimed through the declared base model {parent.id}{more} ({path})"
        is_grave = parent.openness == "not-open" and any(_openness(name) == "open" for name in own)
        yield _conflict("child-vs-parent", "high" if is_grave else "medium", message, (side, Side(parent.id, license_id)), lost)


def _is_named(parent: Ancestor) -> bool:
    """Does it stand under a license that has a name, and is not known to be open?"""
    return parent.openness != "open" and (parent.license or "").startswith("LicenseRef-") and parent.license not in _NAMELESS


_COPYLEFT = "sharing.copyleft"


# Small judgements


def _is_text_of(found: DocumentReading, name: str) -> bool:
    """Is this text, word by word, the license of that name?"""
    identity = found.reading.identity
    if identity.grade != "exact" or not identity.license:
        return False
    return agree(identity.license, name) or any(agree(part.license, name) for part in identity.parts)


def _openness(license_id: str) -> Openness:
    standings = {records.standing(name)[0] for name in _means(license_id)}
    return next(answer for answer in ("not-open", "unclear", "open") if answer in standings)


def _is_known(license_id: str) -> bool:
    return any(records.record(name) for name in _means(license_id))


def _severity(one: Sequence[str], other: Sequence[str]) -> Severity:
    """High where one side is open and the other is not, low where both are alike."""
    sides = [{_openness(name) for name in names_} for names_ in (one, other)]
    if sides[0] == sides[1] and "unclear" not in sides[0]:
        return "low"
    return "high" if {"open", "not-open"} <= sides[0] | sides[1] else "medium"


def _restricting(ids: Iterable[str]) -> set[str]:
    kinds = rules.taxonomy()
    return {name for name in ids if name in kinds and kinds[name].effect != "info"}


def _held(license_ids: Iterable[str]) -> set[str]:
    """The clauses on record of licenses and of the use policies that they make part of themselves."""
    found: set[str] = set()
    for name in (meant for written in license_ids for meant in _means(written)):
        record = records.record(name)
        for part in (record, *(records.record(policy) for policy in record.incorporates)) if record else ():
            found |= {fact.id for fact in part.clauses} if part else set()
    return found


def _facts(license_ids: Iterable[str]) -> set[str]:
    return _restricting(_held(license_ids))


def _lost(strict: Iterable[str], loose: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_facts(strict) - _facts(loose)))


def _lost_of(found: DocumentReading, loose: Sequence[str]) -> tuple[str, ...]:
    """What a text restricts beyond a license. Nothing, where that license is not known."""
    if not any(map(_is_known, loose)):
        return ()
    return tuple(sorted(_restricting(clause.id for clause in found.reading.clauses) - _facts(loose)))


def _side(statement: Statement) -> Side:
    return Side(statement.path, statement.license, statement.quote, statement.start_line)


def _file(found: DocumentReading) -> Side:
    """A text's side: its first restricting words where it has any."""
    kinds = rules.taxonomy()
    clause = next((c for c in found.reading.clauses if c.quote and c.id in kinds and kinds[c.id].effect == "violation"), None)
    added = found.reading.identity.added[0] if found.reading.identity.added else None
    quote, line = (clause.quote, clause.start_line) if clause else (added.quote, added.start_line) if added else (None, None)
    return Side(found.document.path, found.reading.identity.license, quote, line)


def _conflict(kind: str, severity: Severity, message: str, sides: tuple[Side, ...], lost: tuple[str, ...]) -> Conflict:
    return Conflict(kind, severity, message, sides, lost)
