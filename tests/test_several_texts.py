"""Repos with more than one text, from end to end: what stands beside an approved license changes the answer only where it takes away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from licensecheck import agreement
from licensecheck.cli import main_group


@pytest.fixture(scope="module")
def approved() -> dict[str, str]:
    texts = {text.license: text.text for text in agreement.at_hand() if text.license in ("Apache-2.0", "BSD-3-Clause", "ISC", "Zlib")}
    if len(texts) < 4:
        pytest.skip("licensedcode-data is not installed")
    return texts


def checked(folder: Path, **files: str) -> dict[str, Any]:
    for name, text in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_text(text, "utf-8")
    result = CliRunner().invoke(
        main_group, ["check", str(folder), "--offline", "--lineage", "none", "--format", "json"], standalone_mode=False
    )
    if result.exception:
        raise result.exception
    report: dict[str, Any] = json.loads(result.stdout)["reports"][0]
    return report


def card(*tags: str) -> str:
    return f"---\nlicense: [{', '.join(tags)}]\nlibrary_name: acme\n---\n# Acme\n\nA model.\n"


def test_an_unknown_notice_leaves_an_approved_license_open(tmp_path: Path, approved: dict[str, str]) -> None:
    notice = "Acme Model\nCopyright 2024 Acme Labs.\nMade by friends in Springfield.\n"
    report = checked(tmp_path, README__md=card("bsd-3-clause"), LICENSE=approved["BSD-3-Clause"], NOTICE=notice)
    assert report["verdicts"]["osd"]["openness"] == "open"


def test_a_notice_that_takes_away_is_heard(tmp_path: Path, approved: dict[str, str]) -> None:
    notice = "Acme Model\nYou may not use the model for military purposes.\n"
    report = checked(tmp_path, README__md=card("bsd-3-clause"), LICENSE=approved["BSD-3-Clause"], NOTICE=notice)
    assert report["verdicts"]["osd"]["openness"] == "not-open"


def test_two_approved_licenses_that_the_tags_name_both_are_open_without_a_conflict(tmp_path: Path, approved: dict[str, str]) -> None:
    report = checked(tmp_path, README__md=card("isc", "zlib"), LICENSE=approved["ISC"], LICENSE_ZLIB=approved["Zlib"])
    assert report["verdicts"]["osd"]["openness"] == "open"
    assert {d["scope"] for d in report["documents"]} == {"all"}
    assert not [c for c in report["conflicts"] if c["kind"] in ("two-files", "file-vs-tag")]


def test_a_family_tag_beside_one_of_its_licenses_is_no_conflict(tmp_path: Path, approved: dict[str, str]) -> None:
    report = checked(tmp_path, README__md=card("bsd"), LICENSE=approved["BSD-3-Clause"])
    assert (report["verdicts"]["osd"]["openness"], report["conflicts"]) == ("open", [])
