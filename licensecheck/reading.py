"""text -> Reading: what a text is, then what it says. A pure function of the text and the rules, kept in the store by both digests.

Nothing of spaCy is imported where the reading is in the store.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from licensecheck import __version__, records, rules
from licensecheck.store import Store
from licensecheck.types import Added, Citation, Clause, Identity, Part, Problem, Reading

KIND = "reading"
# So many words in no language that is told apart are a text that nobody read; fewer may be a name and a date.
FEWEST_WORDS = 20
_WORDS = re.compile(r"[^\W\d_]{2,}")
# Of a changed copy, sentences that the known license has are known; `identify` lists so many of the others at most.
MOST_ADDED = 200
# Matching is bound to one processor and its memory is not made for threads: one text at a time.
_ONE_AT_A_TIME = threading.Lock()


def read(text: str, path: str, *, digest: str | None = None, use_records: bool = True, store: Store | None = None) -> Reading:
    """All that one text tells.

    `digest` is "sha256:…" of the bytes that the text came from; without it, of the text in UTF-8. Without `use_records` no
    known license is recognized, and every text is read by the rules alone. With `store` a text is read once per rules.
    """
    own = f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    key = f"{own} {rules.digest()} {__version__} {'records' if use_records else 'rules alone'}"
    kept = store.get(KIND, key) if store else None
    reading = _loaded(kept) if kept is not None else None
    if reading is None:
        with _ONE_AT_A_TIME:
            reading = _read(text, use_records)
        if store:
            store.put(KIND, key, asdict(reading))
    return replace(
        reading,
        path=path,
        digest=digest or own,
        clauses=tuple(replace(c, path=path) for c in reading.clauses),
        problems=tuple(replace(p, subject=path) for p in reading.problems),
    )


def _read(text: str, use_records: bool) -> Reading:
    from licensecheck import clauses, language, rulebook, segment

    identity = _identity(text) if use_records else Identity("unknown")
    found, problems = clauses.find(text, segment.segment(text), "")
    spoken = language.languages(text)
    if identity.grade == "exact":
        known = [r for name in _names(identity) if (r := records.record(name))]
        if known:
            # Equal words: the facts on record stand, and what no rule understood is known all the same.
            return Reading("", "", language.language(text), identity, _on_record(found, known), ())
    if identity.grade == "variant" and len(identity.added) < MOST_ADDED:
        problems = tuple(p for p in problems if any(a.start_line <= (p.start_line or 0) <= a.end_line for a in identity.added))
    unread = tuple(code for code in spoken if code not in rulebook.LANGUAGES)
    if not spoken and len(_WORDS.findall(text[:20_000])) >= FEWEST_WORDS:
        unread = ("",)
    problems = (*(_unread_language(code) for code in unread), *problems)
    return Reading("", "", language.language(text), identity, found, problems)


def _identity(text: str) -> Identity:
    from licensecheck import identify

    return identify.identify(text)


def _names(identity: Identity) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.license for p in identity.parts)) or ((identity.license,) if identity.license else ())


def _on_record(found: Sequence[Clause], known: Sequence[records.Record]) -> tuple[Clause, ...]:
    """The records' clauses, at the places where the rules see them; cited where no rule does.

    Where a record names no clause at all, what the rules found is listed as it is.
    """
    facts = {fact.id: fact for record in known for fact in record.clauses}
    if not facts:
        return tuple(found)
    seen = [replace(c, source="record", confidence="high", params=facts[c.id].params or c.params) for c in found if c.id in facts]
    placed = {c.id for c in seen}
    cited: dict[str, Clause] = {}
    for record in known:
        for clause in records.clauses(record, ""):
            if clause.id not in placed:
                cited.setdefault(clause.id, clause)
    return (*seen, *cited.values())


def _unread_language(code: str) -> Problem:
    return Problem(
        "reading",
        "",
        f"not read: language {code or 'unknown'}",
        "have the text read by someone who knows the language",
        ("all",),
        kind="unread-language",
    )


def _loaded(kept: Mapping[str, Any]) -> Reading | None:
    """A reading from the store; None for one that does not fit, which is then read again."""
    try:
        identity = kept["identity"]
        return Reading(
            path="",
            digest="",
            language=kept["language"],
            identity=Identity(
                **{
                    **identity,
                    "added": tuple(Added(**a) for a in identity["added"]),
                    "parts": tuple(Part(**p) for p in identity["parts"]),
                }
            ),
            clauses=tuple(
                Clause(
                    **{
                        **c,
                        "params": {k: tuple(v) if isinstance(v, list) else v for k, v in c["params"].items()},
                        "citation": Citation(**c["citation"]) if c["citation"] else None,
                    }
                )
                for c in kept["clauses"]
            ),
            problems=tuple(Problem(**{**p, "hides": tuple(p["hides"])}) for p in kept["problems"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
