"""Gathers the texts of one repo that speak about licensing: files, card prose, gate prompt and links, each with role and scope.

Reads nothing by itself: `read` and `fetch` are handed in, so that the same code serves the Hub, a local folder and a cache.
What a text means is left to `reading`, what the sides of a repo contradict each other about to `conflicts`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import unquote, urlparse

from licensecheck import cards, embedded, names, places, policies, prose, records, texts
from licensecheck.errors import LicenseCheckError
from licensecheck.places import Place
from licensecheck.types import SUBJECT, Card, Document, File, Problem, Scope, Snapshot, Statement

MAX_BYTES = 1 << 20  # a license text has at most some hundred kilobytes; a larger file is something else
MAX_FILES = 40  # more license files than that are other people's; those that matter most are read first
GATE = "README.md:extra_gated_prompt"
_HUB = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<repo>(?:datasets/|spaces/)?[^/\s]+/[^/\s]+)/(?:blob|raw|resolve)/[^/\s]+/(?P<path>[^?#\s]+)"
)

Read = Callable[[str], bytes]
"""Gives a file's bytes by its path in the repo, or raises a LicenseCheckError that says why not."""

Fetch = Callable[[str], bytes | None]
"""Gives the bytes behind a link: a file of another Hub repo, or (on request) a page. None: this kind of link is not followed.

Raises a LicenseCheckError when the link is followed and fails.
"""


@dataclass(frozen=True, slots=True)
class Link:
    """Terms that stand behind a link. At most one of `path` (the text is at hand) and `record` (a known license id) is set."""

    url: str
    source: Literal["license_link", "policy"]
    path: str | None = None
    record: str | None = None
    quote: str | None = None
    start_line: int | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """All that one repo says about licensing. `card` is completed from the README where the snapshot had none."""

    card: Card
    declared_ids: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    material: Scope = "weights"


@dataclass(frozen=True, slots=True)
class _Text:
    place: Place
    text: str
    digest: str


@dataclass(slots=True)
class _Found:
    """What the reading of the files adds up to, while it goes on."""

    texts: list[_Text] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def collect(snapshot: Snapshot, read: Read, *, fetch: Fetch | None = None) -> Collection:
    """The documents, statements, links and problems of one repo.

    `read` is asked for at most 40 files of at most 1 MiB, never for weights or code. Every text that could not be had is a
    problem that names the scopes it may hide.
    """
    found = _Found()
    spots = places.places(snapshot.files)
    readme = next((spot for spot in spots if spot.role == "card"), None)
    card_text = _text(readme, read, found) if readme else None
    metadata, front_lines, card = _card(snapshot, card_text, found)
    material = _material(snapshot, metadata, card_text.text if card_text else "")
    for spot in _bounded([spot for spot in spots if spot.role != "card"], found):
        text = _text(spot, read, found)
        if text:
            found.texts.append(text)
        elif found.problems[-1].kind.startswith("gated"):
            # What holds for one file of a gated repo holds for all: no further request.
            found.problems[-1] = replace(found.problems[-1], hides=("weights", "code", "data"))
            break
    declared = declared_ids(card)
    statements: tuple[Statement, ...] = ()
    if card_text and readme:
        context = prose.Context(material=material, name=snapshot.id, declared=declared)
        statements = prose.statements(card_text.text, readme.path, context, skip_lines=front_lines)
    gate = _gate(card, metadata, material, declared, snapshot.id)
    _unreadable(spots, found)
    documents = [*_scoped(found.texts, card_text.text if card_text else "", statements, material), *gate.documents]
    documents += _terms_in_card(card_text, front_lines, material)
    links = _links(snapshot, card, documents, found, fetch)
    return Collection(
        card=card,
        declared_ids=declared,
        documents=tuple(links.documents),
        statements=(*statements, *gate.statements, *_notices(documents, material, declared, snapshot.id)),
        links=tuple(links.links),
        problems=tuple(found.problems),
        material=material,
    )


def declared_ids(card: Card) -> tuple[str, ...]:
    """What the card's license tags mean, as license ids; `other` with a `license_name` means that name.

    A tag that nobody knows stands for itself as LicenseRef-<tag>; see the conflict `unknown-license-name`.
    """
    ids: list[str] = []
    for tag in card.license or ((card.license_name,) if card.license_name else ()):
        name = card.license_name if tag.strip().lower() == "other" and card.license_name else tag
        ids.extend(names.declared(name))
    return tuple(dict.fromkeys(ids))


# Files


def _bounded(spots: list[Place], found: _Found) -> list[Place]:
    readable = [spot for spot in spots if spot.is_text]
    for spot in readable[MAX_FILES:]:
        message = f"{spot.path} was not read: the repo has more than {MAX_FILES} license files"
        found.problems.append(_problem(spot.path, message, "read it by hand", _hides(spot), "too-many-files"))
    return readable[:MAX_FILES]


def _unreadable(spots: Iterable[Place], found: _Found) -> None:
    """A problem for every PDF and the like without a text of the same name that was read."""
    read = {text.place.path.rpartition(".")[0] or text.place.path for text in found.texts}
    for spot in spots:
        if not spot.is_text and spot.path.rpartition(".")[0] not in read:
            message = f"{spot.path} is not a plain text, so its terms were not read"
            hint = "read it by hand, or ask the author for a text file"
            found.problems.append(_problem(spot.path, message, hint, _hides(spot), "unreadable-format"))


def _hides(spot: Place) -> tuple[Scope, ...]:
    return (spot.scope,) if spot.scope in ("code", "data") else ("weights",)


def _text(spot: Place, read: Read, found: _Found) -> _Text | None:
    """The text of a place; None, and a problem, where there is none to be had."""
    size = spot.file.size
    if size is not None and size > MAX_BYTES:
        found.problems.append(_too_large(spot))
        return None
    try:
        data = read(spot.path)
    except LicenseCheckError as error:
        found.problems.append(_problem(spot.path, error.message, error.hint, _hides(spot), getattr(error, "kind", "") or "unreadable"))
        return None
    if len(data) > MAX_BYTES:
        found.problems.append(_too_large(spot))
        return None
    text, problem = texts.decode(data, spot.path)
    if problem:
        found.problems.append(replace(problem, hides=_hides(spot)))
    if not text.strip():
        return None
    return _Text(spot, text, digest(data))


def _too_large(spot: Place) -> Problem:
    message = f"{spot.path} is larger than 1 MiB and was not read"
    return _problem(spot.path, message, "read it by hand: a license is never that long", _hides(spot), "too-large")


def digest(data: bytes) -> str:
    """ "sha256:…" of raw bytes, as the report names texts."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _problem(subject: str, message: str, hint: str, hides: tuple[Scope, ...], kind: str) -> Problem:
    return Problem(stage="collect", subject=subject, message=message, hint=hint, hides=hides, kind=kind)


# The card


def _card(snapshot: Snapshot, text: _Text | None, found: _Found) -> tuple[dict[str, object], int, Card]:
    """The front matter, the number of lines it takes, and the card: the snapshot's own, else what the front matter says."""
    if text is None:
        return {}, 0, snapshot.card
    metadata, lines, problem = cards.front_matter(text.text)
    if snapshot.card != Card():
        return metadata, lines, snapshot.card
    card = cards.card(metadata)
    if problem:
        hides: tuple[Scope, ...] = () if card.license else ("weights",)
        found.problems.append(_problem(text.place.path, problem, "mend the front matter of the card", hides, "front-matter"))
    return metadata, lines, card


# Keys that only the cards of datasets have.
_DATASET_KEYS = frozenset(
    {
        "annotations_creators",
        "language_creators",
        "multilinguality",
        "size_categories",
        "source_datasets",
        "task_categories",
        "task_ids",
        "dataset_info",
    }
)


# Keys that only the cards of models have.
_MODEL_KEYS = frozenset({"library_name", "pipeline_tag", "base_model", "model-index", "widget", "inference", "metrics", "datasets"})
_DATA_WORD = re.compile(r"(?<![/\w])data\s?sets?\b|\bcorpus\b|データ|数据|데이터", re.IGNORECASE)
_MODEL_WORD = re.compile(r"\bmodels?\b|\bloras?\b|モデル|模型|모델", re.IGNORECASE)


def _material(snapshot: Snapshot, metadata: dict[str, object], card: str) -> Scope:
    """What the repo is about. A local folder does not tell its type: the keys of its card do, else what its card speaks of."""
    if snapshot.type != "model" or not snapshot.ref.folder:
        return SUBJECT[snapshot.type]
    if _DATASET_KEYS & metadata.keys():
        return "data"
    if _MODEL_KEYS & metadata.keys():
        return "weights"
    return "data" if 2 * len(_DATA_WORD.findall(card)) > 3 * len(_MODEL_WORD.findall(card)) else "weights"


@dataclass(frozen=True, slots=True)
class _Gate:
    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()


def _gate(card: Card, metadata: dict[str, object], material: Scope, declared: tuple[str, ...], name: str) -> _Gate:
    """The gate's prompt and the sentences that its fields make the user sign, as one document with lines of its own."""
    # A sentence that stands as a key of its own, as "I agree to ...: checkbox", is a field whose indent was lost.
    stray = [key for key, value in metadata.items() if value == "checkbox" and key not in card.gate_fields]
    parts = [part for part in (card.gate_prompt, *card.gate_fields, *stray) if part and part.strip()]
    if not parts:
        return _Gate()
    text = "\n".join(parts)
    document = Document(GATE, "gate", material, text, digest(text.encode()))
    context = prose.Context(material=material, name=name, declared=declared, is_gate=True)
    return _Gate((document,), prose.statements(text, GATE, context))


def _terms_in_card(text: _Text | None, front_lines: int, material: Scope) -> list[Document]:
    """The stretches of a card that are license terms themselves, every other line left blank so that lines stay right."""
    if text is None:
        return []
    terms = embedded.terms(text.text, skip_lines=front_lines)
    if not terms:
        return []
    return [Document(text.place.path, "card", material, terms, text.digest, "the license terms that stand in the card")]


def _notices(documents: Iterable[Document], material: Scope, declared: tuple[str, ...], name: str) -> tuple[Statement, ...]:
    """What short notices say about the license of the weights ("X is licensed under the Y License")."""
    context = prose.Context(material=material, name=name, declared=declared, is_notice=True)
    short = (document for document in documents if document.role == "notice" and document.scope != "code" and len(document.text) < 4000)
    return tuple(statement for document in short for statement in prose.statements(document.text, document.path, context))


# Scope


def _scoped(found: list[_Text], card: str, statements: tuple[Statement, ...], material: Scope) -> list[Document]:
    """Documents with their scope: by name, else by the card's words beside a link to the file, else by their own words."""
    linked = prose.linked_scopes(card, [text.place.path for text in found], statements)
    has_own = any(text.place.role == "license" and text.place.scope in ("weights", "code") for text in found)
    several = sum(text.place.role == "license" and not text.place.is_foreign for text in found) > 1
    scope_of = {text.place.path: _scope(text, linked.get(text.place.path), has_own or several) for text in found}
    own = [text for text in found if text.place.role == "license" and not text.place.is_foreign]
    if all(scope_of[(path := text.place.path)] in ("code", "unclear") and not text.place.scope and path not in linked for text in own):
        # MIT beside Apache: that both speak of software says nothing where no text is left for the model.
        scope_of |= {text.place.path: "all" for text in own}
    return [Document(text.place.path, text.place.role, scope_of[text.place.path], text.text, text.digest) for text in found]


def _scope(text: _Text, linked: Scope | None, has_siblings: bool) -> Scope:
    place = text.place
    if place.role == "notice" and (place.scope is None or place.scope == "code"):
        return "code" if places.is_third_party(text.text) or "third" in place.path.lower() else "all"
    if place.is_foreign:
        return "code"
    if place.scope and place.scope != "unclear":
        return place.scope
    if linked:
        return linked
    if place.role == "use-policy" or not has_siblings:
        return "all"
    return places.words_scope(text.text) or "unclear"


# Links


@dataclass(slots=True)
class _Linked:
    documents: list[Document]
    links: list[Link]


def _links(snapshot: Snapshot, card: Card, documents: list[Document], found: _Found, fetch: Fetch | None) -> _Linked:
    """Follows `license_link` one hop and every policy that a license text makes part of itself by its address."""
    out = _Linked(list(documents), [])
    if card.license_link:
        _license_link(card.license_link, _names_a_license(card), snapshot, found, fetch, out)
    for document in tuple(out.documents):
        if document.role in ("license", "gate", "card") and document.scope not in ("code", "data"):
            for policy in policies.incorporated(document.text):
                _policy(policy, document, found, fetch, out)
    return out


def _names_a_license(card: Card) -> bool:
    """Do the tags by themselves name known licenses? Then a link that leads nowhere hides a copy, not the terms."""
    known = [records.record(resolved) if (resolved := names.resolve(tag).id) else None for tag in card.license]
    return bool(known) and all(record is not None and not record.is_family for record in known)


def _license_link(link: str, is_named: bool, snapshot: Snapshot, found: _Found, fetch: Fetch | None, out: _Linked) -> None:
    hides: tuple[Scope, ...] = () if is_named else ("weights",)
    path = _own_file(link, snapshot)
    if path is not None:
        if any(document.path == path for document in out.documents):
            out.links.append(Link(link, "license_link", path=path))
        elif not any(problem.subject == path for problem in found.problems):
            message = f"license_link names {path}, which the repo does not have"
            found.problems.append(_problem(path, message, "ask the author for the license text", hides, "link-missing"))
        return
    if not re.match(r"https?://", link):
        message = f"license_link {link!r} is neither a file of this repo nor an address"
        found.problems.append(_problem(link, message, "ask the author for the license text", hides, "link-missing"))
        return
    if _followed(link, "license", found, fetch, out):
        out.links.append(Link(link, "license_link", path=link))
        return
    record = records.by_url(link)
    out.links.append(Link(link, "license_link", record=record.id if record else None))
    is_told = any(problem.subject == link for problem in found.problems)
    has_text = any(document.role == "license" and document.scope in ("weights", "all") for document in out.documents)
    if record is None and not is_told and not has_text:
        message = f"the license text behind {link} was not read"
        found.problems.append(_problem(link, message, "read it by hand, or have it fetched: --follow-links", hides, "link-not-read"))


def _own_file(link: str, snapshot: Snapshot) -> str | None:
    """The path in this repo that a license_link means, or None."""
    hub = _HUB.match(link)
    if hub:
        return unquote(hub["path"]) if hub["repo"].lower() == snapshot.id.lower() else None
    if "://" in link:
        return None
    path = unquote(link).removeprefix("./").lstrip("/")
    paths = {file.path.lower(): file.path for file in snapshot.files}
    return paths.get(path.lower(), path if re.fullmatch(r"[\w./ -]+", path) else None)


def _followed(link: str, role: Literal["license", "use-policy"], found: _Found, fetch: Fetch | None, out: _Linked) -> bool:
    if any(document.path == link for document in out.documents):
        return True
    if fetch is None:
        return False
    try:
        data = fetch(link)
    except LicenseCheckError as error:
        found.problems.append(_problem(link, error.message, error.hint, ("weights",), getattr(error, "kind", "") or "link-not-read"))
        return False
    if data is None:
        return False
    spot = Place(File(link), role, "all", True, False)
    text = _text(spot, lambda _: data, found)
    if text is None:
        return False
    out.documents.append(Document(link, role, "all", text.text, text.digest, "behind a link"))
    return True


def _policy(policy: policies.Policy, origin: Document, found: _Found, fetch: Fetch | None, out: _Linked) -> None:
    if any(link.url == policy.url and link.source == "policy" for link in out.links):
        return
    copy = next((document.path for document in out.documents if document.role == "use-policy"), None)
    if copy is not None:
        out.links.append(Link(policy.url, "policy", path=copy, quote=policy.quote, start_line=policy.line, origin=origin.path))
        return
    if _followed(policy.url, "use-policy", found, fetch, out):
        out.links.append(Link(policy.url, "policy", path=policy.url, quote=policy.quote, start_line=policy.line, origin=origin.path))
        return
    record = records.by_url(policy.url)
    out.links.append(
        Link(policy.url, "policy", record=record.id if record else None, quote=policy.quote, start_line=policy.line, origin=origin.path)
    )
    if record is None and not any(problem.subject == policy.url for problem in found.problems):
        host = urlparse(policy.url if "://" in policy.url else f"https://{policy.url}").netloc
        message = f"{origin.path} makes a policy at {host} part of the license; it was not read"
        hint = f"read {policy.url} by hand, or have it fetched: --follow-links"
        problem = _problem(policy.url, message, hint, ("weights",), "policy-not-read")
        found.problems.append(replace(problem, quote=policy.quote, start_line=policy.line))
