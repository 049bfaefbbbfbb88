"""Reads policies: `licensecheck.toml`, `[tool.licensecheck]` in `pyproject.toml`, and those built in.

A mistake is a PolicyError of one line with file, line and key, and a hint. What may stand in a file says `policykeys.py`; what a policy
does is `policy.py`'s affair.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from licensecheck import rules, use
from licensecheck.errors import PolicyError
from licensecheck.policykeys import ITEMS, TEXTS, Check, Key, built_in, keys, near
from licensecheck.selection import OPEN_SOURCE, Clarification, Exemption, Policy, Rule, Selection

FILE = "licensecheck.toml"
PROJECT = "pyproject.toml"
TABLE = ("tool", "licensecheck")
LARGEST = 1 << 20  # bytes; a policy is never that long
_Path = tuple[str | int, ...]
Raw = dict[str, Any]


def choose(given: str | None, folder: Path) -> Policy:
    """The policy that a user named, by file or by name; else the one found upwards from `folder`; else `open-source`.

    Raises PolicyError for one that does not exist or is broken.
    """
    if given is None:
        found = find(folder)
        return load(found) if found else named(OPEN_SOURCE)
    if given in built_in():
        return named(given)
    if given.endswith(".toml") or "/" in given or "\\" in given or Path(given).exists():
        return load(Path(given))
    hint = f"built in are {', '.join(built_in())}; a file of your own ends in .toml"
    raise PolicyError(f"there is no policy {given!r}", f"{near(given, built_in())} {hint}".strip())


def find(folder: Path) -> Path | None:
    """The nearest policy file upwards from a folder: `licensecheck.toml`, or a `pyproject.toml` with a table for this tool."""
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return place / FILE
        project = place / PROJECT
        if project.is_file() and _speaks(project):
            return project
    return None


def _speaks(project: Path) -> bool:
    try:
        return (
            re.search(r"^\s*\[+\s*tool\s*\.\s*licensecheck\b", project.read_bytes()[:LARGEST].decode("utf-8", "replace"), re.MULTILINE)
            is not None
        )
    except OSError:
        return False


def named(name: str) -> Policy:
    """A policy that is built in."""
    return load(rules.folder() / "policies" / f"{name}.toml")


def load(path: Path) -> Policy:
    """The policy in a file. Raises PolicyError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}", "check the name and the rights of the file") from error
    if len(data) > LARGEST:
        raise PolicyError(f"{path}: larger than 1 MiB", "a policy is never that long: is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PolicyError(f"{path}:{line}: not UTF-8", "save the file as UTF-8") from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Policy:
    """The policy in a TOML text; `name` is the file that errors speak of. Raises PolicyError."""
    text = text.replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, name) from error
    except (RecursionError, ValueError) as error:
        raise PolicyError(
            f"{name}: not a TOML that can be read: {type(error).__name__}", "write fewer nested values, and smaller numbers"
        ) from error
    base: _Path = ()
    if Path(name).name == PROJECT:
        base = TABLE
        tools = raw.get("tool")
        table = tools.get("licensecheck") if isinstance(tools, dict) else None
        if not isinstance(table, dict):
            raise PolicyError(f"{name}: holds no table [tool.licensecheck]", f"write one, or a file {FILE}")
        raw = table
    return _Reader(text, name, base).policy(raw)


def _not_toml(error: Exception, name: str) -> PolicyError:
    message = str(error)
    place = re.search(r"\(at line (\d+), column \d+\)", message)
    where = f"{name}:{place[1]}" if place else name
    words = re.sub(r"\s*\(at [^)]*\)", "", message).split("\n")[0]
    return PolicyError(f"{where}: not valid TOML: {words}", 'values look like name = "text", true, 5, ["a", "b"] or 2026-12-31')


class _Reader:
    """Checks one file against `keys` and makes the policy of it; knows where in the text each value stands."""

    def __init__(self, text: str, name: str, base: _Path) -> None:
        self._lines = text.split("\n")
        self._name = name
        self._base = base

    def policy(self, raw: Raw) -> Policy:
        """The policy, with what it extends added."""
        self._table(raw, keys(), ())
        default = "pyproject" if self._base else Path(self._name).stem
        policy = Policy(
            name=raw.get("name", default),
            rules=(_rule(raw), *(_rule(entry) for entry in raw.get("rule", ()))),
            undecided=raw.get("undecided", "fail"),
            require=tuple(raw.get("require", ())),
            unknown_ancestors=raw.get("unknown-ancestors"),
            use=use.Use(_facts(raw["use"])) if "use" in raw else None,
            exceptions=tuple(_exemption(entry) for entry in raw.get("exception", ())),
            clarifications=tuple(Clarification(**entry) for entry in raw.get("clarify", ())),
        )
        return _extended(policy, named(raw["extends"]), raw) if "extends" in raw else policy

    def _fail(self, path: _Path, message: str, hint: str, value: str | None = None) -> PolicyError:
        """The mistake under a key, or in one value of it."""
        where = f"{self._name}:{line_of(self._lines, (*self._base, *path, *([] if value is None else [value])))}"
        key = ".".join(str(p) for p in path if isinstance(p, str))
        return PolicyError(f"{where}: {key}: {_short(message)}" if key else f"{where}: {_short(message)}", _short(hint))

    def _table(self, raw: object, known: Mapping[str, Key], path: _Path) -> None:
        if not isinstance(raw, dict):
            raise self._fail(path, f"is {_kind(raw)}, not a table", f"write [{path[-1]}] on a line of its own, and its keys below")
        for name, value in raw.items():
            here = (*path, name)
            if name not in known:
                raise self._fail(here, "there is no such key", self._hint(name, known, path))
            self._value(value, known[name], here)

    def _hint(self, name: str, known: Mapping[str, Key], path: _Path) -> str:
        if (*path, name) == TABLE[:1]:
            return f"in {FILE} the keys stand at the top, without tool.licensecheck"
        if guess := near(name, list(known)):
            return guess
        homes = [f"[{t}]" for t, key in keys().items() if key.keys and name in key.keys]
        return f"it belongs under {' or '.join(homes)}" if homes else f"one of {', '.join(known)}"

    def _value(self, value: object, key: Key, path: _Path) -> None:
        match key.kind:
            case "table":
                self._table(value, key.keys or {}, path)
            case "tables":
                self._tables(value, key, path)
            case "flag":
                self._is(isinstance(value, bool), value, path, "true or false", "write true or false, without quotes")
            case "number":
                fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
                self._is(fits, value, path, "a whole number from 0 on", "write digits without quotes; 1_000_000 is fine")
            case "date":
                self._is(isinstance(value, date), value, path, "a date", "write it as 2026-12-31, without quotes")
            case "money":
                self._money(value, path)
            case "choice":
                self._is(isinstance(value, str), value, path, "a text", f"one of {', '.join(key.choices)}")
                if value not in key.choices:
                    hint = near(str(value), key.choices) or f"one of {', '.join(key.choices)}"
                    raise self._fail(path, f"{value!r} is not known", hint)
            case kind if kind in TEXTS:
                self._is(isinstance(value, str), value, path, "a text", "write it in quotes")
                self._item(str(value), TEXTS[kind], path)
            case kind:
                self._list(value, ITEMS[kind], path)
                if kind == "places" and not value:
                    raise self._fail(path, "names no place", "leave it out where you do not know it: then terms that ask stay undecided")

    def _is(self, fits: bool, value: object, path: _Path, wanted: str, hint: str) -> None:
        if not fits:
            raise self._fail(path, f"is {_kind(value)}, not {wanted}", hint)

    def _item(self, value: str, check: Check, path: _Path) -> None:
        wrong = check(value)
        if wrong:
            raise self._fail(path, *wrong)

    def _list(self, value: object, check: Check, path: _Path) -> None:
        self._is(isinstance(value, list), value, path, "a list", 'write ["a", "b"], also for a single one')
        for item in cast("list[object]", value):
            self._is(isinstance(item, str), item, path, "a text in the list", 'write ["a", "b"]')
            wrong = check(str(item))
            if wrong:
                raise self._fail(path, *wrong, value=str(item))

    def _tables(self, value: object, key: Key, path: _Path) -> None:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._fail(path, f"is {_kind(value)}, not a list of tables", f"write [[{path[-1]}]] with two brackets, once for each")
        for index, entry in enumerate(value):
            here = (*path, index)
            self._table(entry, key.keys or {}, here)
            for name in key.required:
                if name not in entry:
                    raise self._fail(here, f"lacks {name}", f"{(key.keys or {})[name].means} Write {name} = {_EXAMPLES.get(name, _QUOTED)}")
            if path[-1] == "exception" and ("clause" in entry) is ("license" in entry):
                raise self._fail(
                    here, "needs a clause or a license, one of the two", 'write clause = "field.military" or license = "llama3.1"'
                )
            filters = [entry[name] for name in ("repos", "types", "organizations") if name in entry]
            if path[-1] == "rule" and not (filters and all(filters)):
                raise self._fail(
                    here,
                    "says for no repos that it holds",
                    'write repos = ["acme/*"], types or organizations; what holds for all goes to the top',
                )

    def _money(self, value: object, path: _Path) -> None:
        self._is(isinstance(value, dict), value, path, "a table of sums by currency", "write annual-revenue = { EUR = 2_000_000 }")
        for currency, amount in cast("dict[str, object]", value).items():
            if not re.fullmatch(r"[A-Z]{3}", currency):
                raise self._fail(
                    (*path, currency),
                    f"{currency!r} is no currency",
                    f"write an ISO 4217 code{f': {currency.upper()}' if re.fullmatch('[a-z]{3}', currency) else ' such as EUR'}",
                )
            fits = isinstance(amount, int | float) and not isinstance(amount, bool) and math.isfinite(amount) and amount >= 0
            self._is(fits, amount, (*path, currency), "a sum from 0 on", "write digits without quotes; 2_000_000 is fine")


_QUOTED = '"..."'
_EXAMPLES = {"expires": "2026-12-31", "repo": '"acme/*"', "license": '"Apache-2.0"'}


def _short(words: str, most: int = 300) -> str:
    folded = " ".join(words.split())
    return folded if len(folded) <= most else folded[:most] + "…"


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return f"the number {value}" if abs(value) < 10**15 else "a huge number"
        case float():
            return f"the number {value}"
        case str():
            return f"the text {_short(value, 40)!r}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case date():
            return "a date"
    return "a time"


_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_ASSIGNED = re.compile(rf"\s*({_DOTTED})\s*=")


def line_of(lines: Sequence[str], path: _Path) -> int:
    """The line, from 1, on which a key or a value of a TOML text stands: the nearest that can be told, for tomllib tells none.

    `path` holds the keys, the index of a table in a list of tables, and at last perhaps a value.

    >>> line_of(["[allow]", "clauses = [", "  'field',", "  'feild',", "]"], ("allow", "clauses", "feild"))
    4
    """
    spots = list(_spots(lines))
    depth, line, upto = 0, 1, len(lines)
    for index, (number, here) in enumerate(spots):
        if len(here) > depth and here == path[: len(here)]:
            depth, line = len(here), number
            upto = spots[index + 1][0] - 1 if index + 1 < len(spots) else len(lines)
    last = path[-1] if depth and len(path) > depth else None
    if isinstance(last, str):
        form = re.compile(rf"(?<![\w.-]){re.escape(last)}(?![\w.-])")
        return next((n for n in range(line, upto + 1) if form.search(lines[n - 1])), line)
    return line


def _spots(lines: Sequence[str]) -> Iterator[tuple[int, _Path]]:
    """Each line that begins a table or a value, with its path."""
    table: _Path = ()
    counts: dict[_Path, int] = {}
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            keys = _keys(header[2])
            if header[1] == "[[":
                counts[keys] = counts.get(keys, -1) + 1
            table = ()
            for upto in range(1, len(keys) + 1):
                table += keys[upto - 1 : upto]
                table += (counts[keys[:upto]],) if keys[:upto] in counts else ()
            yield number, table
        elif assigned := _ASSIGNED.match(line):
            yield number, (*table, *_keys(assigned[1]))


def _keys(dotted: str) -> _Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


# From what was checked to the nouns of `policy.py`


def _rule(raw: Raw) -> Rule:
    return Rule(
        allow=_selected(raw, "allow"),
        warn=_selected(raw, "warn"),
        deny=_selected(raw, "deny"),
        repos=tuple(raw.get("repos", ())),
        types=tuple(raw.get("types", ())),
        organizations=tuple(raw.get("organizations", ())),
    )


def _selected(raw: Raw, does: str) -> Selection:
    return Selection(**{key: tuple(value) for key, value in raw.get(does, {}).items()})


def _facts(raw: Raw) -> dict[str, use.Value]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}


def _exemption(raw: Raw) -> Exemption:
    expires = raw["expires"]
    return Exemption(**{**raw, "expires": expires.date() if isinstance(expires, datetime) else expires})


def _extended(own: Policy, base: Policy, raw: Raw) -> Policy:
    """What a policy adds to a built-in one: lists add up, single values and facts of use are its own where it gives them."""
    return replace(
        own,
        rules=(*base.rules, *own.rules),
        undecided=own.undecided if "undecided" in raw else base.undecided,
        require=tuple(dict.fromkeys((*base.require, *own.require))),
        unknown_ancestors=own.unknown_ancestors if "unknown-ancestors" in raw else base.unknown_ancestors,
        use=use.Use({**base.use.facts, **(own.use.facts if own.use else {})}) if base.use else own.use,
    )
