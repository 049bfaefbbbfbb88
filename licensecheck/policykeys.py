"""What may stand in a policy file: every key, what its values may be, and how a mistake is told. Reads no file.

`keys` is the one description: the check of a file, the JSON Schema for editors and the table in the docs all come from it.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from licensecheck import names, records, rules, use
from licensecheck.selection import OPEN_SOURCE

KINDS = (
    *("card-vs-file", "card-vs-tag", "child-vs-parent", "file-vs-tag", "name-is-a-tag", "notice-missing"),
    *("other-without-text", "two-files", "unknown-license-name"),
)
CONFLICTS = ("high", "medium", "low", *KINDS)


@dataclass(frozen=True, slots=True)
class Key:
    """What may stand under a key. `kind` is text, number, flag, date, digest, commit, money, table, tables, or a list of one of those
    named in `ITEMS`; a choice is one of `choices`."""

    kind: str
    means: str
    choices: tuple[str, ...] = ()
    keys: Mapping[str, Key] | None = None
    required: tuple[str, ...] = ()


def _selection(does: str) -> Key:
    if does == "allowed":
        own = {"openness": Key("openness", "Terms allowed by their openness: open, not-open, unclear.")}
    else:
        own = {"conflicts": Key("conflicts", f"Conflicts {does}: kinds or severities.")}
    return Key(
        "table",
        f"What is {does}.",
        keys={
            **own,
            "licenses": Key("licenses", f"Licenses {does}: ids, families, Hub tags, SPDX expressions."),
            "clauses": Key("clauses", f"Clauses {does}: ids, groups, OSD criteria."),
        },
    )


@functools.cache
def keys() -> Mapping[str, Key]:
    """Every key of a policy, by its table."""
    does = {"allow": _selection("allowed"), "warn": _selection("warned of"), "deny": _selection("denied")}
    facts = {name: Key(fact["kind"], fact["means"]) for name, fact in use.table()["facts"].items()}
    return {
        "name": Key("text", "What reports call the policy."),
        "extends": Key("choice", "A built-in policy that this one adds to.", choices=built_in()),
        "undecided": Key(
            "choice", "What an undecided result means: fail (exit code 3), deny (1) or warn (0).", choices=("fail", "deny", "warn")
        ),
        "require": Key("demands", "What every repo must have: text, ruling, pinned."),
        "unknown-ancestors": Key("number", "The greatest depth of an ancestor whose terms are not known; 0 denies all of them."),
        **does,
        "use": Key("table", "The intended use, against which each clause is held.", keys=facts),
        "rule": Key(
            "tables",
            "More for some repos; it adds to what holds for all.",
            keys={
                "repos": Key("texts", 'Globs of repo ids, such as "acme/*".'),
                "types": Key("types", "Types of repos."),
                "organizations": Key("texts", "Organizations, the part of an id before the slash."),
                **does,
            },
        ),
        "exception": Key(
            "tables",
            "What somebody answers for, until a day.",
            keys={
                "repo": Key("text", "Glob of repo ids."),
                "clause": Key("clause", "A clause id, a group or a criterion that is waived."),
                "license": Key("license", "A license that is waived with all its clauses."),
                "reason": Key("text", "Why."),
                "owner": Key("text", "Who answers for it."),
                "expires": Key("date", "The last day on which it holds."),
                "digest": Key("digest", "SHA-256 of the license text that was read: the exception lapses when it changes."),
            },
            required=("repo", "reason", "expires"),
        ),
        "clarify": Key(
            "tables",
            "The license that a person found where it is unclear.",
            keys={
                "repo": Key("text", "Id of the repo."),
                "commit": Key("commit", "The commit that was looked at."),
                "license": Key("license", "The license that was found."),
                "reason": Key("text", "How it was found."),
                "owner": Key("text", "Who answers for it."),
                "digest": Key("digest", "SHA-256 of the text that was read."),
            },
            required=("repo", "commit", "license", "reason"),
        ),
    }


def built_in() -> tuple[str, ...]:
    """The names of the policies that come with the package; the first is what holds where nobody chose."""
    found = sorted(path.stem for path in (rules.folder() / "policies").glob("*.toml"))
    return (OPEN_SOURCE, *(name for name in found if name != OPEN_SOURCE))


# What may stand in a list, each checked by itself: gives what is wrong and a hint, or None.

Check = Callable[[str], tuple[str, str] | None]


def _one_of(what: str, known: Callable[[], Sequence[str]]) -> Check:
    def check(value: str) -> tuple[str, str] | None:
        if value in known():
            return None
        return f"{value!r} is no {what}", near(value, known()) or f"one of {', '.join(known()[:16])}"

    return check


def _clause(value: str) -> tuple[str, str] | None:
    known = _selectors()
    if value in known:
        return None
    if value.endswith(".*") and value[:-2] in rules.groups():
        return f"{value!r} is no clause", f"the whole group is written {value[:-2]!r}"
    return f"{value!r} is no clause, group or criterion", near(
        value, known
    ) or "ids look like field.military, groups like field, criteria like osd.6"


def _license(value: str) -> tuple[str, str] | None:
    ids = names.resolve(value).ids
    if ids and not {"LicenseRef-other", "LicenseRef-unknown"} & set(ids):
        return None
    if value.startswith("LicenseRef-") and not ids and re.fullmatch(r"LicenseRef-[A-Za-z0-9.+-]+", value):
        return None
    if ids:
        return f"{value!r} names no license", "name the license itself; what `other` stands for is the repo's choice"
    known = {r.id.removeprefix("LicenseRef-"): None for r in records.every()} | dict.fromkeys(records.tags())
    return f"{value!r} is no known license", near(value, list(known)) or "write an SPDX id or a Hub tag; for any other, LicenseRef-name"


@functools.cache
def _codes() -> Mapping[str, str]:
    """Names of countries in capitals, each with its code, from the rules' table of places."""
    table = json.loads((rules.folder() / "places.json").read_text("utf-8"))
    return {entry[0].upper(): entry[1][0] for entry in table if len(entry[1]) == 1 and entry[3] == "name"}


def _place(value: str) -> tuple[str, str] | None:
    if value in _places():
        return None
    code = {"UK": "GB"}.get(value.upper()) or _codes().get(value.upper()) or (value.upper() if value.upper() in _codes().values() else None)
    near = difflib.get_close_matches(value.upper(), list(_codes()), 1, 0.75)
    code = code or (_codes()[near[0]] if near else None)
    return f"{value!r} is no place", f"did you mean {code!r}?" if code else "write ISO 3166-1 codes such as DE, or EU, or worldwide"


def _digest(value: str) -> tuple[str, str] | None:
    return None if re.fullmatch(r"sha256:[0-9a-f]{64}", value) else ("is no digest", "copy it from the report: sha256: and 64 hex digits")


def _commit(value: str) -> tuple[str, str] | None:
    return None if re.fullmatch(r"[0-9a-f]{40}", value) else ("is no commit", "copy it from the report: 40 hex digits, no branch or tag")


def _filled(value: str) -> tuple[str, str] | None:
    return None if value.strip() else ("is empty", "write it out")


TEXTS: Mapping[str, Check] = {"text": _filled, "clause": _clause, "license": _license, "digest": _digest, "commit": _commit}
# The lists whose values are few enough to be named: for the check, and for editors.
_CHOICES: Mapping[str, tuple[str, Callable[[], Sequence[str]]]] = {
    "openness": ("openness", lambda: ("open", "not-open", "unclear")),
    "conflicts": ("kind or severity of conflicts", lambda: CONFLICTS),
    "types": ("type of repo", lambda: ("model", "dataset", "space")),
    "demands": ("demand", lambda: ("text", "ruling", "pinned")),
    "fields": ("field", use.fields),
}
ITEMS: Mapping[str, Check] = {
    "texts": _filled,
    "licenses": _license,
    "clauses": _clause,
    "places": _place,
    **{kind: _one_of(what, known) for kind, (what, known) in _CHOICES.items()},
}


def near(value: str, known: Sequence[str]) -> str:
    lower = {k.lower(): k for k in reversed(known)}
    found = difflib.get_close_matches(value.lower()[:80], list(lower), 2, 0.6)
    return f"did you mean {' or '.join(repr(lower[f]) for f in found)}?" if found else ""


# The JSON Schema for editors


def schema() -> dict[str, Any]:
    """A JSON Schema (draft 7, which TOML editors read) of a policy file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://licensecheck.dev/policy.schema.json",
        "title": "licensecheck policy",
        **_schema(Key("table", "Which models, datasets and spaces are let in, and for what use.", keys=keys())),
    }


def _schema(key: Key) -> dict[str, Any]:
    words = {"description": key.means}
    match key.kind:
        case "table":
            properties = {name: _schema(k) for name, k in (key.keys or {}).items()}
            return {"type": "object", **words, "properties": properties, "additionalProperties": False}
        case "tables":
            properties = {name: _schema(k) for name, k in (key.keys or {}).items()}
            item = {"type": "object", "properties": properties, "additionalProperties": False}
            return {"type": "array", **words, "items": {**item, **({"required": list(key.required)} if key.required else {})}}
        case "flag":
            return {"type": "boolean", **words}
        case "number":
            return {"type": "integer", "minimum": 0, **words}
        case "date":
            return {"type": "string", "format": "date", **words}
        case "money":
            amounts = {"patternProperties": {"^[A-Z]{3}$": {"type": "number", "minimum": 0}}, "additionalProperties": False}
            return {"type": "object", **words, **amounts}
        case "choice":
            return {"type": "string", **words, "enum": list(key.choices)}
        case kind if kind in TEXTS:
            return {**_STRINGS.get(kind, {"type": "string"}), **words, **({"enum": _selectors()} if kind == "clause" else {})}
        case kind:
            closed = {"clauses": _selectors, "places": _places} | {name: known for name, (_, known) in _CHOICES.items()}
            choices = list(closed[kind]()) if kind in closed else None
            least = {"minItems": 1} if kind == "places" else {}
            return {"type": "array", **words, **least, "items": {"type": "string", **({"enum": choices} if choices else {"minLength": 1})}}


_STRINGS: Mapping[str, dict[str, Any]] = {
    "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    "commit": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
    "text": {"type": "string", "minLength": 1},
}


def _places() -> list[str]:
    return sorted({*_codes().values(), "EU", use.WORLD})


def _selectors() -> list[str]:
    return [*rules.taxonomy(), *rules.groups(), *(f"osd.{n}" for n in range(1, 11))]


def described() -> Iterable[tuple[str, Key]]:
    """Every key with its dotted path, in the order of the file: for the docs."""
    for name, key in keys().items():
        yield name, key
        for inner, k in (key.keys or {}).items():
            if not (name == "rule" and k.kind == "table"):
                yield f"{name}.{inner}", k
