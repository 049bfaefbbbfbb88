"""A licensor that goes by its name is read as one, and a product that carries the name is not."""

from __future__ import annotations

import time

import pytest

from licensecheck import parties, rulecheck


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('Kestrel Labs Ltd, a company registered in Utopia ("Kestrel"), grants a license.', ["Kestrel"]),
        ('"Kestrel" or "we" means Kestrel AI Inc.', ["Kestrel"]),
        ('"Kestrel" means Kestrel AI Inc. and its affiliates.', ["Kestrel"]),
        ('This license is granted by Kestrel AI (the "Licensor").', ["Kestrel AI"]),
        ("Copyright (c) 2026 Kestrel AI\nAll rights reserved.", ["Kestrel AI"]),
        ('"Program" means the Program that Kestrel offers.', []),
        ('Kestrel Labs Ltd ("Agreement")', []),
        ('Kestrel Labs Ltd and its kit ("SDK")', []),
        ("You may use the Kestrel model.", []),
    ],
)
def test_the_names_of_a_licensor_are_those_it_gives_itself(text: str, names: list[str]) -> None:
    found = parties.named(text)
    said = " ".join(f"{name} may end it." for name in ("Kestrel", "Kestrel AI", "Program", "Agreement"))
    assert (found.findall(said) if found else []) == names


def test_a_product_that_carries_the_name_is_not_the_licensor() -> None:
    found = parties.named('Kestrel Labs Ltd ("Kestrel") offers this.')
    assert found is not None
    assert found.findall("Kestrel Materials and Kestrel Chat are products of Kestrel, and Kestrel's own.") == ["Kestrel", "Kestrel's"]


def test_what_a_named_licensor_may_do_is_read_like_what_the_licensor_may_do() -> None:
    said = rulecheck.said('Kestrel Labs Ltd ("Kestrel") licenses the weights.\n\nKestrel may end this license at any time for any reason.')
    assert "stability.revocable" in said


@pytest.mark.parametrize("piece", ['"A" or ', 'Example Ltd ("', "A Inc ", "Copyright 2026 A ", '"Aaaa" means A B '])
def test_names_are_looked_for_in_time_linear_in_the_text(piece: str) -> None:
    text = piece * (parties.READ // len(piece))
    start = time.process_time()
    parties.named(text)
    assert time.process_time() - start < 1
