"""Python source -> the repos that it loads. Read as a tree and never executed; comments and docstrings load nothing."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from licensecheck.scan.commands import in_calls
from licensecheck.scan.names import FETCHED, TYPES, repo
from licensecheck.scan.tables import Call, tables
from licensecheck.scan.values import Names, Value, called, names
from licensecheck.types import RepoRef, RepoType, Untold, Use

_RECEIVERS = frozenset({"self", "cls"})


@dataclass(slots=True)
class _File:
    """One file while it is read."""

    path: str
    places: tuple[Path, ...]
    names: Names
    imported: dict[str, str]
    stars: set[str]
    uses: dict[tuple[int, str, str], Use] = field(default_factory=dict)
    untold: list[Untold] = field(default_factory=list)

    def add(self, line: int, ref: RepoRef, how: str) -> None:
        key = (line, ref.type, ref.id)
        if key not in self.uses or (ref.revision and not self.uses[key].ref.revision):
            self.uses[key] = Use(self.path, line, ref, how)


def uses(source: str, path: str, places: tuple[Path, ...] = ()) -> tuple[tuple[Use, ...], tuple[Untold, ...]]:
    """The repos that a Python file loads, by line, and the calls that load one which the file doesn't name.

    A file that Python can't read is searched as text. `places` are folders against which a relative path may be meant.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NOTE: the compiler warns about odd escapes of files that are not ours
            tree = ast.parse(source)
        found = names(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return in_calls(source, path, places), ()
    imported, stars = _imports(found)
    file = _File(path, places, found, imported, stars)
    skipped = _unloaded(found)
    for node in found.kept:
        match node:
            case ast.Call():
                _call(file, node)
            case ast.Constant(value=str(text)) if id(node) not in skipped:
                _address(file, text, node.lineno)
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
                _address(file, text, node.lineno)
    _settings(file)
    ordered = sorted(file.uses.values(), key=lambda use: (use.line, use.ref.id))
    return tuple(ordered), tuple(sorted(file.untold, key=lambda one: one.line))


def _imports(names: Names) -> tuple[dict[str, str], set[str]]:
    """Which package each imported name comes from ("." for the project's own), and the packages imported whole with a star."""
    imported, stars = {}, set()
    for node in names.kept:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    imported[(alias.asname or alias.name).partition(".")[0]] = alias.name.partition(".")[0]
            case ast.ImportFrom(module=module, names=aliases, level=level):
                package = "." if level else (module or "").partition(".")[0]
                for alias in aliases:
                    if alias.name == "*":
                        stars.add(package)
                    else:
                        imported[alias.asname or alias.name] = package
    return imported, stars


def _unloaded(names: Names) -> set[int]:
    """Strings that are only spoken: docstrings and other strings that stand alone, and what is written into messages."""
    skipped = set()
    for node in names.kept:
        match node:
            case ast.Expr(value=ast.Constant() as text):
                skipped.add(id(text))
            case ast.JoinedStr(values=pieces):
                skipped.update(id(piece) for piece in pieces)
            case ast.Call() if called(node) in tables().not_uses:
                skipped.update(id(inner) for inner in ast.walk(node))
    return skipped


def _call(file: _File, node: ast.Call) -> None:
    name = called(node)
    for call in tables().calls.get(name, ()):
        if _counts(file, node, call):
            _loads(file, node, call, name)


def _counts(file: _File, node: ast.Call, call: Call) -> bool:
    """Whether the name of the call comes from where such a name loads from the Hub."""
    root: ast.expr = node.func
    while isinstance(root, (ast.Attribute, ast.Call)):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    package = file.imported.get(root.id, "") if isinstance(root, ast.Name) else ""
    if package in tables().other_hubs or (not package and file.stars & tables().other_hubs):
        return False
    if not call.packages:
        return True
    return package in call.packages or (not package and isinstance(node.func, ast.Name) and bool(file.stars & call.packages))


def _loads(file: _File, node: ast.Call, call: Call, name: str) -> None:
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    named = [node.args[i] for i in call.positions if i < len(node.args) and not any(isinstance(a, ast.Starred) for a in node.args[: i + 1])]
    named += [value for keyword, value in keywords.items() if keyword in call.keywords]
    revision = _only(file.names.values(keywords["revision"])) if "revision" in keywords else None
    kind = _only(file.names.values(keywords["repo_type"])) if "repo_type" in keywords else None
    is_seen = False
    for argument in named:
        for value in file.names.values(argument):
            is_seen = True
            type_ = TYPES.get(kind or "", call.type)
            if ref := repo(value.text, type_, call.bare, file.places):
                file.add(value.line, replace(ref, revision=ref.revision or revision), name)
    if named and not is_seen and not isinstance(named[0], ast.Constant):
        file.untold.append(Untold(file.path, node.lineno, name))


def _only(values: tuple[Value, ...]) -> str | None:
    return values[0].text if len({value.text for value in values}) == 1 else None


def _address(file: _File, text: str, line: int) -> None:
    """A string that is the address of a repo's file, as a whole."""
    if len(text) < 2000 and FETCHED.match(text) and not any(c.isspace() for c in text) and (ref := repo(text)):
        file.add(line, ref, "address")


def _settings(file: _File) -> None:
    """Names and fields that hold repos, wherever they are loaded: constants, defaults, keyword arguments, entries of mappings."""
    if tables().other_hubs & ({*file.imported.values()} | file.stars):
        return  # NOTE: a file that asks another hub names that hub's models in the same style
    for node in file.names.kept:
        for name, value in _named(node):
            kind = _key(node, name)
            if kind is None:
                continue
            for text, line in file.names.values(value) if isinstance(value, (ast.Call, ast.BoolOp, ast.IfExp)) else _literal(value):
                ref = repo(text, kind, "none", file.places) if "/" in text else None
                if ref and not any((line, type_, ref.id) in file.uses for type_ in TYPES):
                    file.add(line, ref, name)


def _key(node: ast.AST, name: str) -> RepoType | None:
    """What a name holds. `repo_id` and the like may be any type of repo, which the arguments beside them tell."""
    table = tables()
    kind = table.key(name)
    if kind and name in table.general_keys and isinstance(node, ast.Call):
        beside = {keyword.arg: keyword.value for keyword in node.keywords}
        told = beside.get("repo_type")
        if isinstance(told, ast.Constant):
            return TYPES.get(str(told.value), kind)
        return "dataset" if beside.keys() & table.dataset_signs else kind
    return kind


def _literal(value: ast.expr) -> Iterator[Value]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield Value(value.value, value.lineno)


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), value=ast.expr() as value):
            yield name, value
        case ast.Call(keywords=keywords) if called(node) not in tables().not_uses:
            if called(node) == "add_argument" and node.args and isinstance(node.args[0], ast.Constant):
                yield from ((str(node.args[0].value).lstrip("-"), k.value) for k in keywords if k.arg == "default")
            yield from ((k.arg, k.value) for k in keywords if k.arg)
        case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
            positional = [*arguments.posonlyargs, *arguments.args]
            yield from ((a.arg, d) for a, d in zip(reversed(positional), reversed(arguments.defaults), strict=False))
            yield from ((a.arg, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None)
        case ast.Dict(keys=keys, values=values):
            yield from ((k.value, v) for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant) and isinstance(k.value, str))
