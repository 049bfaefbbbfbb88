"""Every written form of a repo."""

from __future__ import annotations

from pathlib import Path

import pytest

from licensecheck.errors import UsageError
from licensecheck.refs import parse

FORMS = [
    ("org/name", "org/name", "model", None),
    ("gpt2", "gpt2", "model", None),
    ("  org/name \n", "org/name", "model", None),
    ("org/name@v1.0", "org/name", "model", "v1.0"),
    ("gpt2@main", "gpt2", "model", "main"),
    ("org/name@feature/x", "org/name", "model", "feature/x"),
    ("org/name@refs/pr/7", "org/name", "model", "refs/pr/7"),
    ("org/name:Q4_K_M", "org/name", "model", None),
    ("models/org/name", "org/name", "model", None),
    ("datasets/org/name", "org/name", "dataset", None),
    ("datasets/squad", "squad", "dataset", None),
    ("datasets/org/name@v2", "org/name", "dataset", "v2"),
    ("spaces/org/name", "org/name", "space", None),
    ("https://huggingface.co/org/name", "org/name", "model", None),
    ("https://huggingface.co/org/name/", "org/name", "model", None),
    ("http://www.huggingface.co/org/name?library=x#files", "org/name", "model", None),
    ("HTTPS://HuggingFace.co/Org/Name", "Org/Name", "model", None),
    ("huggingface.co/org/name", "org/name", "model", None),
    ("https://huggingface.co/gpt2", "gpt2", "model", None),
    ("https://huggingface.co/gpt2/tree/main", "gpt2", "model", "main"),
    ("https://huggingface.co/org/name/tree/v1.0", "org/name", "model", "v1.0"),
    ("https://huggingface.co/org/name/tree/refs%2Fpr%2F1", "org/name", "model", "refs/pr/1"),
    ("https://huggingface.co/org/name/tree/refs/pr/1/sub", "org/name", "model", "refs/pr/1"),
    ("https://huggingface.co/org/name/blob/main/LICENSE", "org/name", "model", "main"),
    ("https://huggingface.co/org/name/resolve/abc123/a/b.txt?download=true", "org/name", "model", "abc123"),
    ("https://huggingface.co/org/name/commit/abc123", "org/name", "model", "abc123"),
    ("https://huggingface.co/org/name/discussions/3", "org/name", "model", None),
    ("https://huggingface.co/org/name@v1", "org/name", "model", "v1"),
    ("https://huggingface.co/datasets/org/name/tree/main", "org/name", "dataset", "main"),
    ("https://huggingface.co/spaces/org/name", "org/name", "space", None),
    ("https://huggingface.co/api/models/org/name", "org/name", "model", None),
    ("hf.co/org/name", "org/name", "model", None),
    ("https://hf.co/org/name", "org/name", "model", None),
    ("hf.co/org/name:Q4_K_M", "org/name", "model", None),
    ("hf://org/name", "org/name", "model", None),
    ("hf://org/name@v1/config.json", "org/name", "model", "v1"),
    ("hf://org/name@refs/pr/1/config.json", "org/name", "model", "refs/pr/1"),
    ("hf://org/name@refs%2Fpr%2F1/config.json", "org/name", "model", "refs/pr/1"),
    ("hf://org/name/config.json", "org/name", "model", None),
    ("hf://datasets/org/name@main/x.csv", "org/name", "dataset", "main"),
    ("hf://models/org/name", "org/name", "model", None),
    ("pkg:huggingface/org/name@ABC", "org/name", "model", "ABC"),
    ("pkg:huggingface/gpt2", "gpt2", "model", None),
    ("PKG:HuggingFace/org/name@rev?repository_url=https://x.example#sub", "org/name", "model", "rev"),
    ("pkg:huggingface/org/na%6De@feature%2Fx", "org/name", "model", "feature/x"),
]


@pytest.mark.parametrize(("given", "id", "type", "revision"), FORMS, ids=[form[0].strip() for form in FORMS])
def test_every_form_of_the_contract_is_read(given: str, id: str, type: str, revision: str | None) -> None:
    ref = parse(given)
    assert (ref.id, ref.type, ref.revision, ref.given, ref.folder) == (id, type, revision, given, None)


NO_REFS = [
    "",
    "   ",
    "a/b/c",
    "org/",
    "org/name/",
    "org//name/x",
    "org/na me",
    "org/name\x1b[31m",
    "-org/name",
    "org/name.git",
    "org/na--me",
    "org/..",
    "org/name@",
    "org/name@a..b",
    "org/name@-x",
    "org/name@a b",
    "https://example.com/org/name",
    "https://huggingface.co.evil.example/org/name",
    "https://huggingface.co/",
    "ftp://huggingface.co/org/name",
    "https://[bad/org/name",
    "pkg:pypi/requests",
    "pkg:huggingface/",
    "hf://",
    "datasets/",
    "org/" + "x" * 97,
]


@pytest.mark.parametrize("given", NO_REFS)
def test_what_can_not_be_a_repo_is_wrong_usage_with_a_hint(given: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(given)
    assert caught.value.hint
    assert "\x1b" not in caught.value.message


def test_a_folder_is_written_with_a_dot_or_as_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models" / "heron").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "models")
    for given in ("./heron", "../models/heron", str(tmp_path / "models" / "heron")):
        ref = parse(given)
        assert ref.folder is not None
        assert ref.folder.resolve() == (tmp_path / "models" / "heron").resolve()
        assert ref.id == given
    assert parse("heron").folder is None


def test_a_folder_named_like_no_repo_gets_the_hint_to_write_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        parse("a/b/c")
    assert "./a/b/c" in caught.value.hint


def test_a_missing_folder_and_a_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("x")
    with pytest.raises(UsageError, match="There is no folder"):
        parse(str(tmp_path / "nothing"))
    with pytest.raises(UsageError) as caught:
        parse(str(tmp_path / "LICENSE"))
    assert "licensecheck text" in caught.value.hint


def test_a_revision_may_be_named_once() -> None:
    assert parse("org/name", "v2").revision == "v2"
    assert parse("org/name@v2", "v2").revision == "v2"
    with pytest.raises(UsageError, match=r"v1.*v2"):
        parse("org/name@v1", "v2")
    with pytest.raises(UsageError):
        parse("org/name", "../../etc")


def test_urls_of_a_mirror_are_read_where_hf_endpoint_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="not on the Hugging Face Hub"):
        parse("http://mirror.example:8080/hub/org/name")
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.example:8080/hub/")
    ref = parse("http://mirror.example:8080/hub/datasets/org/name/tree/v1?x=y")
    assert (ref.id, ref.type, ref.revision) == ("org/name", "dataset", "v1")
    with pytest.raises(UsageError):
        parse("http://mirror.example:8080/hubris/org/name")


@pytest.mark.parametrize("name", ["é" * 300, "./" + "é" * 300])
def test_a_name_that_no_file_system_takes_is_a_users_error(name: str) -> None:
    with pytest.raises(UsageError):
        parse(name)
