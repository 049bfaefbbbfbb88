"""Shapes of license texts, each with the segments it must give. All wordings are our own."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensecheck.language import language, languages
from licensecheck.leads import CHAIN, DEPTH
from licensecheck.segment import segment
from licensecheck.sentences import LONGEST
from licensecheck.types import Segment, Span

BAN = "You agree not to use the Model:"


@dataclass(frozen=True)
class Shown:
    """A segment as words, white space folded."""

    kind: str
    words: str
    leads: tuple[str, ...]
    heading: str | None


def show(text: str) -> list[Shown]:
    def words(span: Span | Segment) -> str:
        return " ".join(text[span.start : span.end].split())

    return [
        Shown(item.kind, words(item), tuple(words(lead) for lead in item.leads), words(item.heading) if item.heading else None)
        for item in segment(text)
    ]


def items(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(item.words, item.leads) for item in show(text) if item.kind == "item"]


def plain(text: str) -> list[str]:
    return [item.words for item in show(text) if item.kind == "sentence"]


def headings(text: str) -> list[str]:
    return [item.words for item in show(text) if item.kind == "heading"]


LISTS = {
    "(a)": f"{BAN}\n(a) for war;\n(b) to spy.",
    "a.": f"{BAN}\na. for war;\nb. to spy.",
    "a)": f"{BAN}\na) for war;\nb) to spy.",
    "A.": f"{BAN}\nA. for war;\nB. to spy.",
    "1.": f"{BAN}\n1. for war;\n2. to spy.",
    "1)": f"{BAN}\n1) for war;\n2) to spy.",
    "(1)": f"{BAN}\n(1) for war;\n(2) to spy.",
    "1.1": f"{BAN}\n1.1 for war;\n1.2 to spy.",
    "i.": f"{BAN}\ni. for war;\nii. to spy.",
    "(iv)": f"{BAN}\n(iv) for war;\n(v) to spy.",
    "dash": f"{BAN}\n- for war;\n- to spy.",
    "star": f"{BAN}\n\n* for war;\n\n* to spy.",
    "dot": f"{BAN}\n• for war;\n• to spy.",
    "glued dot": f"{BAN}\n·for war;\n·to spy.",
    "black dot": f"{BAN}\n● for war;\n● to spy.",
    "tab": f"{BAN}\n-\tfor war;\n-\tto spy.",
    "escaped": f"{BAN}\n1\\. for war;\n2\\. to spy.",
    "bold marker": f"{BAN}\n**1.** for war;\n**2.** to spy.",
    "marker alone": f"{BAN}\n(a)\nfor war;\n(b)\nto spy.",
    "indent": f"{BAN}\n\n    for war;\n\n    to spy.",
    "blank lines": f"{BAN}\n\nfor war;\n\nto spy.",
    "plain lines": f"{BAN}\nfor war;\nto spy.",
    "in line (a)": f"{BAN} (a) for war; (b) to spy.",
    "in line i)": f"{BAN} i) for war; ii) to spy.",
    "in line 1.": f"{BAN} 1. for war; 2. to spy.",
    "in line ①": f"{BAN} ① for war; ② to spy.",
    "semicolons": f"{BAN} for war; to spy.",
    "crlf": f"{BAN}\r\n- for war;\r\n- to spy.",
    "html list": f"<p>{BAN}</p><ul><li>for war;</li><li>to spy.</li></ul>",
    "html breaks": f"{BAN}<br>- for war;<br>- to spy.",
    "quoted": f"> {BAN}\n> - for war;\n> - to spy.",
    "page break": f"{BAN}\n- for war;\n\fPage 3 of 9\n- to spy.",
    "no colon": "You must not\n- for war;\n- to spy.",
    "escapes": f'license: \\"{BAN}\\n- for war;\\n- to spy.',
}


@pytest.mark.parametrize("shape", LISTS)
def test_items_of_a_list_carry_the_lead_in(shape: str) -> None:
    found = items(LISTS[shape])
    assert [words for words, _ in found] == ["for war;", "to spy."]
    assert all(leads and leads[0].endswith(("not to use the Model:", "must not")) for _, leads in found)


CHINESE = {
    "、": "您不得将模型用于：\n一、军事用途；\n二、监控他人。",
    "（一）": "您不得将模型用于：\n（一）军事用途；\n（二）监控他人。",
    "1、": "您不得将模型用于：\n1、军事用途；\n2、监控他人。",
    "1．": "您不得将模型用于：\n1．军事用途；\n2．监控他人。",
    "①": "您不得将模型用于：\n①军事用途；\n②监控他人。",
    "in line": "您不得将模型用于：（1）军事用途；（2）监控他人。",
    "in line ①": "您不得将模型用于：①军事用途；②监控他人。",
    "semicolons": "您不得将模型用于：军事用途；监控他人。",
}


@pytest.mark.parametrize("shape", CHINESE)
def test_chinese_lists_are_lists(shape: str) -> None:
    assert items(CHINESE[shape]) == [("军事用途；", ("您不得将模型用于：",)), ("监控他人。", ("您不得将模型用于：",))]


def test_the_chain_of_lead_ins_is_whole_and_outermost_first() -> None:
    text = f"{BAN}\n1. To harm others, including:\n  a. bodies, such as:\n    i. maiming\n    ii. killing\n  b. minds\n2. To spy"
    assert items(text)[2:] == [
        ("maiming", (BAN, "To harm others, including:", "bodies, such as:")),
        ("killing", (BAN, "To harm others, including:", "bodies, such as:")),
        ("minds", (BAN, "To harm others, including:")),
        ("To spy", (BAN,)),
    ]


def test_levels_are_told_by_markers_where_nothing_is_indented() -> None:
    text = f"{BAN}\n1. to harm, including:\na. by force;\nb. by fraud;\n2. to spy"
    assert [(words, len(leads)) for words, leads in items(text)] == [
        ("to harm, including:", 1),
        ("by force;", 2),
        ("by fraud;", 2),
        ("to spy", 1),
    ]


def test_levels_are_told_by_indents_where_nothing_is_marked() -> None:
    text = f"{BAN}\n\n    To harm, including:\n\n        by force;\n        by fraud.\n\n    To spy on others."
    assert [(words, len(leads)) for words, leads in items(text)] == [
        ("To harm, including:", 1),
        ("by force;", 2),
        ("by fraud.", 2),
        ("To spy on others.", 1),
    ]


def test_the_letter_i_after_h_is_a_letter() -> None:
    text = f"{BAN}\n" + "\n".join(f"{letter}. thing {letter};" for letter in "abcdefghijk")
    assert all(leads == (BAN,) for _, leads in items(text))
    assert len(items(text)) == 11


def test_a_wrong_number_does_not_lose_the_lead_in() -> None:
    text = f"{BAN}\n(a) for war;\n(b) to spy;\n(a) to cheat;\n(c) to maim."
    assert [leads for _, leads in items(text)] == [(BAN,)] * 4


def test_numbering_that_restarts_under_each_parent_keeps_its_parent() -> None:
    text = f"{BAN}\n1. to harm, including:\n    1. by force\n    2. by fraud\n2. to deceive, including:\n    1. by forgery\n3. to spy"
    assert items(text)[4] == ("by forgery", (BAN, "to deceive, including:"))
    assert items(text)[5] == ("to spy", (BAN,))


def test_a_lead_in_reaches_over_headings_below_it() -> None:
    text = f"## Banned\n{BAN}\n\n### Harm\n- maiming\n- killing\n\n### Deceit\n- forgery\n\n## Contact\n- by letter"
    assert items(text)[2] == ("forgery", (BAN,))
    assert items(text)[3] == ("by letter", ())


def test_a_long_item_gives_several_items_with_the_same_lead_ins() -> None:
    text = f"{BAN}\n- for war. This covers drills too.\n- to spy."
    assert items(text) == [("for war.", (BAN,)), ("This covers drills too.", (BAN,)), ("to spy.", (BAN,))]


def test_paragraphs_after_a_list_do_not_inherit_its_lead_in() -> None:
    text = f"{BAN}\n\n- for war;\n- to spy.\n\nWe may end this license at any time."
    assert plain(text) == [BAN, "We may end this license at any time."]


def test_indented_first_lines_are_no_part_of_the_list_before() -> None:
    text = "  The makers take two steps:\n(1) they write, and\n(2) they share.\n\n  Some devices forbid this. They must not."
    assert plain(text)[1:] == ["Some devices forbid this.", "They must not."]
    assert items(f"{BAN}\n- for war;\n\n  This covers drills.")[1] == ("This covers drills.", (BAN,))


def test_an_unmarked_list_ends_at_the_next_full_sentence() -> None:
    text = "The following are prohibited:\nmilitary use\nsurveillance\n\nThis license is governed by the law of Utopia."
    assert [words for words, _ in items(text)] == ["military use", "surveillance"]
    assert plain(text)[-1] == "This license is governed by the law of Utopia."


def test_an_unmarked_list_of_whole_sentences_goes_on() -> None:
    text = f"{BAN}\n\nMake or sell weapons of any kind.\n\nWatch people in secret.\n\nYou may end this license."
    assert [words for words, _ in items(text)] == ["Make or sell weapons of any kind.", "Watch people in secret."]


def test_a_section_does_not_inherit_the_lead_in_of_the_one_before() -> None:
    text = "1. Restrictions. You agree not to:\n(a) make war;\n(b) spy.\n2. Support. We may help you.\n3. We may change the terms."
    shown = show(text)
    assert [item.leads for item in shown if "We may" in item.words] == [(), ()]
    assert [item.heading for item in shown if "change" in item.words] == [None]


def test_agree_as_follows_governs_nothing() -> None:
    text = "NOW THEREFORE, you and we agree as follows:\n\n1. You may use the model.\n2. You may copy it."
    assert all(item.leads == () for item in show(text))


def test_whole_sections_are_not_governed_by_the_line_before_them() -> None:
    text = (
        "For research only under the following terms:\n\n1. Grant. You may copy it.\n2. Support. We give none:\n(a) no mail;\n(b) no calls."
    )
    assert [item.leads for item in show(text) if item.words == "You may copy it."] == [()]
    assert items(text)[-1] == ("(b) no calls.".removeprefix("(b) "), ("We give none:",))
    assert all(item.leads == () for item in show("Under the Utopia License version 2.0\n1) You may copy it.\n2) You may read it."))


def test_a_line_that_begins_with_the_number_of_a_section_is_no_item() -> None:
    lines = [
        "You may copy the model when you also keep to the notice of section",
        "7. This holds for every copy that you make of the model or of any",
        "part of it, and for all that you derive from it by any means, or",
        "that others derive from it for you, whatever the form may be, and",
        "wherever you or those who act for you may live or work or trade.",
    ]
    assert plain("\n".join(lines))[0] == f"{lines[0]} 7."


def test_run_in_headings_stand_apart() -> None:
    text = (
        "Grant. We grant you a license to the model.\n\n2.1 License Scope. Subject to these you may copy.\n\n**Term.** This license ends."
    )
    assert headings(text) == ["Grant.", "License Scope.", "**Term.**"]
    assert [item.words for item in show(text) if item.kind != "heading"] == [
        "We grant you a license to the model.",
        "Subject to these you may copy.",
        "This license ends.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# Use Restrictions",
        "**Use Restrictions**",
        "Use Restrictions\n================",
        "USE RESTRICTIONS",
        "Use Restrictions",
        "5. Use Restrictions",
        "Section 5: Use Restrictions",
        "Attachment A",
        "Attachment A Use Restrictions",
        "Appendix: Prohibited Uses",
        "Prohibited Uses",
        "<h2>Use Restrictions</h2>",
        "第五条 使用限制",
        "五、使用限制",
    ],
)
def test_headings_are_seen_and_govern_items_only(line: str) -> None:
    text = f"Some words about the model come first.\n\n{line}\n\n- war\n- spying\n\nA free sentence follows here."
    assert len(headings(text)) == 1
    assert [item.heading for item in show(text) if item.kind == "item"] == headings(text) * 2
    assert [item.heading for item in show(text) if item.kind == "sentence"] == [None, None]


def test_a_title_is_the_heading_of_nothing() -> None:
    text = "# Utopia Restricted License\n\n- You may copy.\n- You may read."
    assert [item.heading for item in show(text)] == [None, None, None]


def test_a_heading_knows_the_heading_above_it() -> None:
    text = "Words.\n\n## Prohibited\n\n### Violence\n\n- war"
    assert [item.heading for item in show(text) if item.kind == "heading"] == [None, "Prohibited"]


def test_a_glued_attachment_is_a_list() -> None:
    text = "Attachment A Use Restrictions You agree not to use the Model: for war; to spy on people; or to cheat in exams."
    assert items(text) == [
        (words, ("Attachment A Use Restrictions You agree not to use the Model:",))
        for words in ("for war;", "to spy on people;", "or to cheat in exams.")
    ]


def test_a_finished_sentence_that_announces_a_list_leads_into_it() -> None:
    lead = "You agree not to use the model in any of the following ways."
    assert items(f"{lead}\n\nTo make war.\nTo spy.\n\nYou are of age.") == [("To make war.", (lead,)), ("To spy.", (lead,))]
    assert items(f"{lead}\n\n- war\n- spying") == [("war", (lead,)), ("spying", (lead,))]


def test_emoji_stay_inside_the_item() -> None:
    assert [words for words, _ in items("🚫 sell the model\n✅ share the model\n❌ host it")] == [
        "🚫 sell the model",
        "✅ share the model",
        "❌ host it",
    ]
    assert items("🚫 モデルの販売\n　 selling the model")[1] == ("selling the model", ("🚫",))


def test_enumerations_in_a_sentence_become_items() -> None:
    text = "You shall not (i) sell the model, (ii) host it for others or (iii) rent it. You may copy it."
    assert items(text) == [(words, ("You shall not",)) for words in ("sell the model,", "host it for others or", "rent it.")]
    assert plain(text) == ["You shall not", "You may copy it."]


def test_references_to_lists_are_no_lists() -> None:
    assert plain("You must keep the terms of Sections 5(a) and 5(b) in every copy.") == [
        "You must keep the terms of Sections 5(a) and 5(b) in every copy."
    ]
    assert plain("This follows from Sections 2(a) and (b) of the license and (c) too.") == [
        "This follows from Sections 2(a) and (b) of the license and (c) too."
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "You may pay e.g. in coins or i.e. cash to Acme Inc. or others.",
        "See No. 5 and Sec. 4 and art. 5 of the act.",
        "The U.S. government may use version 1.5 for 2.5 million users.",
        "Read https://example.org/a.b?c=d. before use.",
        "Write to the Acme Co., Ltd. office.",
        "Dies gilt z.B. für Art. 5 Abs. 2 des Gesetzes.",
    ],
)
def test_abbreviations_and_numbers_do_not_end_sentences(sentence: str) -> None:
    assert plain(f"{sentence} Then it ends.") == [sentence, "Then it ends."]


def test_chinese_sentences_end_at_their_own_marks() -> None:
    assert plain("您可以使用、复制、修改模型。您不得转让！是否允许？允许。") == [
        "您可以使用、复制、修改模型。",
        "您不得转让！",
        "是否允许？",
        "允许。",
    ]


def test_wrapped_lines_are_joined_and_unwrapped_ones_are_not() -> None:
    sentence = "You may not use the model for any purpose that harms people or breaks the law of the land where you live and work"
    words = sentence.split()
    lines, line = [], ""
    for word in words * 4:
        if len(line) + len(word) > 60:
            lines.append(line.strip())
            line = ""
        line += word + " "
    wrapped = "\n".join([*lines, line.strip() + "."])
    assert len(plain(wrapped)) == 1
    assert len(plain("You may copy it.\nYou may read it.\nYou may share it.\nYou may sell it.")) == 4


def test_a_clause_cut_by_a_page_break_is_one() -> None:
    text = "You may not use the model for any purpose that\n\nPage 3 of 9\n\f\nharms people. You may read it."
    assert plain(text)[0].startswith("You may not")
    assert plain(text)[0].endswith("harms people.")


def test_table_rows_carry_their_header() -> None:
    text = "| Use | Allowed |\n|---|---|\n| Military | ❌ |\n| Research | ✅ |"
    assert items(text)[1] == ("Military | ❌", ("Use | Allowed", "❌"))  # the refusing cell governs the row
    assert items(text)[2] == ("Research | ✅", ("Use | Allowed",))
    wide = "| You may | You may not |\n|---|---|\n| read and copy the whole model | sell the model to anybody else |"
    assert items(wide)[2] == ("sell the model to anybody else", ("You may not",))
    html = "<table><tr><th>You may</th><th>You may not</th></tr><tr><td>read it</td><td>sell it</td></tr></table>"
    assert items(html)[3] == ("sell it", ("You may not",))


def test_lines_that_begin_with_any_pictograph_or_cross_are_a_list() -> None:
    text = "## With it, don't…\n\n💣 …build bombs\n🆘 …torment folks\n©️ …steal songs\n\n## Fine\n\n[NG]\n× To sell it.\n× To post it."
    assert [(shown.words, shown.heading) for shown in show(text)[1:4]] == [
        ("💣 …build bombs", "With it, don't…"),
        ("🆘 …torment folks", "With it, don't…"),
        ("©️ …steal songs", "With it, don't…"),
    ]
    assert items(text)[-1] == ("× To post it.", ("[NG]",))


def test_what_is_likewise_so_is_governed_by_the_sentence_before() -> None:
    assert items("Use in ships is precluded. So is use in planes. You may read it.") == [
        ("So is use in planes.", ("Use in ships is precluded.",))
    ]


def test_other_languages_have_lists_too() -> None:
    assert items("Sie dürfen das Modell nicht verwenden, um:\na) Menschen zu schaden;\nb) zu spionieren.")[1][1] == (
        "Sie dürfen das Modell nicht verwenden, um:",
    )
    assert items("Usted no puede usar el modelo para:\n- dañar a personas\n- espiar")[0][1] == ("Usted no puede usar el modelo para:",)
    assert items("次の用途に利用してはならない。\n・軍事\n・監視")[0][0]


def test_long_sentences_are_cut_and_chains_capped() -> None:
    assert all(s.end - s.start <= LONGEST for s in segment("war and peace " * 2000))
    deep = "".join(f"{'  ' * depth}- level {depth} {'x' * 300}:\n" for depth in range(40))
    for found in segment(deep):
        assert len(found.leads) <= DEPTH
        assert sum(lead.end - lead.start for lead in found.leads) <= CHAIN


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aA1i .:;,()-*#|<>/\n\t\\n🚫不。：；（一）、①"), max_size=300))
def test_no_text_breaks_the_segments(text: str) -> None:
    last = 0
    for found in segment(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.start >= last
        last = found.end
        assert not text[found.start].isspace()
        assert all(lead.end <= found.start or lead.start > found.start for lead in found.leads)  # a "no" stands in or after its item


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["war", "You may not", "(a)", "1.", "- ", ":", ";", ".", "\n", "\n\n", "  ", "# ", "| ", "USE", "不得"]),
        max_size=60,
    )
)
def test_no_word_is_lost(parts: list[str]) -> None:
    text = " ".join(parts)
    covered = set()
    for found in segment(text):
        covered.update(range(found.start, found.end))
    lost = [position for position in range(len(text) - 2) if text.startswith("war", position) and position not in covered]
    assert not lost


MIB = 1 << 20
HOSTILE = {
    "may not use": "may not use " * (MIB // 12),
    "nested lists": "".join(" " * (depth % 200) + "- a:\n" for depth in range(10000))[:MIB],
    "nested markers": "(a) x: (i) y; (1) z: " * (MIB // 21),
    "one line": "x" * MIB,
    "colons": "a:\n" * 350_000,
    "random bytes": bytes(random.Random(1).getrandbits(8) for _ in range(MIB)).decode("latin-1"),
    "newlines": "\n" * MIB,
    "tags": "<p>a" * (MIB // 4),
    "tables": "|a|b|\n" * (MIB // 6),
    "chinese": "一、不得使用。\n" * (MIB // 9),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_time_is_linear_in_hostile_text(case: str) -> None:
    """Four times the text takes about four times as long; the factor is generous, for a busy machine."""
    text = HOSTILE[case]

    def seconds(stretch: str) -> float:
        began = time.process_time()
        segment(stretch)
        return time.process_time() - began

    seconds(text[:1000])
    assert seconds(text[: len(text) // 4]) <= 8 * seconds(text[: len(text) // 16]) + 0.2


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "You may not use this model for any military purpose."),
        ("zh", "本模型仅供学术研究使用，不得用于商业目的。"),
        ("ja", "このモデルを商用目的で利用することはできません。"),
        ("ko", "이 모델은 상업적 목적으로 사용할 수 없습니다."),
        ("ru", "Эту модель нельзя использовать в военных целях."),
        ("de", "Sie dürfen das Modell nicht für militärische Zwecke oder in der Überwachung verwenden."),
        ("es", "Usted no puede usar el modelo para fines militares ni para la vigilancia de las personas."),
        ("it", "Non è possibile utilizzare il modello per scopi militari o per la sorveglianza delle persone."),
        ("fr", "Vous ne pouvez pas utiliser le modèle à des fins militaires ou pour la surveillance des personnes."),
        ("pt", "Você não pode usar o modelo para fins militares ou para a vigilância das pessoas."),
        ("", "MIT"),
        ("", "12 34 ---"),
    ],
)
def test_languages_are_told_apart(code: str, text: str) -> None:
    assert language(text) == code


def test_a_name_in_a_second_language_is_no_second_language() -> None:
    assert languages("You may use the model of 北京某某科技有限公司 for any purpose that the law allows.\nIt is provided as is.") == ("en",)


def test_a_bilingual_text_has_both_languages() -> None:
    assert languages(
        "You may not use the model for war, and you may not sell it to others.\n\n您不得将模型用于军事用途，也不得转让给他人。"
    ) == ("en", "zh")


@pytest.mark.parametrize("sentence", ["APIを通じた提供は禁止します。", "API服务是禁止的。"])
def test_a_sentence_whose_only_latin_word_is_in_capitals_is_no_heading(sentence: str) -> None:
    assert [s.kind for s in segment(sentence)] == ["sentence"]


def test_titled_parts_of_a_list_stay_under_its_lead_in() -> None:
    text = (
        "1. Disallowed Use\n\nA. Users may not use the Service for the following:\n\nI. Advice by Licensed Professions\n\n"
        "a. Giving tailored advice;\n\nb. Making a diagnosis.\n\nII. Scoring of People\n\na. Rating people where that leads to:\n\n"
        "i. worse treatment; or\n\nii. loss of a benefit.\n\nIII. Erotic Content\n\na. Erotic chat.\n"
    )
    found = dict(items(text))
    lead = "Users may not use the Service for the following:"
    assert found["Making a diagnosis."] == (lead, "Advice by Licensed Professions")
    assert found["loss of a benefit."] == (lead, "Scoring of People", "Rating people where that leads to:")
    assert found["Erotic chat."] == (lead, "Erotic Content")


def test_a_short_label_leads_into_no_titled_parts() -> None:
    text = "Released on:\n\n一、 许可\n1. 您可以使用本模型。\n2. 您可以修改本模型。\n二、 标识\n1. 您应当标明来源。\n"
    assert "标识" in headings(text)


@pytest.mark.parametrize(
    ("text", "item", "said"),
    [
        ("| Use | Allowed? |\n| --- | --- |\n| Military use | No |\n| Study | Yes |\n", "Military use | No", "No"),
        ("<table><tr><th>Use</th><th>Allowed</th></tr><tr><td>Military use</td><td>No</td></tr></table>", "Military use", "No"),
        ("- Military use: ❌\n- Study: ✅\n", "Military use: ❌", "❌"),
        ("Military use – not permitted.\nStudy – permitted.\n", "Military use – not permitted.", "not permitted."),
        ("军事用途：禁止\n研究用途：允许\n", "军事用途：禁止", "禁止"),
        ("Q: Is military use fine?\nA: No.\n", "Q: Is military use fine?", "No"),
        ("## Can I use it in the army?\n\nNo, never.\n", "Can I use it in the army?", "No"),
        ("Prohibited Uses. (a) Military use; (b) Spying.", "Military use;", "Prohibited Uses."),
    ],
)
def test_a_plain_no_governs_what_it_answers(text: str, item: str, said: str) -> None:
    found = {shown.words: (*shown.leads, shown.heading) for shown in show(text) if shown.kind == "item"}
    assert said in found[item]


@pytest.mark.parametrize(
    "text",
    [
        "| Use | Attribution needed |\n| --- | --- |\n| Commercial use | No |\n",
        "Do I need to ask before commercial use?\nNo need to.\n",
        "Is commercial use limited?\nYes, above 10 users.\n",
    ],
)
def test_a_no_to_something_else_governs_nothing(text: str) -> None:
    assert not any("no" in lead.lower().split() for shown in show(text) for lead in shown.leads)


def test_a_sentence_in_capitals_is_no_heading() -> None:
    assert headings("YOU MAY NOT USE THE MODEL FOR MILITARY OR COMMERCIAL PURPOSES.\n\nNO WARRANTY FOR ANY USE OF THE MODEL.\n") == [
        "NO WARRANTY FOR ANY USE OF THE MODEL."
    ]


def test_unmarked_items_that_begin_in_bold_are_one_list() -> None:
    text = "**You may not:**\n\n**Use it for war.** This includes drones.\n\n**Use it to spy on people.** No exceptions.\n"
    assert ("**Use it to spy on people.**", ("**You may not:**",)) in items(text)


def test_an_item_keeps_its_heading_where_the_next_one_speaks_of_any_other_use() -> None:
    shown = show("## Prohibited Uses\n\n- Spying on people\n- Any other use against people\n")
    assert next((item.words, item.heading) for item in shown if item.kind == "item") == ("Spying on people", "Prohibited Uses")


def test_a_finished_sentence_that_forbids_the_following_governs_what_stands_under_headings_of_its_own() -> None:
    text = "Do not use it for any of the following.\n\n**1. People**\n- spying\n\n**2. Ships**\n- piracy\n\n**Support**\n- by e-mail\n"
    ban = "Do not use it for any of the following."
    assert items(text) == [("spying", (ban,)), ("piracy", (ban,)), ("by e-mail", ())]


def test_a_sentence_that_only_announces_sections_governs_none_of_them() -> None:
    assert items("The terms of the following license apply.\n\n### Use\n- ships\n") == [("ships", ())]


def test_the_first_counted_item_right_below_a_line_is_led_by_it() -> None:
    lead = "Our tools must not be used to write"
    assert items(f"{lead}\na. praise of piracy\nb. malware\n") == [("praise of piracy", (lead,)), ("malware", (lead,))]


@pytest.mark.parametrize("line", ["ANY SALE REQUIRES THE CONSENT OF THE OWNER.", "COPYING OF THESE FILES IS PROHIBITED."])
def test_a_line_in_capitals_with_a_verb_and_a_full_stop_is_a_sentence(line: str) -> None:
    assert headings(f"Words come first.\n\n{line}\n\nMore words.") == []


@pytest.mark.parametrize("between", ["but may not", "The holder may not:", "The holder is not entitled"])
def test_a_lead_in_between_the_items_of_one_list_governs_those_below_it(between: str) -> None:
    text = f"The holder may\n(i) sail;\n(ii) row;\n{between}\n(iii) sink;\n(iv) drift.\n"
    assert items(text) == [("sail;", ("The holder may",)), ("row;", ("The holder may",)), ("sink;", (between,)), ("drift.", (between,))]


def test_lines_that_end_in_semicolons_are_items_of_a_sentence_that_breaks_off() -> None:
    text = "Scope. You may not\n\nsink the ship;\nrent, lease or lend it; or\npaint it.\n\nThe harbour is deep.\n"
    lead = ("You may not",)
    assert items(text) == [("sink the ship;", lead), ("rent, lease or lend it; or", lead), ("paint it.", lead)]


def test_a_counted_section_that_breaks_off_governs_the_lines_below_it_and_not_the_next_section() -> None:
    text = "ii. Limits. You may not\n\nsink the ship;\nsell it; or\npaint it.\n\nb. Scope. The harbour.\n"
    lead = ("You may not",)
    assert items(text) == [("sink the ship;", lead), ("sell it; or", lead), ("paint it.", lead)]


@pytest.mark.parametrize("bullet", [".", "\uf0b7", "\U00100000", "¥"])
def test_what_is_left_of_a_bullet_is_one(bullet: str) -> None:
    text = f"You may not\n\n{bullet} sink the ship;\n{bullet} paint it.\n"
    assert items(text) == [("sink the ship;", ("You may not",)), ("paint it.", ("You may not",))]
