"""The rule files are parameters: every hit hits, no near miss does, a todo that works must move."""

from __future__ import annotations

import pytest

from licensecheck import patterns, rulebook, rulecheck
from licensecheck.errors import RulesError


@pytest.fixture(scope="module")
def book() -> rulebook.Rulebook:
    return rulebook.load()


@pytest.mark.parametrize("relative", rulebook.clause_files())
def test_a_clause_file_keeps_its_promises(relative: str, book: rulebook.Rulebook) -> None:
    raw = rulebook.clause_file(relative)
    assert [*rulecheck._form(raw), *rulecheck._moot(book, raw["id"]), *rulecheck._cases(raw)] == []


def test_no_cue_has_an_alternative_that_another_covers(book: rulebook.Rulebook) -> None:
    assert [*rulecheck._moot_cues(book)] == []


@pytest.mark.parametrize(
    ("source", "language", "moot"),
    [
        ("(sells|sell) it", "en", "sell"),
        ("[license|licences] it", "en", "licences"),
        ("(=arms|arm) it", "en", "arms"),
        ("(製作者|制作者)", "ja", "制 作 者"),
    ],
)
def test_an_alternative_that_another_one_covers_is_named(source: str, language: str, moot: str) -> None:
    (fault,) = rulecheck._moot_alternatives(patterns.parse(source, {}), language)
    assert fault.startswith(repr(moot))


def test_exact_forms_of_one_stem_are_each_needed() -> None:
    assert list(rulecheck._moot_alternatives(patterns.parse("(=arms|=armed) it", {}), "en")) == []


@pytest.mark.parametrize("source", ["(for any [other] reason|at will)", "(not ... sell|lease)", "(sell|{number})"])
def test_what_means_nothing_inside_parentheses_is_an_error(source: str) -> None:
    with pytest.raises(RulesError, match="inside parentheses"):
        patterns.parse(source, {})


@pytest.mark.parametrize("ban", ["", "Commercial use is prohibited. "])
def test_a_clause_that_follows_from_another_counts_only_beside_a_ban_on_use(ban: str) -> None:
    said = rulecheck.said(f"{ban}Derivative models must be licensed under this license.")
    assert "sharing.copyleft" in said
    assert ("sharing.restriction-flow-down" in said) is bool(ban)


def test_a_rule_can_only_count_beside_groups_that_there_are() -> None:
    with pytest.raises(RulesError, match="clause groups"):
        rulebook._beside(["fields"], "rules/clauses/x.yaml: en rule 1")
