"""Base models followed through all generations: the real client over real HTTP against a Hub on 127.0.0.1, its log counted."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hub import FailingHub
from hypothesis import given
from hypothesis import strategies as st

from licensecheck import analysis, lineage, parents, refs
from licensecheck.cli import main_group
from licensecheck.demo import Weight
from licensecheck.errors import HubError
from licensecheck.hub import Hub
from licensecheck.judge import OPENNESS
from licensecheck.store import Store
from licensecheck.types import BaseModel, Card, File, Report, Snapshot

ROOT_TERMS = """Root Model Terms

You may use the Model on the conditions below.

You agree not to use the Model:
(a) in military operations or for warfare;
(b) to sell weapons.
"""


def card(license_tag: str | None = "apache-2.0", *bases: str, relation: str = "", more: str = "") -> str:
    lines = ["---"]
    lines += [f"license: {license_tag}"] if license_tag else []
    lines += ["base_model:", *(f"- {json.dumps(base)}" for base in bases)] if bases else []
    lines += [f"base_model_relation: {relation}"] if relation else []
    return "\n".join([*lines, "---", "# A model", more, ""])


def add(hub: FailingHub, repo: str, text: str, **files: str) -> None:
    hub.add(repo, {"README.md": text, "model.safetensors": Weight(9_000_000_000), **files})


def check(ref: str, *, offline: bool = False, **options: object) -> Report:
    store = Store()
    return analysis.check(
        refs.parse(ref),
        hub=Hub(offline=offline, memory=store),
        store=store,
        options=replace(analysis.Options(), **options),  # type: ignore[arg-type]
    )


def ids(report: Report) -> list[str]:
    return [a.id for a in report.lineage]


def kinds(report: Report) -> set[str]:
    return {p.kind for p in report.problems}


def conflicts(report: Report) -> list[str]:
    return [c.message for c in report.conflicts if c.kind == "child-vs-parent"]


@pytest.fixture
def chain(hub: FailingHub) -> FailingHub:
    """Five generations: only the first one's text restricts, all the others wear an open tag."""
    add(hub, "acme/g0", card(None), LICENSE=ROOT_TERMS)
    for n in range(1, 5):
        add(hub, f"acme/g{n}", card("apache-2.0", f"acme/g{n - 1}", relation="finetune"))
    return hub


# What it costs


def test_five_generations_cost_each_repos_requests_once_and_later_one_request_a_repo(chain):
    check("acme/g4")
    cold = Counter(r.path for r in chain.requests)
    assert set(cold.values()) == {1}
    assert len([path for path in cold if path.startswith("/api/")]) == 5
    assert len([path for path in cold if "/resolve/" in path]) == 6  # five cards and one license
    chain.requests.clear()
    check("acme/g4")
    warm = [r.path for r in chain.requests]
    assert sorted(warm) == [f"/api/models/acme/g{n}/revision/main" for n in range(5)]


def test_children_that_are_checked_together_look_at_their_parents_once(chain):
    for name in ("one", "two", "three"):
        add(chain, f"acme/{name}", card("mit", "acme/g4"))
    result = CliRunner().invoke(main_group, ["check", "acme/one", "acme/two", "acme/three", "--format", "json"], standalone_mode=False)
    assert [len(r["lineage"]) for r in json.loads(result.stdout)["reports"]] == [5, 5, 5]
    assert set(Counter(r.path for r in chain.requests).values()) == {1}


def test_a_repo_that_is_asked_for_and_somebodys_ancestor_is_looked_at_once(chain):
    refs_ = [f"acme/g{n}" for n in range(5)]
    result = CliRunner().invoke(main_group, ["check", *refs_, "--format", "json"], standalone_mode=False)
    assert [len(r["lineage"]) for r in json.loads(result.stdout)["reports"]] == [0, 1, 2, 3, 4]
    assert set(Counter(r.path for r in chain.requests).values()) == {1}


def test_without_lineage_no_parent_is_asked_for(chain):
    report = check("acme/g4", lineage="none")
    assert (report.verdict.openness, report.lineage) == ("open", ())
    assert {r.path.split("/resolve/")[0].split("/revision/")[0].rpartition("/")[2] for r in chain.requests} == {"g4"}


def test_no_weight_of_an_ancestor_is_ever_asked_for(chain):
    check("acme/g4", lineage="hinted")
    assert not [r for r in chain.requests if "safetensors" in r.path]


# What it means


def test_terms_of_the_first_generation_reach_the_last_with_the_path_that_leads_there(chain):
    report = check("acme/g4")
    assert report.verdict.openness == "not-open"
    path = "acme/g4 → acme/g3 (finetune) → acme/g2 (finetune) → acme/g1 (finetune) → acme/g0 (finetune)"
    assert f"claimed through the declared base model acme/g0 ({path})" in report.verdict.reason
    inherited = {c.id: c for c in report.clauses if c.inherited_from == "acme/g0"}
    assert {"field.military", "field.weapons"} <= inherited.keys()
    assert "warfare" in (inherited["field.military"].quote or "")
    assert all(report.clauses[i].inherited_from for j in report.verdict.criteria if j.status == "violated" for i in j.because)
    assert [(a.id, a.depth, a.openness) for a in report.lineage] == [
        ("acme/g3", 1, "open"),
        ("acme/g2", 2, "open"),
        ("acme/g1", 3, "open"),
        ("acme/g0", 4, "not-open"),
    ]
    assert all(a.commit == chain.repos["model", a.id].branches["main"] for a in report.lineage)


def test_a_tag_that_is_looser_than_an_ancestor_is_a_conflict_with_the_clauses_it_drops(chain):
    (found,) = [c for c in check("acme/g4").conflicts if c.kind == "child-vs-parent"]
    assert found.severity == "high"
    assert {"field.military", "field.weapons"} <= set(found.lost)
    assert "acme/g1 (finetune) → acme/g0" in found.message
    assert [side.path for side in found.sides] == ["README.md", "acme/g0"]


def test_a_parent_under_the_same_open_license_changes_nothing(hub):
    add(hub, "acme/base", card("apache-2.0"))
    add(hub, "acme/child", card("apache-2.0", "acme/base"))
    alone, report = check("acme/child", lineage="none"), check("acme/child")
    assert report.verdict == alone.verdict
    assert (report.clauses, report.governing, report.problems, conflicts(report)) == (alone.clauses, alone.governing, (), [])


def test_a_child_under_its_parents_own_restricted_license_is_no_conflict(hub):
    add(hub, "acme/base", card("llama3.1"))
    add(hub, "acme/child", card("llama3.1", "acme/base"))
    report = check("acme/child")
    assert (report.verdict.openness, conflicts(report)) == ("not-open", [])
    assert not [c for c in report.clauses if c.inherited_from]


def test_a_permissive_tag_on_a_child_of_a_copyleft_model_drops_the_copyleft(hub):
    add(hub, "acme/base", card("agpl-3.0"))
    add(hub, "acme/child", card("mit", "acme/base"))
    report = check("acme/child")
    (found,) = [c for c in report.conflicts if c.kind == "child-vs-parent"]
    assert (found.lost, found.severity, report.verdict.openness) == (("sharing.copyleft",), "medium", "open")
    assert "sharing.copyleft" in {c.id for c in report.clauses if c.inherited_from == "acme/base"}


def test_an_open_tag_over_a_named_license_that_nobody_knows_to_be_open_is_a_conflict(hub):
    add(hub, "acme/base", "---\nlicense: other\nlicense_name: acme-special-terms\n---\n# A model\n")
    add(hub, "acme/child", card("mit", "acme/base"))
    report = check("acme/child")
    (found,) = [c for c in report.conflicts if c.kind == "child-vs-parent"]
    assert (found.lost, found.severity, report.verdict.openness) == ((), "medium", "unclear")
    assert "LicenseRef-acme-special-terms" in found.message


def test_a_child_without_any_license_stands_under_what_its_ancestor_says(hub):
    add(hub, "acme/base", card("llama3.1"))
    add(hub, "acme/child", card(None, "acme/base", relation="quantized"))
    report = check("acme/child")
    assert report.verdict.openness == "not-open"
    assert [(g.license, g.basis, g.paths) for g in report.governing] == [("LicenseRef-llama3.1", "parent", ("acme/base",))]


def test_an_open_ancestor_gives_no_license_to_a_child_without_one(hub):
    add(hub, "acme/base", card("mit"))
    add(hub, "acme/child", card(None, "acme/base"))
    report = check("acme/child")
    assert (report.verdict.openness, report.governing) == ("unclear", ())


def test_a_parent_without_any_license_leaves_the_child_unclear(hub):
    add(hub, "acme/base", card(None))
    add(hub, "acme/child", card("mit", "acme/base"))
    report = check("acme/child")
    assert report.verdict.openness == "unclear"
    assert "acme/base" in report.verdict.reason


@pytest.mark.parametrize("parent", ["mit", "agpl-3.0", "cc-by-nc-4.0", "llama3.1", "openrail", "other", None])
def test_an_ancestor_never_makes_a_child_more_open(hub, parent):
    add(hub, "acme/base", card(parent))
    for tag in ("mit", "gpl-3.0", "cc-by-nc-4.0", "gemma", "bsd", "other", None):
        add(hub, "acme/child", card(tag, "acme/base"))
        alone, report = check("acme/child", lineage="none").verdict, check("acme/child").verdict
        assert OPENNESS.index(report.openness) <= OPENNESS.index(alone.openness)
        if parent in ("cc-by-nc-4.0", "llama3.1"):
            assert report.openness == "not-open"


# Parents that are hard to see


def test_a_renamed_parent_is_followed_and_called_by_its_new_name(hub):
    add(hub, "new/base", card("llama3.1"))
    hub.renamed["old/base"] = "new/base"
    add(hub, "acme/child", card("mit", "old/base", "new/base"))
    report = check("acme/child")
    assert (ids(report), report.verdict.openness) == (["new/base"], "not-open")


@pytest.mark.parametrize("name", ["acme/child", "Acme/Child", "https://huggingface.co/acme/child", "acme/before"])
def test_a_parent_that_is_the_model_itself_is_none(hub, name):
    add(hub, "acme/child", card("mit", name))
    hub.renamed["acme/before"] = "acme/child"
    report = check("acme/child")
    assert (report.lineage, report.problems, report.verdict.openness) == ((), (), "open")


def test_a_gated_parent_is_judged_by_what_the_hub_tells_of_it(hub):
    hub.add("acme/gated", {"README.md": card("llama3.1"), "LICENSE": ROOT_TERMS}, gated="manual")
    add(hub, "acme/child", card("mit", "acme/gated"))
    report = check("acme/child")
    assert (report.verdict.openness, ids(report)) == ("not-open", ["acme/gated"])
    assert "parent-partly-unseen" in kinds(report)


def test_a_gated_parent_with_an_open_tag_leaves_the_child_unclear(hub):
    hub.add("acme/gated", {"README.md": card("mit"), "LICENSE": ROOT_TERMS}, gated="auto")
    add(hub, "acme/child", card("mit", "acme/gated"))
    report = check("acme/child")
    assert report.verdict.openness == "unclear"
    assert [p.subject for p in report.problems if "weights" in p.hides] == ["acme/gated"]


def test_a_missing_parent_is_a_problem_with_its_name_and_leaves_the_child_unclear(hub):
    add(hub, "acme/child", card("mit", "acme/nowhere"))
    report = check("acme/child")
    (problem,) = report.problems
    assert (problem.kind, problem.subject, problem.hides) == ("parent-unseen", "acme/nowhere", ("weights",))
    assert (report.verdict.openness, report.lineage[0].commit) == ("unclear", None)
    assert check("acme/child", lineage="none").problems == ()


def test_a_parent_whose_hub_fails_is_a_problem_and_no_crash(hub):
    add(hub, "acme/base", card("mit"))
    add(hub, "acme/child", card("mit", "acme/base"))
    hub.break_down(503, where="acme/base")
    assert (check("acme/child").verdict.openness, kinds(check("acme/child"))) == ("unclear", {"parent-unseen"})


def test_a_cycle_ends_where_it_meets_a_repo_again(hub):
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        add(hub, f"loop/{one}", card("mit", f"loop/{other}"))
    report = check("loop/a")
    assert (ids(report), report.verdict.openness, report.problems) == (["loop/b", "loop/c"], "open", ())
    assert set(Counter(r.path for r in hub.requests).values()) == {1}


def test_a_merge_of_two_hundred_looks_at_each_parent_once(hub):
    names = [f"many/p{n}" for n in range(200)]
    add(hub, "many/root", card("llama3.1"))
    for name in names:
        add(hub, name, card("mit", "many/root"))
    add(hub, "acme/merge", card("mit", *names, relation="merge"))
    started = time.monotonic()
    report = check("acme/merge")
    assert time.monotonic() - started < 30
    assert ids(report) == [*names, "many/root"]
    asked = Counter(r.path for r in hub.requests)
    assert set(asked.values()) == {1}
    assert len([path for path in asked if path.startswith("/api/")]) == 202
    assert report.lineage[-1].path == ("acme/merge", "many/p0", "many/root")
    assert (report.verdict.openness, len(conflicts(report))) == ("not-open", 1)


def test_what_lies_beyond_the_bounds_leaves_the_child_unclear(hub, monkeypatch):
    for n in range(6):
        add(hub, f"deep/p{n}", card("mit", f"deep/p{n + 1}"))
    add(hub, "deep/p6", card("mit"))
    assert check("deep/p0").verdict.openness == "open"
    with monkeypatch.context() as patch:
        patch.setattr(lineage, "MOST_DEPTH", 3)
        report = check("deep/p0")
        assert (ids(report), report.verdict.openness) == (["deep/p1", "deep/p2", "deep/p3"], "unclear")
        assert kinds(report) == {"lineage-too-large"}
    monkeypatch.setattr(lineage, "MOST_REPOS", 2)
    add(hub, "acme/merge", card("mit", "deep/p6", "deep/p5", "deep/p4"))
    report = check("acme/merge")
    assert (ids(report), report.verdict.openness, len(report.problems)) == (["deep/p6", "deep/p5"], "unclear", 1)
    report = check("deep/p3")  # the bound is met exactly, and there is one more
    assert (ids(report), report.verdict.openness, kinds(report)) == (["deep/p4", "deep/p5"], "unclear", {"lineage-too-large"})
    assert check("deep/p4").verdict.openness == "open"


def test_a_repo_that_two_lines_lead_to_is_told_once_by_the_shorter(hub):
    add(hub, "acme/root", card("llama3.1"))
    add(hub, "acme/mid", card("mit", "acme/root"))
    add(hub, "acme/child", card("mit", "acme/mid", "acme/root"))
    report = check("acme/child")
    assert [(a.id, a.path) for a in report.lineage] == [
        ("acme/mid", ("acme/child", "acme/mid")),
        ("acme/root", ("acme/child", "acme/root")),
    ]


# Where parents are named


def test_the_hubs_own_tags_name_parents_and_their_relation(hub):
    add(hub, "acme/base", card("llama3.1"))
    hub.add("acme/child", {"README.md": card("mit")}, tags=("base_model:acme/base", "base_model:quantized:acme/base"))
    (found,) = check("acme/child").lineage
    assert (found.id, found.relation) == ("acme/base", "quantized")


def test_an_entry_of_the_model_index_may_name_a_base(hub):
    add(hub, "acme/base", card("llama3.1"))
    add(hub, "acme/child", "---\nlicense: mit\nmodel-index:\n- name: child\n  base_model: acme/base\n  results: []\n---\n# A model\n")
    assert ids(check("acme/child")) == ["acme/base"]


def test_an_adapters_configuration_names_its_base(hub):
    add(hub, "acme/base", card("llama3.1"))
    config = json.dumps({"peft_type": "LORA", "base_model_name_or_path": "acme/base"})
    add(hub, "acme/lora", card("mit"), **{"adapter_config.json": config})
    report = check("acme/lora")
    assert ([(a.id, a.relation) for a in report.lineage], report.verdict.openness) == ([("acme/base", "adapter")], "not-open")


def test_a_base_at_a_revision_is_read_there_and_a_license_that_changed_since_is_told(hub):
    add(hub, "acme/base", card("llama3.1"))
    was = hub.repos["model", "acme/base"].branches["main"]
    hub.repos["model", "acme/base"].commit({"README.md": card("mit")})
    config = json.dumps({"base_model_name_or_path": "acme/base", "revision": was})
    add(hub, "acme/lora", card("mit"), **{"adapter_config.json": config})
    report = check("acme/lora")
    assert (report.lineage[0].commit, report.lineage[0].license, report.verdict.openness) == (was, "LicenseRef-llama3.1", "not-open")
    (note,) = [p for p in report.problems if p.kind == "parent-license-changed"]
    assert "LicenseRef-llama3.1" in note.message
    assert "MIT today" in note.message
    assert note.hides == ()


def test_the_checkpoints_of_an_adapter_are_not_read_beside_the_adapter_itself(hub):
    add(hub, "acme/base", card("mit"))
    files = {"adapter_config.json": json.dumps({"base_model_name_or_path": "acme/base"})}
    files |= {f"checkpoint-{n}/adapter_config.json": json.dumps({"base_model_name_or_path": "acme/base", "step": n}) for n in range(9)}
    add(hub, "acme/lora", card("mit"), **files)
    report = check("acme/lora")
    assert (ids(report), report.verdict.openness, report.problems) == (["acme/base"], "open", ())
    assert len([r for r in hub.requests if "checkpoint" in r.path]) == 0


def test_several_adapters_each_name_their_base_and_too_many_are_told(hub):
    for n in range(7):
        add(hub, f"acme/base{n}", card("mit"))
    files = {f"a{n}/adapter_config.json": json.dumps({"base_model_name_or_path": f"acme/base{n}"}) for n in range(7)}
    add(hub, "acme/loras", card("mit"), **files)
    report = check("acme/loras")
    assert ids(report) == [f"acme/base{n}" for n in range(5)]
    assert (report.verdict.openness, kinds(report)) == ("unclear", {"parents-unread"})


MERGE = """
slices:
- sources:
  - {model: acme/one, layer_range: [0, 16]}
  - {model: acme/two+acme/lora, layer_range: [8, 24]}
merge_method: passthrough
base_model: acme/three
tokenizer_source: acme/elsewhere
dtype: float16
"""


def test_a_merge_configuration_names_every_model_that_goes_into_it(hub):
    for name in ("one", "two", "lora", "three"):
        add(hub, f"acme/{name}", card("mit"))
    add(hub, "acme/merge", card("mit"), **{"mergekit_config.yml": MERGE})
    report = check("acme/merge")
    assert sorted(ids(report)) == ["acme/lora", "acme/one", "acme/three", "acme/two"]
    assert {a.relation for a in report.lineage} == {"merge"}


def test_the_steps_of_a_merge_are_no_parents(hub):
    add(hub, "acme/one", card("mit"))
    steps = "name: step-one\nmodels:\n- model: acme/one\n---\nname: last\nmodels:\n- model: step-one\n- model: acme/one\n"
    add(hub, "acme/merge", card("mit"), **{"mergekit_config.yml": steps})
    assert ids(check("acme/merge")) == ["acme/one"]


@pytest.mark.parametrize(
    "content",
    ["{", "[1, 2]", "[" * 100_000, '"' + "x" * ((1 << 20) + 5) + '"'],
    ids=["cut off", "a list", "nested without end", "too large"],
)
def test_an_adapter_whose_base_cannot_be_read_is_unclear_unless_the_card_names_it(hub, content):
    add(hub, "acme/base", card("mit"))
    add(hub, "acme/lora", card("mit"), **{"adapter_config.json": content})
    add(hub, "acme/told", card("mit", "acme/base"), **{"adapter_config.json": content})
    assert (check("acme/lora").verdict.openness, kinds(check("acme/lora"))) == ("unclear", {"parents-unread"})
    assert check("acme/told").verdict.openness == "open"


def test_a_small_file_that_unfolds_to_a_huge_one_is_given_up_soon(hub):
    rows = ["a0: &a0 [{model: x/y}, {model: x/y}]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    add(hub, "acme/merge", card("mit"), **{"mergekit_config.yml": "\n".join(rows)})
    started = time.monotonic()
    assert kinds(check("acme/merge")) == {"parents-unread"}
    assert time.monotonic() - started < 10


# Names that are no parent's


@pytest.mark.parametrize(
    "name", ["./results", "/data/base", "/base", "../../etc", "C:\\models\\base", "~/base", "A Model 7B", "a/b/c", "spaces/a/b", ".."]
)
def test_a_base_model_that_is_no_repo_is_told_and_leaves_the_child_unclear(hub, name):
    add(hub, "acme/child", card("mit", name))
    report = check("acme/child")
    assert (report.verdict.openness, kinds(report), report.lineage) == ("unclear", {"parent-no-repo"}, ())
    assert len([r for r in hub.requests if r.path.startswith("/api/")]) == 1


def test_a_path_in_a_configuration_counts_only_where_nothing_else_names_a_parent(hub):
    add(hub, "acme/base", card("mit"))
    config = {"adapter_config.json": json.dumps({"base_model_name_or_path": "/mnt/me/llama"})}
    add(hub, "acme/told", card("mit", "acme/base"), **config)
    add(hub, "acme/untold", card("mit"), **config)
    assert (check("acme/told").verdict.openness, check("acme/told").problems) == ("open", ())
    assert (check("acme/untold").verdict.openness, kinds(check("acme/untold"))) == ("unclear", {"parent-no-repo"})


@pytest.mark.parametrize("name", ["acme/corpus", "datasets/acme/corpus", "https://huggingface.co/datasets/acme/corpus"])
def test_a_dataset_as_base_model_is_told_and_restricts_no_weights(hub, name):
    hub.add("acme/corpus", {"README.md": card("cc-by-nc-4.0")}, type="dataset")
    add(hub, "acme/child", card("mit", name))
    report = check("acme/child")
    assert (report.verdict.openness, report.lineage) == ("open", ())
    (note,) = report.problems
    assert "is a dataset" in note.message
    assert note.hides == ()


@pytest.mark.parametrize("name", ["none", "None", "from scratch", "n/a"])
def test_a_word_that_says_there_is_no_parent_names_none(hub, name):
    add(hub, "acme/child", card("mit", name))
    assert (check("acme/child").verdict.openness, check("acme/child").problems) == ("open", ())


# Offline and local folders


def test_offline_ancestors_come_from_what_was_seen_before(chain):
    seen = check("acme/g4")
    chain.requests.clear()
    again = check("acme/g4", offline=True)
    assert (again.verdict, again.lineage) == (seen.verdict, seen.lineage)
    assert chain.requests == []


def test_offline_a_parent_that_is_not_at_hand_is_a_problem_unless_lineage_is_left_out(hub, tmp_path):
    (tmp_path / "README.md").write_text(card("mit", "acme/base"))
    report = check(str(tmp_path), offline=True)
    assert (report.verdict.openness, kinds(report)) == ("unclear", {"parent-unseen"})
    assert check(str(tmp_path), offline=True, lineage="none").verdict.openness == "open"
    assert hub.requests == []


def test_a_local_folders_parents_are_looked_at(hub, tmp_path):
    add(hub, "acme/base", card("llama3.1"))
    (tmp_path / "README.md").write_text(card("mit"))
    (tmp_path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "acme/base"}))
    report = check(str(tmp_path))
    assert (ids(report), report.verdict.openness) == (["acme/base"], "not-open")


# Hints


def test_undeclared_ancestry_is_only_hinted_at_when_asked_and_never_changes_the_verdict(hub):
    add(hub, "meta/base", card("llama3.1"))
    prose = "This model was fine-tuned from [meta/base](https://huggingface.co/meta/base)."
    config = json.dumps({"_name_or_path": "meta/other"})
    add(hub, "acme/child", card("mit", more=prose), **{"config.json": config})
    plain = check("acme/child")
    assert plain.lineage == ()
    assert not [r for r in hub.requests if r.path.endswith("config.json") or "meta" in r.path]
    report = check("acme/child", lineage="hinted")
    assert [(a.id, a.is_hint, a.confidence, a.openness) for a in report.lineage] == [
        ("meta/other", True, "medium", "unclear"),
        ("meta/base", True, "medium", "not-open"),
    ]
    assert "_name_or_path" in report.lineage[0].because
    assert "fine-tuned from" in report.lineage[1].because
    assert (report.verdict, report.clauses, report.conflicts, report.problems) == (
        plain.verdict,
        plain.clauses,
        plain.conflicts,
        plain.problems,
    )


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("acme/my-llama-3.1-8b", "Llama 3.1"),
        ("acme/Llama3-chat", "Llama 3"),
        ("acme/llama-3b-x", "LLaMA"),
        ("acme/Mistral-gemma-mix", "Gemma"),
        ("acme/CodeLlama-7b", "Code Llama"),
    ],
)
def test_a_name_hints_at_a_family_with_low_confidence(hub, name, family):
    add(hub, name, card("mit"))
    (found,) = check(name, lineage="hinted").lineage
    assert (found.id, found.is_hint, found.confidence, found.openness) == (family, True, "low", "not-open")


@pytest.mark.parametrize("name", ["meta-llama/Llama-3.1-8B", "google/gemma-7b"])
def test_the_maker_of_a_family_is_not_hinted_to_descend_from_it(hub, name):
    add(hub, name, card("mit"))
    assert check(name, lineage="hinted").lineage == ()


def test_a_merge_that_a_card_shows_is_a_hint(hub):
    add(hub, "acme/one", card("llama3.1"))
    add(hub, "acme/merge", card("mit", more=f"```yaml{MERGE}```"))
    report = check("acme/merge", lineage="hinted")
    assert {a.id for a in report.lineage if a.is_hint} == {"acme/one", "acme/two", "acme/lora", "acme/three"}
    assert (report.verdict.openness, report.problems) == ("open", ())


@pytest.mark.parametrize("name", ["acme/ollama-tools", "acme/llamafile-x", "acme/open_llama_3b", "acme/TinyLlama-1.1B", "acme/llama.cpp-x"])
def test_a_name_that_only_sounds_like_llama_hints_at_nothing(hub, name):
    add(hub, name, card("mit"))
    report = check(name, lineage="hinted")
    assert (report.lineage, report.verdict.openness) == ((), "open")


def test_prose_about_architectures_and_datasets_hints_at_no_repo(hub):
    prose = "The model is based on the transformer architecture and/or ideas of `datasets/acme/corpus`.\nIt builds on nothing."
    add(hub, "acme/child", card("mit", more=prose))
    assert check("acme/child", lineage="hinted").lineage == ()


# Datasets


def test_datasets_are_looked_at_on_request_and_change_no_verdict(hub):
    hub.add("acme/corpus", {"README.md": card("cc-by-nc-4.0")}, type="dataset")
    add(hub, "acme/child", "---\nlicense: mit\ndatasets: [acme/corpus, acme/gone]\n---\n# A model\n")
    plain = check("acme/child")
    assert plain.datasets == ()
    report = check("acme/child", datasets=True)
    assert [(d.id, d.license, d.openness) for d in report.datasets] == [
        ("acme/corpus", "CC-BY-NC-4.0", "not-open"),
        ("acme/gone", None, "unclear"),
    ]
    assert report.verdict == plain.verdict
    assert [p.hides for p in report.problems] == [()]


# What is shown


def test_the_page_shows_the_tree_and_the_json_the_contracts_fields(chain):
    page = CliRunner().invoke(main_group, ["check", "acme/g4"], standalone_mode=False).stdout
    tree = page.partition("Made from\n")[2].splitlines()
    assert [line.rstrip() for line in tree[:4]] == [
        "    acme/g3 (finetune): Apache-2.0, open",
        "      acme/g2 (finetune): Apache-2.0, open",
        "        acme/g1 (finetune): Apache-2.0, open",
        "          acme/g0 (finetune): Root Model Terms, not open",
    ]
    result = CliRunner().invoke(main_group, ["check", "acme/g4", "--format", "json"], standalone_mode=False)
    (shown,) = json.loads(result.stdout)["reports"]
    assert {"id", "relation", "depth", "commit", "license", "openness"} <= shown["lineage"][0].keys()
    assert {c["inherited_from"] for c in shown["clauses"]} == {None, "acme/g0"}
    assert result.return_value == 1


def test_equal_repos_give_equal_lineage_whoever_answers_first(hub):
    for n in range(20):
        add(hub, f"many/p{n}", card("llama3.1" if n % 2 else "gemma"))
    add(hub, "acme/merge", card("mit", *(f"many/p{n}" for n in range(20))))
    assert len({repr(check("acme/merge")) for _ in range(3)}) == 1


# Whatever stands there


KEYS = ["model", "base_model", "revision", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(st.text(), max_size=5), st.lists(st.text().map("base_model:{}".format), max_size=5), JSON | st.binary())
def test_whatever_a_repo_names_parents_are_sound_ids_and_never_folders(bases, tags, config):
    data = config if isinstance(config, bytes) else json.dumps(config).encode()
    files = tuple(File(path) for path in ("README.md", "adapter_config.json", "mergekit_config.yml", "config.json"))
    card_ = Card(base_models=tuple(BaseModel(base) for base in bases))
    ref = refs.parse("acme/child")
    snapshot = Snapshot(ref, "acme/child", "model", "main", "0" * 40, None, False, card_, files, tags=tuple(tags))
    named = parents.named(snapshot, lambda path: data)
    hints = parents.hints(snapshot, lambda path: data, named)
    for found in (*(p.ref for p in named.parents), *(h.ref for h in hints if h.ref)):
        assert found.folder is None
        assert refs.parse(found.id).id == found.id


def test_a_file_that_cannot_be_had_is_no_crash():
    def read(path: str) -> bytes:
        raise HubError("no", "", "server-error")

    ref = refs.parse("acme/child")
    snapshot = Snapshot(
        ref, "acme/child", "model", "main", "0" * 40, None, False, Card(), (File("adapter_config.json"), File("config.json"))
    )
    assert {p.kind for p in parents.named(snapshot, read).problems} == {"parents-unread"}
    assert parents.hints(snapshot, read, parents.Named()) == ()


def test_a_failing_look_fails_everyone_who_waits_for_it():
    def look(ref: object) -> lineage.Kin:
        raise RuntimeError("broken")

    once = lineage.Once(look)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            once(refs.parse("acme/x"))


def test_the_rules_of_lineage_name_licenses_on_record():
    from licensecheck import records, rules

    assert all(records.record(entry["license"]) for entry in rules.load("lineage.yaml")["names"])
    assert Path(rules.folder() / "lineage.yaml").is_file()
