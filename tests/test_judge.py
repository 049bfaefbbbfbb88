"""Judging, sentence by sentence of its rules, and the relations that must hold for every set of clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensecheck import judge, records, rules
from licensecheck.judge import OPENNESS, Terms
from licensecheck.types import Clause, Confidence, Identity, Part, Problem, Verdict

UNKNOWN = Identity("unknown")
MIT = Identity("exact", "MIT", "MIT License", 1.0)
HIDES_WEIGHTS = Problem("hub", "LICENSE", "cannot be read", hides=("weights",))
UNREAD = Problem(
    "clauses", "LICENSE", "a prohibition that no rule understands", hides=("unclear",), kind=judge.UNREAD_PROHIBITION, quote="no wobbling"
)

IDS = sorted(rules.taxonomy())
VIOLATIONS = [i for i in IDS if rules.taxonomy()[i].effect == "violation"]
CONCERNS = [i for i in IDS if rules.taxonomy()[i].effect == "concern"]


def clause(name: str, confidence: Confidence = "high") -> Clause:
    return Clause(name, "LICENSE", "the words", 1, 1, "rule", confidence)


def status(verdict: Verdict) -> dict[str, str]:
    return {j.criterion: j.status for j in verdict.criteria}


def terms(*clauses: Clause, identity: Identity = UNKNOWN, grants: bool = True, problems: tuple[Problem, ...] = ()) -> Terms:
    verdict = judge.judge(clauses, identity, problems) if grants else judge.judge_restraint(clauses, problems)
    return Terms(verdict, clauses, grants)


def claim(name: str) -> Terms:
    found = records.record(name)
    clauses = records.clauses(found, "README.md") if found else ()
    return Terms(judge.judge_claim(name, clauses), clauses)


# The criteria


def test_there_are_ten_criteria_and_each_is_explained():
    assert [c.id for c in judge.criteria()] == [f"osd.{n}" for n in range(1, 11)]
    assert all(c.title and c.asks and c.explain and c.remedy and c.link for c in judge.criteria())


def test_every_criterion_that_a_clause_names_exists():
    assert {c for kind in rules.taxonomy().values() for c in kind.osd} <= {c.id for c in judge.criteria()}


def test_source_code_is_not_judged_from_license_terms():
    assert status(judge.judge((), MIT))["osd.2"] == "not-judged"
    assert status(judge.judge((), UNKNOWN))["osd.2"] == "not-judged"


# One text


def test_equal_words_to_an_approved_text_are_open_with_the_ruling():
    verdict = judge.judge((), MIT)
    assert (verdict.openness, verdict.ruling.by, verdict.ruling.status) == ("open", "OSI", "approved")
    assert {s for c, s in status(verdict).items() if c != "osd.2"} == {"met"}


def test_an_approved_text_stays_open_whatever_the_rules_find_in_it():
    verdict = judge.judge((clause("sharing.no-sale"),), Identity("exact", "OFL-1.1"), (UNREAD,))
    assert verdict.openness == "open"
    assert status(verdict)["osd.1"] == "met"


def test_an_approved_text_of_which_something_was_not_seen_is_unclear():
    assert judge.judge((), MIT, (HIDES_WEIGHTS,)).openness == "unclear"
    assert judge.judge((), MIT, (replace(HIDES_WEIGHTS, hides=()),)).openness == "open"


def test_several_approved_texts_and_nothing_else_are_open():
    both = Identity("exact", None, parts=(Part("MIT", 1, 20), Part("Apache-2.0", 21, 220)))
    verdict = judge.judge((), both)
    assert verdict.openness == "open"
    assert (verdict.ruling.by, verdict.ruling.status) == ("OSI", "approved")


def test_an_approved_text_beside_open_terms_without_a_ruling_is_open_without_one():
    both = Identity("exact", None, parts=(Part("MIT", 1, 20), Part("CC-BY-4.0", 21, 220)))
    assert (judge.judge((), both).openness, judge.judge((), both).ruling) == ("open", None)


def test_an_approved_text_beside_an_unreviewed_one_is_not_open():
    both = Identity("exact", None, parts=(Part("MIT", 1, 20), Part("CC-BY-NC-4.0", 21, 220)))
    assert judge.judge((), both).openness == "not-open"


def test_open_terms_without_a_ruling_are_open_and_say_that_nobody_ruled():
    assert "CC-BY-4.0" in records.open_terms()
    verdict = judge.judge((), Identity("exact", "CC-BY-4.0"))
    assert (verdict.openness, verdict.ruling) == ("open", None)


def test_a_clause_that_violates_makes_a_text_not_open_and_names_itself():
    verdict = judge.judge((clause("sharing.notice"), clause("field.military")), UNKNOWN)
    assert verdict.openness == "not-open"
    found = next(j for j in verdict.criteria if j.criterion == "osd.6")
    assert (found.status, found.because) == ("violated", (1,))


def test_medium_confidence_violates_and_low_confidence_only_raises_doubt():
    assert judge.judge((clause("field.military", "medium"),), UNKNOWN).openness == "not-open"
    verdict = judge.judge((clause("field.military", "low"),), UNKNOWN)
    assert verdict.openness == "unclear"
    assert status(verdict)["osd.6"] == "doubtful"


def test_a_concern_makes_its_criterion_doubtful():
    verdict = judge.judge((clause("sharing.branding"),), UNKNOWN)
    assert verdict.openness == "unclear"
    assert (status(verdict)["osd.3"], status(verdict)["osd.10"]) == ("doubtful", "doubtful")


def test_silence_grants_nothing():
    verdict = judge.judge((), UNKNOWN)
    assert verdict.openness == "unclear"
    assert {s for c, s in status(verdict).items() if c != "osd.2"} == {"unknown"}


def test_a_variant_of_an_open_license_is_at_best_unclear():
    assert judge.judge((), Identity("variant", "MIT", score=0.99)).openness == "unclear"


def test_an_unread_prohibition_leaves_a_text_unclear_and_says_so():
    verdict = judge.judge((), UNKNOWN, (UNREAD,))
    assert verdict.openness == "unclear"
    assert "prohibition" in verdict.reason


def test_a_family_of_licenses_is_never_open():
    for record in records.every():
        if record.is_family:
            assert judge.judge_claim(record.id, records.clauses(record, "README.md")).openness != "open", record.id


# A repo


def test_nothing_known_at_all_is_unclear_and_says_that_all_rights_are_reserved():
    verdict = judge.judge_repo((), (), "weights")
    assert verdict.openness == "unclear"
    assert "all rights are reserved" in verdict.reason


def test_one_text_that_is_not_open_makes_the_repo_not_open():
    assert judge.judge_repo((terms(identity=MIT), terms(clause("purpose.research-only"))), (), "weights").openness == "not-open"


def test_an_open_text_with_a_use_policy_is_not_open():
    policy = Terms(judge.judge((clause("field.minors"),), UNKNOWN), (clause("field.minors"),), grants=False)
    assert judge.judge_repo((terms(identity=MIT), policy), (), "weights").openness == "not-open"
    silent = Terms(judge.judge((), UNKNOWN), grants=False)
    assert judge.judge_repo((terms(identity=MIT), silent), (), "weights").openness == "unclear"


def test_an_open_text_with_a_silent_notice_stays_open_with_its_ruling():
    verdict = judge.judge_repo((terms(identity=MIT), terms(grants=False)), (), "weights")
    assert verdict.openness == "open"
    assert verdict.ruling.status == "approved"


def test_a_notice_alone_grants_nothing():
    assert judge.judge_repo((terms(grants=False),), (), "weights").openness == "unclear"


def test_a_restricting_sentence_of_the_card_makes_an_open_text_not_open():
    verdict = judge.judge_repo((terms(identity=MIT), terms(clause("purpose.research-only", "medium"), grants=False)), (), "weights")
    assert verdict.openness == "not-open"


def test_a_problem_that_hides_terms_of_the_weights_leaves_an_open_repo_unclear():
    assert judge.judge_repo((terms(identity=MIT),), (HIDES_WEIGHTS,), "weights").openness == "unclear"


def test_a_problem_that_hides_other_things_leaves_the_verdict_alone():
    assert judge.judge_repo((terms(identity=MIT),), (replace(HIDES_WEIGHTS, hides=("code",)),), "weights").openness == "open"
    assert judge.judge_repo((terms(identity=MIT),), (replace(HIDES_WEIGHTS, hides=()),), "weights").openness == "open"


def test_because_counts_through_the_clauses_of_all_texts():
    verdict = judge.judge_repo((terms(clause("sharing.notice"), clause("field.fraud")), terms(clause("field.military"))), (), "weights")
    assert next(j for j in verdict.criteria if j.criterion == "osd.6").because == (1, 2)


def test_a_tag_of_an_approved_license_is_open_and_one_of_a_restricted_license_is_not():
    assert judge.judge_repo((claim("Apache-2.0"),), (), "weights").openness == "open"
    restricted = judge.judge_repo((claim("LicenseRef-llama3.1"),), (), "weights")
    assert restricted.openness == "not-open"


def test_nothing_is_met_where_something_could_not_be_seen():
    verdict = judge.judge_repo((terms(identity=MIT),), (HIDES_WEIGHTS,), "weights")
    assert "met" not in status(verdict).values()


# Relations

clauses = st.lists(st.builds(clause, st.sampled_from(IDS), st.sampled_from(["high", "medium", "low"])), max_size=5).map(tuple)
identities = st.sampled_from(
    [UNKNOWN, MIT, Identity("variant", "MIT"), Identity("exact", "CC-BY-4.0"), Identity("exact", "LicenseRef-llama3.1")]
)
problems = st.lists(st.sampled_from([HIDES_WEIGHTS, UNREAD, replace(HIDES_WEIGHTS, hides=())]), max_size=2).map(tuple)
texts = st.builds(lambda c, i, p, g: terms(*c, identity=i, problems=p, grants=g), clauses, identities, problems, st.booleans())


def is_no_more_open(one: Verdict, other: Verdict) -> bool:
    return OPENNESS.index(one.openness) <= OPENNESS.index(other.openness)


@given(clauses, identities, problems, st.sampled_from(VIOLATIONS), st.sampled_from(["high", "medium", "low"]))
@settings(max_examples=200, deadline=None)
def test_adding_a_violation_never_makes_a_text_more_open(found, identity, unseen, more, confidence):
    after = judge.judge((*found, clause(more, confidence)), identity, unseen)
    assert is_no_more_open(after, judge.judge(found, identity, unseen))


@given(clauses, identities, problems, problems)
@settings(max_examples=200, deadline=None)
def test_adding_a_problem_never_makes_a_text_more_open(found, identity, unseen, more):
    assert is_no_more_open(judge.judge(found, identity, (*unseen, *more)), judge.judge(found, identity, unseen))


@given(st.lists(texts, max_size=3), problems, problems)
@settings(max_examples=200, deadline=None)
def test_adding_a_problem_never_makes_a_repo_more_open(found, unseen, more):
    after = judge.judge_repo(found, (*unseen, *more), "weights")
    assert is_no_more_open(after, judge.judge_repo(found, unseen, "weights"))


@given(
    st.lists(texts, min_size=1, max_size=3), problems, st.sampled_from(VIOLATIONS + CONCERNS), st.sampled_from(["high", "medium", "low"])
)
@settings(max_examples=200, deadline=None)
def test_adding_a_restraint_never_makes_a_repo_more_open(found, unseen, more, confidence):
    after = judge.judge_repo((*found, terms(clause(more, confidence), grants=False)), unseen, "weights")
    assert is_no_more_open(after, judge.judge_repo(found, unseen, "weights"))


@given(clauses, problems)
@settings(max_examples=200, deadline=None)
def test_only_a_known_text_is_ever_open(found, unseen):
    assert judge.judge(found, UNKNOWN, unseen).openness != "open"


@pytest.mark.parametrize("name", CONCERNS)
def test_a_concern_alone_never_makes_a_text_not_open(name):
    assert judge.judge((clause(name),), UNKNOWN).openness == "unclear"
