"""Exit codes of the contract, the same for every command, and how an error is told."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from licensecheck.errors import LicenseCheckError

if TYPE_CHECKING:
    from licensecheck.types import Action, Openness

ALLOWED, REFUSED, USAGE, UNDECIDED = 0, 1, 2, 3
INTERRUPTED = 130

# Several at once: wrong usage before a refusal, before what could not be decided, before what is allowed.
_ORDER = (USAGE, REFUSED, UNDECIDED, ALLOWED)
_ACTIONS: dict[Action, int] = {"allow": ALLOWED, "warn": ALLOWED, "deny": REFUSED, "undecided": UNDECIDED}
_OPENNESS: dict[Openness, int] = {"open": ALLOWED, "not-open": REFUSED, "unclear": UNDECIDED}


def of_actions(actions: Iterable[Action]) -> int:
    """The exit code of several decisions.

    >>> of_actions(["allow", "undecided", "deny"])
    1
    """
    return worst(_ACTIONS[a] for a in actions)


def of_openness(found: Iterable[Openness]) -> int:
    """The exit code of several texts, by the policy `open-source`.

    >>> of_openness(["open", "unclear"])
    3
    """
    return worst(_OPENNESS[o] for o in found)


def worst(codes: Iterable[int]) -> int:
    """The one that counts of several exit codes."""
    return min(codes, key=_ORDER.index, default=ALLOWED)


def tell(error: LicenseCheckError) -> None:
    """An error and what to do next, on stderr."""
    from licensecheck.render.clean import line

    print(f"licensecheck: {line(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"  {line(error.hint)}", file=sys.stderr)
