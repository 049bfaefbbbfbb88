"""The pipeline: from a ref to a report. The only module that calls every stage; it decides nothing that a stage can decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from licensecheck import folder, judge, lineage, pages, parents, reading, records, refs, rules, texts
from licensecheck.collect import Collection, Link, collect, digest
from licensecheck.conflicts import conflicts
from licensecheck.errors import HubError, UsageError
from licensecheck.hub import Hub
from licensecheck.judge import Terms
from licensecheck.store import Store
from licensecheck.types import (
    SUBJECT,
    Card,
    Clause,
    DocumentReading,
    Governing,
    Problem,
    Reading,
    RepoRef,
    Report,
    RepoType,
    Role,
    Scope,
    Snapshot,
    Statement,
    Verdict,
)

Lineage = Literal["none", "declared", "hinted"]
Basis = Literal["file", "gate", "tag", "link", "card", "parent"]

_SCOPES: tuple[Scope, ...] = ("weights", "data", "all", "unclear", "code")
_TYPE: dict[Scope, RepoType] = {"weights": "model", "data": "dataset", "code": "space"}
# Tags that name no license, so that they neither grant nor contradict anything.
_NAMELESS = frozenset({"LicenseRef-other", "LicenseRef-unknown"})
_HUB_FILE = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<repo>(?:datasets/|spaces/)?[^/\s]+/[^/\s]+)/(?:blob|raw|resolve)/(?P<revision>[^/\s]+)/(?P<path>[^?#\s]+)"
)
CARD = "README.md"
LONGEST_TITLE = 90
_SENTENCE_ENDS = (".", "。", ";", "；", ",", "，", ":", "：")
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\))\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Options:
    """What a check looks at. The verdict takes no options: these say what is seen, never how it is judged."""

    use_records: bool = True
    lineage: Lineage = "declared"
    datasets: bool = False
    follow_links: bool = False


def check(
    ref: RepoRef, *, hub: Hub, store: Store | None = None, options: Options = Options(), look: lineage.Analyse | None = None
) -> Report:
    """The report on one repo at one commit. A repo that cannot be seen has a report too: its problem hides everything.

    `look` looks at it and at its ancestors; checks that share one (see `looker`) look at each repo once between them.
    """
    look = look or looker(hub=hub, store=store, options=options)
    kin = look(ref)
    own, scope = kin.report, SUBJECT[kin.report.snapshot.type]
    if options.lineage != "none" and lineage.is_seen(own):
        found = lineage.follow(own.snapshot, kin.named, look)
        hints = parents.hints(own.snapshot, partial(hub.read, own.snapshot), kin.named) if options.lineage == "hinted" else ()
        guessed = lineage.hinted(own.snapshot, hints, found, look)
        own = _descended(own, found, scope)
        own = replace(own, lineage=(*own.lineage, *guessed))
    if options.datasets:
        datasets, problems = lineage.datasets(own.snapshot.card.datasets, look)
        own = replace(own, datasets=datasets, problems=(*own.problems, *problems))
    return own


def looker(*, hub: Hub, store: Store | None = None, options: Options = Options()) -> lineage.Analyse:
    """Looks at repos by themselves, each once, and at whom they name as parents where lineage is wanted."""

    def look(ref: RepoRef) -> lineage.Kin:
        report = _alone(ref, hub, store, options)
        named = parents.named(report.snapshot, partial(hub.read, report.snapshot)) if options.lineage != "none" else parents.Named()
        return lineage.Kin(report, named)

    return lineage.Once(look)


def _alone(ref: RepoRef, hub: Hub, store: Store | None, options: Options) -> Report:
    """The report on one repo without its ancestry."""
    try:
        snapshot = folder.snapshot(ref) if ref.folder else hub.snapshot(ref)
    except HubError as error:
        return unseen(ref, error.message, error.hint, stage="folder" if ref.folder else "hub", kind=error.kind)
    collection = collect(snapshot, partial(hub.read, snapshot), fetch=_follower(hub, options.follow_links))
    snapshot = replace(snapshot, card=collection.card, type=_TYPE.get(collection.material, snapshot.type))
    documents = tuple(
        DocumentReading(d, reading.read(d.text, d.path, digest=d.digest, use_records=options.use_records, store=store))
        for d in collection.documents
    )
    found = _Terms(collection, documents)
    problems = (*snapshot.problems, *collection.problems, *_unread(documents))
    return Report(
        snapshot=snapshot,
        declared_ids=collection.declared_ids,
        statements=collection.statements,
        documents=documents,
        governing=found.governing,
        clauses=tuple(c for t in found.terms for c in t.clauses),
        verdict=judge.judge_repo(found.terms, [p for p in problems if not _is_of_code(p, documents)], collection.material),
        conflicts=conflicts(collection.card, collection.declared_ids, collection.statements, documents, material=collection.material),
        lineage=(),
        problems=problems,
        rules_digest=rules.digest(),
    )


def _descended(own: Report, found: lineage.Ancestry, scope: Scope) -> Report:
    """The report with what the declared ancestors add: their terms count as if they stood in the repo, and grant nothing."""
    inherited = lineage.inherited(found, own.clauses)
    terms = (Terms(own.verdict, own.clauses), *(Terms(i.verdict, i.clauses, grants=False) for i in inherited))
    problems = (*own.problems, *found.problems)
    card, declared = own.snapshot.card, own.declared_ids
    return replace(
        own,
        governing=(*own.governing, *lineage.governing(found, own.governing, scope)),
        clauses=tuple(c for t in terms for c in t.clauses),
        verdict=judge.judge_repo(terms, [p for p in problems if not _is_of_code(p, own.documents)], scope),
        conflicts=conflicts(card, declared, own.statements, own.documents, material=scope, parents=found.ancestors),
        lineage=found.ancestors,
        problems=problems,
    )


def unseen(ref: RepoRef, message: str, hint: str, *, stage: str, kind: str = "") -> Report:
    """The report on a repo of which nothing was seen."""
    subject = SUBJECT[ref.type]
    problem = Problem(stage, ref.given, message, hint, (subject,), kind)
    snapshot = Snapshot(ref, ref.id, ref.type, ref.revision, None, None, False, Card(), ())
    return Report(snapshot, (), (), (), (), (), judge.judge_repo((), (problem,), subject), (), (), (problem,), rules.digest())


def read_text(data: bytes, path: str, *, use_records: bool = True, store: Store | None = None) -> tuple[Reading, Verdict]:
    """What one license text tells, and the verdict on it. `data` are the file's bytes, `path` is what to call it."""
    text, problem = texts.decode(data, path) if len(data) <= texts.LIMIT else ("", _too_large(path))
    if text.strip():
        found = reading.read(text, path, digest=digest(data), use_records=use_records, store=store)
    else:
        problem = problem or Problem("texts", path, "the file is empty", "name the file that holds the terms", ("all",), "empty")
        found = Reading(path, digest(data), "", judge.NOT_IDENTIFIED, ())
    if problem:
        found = replace(found, problems=(problem, *found.problems))
    return found, judge.judge(found.clauses, found.identity, found.problems)


def read_file(path: Path, given: str, *, use_records: bool = True, store: Store | None = None) -> tuple[Reading, Verdict]:
    """`read_text` of a file. Raises UsageError where there is no file that could be read."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is no regular file" if path.exists() else "does not exist"
            raise UsageError(f"{given} {what}", "name a license text; to check a folder: licensecheck check ./folder")
        with path.open("rb") as file:
            data = file.read(texts.LIMIT + 1)
    except OSError as error:
        raise UsageError(f"{given} cannot be read: {error.strerror}", "check the name and the rights of the file") from error
    return read_text(data, given, use_records=use_records, store=store)


def _too_large(path: str) -> Problem:
    return Problem("texts", path, "larger than 1 MiB, so it was not read", "a license is never that long", ("all",), "too-large")


def _follower(hub: Hub, follow_links: bool) -> Callable[[str], bytes | None]:
    """Fetches what stands behind a link to a file on the Hub, and on request behind any other; what is on record is not fetched."""

    def fetch(url: str) -> bytes | None:
        record = records.by_url(url)
        if hub.offline or (record and record.basis == "text"):
            return None
        match = _HUB_FILE.match(url)
        if match is None:
            return pages.fetch(url if "://" in url else f"https://{url}") if follow_links else None
        if record:
            return None
        ref = refs.parse(match["repo"], unquote(match["revision"]))
        try:
            return hub.read(hub.snapshot(ref), unquote(match["path"]))
        except UsageError as error:
            raise HubError(error.message, error.hint) from error

    return fetch


def _unread(documents: Iterable[DocumentReading]) -> tuple[Problem, ...]:
    """What could not be read in the documents, with the scope whose terms it may hide."""
    return tuple(
        replace(p, hides=(d.document.scope if d.document.scope in ("code", "data") else "weights",))
        for d in documents
        for p in d.reading.problems
    )


def _is_of_code(problem: Problem, documents: Sequence[DocumentReading]) -> bool:
    return any(d.document.path == problem.subject and d.document.scope == "code" for d in documents) and problem.hides == ("code",)


class _Terms:
    """Everything that speaks about the material of one repo, as `judge.judge_repo` takes it, and which license stands over what.

    First the texts, then the claims (tags, sentences of the card, links): where a text grants, a claim can only take away.
    """

    def __init__(self, collection: Collection, documents: Sequence[DocumentReading]) -> None:
        self._collection = collection
        self._material = collection.material
        self._found: list[Terms] = []
        self._governing: list[Governing] = []
        for document in documents:
            self._document(document)
        self._has_text = any(t.grants for t in self._found)
        identities = [d.reading.identity for d in documents if self._concerns(d.document.scope)]
        self._texts = {name for i in identities for name in (i.license, *(p.license for p in i.parts)) if name}
        self._statements()
        self._claims()
        self._policies()
        self.terms = tuple(self._found)
        self.governing = _merged(self._governing)

    def _concerns(self, scope: Scope) -> bool:
        return scope in (self._material, "all", "unclear")

    def _document(self, found: DocumentReading) -> None:
        document, read = found.document, found.reading
        is_license = document.role in ("license", "use-policy") or (document.role in ("gate", "card") and read.identity.grade != "unknown")
        if is_license:
            self._governing.append(_governs(found))
        if not self._concerns(document.scope):
            return
        if is_license:
            verdict = judge.judge(read.clauses, read.identity, read.problems)
            self._found.append(Terms(verdict, read.clauses, grants=document.role != "use-policy"))
        else:
            verdict = judge.judge_restraint(read.clauses, read.problems)
            self._found.append(Terms(verdict, read.clauses, grants=False))
            if document.role == "gate" and verdict.openness == "not-open":
                self._governing.append(Governing(document.scope, None, "the terms of the gate", "gate", (document.path,)))

    def _statements(self) -> None:
        """What sentences of the card, the gate or a notice take away. The same words are counted once."""
        told = {(c.id, c.path, c.start_line) for t in self._found for c in t.clauses}
        clauses = []
        for statement in self._collection.statements:
            if self._concerns(statement.scope):
                clauses += [c for c in _stated(statement) if (c.id, c.path, c.start_line) not in told]
        if clauses:
            self._found.append(Terms(judge.judge_restraint(clauses), tuple(clauses), grants=False))

    def _claims(self) -> None:
        """Licenses that are named and whose text is not at hand. The least sure source is asked last."""
        declared = [i for i in self._collection.declared_ids if i not in _NAMELESS]
        stated = list(
            dict.fromkeys(
                s.license
                for s in self._collection.statements
                if s.license and not s.is_weak and self._concerns(s.scope) and s.license not in _NAMELESS
            )
        )
        linked = [link.record for link in self._collection.links if link.source == "license_link" and link.record]
        if self._has_text:
            for name in dict.fromkeys((*declared, *stated, *linked)):
                self._contradiction(name, "tag" if name in declared else "card" if name in stated else "link")
            return
        sources: tuple[tuple[Basis, list[str]], ...] = (("tag", declared), ("card", stated), ("link", linked))
        names: list[str] = []
        for basis, claimed in sources:
            if claimed and not names:
                names = claimed
                self._grants(claimed, basis)
        for name in dict.fromkeys((*stated, *linked)):
            if name not in names:
                self._contradiction(name, "card" if name in stated else "link")

    def _grants(self, names: Sequence[str], basis: Basis) -> None:
        for name in names:
            clauses = _cited(name, CARD)
            self._found.append(Terms(judge.judge_claim(name, clauses), clauses))
            self._claimed(name, basis)
        # One tag that is an expression of several licenses is no riddle; a list of tags says neither "and" nor "or".
        if len(names) > 1 and not (basis == "tag" and len(self._collection.card.license) == 1):
            reason = f"several licenses are claimed ({', '.join(names)}), and no text says which one governs"
            self._found.append(Terms(judge.doubt(reason), grants=False))

    def _claimed(self, name: str, basis: Basis) -> None:
        record = records.record(name)
        self._governing.append(Governing(self._material, record.id if record else name, record.name if record else None, basis))

    def _contradiction(self, name: str, basis: Basis) -> None:
        """A claim beside a text, or beside a stronger claim: it makes nothing open, and may take away.

        What the texts say in their own words is not cited once more.
        """
        record = records.record(name)
        if name in self._texts or (record and (record.id in self._texts or record.is_family)):
            return
        quoted = {c.id for t in self._found for c in t.clauses}
        clauses = tuple(c for c in _cited(name, CARD) if c.id not in quoted)
        verdict = judge.judge_claim(name, clauses)
        if verdict.openness == "not-open":
            if clauses or all(t.verdict.openness != "not-open" for t in self._found):
                self._found.append(Terms(replace(verdict, reason=f"the card names {name} as well"), clauses, grants=False))
                self._claimed(name, basis)
        elif verdict.openness == "unclear" and basis == "tag":
            self._found.append(Terms(judge.doubt(f"the card names {name}, which is not among the texts"), grants=False))
            self._claimed(name, basis)

    def _policies(self) -> None:
        """Use policies that a license makes part of itself by their address: on record, where there is no copy in the repo."""
        for link in self._collection.links:
            policy = records.record(link.record) if link.source == "policy" and link.record and link.path is None else None
            if policy is None:
                continue
            clauses = records.clauses(policy, link.origin or CARD)
            verdict = judge.judge_claim(policy.id, clauses)
            if verdict.openness == "not-open":
                self._found.append(Terms(verdict, clauses, grants=False))
            else:
                self._found.append(Terms(judge.doubt(f"a use policy is part of the license: {link.url}"), grants=False))
            self._governing.append(Governing(self._material, policy.id, policy.name, "link", _origin(link)))


def _origin(link: Link) -> tuple[str, ...]:
    return (link.origin,) if link.origin else ()


def _cited(name: str, path: str) -> tuple[Clause, ...]:
    """The clauses on record of a license and of the use policies that it makes part of itself."""
    own = records.record(name)
    if own is None:
        return ()
    parts = (own, *(r for i in own.incorporates if (r := records.record(i))))
    return tuple({c.id: c for r in reversed(parts) for c in records.clauses(r, path)}.values())


def _stated(statement: Statement) -> list[Clause]:
    return [
        Clause(
            id=name,
            path=statement.path,
            quote=statement.quote,
            start_line=statement.start_line,
            end_line=statement.end_line,
            source="rule",
            confidence="low" if statement.is_weak else "medium",
        )
        for name in statement.clauses
    ]


def _governs(found: DocumentReading) -> Governing:
    document, identity = found.document, found.reading.identity
    bases: dict[Role, Basis] = {"gate": "gate", "card": "card"}
    basis = bases.get(document.role, "link" if document.path.startswith(("http://", "https://")) else "file")
    if identity.grade == "exact":
        return Governing(document.scope, identity.license, identity.name, basis, (document.path,))
    if identity.grade == "variant":
        return Governing(document.scope, None, f"terms like {identity.license}, but not its words", basis, (document.path,))
    return Governing(document.scope, None, title(document.text), basis, (document.path,))


def title(text: str) -> str | None:
    """What a text calls itself: its first line with letters that is no notice of copyright, without markup; None where that is no title.

    >>> title("# **Acme Model License**\\n\\nYou may ...")
    'Acme Model License'
    >>> title("You may use it for anything.")
    """
    for line in text[:4000].split("\n"):
        bare = re.sub(r"<[^>]{0,200}>", "", line).strip(" \t\r#*_=-|>")
        if any(c.isalpha() for c in bare) and not _COPYRIGHT.match(bare):
            return bare if len(bare) <= LONGEST_TITLE and not bare.endswith(_SENTENCE_ENDS) else None
    return None


def _merged(found: Iterable[Governing]) -> tuple[Governing, ...]:
    """One entry for the same license on the same basis, weights first."""
    merged: dict[tuple[Scope, str | None, str | None, str], Governing] = {}
    for g in found:
        key = (g.scope, g.license, g.name, g.basis)
        merged[key] = replace(merged[key], paths=(*merged[key].paths, *g.paths)) if key in merged else g
    return tuple(sorted(merged.values(), key=lambda g: (_SCOPES.index(g.scope), g.paths, g.license or "", g.name or "")))
