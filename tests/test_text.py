"""`licensecheck text`, `explain`, `rules`, `completion` and `--version`, through the real command line."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from licensecheck import __version__, reading
from licensecheck.cli import main_group, run

RESTRICTED = "Acme Terms\n\nYou may not use the model for military purposes.\n"


def texts(*arguments: str, given: str | None = None) -> tuple[list, int]:
    result = CliRunner().invoke(main_group, ["text", *arguments, "--format", "json"], input=given, standalone_mode=False)
    if result.exception:
        raise result.exception
    return json.loads(result.stdout)["readings"], result.return_value


def known(name: str) -> Path:
    """A license text that a development dependency ships."""
    return Path(str(resources.files("licensedcode") / "data" / "licenses" / f"{name}.LICENSE"))


@pytest.fixture
def mit(tmp_path: Path) -> Path:
    """MIT's words, without the front matter that the package puts before them."""
    body = known("mit").read_text("utf-8").split("---\n", 2)[2]
    path = tmp_path / "LICENSE"
    path.write_text("MIT License\n\nCopyright (c) 2026 The Heron Developers\n\n" + body)
    return path


def test_a_restricted_text_exits_with_one_and_shows_its_words_at_their_line(tmp_path):
    path = tmp_path / "LICENSE"
    path.write_text(RESTRICTED)
    (reading,), code = texts(str(path))
    assert code == 1
    clause = next(c for c in reading["clauses"] if c["id"] == "field.military")
    assert (clause["start_line"], clause["end_line"], clause["source"]) == (3, 3, "rule")
    assert clause["quote"] in RESTRICTED
    assert list(reading) == ["path", "digest", "language", "identity", "clauses", "verdicts", "problems"]


def test_the_words_of_an_approved_license_are_open_and_exit_with_zero(mit):
    (reading,), code = texts(str(mit))
    assert (reading["identity"]["grade"], reading["identity"]["license"]) == ("exact", "MIT")
    assert (reading["verdicts"]["osd"]["openness"], code) == ("open", 0)
    assert reading["verdicts"]["osd"]["ruling"]["by"] == "OSI"


def test_one_added_sentence_makes_an_approved_license_a_variant_that_is_not_called_open(mit):
    mit.write_text(mit.read_text() + "\nThe Software may not be used for military purposes.\n")
    (reading,), code = texts(str(mit))
    assert reading["identity"]["grade"] == "variant"
    assert reading["verdicts"]["osd"]["openness"] == "not-open"
    assert code == 1


def test_without_records_an_approved_license_is_unclear(mit):
    (reading,), code = texts(str(mit), "--no-records")
    assert (reading["identity"]["grade"], reading["verdicts"]["osd"]["openness"], code) == ("unknown", "unclear", 3)


def test_readings_with_and_without_records_are_kept_apart(mit):
    for _ in range(2):
        assert texts(str(mit))[1] == 0
        assert texts(str(mit), "--no-records")[1] == 3


def test_standard_input_is_read_under_the_name_of_a_dash():
    (reading,), code = texts("-", given=RESTRICTED)
    assert (reading["path"], code) == ("-", 1)


def test_paths_stand_in_the_json_as_they_were_given(tmp_path, monkeypatch):
    (tmp_path / "b.txt").write_text(RESTRICTED)
    (tmp_path / "a.txt").write_text("Do good.\n")
    monkeypatch.chdir(tmp_path)
    found, _ = texts("b.txt", "./a.txt")
    assert [r["path"] for r in found] == ["b.txt", "./a.txt"]
    assert {c["path"] for c in found[0]["clauses"]} == {"b.txt"}


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b"%PDF-1.4\n%\xe2\xe3", "PDF"), (b"a" * (1 << 20) + b"b", "1 MiB"), (b"text\0text", "binary")],
)
def test_what_cannot_be_read_is_never_open_and_says_why(tmp_path, data, words):
    path = tmp_path / "LICENSE"
    path.write_bytes(data)
    (reading,), code = texts(str(path))
    assert (reading["verdicts"]["osd"]["openness"], code) == ("unclear", 3)
    assert words.lower() in " ".join(p["message"] for p in reading["problems"]).lower()


def test_a_language_that_no_rule_reads_is_a_problem(tmp_path):
    path = tmp_path / "LICENCE"
    path.write_text(
        "Vous pouvez utiliser ce modèle pour tous les projets, mais il est interdit de le vendre ou de le donner à une autre personne.\n"
    )
    (reading,), code = texts(str(path))
    assert ("not read: language fr" in [p["message"] for p in reading["problems"]], code) == (True, 3)


@pytest.mark.parametrize("name", ["no-such-file", "."])
def test_a_file_that_is_none_is_wrong_usage(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    assert run(["text", name]) == 2
    assert name in capsys.readouterr().err


def test_the_page_says_not_open_and_shows_the_words(tmp_path, capsys):
    path = tmp_path / "LICENSE"
    path.write_text(RESTRICTED)
    assert run(["text", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "license terms: not open" in " ".join(shown.split())
    assert "military purposes" in shown
    assert "What to do:" in shown


# explain


@pytest.mark.parametrize(
    ("name", "words"), [("field.military", "ilitary"), ("osd.6", "Any purpose"), ("Apache-2.0", "OSI"), ("llama3.1", "not open")]
)
def test_explain_tells_of_clauses_criteria_and_licenses(name, words, capsys):
    assert run(["explain", name]) == 0
    assert words in capsys.readouterr().out


def test_every_clause_and_every_criterion_can_be_explained(capsys):
    from licensecheck import judge, rules

    for name in (*rules.taxonomy(), *(c.id for c in judge.criteria())):
        assert run(["explain", name]) == 0, name
    assert max(map(len, capsys.readouterr().out.split("\n"))) <= 80


def test_explain_offers_the_nearest_id_for_one_that_is_mistyped(capsys):
    assert run(["explain", "field.militry"]) == 2
    assert "field.military" in capsys.readouterr().err


# The rest


def test_the_version_names_the_distribution_and_the_rules(capsys):
    assert run(["--version"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"licensecheck {__version__} (hf-licensecheck, rules sha256:")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell, capsys):
    assert run(["completion", shell]) == 0
    assert "_LICENSECHECK_COMPLETE" in capsys.readouterr().out


def test_both_commands_are_installed_and_the_same():
    found = [
        subprocess.run([str(Path(sys.executable).with_name(name)), "--version"], capture_output=True, text=True).stdout
        for name in ("licensecheck", "hf-licensecheck")
    ]
    assert found[0] == found[1]
    assert found[0].startswith("licensecheck")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["text", "--help"], ["explain", "--help"]])
def test_help_has_examples(arguments, capsys):
    assert run(arguments) == 0
    assert "Examples:\n" in capsys.readouterr().out


def test_a_text_in_a_language_that_nobody_told_apart_is_said_to_be_unread() -> None:
    swedish = (
        "Du får använda modellen för vilket ändamål som helst, men inte för militära ändamål. "
        "Den som sprider modellen vidare ska bifoga en kopia."
    )
    read = reading.read(swedish, "LICENSE")
    assert [p.message for p in read.problems] == ["not read: language unknown"]
    assert reading.read("Copyright 2026 Ada Example", "NOTICE").problems == ()
