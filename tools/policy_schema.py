"""Writes rules/policy.schema.json, for editors, and the table of keys in docs/policy.md, from `licensecheck/policykeys.py`.

`--check` exits 1 where one of them is not current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from licensecheck import policykeys

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "rules" / "policy.schema.json"
DOCS = ROOT / "docs" / "policy.md"
BEGIN, END = "<!-- keys: written by tools/policy_schema.py -->\n", "<!-- end of keys -->"
KINDS = {
    "text": "text",
    "number": "whole number",
    "flag": "true or false",
    "date": "date",
    "digest": "`sha256:…`",
    "commit": "40 hex digits",
    "money": "table of sums by currency",
    "table": "table",
    "tables": "tables, `[[…]]`",
    "choice": "one of",
    "clause": "a clause",
    "license": "a license",
}


def schema() -> str:
    return json.dumps(policykeys.schema(), indent=1, ensure_ascii=False) + "\n"


def table() -> str:
    """The keys as Markdown."""
    lines = ["| key | holds | what it says |", "| --- | --- | --- |"]
    for name, key in policykeys.described():
        holds = KINDS.get(key.kind, f"list of {key.kind}")
        if key.choices:
            holds += " " + ", ".join(f"`{c}`" for c in key.choices)
        lines.append(f"| `{name}` | {holds} | {key.means} |")
    return "\n".join(lines) + "\n"


def docs(text: str) -> str:
    """docs/policy.md with the table of today."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1]


def main() -> int:
    written = {SCHEMA: schema(), DOCS: docs(DOCS.read_text("utf-8"))}
    stale = [path for path, text in written.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current; run tools/policy_schema.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(written[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
