"""Command lines -> the repos that they load: shell scripts, Dockerfiles, Makefiles, and whatever else holds commands line by line."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from licensecheck.scan.names import FETCHED, HOSTED, TYPES, repo
from licensecheck.scan.tables import Command, tables
from licensecheck.types import RepoRef, Use

LONGEST = 20_000  # characters of one logical line; a longer one is data
LONGEST_WORD = 1000
MOST = 12  # values of one word
WINDOW = 40  # words behind a command among which the free one is looked for
PATIENCE = 60  # variables that are put into one word
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\{[^}\s]*\}|\$\([\w.-]+\)|\\.|[^\s"'\\;|&()`])+""")
_COMMENT = re.compile(r"(?:^|\s)(?:#(?!!)|//\s|REM\s).*$")
_QUOTES = re.compile(r"""["']""")
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::?[-=](?P<default>[^}]*))?\}|\$\((?P<make>[\w.-]+)\)|\$\$?(?P<plain>\w+)")
_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|set\s+|local\s+|readonly\s+|ENV\s+|ARG\s+|Environment=["']?|\$env:|-\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*(?P<sign>[?:+]?=|\s(?=\S+\s*$)|:\s)\s*(?P<value>"[^"]*"|'[^']*'|[^\s"';,#]+)"""
)
_LOOP = re.compile(r"\bfor\s+(?P<name>\w+)\s+in\s+(?P<values>[^;#]+)")
_LISTED = re.compile(r"^\s*(?:CMD|ENTRYPOINT|RUN)\s+(?P<list>\[.*\])\s*$")
_CALLED = re.compile(
    r"""\b(?P<name>from_pretrained|hf_hub_download|snapshot_download)\s*\(\s*(?:\w+\s*=\s*)?(?P<quote>["'`])(?P<text>[^"'`\s]{3,250})(?P=quote)"""
)
_PIPELINE = re.compile(
    r"""\bpipeline\s*\(\s*["'][\w-]{3,60}["']\s*,\s*(?:model\s*=\s*)?(?P<quote>["'`])(?P<text>[^"'`\s]{3,250})(?P=quote)"""
)


class Word(NamedTuple):
    """One word of a command line, without its quotes, and its line."""

    text: str
    line: int


def uses(text: str, path: str, places: tuple[Path, ...] = (), *, first_line: int = 1) -> tuple[Use, ...]:
    """The repos that the command lines in a text load. Variables that the same text sets are put in; nothing is run."""
    lines = list(_logical(text, first_line))
    known = _variables(lines)
    found: list[Use] = list(in_calls(text, path, places, first_line=first_line))
    for line, content in lines:
        listed = _LISTED.match(content)
        found += in_words(_from_list(listed["list"], line) if listed else words(content, line), path, places, known)
        found += _setting(content, line, path, places, known)
    return once(found)


def once(found: Iterable[Use]) -> tuple[Use, ...]:
    """One use for each line and repo, by line; the one that names a revision goes first."""
    kept: dict[tuple[int, str, str], Use] = {}
    for use in found:
        key = (use.line, use.ref.type, use.ref.id)
        if key not in kept or (use.ref.revision and not kept[key].ref.revision):
            kept[key] = use
    return tuple(sorted(kept.values(), key=lambda use: (use.line, use.ref.id)))


def in_calls(source: str, path: str, places: tuple[Path, ...] = (), *, first_line: int = 1) -> tuple[Use, ...]:
    """Calls that load a repo in source that is not read as a tree: other languages, scripts within scripts, broken Python."""
    ends = [m.end() for m in re.finditer("\n", source)]
    found = []
    for pattern in (_CALLED, _PIPELINE):
        for match in pattern.finditer(source):
            before = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
            if before.lstrip().startswith(("#", "//", "*", ">>>")):
                continue
            ref = repo(match["text"], "model", "canonical", places)
            if ref:
                how = match.groupdict().get("name") or "pipeline"
                found.append(Use(path, first_line + bisect.bisect_right(ends, match.start("text")), ref, how))
    return once(found)


def words(content: str, line: int) -> tuple[Word, ...]:
    """The words of a logical line, quotes removed.

    >>> [word.text for word in words('vllm serve "acme-labs/writer" --port 80 && ls', 3)]
    ['vllm', 'serve', 'acme-labs/writer', '--port', '80', 'ls']
    """
    return tuple(Word(_QUOTES.sub("", m.group()) if m.group()[0] not in "\"'" else m.group()[1:-1], line) for m in _WORD.finditer(content))


def in_words(
    given: Sequence[Word], path: str, places: tuple[Path, ...] = (), known: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Use]:
    """The repos that one command line loads, given as its words."""
    known = known or {}
    split = tuple(_split(given))
    revision, kind = _after(split, tables().revision_flags, known), _after(split, tables().type_flags, known)
    commands = _first_free(split)
    for index, word in enumerate(split):
        for ref, how in _at(split, index, commands.get(index, ()), places, known):
            type_ = TYPES.get(kind or "", ref.type) if ref.type == "model" else ref.type
            yield Use(path, word.line, replace(ref, type=type_, revision=ref.revision or revision), how)
        if word.text.count(" ") > 1:  # a command line within one: sh -c "…"
            yield from in_words(words(word.text, word.line), path, places, known)


def _at(
    split: Sequence[Word], index: int, commands: Sequence[Command], places: tuple[Path, ...], known: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[RepoRef, str]]:
    """What the word at an index names, and by which flag, command or address. `commands` are those whose first free word it is."""
    before = split[index - 1].text if index else ""
    kind = tables().flags.get(before) if not split[index].text.startswith("-") else None
    for value in expanded(split[index].text, known):
        if kind and "/" in value and (ref := repo(value, kind, "none", places)):
            yield ref, before
        for command in commands:
            if (not command.needs_host or HOSTED.match(value)) and (ref := repo(value, "model", "none", places)):
                yield ref, " ".join(command.words)
        if (found := FETCHED.search(value)) and (ref := repo(found.group())):
            yield ref, "address"
        if before == "--model_args" and (named := re.search(r"\bpretrained=([^,\s]+)", value)) and (ref := repo(named.group(1))):
            yield ref, "--model_args pretrained"


def _first_free(split: Sequence[Word]) -> dict[int, list[Command]]:
    """Of each command in a line, the first word behind it that belongs to no flag."""
    found: dict[int, list[Command]] = {}
    starts = _starts()
    for index, word in enumerate(split):
        for command in starts.get(_basename(word.text), ()):
            end = index + len(command.words)
            if tuple(w.text for w in split[index + 1 : end]) == command.words[1:] and (free := _free(split, end)) is not None:
                found.setdefault(free, []).append(command)
    return found


@cache
def _starts() -> Mapping[str, tuple[Command, ...]]:
    starts: dict[str, tuple[Command, ...]] = {}
    for command in tables().commands:
        if command.is_first:
            starts[command.words[0]] = (*starts.get(command.words[0], ()), command)
    return starts


def _free(split: Sequence[Word], start: int) -> int | None:
    for index in range(start, min(len(split), start + WINDOW)):
        is_flag = split[index].text.startswith("-")
        is_value = index > start and split[index - 1].text.startswith("-")
        if not is_flag and not is_value:
            return index
    return None


def _basename(word: str) -> str:
    return word.rpartition("/")[2].partition(":")[0] if not word.startswith("-") else word


def _split(given: Iterable[Word]) -> Iterator[Word]:
    """`--flag=value` as two words."""
    for word in given:
        flag, equals, value = word.text.partition("=")
        if equals and flag.startswith("-") and value:
            yield Word(flag, word.line)
            yield Word(_QUOTES.sub("", value), word.line)
        else:
            yield word


def _after(split: Sequence[Word], flags: frozenset[str], known: Mapping[str, tuple[str, ...]]) -> str | None:
    for flag, value in pairwise(split):
        if flag.text in flags:
            choices = expanded(value.text, known)
            return choices[0] if len(choices) == 1 and "$" not in choices[0] else None
    return None


def expanded(text: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The word with the variables of the file put in; one that nobody sets stays.

    >>> expanded("${MODEL:-acme-labs/writer}", {}), expanded("$ORG/writer", {"ORG": ("acme-labs",)})
    (('acme-labs/writer',), ('acme-labs/writer',))
    """
    if "$" not in text:
        return (text,)
    done: list[str] = []
    todo = [text]
    for _ in range(PATIENCE):  # NOTE: a variable may be made of itself
        if not todo or len(done) >= MOST:
            break
        current = todo.pop(0)
        found = _VARIABLE.search(current)
        name = (found["name"] or found["make"] or found["plain"] or "") if found else ""
        choices = known.get(name) or ((found["default"],) if found and found["default"] else ())
        if found is None or not choices or len(current) > LONGEST_WORD:
            done.append(current)
        else:
            todo += [current[: found.start()] + choice + current[found.end() :] for choice in choices]
    return tuple(done)


def _logical(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Lines with their continuations, comments left out."""
    pending, start = "", first_line
    for number, raw in enumerate(text.splitlines(), first_line):
        line = _COMMENT.sub("", raw) if len(raw) <= LONGEST else ""
        if not pending:
            start = number
        if line.rstrip().endswith(("\\", "`", "^")) and len(pending) < LONGEST:
            pending += line.rstrip()[:-1] + " "
            continue
        yield start, pending + line
        pending = ""
    if pending:
        yield start, pending


def _variables(lines: Sequence[tuple[int, str]]) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for _, content in lines:
        if (found := _ASSIGNED.match(content)) and found["sign"] != ": ":
            known[found["name"]] = (*known.get(found["name"], ()), _QUOTES.sub("", found["value"]))[:MOST]
        if loop := _LOOP.search(content):
            known[loop["name"]] = tuple(word.text for word in words(loop["values"], 0))[:MOST]
    return known


def _setting(content: str, line: int, path: str, places: tuple[Path, ...], known: Mapping[str, tuple[str, ...]]) -> Iterator[Use]:
    """`MODEL_ID=org/name`: a variable or setting whose name says that it holds a repo."""
    found = _ASSIGNED.match(content)
    kind = tables().key(found["name"]) if found else None
    if found and kind:
        for value in expanded(_QUOTES.sub("", found["value"]), known):
            if "/" in value and (ref := repo(value, kind, "none", places)):
                yield Use(path, line, ref, found["name"])


def _from_list(given: str, line: int) -> tuple[Word, ...]:
    """The words of a command written as a JSON list, as Dockerfiles have it."""
    try:
        listed = json.loads(given)
    except (ValueError, RecursionError):
        return words(given, line)
    return tuple(Word(str(word), line) for word in listed) if isinstance(listed, list) else ()
