"""`licensecheck cache`: under which terms the models and data sets stand that the local HF cache already holds; without any request."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import click

from licensecheck.cli import exits, formats
from licensecheck.cli import output as out
from licensecheck.cli.options import cache as store_of
from licensecheck.cli.options import deciding, shared
from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from licensecheck.types import RepoRef


@click.command(
    epilog="""\b
Examples:
  licensecheck cache
  licensecheck cache --hub-cache /data/hub --policy policy.toml
  licensecheck cache --format json --output cache.json

\b
A license text that is not in the cache is not fetched: what was never checked online may stay unclear."""
)
@click.option(
    "--hub-cache",
    "cache_dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The cache to look into.  [default: that of the Hub's client, HF_HUB_CACHE]",
)
@deciding
@formats.option("a table")
@shared
def cache(
    cache_dir: Path | None,
    format_: tuple[tuple[str, Path | None], ...],
    output: Path | None,
    policy_name: str | None,
    today: date,
    no_records: bool,
    no_cache: bool,
    exit_zero: bool,
) -> int:
    """Check what lies in the local cache of the Hub's client, each repo at each commit, offline."""
    from licensecheck import analysis, policy, policyfile
    from licensecheck.hub import Hub
    from licensecheck.render import table

    chosen = policyfile.choose(policy_name, Path.cwd())
    store = store_of(not no_cache)
    hub = Hub(offline=True, cache_dir=cache_dir, memory=store)
    options = analysis.Options(use_records=not no_records)
    look = analysis.looker(hub=hub, store=store, options=options)
    found = sorted(_held(cache_dir), key=lambda pair: (pair[0].type, pair[0].id, pair[0].revision or ""))
    reports = [analysis.check(ref, hub=hub, store=store, options=options, look=look) for ref, _ in found]
    decided = [(report, policy.decide(report, chosen, today=today)) for report in reports]
    if format_:
        formats.write(decided, formats.settled(format_, output))
    else:
        sizes = [size for _, size in found]
        out.show(lambda width, is_colored: table.reports(decided, sizes=sizes, width=width, is_colored=is_colored), output)
    return 0 if exit_zero else exits.of_actions(decision.action for _, decision in decided)


def _held(cache_dir: Path | None) -> Iterator[tuple[RepoRef, int]]:
    """Each repo of the cache at each of its commits, with its size on disk in bytes. What is damaged is named on stderr."""
    from huggingface_hub import CacheNotFound, scan_cache_dir

    from licensecheck.render.clean import line
    from licensecheck.types import RepoRef, RepoType

    try:
        found = scan_cache_dir(cache_dir)
    except CacheNotFound:
        if cache_dir is not None:
            raise UsageError(f"{cache_dir} is no folder", "name the cache of the Hub's client") from None
        return
    except ValueError as error:
        raise UsageError(f"{cache_dir} cannot be looked through: {error}", "name the cache of the Hub's client") from error
    for warning in found.warnings:
        print(f"licensecheck: {line(str(warning))}", file=sys.stderr)
    for repo in found.repos:
        if repo.repo_type not in get_args(RepoType):
            print(f"licensecheck: {line(repo.repo_id)} is a {repo.repo_type}, which licensecheck does not look at", file=sys.stderr)
            continue
        for revision in repo.revisions:
            given = f"{'' if repo.repo_type == 'model' else repo.repo_type + 's/'}{repo.repo_id}@{revision.commit_hash}"
            yield RepoRef(given, repo.repo_id, cast("RepoType", repo.repo_type), revision.commit_hash), revision.size_on_disk
