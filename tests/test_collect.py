"""Which texts of a repo are read, for what, and what becomes of those that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from licensecheck import folder, places, policies
from licensecheck.collect import GATE, MAX_FILES, Collection, collect
from licensecheck.errors import HubError
from licensecheck.types import BaseModel, Card, File, RepoRef, Snapshot

SHARED = Path(__file__).resolve().parents[2] / "shared"
shared = pytest.mark.shared
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared material is not here")


def repo(files: dict[str, bytes | str], *, card: Card | None = None, sizes: dict[str, int] | None = None) -> tuple[Snapshot, list[str]]:
    """A snapshot with these files, and the list that `take` writes down what was read in."""
    listed = tuple(File(path, size=(sizes or {}).get(path, len(data))) for path, data in sorted(files.items()))
    ref = RepoRef("me/model", "me/model")
    return Snapshot(ref, "me/model", "model", "main", "0" * 40, None, False, card or Card(), listed), []


def take(
    files: dict[str, bytes | str], *, card: Card | None = None, sizes: dict[str, int] | None = None, **links: bytes | None
) -> Collection:
    snapshot, asked = repo(files, card=card, sizes=sizes)

    def read(path: str) -> bytes:
        asked.append(path)
        data = files[path]
        if data == "gone":
            raise HubError(f"{path} could not be read", "try again", "server-error")
        return data if isinstance(data, bytes) else data.encode()

    found = collect(snapshot, read, fetch=(lambda url: links.get("fetched")) if links else None)
    assert all(places.place(File(path)) for path in asked), "something else than a license text was asked for"
    return found


def scopes(found: Collection) -> dict[str, tuple[str, str]]:
    return {document.path: (document.role, document.scope) for document in found.documents}


@pytest.mark.parametrize(
    ("path", "role", "scope"),
    [
        ("LICENSE", "license", None),
        ("LICENCE.txt", "license", None),
        ("copying", "license", None),
        ("License.MD", "license", None),
        ("LICENSE-MODEL", "license", "weights"),
        ("MODEL_LICENSE", "license", "weights"),
        ("LICENSE_WEIGHTS", "license", "weights"),
        ("WEIGHTS_TERMS_OF_USE.md", "license", "weights"),
        ("CHECKPOINTS_NOTICE", "notice", "weights"),
        ("LICENSE-CODE", "license", "code"),
        ("DATA_LICENSE", "license", "data"),
        ("Acme Model LICENSE AGREEMENT", "license", "weights"),
        ("Acme RESEARCH LICENSE AGREEMENT", "license", None),
        ("模型许可协议.md", "license", "weights"),
        ("LICENSES/MIT.txt", "license", None),
        ("license/terms.txt", "license", None),
        ("model_licenses/LICENSE-big", "license", "weights"),
        ("USE_POLICY.md", "use-policy", None),
        ("ACCEPTABLE_USE_POLICY.md", "use-policy", None),
        ("Notice.txt", "notice", None),
        ("TERMS_OF_USE.md", "license", None),
        ("vendor/lib/LICENSE", "license", "code"),
        ("README.md", "card", None),
    ],
)
def test_a_name_tells_role_and_scope(path: str, role: str, scope: str | None) -> None:
    found = places.place(File(path))
    assert found is not None
    assert (found.role, found.scope) == (role, scope)


@pytest.mark.parametrize(
    "path",
    [
        "model.safetensors",
        "LICENSE.py",
        "licenses.json",
        "license_model.bin",
        "docs/README.md",
        "config.json",
        "privacy_policy.md",
        ".git/LICENSE",
    ],
)
def test_weights_code_and_strangers_are_never_looked_at(path: str) -> None:
    assert places.place(File(path)) is None


def test_a_lone_license_speaks_for_everything() -> None:
    assert scopes(take({"LICENSE": "words"})) == {"LICENSE": ("license", "all")}


def test_the_cards_words_tell_which_of_two_files_is_for_the_weights() -> None:
    card = "The code is licensed under [MIT](LICENSE), the weights under the [Acme License](<ACME>)."
    card = card.replace("<ACME>", "Acme%20LICENSE")
    found = take({"README.md": card, "LICENSE": "words", "Acme LICENSE": "other words"})
    assert scopes(found) == {"LICENSE": ("license", "code"), "Acme LICENSE": ("license", "weights")}


def test_a_text_that_nothing_tells_of_is_unclear_so_that_it_counts() -> None:
    assert scopes(take({"LICENSE": "words", "MODEL_LICENSE": "words"}))["LICENSE"] == ("license", "unclear")


def test_a_notice_that_lists_other_peoples_parts_is_for_the_code() -> None:
    found = take({"NOTICE": "This product includes software by others.", "Notice.txt": "Acme is licensed under the Acme License."})
    assert scopes(found) == {"NOTICE": ("notice", "code"), "Notice.txt": ("notice", "all")}
    assert [statement.path for statement in found.statements] == ["Notice.txt"]


def test_a_pdf_alone_hides_the_terms_and_beside_a_text_it_does_not() -> None:
    (problem,) = take({"LICENSE.pdf": b"%PDF-1.4"}).problems
    assert problem.hides == ("weights",)
    assert not take({"LICENSE.pdf": b"%PDF-1.4", "LICENSE": "words"}).problems


def test_more_files_than_are_read_hide_terms() -> None:
    found = take({f"LICENSES/{n:03}.txt": "words" for n in range(MAX_FILES + 2)})
    assert len(found.documents) == MAX_FILES
    assert [problem.kind for problem in found.problems] == ["too-many-files"] * 2


@pytest.mark.parametrize("size", [2 << 20, None])
def test_a_text_of_more_than_a_mebibyte_is_a_problem_and_never_judged(size: int | None) -> None:
    found = take({"LICENSE": b"a" * ((1 << 20) + 1)}, sizes={"LICENSE": size} if size else None)
    assert not found.documents
    assert [(problem.kind, problem.hides) for problem in found.problems] == [("too-large", ("weights",))]


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x00", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "gone"])
def test_what_cannot_be_read_hides_the_terms(data: bytes | str) -> None:
    found = take({"LICENSE": data})
    assert not found.documents
    assert found.problems
    assert all(problem.hides for problem in found.problems)


def test_what_hides_only_the_code_says_so() -> None:
    (problem,) = take({"LICENSE-CODE": "gone"}).problems
    assert problem.hides == ("code",)


def test_the_card_is_completed_from_the_readme() -> None:
    found = take({"README.md": "---\nlicense: other\nlicense_name: acme-1\nbase_model: org/base\n---\n# Hello\n"})
    assert found.declared_ids == ("LicenseRef-acme-1",)
    assert found.card.base_models == (BaseModel("org/base"),)


def test_broken_front_matter_is_a_problem_and_its_plain_lines_count() -> None:
    found = take({"README.md": "---\nlicense: mit\nx: [1, {\n---\nText.\n"})
    assert found.declared_ids == ("MIT",)
    assert [problem.kind for problem in found.problems] == ["front-matter"]


def test_a_card_of_a_dataset_in_a_folder_speaks_of_data(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\nsize_categories: [1K<n<10K]\n---\nIt is licensed under MIT.\n", "utf-8")
    snapshot = folder.snapshot(RepoRef(str(tmp_path), str(tmp_path), folder=tmp_path))
    found = collect(snapshot, lambda path: folder.read(snapshot, path))
    assert found.material == "data"
    assert [statement.scope for statement in found.statements] == ["data"]


def test_the_gate_is_a_document_with_lines_of_its_own() -> None:
    card = Card(license=("other",), gate_prompt="Welcome.\nYou agree to use it solely for research purposes.", gate_fields=("Name",))
    found = take({}, card=card)
    (document,) = found.documents
    assert (document.path, document.role) == (GATE, "gate")
    (statement,) = found.statements
    assert (statement.path, statement.start_line, statement.clauses) == (GATE, 2, ("purpose.research-only",))


def test_terms_that_stand_in_the_card_are_a_document_with_the_cards_lines() -> None:
    terms = "# Hi\n\n## License Agreement\n\nYou agree to be bound by these terms.\nAcme hereby grants you a license.\n"
    (document,) = take({"README.md": terms}).documents
    assert (document.role, document.scope) == ("card", "weights")
    assert document.text.split("\n")[4] == "You agree to be bound by these terms."


def test_a_license_link_into_the_repo_is_the_file_itself() -> None:
    card = Card(license=("other",), license_link="https://huggingface.co/me/model/blob/main/LICENSE")
    found = take({"LICENSE": "words"}, card=card)
    assert [link.path for link in found.links] == ["LICENSE"]
    assert not found.problems


def test_a_license_link_to_a_file_that_is_not_there_hides_the_terms() -> None:
    (problem,) = take({}, card=Card(license=("other",), license_link="LICENSE")).problems
    assert (problem.kind, problem.hides) == ("link-missing", ("weights",))


def test_a_license_link_to_another_repo_is_followed_when_it_can_be() -> None:
    url = "https://huggingface.co/org/base/blob/main/LICENSE"
    found = take({}, card=Card(license=("other",), license_link=url), fetched=b"the words behind it")
    assert [(document.path, document.text) for document in found.documents] == [(url, "the words behind it")]


def test_a_link_that_is_not_followed_is_its_record_or_a_problem() -> None:
    known = take({}, card=Card(license=("other",), license_link="https://www.apache.org/licenses/LICENSE-2.0"), fetched=None)
    assert [link.record for link in known.links] == ["Apache-2.0"]
    assert not known.problems
    unknown = take({}, card=Card(license=("other",), license_link="https://example.org/terms"), fetched=None)
    assert [problem.kind for problem in unknown.problems] == ["link-not-read"]


POLICY = "You must comply with the Acceptable Use Policy at https://example.org/use-policy, which is incorporated by reference."


def test_a_policy_incorporated_by_address_is_found_with_its_words_and_line() -> None:
    (found,) = policies.incorporated("A license.\n\n" + POLICY)
    assert (found.url, found.line) == ("https://example.org/use-policy", 3)
    assert found.quote == "Acceptable Use Policy at https://example.org/use-policy"


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.org/license for this license.",
        "Our trademark use policy is at https://example.org/brand and you must comply with it.",
        "You must comply with the laws. Visit https://example.org/.",
    ],
)
def test_an_address_that_is_no_use_policy_incorporates_nothing(text: str) -> None:
    assert policies.incorporated(text) == ()


def test_an_incorporated_policy_is_the_copy_in_the_repo_else_a_problem() -> None:
    with_copy = take({"LICENSE": POLICY, "USE_POLICY.md": "You may not."})
    assert [(link.source, link.path) for link in with_copy.links] == [("policy", "USE_POLICY.md")]
    assert not with_copy.problems
    (problem,) = take({"LICENSE": POLICY}).problems
    assert (problem.kind, problem.hides, problem.start_line) == ("policy-not-read", ("weights",), 1)


def test_no_osi_text_of_the_license_database_incorporates_a_use_policy() -> None:
    licensedcode = pytest.importorskip("licensedcode")
    texts = Path(next(iter(licensedcode.__path__))) / "data" / "licenses"
    for name in ("apache-2.0", "mit", "gpl-3.0", "mpl-2.0", "cc-by-4.0", "apsl-2.0", "eupl-1.2", "osl-3.0"):
        assert policies.incorporated((texts / f"{name}.LICENSE").read_text("utf-8")) == ()


@shared
@needs_shared
def test_every_shared_card_is_read_whole_cut_doubled_and_scrambled() -> None:
    cards = sorted((SHARED / "corpus" / "cards").glob("*/README.md"))
    assert cards
    for number, path in enumerate(cards):
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        shapes = (whole, whole[: len(whole) // 2], whole[:4000] * 2, b"".join(lines[::-1][:400]), whole[7:3000:2])
        for data in shapes if number % 5 == 0 else shapes[:1]:
            found = take({"README.md": data or b"x"})
            count = data.count(b"\n") + data.count(b"\r") + 2
            assert all(1 <= s.start_line <= s.end_line <= count for s in found.statements if s.path == "README.md")


def test_a_gate_that_refuses_one_file_is_not_asked_for_the_others() -> None:
    snapshot, _ = repo({"LICENSE": "words", "NOTICE": "words", "USE_POLICY.md": "words"})
    asked = []

    def read(path: str) -> bytes:
        asked.append(path)
        raise HubError("gated", "accept the terms", "gated-no-token")

    found = collect(snapshot, read)
    assert len(asked) == 1
    assert [problem.hides for problem in found.problems] == [("weights", "code", "data")]


@pytest.mark.parametrize(("tag", "hides"), [("apache-2.0", ()), ("other", ("weights",)), ("bsd", ("weights",))])
def test_a_lost_copy_hides_terms_only_where_the_tag_names_no_license(tag: str, hides: tuple[str, ...]) -> None:
    (problem,) = take({}, card=Card(license=(tag,), license_link="LICENSE")).problems
    assert problem.hides == hides


def test_a_license_name_alone_is_what_is_declared() -> None:
    assert take({"README.md": "---\nlicense_name: apache-2.0\n---\n# A\n"}).declared_ids == ("Apache-2.0",)


SOFTWARE = "You may use this software and copy its source code.\n"


def test_two_texts_about_software_are_for_the_model_where_no_text_is_left_for_it() -> None:
    found = take({"LICENSE": SOFTWARE, "LICENSE-APACHE": SOFTWARE + "Once more.\n"})
    assert scopes(found) == {"LICENSE": ("license", "all"), "LICENSE-APACHE": ("license", "all")}


def test_a_text_about_software_is_for_the_code_beside_one_for_the_model() -> None:
    found = take({"LICENSE": SOFTWARE, "MODEL_LICENSE": "The Model may be used.\n"})
    assert scopes(found) == {"LICENSE": ("license", "code"), "MODEL_LICENSE": ("license", "weights")}


def test_a_pdf_counts_as_read_only_beside_a_text_that_was() -> None:
    assert not take({"LICENSE": SOFTWARE, "LICENSE.pdf": b"%PDF"}).problems
    assert {p.subject for p in take({"LICENSE": "gone", "LICENSE.pdf": b"%PDF"}).problems} == {"LICENSE", "LICENSE.pdf"}
