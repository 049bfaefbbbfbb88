"""Links that lead away from the Hub: what is asked for, of whom, and what becomes of the answer."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from hub import FailingHub

from licensecheck import pages
from licensecheck.cli import main_group
from licensecheck.errors import HubError


@contextmanager
def site(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A server on loopback: its port, and the host and path of each question."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.headers["Host"].partition(":")[0], self.path))
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


def ask(url: str, port: int, *, addresses: tuple[str, ...] = ("127.0.0.1",), is_allowed: Any = lambda address: True) -> bytes:
    """`pages.fetch` without TLS, of a server on loopback under any host's name."""

    def connect(address: str, host: str, timeout: float) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(address, port, timeout=timeout)
        plain = connection.request
        connection.request = lambda method, path, **options: plain(  # type: ignore[method-assign]
            method, path, **{**options, "headers": {**options["headers"], "Host": host}}
        )
        return connection

    return pages.fetch(url, resolve=lambda host: addresses, is_allowed=is_allowed, connect=connect)


def test_a_text_is_given_as_it_stands() -> None:
    with site({"/terms": (200, {}, b"No war.\n")}) as (port, asked):
        assert ask("https://acme.example/terms", port) == b"No war.\n"
        assert asked == [("acme.example", "/terms")]


def test_of_a_page_its_words_are_left_in_blocks() -> None:
    html = b"<html><body><nav>Shop</nav><script>x()</script><main><h1>Use <b>policy</b></h1><p>You may <i>not</i> fight.</p>"
    html += b"<ul><li>one<li>two</ul>"
    with site({"/": (200, {"Content-Type": "text/html; charset=utf-8"}, html)}) as (port, _):
        assert ask("https://acme.example", port) == b"Use policy\n\nYou may not fight.\n\none\n\ntwo\n"


def test_a_view_of_a_file_on_github_is_asked_for_as_the_file() -> None:
    with site({"/acme/model/main/LICENSE": (200, {}, b"terms")}) as (port, asked):
        assert ask("https://github.com/acme/model/blob/main/LICENSE?plain=1", port) == b"terms"
        assert asked == [("raw.githubusercontent.com", "/acme/model/main/LICENSE")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "224.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "no address",
    ],
)
def test_an_address_that_is_not_public_is_never_connected_to(address: str) -> None:
    with site({"/": (200, {}, b"secret")}) as (port, asked):
        with pytest.raises(HubError) as caught:
            ask("https://acme.example/", port, addresses=("9.9.9.9", address), is_allowed=pages.is_public)
        assert (caught.value.kind, asked) == ("link-refused", [])


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example/",
        "https://acme.example:8443/",
        "https://me@acme.example/",
        "ftp://acme.example/",
        "https:///x",
        "file:///etc/passwd",
    ],
)
def test_only_plain_https_is_followed(url: str) -> None:
    with site({"/": (200, {}, b"x")}) as (port, asked), pytest.raises(HubError) as caught:
        ask(url, port)
    assert (caught.value.kind, asked) == ("link-refused", [])


def test_a_redirect_is_followed_on_the_same_host_alone() -> None:
    answers = {
        "/old": (301, {"Location": "/new"}, b""),
        "/new": (200, {}, b"terms"),
        "/away": (302, {"Location": "https://other.example/new"}, b""),
        "/down": (302, {"Location": "http://acme.example/new"}, b""),
        "/ring": (302, {"Location": "/ring"}, b""),
    }
    with site(answers) as (port, _):
        assert ask("https://acme.example/old", port) == b"terms"
        for path, kind in (("away", "link-refused"), ("down", "link-refused"), ("ring", "link-failed")):
            with pytest.raises(HubError) as caught:
                ask(f"https://acme.example/{path}", port)
            assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((404, {}, b""), "link-failed"),
        ((200, {}, b"a" * (pages.MAX_BYTES + 1)), "too-large"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.7"), "link-not-text"),
        ((200, {"Content-Type": "application/octet-stream"}, b"\0\1\2"), "link-not-text"),
        ((200, {"Content-Type": "text/html"}, b"<html><body><script>app()</script></body>"), "link-not-text"),
        ((200, {"Content-Type": "text/html"}, b"<div>" * 100_000 + b"x"), "link-not-text"),
    ],
)
def test_what_is_no_text_of_a_license_length_is_not_read(answer: tuple[int, dict[str, str], bytes], kind: str) -> None:
    started = time.monotonic()
    with site({"/": answer}) as (port, _), pytest.raises(HubError) as caught:
        ask("https://acme.example/", port)
    assert caught.value.kind == kind
    assert time.monotonic() - started < 5


def test_a_server_that_keeps_silent_costs_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PATIENCE", 0.2)
    with pytest.raises(HubError) as caught:
        pages.fetch("https://acme.example/", resolve=lambda host: time.sleep(2) or ())
    assert caught.value.kind == "link-failed"


TERMS = "Acme Model Terms\n\nYou may use the Model. You agree not to use the Model in military operations or for warfare.\n"


def checked(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(main_group, ["check", *arguments, "--format", "json"], standalone_mode=False)
    if result.exception:
        raise result.exception
    report: dict[str, Any] = json.loads(result.stdout)["reports"][0]
    return report


def test_a_license_that_another_repo_holds_is_read_there(hub: FailingHub) -> None:
    hub.add("acme/base", {"legal/TERMS.txt": TERMS})
    link = f"{hub.url}/acme/base/blob/main/legal/TERMS.txt".replace(hub.url, "https://huggingface.co")
    hub.add("acme/child", {"README.md": f"---\nlicense: other\nlicense_name: acme-terms\nlicense_link: {link}\n---\n# Child\n"})
    report = checked("acme/child", "--lineage", "none")
    assert [d["path"] for d in report["documents"]] == [link]
    assert report["verdicts"]["osd"]["openness"] == "not-open"
    assert "field.military" in {c["id"] for c in report["clauses"]}


def test_a_license_on_another_site_is_fetched_on_request_alone(hub: FailingHub) -> None:
    link = "https://localhost/terms"
    hub.add("acme/linked", {"README.md": f"---\nlicense: other\nlicense_name: acme-terms\nlicense_link: {link}\n---\n# Linked\n"})
    (problem,) = [p for p in checked("acme/linked", "--lineage", "none")["problems"] if p["subject"] == link]
    assert "was not read" in problem["message"]
    assert "--follow-links" in problem["hint"]
    (problem,) = [p for p in checked("acme/linked", "--lineage", "none", "--follow-links")["problems"] if p["subject"] == link]
    assert "not public" in problem["message"]
