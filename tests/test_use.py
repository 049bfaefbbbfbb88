"""Clauses held against an intended use: the table in the docs, row by row, and the conditions that a clause's own words set."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck import records, rules, use
from licensecheck.types import Citation, Clause
from licensecheck.use import Use, apply

ROOT = Path(__file__).resolve().parent.parent


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("use_table", ROOT / "tools" / "use_table.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PARAMS: dict[str, dict[str, Any]] = {
    "threshold.users": {"limit": 1000, "period": "month"},
    "threshold.revenue": {"amount": 1000, "currency": "USD"},
    "people.geography": {"territories": ("EU", "KR"), "mode": "excluded"},
}


def clause(id_: str, quote: str = "Words of the terms.", **params: Any) -> Clause:
    return Clause(id_, "LICENSE", quote, 1, 1, "rule", "high", {**PARAMS.get(id_, {}), **params})


def cited(id_: str, record: str, **params: Any) -> Clause:
    citation = Citation(record, None, None, None)
    return Clause(id_, "README.md", None, None, None, "record", "high", {**PARAMS.get(id_, {}), **params}, citation)


def outcome(found: Clause, **facts: Any) -> str:
    return apply(found, Use({name.replace("_", "-"): value for name, value in facts.items()})).outcome


# The table in the docs, row by row. Each row of the page is read back and held against what the program does.


def page_rows() -> list[list[str]]:
    text = (ROOT / "docs" / "use.md").read_text("utf-8").split("## The table")[1]
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines() if line.startswith("| `")]


def condition(words: str) -> dict[str, Any]:
    """The parameters of a clause whose words say this."""
    return {
        "": {},
        "counted at any time": {"measured": "ever"},
        "counted once, at the release": {"measured": "at-release"},
        "counted by day": {"period": "day"},
        "affiliates count": {"measured": "ever", "affiliates": "yes"},
        "by seat": {"by": "seat"},
        "by place of use": {"by": "use"},
        "a name must be borne": {"brand": "name"},
        "a line must be shown": {"brand": "line"},
    }[words]


def values(fact: str, cell: str, clause_id: str) -> list[Any]:
    """The values that a cell speaks of; None is a fact that is not given."""
    if cell.startswith("always"):
        return [None]
    found: list[Any] = []
    if "true" in cell.split(",")[0].split(" or ")[0]:
        found.append(True)
    if cell.startswith("false"):
        found.append(False)
    if "not given" in cell:
        found.append(None)
    if cell.startswith("above"):
        found.append({"USD": 1001} if fact == "annual-revenue" else 1001)
    if cell.startswith("below"):
        found.append({"USD": 999} if fact == "annual-revenue" else 999)
    if "another currency" in cell:
        found.append({"EUR": 5})
    if cell.startswith("names none"):
        found += [(), ("something-else",)]
    elif cell.startswith("names"):
        found += [(name,) for name in cell.removeprefix("names ").split(" or ")]
    if cell in ("in an excluded place", "name an excluded place"):
        found += [("DE",), ("EU",), ("US", "KR"), ("worldwide",)]
    if cell in ("elsewhere", "name others"):
        found += [("US",), ("GB", "CH")]
    assert found, (clause_id, fact, cell)
    return found


def others(clause_id: str, fact: str) -> dict[str, Any]:
    """The other facts, such that this one decides."""
    entry = use.table()["clauses"][clause_id]
    found: dict[str, Any] = {}
    for kind, literals in entry.get("bites", {}).items():
        for literal in literals:
            found[literal.removeprefix("not ")] = (kind == "all") is not literal.startswith("not ")
    for name in entry.get("when", ()):
        found[name] = False
    if fact == "affiliates":
        found |= {"users-per-month": 999, "annual-revenue": {"USD": 999}}
    found.pop(fact, None)
    return found


OUTCOMES = ("bites", "free", "undecided", "duty", "risk")
ROWS = page_rows()


@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0].strip('`')}-{r[1]}-{r[2]}" for r in ROWS])
def test_each_row_of_the_table_in_the_docs_is_what_the_program_does(row):
    name, fact, words = row[0].strip("`"), row[1], row[2]
    found = clause(name, **condition(words))
    base = others(name, fact)
    checked = 0
    for expected, cell in zip(OUTCOMES, row[3:], strict=True):
        for value in values(fact, cell, name) if cell else ():
            facts = base | ({fact: value} if value is not None else {})
            assert apply(found, Use(facts)).outcome == expected, (cell, facts)
            checked += 1
    assert checked


def test_every_clause_has_rows_and_the_page_is_current():
    assert {r[0].strip("`") for r in ROWS} == set(rules.taxonomy())
    assert tool().page() == (ROOT / "docs" / "use.md").read_text("utf-8")


FACTS: dict[str, list[Any]] = {
    "flag": [True, False],
    "number": [0, 999, 1001],
    "money": [{"USD": 999}, {"USD": 1001}],
    "places": [("DE",), ("US",)],
    "fields": [(), ("military", "medical")],
}


@pytest.mark.parametrize("name", rules.taxonomy())
def test_a_fact_without_a_row_for_a_clause_does_not_matter_to_it(name):
    relevant = {r[1] for r in ROWS if r[0].strip("`") == name}
    if name in ("threshold.users", "people.geography"):
        relevant |= {"users-per-month", "seat", "territories"}
    found = clause(name)
    for fact, about in use.table()["facts"].items():
        if fact in relevant:
            continue
        for value in FACTS[about["kind"]]:
            assert apply(found, Use({fact: value})) == apply(found, Use()), fact


# Ceilings


def test_a_ceiling_counted_once_at_the_release_does_not_bite_who_grew_later():
    llama = cited("threshold.users", "LicenseRef-llama3.1", limit=700_000_000)
    grown = {"users_per_month": 800_000_000, "affiliates": True}
    assert outcome(llama, **grown, users_per_month_at_release=5_000) == "free"
    assert outcome(llama, **grown, users_per_month_at_release=700_000_001) == "bites"
    assert apply(llama, Use({"users-per-month": 800_000_000, "affiliates": True})).missing == ("users-per-month-at-release",)


def test_a_ceiling_counted_ever_after_bites_who_grew_later():
    qwen = cited("threshold.users", "LicenseRef-qwen-2024", limit=100_000_000)
    assert outcome(qwen, users_per_month=200_000_000, users_per_month_at_release=5_000) == "bites"
    assert outcome(qwen, users_per_month=5_000) == "free"


@pytest.mark.parametrize(
    ("quote", "measured"),
    [
        ("If, on the version's release date, your services had more than 1000 monthly active users, ask us.", "at-release"),
        ("If as of the Model Release Date the users exceed 1000 a month, ask us.", "at-release"),
        ("If at any time you have more than 1000 monthly active users, ask us.", "ever"),
        ("If your product has more than 1000 monthly active users, ask us.", "ever"),
    ],
)
def test_the_words_tell_when_users_are_counted(quote, measured):
    found = clause("threshold.users", quote)
    assert outcome(found, users_per_month=5000, users_per_month_at_release=10) == {"at-release": "free", "ever": "bites"}[measured]


def test_where_the_words_do_not_tell_when_users_are_counted_both_ways_must_agree():
    found = clause("threshold.users", "Beyond 1000 monthly users: ask.")
    assert outcome(found, users_per_month=10, users_per_month_peak=20) == "free"
    assert outcome(found, users_per_month=5000, users_per_month_at_release=6000) == "bites"
    assert outcome(found, users_per_month=5000, users_per_month_at_release=10) == "undecided"
    assert outcome(found, users_per_month=10) == "undecided"


def test_affiliates_that_count_must_stand_in_the_figures():
    found = clause("threshold.users", "If your products or those of your affiliates have more than 1000 users, ask us.")
    assert outcome(found, users_per_month=10, affiliates=True) == "free"
    assert apply(found, Use({"users-per-month": 10})).missing == ("affiliates",)
    assert outcome(found, users_per_month=10, affiliates=False) == "undecided"
    assert outcome(found, users_per_month=5000) == "bites"


def test_a_ceiling_that_does_not_bite_is_told_with_the_condition_under_which_it_would():
    found = apply(clause("threshold.users", measured="ever"), Use({"users-per-month": 10}))
    assert found.message == "it does not bite, since users-per-month = 10; it would above 1,000 users a month, counted at any time"


def test_one_figure_stands_for_another_only_where_it_must():
    daily, yearly = clause("threshold.users", period="day"), clause("threshold.users", period="year")
    assert outcome(daily, users_per_month=999) == "free"
    assert outcome(daily, users_per_month=5000) == "undecided"
    assert outcome(yearly, users_per_month=5000) == "bites"
    assert outcome(yearly, users_per_month=10) == "undecided"


def test_the_very_figure_of_a_ceiling_is_for_a_person_to_decide():
    assert outcome(clause("threshold.users", measured="ever"), users_per_month=1000) == "undecided"
    assert outcome(clause("threshold.revenue"), annual_revenue={"USD": 1000}) == "undecided"


def test_no_currency_is_converted():
    found = apply(clause("threshold.revenue"), Use({"annual-revenue": {"EUR": 1}}))
    assert (found.outcome, found.missing) == ("undecided", ("annual-revenue.USD",))
    assert "no currency is converted" in found.message


def test_a_ceiling_without_a_figure_is_undecided():
    bare = Clause("threshold.users", "LICENSE", "Large firms ask us.", 1, 1, "rule", "high")
    assert outcome(bare, users_per_month=1) == "undecided"


# Places


def test_an_exclusion_by_seat_is_not_one_by_place_of_use():
    by_seat = clause("people.geography", "No rights go to companies with a principal place of business in the European Union.")
    by_use = clause("people.geography", "You may not use the model in the European Union.")
    german, exporter = {"seat": ("DE",), "territories": ("US",)}, {"seat": ("US",), "territories": ("FR",)}
    assert (outcome(by_seat, **german), outcome(by_use, **german)) == ("bites", "free")
    assert (outcome(by_seat, **exporter), outcome(by_use, **exporter)) == ("free", "bites")


def test_an_exclusion_of_the_union_bites_a_german_firm_and_not_a_swiss_one():
    hunyuan = cited("people.geography", "LicenseRef-hunyuan-video-2024-12", territories=("EU", "GB", "KR"))
    assert outcome(hunyuan, territories=("DE",)) == "bites"
    assert outcome(hunyuan, territories=("CH",)) == "free"
    assert apply(hunyuan, Use({"seat": ("DE",)})).missing == ("territories",)


def test_an_exclusion_that_speaks_of_multimodal_models_asks_what_the_model_is():
    llama = cited("people.geography", "LicenseRef-llama-3.2-use-policy", territories=("EU",))
    german = Use({"seat": ("DE",)})
    assert apply(llama, german, tags=["image-text-to-text"]).outcome == "bites"
    assert apply(llama, german, tags=["text-generation"]).outcome == "free"
    assert apply(llama, german).outcome == "undecided"
    assert apply(llama, Use({"seat": ("US",)})).outcome == "free"


def test_a_grant_for_some_places_only_bites_everywhere_else():
    only = clause("people.geography", "Rights exist only for use within Japan.", territories=("JP",), mode="only")
    assert outcome(only, territories=("JP",)) == "free"
    assert outcome(only, territories=("JP", "US")) == "bites"
    assert outcome(only, territories=("worldwide",)) == "bites"


# What is said with little confidence, and what no fact can answer


def test_words_read_with_low_confidence_never_bite_and_are_never_waved_through():
    weak = Clause("purpose.noncommercial", "README.md", "hobby stuff", 1, 1, "rule", "low")
    assert outcome(weak, commercial=True) == "undecided"


def test_what_no_fact_can_answer_is_undecided_by_name():
    found = apply(clause("field.other"), Use({"fields": ()}))
    assert (found.outcome, found.missing) == ("undecided", ("whether you do what the words ban",))


def test_parameters_of_a_clause_come_before_what_is_known_of_its_license():
    own = cited("threshold.users", "LicenseRef-llama3.1", measured="ever", affiliates="no")
    assert outcome(own, users_per_month=5000) == "bites"


@given(
    name=st.sampled_from(sorted(rules.taxonomy())),
    facts=st.dictionaries(
        st.sampled_from(sorted(use.table()["facts"])),
        st.one_of(st.booleans(), st.integers(0, 2000), st.tuples(st.sampled_from(["DE", "US", "military"]))),
    ),
    quote=st.text(max_size=60),
)
def test_whatever_the_facts_are_there_is_an_answer_and_what_is_undecided_says_why(name, facts, quote):
    kinds = {"flag": bool, "number": int, "money": dict, "places": tuple, "fields": tuple}
    fitting = {f: v for f, v in facts.items() if type(v) is kinds[use.table()["facts"][f]["kind"]]}
    found = apply(Clause(name, "LICENSE", quote or "x", 1, 1, "rule", "high", PARAMS.get(name, {})), Use(fitting))
    assert found.message
    assert bool(found.missing) == (found.outcome == "undecided")


# The table itself


def test_the_table_speaks_only_of_facts_clauses_licenses_and_regions_that_exist():
    table = use.table()
    for name, entry in table["clauses"].items():
        literals = [literal for group in entry.get("bites", {}).values() for literal in group] + list(entry.get("when", ()))
        assert {literal.removeprefix("not ") for literal in literals} <= set(table["facts"]), name
    for license_id, clauses in table["known"].items():
        assert records.record(license_id), license_id
        assert set(clauses) <= set(table["clauses"])
    assert set(table["conditions"]) <= set(table["clauses"])
    assert len(table["regions"]["EU"]) == 27


@pytest.mark.parametrize("words", ["a" * 200_000, "on the " * 40_000, "name " * 40_000, "at the date of the " * 15_000])
def test_a_hostile_quote_costs_little_time(words):
    for name in use.table()["conditions"]:
        started = time.perf_counter()
        apply(clause(name, words), Use())
        assert time.perf_counter() - started < 2
