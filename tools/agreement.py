"""Takes out of rules/disagreements.yaml what is a difference no more. New differences are judged by people: `rules check` lists them.

python tools/agreement.py
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import yaml

from licensecheck import agreement

FILE = Path(__file__).resolve().parent.parent / "rules" / "disagreements.yaml"
WIDTH = 130


def main() -> None:
    """Rewrites the file with the differences that still stand. Texts that are not at hand keep their entries."""
    texts = agreement.at_hand()
    looked_at = {text.license for text in texts}
    standing = {(text.license, clause, side) for text in texts for clause, side in agreement.disagreements(text)}
    source = FILE.read_text("utf-8")
    out = [re.split(r"^known:\n", source, flags=re.MULTILINE)[0] + "known:"]
    for entry in yaml.safe_load(source)["known"]:
        clause, side = entry["clause"], entry["side"]
        kept = sorted(i for i in entry["licenses"] if i not in looked_at or (i, clause, side) in standing)
        if kept:
            lines = textwrap.fill(", ".join(kept), WIDTH, break_long_words=False, break_on_hyphens=False).replace("\n", "\n       ")
            why = yaml.safe_dump(entry["why"], width=1000, default_style='"', allow_unicode=True).strip()
            out.append(f"  - clause: {clause}\n    side: {side}\n    why: {why}\n    licenses:\n      [{lines}]")
    FILE.write_text("\n".join(out) + "\n", "utf-8")


if __name__ == "__main__":
    main()
