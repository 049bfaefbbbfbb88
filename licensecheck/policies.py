"""Finds the use policies that a license text makes part of itself by their address."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from licensecheck import rules


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy at an address, the words that bring it in, and their first line."""

    url: str
    quote: str
    line: int


_URL = re.compile(
    r"https?://[^\s<>\"'”’)\]]{3,300}"
    r"|(?<![\w@/.-])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|ai|ae|io|dev|net|co|google|cn|eu|de|fr)/[^\s<>\"'”’)\],;]{2,200}"
    r"|(?<=\bat )(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|ai|ae|io|dev|net|co|cn|eu|de|fr)\b(?![\w/-])",
    re.IGNORECASE,
)
_NEAR = 24  # characters before the policy's name that may say that it is another kind of policy
_REACH = 300  # characters between the policy's name and its address, or the words that bring it in


@functools.cache
def _words() -> dict[str, re.Pattern[str]]:
    return {key: re.compile(form, re.IGNORECASE) for key, form in rules.load("policies.yaml").items()}


def incorporated(text: str) -> tuple[Policy, ...]:
    """The policies that the text incorporates by address, in order, each address once.

    An address counts when a policy's name stands before it in the same sentence or two, and words of incorporation or of
    duty stand near: "must comply with the Acceptable Use Policy at https://…", "which is incorporated by reference".
    """
    words = _words()
    found: dict[str, Policy] = {}
    for match in _URL.finditer(text):
        before, after = text[max(0, match.start() - _REACH) : match.start()], text[match.end() : match.end() + _REACH // 2]
        before = before[before.rfind("\n\n") + 1 :]
        name = next(reversed([*words["policy"].finditer(before)]), None)
        if name is None or words["not"].search(before[max(0, name.start() - _NEAR) :]):
            continue
        if not (words["duty"].search(before) or words["duty"].search(after[: after.find("\n\n")] if "\n\n" in after else after)):
            continue
        address = match.group().rstrip(".,;:!?*_")
        start = match.start() - len(before) + name.start()
        quote = " ".join(text[start : match.start() + len(address)].split())
        url = address.replace("\\_", "_")
        found.setdefault(url, Policy(url, quote, text.count("\n", 0, start) + 1))
    return tuple(found.values())
