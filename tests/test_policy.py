"""What policies make of reports: what is let in, what is waived, and the properties that hold for every policy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import reports as made
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from licensecheck import policyfile, records, rules, use
from licensecheck.policy import WEIGHT, decide
from licensecheck.render import sarif, words
from licensecheck.selection import Exemption, Policy, Rule, Selection
from licensecheck.types import (
    Action,
    Ancestor,
    Card,
    Clause,
    Conflict,
    Decision,
    Governing,
    Identity,
    Judgement,
    Problem,
    Report,
    Ruling,
    Side,
    Verdict,
)
from licensecheck.use import Use

TODAY = date(2026, 11, 25)


def clause(id_: str, *, path: str = "LICENSE-MODEL", confidence: Any = "high", **params: Any) -> Clause:
    return Clause(id_, path, f"words that say {id_}", 1, 1, "rule", confidence, params)


def report(*ids: str, clauses: tuple[Clause, ...] = (), **fields: Any) -> Report:
    """A model under a license file that no record knows, with these clauses; open only where a field says so."""
    found = (*(clause(i) for i in ids), *clauses)
    kinds = rules.taxonomy()
    firm = tuple(i for i, c in enumerate(found) if kinds[c.id].effect == "violation" and c.confidence != "low")
    openness = "not-open" if firm else "unclear"
    judged = (Judgement("osd.6", "violated", firm),) if firm else (Judgement("osd.6", "unknown"),)
    base = made.not_open(
        clauses=found,
        verdict=Verdict(openness, None, judged, "the terms say so"),
        conflicts=(),
        lineage=(),
        problems=(),
        declared_ids=(),
        statements=(),
        documents=(made.document(),),
        governing=(Governing("weights", None, "Sample Model License", "file", ("LICENSE-MODEL",)),),
        snapshot=made.snapshot(),
    )
    return replace(base, **fields)


def known(license_id: str, *ids: str, **fields: Any) -> Report:
    """A model whose license file has the words of a known license."""
    found = report(*ids, governing=(Governing("weights", license_id, license_id, "file", ("LICENSE-MODEL",)),))
    documents = tuple(
        replace(d, reading=replace(d.reading, identity=Identity("exact", license_id, license_id, 1.0))) for d in found.documents
    )
    return replace(found, documents=documents, **fields)


def policy(text: str = "") -> Policy:
    return policyfile.parse(text, "licensecheck.toml")


def decided(of: Report, text: str = "", *, today: date = TODAY) -> Decision:
    return decide(of, policy(text), today=today)


def action(of: Report, text: str = "") -> Action:
    return decided(of, text).action


# What is let in


def test_a_policy_that_says_nothing_denies_everything():
    assert action(made.is_open()) == "deny"
    assert action(report("field.military")) == "deny"
    assert action(report()) == "undecided"


def test_open_terms_are_allowed_by_their_openness_or_by_name():
    assert action(made.is_open(), '[allow]\nopenness = ["open"]') == "allow"
    assert action(made.is_open(), '[allow]\nlicenses = ["apache-2.0"]') == "allow"
    found = decided(made.is_open(), '[allow]\nlicenses = ["MIT"]')
    assert (found.action, found.reasons[0].message) == ("deny", "Apache-2.0 is not among what the policy allows")


@pytest.mark.parametrize("entry", ["LicenseRef-llama3.1", "llama3.1", "llama", "MIT OR llama3.1"])
def test_a_license_is_named_by_its_id_its_tag_its_family_or_an_expression(entry):
    llama = known("LicenseRef-llama3.1", "threshold.users", "sharing.restriction-flow-down")
    assert action(llama, f'[allow]\nlicenses = ["{entry}"]') == "allow"
    assert action(llama, '[allow]\nlicenses = ["gemma"]') == "deny"


def test_an_allowed_license_covers_its_own_clauses_and_no_others():
    beside = clause("field.military", path="USE_POLICY.md")
    extra = known("LicenseRef-llama3.1", "threshold.users")
    extra = replace(extra, clauses=(*extra.clauses, beside), verdict=Verdict("not-open", None, (Judgement("osd.6", "violated", (0, 1)),)))
    found = decided(extra, '[allow]\nlicenses = ["llama3.1"]')
    assert [(r.action, r.clause) for r in found.reasons] == [("deny", "field.military")]


def test_a_license_that_a_choice_in_one_tag_offers_is_enough():
    card = Card(license=("MIT OR GPL-3.0-only",))
    tags = (Governing("weights", "MIT", None, "tag"), Governing("weights", "GPL-3.0-only", None, "tag"))
    both = replace(made.is_open(), snapshot=made.snapshot(card=card), governing=tags)
    assert action(both, '[allow]\nlicenses = ["MIT"]') == "warn"
    strict = replace(both, snapshot=made.snapshot(card=Card(license=("mit", "gpl-3.0"))))
    assert action(strict, '[allow]\nlicenses = ["MIT"]') == "deny"


@pytest.mark.parametrize("selector", ["field.military", "field", "osd.6"])
def test_a_clause_is_named_by_its_id_its_group_or_a_criterion(selector):
    of = report("field.military")
    assert action(of, f'[allow]\nclauses = ["{selector}"]') == "allow"
    assert action(of, f'[allow]\nopenness = ["not-open"]\n[warn]\nclauses = ["{selector}"]') == "warn"
    assert action(of, f'[allow]\nopenness = ["not-open"]\n[deny]\nclauses = ["{selector}"]') == "deny"


def test_a_denied_clause_that_was_read_with_low_confidence_is_undecided():
    of = report("purpose.noncommercial", clauses=(clause("field.military", confidence="low"),))
    assert action(of, '[allow]\nopenness = ["not-open"]\n[deny]\nclauses = ["field"]') == "undecided"


def test_a_denied_license_is_denied_wherever_it_stands():
    ancestor = Ancestor("acme/base", "finetune", 1, made.COMMIT, "LicenseRef-llama3.1", "not-open")
    assert action(replace(made.is_open(), lineage=(ancestor,)), '[allow]\nopenness = ["open"]\n[deny]\nlicenses = ["llama"]') == "deny"
    assert action(made.is_open(), '[allow]\nopenness = ["open"]\n[warn]\nlicenses = ["Apache-2.0"]') == "warn"


def test_a_guessed_ancestor_refuses_nothing_and_is_never_passed_over_in_silence():
    guess = Ancestor("acme/base", "unknown", 1, None, "LicenseRef-llama3.1", "not-open", is_hint=True, confidence="low")
    of = replace(made.is_open(), lineage=(guess,))
    assert action(of, '[allow]\nopenness = ["open"]') == "warn"
    assert action(of, '[allow]\nopenness = ["open"]\n[deny]\nlicenses = ["llama"]') == "undecided"
    unknown = replace(guess, license=None, openness="unclear")
    assert action(replace(of, lineage=(unknown,)), 'unknown-ancestors = 0\n[allow]\nopenness = ["open"]') == "allow"


def test_one_known_fault_that_is_allowed_makes_nothing_else_known():
    silent = Governing("weights", None, "Other Terms", "file", ("TERMS",))
    of = report("field.military")
    of = replace(of, governing=(*of.governing, silent))
    found = decided(of, '[allow]\nopenness = ["not-open"]')
    assert (found.action, "Other Terms" in found.reasons[0].message) == ("undecided", True)
    hidden = report("field.military", problems=(Problem("hub", "NOTICE", "could not be read", "", ("weights",)),))
    assert action(hidden, '[allow]\nopenness = ["not-open"]') == "undecided"


def test_the_terms_of_an_ancestor_speak_through_the_ancestor():
    base = Ancestor("acme/base", "finetune", 1, made.COMMIT, None, "not-open")
    inherited = replace(clause("field.military"), inherited_from="acme/base")
    of = replace(report(clauses=(inherited,)), lineage=(base,), governing=(Governing("weights", None, "Base Terms", "parent"),))
    assert action(of, '[allow]\nopenness = ["not-open"]') == "allow"
    unclear = replace(of, lineage=(replace(base, openness="unclear"),))
    assert action(unclear, '[allow]\nopenness = ["not-open"]') == "undecided"


def test_terms_that_somebody_ruled_not_open_need_more_than_their_clauses_allowed():
    ruled = report("field.military")
    ruled = replace(ruled, verdict=replace(ruled.verdict, ruling=Ruling("FSF", "non-free")))
    assert action(ruled, '[allow]\nclauses = ["field"]') == "deny"


def test_the_name_of_a_license_settles_only_what_is_unclear_about_the_license_itself():
    text = '[allow]\nlicenses = ["Apache-2.0", "gemma"]'
    doubted = replace(known("Apache-2.0"), verdict=Verdict("unclear", None, (), "words beside the license may take freedoms away"))
    assert action(doubted, text) == "undecided"
    assert records.standing("LicenseRef-fair")[0] == "unclear"
    unruled = known("LicenseRef-fair")
    assert action(unruled, '[allow]\nlicenses = ["LicenseRef-fair"]') == "allow"
    weak = replace(unruled, clauses=(clause("purpose.noncommercial", path="README.md", confidence="low"),))
    assert action(weak, '[allow]\nlicenses = ["LicenseRef-fair"]') == "undecided"


def test_allowed_clauses_do_not_hide_one_that_was_read_with_low_confidence():
    of = report("field.military", clauses=(clause("purpose.noncommercial", path="README.md", confidence="low"),))
    assert action(of, '[allow]\nclauses = ["field"]') == "undecided"
    assert action(of, '[allow]\nclauses = ["field", "purpose"]') == "allow"


# Single rules, demands, conflicts, ancestors


def test_a_rule_for_some_repos_adds_to_what_holds_for_all():
    text = '[allow]\nopenness = ["open"]\n[[rule]]\nrepos = ["ACME/*"]\nallow = { openness = ["not-open"] }'
    assert action(report("field.military"), text) == "allow"
    assert action(replace(report("field.military"), snapshot=made.snapshot("other/model")), text) == "deny"
    assert action(report("field.military"), text.replace('repos = ["ACME/*"]', 'types = ["dataset"]')) == "deny"
    assert action(report("field.military"), text.replace('repos = ["ACME/*"]', 'organizations = ["Acme"]')) == "allow"


def test_a_branch_is_no_pinned_revision_and_the_way_out_is_told():
    of = made.is_open()
    text = 'require = ["pinned"]\n[allow]\nopenness = ["open"]'
    found = decided(of, text)
    assert (found.action, f"acme/free-1b@{made.COMMIT}" in found.reasons[0].message) == ("deny", True)
    pinned = replace(of, snapshot=replace(of.snapshot, ref=replace(of.snapshot.ref, revision=made.COMMIT)))
    assert action(pinned, text) == "allow"


def test_a_policy_may_ask_for_a_text_or_a_ruling():
    tagged = replace(made.is_open(), governing=(Governing("weights", "Apache-2.0", None, "tag"),))
    assert action(tagged, '[allow]\nopenness = ["open"]') == "warn"
    assert action(tagged, 'require = ["text"]\n[allow]\nopenness = ["open"]') == "deny"
    unruled = replace(made.is_open(), verdict=Verdict("open", None, ()))
    assert action(unruled, '[allow]\nopenness = ["open"]') == "warn"
    assert action(unruled, 'require = ["ruling"]\n[allow]\nopenness = ["open"]') == "deny"


def test_conflicts_fail_by_kind_or_by_severity():
    conflict = Conflict("file-vs-tag", "medium", "the tag says one thing, the file another", (Side("README.md", "MIT"),))
    of = replace(made.is_open(), conflicts=(conflict,))
    allow = '[allow]\nopenness = ["open"]\n'
    assert action(of, allow) == "warn"
    assert action(of, f'{allow}[deny]\nconflicts = ["medium"]') == "deny"
    assert action(of, f'{allow}[deny]\nconflicts = ["file-vs-tag"]') == "deny"
    assert action(of, f'{allow}[deny]\nconflicts = ["high"]') == "warn"


def test_unknown_ancestors_are_borne_to_a_depth():
    unknown = Ancestor("deep/root", "finetune", 2, None, None, "unclear")
    of = replace(made.is_open(), lineage=(unknown,))
    assert action(of, '[allow]\nopenness = ["open"]') == "allow"
    assert action(of, 'unknown-ancestors = 2\n[allow]\nopenness = ["open"]') == "allow"
    assert action(of, 'unknown-ancestors = 1\n[allow]\nopenness = ["open"]') == "deny"


@pytest.mark.parametrize(("value", "expected"), [("fail", "undecided"), ("deny", "deny"), ("warn", "warn")])
def test_what_undecided_means_is_the_policys_choice(value, expected):
    assert action(report(), f'undecided = "{value}"') == expected


# The intended use

ANY = '[allow]\nopenness = ["open", "not-open"]\n[use]\n'


def test_a_clause_that_bites_the_use_denies_even_an_allowed_license():
    of = known("CC-BY-NC-4.0", "purpose.noncommercial")
    assert action(of, '[allow]\nlicenses = ["CC-BY-NC-4.0"]\n[use]\ncommercial = true') == "deny"
    assert action(of, '[allow]\nlicenses = ["CC-BY-NC-4.0"]\n[use]\ncommercial = false') == "allow"


def test_what_a_policy_does_not_say_is_undecided_by_name():
    found = decided(report("threshold.revenue", clauses=(clause("threshold.users", limit=5, measured="ever"),)), ANY)
    assert found.action == "undecided"
    assert any("not known: users-per-month" in r.message for r in found.reasons)


def test_an_allowed_clause_settles_what_is_undecided_and_not_what_bites():
    of = report("field.other")
    assert action(of, ANY + "fields = []") == "undecided"
    assert action(of, ANY.replace("[use]", 'clauses = ["field.other"]\n[use]') + "fields = []") == "allow"
    bites = report("purpose.noncommercial")
    assert action(bites, ANY.replace("[use]", 'clauses = ["purpose"]\n[use]') + "commercial = true") == "deny"


def test_duties_become_things_to_do_with_their_place():
    found = decided(report("purpose.noncommercial", "sharing.notice", "sharing.state-changes"), ANY + "commercial = false\nmodify = false")
    assert [(r.clause, r.message) for r in found.obligations] == [
        (
            "sharing.notice",
            "Keep the notices and hand the license on. (if distribute-weights = true or host-for-others = true) (LICENSE-MODEL:1)",
        )
    ]


def test_terms_that_are_open_by_a_ruling_are_never_denied_by_the_use():
    selling = replace(made.is_open(), clauses=(clause("sharing.no-sale", path="LICENSE"), clause("field.other", path="LICENSE")))
    assert action(selling, ANY + "commercial = true\ndistribute-weights = true") == "warn"


def test_a_policy_without_a_use_holds_no_clause_against_one():
    found = decided(report("purpose.noncommercial"), '[allow]\nopenness = ["not-open"]')
    assert (found.action, found.reasons, found.obligations) == ("allow", (), ())


# Exceptions

EXCEPTION = '[[exception]]\nrepo = "acme/*"\nclause = "field.military"\nreason = "we asked"\nowner = "Ada"\nexpires = 2026-12-31\n'


def states(found: Decision) -> list[str]:
    return [w.state for w in found.waived]


def test_an_exception_waives_its_clause_and_nothing_vanishes():
    found = decided(report("field.military"), EXCEPTION)
    assert found.action == "allow"
    assert states(found) == ["used"]
    assert [(r.clause, r.message) for r in found.reasons] == [
        ("field.military", "waived until 2026-12-31: field.military (LICENSE-MODEL) (we asked)")
    ]
    assert action(report("field.military", "field.weapons"), EXCEPTION) == "deny"


def test_an_exception_ends_after_its_last_day():
    assert decided(report("field.military"), EXCEPTION, today=date(2026, 12, 31)).action == "allow"
    late = decided(report("field.military"), EXCEPTION, today=date(2027, 1, 1))
    assert (late.action, states(late)) == ("deny", ["expired"])


def test_an_exception_lapses_when_the_text_changes():
    digest = made.document().document.digest
    assert action(report("field.military"), f'{EXCEPTION}digest = "{digest}"') == "allow"
    changed = replace(report("field.military"), documents=(made.document("Other words.\n"),))
    found = decided(changed, f'{EXCEPTION}digest = "{digest}"')
    assert (found.action, states(found)) == ("deny", ["lapsed"])


def test_an_exception_that_waives_nothing_is_told_and_one_for_another_repo_is_not():
    assert states(decided(made.is_open(), '[allow]\nopenness = ["open"]\n' + EXCEPTION)) == ["unused"]
    assert states(decided(made.is_open("other/model"), '[allow]\nopenness = ["open"]\n' + EXCEPTION)) == []


def test_an_exception_for_a_group_or_a_license_waives_all_of_it():
    of = known("LicenseRef-llama3.1", "field.military", "purpose.noncommercial")
    assert action(of, EXCEPTION.replace('clause = "field.military"', 'license = "llama3.1"')) == "allow"
    assert action(of, EXCEPTION.replace('"field.military"', '"field"')) == "deny"


def test_an_exception_never_covers_what_could_not_be_seen():
    hidden = report("field.military", problems=(Problem("hub", "NOTICE", "could not be read", "", ("weights",)),))
    assert action(hidden, EXCEPTION) == "undecided"
    unseen = known("Apache-2.0", problems=(Problem("hub", "NOTICE", "could not be read", "", ("weights",)),))
    assert action(unseen, EXCEPTION.replace('clause = "field.military"', 'license = "Apache-2.0"')) == "undecided"


CLARIFY = f'[[clarify]]\nrepo = "acme/sample-7b"\ncommit = "{made.COMMIT}"\nlicense = "Apache-2.0"\nreason = "the authors said so"\n'


def test_a_clarification_settles_what_is_unclear_for_one_commit():
    open_source = '[allow]\nopenness = ["open"]\n'
    found = decided(report(), open_source + CLARIFY)
    assert found.action == "warn"
    assert found.reasons[0].message == "Apache-2.0 by the policy's own finding (the authors said so)"
    moved = decided(replace(report(), snapshot=replace(made.snapshot(), commit="f" * 40)), open_source + CLARIFY)
    assert moved.action == "undecided"
    assert "the clarification Apache-2.0 lapsed: it was made for commit 0123456789ab (the authors said so)" in [
        r.message for r in moved.reasons
    ]


def test_a_clarification_never_overrules_words_that_were_read():
    found = decided(report("field.military"), '[allow]\nopenness = ["open"]\n' + CLARIFY)
    assert found.action == "deny"
    assert "the clarification Apache-2.0 is not used: the terms are not-open (the authors said so)" in [r.message for r in found.reasons]


def test_a_clarified_license_brings_its_own_clauses():
    text = '[allow]\nopenness = ["not-open"]\n[use]\ncommercial = true\n' + CLARIFY.replace("Apache-2.0", "CC-BY-NC-4.0")
    assert action(report(), text) == "deny"


# Built in


def test_the_built_in_policies_are_what_they_are_called():
    noncommercial = report("purpose.noncommercial")
    assert [decide(noncommercial, policyfile.named(n), today=TODAY).action for n in policyfile.built_in()] == ["deny", "deny", "allow"]
    assert [decide(made.is_open(), policyfile.named(n), today=TODAY).action for n in policyfile.built_in()] == ["allow"] * 3
    assert [decide(report(), policyfile.named(n), today=TODAY).action for n in policyfile.built_in()] == ["undecided"] * 3


@pytest.mark.parametrize("name", policyfile.built_in())
def test_a_hostile_report_is_decided_and_never_let_in(name):
    assert decide(made.hostile(), policyfile.named(name), today=TODAY).action in ("deny", "undecided")


def test_what_a_license_exception_waives_is_suppressed_in_sarif_with_its_reason():
    of = known("LicenseRef-llama3.1", "field.military")
    found = decided(of, EXCEPTION.replace('clause = "field.military"', 'license = "llama3.1"'))
    result = json.loads(sarif.reports([(of, found)]))["runs"][0]["results"][0]
    assert "we asked" in result["suppressions"][0]["justification"]


# Properties

IDS = sorted(rules.taxonomy())
SELECTORS = [*IDS, *rules.groups(), *(f"osd.{n}" for n in range(1, 11))]
LICENSES = ["Apache-2.0", "MIT", "llama", "LicenseRef-llama3.1", "CC-BY-NC-4.0"]
few = {"max_size": 4, "unique": True}
selections = st.builds(
    Selection,
    licenses=st.lists(st.sampled_from(LICENSES), **few).map(tuple),
    openness=st.lists(st.sampled_from(["open", "not-open", "unclear"]), **few).map(tuple),
    clauses=st.lists(st.sampled_from(SELECTORS), **few).map(tuple),
    conflicts=st.lists(st.sampled_from(["high", "medium", "low", "file-vs-tag"]), **few).map(tuple),
)
some_rules = st.builds(Rule, allow=selections, warn=selections, deny=selections)
uses = st.none() | st.builds(
    Use,
    st.fixed_dictionaries(
        {},
        optional={
            **{name: st.booleans() for name, fact in use.table()["facts"].items() if fact["kind"] == "flag"},
            "users-per-month": st.integers(0, 20),
            "fields": st.lists(st.sampled_from(use.fields()), **few).map(tuple),
            "seat": st.sampled_from([("DE",), ("US",)]),
        },
    ),
)
exemptions = st.builds(
    Exemption,
    repo=st.just("acme/*"),
    reason=st.just("because"),
    expires=st.sampled_from([date(2026, 1, 1), date(2027, 1, 1)]),
    clause=st.sampled_from(SELECTORS),
)
policies = st.builds(
    Policy,
    name=st.just("drawn"),
    rules=st.lists(some_rules, min_size=1, max_size=3).map(tuple),
    undecided=st.sampled_from(["fail", "deny", "warn"]),
    require=st.lists(st.sampled_from(["text", "ruling", "pinned"]), **few).map(tuple),
    unknown_ancestors=st.none() | st.integers(0, 2),
    use=uses,
    exceptions=st.lists(exemptions, max_size=2).map(tuple),
)
clauses = st.builds(
    clause,
    st.sampled_from(IDS),
    path=st.sampled_from(["LICENSE-MODEL", "README.md"]),
    confidence=st.sampled_from(["high", "medium", "low"]),
)


@st.composite
def some_reports(draw: st.DrawFn) -> Report:
    found = tuple(draw(st.lists(clauses, max_size=5)))
    governing = draw(st.sampled_from([None, *LICENSES[:2], *LICENSES[3:]]))
    of = known(governing) if governing else report()
    of = replace(report(clauses=found), governing=of.governing, documents=of.documents)
    if not found and draw(st.booleans()):
        of = replace(of, verdict=Verdict("open", draw(st.sampled_from([None, Ruling("OSI", "approved")])), ()))
    if draw(st.booleans()):
        severity = draw(st.sampled_from(["high", "medium", "low"]))
        of = replace(of, conflicts=(Conflict("file-vs-tag", severity, "they differ", ()),))
    if draw(st.booleans()):
        unseen = Problem("hub", "NOTICE", "could not be read", "", draw(st.sampled_from([("weights",), ("code",), ()])))
        of = replace(of, problems=(unseen,))
    if draw(st.booleans()):
        openness = draw(st.sampled_from(["open", "not-open", "unclear"]))
        of = replace(of, lineage=(Ancestor("acme/base", "finetune", draw(st.integers(1, 3)), None, None, openness),))
    return of


def weight(of: Report, by: Policy) -> int:
    return WEIGHT.index(decide(of, by, today=TODAY).action)


slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slow
@given(of=some_reports(), by=policies, more=selections)
def test_a_further_ban_never_makes_a_decision_milder(of, by, more):
    for stricter in (Rule(deny=more), Rule(warn=more), Rule(deny=more, repos=("acme/*",))):
        assert weight(of, replace(by, rules=(*by.rules, stricter))) <= weight(of, by)
    assert weight(of, replace(by, require=("text", "ruling", "pinned"))) <= weight(of, by)
    assert weight(of, replace(by, unknown_ancestors=0)) <= weight(of, by)


@slow
@given(of=some_reports(), by=policies, more=selections, exemption=exemptions)
def test_a_policy_that_allows_more_never_denies_more(of, by, more, exemption):
    assert weight(of, replace(by, rules=(*by.rules, Rule(allow=more)))) >= weight(of, by)
    assert weight(of, replace(by, exceptions=(*by.exceptions, exemption))) >= weight(of, by)


@slow
@given(of=some_reports(), by=policies, data=st.data())
def test_the_order_of_rules_does_not_matter(of, by, data):
    shuffled = replace(by, rules=tuple(data.draw(st.permutations(by.rules))))
    found, again = decide(of, by, today=TODAY), decide(of, shuffled, today=TODAY)
    assert found == again


@slow
@given(of=some_reports(), by=policies, more=clauses)
def test_a_further_restriction_in_the_terms_never_turns_deny_into_anything_milder(of, by, more):
    assume(of.verdict.openness != "open" and decide(of, replace(by, undecided="fail"), today=TODAY).action == "deny")
    longer = report(clauses=(*of.clauses, more))
    assert decide(replace(of, clauses=longer.clauses, verdict=longer.verdict), by, today=TODAY).action == "deny"


@slow
@given(of=some_reports(), by=policies)
def test_what_is_waived_stays_in_the_decision(of, by):
    bare, found = decide(of, replace(by, exceptions=()), today=TODAY), decide(of, by, today=TODAY)
    for reason in bare.reasons:
        assert any(r == reason or reason.message in r.message for r in found.reasons)
    assert len(found.waived) == len(by.exceptions)


# What people see


def test_banned_fields_that_are_not_yours_are_told_as_one_and_a_waived_one_by_itself():
    found = decided(report("field.military", "field.weapons", "field.fraud"), ANY + 'fields = ["military"]\n' + EXCEPTION)
    shown = [r.message for r in words.folded(found.reasons)]
    assert shown == [
        "waived until 2026-12-31: field.military: it bites, since fields names military (we asked)",
        "fields of use that are banned and not yours: fraud, weapons",
    ]
    assert len(found.reasons) == 3
