"""Policy files: how they are found and read, that every mistake is told in one line with its place, and that nothing makes a traceback."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from licensecheck import policyfile, policykeys
from licensecheck.cli import run
from licensecheck.errors import PolicyError

ROOT = Path(__file__).resolve().parent.parent
DIGEST = "sha256:" + "0" * 64
COMMIT = "0" * 40

GOOD = f"""
name = "ours"
extends = "commercial"
undecided = "deny"
require = ["pinned", "text"]
unknown-ancestors = 1

[allow]
openness = ["open"]
licenses = [
  "Apache-2.0",     # by id
  "llama",          # by family
  "MIT OR ISC",
  "LicenseRef-ours",
]
clauses = ["sharing.notice", "legal", "osd.7"]

[deny]
clauses = ["field.military"]
conflicts = ["high", "file-vs-tag"]

[use]
users-per-month = 10_000
annual-revenue = {{ EUR = 2_000_000, USD = 2.1e6 }}
seat = ["DE"]
fields = ["medical", "biometric"]

[[rule]]
repos = ["acme/*"]
allow = {{ openness = ["not-open"] }}

[[exception]]
repo = "acme/*"
clause = "field.military"
reason = "asked"
owner = "Ada"
expires = 2027-01-01
digest = "{DIGEST}"

[[clarify]]
repo = "acme/tiny"
commit = "{COMMIT}"
license = "MIT"
reason = "asked"
"""

EXCEPTION = '[[exception]]\nrepo = "a/*"\nclause = "field.military"\nreason = "r"\nexpires = 2027-01-01\n'
CLARIFY = f'[[clarify]]\nrepo = "a/b"\ncommit = "{COMMIT}"\nlicense = "MIT"\nreason = "r"\n'

# Each: the file, the line of the mistake, words of the message, words of the hint.
MISTAKES = {
    "no TOML": ("[allow\n", 1, "not valid TOML", "name = "),
    "an open string": ('name = "x\n', 1, "not valid TOML", "text"),
    "a key twice": ("[use]\ncommercial = true\ncommercial = true\n", 3, "not valid TOML", ""),
    "an unknown key": ("alow = 1\n", 1, "alow: there is no such key", "did you mean 'allow'?"),
    "a key in the wrong table": ("[allow]\n\ncommercial = true\n", 3, "there is no such key", "it belongs under [use]"),
    "an unknown key in a table": ('[allow]\nlicense = ["MIT"]\n', 2, "allow.license", "did you mean 'licenses'?"),
    "a table that is none": ("allow = true\n", 1, "allow: is true, not a table", "[allow]"),
    "a list that is none": ('[allow]\nlicenses = "MIT"\n', 2, "is the text 'MIT', not a list", '["a", "b"]'),
    "a list of numbers": ("[allow]\nclauses = [1]\n", 2, "the number 1", '["a", "b"]'),
    "a clause that is none": (
        '[deny]\nclauses = [\n  "field",\n  "field.militry",\n]\n',
        4,
        "'field.militry' is no clause",
        "field.military",
    ),
    "a star": ('[deny]\nclauses = ["field.*"]\n', 2, "'field.*' is no clause", "written 'field'"),
    "a criterion that is none": ('[deny]\nclauses = ["osd.11"]\n', 2, "osd.11", "did you mean"),
    "a license that is none": ('[allow]\nlicenses = ["Apache-2.0", "Apach-2.0"]\n', 2, "'Apach-2.0' is no known license", "Apache-2.0"),
    "other as a license": ('[allow]\nlicenses = ["other"]\n', 2, "names no license", "itself"),
    "an openness that is none": ('[allow]\nopenness = ["opne"]\n', 2, "is no openness", "did you mean 'open'?"),
    "a conflict that is none": ('[deny]\nconflicts = ["hihg"]\n', 2, "is no kind or severity", "high"),
    "a policy to extend that is none": ('extends = "comercial"\n', 1, "extends: 'comercial' is not known", "commercial"),
    "undecided as what it cannot be": ('undecided = "allow"\n', 1, "'allow' is not known", "fail"),
    "a demand that is none": ('require = ["pined"]\n', 1, "is no demand", "pinned"),
    "a depth in words": ('unknown-ancestors = "two"\n', 1, "the text 'two', not a whole number", "without quotes"),
    "a depth below zero": ("unknown-ancestors = -1\n", 1, "the number -1, not a whole number from 0 on", "digits"),
    "a flag in quotes": ('[use]\ncommercial = "yes"\n', 2, "use.commercial: is the text 'yes', not true or false", "without quotes"),
    "users in words": ('[use]\nmodify = true\nusers-per-month = "10k"\n', 3, "use.users-per-month", "1_000_000"),
    "users as true": ("[use]\nusers-per-month = true\n", 2, "is true, not a whole number", "digits"),
    "revenue without a currency": ("[use]\nannual-revenue = 5\n", 2, "not a table of sums by currency", "EUR"),
    "a currency in small letters": ("[use]\nannual-revenue = { eur = 5 }\n", 2, "'eur' is no currency", "EUR"),
    "revenue without end": ("[use]\nannual-revenue = { EUR = inf }\n", 2, "use.annual-revenue.EUR", "digits"),
    "a country by its name": ('[use]\nseat = ["Germany"]\n', 2, "'Germany' is no place", "did you mean 'DE'?"),
    "a country that is none": ('[use]\nterritories = ["XX"]\n', 2, "'XX' is no place", "ISO 3166-1"),
    "a field that is none": ('[use]\nfields = ["medicin"]\n', 2, "'medicin' is no field", "medical"),
    "an exception without a reason": (EXCEPTION.replace('reason = "r"\n', ""), 1, "exception: lacks reason", "reason ="),
    "an exception without an end": (EXCEPTION + EXCEPTION.replace("expires = 2027-01-01\n", ""), 6, "lacks expires", "2026-12-31"),
    "an exception without a subject": (EXCEPTION.replace('clause = "field.military"\n', ""), 1, "a clause or a license", "clause ="),
    "an exception with two subjects": (EXCEPTION + 'license = "MIT"\n', 1, "one of the two", "license ="),
    "a date in quotes": (EXCEPTION.replace("2027-01-01", '"2027-01-01"'), 5, "exception.expires: is the text", "without quotes"),
    "a day that is none": (EXCEPTION.replace("2027-01-01", "2027-02-30"), 5, "not valid TOML", "2026-12-31"),
    "a short digest": (EXCEPTION + 'digest = "sha256:12"\n', 6, "is no digest", "64 hex digits"),
    "an exception in one bracket": (
        EXCEPTION.replace("[[exception]]", "[exception]"),
        1,
        "is a table, not a list of tables",
        "[[exception]]",
    ),
    "an empty reason": (EXCEPTION.replace('"r"', '"  "'), 4, "exception.reason: is empty", "write"),
    "a branch as a commit": (CLARIFY.replace(COMMIT, "main"), 3, "is no commit", "40 hex digits"),
    "a rule for no repos": ('[[rule]]\nallow = { openness = ["open"] }\n', 1, "for no repos", "repos ="),
    "a rule with an empty filter": ('[[rule]]\ntypes = ["model"]\nrepos = []\n', 1, "for no repos", "repos ="),
    "no country at all": ("[use]\nseat = []\n", 2, "use.seat: names no place", "leave it out"),
    "a country by its nickname": ('[use]\nseat = ["UK"]\n', 2, "'UK' is no place", "did you mean 'GB'?"),
    "keys of pyproject.toml": ('[tool.licensecheck]\nname = "x"\n', 1, "tool: there is no such key", "without tool.licensecheck"),
    "the second of two rules": ('[[rule]]\ntypes = ["model"]\n[[rule]]\ntypes = ["modle"]\n', 4, "is no type of repo", "model"),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_one_line_with_its_place_and_a_hint(case, tmp_path, capsys):
    text, line, message, hint = case
    file = tmp_path / "licensecheck.toml"
    file.write_text(text, "utf-8")
    assert run(["check", "acme/any", "--policy", str(file)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second = shown.err.rstrip("\n").split("\n")
    assert first.startswith(f"licensecheck: {file}:{line}: ")
    assert message in first
    assert hint in second


def test_there_are_thirty_mistakes_and_more():
    assert len(MISTAKES) >= 30


def test_a_good_file_is_read_whole():
    found = policyfile.parse(GOOD, "licensecheck.toml")
    assert (found.name, found.undecided, found.require, found.unknown_ancestors) == ("ours", "deny", ("pinned", "text"), 1)
    assert found.rules[1].allow.licenses == ("Apache-2.0", "llama", "MIT OR ISC", "LicenseRef-ours")
    assert found.rules[2].repos == ("acme/*",)
    assert found.exceptions[0].expires == date(2027, 1, 1)
    assert found.clarifications[0].license == "MIT"
    assert found.use
    assert found.use.get("annual-revenue") == {"EUR": 2_000_000, "USD": 2.1e6}


def test_a_policy_that_extends_another_adds_to_it_and_its_facts_come_first():
    found = policyfile.parse('extends = "commercial"\n[use]\nmodify = false\nseat = ["FR"]', "licensecheck.toml")
    assert found.rules[0].allow.openness == ("open", "not-open")
    assert found.use
    assert (found.use.get("commercial"), found.use.get("modify"), found.use.get("seat")) == (True, False, ("FR",))
    assert found.name == "licensecheck"


def test_the_nearest_file_upwards_is_taken(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "licensecheck.toml").write_text('name = "outer"')
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert policyfile.choose(None, inner).name == "outer"
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.licensecheck]\nname = "of the project"\n')
    assert policyfile.choose(None, inner).name == "of the project"
    (inner / "licensecheck.toml").write_text('name = "inner"')
    assert policyfile.choose(None, inner).name == "inner"


def test_without_a_file_open_source_holds(tmp_path):
    assert policyfile.choose(None, tmp_path).name == "open-source"


def test_a_mistake_in_pyproject_is_told_with_its_line(tmp_path):
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n\n[tool.other.deny]\nclauses = 1\n[tool.licensecheck.deny]\nclauses = ["feild"]\n')
    with pytest.raises(PolicyError) as error:
        policyfile.choose(None, tmp_path)
    assert error.value.message == f"{file}:7: deny.clauses: 'feild' is no clause, group or criterion"


def test_a_policy_that_does_not_exist_is_told_with_those_that_do(tmp_path):
    with pytest.raises(PolicyError) as error:
        policyfile.choose("comercial", tmp_path)
    assert "did you mean 'commercial'?" in error.value.hint
    with pytest.raises(PolicyError, match="No such file"):
        policyfile.choose("ours.toml", tmp_path)
    with pytest.raises(PolicyError, match="cannot be read"):
        policyfile.choose(str(tmp_path), tmp_path)


def test_files_that_are_no_text_or_far_too_long_are_refused(tmp_path):
    file = tmp_path / "licensecheck.toml"
    file.write_bytes(b'name = "a"\nx = "\xff"')
    with pytest.raises(PolicyError, match=":2: not UTF-8"):
        policyfile.load(file)
    file.write_bytes(b"#" * (policyfile.LARGEST + 1))
    with pytest.raises(PolicyError, match="larger than 1 MiB"):
        policyfile.load(file)
    for text in ("x = " + "[" * 100_000, "x = 1" + "0" * 5000):
        with pytest.raises(PolicyError):
            policyfile.parse(text, "licensecheck.toml")


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path):
    file = tmp_path / "licensecheck.toml"
    file.write_bytes(b'\xef\xbb\xbfname = "a"\r\n[allow]\r\nopenness = ["open"]\r\n')
    assert policyfile.load(file).name == "a"


# Fuzzed files: a policy, or one line of words. Never anything else.

pieces = st.sampled_from(
    [
        *("[allow]", "[[rule]]", "[[exception]]", "[use]", "[tool.licensecheck]", "[use.annual-revenue]", "]", "[", "="),
        *("clauses", "licenses", "openness", "repos", "expires", "seat", "fields", "name", "extends", "allow.clauses"),
        *('"field"', '"MIT"', '["open"]', "true", "5", "-1", "nan", "2027-01-01", "07:30:00", "{ EUR = 5 }", '""', "'''", '"""', "# x"),
        *("\n", " ", "\t", "\r\n", "\0", "\x1b", "\u202e", "é", "{}", "[[]]", "[{}]", "1e999", "0x", "\ufeff"),
    ]
)


def shaped() -> st.SearchStrategy[str]:
    """Files that are nearly right: real keys with values of every kind."""
    names = sorted({name.split(".")[-1] for name, _ in policykeys.described()})
    values = st.sampled_from(['"x"', "1", "true", "[]", "{}", '["MIT"]', '["open"]', "2027-01-01", "[[1]]", "{ a = 1 }", "1.5", "[{}]"])
    lines = st.tuples(st.sampled_from(names), values).map(lambda pair: f"{pair[0]} = {pair[1]}")
    heads = st.sampled_from(
        ["[allow]", "[warn]", "[deny]", "[use]", "[[rule]]", "[[exception]]", "[[clarify]]", "[rule]", "[[allow]]", "[x.y]"]
    )
    return st.lists(st.one_of(lines, heads), max_size=8).map("\n".join)


def outcome(text: str, name: str) -> str:
    """The message of the error that a text makes, or "" for one that is a policy."""
    try:
        policyfile.parse(text, name)
    except PolicyError as error:
        return f"{error.message}\0{error.hint}"
    return ""


FILES = st.one_of(st.lists(pieces, max_size=20).map("".join), shaped(), st.text(max_size=80))


@settings(max_examples=400, deadline=None)
@given(FILES, st.sampled_from(["x.toml", "pyproject.toml"]))
def test_whatever_stands_in_a_file_there_is_a_policy_or_one_line(text, name):
    told = outcome(text, name)
    assert told == "" or re.fullmatch(rf"{name}(:\d+)?: [^\n\0]{{3,600}}\0[^\n]{{3,400}}", told)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.sampled_from(["", "\n", '"', "]", "[", "=", "x", "\0", "\x1b[31m"]))
def test_a_good_file_with_one_character_changed_is_read_or_told_with_its_line(at, other):
    told = outcome(GOOD[:at] + other + GOOD[at + 1 :], "licensecheck.toml")
    assert told == "" or re.match(r"licensecheck\.toml(:\d+)?: ", told)


# The schema for editors, and the words for people


def plain(value: object) -> object:
    return json.loads(json.dumps(value, default=str))


def test_the_schema_takes_what_the_program_takes_and_is_current():
    schema = json.loads((ROOT / "rules" / "policy.schema.json").read_text("utf-8"))
    assert schema == policykeys.schema()
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    for text in (GOOD, *((ROOT / "rules" / "policies" / f"{n}.toml").read_text("utf-8") for n in policyfile.built_in())):
        assert not list(validator.iter_errors(plain(tomllib.loads(text))))


ONLY_OURS = {
    *(
        "a country that is none",
        "a criterion that is none",
        "a license that is none",
        "other as a license",
        "a date in quotes",
        "an empty reason",
    ),
    *(
        "an exception without a subject",
        "an exception with two subjects",
        "a rule for no repos",
        "a rule with an empty filter",
        "revenue without end",
    ),
}


@pytest.mark.parametrize("name", [n for n, case in MISTAKES.items() if "not valid TOML" not in case[2] and n not in ONLY_OURS])
def test_the_schema_refuses_what_the_program_refuses(name):
    validator = Draft7Validator(policykeys.schema())
    assert list(validator.iter_errors(plain(tomllib.loads(MISTAKES[name][0]))))


def test_the_kinds_of_conflicts_that_a_policy_may_name_are_those_that_are_found():
    source = (ROOT / "licensecheck" / "conflicts.py").read_text("utf-8")
    found = set(re.findall(r'_conflict\(\s*"([a-z-]+)"', source))
    assert found == set(policykeys.KINDS)


def test_the_example_in_the_docs_is_a_policy():
    text = (ROOT / "docs" / "policy.md").read_text("utf-8")
    example = text.split("```toml\n")[1].split("```")[0].replace("sha256:0b5f…", DIGEST)
    assert policyfile.parse(example, "licensecheck.toml").exceptions[0].owner == "legal@example.org"
