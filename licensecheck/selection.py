"""What a policy can say: nouns for its rules, exceptions and clarifications, and what their selectors and globs mean.

Read from files by `policyfile.py`; held against reports by `policy.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from licensecheck import names, records, rules
from licensecheck.types import Openness, RepoType
from licensecheck.use import Use

OPEN_SOURCE = "open-source"
Demand = Literal["text", "ruling", "pinned"]
Undecided = Literal["fail", "deny", "warn"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a rule allows, warns of or denies: licenses (ids, families, expressions) and clauses (ids, groups, criteria).

    Openness is allowed only, since whatever is not allowed is denied; conflicts (kinds, severities) are only warned of or denied.
    """

    licenses: tuple[str, ...] = ()
    openness: tuple[Openness, ...] = ()
    clauses: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for some repos: for all where no filter is set. Globs and organizations disregard case."""

    allow: Selection = Selection()
    warn: Selection = Selection()
    deny: Selection = Selection()
    repos: tuple[str, ...] = ()
    types: tuple[RepoType, ...] = ()
    organizations: tuple[str, ...] = ()

    def fits(self, repo: str, kind: RepoType) -> bool:
        """Whether the rule holds for a repo."""
        organization = repo.partition("/")[0] if "/" in repo else ""
        return (
            (not self.repos or any(glob(repo, pattern) for pattern in self.repos))
            and (not self.types or kind in self.types)
            and (not self.organizations or organization.lower() in {o.lower() for o in self.organizations})
        )


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception that somebody answers for: what it waives (a clause, a group or a criterion; or a license), and until when.

    With the digest of a text it lapses as soon as the repo no longer holds that text.
    """

    repo: str
    reason: str
    expires: date
    clause: str | None = None
    license: str | None = None
    owner: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Clarification:
    """The license that a person found for a repo at a commit. It settles only what is unclear."""

    repo: str
    commit: str
    license: str
    reason: str
    owner: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a user lets in. `unknown_ancestors` is the greatest depth of an ancestor whose terms are not known; None leaves them to
    `undecided`."""

    name: str
    rules: tuple[Rule, ...] = ()
    undecided: Undecided = "fail"
    require: tuple[Demand, ...] = ()
    unknown_ancestors: int | None = None
    use: Use | None = None
    exceptions: tuple[Exemption, ...] = ()
    clarifications: tuple[Clarification, ...] = ()


def glob(repo: str, pattern: str) -> bool:
    """Whether a repo's id fits a pattern such as "acme/*"; case does not matter.

    >>> glob("Acme/Tiny-1B", "acme/*")
    True
    """
    return fnmatchcase(repo.lower(), pattern.lower())


def is_selected(clause: str, selectors: Iterable[str]) -> bool:
    """Whether a clause id is named by itself, by its group, or by a criterion that it touches.

    >>> is_selected("field.military", ["field"]), is_selected("field.military", ["osd.6"]), is_selected("field.military", ["field.weapons"])
    (True, True, False)
    """
    kind = rules.taxonomy()[clause]
    return any(s in (clause, kind.group, *kind.osd) for s in selectors)


def is_license(license_id: str | None, entries: Iterable[str]) -> bool:
    """Whether a license is named: by itself, by its family, inside an expression, or as a use policy that a named one incorporates.

    >>> is_license("MIT", ["Apache-2.0 OR MIT"]), is_license("LicenseRef-llama3.1", ["llama"]), is_license(None, ["MIT"])
    (True, True, False)
    """
    if license_id is None:
        return False
    family = (found.family if (found := records.record(license_id)) else None) or license_id
    return any(license_id in ids or family in ids for ids in map(_meant, entries))


@functools.cache
def _meant(entry: str) -> frozenset[str]:
    ids = (entry, *names.resolve(entry).ids)
    return frozenset(ids) | {part for i in ids if (r := records.record(i)) for part in r.incorporates}
