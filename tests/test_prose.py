"""What a card's sentences say about terms, in our own words."""

from __future__ import annotations

import time

import pytest

from licensecheck import embedded, markdown, prose
from licensecheck.prose import Context
from licensecheck.types import Statement


def read(text: str, **context: object) -> list[Statement]:
    return [s for s in prose.statements(text, "README.md", Context(**context)) if not s.is_weak]  # type: ignore[arg-type]


def brief(text: str, **context: object) -> list[tuple[str | None, str]]:
    return [(s.license, s.scope) for s in read(text, **context)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The code is licensed under MIT, the weights are released under CC BY-NC 4.0.", [("MIT", "code"), ("CC-BY-NC-4.0", "weights")]),
        ("The code and the model weights are released under the Apache 2.0 license.", [("Apache-2.0", "all")]),
        ("- **License:** apache-2.0", [("Apache-2.0", "weights")]),
        ("| License | `CC BY-SA 4.0` |", [("CC-BY-SA-4.0", "weights")]),
        ("## License\n\nMIT", [("MIT", "weights")]),
        (
            "这里的程序代码采用 [Apache-2.0](LICENSE) 许可，权重文件则适用 [MIT](W) 许可。",
            [("Apache-2.0", "code"), ("MIT", "weights")],
        ),
        ("このモデルはApache 2.0ライセンスの下で公開されています。", [("Apache-2.0", "weights")]),
        ("이 모델은 Apache 2.0 라이선스를 따릅니다.", [("Apache-2.0", "weights")]),
        ("Dieses Modell wird unter der MIT-Lizenz veröffentlicht.", [("MIT", "weights")]),
        ("Este modelo se distribuye bajo la licencia Apache 2.0.", [("Apache-2.0", "weights")]),
        ("Ce modèle est distribué sous licence MIT.", [("MIT", "weights")]),
        ("This project is released under the MIT license.", [("MIT", "all")]),
        ("The tensors fall under our own rules.\n\n- dataset: cc-by-4.0\n- model: mit\n", [("CC-BY-4.0", "data"), ("MIT", "weights")]),
    ],
)
def test_a_statement_of_license_is_found_with_its_license_and_scope(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("These weights are shared for research purposes only.", "purpose.research-only"),
        ("This model may not be used for commercial purposes.", "purpose.noncommercial"),
        ("本模型仅限研究使用，不得用于商业用途。", "purpose.noncommercial"),
        ("当モデルの商用利用は禁止です。", "purpose.noncommercial"),
        ("이 모델은 상업적 이용을 금지합니다.", "purpose.noncommercial"),
        ("For commercial use of this model, please contact us.", "purpose.commercial-terms"),
        ("模型权重对学术研究开放，商业使用需填写问卷申请授权。", "purpose.commercial-terms"),
    ],
)
def test_a_restriction_in_prose_carries_its_clause(text: str, clause: str) -> None:
    assert clause in {c for s in read(text) for c in s.clauses}


@pytest.mark.parametrize(
    "text",
    [
        "## Intended use\n\nThe model is intended for research on dialogue.",
        "## Uses\n\nThe model is intended for research purposes only.",
        "We compared with other open-source models and commercial systems.",
        "Ask a licensed medical professional before you act on an answer.",
        "## Citation\n\n```\n@misc{x, title={An Apache licensed corpus}}\n```",
        "```python\n# License: MIT\nload()\n```",
        "Our tokenizer was trained on text that had been filtered for permissive licenses.",
        "OtherNet is licensed under MIT, but we did not use it.",
        "- [License](#license)\n- [Usage](#usage)",
        "## License\n\n[More Information Needed]",
        "This is a modified version of something that was commercially successful.",
    ],
)
def test_what_states_no_license_stays_silent(text: str) -> None:
    assert read(text) == []


def test_a_badge_is_only_a_weak_statement() -> None:
    found = prose.statements("![License](https://img.shields.io/badge/License-MIT-blue.svg)", "README.md")
    assert [(s.license, s.is_weak) for s in found] == [("MIT", True)]


def test_a_changed_license_is_never_the_license_that_it_was_made_from() -> None:
    assert "MIT" not in [license_id for license_id, _ in brief("The weights are released under a Modified MIT License.")]


def test_the_model_license_means_the_one_that_the_card_declares() -> None:
    text = "The use of these models is subject to [the Model License](LICENSE-MODEL)."
    assert brief(text, declared=("LicenseRef-acme-model",)) == [("LicenseRef-acme-model", "weights")]


def test_a_family_name_means_its_declared_member() -> None:
    assert brief("The weights are under a CC BY-NC license.", declared=("CC-BY-NC-4.0",)) == [("CC-BY-NC-4.0", "weights")]


def test_the_name_of_a_license_does_not_tell_the_scope() -> None:
    assert [scope for _, scope in brief("## License\n\n[Acme Source Code License](LICENSE)")] == ["weights"]


def test_in_the_card_of_a_dataset_statements_speak_of_data() -> None:
    assert brief("It is licensed under CC0 1.0.", material="data") == [("CC0-1.0", "data")]


def test_quotes_are_verbatim_and_lines_count_from_one_after_the_front_matter() -> None:
    text = "---\nlicense: mit\n---\n\n# Title\n\nThe model is released\nunder the **MIT** license.\n"
    (found,) = [s for s in prose.statements(text, "README.md", skip_lines=3) if not s.is_weak]
    assert (found.start_line, found.end_line) == (7, 8)
    assert found.quote == "The model is released under the **MIT** license."


def test_misplaced_front_matter_is_a_statement() -> None:
    assert brief("Some words first.\n\n---\nlicense: apache-2.0\n---\n") == [("Apache-2.0", "weights")]


TERMS = """## Acme Model License Agreement

By downloading the weights you agree to be bound by this Agreement.
Acme hereby grants you a limited license to use the Materials.
You will indemnify Acme against any claim.

## Usage

Call it.
"""


def test_license_terms_in_a_card_are_cut_out_with_their_lines() -> None:
    cut = embedded.terms(TERMS)
    assert cut.count("\n") + 1 >= 5
    assert "indemnify" in cut.split("\n")[4]
    assert "Call it" not in cut
    assert any("legal.indemnity" in s.clauses for s in read(TERMS))


def test_a_card_without_terms_has_none_to_cut() -> None:
    assert embedded.terms("# Hello\n\nThe code is under MIT.\n") == ""


@pytest.mark.parametrize(
    "unit", ["[", "![a](", "**", "| a ", "<a ", "a license b, ", "\\", "(" * 5 + "]", "```\n", "- license: ", "under the Big " * 3]
)
def test_hostile_cards_are_read_in_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        prose.statements(text, "README.md")
        embedded.terms(text)
        return time.perf_counter() - start

    seconds(2_000)
    assert seconds(100_000) < 2.0


def test_every_piece_of_a_card_stands_where_it_says() -> None:
    text = "# A\n\nOne. Two <br> three.\n\n- item [link](http://x.y)\n\n| a | b |\n|---|---|\n| c | d |\n"
    for piece in markdown.pieces(text):
        assert len(piece.text) == piece.end - piece.start
        assert 0 <= piece.start < piece.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We release this model as cc-by-nc-4.0.", [("CC-BY-NC-4.0", "weights")]),
        ("- **Permissive Apache 2.0 license:** build on it.", [("Apache-2.0", "weights")]),
        ("- **Really open**: An MIT open-source license, everywhere.", [("MIT", "weights")]),
        ("Usage is subject to the Gemma Terms of Use.", [("LicenseRef-gemma", "weights")]),
        ("Unless otherwise stated, everything here is CC0.", [("CC0-1.0", "all")]),
        ("It's CC-BY-NC, because of what it was trained on.", [("LicenseRef-cc-by-nc", "weights")]),
        ("The dataset is in the public domain.", [("LicenseRef-public-domain", "data")]),
        ("Weights: CC-BY-NC 4.0", [("CC-BY-NC-4.0", "weights")]),
        ("ライセンスはApache 2.0です。", [("Apache-2.0", "weights")]),
        ("Эта модель распространяется под лицензией MIT.", [("MIT", "weights")]),
        ("# License\n- [acme/base](https://example.org/base): apache-2.0", [("Apache-2.0", "weights")]),
        ("# License\n[LICENSE.txt](legal/LICENSE.txt)", [(None, "weights")]),
    ],
)
def test_a_license_is_found_where_only_its_name_makes_the_sentence_one(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("For research use only.", "purpose.research-only"),
        ("仅供学术研究使用，禁止商用。", "purpose.noncommercial"),
        ("Not for commercial use.", "purpose.noncommercial"),
        ("商用利用は禁止です。", "purpose.noncommercial"),
        ("상업적 이용이 금지됩니다.", "purpose.noncommercial"),
        ("Commercial use requires a license from the authors.", "purpose.commercial-terms"),
        ("Please do not redistribute this model.", "sharing.no-redistribution"),
        ("Attribution is required.", "sharing.notice"),
        ("By downloading the weights, you agree to the license terms.", "stability.acceptance"),
        ("Use of our trademarks or logos in changed versions must not cause confusion.", "legal.no-trademark"),
    ],
)
def test_a_restriction_needs_no_subject(text: str, clause: str) -> None:
    assert clause in {c for s in read(text) for c in s.clauses}


def test_what_a_model_is_meant_for_is_told_but_forbids_nothing() -> None:
    found = read("This model is meant for research purposes only.")
    assert [s.clauses for s in found] == [()]


def test_a_sentence_of_terms_that_is_set_as_code_is_read() -> None:
    terms = 'Acme Terms\n\nBy using the model, you agree to be bound by this Agreement.\n\n"Agreement" means these terms.\n'
    found = read(f"# Acme\n\n## Acme License Agreement\n\n```\n{terms}```\n\nA fast model.\n")
    assert "By using the model, you agree to be bound by this Agreement." in [s.quote for s in found]


def test_a_title_that_is_the_name_of_the_repo_is_no_section_of_examples() -> None:
    assert brief("# Example-7B\n\nThis model is licensed under MIT.", name="acme/Example-7B") == [("MIT", "weights")]


def test_three_dimensions_are_no_version() -> None:
    assert brief("It is released with CC-BY-NC 3D objects.") == [("LicenseRef-cc-by-nc", "weights")]


def test_a_field_that_speaks_of_code_and_weights_keeps_them_apart() -> None:
    found = brief("**License:** Code is released under MIT, model weights are released under CC-BY-NC 4.0.")
    assert found == [("MIT", "code"), ("CC-BY-NC-4.0", "weights")]


def test_a_table_of_code_and_weights_needs_no_header() -> None:
    assert brief("| Code | MIT |\n| Model weights | CC-BY-NC-4.0 |\n") == [("MIT", "code"), ("CC-BY-NC-4.0", "weights")]


def test_a_ban_on_a_use_is_told_outside_of_the_intended_use() -> None:
    ban = "Usage of this model for military purposes is not allowed."
    assert [s.quote for s in read(ban)] == [ban]
    assert read(f"# Intended use\n{ban}") == []
