"""Local folders, honest and hostile, and the encodings of what lies in them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from licensecheck import folder, refs, texts
from licensecheck.errors import HubError
from licensecheck.types import Snapshot

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TERMS = "You may use the weights.\n"


def look(path: Path, revision: str | None = None) -> Snapshot:
    return folder.snapshot(refs.parse(str(path), revision))


def kind_of_refusal(snapshot: Snapshot, path: str) -> str:
    with pytest.raises(HubError) as caught:
        folder.read(snapshot, path)
    assert caught.value.message
    return caught.value.kind


def cached(root: Path, commit: str = COMMIT, repo: str = "models--org--name") -> Path:
    """A repo in an HF cache, with its files as links into `blobs`, as the client lays it out."""
    home = root / repo
    (home / "blobs").mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(commit)
    place = home / "snapshots" / commit
    place.mkdir(parents=True)
    for name, text in {"README.md": "---\nlicense: mit\n---\n", "LICENSE": TERMS}.items():
        (home / "blobs" / f"blob-{name}").write_text(text)
        (place / name).symlink_to(Path("../../blobs") / f"blob-{name}")
    return home


# Folders as they are


def test_a_folder_tells_its_files_sorted_with_sizes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "LICENSE").write_text(TERMS)
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Heron\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "LICENSE").write_text("no part of the repo")
    found = look(tmp_path)
    assert [(file.path, file.size) for file in found.files] == [("README.md", 36), ("b/LICENSE", len(TERMS))]
    assert (found.commit, found.id, found.url) == (None, str(tmp_path), None)
    assert found.problems == ()
    assert folder.read(found, "b/LICENSE").decode() == TERMS


def test_a_git_clone_knows_its_hub_id_but_claims_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = https://huggingface.co/datasets/org/name.git\n')
    found = look(tmp_path)
    assert (found.id, found.type, found.commit) == ("org/name", "dataset", None)


def test_a_place_in_the_hf_cache_knows_its_id_and_commit(tmp_path: Path) -> None:
    home = cached(tmp_path)
    for found in (look(home / "snapshots" / COMMIT), look(home), look(home, "main"), look(home, COMMIT)):
        assert (found.id, found.type, found.commit) == ("org/name", "model", COMMIT)
        assert folder.read(found, "LICENSE").decode() == TERMS
        assert found.problems == ()


def test_a_cached_dataset_is_a_dataset(tmp_path: Path) -> None:
    found = look(cached(tmp_path, repo="datasets--org--name"))
    assert (found.id, found.type) == ("org/name", "dataset")


def test_a_revision_that_is_not_cached_is_not_replaced_by_another(tmp_path: Path) -> None:
    home = cached(tmp_path)
    for revision in ("v2", "f" * 40, "main/x"):
        with pytest.raises(HubError) as caught:
            look(home, revision)
        assert caught.value.kind == "not-cached"


def test_no_revision_can_be_chosen_in_a_plain_folder(tmp_path: Path) -> None:
    with pytest.raises(HubError) as caught:
        look(tmp_path, "v1")
    assert caught.value.kind == "no-revision"


def test_a_cached_blob_may_lie_in_the_store_that_all_repos_share(tmp_path: Path) -> None:
    home = cached(tmp_path)
    (tmp_path / "blobs" / "ab").mkdir(parents=True)
    (tmp_path / "blobs" / "ab" / "abc").write_text("Shared terms.\n")
    (home / "blobs" / "blob-LICENSE").unlink()
    (home / "blobs" / "blob-LICENSE").symlink_to("../../blobs/ab/abc")
    assert folder.read(look(home), "LICENSE").decode() == "Shared terms.\n"


# Hostile folders


def test_a_link_out_of_the_folder_is_listed_but_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not yours")
    root = tmp_path / "repo"
    root.mkdir()
    (root / "LICENSE").symlink_to("../secret")
    (root / "NOTICE").symlink_to(tmp_path / "secret")
    (root / "TERMS").symlink_to("LICENSE")
    (root / "COPYING").symlink_to("nothing")
    (root / "LOOP").symlink_to("LOOP")
    found = look(root)
    assert len(found.files) == 5
    for path in ("LICENSE", "NOTICE", "TERMS"):
        assert kind_of_refusal(found, path) == "link-outside"
    assert kind_of_refusal(found, "COPYING") == "no-file"
    assert kind_of_refusal(found, "LOOP") in ("unreadable", "no-file")


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text(TERMS)
    (tmp_path / "LICENSE").symlink_to("real.txt")
    assert folder.read(look(tmp_path), "LICENSE").decode() == TERMS


def test_a_cache_link_that_leaves_the_cache_is_not_followed(tmp_path: Path) -> None:
    home = cached(tmp_path / "hub")
    (tmp_path / "secret").write_text("not yours")
    (home / "blobs" / "blob-LICENSE").unlink()
    (home / "blobs" / "blob-LICENSE").symlink_to(tmp_path / "secret")
    assert kind_of_refusal(look(home), "LICENSE") == "link-outside"


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "LICENSE")
    (tmp_path / "NOTICE").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("COPYING")
        found = look(tmp_path)
        assert [(file.path, file.size) for file in found.files] == [("COPYING", None), ("LICENSE", None), ("NOTICE", None)]
        assert kind_of_refusal(found, "LICENSE") == "not-a-file"
        assert kind_of_refusal(found, "COPYING") == "not-a-file"
        assert kind_of_refusal(found, "NOTICE") == "link-outside"


def test_a_fifo_in_place_of_the_card_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "README.md")
    assert kind_of_refusal(look(tmp_path), "README.md") == "not-a-file"


def test_a_folder_named_license_is_a_problem_that_hides_terms_only_when_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").mkdir()
    assert [(problem.kind, problem.hides) for problem in look(tmp_path).problems] == [("license-folder", ("all",))]
    assert kind_of_refusal(look(tmp_path), "LICENSE") == "not-a-file"
    (tmp_path / "LICENSE" / "terms.txt").write_text(TERMS)
    found = look(tmp_path)
    assert [(problem.kind, problem.hides) for problem in found.problems] == [("license-folder", ())]
    assert [file.path for file in found.files] == ["LICENSE/terms.txt"]


def test_a_linked_folder_is_not_walked_into(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    (root / "self").symlink_to(".")
    (root / "licenses").symlink_to(tmp_path)
    found = look(root)
    assert found.files == ()
    assert [(problem.subject, problem.kind, problem.hides) for problem in found.problems] == [
        ("licenses", "linked-folder", ("all",)),
        ("self", "linked-folder", ()),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(TERMS)
    (tmp_path / "LICENSE").chmod(0)
    assert kind_of_refusal(look(tmp_path), "LICENSE") == "unreadable"


def test_a_folder_without_end_is_bounded_in_files_and_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "deep"
    deep.joinpath(*["d"] * 20).mkdir(parents=True)
    (deep / "LICENSE").write_text(TERMS)
    found = look(deep)
    assert ([file.path for file in found.files], [problem.kind for problem in found.problems]) == (["LICENSE"], ["too-many-files"])
    wide = tmp_path / "wide"
    (wide / "aaa").mkdir(parents=True)
    for i in range(60):
        (wide / "aaa" / f"{i}.bin").touch()
    (wide / "LICENSE").write_text(TERMS)
    monkeypatch.setattr(folder, "MOST_ENTRIES", 30)
    found = look(wide)
    assert "LICENSE" in [file.path for file in found.files]
    assert len(found.files) <= 30
    assert [(problem.kind, problem.hides) for problem in found.problems] == [("too-many-files", ("all",))]


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_bytes(b"x" * (texts.LIMIT + 1))
    (tmp_path / "NOTICE").write_bytes(b"x" * texts.LIMIT)
    found = look(tmp_path)
    assert kind_of_refusal(found, "LICENSE") == "too-large"
    assert len(folder.read(found, "NOTICE")) == texts.LIMIT


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret", "", "x\x00"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    (tmp_path / "secret").write_text("not yours")
    assert kind_of_refusal(look(root), path) == "unsafe-path"


@pytest.mark.shared
def test_the_sample_repos_are_looked_at_without_a_problem(shared: Path) -> None:
    found = look(shared / "repos" / "deepseek-ai" / "DeepSeek-V3")
    assert {"LICENSE-CODE", "LICENSE-MODEL", "README.md"} <= {file.path for file in found.files}
    assert found.problems == ()


# Encodings

CHINESE = "模型许可协议\n\n未经授权，不得将本模型用于商业用途。使用本软件须遵守以下条款。\n"
JAPANESE = "ライセンス\n\n本モデルの利用を許諾する。次の使用は禁止することとする。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_form_is_the_same_text(encoding: str) -> None:
    text = "License terms: “as is”, © Heron. You may use it.\n"
    assert texts.decode(text.encode(encoding), "LICENSE") == (text, None)


@pytest.mark.parametrize(
    ("text", "encoding"), [(CHINESE, "gb18030"), (JAPANESE, "cp932"), ("模型授權條款：使用者不得用於商業目的。\n", "big5")]
)
def test_an_east_asian_encoding_is_told_by_the_words_of_licenses(text: str, encoding: str) -> None:
    found, problem = texts.decode(text.encode(encoding), "LICENSE")
    assert found == text
    assert problem is not None
    assert (problem.kind, problem.hides) == ("encoding-inferred", ())


def test_a_western_name_in_a_plain_text_is_read() -> None:
    text = "Copyright José Núñez – all rights reserved\n" + "You may use this software for any purpose.\n" * 5
    assert texts.decode(text.encode("cp1252"), "LICENSE") == (text, None)


UNREADABLE = {
    "empty-file": b"",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj",
    "lfs-pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
    "binary": b"License\x00terms\x00\x01\x02",
    "too-large": b"x" * (texts.LIMIT + 1),
    "encoding": bytes(range(128, 256)) * 4,
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_can_not_be_read_is_a_problem_of_its_own_and_may_hide_everything(kind: str) -> None:
    text, problem = texts.decode(UNREADABLE[kind], "LICENSE")
    assert text == ""
    assert problem is not None
    assert (problem.kind, problem.hides, problem.subject) == (kind, ("all",), "LICENSE")
    assert problem.hint


@pytest.mark.parametrize("data", [b" \n\t\n", b"\xef\xbb\xbf", "\ufeff\n".encode("utf-16-le")])
def test_white_space_is_an_empty_file(data: bytes) -> None:
    text, problem = texts.decode(data, "LICENSE")
    assert (text, problem.kind if problem else "") == ("", "empty-file")


@pytest.mark.parametrize("seed", range(200))
def test_no_bytes_come_out_as_a_silent_empty_text(seed: int) -> None:
    import random

    random_bytes = random.Random(seed).randbytes(seed)
    text, problem = texts.decode(random_bytes, "LICENSE")
    assert text.strip() or (problem and problem.hides)
