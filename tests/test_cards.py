"""Front matter as people write it."""

from __future__ import annotations

import time

import pytest

from licensecheck.cards import UNREADABLE, card, front_matter
from licensecheck.types import BaseModel, Card


def read(text: str) -> Card:
    return card(front_matter(text)[0])


def test_the_lines_of_the_front_matter_are_counted_so_that_the_body_starts_on_the_next() -> None:
    text = "---\nlicense: mit\n---\n# Title\n"
    metadata, lines, problem = front_matter(text)
    assert (metadata, problem) == ({"license": "mit"}, None)
    assert text.split("\n")[lines] == "# Title"


@pytest.mark.parametrize(
    "text",
    ["\ufeff---\nlicense: mit\n---\nx", "---\r\nlicense: mit\r\n---\r\nx", "\n\n---  \nlicense: mit\n---", "---\rlicense: mit\r---\rx"],
)
def test_a_byte_order_mark_other_line_ends_and_blank_lines_do_no_harm(text: str) -> None:
    metadata, lines, problem = front_matter(text)
    assert (metadata, problem) == ({"license": "mit"}, None)
    assert lines in (3, 5)


@pytest.mark.parametrize("text", ["", "\n\n", "# Title\n\nProse.\n", "--- not a fence\n"])
def test_a_card_without_front_matter_is_no_problem(text: str) -> None:
    assert front_matter(text) == ({}, 0, None)


def test_values_are_kept_as_they_are_written() -> None:
    assert read("---\nlicense: no\n---\n").license == ("no",)
    assert read("---\nlicense: 1.10\n---\n").license == ("1.10",)
    assert read("---\nlicense: 2024-01-01\n---\n").license == ("2024-01-01",)
    assert read("---\nlicense: Apache License 2.0\n---\n").license == ("Apache License 2.0",)


@pytest.mark.parametrize("value", ["", "~", "null", "[]", "{}", '""'])
def test_a_license_that_is_named_but_not_given_is_absent(value: str) -> None:
    assert read(f"---\nlicense: {value}\n---\n").license == ()


def test_all_keys_for_a_license_and_all_values_count() -> None:
    assert read("---\nlicense:\n- mit\n- other\n---\n").license == ("mit", "other")
    assert read("---\nlicence: mit\nlicenses: [cc-by-4.0, mit]\n---\n").license == ("mit", "cc-by-4.0")
    assert read("---\nlicense: {name: heron, url: x}\n---\n").license == ("heron",)
    assert read("---\nlicense: other\nlicense_details: research only\n---\n").license_name == "research only"


def test_a_key_that_stands_twice_loses_none_of_its_values() -> None:
    metadata, _, problem = front_matter("---\nlicense: cc-by-nc-4.0\ntags: [a]\nlicense: mit\n---\n")
    assert set(card(metadata).license) == {"cc-by-nc-4.0", "mit"}
    assert problem
    assert "more than once" in problem


def test_base_models_come_as_ids_with_their_relation() -> None:
    one = read("---\nbase_model: https://huggingface.co/org/base/tree/main\nbase_model_relation: adapter\n---\n")
    assert one.base_models == (BaseModel("org/base", "adapter"),)
    two = read("---\nbase_model:\n- org/one\n- org/two\n- org/one\n---\n")
    assert two.base_models == (BaseModel("org/one"), BaseModel("org/two"))
    assert read("---\nbase_model: ./checkpoints/7\n---\n").base_models == (BaseModel("./checkpoints/7"),)
    assert read("---\nbase_model: https://huggingface.co/datasets/org/data\n---\n").base_models == (BaseModel("datasets/org/data"),)


def test_the_gate_prompt_keeps_its_lines() -> None:
    found = read(
        "---\nextra_gated_prompt: |\n  First line.\n\n  Second line.\nextra_gated_fields:\n  Name: text\n  I agree: checkbox\n---\n"
    )
    assert found.gate_prompt == "First line.\n\nSecond line.\n"
    assert found.gate_fields == ("Name", "I agree")


@pytest.mark.parametrize(
    "broken",
    [
        "tags: [a, b\nlicense: cc-by-nc-4.0",
        "license: cc-by-nc-4.0\n  bad:\n indent",
        "license: cc-by-nc-4.0\nx: '",
        "a: b: c\nlicense: 'cc-by-nc-4.0' # why",
    ],
)
def test_broken_yaml_still_tells_its_license_and_says_so(broken: str) -> None:
    metadata, lines, problem = front_matter(f"---\n{broken}\nbase_model:\n- org/base\n---\nProse\n")
    assert card(metadata).license == ("cc-by-nc-4.0",)
    assert card(metadata).base_models == (BaseModel("org/base"),)
    assert lines == broken.count("\n") + 5
    assert problem
    assert "broken YAML" in problem


def test_a_broken_list_of_licenses_may_name_more_than_can_be_read() -> None:
    metadata, _, problem = front_matter("---\nlicense: [mit,\n  cc-by-nc-4.0\ntags: x\n---\n")
    assert card(metadata).license == ("mit", UNREADABLE)
    assert problem
    assert "broken YAML" in problem


def test_front_matter_that_never_ends_is_read_up_to_the_prose_and_hides_none_of_it() -> None:
    metadata, lines, problem = front_matter("---\nlicense: mit\n\n# Title\nlicense: not metadata\n")
    assert (metadata, lines) == ({"license": "mit"}, 0)
    assert problem
    assert "never ends" in problem


def test_misplaced_front_matter_is_read_and_reported() -> None:
    metadata, lines, problem = front_matter("# Title\n\n---\nlicense: mit\n---\nProse\n")
    assert (metadata, lines) == ({"license": "mit"}, 0)
    assert problem
    assert "line 3" in problem


def test_a_rule_between_paragraphs_is_no_front_matter() -> None:
    assert front_matter("# Title\n\n---\nThe license: see below.\n---\n") == ({}, 0, None)


HOSTILE = {
    "a list nested 100,000 deep": "x: " + "[" * 100_000 + "\nlicense: mit",
    "a mapping nested 3,000 deep": "".join(f"{' ' * i}a:\n" for i in range(3000)) + "license: mit",
    "aliases of aliases": "a: &a [x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20))
    + "license: mit\ntags: *u",
    "an alias of itself": "tags: &t [*t]\nlicense: mit",
    "NUL": "x: \x00\nlicense: mit",
    "half a character": "x: \ud800\nlicense: mit",
    "a key that is a list": "? [a]\n: b\nlicense: mit",
    "a tag that asks for code": "x: !!python/object/apply:os.system [exit]\nlicense: mit",
    "100,000 tags": "license: mit\ntags:\n" + "- x\n" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_front_matter_is_read_in_time_and_never_crashes(text: str) -> None:
    started = time.monotonic()
    found = read(f"---\n{text}\n---\n")
    assert time.monotonic() - started < 5
    assert found.license in (("mit",), ())
    assert len(found.tags) <= 1000


@pytest.mark.parametrize("value", [None, 5, True, 1.5, "x", [], {}, [None, 1, ["x"], {"y": 1}], {"name": ["z"]}, [[[]]], float("nan")])
def test_values_of_every_type_are_taken_under_every_key(value: object) -> None:
    keys = "license licence license_name license_link license_details base_model base_model_relation datasets tags library_name"
    keys += " extra_gated_prompt extra_gated_fields"
    found = card(dict.fromkeys(keys.split(), value))
    assert all(isinstance(text, str) for text in (*found.license, *found.tags, *found.datasets, *found.gate_fields))
    assert all(isinstance(parent.id, str) for parent in found.base_models)
    assert card({}) == Card()
