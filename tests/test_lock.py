"""`lock`, `verify` and `diff` over real HTTP, and the lock file by itself; and what a policy does to `check` on the command line."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import reports as made
from hub import FailingHub
from hypothesis import given
from hypothesis import strategies as st

from licensecheck import lock as locks
from licensecheck.cli import run
from licensecheck.errors import UsageError
from licensecheck.lock import Locked, changes

TERMS = """Acme Model Terms

You may use the weights on the conditions below.

You agree not to use the Model:
(a) to sell weapons.
"""
MORE = TERMS + "(b) in military operations or for warfare.\n"
TAGGED = "---\nlicense: apache-2.0\n---\n# A model\n"


@pytest.fixture
def acme(hub: FailingHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FailingHub:
    """A Hub with a restricted and an open model, and an empty working directory."""
    hub.add("acme/restricted", {"README.md": "# Acme\n", "LICENSE": TERMS})
    hub.add("acme/tagged", {"README.md": TAGGED})
    monkeypatch.chdir(tmp_path)
    return hub


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(arguments)
    shown = capsys.readouterr()
    return code, shown.out + shown.err


# Lock and verify


def test_what_was_locked_stands_as_long_as_nothing_changes(acme, capsys):
    assert ran(capsys, "lock", "acme/tagged", "acme/restricted")[0] == 0
    raw = tomllib.loads(Path("licensecheck.lock").read_text("utf-8"))
    assert [entry["id"] for entry in raw["repo"]] == ["acme/restricted", "acme/tagged"]
    assert raw["repo"][0]["clauses"] == ["field.weapons"]
    assert raw["repo"][0]["documents"]["LICENSE"].startswith("sha256:")
    code, shown = ran(capsys, "verify")
    assert (code, shown.count("the terms stand as locked")) == (0, 2)


def test_equal_terms_give_equal_bytes_in_whatever_order_they_are_asked(acme, capsys):
    ran(capsys, "lock", "acme/tagged", "acme/restricted")
    first = Path("licensecheck.lock").read_bytes()
    ran(capsys, "lock", "acme/restricted", "acme/tagged", "acme/tagged", "--no-cache")
    assert Path("licensecheck.lock").read_bytes() == first
    ran(capsys, "lock")
    assert Path("licensecheck.lock").read_bytes() == first


def test_terms_that_changed_upstream_fail_clause_by_clause_with_their_words(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    acme.repos["model", "acme/restricted"].commit({"README.md": "# Acme\n", "LICENSE": MORE})
    code, shown = ran(capsys, "verify")
    assert code == 1
    assert "acme/restricted@main: the terms changed" in shown
    assert "+ clause field.military" in shown
    assert "~ text LICENSE: sha256:" in shown
    assert "field.military, LICENSE:7: “" in shown
    assert "- clause" not in shown


def test_a_commit_that_moves_on_under_the_same_terms_is_no_failure(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    acme.repos["model", "acme/restricted"].commit({"README.md": "# Acme\n", "LICENSE": TERMS, "config.json": "{}"})
    code, shown = ran(capsys, "verify")
    assert code == 0
    assert "the terms stand as locked\n  commit " in shown


def test_a_lock_that_reads_the_same_texts_otherwise_is_stale(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    file = Path("licensecheck.lock")
    file.write_text(file.read_text("utf-8").replace("field.weapons", "field.violence"), "utf-8")
    code, shown = ran(capsys, "verify")
    assert (code, "the lock is stale: the same texts are read otherwise" in shown) == (1, True)


def test_a_repo_that_is_asked_for_and_not_locked_makes_the_lock_stale(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    Path("models.txt").write_text("acme/restricted\nacme/tagged\n")
    code, shown = ran(capsys, "verify", "-r", "models.txt")
    assert (code, "acme/tagged: not locked" in shown) == (1, True)


def test_what_cannot_be_looked_at_is_not_decided_and_never_taken_for_a_change(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    acme.repos["model", "acme/restricted"].commit({"README.md": "# Acme\n", "LICENSE": MORE})
    acme.break_down(500, where="/resolve/")
    code, shown = ran(capsys, "verify", "--no-cache")
    assert code == 3
    assert "cannot be compared" in shown
    acme.break_down(500)
    assert ran(capsys, "verify", "--no-cache")[0] == 3


def test_a_repo_that_cannot_be_looked_at_is_not_locked_and_the_old_lock_stays(acme, capsys):
    ran(capsys, "lock", "acme/restricted")
    before = Path("licensecheck.lock").read_bytes()
    code, shown = ran(capsys, "lock", "acme/restricted", "acme/none")
    assert (code, "acme/none cannot be locked" in shown) == (3, True)
    assert Path("licensecheck.lock").read_bytes() == before


def test_nothing_to_lock_and_no_lock_to_verify_are_wrong_usage(acme, capsys):
    assert ran(capsys, "lock")[0] == 2
    code, shown = ran(capsys, "verify")
    assert (code, "licensecheck.lock cannot be read" in shown) == (2, True)


@pytest.mark.parametrize(
    "text", ["x = [", "version = 2", "version = 1\nrepo = 5", "version = 1\n[[repo]]\nid = 1", "\xff", "version = 1\nrepo = [1]"]
)
def test_a_file_that_is_no_lock_is_told_in_one_line(acme, capsys, text):
    Path("licensecheck.lock").write_bytes(text.encode("latin-1"))
    code, shown = ran(capsys, "verify")
    assert code == 2
    assert shown.startswith("licensecheck: licensecheck.lock is no")
    assert len(shown.splitlines()) == 2


# Diff


def test_two_revisions_are_compared_clause_by_clause(acme, capsys):
    repo = acme.repos["model", "acme/restricted"]
    old = repo.branches["main"]
    repo.commit({"README.md": "# Acme\n", "LICENSE": MORE})
    code, shown = ran(capsys, "diff", f"acme/restricted@{old}", "acme/restricted")
    assert code == 1
    assert "+ clause field.military\n" in shown
    assert "+ field.military, LICENSE:7: “" in shown
    code, shown = ran(capsys, "diff", "acme/restricted", f"acme/restricted@{old}")
    assert "- clause field.military\n" in shown
    assert ran(capsys, "diff", "acme/restricted", "acme/restricted@main") == (
        0,
        "acme/restricted -> acme/restricted@main: the same terms\n",
    )


def test_a_repo_and_a_folder_are_compared(acme, capsys, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "LICENSE").write_text(TERMS)
    (tmp_path / "copy" / "README.md").write_text("# Acme\n")
    assert ran(capsys, "diff", "acme/restricted", "./copy")[0] == 0
    assert ran(capsys, "diff", "acme/none", "./copy")[0] == 3


# The file by itself

texts = st.text(max_size=20)
entries = st.builds(
    Locked,
    id=texts,
    type=st.sampled_from(["model", "dataset", "space"]),
    revision=texts,
    commit=texts,
    licenses=st.lists(texts, max_size=3).map(tuple),
    openness=st.sampled_from(["open", "not-open", "unclear"]),
    clauses=st.lists(texts, max_size=3).map(tuple),
    documents=st.dictionaries(texts, texts, max_size=3),
    lineage=st.dictionaries(texts, texts, max_size=3),
    rules=texts,
)


@given(st.lists(entries, max_size=3))
def test_whatever_is_locked_is_read_back(tmp_path_factory, locked):
    file = tmp_path_factory.mktemp("lock") / "licensecheck.lock"
    file.write_text(locks.written(locked), "utf-8", newline="\n")
    found = locks.read(file)
    assert len(found) == len(locks.set_of(locked))
    assert all(entry in found for entry in locks.set_of(locked))
    assert locks.written(reversed(found)) == locks.written(found)


@given(entries, entries)
def test_only_equal_states_show_no_change_and_the_way_back_mirrors_the_way_there(old, new):
    assert not list(changes(old, old))
    there, back = list(changes(old, new)), list(changes(new, old))
    assert len([c for c in there if c.is_of_terms]) == len([c for c in back if c.is_of_terms])
    if (old.clauses, old.documents) != (new.clauses, new.documents):
        assert any(c.is_of_terms for c in there) or set(old.clauses) == set(new.clauses)


def test_an_ancestor_that_only_moves_on_is_no_change_of_terms():
    old = locks.locked(made.not_open())
    moved = replace(old, lineage={name: value.replace(made.COMMIT, "f" * 40) for name, value in old.lineage.items()})
    assert old.lineage != moved.lineage
    assert not list(changes(old, moved))


def test_a_report_without_a_commit_cannot_be_locked():
    with pytest.raises(UsageError, match="cannot be locked"):
        locks.locked(made.not_open(snapshot=made.snapshot(folder="./here")))


# Policies on the command line


def decision(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    code, shown = ran(capsys, "check", *arguments, "--format", "json")
    return code, json.loads(shown)["reports"][0]["decision"]


def test_the_policy_of_the_working_directory_decides(acme, capsys):
    assert decision(capsys, "acme/restricted")[0] == 1
    Path("licensecheck.toml").write_text('name = "ours"\n[allow]\nclauses = ["field.weapons"]\n')
    code, found = decision(capsys, "acme/restricted")
    assert (code, found["action"], found["policy"]) == (0, "allow", "ours")
    assert decision(capsys, "acme/restricted", "--policy", "open-source")[0] == 1


def test_every_option_is_read_from_the_environment_too(acme, capsys, monkeypatch):
    Path("ours.toml").write_text('[allow]\nclauses = ["field.weapons"]\n')
    monkeypatch.setenv("LICENSECHECK_POLICY", "ours.toml")
    assert decision(capsys, "acme/restricted")[0] == 0
    monkeypatch.delenv("LICENSECHECK_POLICY")
    monkeypatch.setenv("LICENSECHECK_EXIT_ZERO", "1")
    assert decision(capsys, "acme/restricted")[0] == 0
    monkeypatch.setenv("LICENSECHECK_FORMAT", "json markdown=out.md")
    assert run(["check", "acme/restricted"]) == 0
    assert json.loads(capsys.readouterr().out)["reports"]
    assert "acme/restricted" in Path("out.md").read_text("utf-8")


def test_an_exception_holds_until_its_last_day(acme, capsys, monkeypatch):
    Path("licensecheck.toml").write_text(
        '[[exception]]\nrepo = "acme/*"\nclause = "field"\nreason = "agreed by mail"\nowner = "Ada"\nexpires = 2027-06-30\n'
    )
    code, found = decision(capsys, "acme/restricted", "--today", "2027-06-30")
    assert (code, found["waived"][0]["state"], found["waived"][0]["owner"]) == (0, "used", "Ada")
    assert found["reasons"][0]["message"].startswith("waived until 2027-06-30: field.weapons")
    monkeypatch.setenv("LICENSECHECK_TODAY", "2027-07-01")
    code, found = decision(capsys, "acme/restricted")
    assert (code, found["waived"][0]["state"]) == (1, "expired")
    assert "exception for field expired" in " ".join(ran(capsys, "check", "acme/restricted")[1].split())


def test_the_intended_use_shows_in_every_format_what_there_is_to_do(acme, capsys):
    acme.add("acme/notice", {"README.md": "# N\n", "LICENSE": TERMS + "\nYou must keep this notice in all copies of the Model.\n"})
    Path("licensecheck.toml").write_text('extends = "commercial"\n[use]\ndistribute-weights = true\n')
    code, found = decision(capsys, "acme/notice")
    assert code == 0
    assert [o["clause"] for o in found["obligations"]] == ["sharing.notice"]
    assert any("it does not bite; it would if fields named weapons" in r["message"] for r in found["reasons"])
    for name in ("console", "markdown", "html"):
        shown = ran(capsys, "check", "acme/notice", "--format", name)[1]
        assert "Keep the notices and hand the license on." in " ".join(shown.split()), name


def test_an_exception_that_fits_none_of_many_repos_is_told(acme, capsys):
    Path("licensecheck.toml").write_text('[[exception]]\nrepo = "gone/*"\nclause = "field"\nreason = "r"\nexpires = 2027-06-30\n')
    Path("models.txt").write_text("acme/restricted\nacme/tagged\n")
    assert run(["check", "-r", "models.txt"]) == 1
    assert capsys.readouterr().err == "licensecheck: the exception for field of gone/* fits none of these repos\n"
    assert run(["check", "acme/restricted"]) == 1
    assert capsys.readouterr().err == ""
