"""Settings in YAML, TOML, INI and JSON -> the repos that they name, and those that their command lines load."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import yaml

from licensecheck.scan import commands
from licensecheck.scan.commands import Word, expanded, in_words, once, words
from licensecheck.scan.names import FETCHED, repo
from licensecheck.scan.tables import tables
from licensecheck.types import Use

MOST_WORDS = 2000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_JSON = re.compile(r'"(?P<key>[\w.-]{1,80})"\s*:\s*"(?P<value>[^"\\\s]{3,250})"')


def in_yaml(text: str, path: str, places: tuple[Path, ...] = ()) -> tuple[Use, ...]:
    """The repos that a YAML file names. One that is no YAML by itself, such as a template, is read line by line."""
    try:
        roots = [root for root in yaml.compose_all(text, Loader=_Loader) if root is not None]
    except (yaml.YAMLError, RecursionError, ValueError):
        return commands.uses(text, path, places)
    found: list[Use] = []
    for root in roots:
        nodes = _nodes(root)
        known = _variables(nodes)
        for node in nodes:
            found += _in_node(node, path, places, known)
    return once(found)


def _nodes(root: yaml.Node) -> list[yaml.Node]:
    """Every node of a document once, however often an alias names it."""
    seen: dict[int, yaml.Node] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen[id(node)] = node
        if isinstance(node, yaml.SequenceNode):
            stack += node.value
        elif isinstance(node, yaml.MappingNode):
            stack += [value for _, value in node.value]
    return list(seen.values())


def _in_node(node: yaml.Node, path: str, places: tuple[Path, ...], known: dict[str, tuple[str, ...]]) -> Iterator[Use]:
    if isinstance(node, yaml.ScalarNode) and (address := FETCHED.match(node.value)) and (ref := repo(address.group())):
        yield Use(path, node.start_mark.line + 1, ref, "address")
    if not isinstance(node, yaml.MappingNode):
        return
    yield from _command(node, path, places, known)
    entries = _scalars(node)
    for name, value in entries.items():
        yield from _named(name, value, path, places, known)
    if {"name", "value"} == set(entries):  # the way Kubernetes sets a variable of the environment
        yield from _named(entries["name"].value, entries["value"], path, places, known)


def _scalars(node: yaml.MappingNode) -> dict[str, yaml.ScalarNode]:
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)}


def _named(name: str, value: yaml.ScalarNode, path: str, places: tuple[Path, ...], known: dict[str, tuple[str, ...]]) -> Iterator[Use]:
    kind = tables().key(name)
    if kind is None:
        return
    for text in expanded(value.value, known):
        if "/" in text and (ref := repo(text, kind, "none", places)):
            yield Use(path, value.start_mark.line + 1, ref, name)


def _command(node: yaml.MappingNode, path: str, places: tuple[Path, ...], known: dict[str, tuple[str, ...]]) -> Iterator[Use]:
    """What the command lines of one mapping load; the words of `command` and `args`, as of a container, are one line behind its image."""
    line: list[Word] = []
    for key, value in node.value:
        name = key.value.lower() if isinstance(key, yaml.ScalarNode) else ""
        if name == "image" and isinstance(value, yaml.ScalarNode):
            line.insert(0, Word(value.value, value.start_mark.line + 1))
        elif name in tables().command_keys:
            if isinstance(value, yaml.ScalarNode) and value.style in ("|", ">"):
                yield from commands.uses(value.value, path, places, first_line=value.start_mark.line + 2)
            line += islice(_words(value), MOST_WORDS)
    yield from in_words(line, path, places, known)


def _words(value: yaml.Node) -> Iterator[Word]:
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    for item in items:
        if isinstance(item, yaml.SequenceNode):
            yield from _words(item)
        elif isinstance(item, yaml.ScalarNode) and item.style not in ("|", ">"):
            yield from words(item.value, item.start_mark.line + 1)
        elif isinstance(item, yaml.ScalarNode):
            for offset, line in enumerate(item.value.splitlines()):
                yield from words(line, item.start_mark.line + 2 + offset)


def _variables(nodes: list[yaml.Node]) -> dict[str, tuple[str, ...]]:
    """The variables that a file sets for its commands: `env` and `environment`, as a mapping or as a list."""
    known: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            continue
        entries = _scalars(node)
        if set(entries) == {"name", "value"}:
            known[entries["name"].value] = (entries["value"].value,)
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in {"env", "environment", "variables", "vars"}:
                known |= _environment(value)
    return known


def _environment(node: yaml.Node) -> dict[str, tuple[str, ...]]:
    if isinstance(node, yaml.MappingNode):
        return {name: (value.value,) for name, value in _scalars(node).items()}
    if isinstance(node, yaml.SequenceNode):
        pairs = (item.value.partition("=") for item in node.value if isinstance(item, yaml.ScalarNode))
        return {name: (value,) for name, equals, value in pairs if equals}
    return {}


def in_json(text: str, path: str, places: tuple[Path, ...] = ()) -> tuple[Use, ...]:
    """The repos that the entries of a JSON file name."""
    ends = [match.end() for match in re.finditer("\n", text)]
    found = []
    for match in _JSON.finditer(text):
        kind = tables().key(match["key"])
        ref = repo(match["value"], kind, "none", places) if kind and "/" in match["value"] else None
        if ref is None and (address := FETCHED.match(match["value"])):
            ref = repo(address.group())
        if ref:
            found.append(Use(path, bisect.bisect_right(ends, match.start("value")) + 1, ref, match["key"]))
    return once(found)
