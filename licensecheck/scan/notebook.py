"""Notebooks -> the repos that their code cells load, with the lines of the notebook's file. Outputs and prose are not read."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from licensecheck.scan import commands, python
from licensecheck.types import Untold, Use

_SHELL = re.compile(r"^\s*(?:!{1,2}|%%?(?:bash|sh|script|system|sx)\b)")
_MAGIC = re.compile(r"^\s*[!%?]|^\s*\w+\s*=\s*[!%]|\?\s*$")


def uses(text: str, path: str, places: tuple[Path, ...] = ()) -> tuple[tuple[Use, ...], tuple[Untold, ...]]:
    """The repos that a notebook loads. Names hold from cell to cell. Raises ValueError for what is no notebook."""
    try:
        cells = [(_source(cell), cell) for cell in json.loads(text)["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a notebook") from error
    lines = _Lines(text)
    code: list[str] = []
    numbers: list[int] = []
    found: list[Use] = []
    for source, _ in cells:
        cell = source.split("\n")
        placed = [lines.next(line) for line in cell]
        shell = (
            cell if _SHELL.match(cell[0]) and cell[0].lstrip().startswith(("%%", "!!")) else [x if _SHELL.match(x) else "" for x in cell]
        )
        bare = "\n".join(re.sub(_SHELL, "", line) for line in shell)
        found += (replace(use, line=placed[min(use.line, len(placed)) - 1]) for use in commands.uses(bare, path, places) if bare.strip())
        code += _python(cell, whole=shell is cell)
        numbers += placed
    in_code, untold = python.uses("\n".join(code), path, places)
    found += (replace(use, line=_line(numbers, use.line)) for use in in_code)
    return commands.once(found), tuple(replace(one, line=_line(numbers, one.line)) for one in untold)


def _line(numbers: list[int], line: int) -> int:
    return numbers[min(line, len(numbers)) - 1] if numbers else 1


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(part for part in source if isinstance(part, str))


def _python(cell: list[str], *, whole: bool) -> Iterator[str]:
    """A cell's lines as Python, line for line; magics are left out, and so is a cell that Python cannot read."""
    lines = ["" if whole else re.sub(r"\S.*", "pass", line) if _MAGIC.search(line) else line for line in cell]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = [""] * len(cell)
    yield from lines


class _Lines:
    """Finds the lines of the notebook's file in which the lines of its cells stand, one after the other."""

    def __init__(self, text: str) -> None:
        self._raw = text.split("\n")
        self._at = 0

    def next(self, line: str) -> int:
        """The line of the file, from 1; the last one found where a notebook is written in another way."""
        wanted = {json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1]}
        if line.strip():
            for number in range(self._at, min(len(self._raw), self._at + 5000)):
                raw = self._raw[number].strip()
                if any(raw.startswith((f'"{form}\\n"', f'"{form}"')) for form in wanted):
                    self._at = number + 1
                    break
        return max(1, self._at)
