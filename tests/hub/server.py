"""The demo Hub with short words for the ways in which a Hub fails."""

from __future__ import annotations

from licensecheck.demo import DemoHub, Trouble


class FailingHub(DemoHub):
    """A Hub that fails on command; each method takes the part of a path that it applies to."""

    def limit_rate(self, seconds: int, *, where: str = "/api/", header: str = "RateLimit") -> None:
        """Too many requests, with the wait in one of the headers that the Hub sends."""
        value = f'"api";r=0;t={seconds}' if header == "RateLimit" else str(seconds)
        self.fail(where, Trouble(429, {header: value}))

    def break_down(self, status: int, *, where: str = "/") -> None:
        self.fail(where, Trouble(status))

    def fall_silent(self, *, where: str = "/") -> None:
        """Takes requests and never answers."""
        self.fail(where, Trouble(delay=3600))

    def drip(self, pause: float, *, where: str = "/") -> None:
        """Answers one byte at a time, so that no single wait is long."""
        self.fail(where, Trouble(drip=pause))

    def hang_up(self, *, where: str = "/") -> None:
        self.fail(where, Trouble(0))

    def lead_away(self, url: str, *, where: str) -> None:
        """Redirects to another place."""
        self.fail(where, Trouble(302, {"Location": url}))

    def say(self, status: int, body: bytes, *, where: str = "/") -> None:
        """Answers something that no Hub says."""
        self.fail(where, Trouble(status, {}, body))

    def paths(self) -> list[str]:
        """The log, one `METHOD /path` a request."""
        return [f"{request.method} {request.path}" for request in self.requests]
