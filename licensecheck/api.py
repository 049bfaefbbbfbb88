"""What the package offers to Python programs and notebooks: `licensecheck.check`, `decide`, `read` and `download`.

    import licensecheck

    report = licensecheck.check("org/name")
    decision = licensecheck.decide(report, "open-source")

The names here are stable. The nouns that they give are those of `types.py`, the errors those of `errors.py`.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from licensecheck import __version__, analysis, gate, policyfile
from licensecheck import policy as policies
from licensecheck.analysis import Lineage
from licensecheck.errors import HubError, LicenseCheckError, RefusedError, UndecidedError, UsageError
from licensecheck.hub import Hub
from licensecheck.refs import parse
from licensecheck.render.notebook import report_html
from licensecheck.selection import Policy
from licensecheck.store import Store
from licensecheck.types import Decision, Reading, RepoRef, Report

__all__ = [
    "Decision",
    "HubError",
    "LicenseCheckError",
    "Policy",
    "Reading",
    "RefusedError",
    "Report",
    "UndecidedError",
    "UsageError",
    "check",
    "decide",
    "download",
    "read",
]

# NOTE: set from here, since a notebook looks for it on the type, and `types.py` knows nothing of rendering.
Report._repr_html_ = lambda self: report_html(self)  # type: ignore[attr-defined]


def check(
    ref: str,
    *,
    revision: str | None = None,
    lineage: Lineage = "declared",
    follow_links: bool = False,
    offline: bool = False,
    use_cache: bool = True,
    token: str | bool | None = None,
    endpoint: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Report:
    """The report on one repo or folder, named as on the command line ("org/name@v1", "datasets/org/name", "./folder", a URL).

    `follow_links` fetches terms from other sites. `token`, `endpoint` and `cache_dir` are those of the Hub's client. A repo that cannot
    be seen has a report too, with a problem that hides everything. Raises `UsageError` for what names no repo.
    """
    store = Store() if use_cache else None
    hub = _hub(endpoint, token, offline, cache_dir, store)
    return analysis.check(parse(ref, revision), hub=hub, store=store, options=analysis.Options(lineage=lineage, follow_links=follow_links))


def decide(report: Report, policy: str | os.PathLike[str] | Policy | None = None, *, today: date | None = None) -> Decision:
    """What a policy makes of a report: a file, a name, or one made before; without one, the policy that is found upwards from here.

    `today` is the day on which exceptions must still hold: by default this one, in UTC. Raises `PolicyError` for a broken policy.
    """
    return policies.decide(report, _policy(policy), today=today or datetime.now(UTC).date())


def read(text: str | bytes, *, path: str = "text", use_cache: bool = True) -> Reading:
    """What one license text tells: which license it is, and its clauses with their words and lines. `path` is what to call it."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    reading, _ = analysis.read_text(data, path, store=Store() if use_cache else None)
    return reading


def download(
    repo_id: str,
    *,
    policy: str | os.PathLike[str] | Policy | None = None,
    today: date | None = None,
    follow_links: bool = False,
    offline: bool = False,
    **options: Any,
) -> str:
    """Checks a repo and downloads the very commit that was checked, if the policy lets it in. Gives the path, as `snapshot_download`.

    `repo_id` is any ref to a repo on the Hub; `options` are those of `huggingface_hub.snapshot_download`. What was decided is written
    to a folder `licensecheck` beside the client's cache. Raises `RefusedError`, `UndecidedError` or `UsageError` before any byte of a
    weight is asked for, and after that what `snapshot_download` raises.
    """
    ref, options = _wanted(repo_id, options)
    chosen, store = _policy(policy), Store()
    endpoint, token, cache_dir = options.get("endpoint"), options.get("token"), options.get("cache_dir")
    hub, at_hand = (_hub(endpoint, token, no_requests, cache_dir, store) for no_requests in (offline, True))
    report = gate.look(ref, hub, at_hand, store, follow_links=follow_links)
    decision = policies.decide(report, chosen, today=today or datetime.now(UTC).date())
    _refuse(report, decision)
    return _fetched(report, decision, chosen, _cache(cache_dir), {**options, "endpoint": hub.endpoint})


def _policy(given: str | os.PathLike[str] | Policy | None) -> Policy:
    if isinstance(given, Policy):
        return given
    return policyfile.choose(None if given is None else os.fspath(given), Path.cwd())


def _hub(endpoint: str | None, token: str | bool | None, offline: bool, cache_dir: Any, store: Store | None) -> Hub:
    return Hub(endpoint, token, offline, Path(cache_dir) if cache_dir else None, memory=store)


def _wanted(repo_id: str, options: dict[str, Any]) -> tuple[RepoRef, dict[str, Any]]:
    """The repo, and the options for the client without those that the ref has settled. Raises `UsageError`."""
    from huggingface_hub import snapshot_download

    known = inspect.signature(snapshot_download).parameters
    if unknown := sorted(set(options) - set(known)):
        raise UsageError(f"snapshot_download has no option {', '.join(unknown)}", f"It has {', '.join(sorted(known))}.")
    rest = {key: value for key, value in options.items() if key not in ("repo_type", "revision")}
    ref = parse(repo_id, options.get("revision"))
    if ref.folder is not None:
        raise UsageError(f"{repo_id} is a folder; there is nothing to download.", "To check it: licensecheck check ./folder")
    return (replace(ref, type=options["repo_type"]) if options.get("repo_type") else ref), rest


def _refuse(report: Report, decision: Decision) -> None:
    if decision.action in ("deny", "undecided") or report.snapshot.commit is None:
        error = RefusedError if decision.action == "deny" else UndecidedError
        hint = f"See: licensecheck check {report.snapshot.ref.given}"
        raise error(f"{gate.message(report, decision)}; nothing was downloaded.", hint, report=report, decision=decision)


def _fetched(report: Report, decision: Decision, chosen: Policy, cache: Path, options: dict[str, Any]) -> str:
    from huggingface_hub import snapshot_download

    snapshot = report.snapshot
    _record(report, decision, chosen, cache)
    path = snapshot_download(snapshot.id, repo_type=snapshot.ref.type, revision=snapshot.commit, **options)
    if not options.get("local_dir"):
        _name_commit(Path(path), snapshot.ref.revision or "main", str(snapshot.commit))
    return str(path)


def _cache(cache_dir: Any) -> Path:
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(cache_dir or HF_HUB_CACHE).expanduser()


def _record(report: Report, decision: Decision, chosen: Policy, cache: Path) -> None:
    """Writes what was decided, before anything is downloaded: a file for each commit, the latest decision counts."""
    snapshot = report.snapshot
    told = {
        "schema": 1,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "tool": {"name": "licensecheck", "version": __version__, "rules": report.rules_digest},
        "repo": {
            "id": snapshot.id,
            "type": snapshot.ref.type,
            "revision": snapshot.revision,
            "commit": snapshot.commit,
            "url": snapshot.url,
        },
        "openness": report.verdict.openness,
        "licenses": sorted({g.license or g.name or "" for g in report.governing} - {""}),
        "policy": {"name": decision.policy, "digest": gate.digest(chosen)},
        "action": decision.action,
        "reasons": [{"action": r.action, "message": r.message, "clause": r.clause, "rule": r.rule} for r in decision.reasons],
    }
    folder = cache.parent / "licensecheck" / f"{snapshot.ref.type}s--{snapshot.id.replace('/', '--')}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _replacing(folder / f"{snapshot.commit}.json") as file:
            file.write(json.dumps(told, indent=1, ensure_ascii=True) + "\n")
    except OSError as error:
        message = f"The record of this download cannot be written into {folder}: {error.strerror}."
        raise UsageError(message, "Nothing was downloaded. Name a cache in a folder that is yours: HF_HUB_CACHE or cache_dir.") from error


def _name_commit(path: Path, revision: str, commit: str) -> None:
    """Lets the branch mean this commit in the cache, as `snapshot_download` of the branch would have: so it is found offline."""
    refs = path.parent.parent / "refs"
    if revision == commit or path.parent.name != "snapshots" or ".." in revision:
        return
    with contextlib.suppress(OSError):
        (refs / revision).parent.mkdir(parents=True, exist_ok=True)
        with _replacing(refs / revision) as file:
            file.write(commit)


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Any]:
    """A file that appears under its name only when it is complete."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
