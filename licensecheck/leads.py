"""The chain of lead-ins above an item, held within bounds."""

from __future__ import annotations

from licensecheck.types import Span

DEPTH = 12  # lists within lists
CHAIN = 2000  # characters of all lead-ins of one item

Leads = tuple[Span, ...]


def cap(leads: Leads) -> Leads:
    """The chain within `DEPTH` lead-ins and `CHAIN` characters: outermost and nearest are kept longest."""
    if len(leads) > DEPTH:
        leads = (leads[0], *leads[len(leads) - DEPTH + 1 :])
    if len(leads) < 2 or leads[0].end - leads[0].start + leads[-1].end - leads[1].start <= CHAIN:
        return leads  # the usual case, told without adding up
    while len(leads) > 2 and sum(lead.end - lead.start for lead in leads) > CHAIN:
        leads = (leads[0], *leads[2:])
    if sum(lead.end - lead.start for lead in leads) > CHAIN:
        leads = leads[1:]
    return leads
