"""What a segment states, beyond what the hits of the rules show."""

import pytest

from licensecheck import clauses, segment


def amounts(text: str) -> list[object]:
    found, _ = clauses.find(text, segment.segment(text))
    return sorted(c.params["amount"] for c in found if c.id == "threshold.revenue" and isinstance(c.params["amount"], int))


def test_each_of_two_ceilings_in_one_sentence_is_told() -> None:
    text = "A license is needed once your yearly revenue exceeds 2 million dollars or you have raised more than 9 million dollars."
    assert amounts(text) == [2_000_000, 9_000_000]


def test_a_fee_beside_a_ceiling_is_no_second_ceiling() -> None:
    assert amounts("Companies with a revenue above 3 million euros must buy a license for 500 euros.") == [3_000_000]


@pytest.mark.parametrize(
    ("text", "is_limited"),
    [
        ("You may use the Model for educational purposes. Any other use is prohibited.", True),
        ("Educational use is free. Everything else needs a separate license.", True),
        ("您可以将模型用于学术研究。其他用途均不允许。", True),
        ("You may use the Model for research. Any other use is welcome, too.", False),
    ],
)
def test_what_is_said_of_any_other_use_limits_the_sentence_before(text: str, is_limited: bool) -> None:
    found, _ = clauses.find(text, segment.segment(text))
    assert ("purpose.research-only" in {c.id for c in found}) is is_limited


@pytest.mark.parametrize(
    "text",
    [
        "The Model is provided for commercial purposes. Any other use is prohibited.",
        "Das Modell wird für kommerzielle Zwecke bereitgestellt. Jede andere Nutzung ist untersagt.",
        "本モデルは商用目的で提供されます。上記以外の利用は禁止します。",
    ],
)
def test_a_ban_on_any_other_use_does_not_forbid_what_the_sentence_before_allows(text: str) -> None:
    found, _ = clauses.find(text, segment.segment(text))
    assert "purpose.noncommercial" not in {c.id for c in found}
