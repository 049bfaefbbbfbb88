"""May this file of this repo be read? Asks once per repo and commit, remembers the answer, and acts on it as the mode says.

Only the standard library is used. The answers come from `gate.py` in a process of its own, with the packages of licensecheck's own
environment: what the guarded program has installed does not matter, and what the guard asks the Hub never passes through the guard.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from licensecheck.errors import RefusedError, UndecidedError, UsageError
from licensecheck.types import Decision, Reason

MODES = ("enforce", "warn", "audit")
UNDECIDED = ("refuse", "warn")
LOG = "licensecheck-guard.jsonl"
PATIENCE = 300.0  # seconds; a check of a repo with a long ancestry over a slow line
REST = 30.0  # seconds after which what could not be decided is asked again
_PREFIX = "LICENSECHECK_"
_SPEAKS = re.compile(r"licen[sc]e|copying|copyright|notice|readme|model_?card|terms|agreement|polic(?:y|ies)|eula", re.IGNORECASE)
_SUFFIXES = frozenset({"md", "markdown", "txt", "rst", "pdf", "htm", "html", "rtf", "docx"})


def is_text(path: str) -> bool:
    """Whether a file's name is that of a license text or a card, which everybody may read before deciding.

    >>> is_text("LICENSE-MODEL"), is_text("docs/USE_POLICY.md"), is_text("license.safetensors"), is_text("tokenizer.json")
    (True, True, False, False)
    """
    name = PurePosixPath(path).name
    _, dot, suffix = name.rpartition(".")
    return _SPEAKS.search(name) is not None and (not dot or suffix.isdigit() or suffix.lower() in _SUFFIXES)


class Place(NamedTuple):
    """A repo at a revision of a Hub: model, dataset, space, or a kind that licensecheck does not know."""

    endpoint: str
    kind: str
    id: str
    revision: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How the guard acts. Each field is also a variable of the environment, by which it reaches child processes."""

    mode: str = "enforce"
    undecided: str = "refuse"
    policy: str = ""
    log: str = ""
    python: str = sys.executable
    answers: str = ""

    @classmethod
    def settled(cls, environ: Mapping[str, str], **given: object) -> Settings:
        """The settings of the environment, with what is given in their place. Raises `UsageError`."""
        found = {field.name: environ.get(_variable(field.name), "") for field in fields(cls)}
        found |= {name: str(value) for name, value in given.items() if value is not None}
        settings = replace(cls(), **{name: value for name, value in found.items() if value})
        for name, value, known in (("mode", settings.mode, MODES), ("undecided", settings.undecided, UNDECIDED)):
            if value not in known:
                raise UsageError(f"{value!r} is no {name} of the guard", f"one of {', '.join(known)}; see {_variable(name)}")
        if settings.mode == "audit" and not settings.log:
            settings = replace(settings, log=LOG)
        absolute = {name: str(Path(value).absolute()) for name in ("log", "answers") if (value := getattr(settings, name))}
        if settings.policy and Path(settings.policy).is_file():
            absolute["policy"] = str(Path(settings.policy).absolute())
        return replace(settings, **absolute)

    def environment(self) -> dict[str, str]:
        """The variables that hand these settings to child processes."""
        return {_variable(field.name): value for field in fields(self) if (value := getattr(self, field.name))}


def _variable(name: str) -> str:
    return f"{_PREFIX}POLICY" if name == "policy" else f"{_PREFIX}GUARD_{name.upper()}"


@dataclass(frozen=True, slots=True)
class Asking:
    """What the client would use to reach the repo: the token that was passed to it, its cache folder, and whether it may ask at all."""

    token: str | bool | None = None
    cache: str = ""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policy makes of a repo. `commit` is None where the repo was not seen."""

    action: str
    message: str
    id: str
    commit: str | None = None
    policy: str = ""
    policy_digest: str = ""
    rules: str = ""
    reasons: tuple[tuple[str, str, str | None, str | None], ...] = ()

    @classmethod
    def read(cls, data: bytes) -> Answer:
        """From JSON. Raises `ValueError` for what is no answer."""
        raw = json.loads(data)
        if not isinstance(raw, dict) or raw.get("action") not in ("allow", "warn", "deny", "undecided"):
            raise ValueError("no answer")
        known = {field.name: raw[field.name] for field in fields(cls) if field.name in raw}
        return cls(**known | {"reasons": tuple(tuple(reason) for reason in raw.get("reasons", ()))})

    @property
    def decision(self) -> Decision:
        reasons = tuple(Reason(action, message, clause, rule) for action, message, clause, rule in self.reasons)  # type: ignore[arg-type]
        return Decision(self.action, self.policy, reasons)  # type: ignore[arg-type]


class Door:
    """The one place where it is decided whether a file is let through. Safe under threads: a question is asked once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._answers: dict[Place, tuple[Answer, float]] = {}
        self._told: set[tuple[str, str, str | None, str]] = set()
        self.forget_locks()

    def forget_locks(self) -> None:
        """After a fork: a lock that a thread of the parent held would never be released."""
        self._lock = threading.Lock()
        self._asking: dict[Place, threading.Lock] = {}

    def let_in(self, place: Place, file: str, call: str, asking: Asking = Asking()) -> str | None:
        """The commit that may be read in place of `place.revision`; None where only the mode lets an unseen repo pass.

        Raises `RefusedError`, or `UndecidedError` where nothing could be decided.
        """
        answer = self._known(place)
        if answer is None:
            with self._lock:
                lock = self._asking.setdefault(place, threading.Lock())
            with lock:
                answer = self._known(place) or self._learn(place, asking)
        self._act(answer, place, file, call)
        return answer.commit

    def _known(self, place: Place) -> Answer | None:
        answer, until = self._answers.get(place, (None, 0.0))
        return answer if time.monotonic() < until else None

    def _learn(self, place: Place, asking: Asking) -> Answer:
        """What an earlier process of this run learnt, else what the gate says now."""
        answer = self._shared(place) or self._ask(place, asking)
        if answer.action != "undecided" and answer.commit:
            answer = self._share(place, answer)
        if answer.action in ("allow", "warn") and answer.commit:  # NOTE: a branch may be denied where its commit is not
            for id in sorted({place.id, answer.id}):
                pinned = place._replace(id=id, revision=answer.commit)
                self._answers[pinned] = (self._share(pinned, answer), float("inf"))
        is_settled = answer.action != "undecided" and answer.commit
        self._answers[place] = (answer, float("inf") if is_settled else time.monotonic() + REST)
        return answer

    def _ask(self, place: Place, asking: Asking) -> Answer:
        question = {**place._asdict(), "policy": self.settings.policy or None, "cache": asking.cache or None, "offline": asking.offline}
        try:
            done = subprocess.run(
                [self.settings.python, "-P", "-m", "licensecheck.gate"],
                input=json.dumps(question).encode(),
                capture_output=True,
                timeout=PATIENCE,
                env=_environment(place, asking),
                check=False,
            )
            return Answer.read(done.stdout)
        except subprocess.TimeoutExpired:
            why = f"no answer within {PATIENCE:.0f} seconds"
        except OSError as error:
            why = f"{self.settings.python} cannot be started ({error.strerror})"
        except (ValueError, TypeError):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = f"the check failed ({_plain(said[-1] if said else f'exit code {done.returncode}')})"
        return Answer("undecided", f"{place.id}: {why}", place.id)

    # What the processes of one run know together

    def _shared(self, place: Place) -> Answer | None:
        if not self.settings.answers:
            return None
        try:
            return Answer.read(self._file(place).read_bytes())
        except (OSError, ValueError, TypeError):
            return None

    def _share(self, place: Place, answer: Answer) -> Answer:
        """Lays the answer down for the other processes. Where one was faster, its answer counts, so that a branch means one commit."""
        if not self.settings.answers:
            return answer
        told = {field.name: getattr(answer, field.name) for field in fields(answer)}
        temporary = self._file(place).with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with contextlib.suppress(OSError):
            temporary.write_text(json.dumps(told), "utf-8")
            try:
                os.link(temporary, self._file(place))
            except FileExistsError:
                return self._shared(place) or answer
            finally:
                temporary.unlink()
        return answer

    def _file(self, place: Place) -> Path:
        return Path(self.settings.answers) / f"{hashlib.sha256(json.dumps(place).encode()).hexdigest()}.json"

    # What is done about it

    def _act(self, answer: Answer, place: Place, file: str, call: str) -> None:
        is_doubt = answer.action == "undecided"
        is_refused = answer.action == "deny" or (is_doubt and self.settings.undecided == "refuse")
        refuses = is_refused and self.settings.mode == "enforce"
        event = (place.kind, place.id, answer.commit, answer.action)
        if event not in self._told:
            if self.settings.mode != "audit" and answer.action != "allow":
                print(f"licensecheck: {'refused' if refuses else 'warning'}: {answer.message}", file=sys.stderr, flush=True)
            if self.settings.log:
                self._write(answer, place, file, call, refuses)
            self._told.add(event)
        if refuses:
            error = UndecidedError if is_doubt else RefusedError
            # NOTE: whoever catches this shows its message alone, so the hint stands in it.
            see = f"See: licensecheck check {_ref(place, answer)}"
            raise error(f"{answer.message}; so {file or 'its files'} may not be read. {see}", see, decision=answer.decision)

    def _write(self, answer: Answer, place: Place, file: str, call: str, is_refused: bool) -> None:
        """One line, in one write, so that the lines of several processes do not mix."""
        told = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "process": os.getpid(),
            "program": sys.argv[0] if getattr(sys, "argv", None) else "",
            "call": call,
            "repo": {"id": place.id, "type": place.kind, "revision": place.revision, "commit": answer.commit, "endpoint": place.endpoint},
            "file": file,
            "mode": self.settings.mode,
            "action": answer.action,
            "refused": is_refused,
            "policy": {"name": answer.policy, "digest": answer.policy_digest},
            "rules": answer.rules,
            "reasons": [{"action": a, "message": m, "clause": c, "rule": r} for a, m, c, r in answer.reasons],
        }
        try:
            handle = os.open(self.settings.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(handle, json.dumps(told).encode() + b"\n")
            finally:
                os.close(handle)
        except OSError as error:
            if self.settings.mode != "warn":
                message = f"licensecheck: the guard's log {self.settings.log} cannot be written ({error.strerror}), so nothing is let in"
                raise UndecidedError(message, "Name another file with LICENSECHECK_GUARD_LOG.") from None
            print(f"licensecheck: warning: {self.settings.log} cannot be written ({error.strerror})", file=sys.stderr)


def _environment(place: Place, asking: Asking) -> dict[str, str]:
    """What the gate sees: the same Hub, token and cache as the guarded client, and no guard."""
    from licensecheck.guard import STARTUP

    environ = {**os.environ, f"{_PREFIX}GUARD_MODE": "off", "HF_ENDPOINT": place.endpoint}
    path = [entry for entry in environ.pop("PYTHONPATH", "").split(os.pathsep) if entry and Path(entry) != STARTUP]
    if path:
        environ["PYTHONPATH"] = os.pathsep.join(path)
    if isinstance(asking.token, str):
        environ["HF_TOKEN"] = asking.token
    elif asking.token is False:
        environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
    return environ


def _ref(place: Place, answer: Answer) -> str:
    prefix = "" if place.kind == "model" else f"{place.kind}s/"
    return f"{prefix}{place.id}@{answer.commit or place.revision}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:300])


_door: Door | None = None


def open_with(settings: Settings) -> None:
    """Sets how this process is guarded; what is already decided under the same policy stays so."""
    global _door
    if _door is not None and _door.settings.policy == settings.policy:
        _door.settings = settings
        return
    _door = Door(settings)
    os.register_at_fork(after_in_child=_door.forget_locks)


def door() -> Door:
    """The door of this process. Raises `RuntimeError` before `open_with`."""
    if _door is None:
        raise RuntimeError("the guard is not installed")
    return _door
