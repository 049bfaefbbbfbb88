"""Which strings an expression of a Python file can be, read from the file alone: nothing is executed, nothing outside of it is looked at.

Flow is not followed: a name may be any of the constants that its scope gives it anywhere.
"""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

DEEPEST = 8  # steps from a name to its constant
MOST = 24  # values of one expression
PATIENCE = 400  # expressions that are followed for one; knots of names end there
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = ast.Module | ast.ClassDef | _Function | ast.Lambda
_SCOPED = frozenset({ast.Name, ast.Attribute, ast.FunctionDef, ast.AsyncFunctionDef})
_KEPT = frozenset(
    {ast.Call, ast.Constant, ast.JoinedStr, ast.Expr, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Dict}
    | {ast.Import, ast.ImportFrom}
)
_GIVING = frozenset({ast.NamedExpr, ast.For, ast.AsyncFor, ast.comprehension})
_CHILDLESS = frozenset({ast.Constant, ast.Name, ast.Import, ast.ImportFrom, ast.Pass, ast.alias})
_LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
# Calls that give back their default: what a field, an option or a variable of the environment is unless somebody says otherwise.
_DEFAULTS = {
    "Field": 0,
    "field": None,
    "Option": 0,
    "Argument": 0,
    "Form": 0,
    "get": 1,
    "getenv": 1,
    "pop": 1,
    "getattr": 2,
    "TextInput": None,
    "Parameter": None,
}
_SAME = frozenset({"str", "cast", "strip", "lower"})


class Value(NamedTuple):
    """A string and the line in which it stands."""

    text: str
    line: int


@dataclass(slots=True)
class Names:
    """Who gives which name its value, in one file. Scopes are known by the identity of their node."""

    assigned: dict[tuple[int, str], list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[tuple[str, str], list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    anywhere: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    parameters: dict[tuple[int, str], tuple[_Function, int]] = field(default_factory=dict)
    calls: dict[str, list[ast.Call]] = field(default_factory=lambda: defaultdict(list))
    scopes: dict[int, tuple[_Scope, ...]] = field(default_factory=dict)
    kept: list[ast.AST] = field(default_factory=list)
    _left: int = 0

    def values(self, node: ast.expr, depth: int = 0) -> tuple[Value, ...]:
        """The strings that the expression can be, as far as the file tells; at most `MOST`."""
        if depth == 0:
            self._left = PATIENCE
        found: dict[Value, None] = {}
        for value in self._strings(node, depth):
            found[value] = None
            if len(found) >= MOST:
                break
        return tuple(found)

    def _strings(self, node: ast.expr, depth: int) -> Iterator[Value]:
        for part in self.nodes(node, depth):
            match part:
                case ast.Constant(value=str(text)):
                    yield Value(text, part.lineno)
                case ast.JoinedStr(values=pieces) if depth < DEEPEST:
                    yield from self._joined([p.value if isinstance(p, ast.FormattedValue) else p for p in pieces], part.lineno, depth)
                case ast.BinOp(left=left, op=ast.Add(), right=right) if depth < DEEPEST:
                    yield from self._joined([left, right], part.lineno, depth)

    def _joined(self, pieces: list[ast.expr], line: int, depth: int) -> Iterator[Value]:
        choices = [self.values(piece, depth + 1) for piece in pieces]
        for combination in itertools.islice(itertools.product(*choices), MOST):
            yield Value("".join(value.text for value in combination), line)

    def nodes(self, node: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
        """The expressions that stand behind one: names, defaults and choices followed to where a value is written."""
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            return
        match node:
            case ast.Name(id=name):
                yield from self._all(self._named(node, name), depth)
            case ast.Attribute(attr=name, value=owner):
                yield from self._all(self._attribute(node, owner, name), depth)
            case ast.IfExp(body=first, orelse=second):
                yield from self._all((first, second), depth)
            case ast.BoolOp(values=choices):
                yield from self._all(choices, depth)
            case ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.Await(value=value):
                yield from self.nodes(value, depth + 1)
            case ast.Subscript(value=table, slice=key):
                yield from self._all(self._entries(table, key, depth), depth)
            case ast.Call():
                yield from self._all(self._result(node, depth), depth)
            case _:
                yield node

    def _all(self, nodes: Iterable[ast.expr], depth: int) -> Iterator[ast.expr]:
        for node in itertools.islice(nodes, MOST):
            yield from self.nodes(node, depth + 1)

    def _named(self, node: ast.AST, name: str) -> Iterator[ast.expr]:
        for scope in self.scopes.get(id(node), ()):
            given = self.assigned.get((id(scope), name))
            parameter = self.parameters.get((id(scope), name))
            if given:
                yield from given
            if parameter:
                yield from self._passed(*parameter, name)
            if given or parameter:
                return

    def _passed(self, function: _Function, position: int, name: str) -> Iterator[ast.expr]:
        """What the calls in this file hand to a parameter."""
        called = function.name
        if called == "__init__":
            owner = self.scopes.get(id(function), ())
            called = owner[0].name if owner and isinstance(owner[0], ast.ClassDef) else called
        for call in self.calls.get(called, ()):
            keyword = next((k.value for k in call.keywords if k.arg == name), None)
            if keyword is not None:
                yield keyword
            elif position < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[: position + 1]):
                yield call.args[position]

    def _attribute(self, node: ast.AST, owner: ast.expr, name: str) -> Iterable[ast.expr]:
        if isinstance(owner, ast.Name) and owner.id in {"self", "cls"}:
            classes = (s.name for s in self.scopes.get(id(node), ()) if isinstance(s, ast.ClassDef))
            return self.attributes.get((next(classes, ""), name), ())
        if isinstance(owner, ast.Name) and (owner.id, name) in self.attributes:
            return self.attributes[owner.id, name]
        return self.anywhere.get(name, ())

    def _entries(self, table: ast.expr, key: ast.expr, depth: int) -> Iterator[ast.expr]:
        """The entries of a literal list or mapping: the one that the key names, or all where it names none."""
        wanted = key.value if isinstance(key, ast.Constant) else None
        for literal in self.nodes(table, depth + 1):
            if isinstance(literal, ast.Dict):
                keys = [k.value if isinstance(k, ast.Constant) else None for k in literal.keys]
                pairs = list(zip(keys, literal.values, strict=True))
                yield from (v for k, v in pairs if wanted is None or k == wanted)
            elif isinstance(literal, (ast.List, ast.Tuple)) and not isinstance(key, ast.Slice):
                is_index = isinstance(wanted, int) and -len(literal.elts) <= wanted < len(literal.elts)
                yield from [literal.elts[wanted]] if is_index and isinstance(wanted, int) else literal.elts if wanted is None else []

    def _result(self, call: ast.Call, depth: int) -> Iterator[ast.expr]:
        name = called(call)
        if name in _SAME:
            owner = call.func.value if isinstance(call.func, ast.Attribute) and not call.args else None
            yield from ([owner] if owner is not None else call.args[-1:])
        if name == "get" and isinstance(call.func, ast.Attribute) and call.args:
            yield from self._entries(call.func.value, call.args[0], depth)
        if name in _DEFAULTS:
            position = _DEFAULTS[name]
            yield from (k.value for k in call.keywords if k.arg == "default")
            if position is not None and position < len(call.args):
                yield call.args[position]


def called(call: ast.Call) -> str:
    """The last word of what is called: `from_pretrained` of `AutoModel.from_pretrained(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def names(tree: ast.Module) -> Names:
    """Goes once through a file and notes who gives which name its value, and the nodes that the readers of the file ask for."""
    found = Names()
    stack: list[tuple[ast.AST, tuple[_Scope, ...]]] = [(tree, ())]
    while stack:
        node, scopes = stack.pop()
        kind = type(node)
        if kind in _SCOPED:
            found.scopes[id(node)] = scopes
        if kind in _KEPT:
            found.kept.append(node)
            _note(found, node, scopes)
        elif kind in _GIVING:
            _note(found, node, scopes)
        if kind in _CHILDLESS:
            continue
        inner = (node, *scopes) if isinstance(node, _Scope) else scopes
        children = []
        for name in node._fields:
            child = getattr(node, name, None)
            if type(child) is list:
                children += [(one, inner) for one in child if isinstance(one, ast.AST)]
            elif isinstance(child, ast.AST) and not isinstance(child, _LEAVES):
                children.append((child, inner))
        stack += reversed(children)
    return found


def _note(found: Names, node: ast.AST, scopes: tuple[_Scope, ...]) -> None:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _give(found, target, value, scopes)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _give(found, target, value, scopes)
        case ast.NamedExpr(target=target, value=value):
            _give(found, target, value, scopes)
        case ast.For(target=target, iter=values) | ast.AsyncFor(target=target, iter=values) | ast.comprehension(target=target, iter=values):
            _loop(found, target, values, scopes)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            _defaults(found, node, scopes)
        case ast.Call():
            found.calls[called(node)].append(node)
            _argument(found, node)


def _give(found: Names, target: ast.expr, value: ast.expr, scopes: tuple[_Scope, ...]) -> None:
    match target:
        case ast.Name(id=name):
            found.assigned[id(scopes[0]), name].append(value)
            if isinstance(scopes[0], ast.ClassDef):
                found.attributes[scopes[0].name, name].append(value)
                found.anywhere[name].append(value)
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            owner = next((s.name for s in scopes if isinstance(s, ast.ClassDef)), "")
            found.attributes[owner, name].append(value)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            found.attributes[owner, name].append(value)
        case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            for one, its in zip(targets, value.elts, strict=True):
                _give(found, one, its, scopes)


def _loop(found: Names, target: ast.expr, values: ast.expr, scopes: tuple[_Scope, ...]) -> None:
    """A loop over entries that stand there, or over a literal that has a name."""
    match target, values:
        case ast.Name(), ast.List(elts=entries) | ast.Tuple(elts=entries) | ast.Set(elts=entries):
            for entry in entries[:MOST]:
                _give(found, target, entry, scopes)
        case ast.Tuple(elts=targets), ast.List(elts=entries) | ast.Tuple(elts=entries):
            for entry in entries[:MOST]:
                if isinstance(entry, ast.Tuple) and len(entry.elts) == len(targets):
                    _give(found, target, entry, scopes)
        case ast.Name(), ast.Name() | ast.Attribute():
            every = ast.Subscript(value=values, slice=ast.Name(id="", ctx=ast.Load()), ctx=ast.Load())
            _give(found, target, every, scopes)


def _defaults(found: Names, function: _Function, scopes: tuple[_Scope, ...]) -> None:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    is_method = bool(scopes) and isinstance(scopes[0], ast.ClassDef) and bool(positional) and positional[0].arg in {"self", "cls"}
    for index, argument in enumerate(positional):
        found.parameters[id(function), argument.arg] = (function, index - is_method)
    for argument in arguments.kwonlyargs:
        found.parameters[id(function), argument.arg] = (function, 1 << 30)
    pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    for argument, default in pairs:
        found.assigned[id(function), argument.arg].append(default)
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and (option := _option(decorator)):
            found.assigned[id(function), option[0]].append(option[1])


def _argument(found: Names, call: ast.Call) -> None:
    """`parser.add_argument("--model", default="…")` gives `args.model` its value."""
    if called(call) == "add_argument" and (option := _option(call)):
        found.anywhere[option[0]].append(option[1])


def _option(call: ast.Call) -> tuple[str, ast.expr] | None:
    """Name and default of a command line option, as argparse and click write it."""
    flags = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    keywords = {k.arg: k.value for k in call.keywords}
    default, name = keywords.get("default"), keywords.get("dest")
    if not flags or default is None:
        return None
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value, default
    longest = next((f for f in flags if f.startswith("--")), flags[0])
    return longest.lstrip("-").replace("-", "_"), default
