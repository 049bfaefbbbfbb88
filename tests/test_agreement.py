"""Records and rules, held to each other on texts of our own wording."""

from __future__ import annotations

import pytest

from licensecheck import agreement
from licensecheck.agreement import Text


def lines(license_id: str, text: str) -> list[str]:
    return [line for line in agreement.faults([Text(license_id, "a text", text)]) if license_id in line]


def test_a_clause_of_the_record_that_the_rules_do_not_find_is_a_fault() -> None:
    assert any("sharing.notice: the record holds it" in line for line in lines("ISC", "Do whatever you like with it."))


def test_a_restriction_that_the_record_does_not_hold_is_a_fault() -> None:
    found = lines("ISC", "Keep this notice in all copies. You may not use the software for military purposes.")
    assert any("field.military: the rules find it" in line for line in found)


def test_an_obligation_beyond_the_record_is_none() -> None:
    notice = "The above copyright notice and this permission notice must be included in all copies."
    assert not lines("ISC", f"{notice} This license is governed by the laws of the State of California.")


def test_a_difference_that_is_one_no_more_is_taken_out_of_the_list() -> None:
    text = "You may not use it for military purposes."
    assert any("no more, take it out" in line for line in lines("QPL-1.0", text))


def test_records_and_rules_agree_on_every_text_at_hand() -> None:
    if not agreement.at_hand():
        pytest.skip("no license text is here: neither licensedcode-data nor ../shared")
    assert agreement.faults() == ()
