"""What contradicts what in one repo, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from licensecheck import cards, names, prose, records
from licensecheck.conflicts import agree, conflicts
from licensecheck.types import Added, Ancestor, Card, Clause, Conflict, Document, DocumentReading, Identity, Reading, Role, Scope, Statement


def said(license_id: str | None, *clauses: str, scope: Scope = "weights", is_weak: bool = False) -> Statement:
    return Statement(license_id, clauses, scope, f"words about {license_id}", "README.md", 7, 7, is_weak)


def text(path: str, identity: Identity, *clauses: str, role: Role = "license", scope: Scope = "all") -> DocumentReading:
    found = tuple(Clause(c, path, f"words of {c}", 3, 3, "rule", "high") for c in clauses)
    return DocumentReading(Document(path, role, scope, "", "sha256:0"), Reading(path, "sha256:0", "en", identity, found))


def kinds(found: tuple[Conflict, ...]) -> list[str]:
    return [conflict.kind for conflict in found if conflict.kind != "notice-missing"]


def run(
    *tags: str, ids: tuple[str, ...], statements: tuple[Statement, ...] = (), texts: tuple[DocumentReading, ...] = ()
) -> tuple[Conflict, ...]:
    return conflicts(Card(license=tags), ids, statements, texts)


def exact(license_id: str) -> Identity:
    return Identity("exact", license_id, license_id, 1.0)


def test_prose_that_names_another_license_of_the_weights_contradicts_the_tag() -> None:
    (found,) = [c for c in run("mit", ids=("MIT",), statements=(said("CC-BY-NC-4.0"),)) if c.kind == "card-vs-tag"]
    assert found.severity == "high"
    assert [side.quote for side in found.sides] == ["license: mit", "words about CC-BY-NC-4.0"]
    assert "purpose.noncommercial" in found.lost


@pytest.mark.parametrize(
    "statement",
    [
        said("MIT"),
        said("CC-BY-NC-4.0", scope="code"),
        said("CC-BY-NC-4.0", scope="data"),
        said("CC-BY-NC-4.0", is_weak=True),
        said(None),
        said("MIT", "sharing.notice"),
    ],
)
def test_no_conflict_where_prose_agrees_or_speaks_of_something_else(statement: Statement) -> None:
    assert kinds(run("mit", ids=("MIT",), statements=(statement,))) == []


def test_one_agreeing_sentence_settles_it_while_others_name_relatives() -> None:
    assert kinds(run("mit", ids=("MIT",), statements=(said("MIT"), said("Apache-2.0")))) == []


def test_a_restriction_in_prose_contradicts_a_tag_that_does_not_have_it() -> None:
    (found,) = [
        c for c in run("apache-2.0", ids=("Apache-2.0",), statements=(said(None, "purpose.research-only"),)) if c.kind == "card-vs-tag"
    ]
    assert found.lost == ("purpose.research-only",)


def test_a_restriction_that_the_declared_license_holds_is_no_conflict() -> None:
    statements = (said(None, "purpose.noncommercial"), said(None, "purpose.commercial-terms"))
    assert kinds(run("cc-by-nc-4.0", ids=("CC-BY-NC-4.0",), statements=statements)) == []


def test_a_tag_without_a_meaning_contradicts_nothing() -> None:
    assert "card-vs-tag" not in kinds(
        run("other", ids=("LicenseRef-other",), statements=(said("MIT"), said(None, "purpose.research-only")))
    )


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("MIT", "MIT", True),
        ("LicenseRef-llama", "LicenseRef-llama3.1", True),
        ("LicenseRef-cc-by-nc", "CC-BY-NC-4.0", True),
        ("LicenseRef-acme", "LicenseRef-acme-model-license", True),
        ("MIT", "Apache-2.0", False),
        ("LicenseRef-llama3", "LicenseRef-llama3.1", False),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", False),
        ("MIT", "LicenseRef-modified-mit-license", False),
    ],
)
def test_two_names_of_one_license_agree(one: str, other: str, is_same: bool) -> None:
    assert agree(one, other) is is_same
    assert agree(other, one) is is_same


def test_a_file_of_another_license_contradicts_the_tag() -> None:
    found = run("mit", ids=("MIT",), texts=(text("LICENSE", exact("LicenseRef-llama3.1")),))
    assert "file-vs-tag" in kinds(found)


def test_the_file_that_the_tag_names_settles_it() -> None:
    assert kinds(run("mit", ids=("MIT",), texts=(text("LICENSE", exact("MIT")),))) == []


def test_a_changed_copy_contradicts_tag_and_prose_and_quotes_what_was_added() -> None:
    changed = Identity("variant", "MIT", "MIT", 0.9, (Added("show our name", 23, 24),), 0)
    found = run("mit", ids=("MIT",), statements=(said("MIT"),), texts=(text("LICENSE", changed, "sharing.branding"),))
    assert sorted(kinds(found)) == ["card-vs-file", "file-vs-tag"]
    assert all("sharing.branding" in conflict.lost for conflict in found if conflict.kind != "notice-missing")
    assert {side.quote for conflict in found for side in conflict.sides} >= {"show our name"}


def test_an_unknown_text_that_restricts_contradicts_an_open_tag() -> None:
    (found,) = [
        c for c in run("mit", ids=("MIT",), texts=(text("LICENSE", Identity("unknown"), "field.military"),)) if c.kind == "file-vs-tag"
    ]
    assert (found.severity, found.lost) == ("high", ("field.military",))


def test_a_license_of_the_code_contradicts_nothing_about_the_weights() -> None:
    assert kinds(run("mit", ids=("MIT",), texts=(text("LICENSE-CODE", exact("Apache-2.0"), scope="code"),))) == []


def test_two_files_for_the_same_thing_are_a_conflict() -> None:
    texts = (text("LICENSE", exact("MIT")), text("LICENSE.txt", exact("CC-BY-NC-4.0")))
    assert "two-files" in kinds(run(ids=(), texts=texts))


def test_other_without_a_text_is_told() -> None:
    assert kinds(run("other", ids=("LicenseRef-other",))) == ["other-without-text"]


def test_a_license_that_does_not_exist_is_told() -> None:
    assert kinds(run("frobnicate-9", ids=("LicenseRef-frobnicate-9",))) == ["unknown-license-name"]


def test_a_license_name_that_is_a_tag_is_told() -> None:
    assert kinds(conflicts(Card(license=("other",), license_name="mit"), ("MIT",), (), ())) == ["name-is-a-tag"]


def test_a_license_that_must_be_passed_on_is_missed() -> None:
    found = run("llama3.1", ids=("LicenseRef-llama3.1",))
    assert [conflict.kind for conflict in found] == ["notice-missing"]
    assert not run("llama3.1", ids=("LicenseRef-llama3.1",), texts=(text("LICENSE", exact("LicenseRef-llama3.1")),))


def test_a_child_that_drops_its_parents_terms_is_told_with_the_path() -> None:
    parent = Ancestor("org/base", "finetune", 1, None, "LicenseRef-llama3.1", "not-open", ("me/child", "org/base"))
    found = conflicts(Card(license=("apache-2.0",)), ("Apache-2.0",), (), (), parents=(parent,))
    (child,) = [c for c in found if c.kind == "child-vs-parent"]
    assert child.severity == "high"
    assert "me/child → org/base" in child.message
    assert "threshold.users" in child.lost


@pytest.mark.parametrize("license_id", ["Apache-2.0", None, "LicenseRef-other"])
def test_a_parent_under_the_same_or_no_known_license_is_no_conflict(license_id: str | None) -> None:
    parent = Ancestor("org/base", "finetune", 1, None, license_id, "open")
    found = conflicts(Card(license=("apache-2.0",)), ("Apache-2.0",), (), (), parents=(parent,))
    assert "child-vs-parent" not in kinds(found)


def test_the_gravest_comes_first() -> None:
    found = run("mit", ids=("MIT",), statements=(said("CC-BY-NC-4.0"),))
    assert [c.severity for c in found] == sorted((c.severity for c in found), key=["high", "medium", "low"].index)


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared material is not here")
def test_a_changed_tag_raises_the_conflict_and_an_agreeing_tag_settles_it() -> None:
    """Metamorphic, over the labelled cards whose prose names one license of what the repo is about."""
    wrong = []
    for label in sorted((SHARED / "gold-cards").glob("*.yaml")):
        gold = yaml.safe_load(label.read_text("utf-8"))
        named = [s["licenses"] for s in gold["statements"] if s["licenses"] and s["scope"] != "code"]
        if not named or gold["conflict"] or named[0][0] == "other" or any(not set(named[0]) & set(other) for other in named):
            continue
        text = (SHARED / "corpus" / "cards" / label.stem / "README.md").read_text("utf-8", "replace")
        material: Scope = "data" if label.stem.startswith("dataset--") else "weights"
        tag = named[0][0]
        is_open = records.standing(names.declared(tag)[0])[0] == "open"
        if not _raises(text, label.stem, "cc-by-nc-4.0" if is_open else "mit", material):
            wrong.append(f"{label.stem}: no conflict under another license")
        if _raises(text, label.stem, tag, material):
            wrong.append(f"{label.stem}: conflict stays under {tag}")
    assert wrong == []


def _raises(text: str, name: str, tag: str, material: Scope) -> bool:
    declared = names.declared(tag)
    _, lines, _ = cards.front_matter(text)
    statements = prose.statements(text, "README.md", prose.Context(material=material, name=name, declared=declared), skip_lines=lines)
    return "card-vs-tag" in kinds(conflicts(Card(license=(tag,)), declared, statements, (), material=material))


@pytest.mark.parametrize(
    ("family", "member"), [("LicenseRef-bsd", "BSD-3-Clause"), ("LicenseRef-gpl", "GPL-3.0-only"), ("LicenseRef-apache", "Apache-2.0")]
)
def test_a_family_tag_agrees_with_its_members_alone(family: str, member: str) -> None:
    assert agree(family, member)
    assert not agree(family, "MIT")


def test_two_files_are_no_conflict_where_the_tags_name_both() -> None:
    texts = (text("LICENSE-MIT", exact("MIT")), text("LICENSE-APACHE", exact("Apache-2.0")))
    assert "two-files" not in kinds(run("mit", "apache-2.0", ids=("MIT", "Apache-2.0"), texts=texts))
