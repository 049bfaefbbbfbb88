"""The Python API: the page that documents it runs as written, and importing the package costs nothing."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import licensecheck
from licensecheck.demo import sample_hub
from licensecheck.types import Report

PAGE = Path(__file__).resolve().parents[1] / "docs" / "python.md"


@pytest.fixture
def samples(monkeypatch, tmp_path):
    with sample_hub().start() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.chdir(tmp_path)
        yield hub


def test_every_example_of_the_page_runs_as_it_stands(samples):
    examples = doctest.DocTestParser().get_doctest(PAGE.read_text("utf-8"), {}, "python.md", str(PAGE), 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=told.append)
    assert result.failed == 0, "".join(told)
    assert result.attempted > 15
    assert not [path for path in (r.path for r in samples.requests) if "safetensors" in path]


def test_the_page_names_every_error_that_the_package_offers():
    offered = {name for name in dir(licensecheck) if name.endswith("Error")}
    assert offered == set(re.findall(r"^\| `(\w+Error)`", PAGE.read_text("utf-8"), re.MULTILINE))


def test_importing_the_package_loads_no_stage():
    code = "import sys, licensecheck; licensecheck.__version__; print([m for m in sys.modules if m.startswith('licensecheck.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        licensecheck.chekc  # noqa: B018


def test_a_policy_may_be_a_file_and_exceptions_hold_on_a_day(samples, tmp_path):
    policy = tmp_path / "ours.toml"
    policy.write_text(
        'extends = "open-source"\n[[exception]]\nrepo = "sample-org/*"\nclause = "field"\nreason = "tests only"\nexpires = 2026-12-31\n'
    )
    report = licensecheck.check("sample-org/open-code-closed-weights")
    waived = {day: {w.state for w in licensecheck.decide(report, policy, today=day).waived} for day in (date(2026, 1, 1), date(2027, 1, 1))}
    assert waived == {date(2026, 1, 1): {"used"}, date(2027, 1, 1): {"expired"}}


def test_a_report_of_the_package_shows_itself_and_escapes_what_the_repo_says(samples):
    samples.add("acme/hostile", {"README.md": "---\nlicense: other\nlicense_name: <script>alert(1)</script>\n---\n"})
    report = licensecheck.check("acme/hostile")
    assert isinstance(report, Report)
    page = report._repr_html_()  # type: ignore[attr-defined]
    assert page.startswith("<table>")
    assert "<script>" not in page


def test_a_text_may_be_bytes_in_any_encoding():
    assert licensecheck.read("Nicht für militärische Zwecke.".encode("utf-16"), path="LIZENZ").path == "LIZENZ"


def test_a_ref_that_names_nothing_is_a_mistake():
    with pytest.raises(licensecheck.UsageError):
        licensecheck.check("not a ref")
