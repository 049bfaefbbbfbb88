"""`licensecheck license` through the real command line: a record by any name, a file by its words."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from licensecheck.cli import run


def _mit() -> str:
    files = importlib.metadata.files("licensedcode-data") or ()
    file = next(f for f in files if f.name == "mit.LICENSE")
    return str(file.locate().read_text("utf-8")).split("---\n", 2)[2]


def test_a_license_is_shown_by_id_name_and_tag(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("CC-BY-NC-4.0", "CC BY-NC 4.0", "cc-by-nc-4.0"):
        assert run(["license", name]) == 0
        shown = capsys.readouterr().out
        assert "CC-BY-NC-4.0" in shown
        assert "not open" in shown
        assert "purpose.noncommercial" in shown


def test_a_file_with_equal_words_is_said_to_be_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "COPYING"
    file.write_text(_mit())
    assert run(["license", str(file)]) == 0
    assert "equal in every word that counts to MIT" in capsys.readouterr().out.replace("\n", " ")


def test_a_changed_copy_shows_the_added_sentence_and_what_it_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "LICENSE"
    file.write_text(_mit() + "\nYou may not use the Software for any military end.\n")
    assert run(["license", str(file)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "MIT (MIT License), changed: 1 sentence added, 0 missing" in shown
    assert "You may not use the Software for any military end." in shown
    assert "+ field.military" in shown


def test_a_condition_that_a_copy_dropped_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = "\n\n".join(p for p in _mit().split("\n\n") if "copyright notice" not in p)
    file = tmp_path / "LICENSE"
    file.write_text(kept)
    assert run(["license", str(file)]) == 0
    assert "- condition not found: sharing.notice" in " ".join(capsys.readouterr().out.split())


def test_a_name_nobody_knows_is_wrong_usage_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["license", "aapche-2.0"]) == 2
    assert "did you mean apache-2.0" in capsys.readouterr().err.lower()
    assert run(["license", "./no-such-file"]) == 2
    assert "name a file that exists" in capsys.readouterr().err


def test_an_expression_shows_every_license_in_it(capsys):
    assert run(["license", "MIT OR Apache-2.0"]) == 0
    shown = capsys.readouterr().out
    assert "MIT - MIT License" in shown
    assert "Apache-2.0 - Apache License 2.0" in shown
