"""`licensecheck check` from end to end: the real command line, over real HTTP, against a Hub on 127.0.0.1."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hub import FailingHub

from licensecheck.cli import main_group, run
from licensecheck.demo import Weight

MODEL_TERMS = """Acme Model Terms

We let you use the weights on the conditions below.

You agree not to use the Model:
(a) in military operations or for warfare;
(b) to sell weapons.
"""
TAGGED = "---\nlicense: apache-2.0\n---\n# A model\n"


@pytest.fixture
def acme(hub: FailingHub) -> FailingHub:
    """A Hub with a restricted model, an open one by its tag, and one without any terms."""
    hub.add("acme/restricted", {"README.md": "# Acme\n", "LICENSE": MODEL_TERMS, "model.safetensors": Weight(9_000_000_000)})
    hub.add("acme/tagged", {"README.md": TAGGED, "model.safetensors": Weight(9_000_000_000)})
    hub.add("acme/silent", {"README.md": "# Silent\n", "model.safetensors": Weight(9_000_000_000)})
    return hub


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command line, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "hf_licensecheck", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, **environment},
    )


def reports(*arguments: str) -> tuple[list[dict[str, Any]], int]:
    result = CliRunner().invoke(main_group, ["check", *arguments, "--format", "json"], standalone_mode=False)
    if result.exception:
        raise result.exception
    return json.loads(result.stdout)["reports"], result.return_value


def openness(report: dict[str, Any]) -> str:
    return report["verdicts"]["osd"]["openness"]


# What a user sees


def test_the_first_lines_say_what_governs_whether_that_is_open_and_what_was_decided(acme):
    result = command("check", "acme/restricted")
    first = " ".join(result.stdout.split("\n  ")[0].split())
    assert first == "acme/restricted: weights under Acme Model Terms; license terms: not open; denied by policy open-source"
    assert "LICENSE:6: “" in result.stdout
    assert "military operations or for warfare" in " ".join(result.stdout.split())
    assert (result.returncode, result.stderr) == (1, "")


def test_weights_are_never_called_open_source(acme):
    result = command("check", "acme/tagged")
    assert "license terms: open" in " ".join(result.stdout.split())
    assert "open source" not in result.stdout
    assert result.returncode == 0


def test_a_page_that_is_piped_fits_eighty_columns_and_has_no_colour(acme):
    shown = command("check", "acme/restricted", "acme/tagged", "acme/silent", TERM="xterm-256color").stdout
    assert max(map(len, shown.split("\n"))) <= 80
    assert "\x1b" not in shown


def test_no_weight_is_ever_asked_for(acme):
    command("check", "acme/restricted", "acme/tagged", "acme/silent")
    assert acme.requests
    assert not [r for r in acme.requests if "safetensors" in r.path]


def test_one_check_asks_once_for_the_repo_and_once_for_each_text(acme):
    reports("acme/restricted")
    cold = list(acme.requests)
    assert len([r for r in cold if r.path.startswith("/api/")]) == 1
    assert len([r for r in cold if "/resolve/" in r.path]) == 2
    reports("acme/restricted")
    assert len(acme.requests) == len(cold) + 1


def test_files_are_read_at_the_commit_that_the_revision_meant(acme):
    found, _ = reports("acme/restricted")
    commit = acme.repos["model", "acme/restricted"].branches["main"]
    assert found[0]["repo"]["commit"] == commit
    assert all(f"/resolve/{commit}/" in r.path for r in acme.requests if "/resolve/" in r.path)


# The JSON


def test_equal_inputs_give_equal_bytes(acme):
    first = command("check", "acme/restricted", "acme/silent", "--format", "json", "--no-cache")
    second = command("check", "acme/restricted", "acme/silent", "--format", "json", "--no-cache", PYTHONHASHSEED="7")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["schema"] == 1


def test_a_kept_reading_and_a_fresh_one_are_the_same(acme):
    fresh = command("check", "acme/restricted", "--format", "json").stdout
    assert command("check", "acme/restricted", "--format", "json").stdout == fresh


def test_the_report_has_the_fields_of_the_contract(acme):
    (report,), _ = reports("acme/restricted")
    names = "repo declared statements documents governing clauses verdicts conflicts lineage problems decision"
    assert set(names.split()) <= set(report)
    assert list(report["repo"]) == ["id", "type", "revision", "commit", "url", "gated"]
    assert list(report["verdicts"]["osd"]["criteria"]) == [f"osd.{n}" for n in range(1, 11)]
    clause = next(c for c in report["clauses"] if c["id"] == "field.military")
    names = "id effect osd params path quote start_line end_line source citation confidence inherited_from"
    assert list(clause) == names.split()
    assert (clause["path"], clause["start_line"]) == ("LICENSE", 6)


def test_because_points_at_the_clauses_that_break_the_criterion(acme):
    (report,), _ = reports("acme/restricted")
    found = report["verdicts"]["osd"]["criteria"]["osd.6"]
    assert found["status"] == "violated"
    assert "field.military" in {report["clauses"][i]["id"] for i in found["because"]}


def test_reports_come_in_the_order_asked(acme):
    asked = ["acme/silent", "acme/tagged", "acme/restricted", "acme/nowhere", "acme/tagged"]
    found, _ = reports(*asked)
    assert [r["repo"]["id"] for r in found] == asked


# Exit codes


@pytest.mark.parametrize(
    ("refs", "code"),
    [
        (["acme/tagged"], 0),
        (["acme/restricted"], 1),
        (["acme/silent"], 3),
        (["acme/nowhere"], 3),
        (["acme/tagged", "acme/silent"], 3),
        (["acme/silent", "acme/restricted", "acme/tagged"], 1),
        (["acme/restricted", "a b c"], 2),
        ([], 2),
        (["./no-such-folder"], 2),
    ],
)
def test_exit_codes_are_those_of_the_contract(acme, refs, code, capsys):
    assert run(["check", *refs]) == code


def test_exit_zero_reports_without_failing(acme, capsys):
    assert run(["check", "acme/restricted", "acme/nowhere", "--exit-zero"]) == 0
    assert "not open" in capsys.readouterr().out


def test_wrong_usage_exits_with_two_and_names_the_way_out(acme, capsys):
    assert run(["check", "--policy", "no-such-policy", "acme/tagged"]) == 2
    assert "no-such-policy" in capsys.readouterr().err
    assert run(["check", "--format", "yaml", "acme/tagged"]) == 2
    assert run(["no-such-command"]) == 2


def test_a_repo_that_cannot_be_seen_never_stops_the_others(acme):
    found, code = reports("acme/nowhere", "acme/tagged")
    assert [openness(r) for r in found] == ["unclear", "open"]
    assert found[0]["problems"][0]["stage"] == "hub"
    assert found[0]["problems"][0]["hint"]
    assert code == 3


def test_an_internal_error_is_one_line_and_exit_three(acme, monkeypatch, capsys):
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("licensecheck.policy.decide", break_down)
    assert run(["check", "acme/tagged"]) == 3
    told = capsys.readouterr().err
    assert "internal error: ZeroDivisionError: a bug" in told
    assert "LICENSECHECK_DEBUG=1" in told
    assert "Traceback" not in told


def test_an_internal_error_on_one_repo_leaves_the_others_their_reports(acme, monkeypatch):
    from licensecheck import analysis

    whole = analysis.collect

    def break_down(snapshot: Any, *rest: Any, **options: Any) -> Any:
        if snapshot.id == "acme/silent":
            raise ZeroDivisionError("a bug")
        return whole(snapshot, *rest, **options)

    monkeypatch.setattr(analysis, "collect", break_down)
    found, code = reports("acme/silent", "acme/tagged")
    assert [openness(r) for r in found] == ["unclear", "open"]
    assert "internal error" in found[0]["problems"][0]["message"]
    assert code == 3


def test_ctrl_c_ends_quietly_with_130(acme, monkeypatch, capsys):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("licensecheck.policy.decide", interrupt)
    assert run(["check", "acme/tagged"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_does_not_wait_for_a_silent_hub(acme):
    acme.fall_silent()
    process = subprocess.Popen(
        [sys.executable, "-m", "hf_licensecheck", "check", "acme/silent", "acme/tagged"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while len(acme.requests) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "licensecheck: stopped")
    assert time.monotonic() - started < 5


def test_a_reader_that_goes_away_is_no_error(acme):
    process = subprocess.Popen(
        [sys.executable, "-m", "hf_licensecheck", "check", "acme/restricted", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


# Options


def test_refs_are_read_from_a_file_with_comments(acme, tmp_path):
    listed = tmp_path / "models.txt"
    listed.write_text("# ours\nacme/tagged\n\nacme/silent  # to be asked\n")
    found, _ = reports("-r", str(listed))
    assert [r["repo"]["id"] for r in found] == ["acme/tagged", "acme/silent"]


def test_a_line_of_a_file_that_names_no_repo_is_told_with_its_number(acme, tmp_path, capsys):
    listed = tmp_path / "models.txt"
    listed.write_text("acme/tagged\n\n../nowhere\n")
    assert run(["check", "-r", str(listed)]) == 2
    assert "models.txt:3: There is no folder ../nowhere" in capsys.readouterr().err
    listed.write_bytes(b"\xff\xfea")
    assert run(["check", "-r", str(listed)]) == 2
    assert "is not UTF-8" in capsys.readouterr().err


def test_two_formats_never_overwrite_each_other(acme, tmp_path, capsys):
    one = tmp_path / "report"
    assert run(["check", "acme/tagged", "--format", f"json={one}", "--format", f"html={one}"]) == 2
    assert "would be written twice" in capsys.readouterr().err
    assert not one.exists()


def test_a_full_disk_behind_stdout_is_told_in_words(acme):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "hf_licensecheck", "check", "acme/tagged"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert (result.returncode, "cannot be written" in result.stderr, "internal error" in result.stderr) == (2, True, False)


def test_a_sentence_is_not_taken_for_the_name_of_a_license(acme):
    acme.add("acme/sentence", {"LICENSE": "You must not use the Model for military purposes.\n"})
    result = command("check", "acme/sentence")
    assert "weights under terms without a name" in " ".join(result.stdout.split())


def test_what_stands_on_record_alone_is_never_laid_at_the_cards_door(acme):
    acme.add("acme/claimed", {"README.md": "---\nlicense: llama3.1\n---\n"})
    shown = " ".join(command("check", "acme/claimed").stdout.split())
    assert "stability.termination-on-breach (record of LicenseRef-llama3.1)" in shown
    assert "- field.fraud (record of LicenseRef-llama-3.1-use-policy)" in shown
    assert "[limit: 700,000,000; period: month]" in shown
    assert "(README.md)" not in shown


def test_a_missing_text_is_told_for_each_license_by_its_name(acme):
    acme.add("acme/either", {"README.md": "---\nlicense: [mit, apache-2.0]\n---\n"})
    found, _ = reports("acme/either")
    sides = [c["sides"] for c in found[0]["conflicts"] if c["kind"] == "notice-missing"]
    assert sorted(side[0]["license"] for side in sides) == ["Apache-2.0", "MIT"]


def test_many_files_of_terms_are_counted_and_problems_of_one_kind_told_once(acme):
    acme.add("acme/many", {f"LICENSE-{i}": f"Terms of part {i}\n\nYou may use it.\n" for i in range(50)})
    shown = command("check", "acme/many").stdout
    assert "and 28 more" in shown
    assert shown.count("the repo has more than 40 license files") == 1
    assert "the same holds for LICENSE-46" in shown


def test_output_goes_whole_into_a_file_and_not_to_stdout(acme, tmp_path, capsys):
    target = tmp_path / "report.json"
    assert run(["check", "acme/tagged", "--format", "json", "--output", str(target)]) == 0
    assert json.loads(target.read_text())["reports"][0]["repo"]["id"] == "acme/tagged"
    assert capsys.readouterr().out == ""
    assert os.listdir(tmp_path) == ["report.json"]


def test_output_into_a_folder_that_is_not_there_is_wrong_usage(acme, tmp_path, capsys):
    assert run(["check", "acme/tagged", "--output", str(tmp_path / "no" / "report.txt")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_revision_is_looked_at_where_it_is_named(acme):
    repo = acme.repos["model", "acme/tagged"]
    repo.commit({"README.md": "# Without a license\n"}, branch="next")
    named, _ = reports("acme/tagged@next")
    asked, _ = reports("acme/tagged", "--revision", "next")
    assert openness(named[0]) == openness(asked[0]) == "unclear"
    assert openness(reports("acme/tagged")[0][0]) == "open"


def test_offline_makes_no_request_and_uses_what_was_seen(acme):
    reports("acme/restricted")
    before = len(acme.requests)
    found, code = reports("acme/restricted", "--offline")
    assert (openness(found[0]), code) == ("not-open", 1)
    assert len(acme.requests) == before


def test_offline_without_anything_at_hand_cannot_decide(acme):
    found, code = reports("acme/restricted", "--offline")
    assert (openness(found[0]), code) == ("unclear", 3)
    assert "offline" in found[0]["problems"][0]["message"]
    assert acme.requests == []


def test_a_declared_base_model_that_was_not_looked_at_leaves_an_open_tag_unclear(acme):
    acme.add("acme/child", {"README.md": "---\nlicense: apache-2.0\nbase_model: acme/nowhere\n---\n"})
    assert openness(reports("acme/child")[0][0]) == "unclear"
    assert openness(reports("acme/child", "--lineage", "none")[0][0]) == "open"


def test_control_characters_of_a_repo_never_reach_the_terminal(acme):
    nasty = "# Mo\x1b[31mdel\u202e [bold]x[/bold]\n\nYou agree not to use the Model:\n(a) for \x9bmilitary warfare [red];\n"
    acme.add("acme/nasty", {"README.md": "# x\n", "LICENSE": nasty})
    for options in ([], ["--format", "json"]):
        shown = command("check", "acme/nasty", *options).stdout
        assert shown
        assert not set(shown) & set("\x1b\x9b\u202e")
    assert "[bold]x[/bold]" in command("check", "acme/nasty").stdout


# A cold start


def modules_of(*arguments: str) -> set[str]:
    """What a run imports, by the interpreter's own account."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hf_licensecheck", *arguments], capture_output=True, text=True, timeout=120
    )
    return {line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:")}


def test_help_imports_neither_the_hub_client_nor_a_reader():
    loaded = modules_of("--help")
    assert "click" in loaded
    assert not loaded & {"spacy", "huggingface_hub", "rich", "yaml", "sqlite3", "licensecheck.analysis"}


def test_a_kept_reading_is_shown_without_importing_spacy(acme, tmp_path):
    (tmp_path / "LICENSE").write_text(MODEL_TERMS)
    assert "spacy" in modules_of("check", str(tmp_path), "--offline")
    loaded = modules_of("check", str(tmp_path), "--offline")
    assert "licensecheck.reading" in loaded
    assert not loaded & {"spacy", "huggingface_hub", "licensecheck.clauses"}


# The sample repos


@pytest.mark.shared
def test_deepseek_v3_is_judged_by_its_model_license_and_not_by_its_code_license(shared: Path):
    (report,), code = reports(str(shared / "repos/deepseek-ai/DeepSeek-V3"), "--offline", "--lineage", "none")
    assert (openness(report), code) == ("not-open", 1)
    governing = {g["scope"]: g["paths"] for g in report["governing"]}
    assert governing["weights"] == ["LICENSE-MODEL"]
    assert governing["code"] == ["LICENSE-CODE"]


# Formats


def test_every_format_is_written_to_the_file_named_for_it(acme, tmp_path, capsys):
    from licensecheck.cli.formats import FORMATS

    files = {name: tmp_path / f"report.{name}" for name in FORMATS}
    options = [part for name, file in files.items() for part in ("--format", f"{name}={file}")]
    assert run(["check", "acme/restricted", *options]) == 1
    assert capsys.readouterr().out == ""
    assert all("acme/restricted" in file.read_text("utf-8") for file in files.values())
    assert sorted(os.listdir(tmp_path)) == sorted(file.name for file in files.values())


def test_one_format_may_go_to_stdout_beside_others_in_files(acme, tmp_path, capsys):
    assert run(["check", "acme/tagged", "--format", "console", "--format", f"json={tmp_path / 'r.json'}"]) == 0
    assert capsys.readouterr().out.startswith("acme/tagged: ")
    assert json.loads((tmp_path / "r.json").read_text())["schema"] == 1


@pytest.mark.parametrize(
    "options", [["--format", "json", "--format", "sarif"], ["--format", "json="], ["--format", "json=a.json", "--output", "b.json"]]
)
def test_formats_that_cannot_be_placed_are_wrong_usage(acme, options, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["check", "acme/tagged", *options]) == 2
    assert acme.requests == []
    assert os.listdir(tmp_path) == []


def test_the_summary_of_a_github_run_is_added_to_its_page(acme, tmp_path, monkeypatch, capsys):
    page = tmp_path / "summary.md"
    page.write_text("An earlier step.\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    run(["check", "acme/restricted", "--format", "github"])
    assert page.read_text().startswith("An earlier step.\n")
    assert "acme/restricted" in page.read_text()


# Gated repos


def gated(hub: FailingHub, card: str) -> dict[str, Any]:
    hub.add("acme/gated", {"README.md": card, "LICENSE": MODEL_TERMS}, gated="manual")
    return reports("acme/gated")[0][0]


def test_a_gated_repo_is_judged_from_the_record_of_its_tag(acme):
    report = gated(acme, "---\nlicense: llama3.1\n---\n")
    assert (report["repo"]["gated"], openness(report)) == ("manual", "not-open")
    assert {c["source"] for c in report["clauses"]} == {"record"}
    assert all(c["citation"] and c["quote"] is None for c in report["clauses"])


def test_a_gated_repo_with_an_open_tag_is_unclear_because_its_text_was_not_seen(acme):
    report = gated(acme, TAGGED)
    assert openness(report) == "unclear"
    assert any(p["subject"] == "LICENSE" and p["hint"] for p in report["problems"])


def test_the_prompt_of_a_gate_is_read_and_quoted_with_lines_of_its_own(acme):
    prompt = "extra_gated_prompt: |\n  Before you go on\n  You agree not to use the model for military purposes.\n"
    report = gated(acme, f"---\nlicense: apache-2.0\n{prompt}---\n")
    found = next(c for c in report["clauses"] if c["id"] == "field.military")
    assert (found["path"], found["start_line"]) == ("README.md:extra_gated_prompt", 2)
    assert openness(report) == "not-open"


def test_a_token_whose_owner_was_accepted_reads_the_texts(acme, monkeypatch):
    acme.tokens["hf_good"] = "reader"
    monkeypatch.setenv("HF_TOKEN", "hf_good")
    acme.add("acme/gated", {"README.md": TAGGED, "LICENSE": MODEL_TERMS}, gated="manual", accepted=frozenset({"reader"}))
    report = reports("acme/gated")[0][0]
    assert openness(report) == "not-open"
    assert [p for p in report["problems"] if p["stage"] != "clauses"] == []
    assert report["governing"][0]["basis"] == "file"


# Claims beside texts


def known(name: str) -> str:
    """The words of a known license, which a development dependency ships."""
    from importlib import resources

    return (resources.files("licensedcode") / "data" / "licenses" / f"{name}.LICENSE").read_text("utf-8").split("---\n", 2)[2]


def judged(hub: FailingHub, tag: str, *, name: str = "", text: str = "apache-2.0") -> dict[str, Any]:
    named = f"license_name: {name}\nlicense_link: LICENSE\n" if name else ""
    hub.add("acme/claims", {"README.md": f"---\nlicense: {tag}\n{named}---\n# M\n", "LICENSE": known(text)})
    return reports("acme/claims", "--lineage", "none")[0][0]


def test_a_text_that_osi_approved_and_a_tag_that_says_the_same_are_allowed(acme):
    report = judged(acme, "apache-2.0")
    assert (openness(report), report["decision"]["action"], report["decision"]["reasons"]) == ("open", "allow", [])
    assert report["verdicts"]["osd"]["ruling"]["status"] == "approved"
    assert report["governing"] == [
        {"scope": "all", "license": "Apache-2.0", "name": "Apache License 2.0", "basis": "file", "paths": ["LICENSE"]}
    ]


def test_a_restricted_tag_beside_an_open_text_makes_it_not_open_and_stands_among_what_governs(acme):
    report = judged(acme, "cc-by-nc-4.0")
    assert openness(report) == "not-open"
    assert ("CC-BY-NC-4.0", "tag") in {(g["license"], g["basis"]) for g in report["governing"]}
    assert "purpose.noncommercial" in {c["id"] for c in report["clauses"]}


def test_a_name_that_nobody_knows_beside_an_open_text_leaves_it_unclear(acme):
    assert openness(judged(acme, "other", name="zeta-model-license")) == "unclear"


def test_the_tag_other_without_a_name_says_nothing_against_an_open_text(acme):
    assert openness(judged(acme, "other")) == "open"


def test_a_family_tag_says_nothing_against_a_member_of_the_family(acme):
    assert openness(judged(acme, "bsd", text="bsd-new")) == "open"
