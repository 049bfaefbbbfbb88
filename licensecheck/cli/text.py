"""`licensecheck text FILE...`: what license texts say, without any Hub."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from licensecheck.cli import exits
from licensecheck.cli import output as out
from licensecheck.cli.options import cache, shared


@click.command(
    epilog="""\b
Examples:
  licensecheck text LICENSE.md
  licensecheck text LICENSE USE_POLICY.md --format json
  curl -s https://example.org/license.txt | licensecheck text -

\b
Exit codes: 0 every text is open, 1 one is not open, 3 one is unclear or cannot be read."""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--format", "format_", type=click.Choice(["console", "json"]), default="console", show_default=True, help="How to show the result."
)
@shared
def text(files: tuple[str, ...], format_: str, output: Path | None, no_records: bool, no_cache: bool, exit_zero: bool) -> int:
    """Read license texts and say what they ask, word for word. FILE may be - for standard input."""
    from licensecheck import analysis, texts

    store = cache(not no_cache)
    found = []
    for name in files:
        if name == "-":
            data = sys.stdin.buffer.read(texts.LIMIT + 1)
            found.append(analysis.read_text(data, "-", use_records=not no_records, store=store))
        else:
            found.append(analysis.read_file(Path(name), name, use_records=not no_records, store=store))
    if format_ == "json":
        from licensecheck.render import json

        out.hand_out(json.readings(found), output)
    else:
        from licensecheck.render import console

        out.show(lambda width, is_colored: console.readings(found, width=width, is_colored=is_colored), output)
    return 0 if exit_zero else exits.of_openness(verdict.openness for _, verdict in found)
