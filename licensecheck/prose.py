"""Finds what a card's prose, its gate prompt or a notice says about terms: one statement a license and scope, quoted verbatim.

Words and forms are data (`rules/prose.yaml`); what a name means is known to `names`. A whole license text that stands in a card
is left to the reading of texts: `terms` cuts it out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from licensecheck import embedded, markdown, names
from licensecheck.markdown import Piece
from licensecheck.mentions import FILE_LABEL, LINK, NAMELESS, SHORT, Named, Namer, folded, is_generic, is_mostly, marked, without
from licensecheck.types import Scope, Statement
from licensecheck.wording import form, legal, scopes, sentences

_MOST = 200  # statements of one card; more is no card
_LONGEST = 1500  # characters of a sentence that are read


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the card beforehand: what its repo is about, the repo's name, the ids its tags mean."""

    material: Scope = "weights"
    name: str = ""
    declared: tuple[str, ...] = ()
    is_gate: bool = False
    is_notice: bool = False


def statements(text: str, path: str, context: Context = Context(), *, skip_lines: int = 0) -> tuple[Statement, ...]:
    """What the text says about terms, in its order. `skip_lines` is the length of the front matter.

    `license` is an id where the name is known, `LicenseRef-<name>` where it is not, None where none is named.
    """
    reader = _Reader(text, path, context, Namer(dict(_REFERENCE.findall(text)), context.declared))
    found: list[Statement] = []
    stretches = embedded.stretches(text, skip_lines)
    for piece in markdown.pieces(embedded.unfenced(text, stretches), skip_lines=skip_lines):
        # A gate that holds a license text holds nothing else than its terms.
        if any(start <= piece.start < end for start, end in stretches) or (stretches and context.is_gate):
            found.extend(reader.legal(piece))
        else:
            found.extend(reader.piece(piece))
        if len(found) >= _MOST:
            break
    found.extend(reader.badges())
    return tuple(found)


_REFERENCE = re.compile(r"^[ \t]{0,3}\[([^\[\]\n]{1,60})\]:[ \t]*(\S{1,600})", re.MULTILINE)
_TARGET = re.compile(r"(?:\([^()\s]{1,600}\)|\[[^\[\]\n]{1,60}\])[*_)\]]{0,3}")
_SLUG_NAME = re.compile(r"[A-Za-z0-9]+")
_BADGE = re.compile(
    r"(?:!\[([^\]\n]{0,100})\]\(|<img[^>\n]{0,300}?src\s?=\s?[\"'])(https?://(?:img\.)?shields\.io/(?:badge|static/v1)[^)\"'\s>]{1,300})",
    re.IGNORECASE,
)
_TENDING = ("research-only", "noncommercial", "free-use")  # rules that a card's intended use reads like
_TELLING = 6  # letters of a first word that names the repo by itself
_TITLE = 20  # words of a line that may be a title


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    path: str
    context: Context
    namer: Namer

    def piece(self, piece: Piece) -> Iterator[Statement]:
        if piece.kind == "metadata":
            return self._metadata(piece)
        if not form("keys").search(piece.text) or form("never").search(folded(piece.text)):
            return iter(())
        if piece.kind == "row":
            return self._row(piece)
        if piece.kind == "heading":
            return self._field(piece, self._section(piece))
        return self._sentence(piece)

    def badges(self) -> Iterator[Statement]:
        """Badges are drawn by a third site and seldom kept: weak statements."""
        for match in _BADGE.finditer(self.text):
            words = re.sub(r"[_\s]+", " ", unquote(match[2].rpartition("/")[2]).replace("--", "\0"))
            label, _, rest = words.partition("-")
            if not re.search(r"licen[cs]e", label, re.IGNORECASE):
                continue
            name, dash, _ = rest.partition("-")  # label-value-colour; without a third part there is no value
            name = name.partition("?")[0].replace("\0", "-").strip()
            known = names.resolve(name).id if name else None
            if known or (name and dash):
                yield self._statement(match.start(), match.end(), known, (), self._scope(label) or self.context.material, is_weak=True)

    def legal(self, piece: Piece) -> Iterator[Statement]:
        """A sentence of a license text that stands in the card."""
        words = folded(piece.text)
        # A license text in a model's card comes with the model and speaks of "Materials", code included.
        scope: Scope = "all" if self.context.material == "weights" else self.context.material
        is_title = (piece.is_first or piece.kind == "heading") and len(words.split()) <= _TITLE and form("legal_title").search(words)
        if is_title and (found := names.find(words)):
            yield self._statement(piece.start, piece.end, self.namer.declared_as(found[0].id), (), scope)
            return
        if piece.end - piece.start > _LONGEST:
            return
        hits = [clauses for pattern, clauses in legal() if pattern.search(words)]
        if hits:
            clauses = tuple(dict.fromkeys(clause for clauses in hits for clause in clauses))
            named = self.namer.mentions(words)
            yield self._statement(piece.start, piece.end, self.namer.declared_as(named[0].id) if named else None, clauses, scope)

    # Shapes

    def _metadata(self, piece: Piece) -> Iterator[Statement]:
        for match in re.finditer(r"^licen[cs]es?[ \t]*:[ \t]*[\"']?([^\n\"']{2,80})", self.text[piece.start : piece.end], re.MULTILINE):
            yield self._statement(piece.start, piece.end, self.namer.named(match[1].strip()), (), self.context.material)

    def _row(self, piece: Piece) -> Iterator[Statement]:
        row = markdown.cells(piece.text)
        if len(row) >= 2 and (match := form("field_cell").fullmatch(row[0])) and not form("field_empty").fullmatch(row[1]):
            yield from self._valued(piece.start, piece.end, " ".join(row[1:]), self._field_scope(match))
            return
        if (
            len(row) == 2
            and (match := form("bare_field").match(f"{row[0]}: {row[1]}"))
            and (known := names.resolve(match["value"].strip()).id)
        ):
            if known not in NAMELESS and names.find(f"{row[1]} license"):
                yield self._statement(piece.start, piece.end, self.namer.declared_as(known), (), self._field_scope(match))
            return
        column = next((i for i, cell in enumerate(piece.head) if form("field_cell").fullmatch(cell)), None)
        if column is None or column >= len(row) or not row[0]:
            return
        is_linked = any(_is_local(url) for _, url in LINK.findall(self.text[piece.start : piece.end]))
        is_source = self.context.material == "data" and names.resolve(row[column]).ids
        if is_linked or is_source or self._is_own_name(row[0]):
            yield from self._valued(piece.start, piece.end, row[column], self.context.material)

    def _sentence(self, piece: Piece) -> Iterator[Statement]:
        if piece.end - piece.start > _LONGEST:
            return
        section = self._section(piece)
        made = tuple(self._field(piece, section)) if section != "other" else ()
        if made:
            yield from made
            return
        for start, end in _parts(piece.text):
            yield from self._part(piece, piece.start + start, piece.start + end, folded(piece.text[start:end]), section)

    def _field(self, piece: Piece, section: str) -> Iterator[Statement]:
        match = form("field").match(piece.text)
        if not match:
            yield from self._bare_field(piece)
            return
        value = folded(piece.text[match.end() :])
        if form("field_empty").fullmatch(value):
            return
        scope = self._field_scope(match)
        if not (match["code"] or match["weights"] or match["data"]):
            scope = (self._scope(piece.before) if piece.kind == "item" else None) or self._scope(piece.lead) or scope
        parts = _parts(value)
        if len(parts) == 1:
            yield from self._valued(piece.start, piece.end, value, scope)
        for start, end in parts if len(parts) > 1 else ():
            # "License: the code is MIT, the weights are CC-BY-NC": each part is a value of its own.
            part = value[start:end]
            yield from self._valued(piece.start, piece.end, part, self._scope(without(part, self.namer.licenses(part, part))) or scope)

    def _bare_field(self, piece: Piece) -> Iterator[Statement]:
        match = form("bare_field").match(folded(piece.text)) if piece.kind == "item" and piece.is_first else None
        if match and (known := names.resolve(match["value"].strip()).id) and known not in NAMELESS:
            yield self._statement(piece.start, piece.end, self.namer.declared_as(known), (), self._field_scope(match))

    def _valued(self, start: int, end: int, value: str, scope: Scope) -> Iterator[Statement]:
        """A field and its value: one statement for each license that the value names."""
        found = self.namer.licenses(value, self._raw(start, end))
        clauses = _clauses(value, is_own=True)
        own_scope = self._scope(without(value, found)) if form("granted").search(value) else None
        if found:
            for license_id in dict.fromkeys(item.license for item in found):
                yield self._statement(start, end, license_id, clauses, own_scope or scope)
            return
        words = value.strip(" \t\n.,;:*_`\"'")
        is_name = len(words.split()) <= SHORT and not form("sentence").match(words)
        if is_name or clauses or form("license").search(value) or "http" in value:
            license_id = self.namer.named(words) if is_name and words and not is_generic(words) else self.namer.only_declared()
            yield self._statement(start, end, license_id, clauses, own_scope or scope)

    def _part(self, piece: Piece, start: int, end: int, words: str, section: str) -> Iterator[Statement]:
        """One part of a sentence that speaks of one thing."""
        words = form("noun").sub(" license", words)
        is_section = section == "license"
        found = self.namer.licenses(words, self._raw(start, end))
        if is_section and not found and (known := names.resolve(words.strip(" .*_`\"'")).id):
            found = [Named(0, len(words), self.namer.declared_as(known))]
        is_own = (
            is_section or self.context.is_gate or self.context.is_notice or self._is_own(words) or bool(form("license").search(piece.lead))
        )
        is_own = is_own or (self.context.material == "data" and bool(form("license").search(words)))
        is_intended = bool(form("intended").search(words))
        told = marked(words, found)
        hits = []
        for rule in sentences():
            if rule.where == "section" and not is_section:
                continue
            if rule.where in ("own", "outside") and not is_own:
                continue
            if rule.needs_name and not found and not form("license").search(words):
                continue
            if rule.id in _TENDING and section == "intended" and (is_intended or not form("binding").search(words)):
                continue
            if rule.where == "outside" and section == "intended":
                continue
            if rule.id in _TENDING and is_intended and not form("exclusive").search(words):
                continue
            if section == "other" and not rule.scope and not (rule.needs_name and found and form("our_material").search(_subject(words))):
                continue
            if rule.form.search(told if rule.on_names else words):
                hits.append(rule)
        is_pointer = is_section and FILE_LABEL.fullmatch(words.strip(" .*_`"))
        if not hits and not is_pointer and not (is_section and is_mostly(words, found)):
            return
        if not is_section and found and form("foreign").search(words):
            return
        scope = (
            next((rule.scope for rule in hits if rule.scope), None)
            or self._scope(without(words, found))
            or self._scope(piece.lead)
            or self._heading_scope(piece)
            or self.context.material
        )
        # What is only meant for something is told, and binds nobody.
        binding = [rule for rule in hits if not (is_intended and rule.id in _TENDING)]
        clauses = tuple(dict.fromkeys(clause for rule in binding for clause in rule.clauses))
        unnamed = self.namer.only_declared() if self.context.is_gate and any(rule.id == "accept" for rule in hits) else None
        ids = tuple(dict.fromkeys(item.license for item in found)) or (unnamed,)
        for license_id in ids:
            yield self._statement(start, end, license_id, clauses, scope)

    def _raw(self, start: int, end: int) -> str:
        """The stretch as it is written, whole links included."""
        start, end = _with_markup(self.text, start, end)
        return self.text[start:end]

    # Scope and section

    def _scope(self, words: str) -> Scope | None:
        if self.context.material == "data":
            return None
        subject = _subject(words)
        for stretch in (subject, words):
            bare = form("scope_glue").sub(lambda match: "code" + " " * (len(match.group()) - 4), stretch)
            found = {scope for scope, pattern in scopes().items() if pattern.search(bare)}
            if {"code", "weights"} <= found:
                return "all"
            for scope in ("code", "weights", "data", "all"):
                if scope in found:
                    return scope
        return None

    def _field_scope(self, match: re.Match[str]) -> Scope:
        for scope in ("code", "weights", "data"):
            if match[scope]:
                return scope
        return self.context.material

    def _heading_scope(self, piece: Piece) -> Scope | None:
        title = piece.headings[-1] if piece.headings else ""
        return self._scope(title) if form("license_heading").search(title) else None

    def _section(self, piece: Piece) -> str:
        """license, intended, other or "": what kind of section a piece stands in, by its two nearest headings."""
        nearest = piece.headings[-2:][::-1]
        for title in nearest:
            if form("license_heading").search(title):
                return "license"
            is_title = title == piece.headings[0] and self._is_own_name(title)
            if form("credits_heading").search(title) or (title == nearest[0] and not is_title and form("other_heading").search(title)):
                return "other"
            if form("intended_heading").search(title):
                return "intended"
        return ""

    def _is_own(self, words: str) -> bool:
        subject = _subject(words)
        return not subject.strip() or bool(form("own").search(subject)) or self._is_own_name(subject)

    def _is_own_name(self, words: str) -> bool:
        """Does the stretch hold the repo's own name, or most of its words?"""
        own = [part.lower() for part in _SLUG_NAME.findall(self.context.name.rpartition("/")[2].rpartition("--")[2]) if len(part) > 1]
        said = {part.lower() for part in _SLUG_NAME.findall(words)}
        if not own or own[0] not in said:
            return False
        return len(own[0]) >= _TELLING or sum(part in said for part in own) >= min(2, len(own))

    def _statement(
        self, start: int, end: int, license_id: str | None, clauses: Sequence[str], scope: Scope, *, is_weak: bool = False
    ) -> Statement:
        start, end = _with_markup(self.text, start, end)
        quote = " ".join(self.text[start:end].split())
        first = self.text.count("\n", 0, start) + 1
        return Statement(license_id, tuple(clauses), scope, quote, self.path, first, first + self.text.count("\n", start, end), is_weak)


_OPENING, _CLOSING = '*_`[("“', '*_`])"”'


def _with_markup(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the markup that belongs to its first and last word."""
    while start > 0 and text[start - 1] in _OPENING:
        start -= 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    if text[end - 1 : end] == "]" and (target := _TARGET.match(text, end)):
        end = target.end()
    return start, end


def _parts(words: str) -> list[tuple[int, int]]:
    """Where a sentence is read in two: at a joint, when both sides speak of a scope and of terms."""
    cuts = [0]
    for match in form("joints").finditer(words):
        before, after = words[cuts[-1] : match.start()], words[match.end() :]
        if all(form("keys").search(side) and any(pattern.search(side) for pattern in scopes().values()) for side in (before, after)):
            cuts.append(match.end())
    cuts.append(len(words))
    return list(itertools.pairwise(cuts))


def _subject(words: str) -> str:
    """What stands before the words of grant: "The code" in "The code is licensed under MIT"."""
    match = form("granted").search(words)
    return words[: match.start()] if match else words


def _clauses(words: str, *, is_own: bool) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(clause for rule in sentences() if rule.clauses and is_own and rule.form.search(words) for clause in rule.clauses)
    )


def _is_local(url: str) -> bool:
    return "://" not in url and not url.startswith(("#", "mailto:"))


def linked_scopes(card: str, paths: Sequence[str], found: Iterable[Statement]) -> Mapping[str, Scope]:
    """For files of the repo that the card links in a statement of license: the scope that the statement gives them."""
    linked: dict[str, Scope] = {}
    by_name = {path.lower(): path for path in paths}
    lines = card.splitlines()
    for statement in found:
        raw = "\n".join(lines[statement.start_line - 1 : statement.end_line])
        for label, url in LINK.findall(raw):
            target = unquote(url).partition("#")[0].partition("?")[0]
            if "://" in target:
                target = re.sub(r"^https?://[^/]+/[^/]+/[^/]+/(?:-/)?(?:blob|raw|resolve|tree)/[^/]+/", "", target)
            path = by_name.get(target.removeprefix("./").lower())
            plain = " ".join(statement.quote.split())
            if path and label in plain:
                linked[path] = statement.scope if linked.get(path, statement.scope) == statement.scope else "all"
    return linked
