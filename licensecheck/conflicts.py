"""Says where two places of one repo contradict each other about the same material, with the words of both and what is lost.

A pure function over what the other stages found. Two names of one license are no conflict, nor is a family and its member, nor
what is said about the code.
"""

from __future__ import annotations

from collections.abc import Sequence

from licensecheck.types import Card, Conflict, DocumentReading, Scope, Statement


def conflicts(
    card: Card,
    declared: Sequence[str],
    statements: Sequence[Statement],
    documents: Sequence[DocumentReading],
    *,
    material: Scope = "weights",
) -> tuple[Conflict, ...]:
    """The conflicts of one repo, the gravest first."""
    return ()
