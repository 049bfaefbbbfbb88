"""A small Hub on 127.0.0.1: repos in memory, the Hub's API over real HTTP, and the Hub's failures on demand.

`make demo` shows the tool at work against it, and the tests ask it through the real client. It speaks what the public
client speaks (metadata, listings, trees, files with HEAD and GET, LFS redirects, whoami), and writes down every request.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import yaml

Gated = Literal[False, "auto", "manual"]
_TYPES = {"models": "model", "datasets": "dataset", "spaces": "space"}
_DATE = "2026-01-01T00:00:00.000Z"  # the clock of every repo here: answers are the same on every run


@dataclass(frozen=True, slots=True)
class Weight:
    """A file that is listed with its size but has no bytes: whoever fetches it is refused, and seen in the log."""

    size: int


@dataclass(frozen=True, slots=True)
class Large:
    """A file kept in LFS: listed by its pointer, and served through a redirect."""

    data: bytes


Content = bytes | Weight | Large


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log. `path` is decoded and without its query."""

    method: str
    path: str
    query: str
    token: str | None
    agent: str


@dataclass(slots=True)
class Repo:
    """One repo: files by commit, commits by branch. `card_data` replaces what the front matter says."""

    id: str
    type: str = "model"
    gated: Gated = False
    accepted: frozenset[str] = frozenset()
    is_private: bool = False
    is_disabled: bool = False
    card_data: Any = None
    tags: tuple[str, ...] = ()
    commits: dict[str, dict[str, Content]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def commit(self, files: Mapping[str, Content | str], branch: str = "main") -> str:
        """Puts files on a branch as its new head, and gives the commit's 40 digits."""
        contents = {path: data.encode() if isinstance(data, str) else data for path, data in sorted(files.items())}
        told = "\n".join(f"{path} {blob_id(data)}" for path, data in contents.items())
        sha = hashlib.sha1(f"{self.type} {self.id}\n{told}".encode()).hexdigest()
        self.commits[sha], self.branches[branch] = contents, sha
        return sha

    def at(self, revision: str) -> str | None:
        """The commit that a branch, a tag or a commit's own digits name."""
        return self.branches.get(revision) or (revision if revision in self.commits else None)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How requests fail: a status with headers, after `delay` seconds; `drip` sends the body of a good answer byte by byte with that pause.

    `status` 0 closes the connection without a word.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drip: float = 0.0


class DemoHub:
    """A Hub that runs inside `with DemoHub() as hub:` at `hub.url`; its attributes may be changed while it runs.

    `tokens` are the ones it knows (token -> user name). `renamed` leads from old ids to new ones. `troubles` pairs a
    pattern, searched in the path, with what then happens, first match first. `requests` is the log.
    """

    def __init__(self) -> None:
        self.repos: dict[tuple[str, str], Repo] = {}
        self.renamed: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.troubles: list[tuple[str, Trouble]] = []
        self.requests: list[Request] = []
        self._stopped = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    def add(self, id: str, files: Mapping[str, Content | str] | Path, *, type: str = "model", **settings: Any) -> Repo:
        """A new repo with one commit on main, from a mapping or from the files of a folder. Settings are the fields of `Repo`."""
        repo = Repo(id=id, type=type, **settings)
        repo.commit(from_folder(files) if isinstance(files, Path) else files)
        self.repos[type, id] = repo
        return repo

    def fail(self, pattern: str, trouble: Trouble) -> None:
        """Lets every request whose path matches fail from now on."""
        self.troubles.append((pattern, trouble))

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the Hub does not run")
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self, port: int = 0) -> Self:
        self._stopped.clear()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        self._stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def wait(self, seconds: float) -> None:
        """Sleeps, but wakes when the Hub stops: a slow answer never keeps a test alive."""
        self._stopped.wait(seconds)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of clients that left early; everything else is a fault of this server, and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def blob_id(data: Content) -> str:
    """The id that git gives a file; of a file in LFS, that of its pointer."""
    content = data if isinstance(data, bytes) else _pointer(data)
    return hashlib.sha1(b"blob %d\x00" % len(content) + content).hexdigest()


def _pointer(data: Weight | Large) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{_sha256(data)}\nsize {_size(data)}\n".encode()


def _sha256(data: Content) -> str:
    content = data if isinstance(data, bytes) else data.data if isinstance(data, Large) else str(data.size).encode()
    return hashlib.sha256(content).hexdigest()


def _size(data: Content) -> int:
    return data.size if isinstance(data, Weight) else len(data.data if isinstance(data, Large) else data)


def from_folder(folder: Path) -> dict[str, Content]:
    """The files below a folder by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def card_data(files: Mapping[str, Content]) -> dict[str, Any]:
    """The front matter of README.md as JSON values; nothing where it is absent or broken, as on the Hub."""
    readme = files.get("README.md", b"")
    text = readme.decode("utf-8-sig", "replace").replace("\r\n", "\n") if isinstance(readme, bytes) else ""
    match = re.match(r"\s*---\n(.*?)\n---(?:\n|$)", text, re.DOTALL)
    try:
        found = yaml.safe_load(match.group(1)) if match else {}
    except yaml.YAMLError:
        return {}
    return json.loads(json.dumps(found, default=str)) if isinstance(found, dict) else {}


def _info(repo: Repo, sha: str, *, has_blobs: bool) -> dict[str, Any]:
    """What the Hub says about one repo at one commit."""
    files = repo.commits[sha]
    card = card_data(files) if repo.card_data is None else repo.card_data
    return {
        "_id": sha[:24],
        "id": repo.id,
        **({"modelId": repo.id, "pipeline_tag": "text-generation"} if repo.type == "model" else {}),
        "author": repo.id.partition("/")[0],
        "sha": sha,
        "lastModified": _DATE,
        "createdAt": _DATE,
        "private": repo.is_private,
        "gated": repo.gated,
        "disabled": repo.is_disabled,
        "downloads": 0,
        "likes": 0,
        "tags": [*repo.tags, *_tags(card)],
        "cardData": card,
        "siblings": [_sibling(path, data, has_blobs=has_blobs) for path, data in files.items()],
    }


def _tags(card: Any) -> Iterator[str]:
    for key in ("license", "base_model", "datasets"):
        values = card.get(key, []) if isinstance(card, dict) else []
        for value in values if isinstance(values, list) else [values]:
            yield f"{key.removesuffix('s')}:{value}"


def _sibling(path: str, data: Content, *, has_blobs: bool) -> dict[str, Any]:
    if not has_blobs:
        return {"rfilename": path}
    found: dict[str, Any] = {"rfilename": path, "blobId": blob_id(data), "size": _size(data)}
    if not isinstance(data, bytes):
        found["lfs"] = {"sha256": _sha256(data), "size": _size(data), "pointerSize": len(_pointer(data))}
    return found


def _entry(path: str, data: Content) -> dict[str, Any]:
    """One file as the Hub's trees tell it."""
    sibling = _sibling(path, data, has_blobs=True)
    lfs = sibling.get("lfs")
    entry = {"type": "file", "path": path, "oid": sibling["blobId"], "size": sibling["size"]}
    return {**entry, "lfs": {"oid": lfs["sha256"], **lfs}} if lfs else entry


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def _json(value: Any, headers: Mapping[str, str] | None = None) -> _Answer:
    return _Answer(200, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def _error(status: int, code: str = "", message: str = "") -> _Answer:
    headers = {"X-Error-Code": code, "X-Error-Message": message}
    return _Answer(status, json.dumps({"error": message}).encode(), {key: value for key, value in headers.items() if value})


_BAD_TOKEN = _error(401, "", "Invalid credentials in Authorization header")


class _Asked:
    """Finds the answer to one request."""

    def __init__(self, hub: DemoHub, path: str, query: str, token: str | None) -> None:
        self.hub, self.path, self.query, self.token = hub, path, parse_qs(query), token

    def answer(self) -> _Answer:
        for pattern, find in _ROUTES:
            if match := re.fullmatch(pattern, self.path):
                return find(self, *match.groups())
        return _error(404, "", "Sorry, we can't find the page you are looking for.")

    def whoami(self) -> _Answer:
        if self.token not in self.hub.tokens:
            return _BAD_TOKEN
        return _json({"type": "user", "name": self.hub.tokens[self.token], "orgs": [], "auth": {"type": "access_token"}})

    def listing(self, kind: str) -> _Answer:
        """One page of repos, oldest id first; `Link` leads to the next."""
        limit, start = self._number("limit", 1000), self._number("cursor", 0)
        found = [repo for (type, _), repo in sorted(self.hub.repos.items()) if type == _TYPES[kind] and self._is_wanted(repo)]
        page = [_info(repo, repo.branches["main"], has_blobs=False) for repo in found[start : start + limit]]
        if start + limit >= len(found):
            return _json(page)
        query = urlencode({**{key: values[0] for key, values in self.query.items()}, "cursor": start + limit})
        return _json(page, {"Link": f'<{self.hub.url}/api/{kind}?{query}>; rel="next"'})

    def _is_wanted(self, repo: Repo) -> bool:
        author, text = self.query.get("author", [""])[0], self.query.get("search", [""])[0]
        return not repo.is_private and repo.id.startswith(f"{author}/" if author else "") and text.lower() in repo.id.lower()

    def _number(self, key: str, otherwise: int) -> int:
        value = self.query.get(key, [""])[0]
        return int(value) if value.isdecimal() else otherwise

    def info(self, kind: str, id: str, revision: str | None) -> _Answer:
        return self._at(kind, id, revision, lambda repo, sha: _json(_info(repo, sha, has_blobs=self.query.get("blobs") is not None)))

    def tree(self, kind: str, id: str, revision: str, folder: str | None) -> _Answer:
        def listed(repo: Repo, sha: str) -> _Answer:
            start = f"{folder}/" if folder else ""
            is_recursive = "recursive" in self.query and self.query["recursive"][0].lower() != "false"
            entries = []
            for path, data in repo.commits[sha].items():
                if path.startswith(start) and (is_recursive or "/" not in path[len(start) :]):
                    entries.append(_entry(path, data))
            return _json(entries)

        return self._at(kind, id, revision, listed)

    def paths(self, kind: str, id: str, revision: str) -> _Answer:
        """Of the files asked for, those that are there; this question comes by POST, its form in place of the query."""

        def listed(repo: Repo, sha: str) -> _Answer:
            return _json([_entry(path, data) for path, data in repo.commits[sha].items() if path in self.query.get("paths", [])])

        return self._at(kind, id, revision, listed)

    def refs(self, kind: str, id: str) -> _Answer:
        def listed(repo: Repo, _: str) -> _Answer:
            branches = [{"name": name, "ref": f"refs/heads/{name}", "targetCommit": sha} for name, sha in sorted(repo.branches.items())]
            return _json({"branches": branches, "tags": [], "converts": []})

        return self._at(kind, id, None, listed)

    def file(self, kind: str | None, id: str, revision: str, path: str) -> _Answer:
        def sent(repo: Repo, sha: str) -> _Answer:
            if refused := self._gate(repo):
                return refused
            data = repo.commits[sha].get(path)
            headers = {"X-Repo-Commit": sha}
            if data is None:
                answer = _error(404, "EntryNotFound", "Entry not found")
                return _Answer(answer.status, answer.body, {**answer.headers, **headers})
            if isinstance(data, bytes):
                return _Answer(200, data, {**headers, "ETag": f'"{blob_id(data)}"', "Content-Type": "text/plain; charset=utf-8"})
            # NOTE: another host name, as the real Hub leads to another host: the client takes its headers from before the redirect.
            location = f"{self.hub.url.replace('127.0.0.1', 'localhost')}/lfs/{_sha256(data)}"
            linked = {"X-Linked-Etag": f'"{_sha256(data)}"', "X-Linked-Size": str(_size(data)), "Location": location}
            return _Answer(302, b"", {**headers, **linked, "ETag": f'"{blob_id(data)}"'})

        return self._at(kind or "models", id, revision, sent)

    def large(self, sha256: str) -> _Answer:
        contents = (data for repo in self.hub.repos.values() for files in repo.commits.values() for data in files.values())
        found = next((data for data in contents if isinstance(data, Large) and _sha256(data) == sha256), None)
        return _Answer(200, found.data) if found else _error(403, "", "This Hub serves no weights.")

    def _at(self, kind: str, id: str, revision: str | None, then: Callable[[Repo, str], _Answer]) -> _Answer:
        if id in self.hub.renamed:
            old, new = f"/{id}", f"/{self.hub.renamed[id]}"
            query = urlencode({key: values[0] for key, values in self.query.items()})
            return _Answer(307, b"", {"Location": self.path.replace(old, new, 1) + (f"?{query}" if query else "")})
        repo = self.hub.repos.get((_TYPES[kind], id))
        if repo is None or (repo.is_private and self.token not in self.hub.tokens):
            if self.token and self.token not in self.hub.tokens:
                return _BAD_TOKEN
            return _error(404 if self.token else 401, "RepoNotFound", "Repository not found")
        if repo.is_disabled:
            return _error(403, "", "Access to this resource is disabled.")
        sha = repo.at(revision or "main")
        if sha is None:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return then(repo, sha)

    def _gate(self, repo: Repo) -> _Answer | None:
        if self.token is not None and self.token not in self.hub.tokens:
            return _BAD_TOKEN
        if not repo.gated or (self.token and self.hub.tokens[self.token] in repo.accepted):
            return None
        if self.token is None:
            return _error(401, "GatedRepo", f"Access to model {repo.id} is restricted. You must be authenticated to access it.")
        return _error(403, "GatedRepo", f"Access to model {repo.id} is restricted and you are not in the authorized list.")


_ID = r"([\w.-]+/[\w.-]+|[\w.-]+)"
_ROUTES: tuple[tuple[str, Callable[..., _Answer]], ...] = (
    (r"/api/whoami-v2", _Asked.whoami),
    (r"/lfs/([0-9a-f]{64})", _Asked.large),
    (r"/api/(models|datasets|spaces)", _Asked.listing),
    (rf"/api/(models|datasets|spaces)/{_ID}/tree/(refs/[^/]+/[^/]+|[^/]+)(?:/(.+))?", _Asked.tree),
    (rf"/api/(models|datasets|spaces)/{_ID}/paths-info/(refs/[^/]+/[^/]+|[^/]+)", _Asked.paths),
    (rf"/api/(models|datasets|spaces)/{_ID}/refs", _Asked.refs),
    (rf"/api/(models|datasets|spaces)/{_ID}(?:/revision/(.+))?", _Asked.info),
    (rf"/(?:(datasets|spaces)/)?{_ID}/resolve/(refs/[^/]+/[^/]+|[^/]+)/(.+)", _Asked.file),
)


def _handler(hub: DemoHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            path = unquote(url.path)
            given = self.headers.get("Authorization", "")
            token = given.removeprefix("Bearer ").strip() or None
            hub.requests.append(Request(self.command, path, url.query, token, self.headers.get("User-Agent", "")))
            trouble = next((trouble for pattern, trouble in hub.troubles if re.search(pattern, path)), Trouble())
            hub.wait(trouble.delay) if trouble.delay else None
            if trouble.status == 0:
                self.close_connection = True
                return
            if trouble.status != 200 or trouble.body:
                self._send(_Answer(trouble.status, trouble.body, trouble.headers))
                return
            self._send(_Asked(hub, path, url.query, token).answer(), drip=trouble.drip)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            """A form or JSON in the body is taken as the query."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = urlencode(json.loads(body), doseq=True) if body.startswith("{") else body
            self.path = f"{self.path}?{form}"
            self.do_GET()

        def _send(self, answer: _Answer, drip: float = 0.0) -> None:
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command == "HEAD":
                    return
                if not drip:
                    self.wfile.write(answer.body)
                    return
                for byte in answer.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    hub.wait(drip)
            except ConnectionError:  # the client has left
                self.close_connection = True

        def log_message(self, format: str, *values: object) -> None:
            """Says nothing: `hub.requests` is the log."""

    return Handler
