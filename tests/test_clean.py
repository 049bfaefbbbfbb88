"""What a repo wrote reaches the terminal as visible characters in their order, and nothing else."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from licensecheck.render.clean import line, shortened


@given(st.text())
def test_no_control_or_format_character_is_left(text):
    kept = {unicodedata.category(c) for c in line(text)}
    assert not kept & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(line(text)) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@given(st.text(), st.integers(2, 60))
def test_a_shortened_text_is_no_longer_than_asked_and_marks_its_cut(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == line(text) or short.endswith("…")


def test_letters_of_every_script_stay():
    words = "Ä 模型许可 モデル नमस्ते עברית العربية 🚫"
    assert line(words) == words
