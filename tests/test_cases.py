"""A folder is a case: `tests/cases/<name>/` holds a small repo and `expect.yaml`, and goes through the real command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from licensecheck.cli import main_group

CASES = sorted(p.parent for p in (Path(__file__).parent / "cases").glob("*/expect.yaml"))


def check(folder: Path, *options: str) -> tuple[dict[str, Any], int]:
    result = CliRunner().invoke(main_group, ["check", str(folder), "--offline", "--format", "json", *options], standalone_mode=False)
    assert result.exception is None, result.exception
    return json.loads(result.stdout)["reports"][0], result.return_value


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_a_case_comes_out_as_its_folder_says(case: Path) -> None:
    want = yaml.safe_load((case / "expect.yaml").read_text("utf-8"))
    report, code = check(case / "repo", *want.get("options", ()))
    said = {
        "exit": code,
        "openness": report["verdicts"]["osd"]["openness"],
        "action": report["decision"]["action"],
        "scopes": {d["path"]: d["scope"] for d in report["documents"]},
        "governing": [[g["scope"], g["license"], g["basis"]] for g in report["governing"]],
    }
    assert {key: said[key] for key in said if key in want} == {key: want[key] for key in said if key in want}
    found = {c["id"] for c in report["clauses"]}
    assert set(want.get("must", ())) <= found
    assert not set(want.get("must_not", ())) & found
    told = " ".join([p["message"] for p in report["problems"]] + [r["message"] for r in report["decision"]["reasons"]])
    for words in want.get("says", ()):
        assert words in told


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_every_clause_is_shown_by_words_that_stand_at_its_lines_or_by_a_citation(case: Path) -> None:
    report, _ = check(case / "repo")
    for clause in report["clauses"]:
        if clause["quote"] is None:
            assert clause["citation"]["record"]
            continue
        if ":" in clause["path"]:
            continue  # the gate's prompt has lines of its own
        lines = (case / "repo" / clause["path"]).read_text("utf-8").split("\n")[clause["start_line"] - 1 : clause["end_line"]]
        assert "".join(clause["quote"].split()) in "".join("".join(lines).split())
