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


def stated(text: str) -> set[str]:
    return {clause.id for clause in clauses.find(text, segment.segment(text))[0]}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("May I use it commercially? No.", {"purpose.noncommercial"}),
        ("问：可以商用吗？\n答：不能。", {"purpose.noncommercial"}),
        ("Do I have to publish my changes under the same license? No.", set()),
        ("Do I need to pay for commercial use?\n\nNo, it is free.", set()),
        ("商用需要付费吗？不，完全免费。", set()),
        ("问：可以用于军事吗？\n答：当然不行。", {"field.military"}),
        ("问：商用是否需要付费？\n答：不需要。", set()),
        ("Is commercial use prohibited? No.", set()),
        ("Q: Are military uses forbidden by this licence?\nA: No. It is a matter for the law.", set()),
        ("Are military uses forbidden? Yes.", {"field.military"}),
        ("Are military uses forbidden? No, except in peacetime.", {"field.military"}),
        ("## Are military uses forbidden?\n\nNo. Examples of users:\n- armed forces", set()),
        ("Is military use possible in the restricted mode? No.", {"field.military"}),
    ],
)
def test_an_answer_decides_what_its_question_states(text: str, ids: set[str]) -> None:
    assert stated(text) == ids


def test_a_heading_states_something_only_where_it_forbids() -> None:
    assert "field.law-enforcement" in stated("USE BY POLICE IS NOT PERMITTED.")
    assert stated("COMMERCIAL USE\n\nThe Model may be used for all purposes.") == set()


def test_what_a_ban_or_a_permission_includes_is_forbidden_or_permitted_with_it() -> None:
    assert "field.malware" in stated("The Model must not be used to do harm. This includes, but is not limited to, writing malware.")
    assert stated("Anyone may use the Model, altered or not, for whatever purpose. This includes commercial purposes.") == set()


@pytest.mark.parametrize("cell", ["Licensed", "Permitted?"])
def test_a_no_in_a_column_that_tells_what_is_allowed_forbids_its_row(cell: str) -> None:
    assert stated(f"| Use | {cell} |\n|---|---|\n| Research | yes |\n| Commercial products | no |") == {"purpose.noncommercial"}


@pytest.mark.parametrize("text", ["You can't use it for weapons.", "Please don't use it for weapons.", "You shan't use it for weapons."])
def test_a_contracted_not_forbids_as_a_written_out_one_does(text: str) -> None:
    assert stated(text) == {"field.weapons"}


def test_what_is_not_forbidden_in_japanese_is_no_ban() -> None:
    assert stated("このモデルは商用利用を禁止していません。") == set()


def test_what_other_licenses_or_earlier_versions_forbid_is_not_forbidden_here() -> None:
    assert stated("Earlier models came with a list of prohibited uses: military work, surveillance.") == set()
    assert stated("Other licences forbid commercial use; this one does not.") == set()


@pytest.mark.parametrize(
    "text",
    [
        "## Prohibited Uses\n\n### Armies\n\n- combat operations\n",
        "1. Prohibited Uses\n\n1.1 Armies\n\nCombat operations of any kind.\n",
        "### Use Restrictions\n\nMass surveillance of persons.\n\nCombat operations.\n",
    ],
)
def test_a_heading_that_forbids_reaches_down_to_what_only_names_a_use(text: str) -> None:
    assert "field.military" in stated(text)


@pytest.mark.parametrize(
    "text",
    [
        "## Restrictions\n\n### Permitted Uses\n\n- combat operations\n",
        "## Prohibited Uses\n\nThe following section lists them.\n\n## Our Customers\n\n- combat operations\n",
        "## Prohibited Uses\n\nCombat operations are covered by another agreement.\n",
    ],
)
def test_a_heading_that_forbids_does_not_reach_what_is_permitted_said_or_under_another_section(text: str) -> None:
    assert "field.military" not in stated(text)


@pytest.mark.parametrize(
    "text",
    [
        "If your project serves an army, do not use this model.",
        "Users who build weapons or run an army have no license.",
        "Any of the following will terminate this license: (1) military use; (2) spam.",
        "Off-limits uses include the following:\n\n1. **Armies.** Any use in combat.\n2. **Spam.** Any bulk mail.",
        "使用者承诺：不用于军事用途。",
    ],
)
def test_a_ban_may_come_after_what_it_forbids_or_lead_into_titled_items(text: str) -> None:
    assert "field.military" in stated(text)


def test_a_short_defined_term_without_spaces_around_it_is_found() -> None:
    found, _ = clauses.find(text := "“大型平台”指月活跃用户超过1亿的平台。大型平台须另行取得许可。", segment.segment(text))
    assert [dict(c.params) for c in found if c.id == "threshold.users"] == [{"limit": 100_000_000, "period": "month"}]


@pytest.mark.parametrize("cell", ["不授权", "不许可", "否"])
def test_a_chinese_table_says_no_to_its_row(cell: str) -> None:
    assert "field.military" in stated(f"| 应用 | 授权 |\n|---|---|\n| 研究 | 是 |\n| 军事用途 | {cell} |")


@pytest.mark.parametrize(
    ("sentence", "heading", "use"),
    [
        ("You shall not use the Model for a purpose listed in Annex 1.", "ANNEX 1 – The list", "military use"),
        ("Use of the Model in any way described in Attachment A is prohibited.", "Attachment A", "military use"),
        ("You shall comply with the use restrictions in Schedule B.", "Schedule B: conduct", "military use"),
        ("使用者不得将模型用于附件一所列用途。", "附件一", "军事用途"),
        ("Der Lizenznehmer darf das Modell nicht für die in Anlage 1 genannten Zwecke nutzen.", "Anlage 1", "militärische Zwecke"),
    ],
)
def test_an_annex_that_a_sentence_names_as_forbidden_uses_forbids(sentence: str, heading: str, use: str) -> None:
    text = f"{sentence}\n\n{heading}\n\n1. {use}\n"
    found, problems = clauses.find(text, segment.segment(text))
    assert [c.id for c in found if c.id.startswith("field.")] == ["field.military"]
    assert problems == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "You may use the Model only in the manner described in Annex 1.",
        "You must not use the Model except for purposes listed in Annex 1.",
        "You may not use the Model in a manner contrary to the uses granted in Annex 1.",
        "You may use the Model for any purpose that Annex 1 does not exclude, and may not remove the notices in Annex 1.",
        "You must not use the Model for a purpose listed in Annex 2.",
    ],
)
def test_an_annex_of_what_is_allowed_or_of_other_things_forbids_nothing(sentence: str) -> None:
    assert not [id for id in stated(f"{sentence}\n\nAnnex 1\n\n1. military use\n") if id.startswith("field.")]


@pytest.mark.parametrize(
    "text",
    [
        "We recommend not using the model for medical decisions.",
        "It would be nice if you did not use it for spam.",
        "Some people have asked us to forbid use for surveillance or fraud.",
        "We considered a ban on commercial use and decided against it.",
        "The law of your country may prohibit deepfakes; that is not our concern.",
    ],
)
def test_what_is_only_recommended_or_forbidden_by_others_is_no_ban(text: str) -> None:
    assert stated(text) == set()


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("You may not clone the kit (except as a spare copy), take it apart or decompile it.", "sharing.no-reverse-engineering"),
        ("The buyer may not lease or transfer the rights to the kit, or rent out the model.", "sharing.no-sale"),
    ],
)
def test_a_ban_goes_on_behind_what_seems_to_end_it(text: str, clause: str) -> None:
    assert clause in stated(text)


def test_an_exception_in_brackets_is_one_within_them() -> None:
    assert "field.military" not in stated("You may not use the model (except for military purposes), sell or lease it.")
