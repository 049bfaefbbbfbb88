"""Writes docs/clauses.md from rules/taxonomy.yaml and rules/clauses/: what each clause id means, what to do, which criterion it touches.

Run `python tools/clauses.py` after editing a clause file; `--check` exits 1 where the page is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from licensecheck import rulebook, rules

TARGET = Path(__file__).resolve().parent.parent / "docs" / "clauses.md"
EFFECTS = {
    "violation": "breaks the criteria named",
    "concern": "may break the criteria named, a person should look",
    "info": "compatible with the criteria",
}
HEAD = """# Clauses

Written by `tools/clauses.py` from `rules/taxonomy.yaml` and `rules/clauses/`; do not edit it by hand.
What OSI or FSF decided is called ruled; everything else is our reading. `licensecheck explain ID` prints one of these.
"""


def page() -> str:
    """The whole page as Markdown."""
    files = {Path(name).stem: rulebook.clause_file(name) for name in rulebook.clause_files()}
    parts = [HEAD]
    for group, about in rules.groups().items():
        parts.append(f"\n## {group}\n\n{about}\n")
        for kind in rules.taxonomy().values():
            if kind.group != group:
                continue
            raw = files.get(kind.id, {})
            criteria = ", ".join(kind.osd) or "none"
            parts.append(f"\n### {kind.id}\n\n{kind.means}\n\n{raw.get('explain', '').strip()}\n\n")
            parts.append(f"- Effect: {kind.effect} ({EFFECTS[kind.effect]}). Criteria: {criteria}.\n")
            if kind.params:
                parts.append(f"- Carries: {', '.join(kind.params)}.\n")
            parts.append(f"- What to do: {str(raw.get('remedy', '')).strip()}\n")
            languages = [code for code in rulebook.LANGUAGES if raw.get(code)]
            parts.append(f"- Read in: {', '.join(languages)}.\n")
            if raw.get("references"):
                parts.append(f"- See: {', '.join(f'<{link}>' for link in raw['references'])}\n")
    return "".join(parts)


def main() -> int:
    text = page()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, "utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text("utf-8") == text:
        return 0
    print("docs/clauses.md is out of date: run `python tools/clauses.py`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
