"""The only module that talks to the Hub: what a repo claims and which files it has, and the bytes of one file at one commit.

Every failure becomes a `HubError` whose `kind` is one of:

| kind | situation |
| --- | --- |
| `not-found` | no such repo, or a private one |
| `gated-no-token`, `gated-not-accepted` | the files of a gated repo, for nobody known or for somebody not accepted |
| `bad-token` | the Hub does not know the token that was sent |
| `no-revision`, `no-file` | the repo lacks that branch, tag, commit or file |
| `disabled` | the Hub has taken the repo out of service |
| `rate-limited` | too many requests; the message says how long to wait |
| `offline`, `not-cached` | no request may be sent, and nothing is at hand |
| `unreachable`, `timeout`, `server-error`, `not-a-hub` | no connection, no answer in time, an answer of failure, an answer no Hub gives |
| `too-large`, `unsafe-path`, `unsafe-redirect`, `corrupt` | a file that is not read, or not believed |
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeGuard
from urllib.parse import quote

from licensecheck import cards, folder, texts, transport
from licensecheck.errors import HubError
from licensecheck.types import File, RepoRef, RepoType, Snapshot

PATIENCE = 25.0  # seconds that a Hub may stay silent in all before every further question fails at once
REST = 60.0  # seconds after which a Hub that was given up is asked again
METADATA_LIMIT = 32 << 20  # bytes; a repo of 100,000 files takes some 20 MB

_PLURAL: dict[RepoType, str] = {"model": "models", "dataset": "datasets", "space": "spaces"}
_PREFIX: dict[RepoType, str] = {"model": "", "dataset": "datasets/", "space": "spaces/"}
# NOTE: the answer's id and commit become parts of paths in the HF cache, so nothing else may come in by them.
_ID = re.compile(r"\w[\w-]*(?:\.[\w-]+)*(?:/\w[\w-]*(?:\.[\w-]+)*)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TRUE = frozenset({"1", "ON", "YES", "TRUE"})  # what the public client takes for true in HF_HUB_OFFLINE


class Memory(Protocol):
    """What the Hub needs of a cache; `store.Store` is one."""

    def get(self, kind: str, key: str) -> Any | None: ...
    def put(self, kind: str, key: str, value: Any) -> None: ...
    def get_bytes(self, kind: str, key: str) -> bytes | None: ...
    def put_bytes(self, kind: str, key: str, value: bytes) -> None: ...


class Hub:
    """A Hub at one address, asked with one token.

    `endpoint`, `token`, `offline` and `cache_dir` default to what the public client would use (HF_ENDPOINT, HF_TOKEN or the
    saved token, HF_HUB_OFFLINE, HF_HUB_CACHE). `timeout` is how long one answer may take, in seconds; a dead Hub costs
    at most `PATIENCE` in all, and is asked again after `REST`. With a `memory`, a text that was read once is not fetched again,
    in whatever repo it stands.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        token: str | bool | None = None,
        offline: bool = False,
        cache_dir: Path | None = None,
        timeout: float = 10.0,
        *,
        memory: Memory | None = None,
    ) -> None:
        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
        self.offline = offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in _TRUE
        self._token = token
        self._cache_dir = cache_dir
        self._timeout = timeout
        self._memory = memory
        self._patience = PATIENCE
        self._last_silence = 0.0

    def snapshot(self, ref: RepoRef) -> Snapshot:
        """The repo at the commit that its revision means now, by one request; offline, as it was last seen. Raises `HubError`."""
        if self.offline:
            return self._remembered(ref)
        revision = ref.revision or "main"  # always named: some mirrors answer only then
        url = f"{self.endpoint}/api/{_PLURAL[ref.type]}/{ref.id}/revision/{quote(revision, safe='')}?blobs=true"
        data = self._get(url, METADATA_LIMIT, repo=ref.id, what="the list of files", ref=ref)
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError):
            raise _not_a_hub(self.endpoint, ref.id) from None
        found = _snapshot(raw, ref, self.endpoint)
        if self._memory is not None:
            kept = {key: raw.get(key) for key in ("id", "sha", "gated", "cardData", "siblings", "tags", "lastModified")}
            self._memory.put("repo", self._key(ref, revision), kept)
            self._memory.put("repo", self._key(replace(ref, id=found.id), found.commit or revision), kept)
        return found

    def read(self, snapshot: Snapshot, path: str) -> bytes:
        """The bytes of one file at the snapshot's commit, at most `texts.LIMIT`: from the memory, the HF cache, or one request.

        Raises `HubError`.
        """
        if snapshot.ref.folder is not None:
            return folder.read(snapshot, path)
        _refuse_unsafe(snapshot.id, path)
        file = next((file for file in snapshot.files if file.path == path), None)
        if file is not None and (file.size or 0) > texts.LIMIT:
            raise _too_large(snapshot.id, path)
        # NOTE: only bytes that have the listed blob id are kept by it, so that no mirror can put words into another's license.
        kind, key = ("blob", file.blob or "") if _has_blob(file) else ("file", f"{self._key(snapshot.ref, str(snapshot.commit))}/{path}")
        if self._memory is not None and (data := self._memory.get_bytes(kind, key)) is not None:
            return data
        data = self._cached(snapshot, path)
        if data is None or not _is_blob(data, file):
            if self.offline:
                message = f"{path} of {snapshot.id} is not at hand, and no request may be sent."
                raise HubError(message, "Check it once without --offline.", "not-cached")
            data = self._get(self._file_url(snapshot, path), texts.LIMIT, repo=snapshot.id, what=path, ref=snapshot.ref)
        if not _is_blob(data, file):
            raise HubError(f"{path} of {snapshot.id} is not the file that the Hub lists at this commit.", "Check it again.", "corrupt")
        if self._memory is not None:
            self._memory.put_bytes(kind, key, data)
        return data

    def _file_url(self, snapshot: Snapshot, path: str) -> str:
        commit = quote(snapshot.commit or snapshot.revision or "main", safe="")
        return f"{self.endpoint}/{_PREFIX[snapshot.type]}{snapshot.id}/resolve/{commit}/{quote(path)}"

    def _key(self, ref: RepoRef, revision: str) -> str:
        return f"{self.endpoint}/{_PREFIX[ref.type]}{ref.id}@{revision}"

    # What is at hand

    def _remembered(self, ref: RepoRef) -> Snapshot:
        """Without any request: at the commit that the HF cache would load, else as the Hub was last seen."""
        place = self._cache_folder() / f"{_PLURAL[ref.type]}--{ref.id.replace('/', '--')}"
        cached = None
        if (place / "snapshots").is_dir():
            try:
                cached = folder.snapshot(replace(ref, folder=place))
            except HubError:
                cached = None
        revision = (cached.commit if cached else None) or ref.revision or "main"
        raw = self._memory.get("repo", self._key(ref, revision)) if self._memory is not None else None
        if raw is not None:
            return _snapshot(raw, ref, self.endpoint)
        if cached is not None:
            return replace(cached, url=f"{self.endpoint}/{_PREFIX[cached.type]}{cached.id}", revision=ref.revision or "main")
        at = f" at {ref.revision}" if ref.revision else ""
        raise HubError(
            f"{ref.id}{at} is not in the cache, and no request may be sent (offline).",
            "Check it once without --offline and without HF_HUB_OFFLINE.",
            "offline",
        )

    def _cache_folder(self) -> Path:
        if self._cache_dir is not None:
            return self._cache_dir
        from huggingface_hub.constants import HF_HUB_CACHE

        return Path(HF_HUB_CACHE)

    def _cached(self, snapshot: Snapshot, path: str) -> bytes | None:
        """The file as the HF cache holds it for this very commit."""
        if snapshot.commit is None:
            return None
        repo = self._cache_folder() / f"{_PLURAL[snapshot.type]}--{snapshot.id.replace('/', '--')}"
        place = repo / "snapshots" / snapshot.commit
        if not place.is_dir():
            return None
        try:
            return folder.read(replace(snapshot, ref=replace(snapshot.ref, folder=place)), path)
        except HubError:
            return None

    # What is asked

    def _get(self, url: str, limit: int, *, repo: str, what: str, ref: RepoRef) -> bytes:
        """The body of one answer, following redirects. Raises `HubError` for every other outcome."""
        from huggingface_hub import get_session

        self._be_patient(repo)
        session = get_session()
        failures, silence = transport.client_errors(session)
        headers = self._headers(repo)
        started = time.monotonic()
        try:
            status, answer, body = transport.within(
                self._patience, lambda: transport.fetch(session, url, headers, min(self._timeout, self._patience), limit, self.endpoint)
            )
        except silence:
            raise _silent(self.endpoint, repo, self._waited(started)) from None
        except failures as error:
            self._waited(started)
            reason = _plain(str(error)) or type(error).__name__
            raise HubError(
                f"The Hub at {self.endpoint} cannot be reached to look at {repo}: {reason}.",
                "Check the network, proxy settings and HF_ENDPOINT.",
                "unreachable",
            ) from None
        self._patience = PATIENCE
        if status != 200:
            raise _failure(status, answer, repo=repo, what=what, ref=ref, endpoint=self.endpoint, has_token="authorization" in headers)
        if len(body) > limit:
            raise _too_large(repo, what, limit)
        return body

    def _be_patient(self, repo: str) -> None:
        """Raises at once while the Hub is given up for dead."""
        if self._patience <= 0 and time.monotonic() - self._last_silence > REST:
            self._patience = PATIENCE
        if self._patience <= 0:
            raise _silent(self.endpoint, repo, PATIENCE)

    def _waited(self, started: float) -> float:
        """Takes the seconds of a vain wait from the patience that is left."""
        self._last_silence = time.monotonic()
        waited = self._last_silence - started
        self._patience -= waited
        return waited

    def _headers(self, repo: str) -> dict[str, str]:
        """The token, and who asks. NOTE: the client's own `build_hf_headers` sends a request of telemetry first, so it is not used."""
        from huggingface_hub import get_token
        from huggingface_hub.constants import HF_HUB_DISABLE_IMPLICIT_TOKEN

        from licensecheck import __version__

        token = self._token
        if (token is None and not HF_HUB_DISABLE_IMPLICIT_TOKEN) or token is True:
            token = get_token()
        headers = {"user-agent": f"licensecheck/{__version__}"}
        if not token:
            return headers
        if not re.fullmatch(r"[\x21-\x7e]+", str(token)):
            raise _bad_token(repo, self.endpoint)
        return {**headers, "authorization": f"Bearer {token}"}


def _snapshot(raw: Any, ref: RepoRef, endpoint: str) -> Snapshot:
    """The Hub's answer about one repo as a `Snapshot`. Card values of any type are taken; an answer without id and commit is no Hub's."""
    if not isinstance(raw, dict) or not _ID.fullmatch(str(raw.get("id"))) or not _COMMIT.fullmatch(str(raw.get("sha"))):
        raise _not_a_hub(endpoint, ref.id)
    listed = raw.get("siblings")
    files = [_file(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    gated = raw.get("gated")
    metadata = raw.get("cardData")
    modified = raw.get("lastModified")
    tags = raw.get("tags")
    return Snapshot(
        ref=ref,
        id=raw["id"],
        type=ref.type,
        revision=ref.revision or "main",
        commit=raw["sha"],
        url=f"{endpoint}/{_PREFIX[ref.type]}{raw['id']}",
        gated=gated if gated in ("auto", "manual") else ("manual" if gated else False),
        card=cards.card(metadata if isinstance(metadata, dict) else {}),
        files=tuple(sorted((file for file in files if file is not None), key=lambda file: file.path)),
        last_modified=modified if isinstance(modified, str) else None,
        tags=tuple(tag for tag in tags[:1000] if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _file(entry: Mapping[str, Any]) -> File | None:
    path, blob, size = entry.get("rfilename"), entry.get("blobId"), entry.get("size")
    if not isinstance(path, str) or not path:
        return None
    return File(
        path=path,
        blob=blob if isinstance(blob, str) else None,
        size=size if isinstance(size, int) else None,
        is_lfs=bool(entry.get("lfs")),
    )


def _has_blob(file: File | None) -> TypeGuard[File]:
    """Whether the file's bytes can be checked: of a file in LFS the blob id is that of its pointer."""
    return file is not None and not file.is_lfs and re.fullmatch(r"[0-9a-f]{40}", file.blob or "") is not None


def _is_blob(data: bytes, file: File | None) -> bool:
    """Whether these are the bytes that the Hub lists, as far as it can be told."""
    return not _has_blob(file) or hashlib.sha1(b"blob %d\x00" % len(data) + data, usedforsecurity=False).hexdigest() == file.blob


def _refuse_unsafe(repo: str, path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or path.startswith("/") or "\x00" in path:
        raise HubError(f"{repo} lists {path!r}, which is not the path of a file.", "Look at the repo by hand.", "unsafe-path")


# What the failures mean


def _failure(status: int, headers: Mapping[str, str], *, repo: str, what: str, ref: RepoRef, endpoint: str, has_token: bool) -> HubError:
    """The Hub's answer of failure in our words; its headers say more than its status (table in the Hub's documentation)."""
    code, said = headers.get("X-Error-Code") or "", _plain(headers.get("X-Error-Message") or "")
    url = f"{endpoint}/{_PREFIX[ref.type]}{repo}"
    if status == 429:
        wait = _wait(headers)
        how_long = f"wait {wait} seconds" if wait is not None else "wait five minutes (the Hub counts in windows of that length)"
        return HubError(
            f"The Hub has had too many requests from here, and did not answer for {repo}: {how_long}.",
            "A token raises the limit.",
            "rate-limited",
        )
    if "invalid credentials" in said.lower() or "invalid user token" in said.lower():
        return _bad_token(repo, endpoint)
    if code == "GatedRepo":
        if status == 401 and has_token:
            return _bad_token(repo, endpoint)
        if not has_token:
            return HubError(
                f"{what} of {repo} cannot be read: the repo is gated, and no token was sent.",
                f"Accept its terms at {url}, then run `hf auth login` or set HF_TOKEN.",
                "gated-no-token",
            )
        return HubError(
            f"{what} of {repo} cannot be read: the repo is gated, and its terms are not accepted with this token.",
            f"Read and accept its terms at {url}, and check that the token may read gated repos.",
            "gated-not-accepted",
        )
    if code == "RevisionNotFound":
        return HubError(f"{repo} has no revision {ref.revision or 'main'}.", f"Its branches and tags stand at {url}.", "no-revision")
    if code == "EntryNotFound":
        return HubError(f"{repo} has no file {what} at this commit.", f"Its files stand at {url}/tree/main.", "no-file")
    if said.startswith("Access to this resource is disabled"):
        return HubError(f"{repo} is disabled: the Hub has taken it out of service.", f"See {url} for the reason.", "disabled")
    if code == "RepoNotFound" or status in (401, 404):
        return _not_found(repo, ref, has_token=has_token)
    if status == 408 or status >= 500:
        return HubError(f"The Hub at {endpoint} failed to answer for {repo} (status {status}).", "Try again later.", "server-error")
    if status == 403:
        return HubError(f"The Hub refuses {what} of {repo}{': ' + said if said else ''}.", "Check what the token may read.", "forbidden")
    return HubError(f"The Hub at {endpoint} answered {status} for {repo}{': ' + said if said else ''}.", "Check HF_ENDPOINT.", "not-a-hub")


def _not_found(repo: str, ref: RepoRef, *, has_token: bool) -> HubError:
    if Path(ref.given).is_dir():
        hint = f"A folder of that name is here: write ./{ref.given}"
    elif has_token:
        hint = "Check the spelling, and that the token may see it."
    else:
        hint = "Check the spelling. A private repo needs a token: run `hf auth login` or set HF_TOKEN."
    return HubError(f"There is no {ref.type} {repo} on the Hub, or it is private.", hint, "not-found")


def _bad_token(repo: str, endpoint: str) -> HubError:
    return HubError(
        f"The Hub at {endpoint} does not know the token that was sent with the question for {repo}.",
        "It may have expired: run `hf auth login`, or set HF_TOKEN anew or unset it.",
        "bad-token",
    )


def _silent(endpoint: str, repo: str, seconds: float) -> HubError:
    return HubError(
        f"The Hub at {endpoint} did not answer within {seconds:.0f} seconds when asked for {repo}.",
        "Check the network, or try again later.",
        "timeout",
    )


def _not_a_hub(endpoint: str, repo: str) -> HubError:
    return HubError(
        f"What answers at {endpoint} for {repo} is no Hub.", "Check HF_ENDPOINT, and whether the network wants a sign-in.", "not-a-hub"
    )


def _too_large(repo: str, what: str, limit: int = texts.LIMIT) -> HubError:
    return HubError(f"{what} of {repo} is larger than {limit >> 20} MiB and was not read.", "Read it by hand.", "too-large")


def _wait(headers: Mapping[str, str]) -> int | None:
    """Seconds until the Hub answers again, by `Retry-After: 42` or `RateLimit: "api";r=0;t=42`."""
    for header, pattern in (("Retry-After", r"\s*(\d{1,6})\s*"), ("RateLimit", r".*?;\s*t=(\d{1,6}).*")):
        if match := re.fullmatch(pattern, headers.get(header) or ""):
            return int(match.group(1))
    return None


def _plain(text: str) -> str:
    """What a foreign server said, on one line, without control characters, at most 300 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:300].rstrip(".")
