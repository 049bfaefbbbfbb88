"""Every way on which Python code reaches the Hub's files, and how each is led to the door first.

Three layers, so that one version's changes leave no gap: the Hub client's functions (they also serve cached files, without any request),
its file system, and the HTTP libraries below (they pin a branch to the commit that was judged, and catch who asks the Hub directly).
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import sys
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from licensecheck.guard.door import Asking, Place, door, is_text
from licensecheck.guard.loading import Wrap
from licensecheck.transport import THREAD

HUB = "https://huggingface.co"
_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_SNAPSHOT = re.compile(r"[/\\]snapshots[/\\]([0-9a-f]{40})(?:[/\\]|$)")
_CACHED = re.compile(
    r"(?P<cache>.*[/\\])?(?P<kind>model|dataset|space)s--(?P<id>[^/\\]+)[/\\]snapshots[/\\](?P<commit>[0-9a-f]{40})[/\\](?P<file>.+)"
)
_URL = re.compile(r"(?P<scheme>https?)://(?:[^/?#]*@)?(?P<host>[^/?#@]+?)(?P<port>:\d+)?(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
_DEFAULT_PORTS = {("http", ":80"), ("https", ":443")}
_FILE = re.compile(
    r"(?P<before>/(?:(?P<kind>datasets|spaces|kernels)/)?(?P<id>[^/?#]+(?:/[^/?#]+)?)/(?:resolve|raw)/)"
    r"(?P<revision>refs/[^/?#]+/[^/?#]+|[^/?#]+)(?P<after>/(?P<file>[^?#]+).*)"
)
_TRUE = frozenset({"1", "ON", "YES", "TRUE"})
_endpoints: set[str] = {HUB, "https://www.huggingface.co", "https://hf.co"}


# The client's functions


def hub_file(original: Any) -> Any:
    """`hf_hub_download`: before a download, and of what lies in the cache already."""

    def guarded(*args: Any, **options: Any) -> Any:
        asked = _asked(original, args, options)
        name = "/".join(str(part) for part in (asked.get("subfolder"), asked.get("filename")) if part)
        if is_text(name):
            return original(*args, **options)
        if not _is_from_cache(asked):
            _let_in(asked, name, "hf_hub_download")
        return _judged(original(*args, **options), asked, name, "hf_hub_download")

    return functools.wraps(original)(guarded)


def hub_snapshot(original: Any) -> Any:
    """`snapshot_download`: the same for a whole repo, unless nothing but license texts is wanted of it."""

    def guarded(*args: Any, **options: Any) -> Any:
        asked = _asked(original, args, options)
        wanted = asked.get("allow_patterns") or ()
        wanted = [wanted] if isinstance(wanted, str) else list(wanted)
        if wanted and all(is_text(str(pattern)) for pattern in wanted):
            return original(*args, **options)
        if not _is_from_cache(asked):
            _let_in(asked, "", "snapshot_download")
        return _judged(original(*args, **options), asked, "", "snapshot_download")

    return functools.wraps(original)(guarded)


def cache_look(original: Any) -> Any:
    """`try_to_load_from_cache`: of a file that is there."""

    def guarded(*args: Any, **options: Any) -> Any:
        asked = _asked(original, args, options)
        name = str(asked.get("filename"))
        found = original(*args, **options)
        return found if is_text(name) else _judged(found, asked, name, "try_to_load_from_cache")

    return functools.wraps(original)(guarded)


def cached_url(original: Any) -> Any:
    """`cached_download` of clients before 0.26, which takes an address."""

    def guarded(*args: Any, **options: Any) -> Any:
        url = str(_asked(original, args, options).get("url"))
        pinned(url, "cached_download")
        return original(*args, **options)

    return functools.wraps(original)(guarded)


def _asked(original: Any, args: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    """The arguments by name. NOTE: not bound to the signature, since the client also takes names that it has given up."""
    return dict(zip(_names(original), args, strict=False)) | options


@functools.lru_cache(64)
def _names(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _is_from_cache(asked: dict[str, Any]) -> bool:
    """Whether the call can only end in the cache, so that its result tells which commit it is."""
    return bool(asked.get("local_files_only")) and not asked.get("local_dir")


def _let_in(asked: dict[str, Any], file: str, call: str, commit: str | None = None) -> str | None:
    endpoint = str(asked["endpoint"]).rstrip("/") if asked.get("endpoint") else _endpoint()
    _endpoints.add(endpoint)
    named = asked.get("revision")
    revision = str(commit or getattr(named, "resolved", named) or "main")  # newer clients pass a branch with the commit it stands for
    place = Place(endpoint, str(asked.get("repo_type") or "model"), str(asked.get("repo_id")), revision)
    return door().let_in(place, file, call, _asking(asked.get("token"), asked.get("cache_dir")))


def _judged(found: Any, asked: dict[str, Any], file: str, call: str) -> Any:
    """What the client gives, after the commit that it comes from was judged: a cached one may be another than the Hub's newest."""
    if isinstance(found, str) and (snapshot := _SNAPSHOT.search(found)):
        _let_in(asked, file, call, snapshot.group(1))
    return found


def _asking(token: Any = None, cache: Any = None) -> Asking:
    constants = sys.modules.get("huggingface_hub.constants")
    offline = getattr(constants, "HF_HUB_OFFLINE", os.environ.get("HF_HUB_OFFLINE", "").upper() in _TRUE)
    cache = cache or getattr(constants, "HF_HUB_CACHE", "")
    return Asking(token if isinstance(token, str | bool) else None, str(cache), bool(offline))


def _endpoint() -> str:
    constants = sys.modules.get("huggingface_hub.constants")
    return str(getattr(constants, "ENDPOINT", None) or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


# The file system of the client


def file_system(original: Any) -> Any:
    """Methods of `HfFileSystem` that read the file at a path. The path then names the judged commit: its parts are read one by one."""

    def guarded(self: Any, path: Any, *args: Any, **options: Any) -> Any:
        asked = _asked(original, (self, path, *args), options)
        if any(letter in str(asked.get("mode", "r")) for letter in "wax"):
            return original(self, path, *args, **options)
        found = self.resolve_path(path, revision=asked.get("revision"))
        repo, file = getattr(found, "repo_id", None), str(getattr(found, "path_in_repo", ""))
        if repo is None or is_text(file):
            return original(self, path, *args, **options)
        of = {"repo_id": repo, "repo_type": found.repo_type, "revision": found.revision, "endpoint": self.endpoint, "token": self.token}
        commit = _let_in(of, file, f"HfFileSystem.{original.__name__}")
        if commit is None or commit == found.revision:
            return original(self, path, *args, **options)
        prefix = "" if found.repo_type == "model" else f"{found.repo_type}s/"
        given = {name: value for name, value in asked.items() if name not in ("self", "revision")}
        first = next(iter(given))  # the path, whatever this method calls it
        return original(self, **given | {first: f"{prefix}{repo}@{commit}/{file}"})

    return functools.wraps(original)(guarded)


# The HTTP libraries


def pinned(url: str, call: str) -> str:
    """The address to ask instead: of a file of a Hub, at the commit that was judged. Every other address stays as it is."""
    parts = _URL.fullmatch(url)
    if parts is None or threading.current_thread().name == THREAD:  # what licensecheck reads to judge is not judged
        return url
    scheme, port = parts["scheme"].lower(), parts["port"] or ""
    origin = f"{scheme}://{parts['host'].lower()}{'' if (scheme, port) in _DEFAULT_PORTS else port}"
    endpoint = next((e for e in (_endpoint(), *_endpoints) if f"{origin}{parts['path']}".lower().startswith(f"{e.lower()}/")), None)
    path = parts["path"][len(endpoint) - len(origin) :] if endpoint else ""
    found = _FILE.fullmatch(path)
    if endpoint is None or found is None or is_text(unquote(found["file"])):
        return url
    kind = (found["kind"] or "models").removesuffix("s")
    place = Place(endpoint, kind, unquote(found["id"]), unquote(found["revision"]))
    commit = door().let_in(place, unquote(found["file"]), call, _asking())
    return url if commit is None else f"{url.removesuffix(path)}{found['before']}{commit}{found['after']}"


def http_client(original: Any) -> Any:
    """`HTTPConnection.putrequest` of the standard library, on which urllib, urllib3 and requests stand."""

    def guarded(self: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
        if method in ("GET", "HEAD") and ("/resolve/" in url or "/raw/" in url):
            start = "" if url.startswith(("http://", "https://")) else _origin(self)
            url = pinned(start + url, "http")[len(start) :]
        return original(self, method, url, *args, **options)

    return functools.wraps(original)(guarded)


def requests_session(original: Any) -> Any:
    """`Session.send` of requests: a refusal from further below would come out as a failure of the connection."""

    def guarded(self: Any, request: Any, **options: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            request.url = pinned(str(request.url), "requests")
        return original(self, request, **options)

    return functools.wraps(original)(guarded)


def _origin(connection: Any) -> str:
    host, port = connection.host, connection.port
    tunnel = getattr(connection, "_tunnel_host", None)
    if tunnel:
        host, port = tunnel, getattr(connection, "_tunnel_port", None) or port
    scheme = "http" if connection.default_port == 80 else "https"
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" + ("" if port == connection.default_port else f":{port}")


def httpx_transport(original: Any) -> Any:
    """`handle_request` of httpx and its successors, by which every request goes, also after a redirect; also the one that is awaited."""

    def guarded(self: Any, request: Any) -> Any:
        url = str(request.url)
        if request.method in ("GET", "HEAD") and ("/resolve/" in url or "/raw/" in url):
            new = pinned(url, type(self).__module__.partition(".")[0])
            if new != url:
                request.url = type(request.url)(new)
        return original(self, request)

    return functools.wraps(original)(guarded)


def aiohttp_session(original: Any) -> Any:
    """`ClientSession._request`, on which fsspec's HTTP file system stands."""

    async def guarded(self: Any, method: str, url: Any, *args: Any, **options: Any) -> Any:
        text = str(url)
        if method.upper() in ("GET", "HEAD") and urlsplit(text).scheme:
            new = pinned(text, "aiohttp")
            url = url if new == text else new
        return await original(self, method, url, *args, **options)

    return functools.wraps(original)(guarded)


# The data sets library, which also serves what it has prepared from a repo earlier


def dataset_module(original: Any) -> Any:
    """`dataset_module_factory`, by which a data set is found before anything of it is read."""

    def guarded(*args: Any, **options: Any) -> Any:
        asked = _asked(original, args, options)
        path = str(asked.get("path"))
        packaged: Any = getattr(sys.modules.get("datasets.packaged_modules"), "_PACKAGED_DATASETS_MODULES", {})
        if _ID.fullmatch(path) and path not in packaged and not os.path.exists(path):
            config = asked.get("download_config")
            of = {"repo_id": path, "repo_type": "dataset", "revision": asked.get("revision"), "token": getattr(config, "token", None)}
            _let_in(of, "", "load_dataset")
        return original(*args, **options)

    return functools.wraps(original)(guarded)


# Python itself


def opened(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: a file of the client's cache that is opened by its path, without asking the client."""
    if event != "open" or not isinstance(arguments[0], str) or "snapshots" not in arguments[0]:
        return
    found = _CACHED.fullmatch(arguments[0])
    if found is None or is_text(found["file"]) or set(str(arguments[1] or "r")) & set("wax+"):
        return
    place = Place(_endpoint(), found["kind"], found["id"].replace("--", "/"), found["commit"])
    door().let_in(place, found["file"], "open", _asking(cache=found["cache"]))


WAYS: dict[str, dict[str, Wrap]] = {
    "huggingface_hub.file_download": {
        "hf_hub_download": hub_file,
        "try_to_load_from_cache": cache_look,
        "cached_download": cached_url,
    },
    "huggingface_hub._snapshot_download": {"snapshot_download": hub_snapshot},
    "huggingface_hub.hf_file_system": {"HfFileSystem._open": file_system, "HfFileSystem.get_file": file_system},
    "http.client": {"HTTPConnection.putrequest": http_client},
    "requests.sessions": {"Session.send": requests_session},
    "httpx": {"HTTPTransport.handle_request": httpx_transport, "AsyncHTTPTransport.handle_async_request": httpx_transport},
    "httpx2": {"HTTPTransport.handle_request": httpx_transport, "AsyncHTTPTransport.handle_async_request": httpx_transport},
    "aiohttp.client": {"ClientSession._request": aiohttp_session},
    "datasets.load": {"dataset_module_factory": dataset_module},
}
