"""Names: how people write them, and that a doubtful one never means a more open license."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from licensecheck import names, records

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the project's ../shared folder is not here")

FLUX = "LicenseRef-flux-1-dev-non-commercial-license"
MESSY = {
    "Apache-2.0": [
        "Apache 2.0",
        "apache2.0",
        "apache-2-0",
        "APACHE_2.0",
        "Apache License, Version 2.0",
        "The Apache License v2",
        "`apache-2.0`",
    ],
    "MIT": ["mit", "MIT License", "The MIT Licence", "Expat", "MIT许可证", "licenseref-mit"],
    "GPL-3.0-only": ["gpl-3.0", "gpl3", "GPLv3", "GNU General Public License v3.0", "GNU GPL 3"],
    "GPL-3.0-or-later": ["GPL-3.0+", "GPLv3+", "GPL v3 or later"],
    "LGPL-2.1-only": ["lgpl-2.1", "LGPLv2.1"],
    "BSD-3-Clause": ["bsd-3-clause", "BSD 3", "New BSD License", "BSD 3-Clause"],
    "CC-BY-4.0": ["cc-by-4.0", "CC BY 4.0", "ccby4.0", "Creative Commons Attribution 4.0 International License", "CC-BY-4"],
    "CC-BY-NC-4.0": [
        "CC BY-NC 4.0",
        "Creative Commons Attribution-NonCommercial 4.0",
        "cc by non commercial 4.0",
        "知识共享 署名-非商业性使用 4.0",
    ],
    "CC-BY-NC-SA-4.0": ["CC-BY-SA-NC-4.0", "cc_by_nc_sa_4.0", "Creative Commons Attribution Non Commercial Share Alike 4.0"],
    "CC0-1.0": ["cc0", "CC0 1.0 Universal", "CC Zero", "Creative Commons Zero"],
    "LicenseRef-cc-by-nc-sa": ["cc-by-nc-sa", "CC BY-NC-SA"],
    "LicenseRef-cc-by": ["CC BY", "Creative Commons Attribution"],
    "LicenseRef-cc": ["cc", "Creative Commons"],
    "LicenseRef-gpl": ["gpl", "GNU GPL"],
    "LicenseRef-apache": ["Apache", "Apache License"],
    "LicenseRef-bsd": ["bsd", "BSD License"],
    "LicenseRef-openrail": ["OpenRAIL", "open-rail-m", "OpenRAIL-M"],
    "LicenseRef-openrail++": ["OpenRAIL++", "CreativeML Open RAIL++-M License"],
    "LicenseRef-creativeml-openrail-m": ["creativeml-open-rail-m", "CreativeML OpenRAIL-M"],
    "LicenseRef-llama3": ["llama-3", "Llama 3", "Meta Llama 3 Community License Agreement", "META LLAMA 3 COMMUNITY LICENSE AGREEMENT"],
    "LicenseRef-llama3.1": ["Llama 3.1 Community License", "llama-3-1", "llama-3.1-community-license"],
    "LicenseRef-llama": ["llama", "Llama license"],
    "LicenseRef-gemma": ["gemma", "Gemma Terms of Use", "google-gemma-terms-of-use"],
    "LicenseRef-modified-mit": ["modified-mit", "Modified MIT License"],
    "LicenseRef-deepseek-model-1.0": ["deepseek", "deepseek-license", "DeepSeek Model License"],
    FLUX: ["flux-1-dev-non-commercial-license", "FLUX.1 [dev] Non-Commercial License", "flux-dev-license"],
    "LicenseRef-other": ["other", "Other", "custom"],
    "LicenseRef-unknown": ["unknown", "none"],
}


@pytest.mark.parametrize(("expected", "name"), [(i, n) for i, written in MESSY.items() for n in written])
def test_a_name_as_people_write_it_means_its_license(expected: str, name: str) -> None:
    assert names.resolve(name).ids == (expected,)


@pytest.mark.parametrize(
    "name",
    [
        *("apache-2.0-with-policy", "apache-2.0 + use policy", "mit-style", "MIT-like", "mit-code-corpus-derived-artifact", "not MIT"),
        *("cc-by-4.0-asserted-by-someone", "llama3.5", "gemma-2", "a", "m", "", "**", "data", "commercial", "see base model", "x" * 5000),
        *("https://example.org/LICENSE", "LICENSE", "apache-2.0 except for military use", "Llama-2-7b"),
    ],
)
def test_a_name_with_a_word_too_many_means_nothing(name: str) -> None:
    assert names.resolve(name).ids == ()


OPEN = sorted({n for r in records.every() if records.openness(r)[0] == "open" for n in (r.id, r.name, *r.aliases, *r.hub_tags)})
LESS = ("modified", "custom", "non-commercial", "research only", "with use policy", "no derivatives", "except military use", "style", "NC")


@pytest.mark.parametrize("word", LESS)
def test_a_restricting_word_beside_an_open_name_never_leaves_it_open(word: str) -> None:
    for name in OPEN:
        for written in (f"{word} {name}", f"{name} {word}", f"{name}-{word.replace(' ', '-')}"):
            found = names.resolve(written)
            assert not found.ids or any(records.standing(i)[0] != "open" for i in found.ids), written


@given(st.text(max_size=60))
def test_any_text_resolves_without_an_error(name: str) -> None:
    found = names.resolve(name)
    assert all(records.record(i) for i in found.ids)
    assert all(0 <= m.start < m.end <= len(name) for m in names.find(name))


def test_every_id_name_alias_and_tag_on_record_resolves_to_its_record() -> None:
    for record in records.every():
        for name in (record.id, record.name, *record.aliases, *record.hub_tags):
            assert names.resolve(name).ids == (record.id,), name


@pytest.mark.parametrize(
    ("expression", "ids", "operator"),
    [
        ("MIT OR Apache-2.0", ("MIT", "Apache-2.0"), "OR"),
        ("Apache-2.0 AND CC-BY-NC-4.0", ("Apache-2.0", "CC-BY-NC-4.0"), "AND"),
        ("(MIT OR Apache-2.0) AND LicenseRef-gemma", ("Apache-2.0", "LicenseRef-gemma", "MIT"), "AND"),
        ("Apache-2.0 WITH LLVM-exception", ("Apache-2.0",), None),
        ("mit-and-apache-2.0", ("MIT", "Apache-2.0"), "AND"),
        ("apache-2.0-and-gemma-terms", ("Apache-2.0", "LicenseRef-gemma"), "AND"),
        ("MIT, Apache-2.0", ("MIT", "Apache-2.0"), "AND"),
        ("MIT OR nobody-knows-1.0", (), None),
        ("Apache-2.0 WITH use-policy", (), None),
        ("MIT OR (", (), None),
    ],
)
def test_an_expression_names_each_of_its_licenses(expression: str, ids: tuple[str, ...], operator: str | None) -> None:
    found = names.resolve(expression)
    assert sorted(found.ids) == sorted(ids)
    assert found.operator == operator
    assert found.id == (ids[0] if len(ids) == 1 else None)


@pytest.mark.parametrize(
    ("name", "sureness"),
    [
        ("apache-2.0", "exact"),
        ("MIT License", "alias"),
        ("apache2.0", "normalized"),
        ("cc", "family"),
        ("MIT OR ISC", "expression"),
        ("?", "none"),
    ],
)
def test_it_says_how_sure_it_is(name: str, sureness: str) -> None:
    assert names.resolve(name).sureness == sureness


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("apache-2.0", ("Apache-2.0",)),
        ("Apache License 2.0", ("Apache-2.0",)),
        ("llama3.1", ("LicenseRef-llama3.1",)),
        ("other", ("LicenseRef-other",)),
        ("deepseek", ("LicenseRef-deepseek",)),
        ("Flux Dev License!", ("LicenseRef-flux-dev-license",)),
        ("mit-and-apache-2.0", ("MIT", "Apache-2.0")),
        ("  ", ()),
    ],
)
def test_a_declared_value_gets_its_id_or_stands_for_itself(value: str, ids: tuple[str, ...]) -> None:
    assert names.declared(value) == ids


def test_a_declared_name_still_leads_to_its_record() -> None:
    (license_id,) = names.declared("flux-dev-license")
    found = records.record(license_id)
    assert found is not None
    assert found.id == FLUX
    assert records.standing(license_id)[0] == "not-open"


FOUND = [
    ("Released under the Apache 2.0 license.", [("Apache 2.0 license", "Apache-2.0")]),
    ("Weights: CC BY-NC 4.0", [("CC BY-NC 4.0", "CC-BY-NC-4.0")]),
    ("The code is MIT licensed.", [("MIT", "MIT")]),
    ("See the Gemma Terms of Use", [("Gemma Terms of Use", "LicenseRef-gemma")]),
    ("LLaMA 2 Community License Agreement", [("LLaMA 2 Community License Agreement", "LicenseRef-llama2")]),
    ("本项目采用 Apache-2.0 协议", [("Apache-2.0 协议", "Apache-2.0")]),
    ("代码采用MIT许可证开源", [("MIT许可证", "MIT")]),
    ("Llama 3.1 is licensed under the Llama 3.1 Community License", [("Llama 3.1 Community License", "LicenseRef-llama3.1")]),
    ("license: gemma", [("gemma", "LicenseRef-gemma")]),
    ("dual MIT/Apache-2.0 license", [("MIT", "MIT"), ("Apache-2.0 license", "Apache-2.0")]),
    ("Apache License\nVersion 2.0", [("Apache License\nVersion 2.0", "Apache-2.0")]),
    ("[terms](https://www.apache.org/licenses/LICENSE-2.0)", [("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0")]),
    ("subject to the Acme Robotics License", [("Acme Robotics License", "LicenseRef-acme-robotics-license")]),
    ("a Modified MIT License", [("Modified MIT License", "LicenseRef-modified-mit")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_license_named_in_prose_is_found_with_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[m.start : m.end], m.id) for m in names.find(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Trained at MIT on Intel chips with PostgreSQL; a fair comparison with Gemma, Llama 3 and Qwen.",
        "This License does not apply. The Model License governs. Other terms unknown.",
        "It is a variant of the Apache 2.0 license.",
        "Under Apache 2.0 with additional restrictions.",
        "an MIT-style text",
        "Apache Spark 2.0 and version 3.0 of the model",
        "",
    ],
)
def test_what_names_no_license_is_left_alone(text: str) -> None:
    assert names.find(text) == ()


@pytest.mark.parametrize(
    "unit", ["cc ", "the Apache 2.0 cc by nc license gpl ", "A ", "creative commons attribution ", "licensed under the ", "MIT/"]
)
def test_finding_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        names.find(text)
        return time.process_time() - start

    names.find(unit)
    assert seconds(80_000) < 4 * 4 * max(seconds(20_000), 0.01)


@pytest.mark.shared
@needs_shared
def test_the_hubs_own_names_of_its_tags_mean_the_same_or_a_stricter_license() -> None:
    order = ("not-open", "unclear", "open")
    for row in csv.DictReader((SHARED / "hub-license-tags.csv").open(encoding="utf-8")):
        meant = records.standing(records.tags()[row["tag"]])[0]
        for i in names.resolve(row["name"]).ids:
            assert order.index(records.standing(i)[0]) <= order.index(meant), row


@pytest.mark.shared
@needs_shared
def test_declared_values_of_labelled_cards_come_out_as_labelled() -> None:
    labels = [yaml.safe_load(p.read_text("utf-8")) for p in sorted((SHARED / "gold-cards").glob("*.yaml"))]
    values = [v for label in labels for v in label["declared"]]
    # The Hub's tag `pddl` is not the SPDX id, which has the version.
    wrong = [v for v in values if [i.lower().removeprefix("licenseref-") for i in names.declared(v)] != [v.lower()] and v != "pddl"]
    assert wrong == []


def test_a_name_in_full_and_in_short_is_two_mentions() -> None:
    found = names.find("under the Creative Commons Attribution-ShareAlike License (CC BY-SA 4.0)")
    assert [m.id for m in found] == ["LicenseRef-cc-by-sa", "CC-BY-SA-4.0"]
