"""Whatever stands in a ref, a card or a file: an answer or one of our own errors, never another exception."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from licensecheck.cards import card, front_matter
from licensecheck.errors import UsageError
from licensecheck.refs import parse
from licensecheck.texts import decode

REF_PIECES = [
    "org",
    "name",
    "/",
    "@",
    ":",
    "//",
    "https",
    "://",
    "huggingface.co",
    "hf.co",
    "hf://",
    "pkg:huggingface/",
    "datasets/",
    "tree",
    "%2F",
    "?",
    "#",
    "[",
    "..",
    "é",
]
CARD_PIECES = [
    "---",
    "\n",
    "\r\n",
    "license",
    ": ",
    "mit",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "'",
    '"',
    "|",
    ">",
    "!!x",
    "\t",
    "#",
    "base_model",
    "\ufeff",
    "? ",
    "<<",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
CARD_KEYS = [
    "license",
    "licenses",
    "license_name",
    "license_link",
    "base_model",
    "base_model_relation",
    "datasets",
    "tags",
    "extra_gated_prompt",
    "extra_gated_fields",
]


def pieces(known: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(known) | st.text(max_size=3), max_size=14).map("".join)


@settings(deadline=None)
@given(pieces(REF_PIECES), st.none() | pieces(REF_PIECES))
def test_every_ref_is_a_repo_or_wrong_usage(text: str, revision: str | None) -> None:
    try:
        ref = parse(text, revision)
    except UsageError as error:
        said: str | None = error.message
    else:
        said = None
    if said is not None:
        assert said.isprintable()
    elif ref.folder is None:
        assert 1 <= len(ref.id.split("/")) <= 2
        assert ".." not in ref.id
        assert ref.id.isascii()


@settings(deadline=None)
@given(pieces(CARD_PIECES))
def test_every_card_has_metadata_that_can_be_read(text: str) -> None:
    metadata, lines, problem = front_matter(text)
    assert 0 <= lines <= text.count("\n") + text.count("\r") + 1
    assert problem is None or problem.endswith(".")
    card(metadata)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(CARD_KEYS), JSON))
def test_metadata_of_every_shape_makes_a_card_of_texts(metadata: dict[str, object]) -> None:
    found = card(metadata)
    assert all(isinstance(value, str) and value for value in (*found.license, *found.datasets, *found.tags))


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
def test_bytes_are_a_text_or_a_problem_that_may_hide_terms(data: bytes) -> None:
    text, problem = decode(data, "LICENSE")
    assert text.strip() or (problem is not None and problem.hides)
