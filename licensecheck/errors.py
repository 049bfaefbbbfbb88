"""Every error the package raises: one root, one sentence each, and a hint that says what to do next.

Trouble with one repo or one file inside a batch is a `types.Problem`, not an exception.
"""

from __future__ import annotations

from licensecheck.types import Decision, Report


class LicenseCheckError(Exception):
    """The root. `hint` says what to do next; `exit_code` is the contract's: 2 for wrong usage, 3 for "could not decide"."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LicenseCheckError):
    """The user asked for something that cannot be meant."""

    exit_code = 2


class RulesError(LicenseCheckError):
    """A rule file is broken; the message names file and line."""

    exit_code = 2


class PolicyError(LicenseCheckError):
    """A policy file is broken; the message names file and line."""

    exit_code = 2


class HubError(LicenseCheckError):
    """The Hub did not give what was asked. `kind` is one of the situations in `hub.py`'s table."""

    def __init__(self, message: str, hint: str = "", kind: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind


class RefusedError(LicenseCheckError, OSError):
    """The policy refuses a repo: raised by the gates before the first byte of a weight.

    It is an OSError too, since that is what the libraries above the Hub's client show as it is; others they hide behind words of theirs.

    `decision` says why. `report` is what the decision stands on; None where another process made the report (the guard's way).
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", *, report: Report | None = None, decision: Decision | None = None) -> None:
        super().__init__(message, hint)
        self.report = report
        self.decision = decision


class UndecidedError(RefusedError):
    """Whether the policy lets a repo in could not be decided, so it is not let in."""

    exit_code = 3
