"""`licensecheck download REF`: checks a repo and downloads the very commit that was checked, if the policy lets it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import click

from licensecheck.cli import output
from licensecheck.cli.options import deciding
from licensecheck.errors import UsageError

# The options of snapshot_download by how they are written after "--", as `hf download` writes them, and how their value is read.
_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "cache-dir": ("cache_dir", str),
    "endpoint": ("endpoint", str),
    "etag-timeout": ("etag_timeout", float),
    "library-name": ("library_name", str),
    "library-version": ("library_version", str),
    "local-dir": ("local_dir", str),
    "max-workers": ("max_workers", int),
    "repo-type": ("repo_type", str),
    "token": ("token", str),
}
_LISTS = {
    "include": "allow_patterns",
    "exclude": "ignore_patterns",
    "allow-patterns": "allow_patterns",
    "ignore-patterns": "ignore_patterns",
}
_FLAGS = {"force-download": "force_download", "local-files-only": "local_files_only"}


@click.command(
    context_settings={"allow_interspersed_args": True},
    epilog="""\b
Examples:
  licensecheck download org/name
  licensecheck download org/name@v1.0 --policy policy.toml -- --local-dir ./model
  licensecheck download datasets/org/name -- --include "*.parquet" --max-workers 4

\b
Prints the path. What was decided is written to the folder "licensecheck" beside the cache.""",
)
@click.argument("ref", metavar="REF")
@click.argument("options", metavar="[-- OPTIONS OF snapshot_download]", nargs=-1, type=click.UNPROCESSED)
@click.option("--revision", help="Branch, tag or commit, where REF names none.")
@deciding
@click.option("--offline", is_flag=True, help="Make no request; use what is at hand.")
@click.option("--follow-links", is_flag=True, help="Fetch license texts and policies that stand on other sites (https only).")
def download(
    ref: str, options: tuple[str, ...], revision: str | None, policy_name: str | None, today: date, offline: bool, follow_links: bool
) -> int:
    """Check a repo, then download exactly the commit that was checked; what the policy refuses is not asked for."""
    given = dict(_parsed(options))
    if revision:
        given["revision"] = revision
    from licensecheck import api

    if offline:
        given["local_files_only"] = True
    path = api.download(ref, policy=policy_name, today=today, offline=offline, follow_links=follow_links, **given)
    output.hand_out(f"{path}\n", None)
    return 0


def _parsed(words: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Names and values of options written as `--name value`, `--name=value` or `--flag`."""
    lists: dict[str, list[str]] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        name = name.replace("_", "-")
        if not word.startswith("--") or (name not in _VALUES and name not in _LISTS and name not in _FLAGS):
            known = ", ".join(f"--{option}" for option in sorted({*_VALUES, *_LISTS, *_FLAGS}))
            raise UsageError(f"{word} is no option of snapshot_download", f"After -- may stand {known}.")
        if name in _FLAGS:
            yield _FLAGS[name], True
            continue
        if not equals and not rest:
            raise UsageError(f"{word} needs a value", f"{word} VALUE")
        value = value if equals else rest.pop(0)
        if name in _LISTS:
            lists.setdefault(_LISTS[name], []).append(value)
            while not equals and rest and not rest[0].startswith("--"):
                lists[_LISTS[name]].append(rest.pop(0))
            continue
        key, read = _VALUES[name]
        try:
            yield key, read(value)
        except ValueError as error:
            raise UsageError(f"{word} {value} is no number", f"{word} 8") from error
    yield from lists.items()
