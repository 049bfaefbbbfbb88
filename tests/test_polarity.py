"""What a sentence does at a word: cues that govern what follows, what stands before, and phrases in which a cue means nothing."""

from __future__ import annotations

import pytest

from licensecheck.matching import Matcher, stitch
from licensecheck.patterns import parse
from licensecheck.polarity import State
from licensecheck.segment import segment
from licensecheck.tokens import tokenize
from licensecheck.units import units


def state_at(sentence: str, word: str) -> State:
    found = units(sentence, segment(sentence))
    unit = next(u for u in found.values() if any(t.form == word for t in u.tokens))
    at = next(i for i, t in enumerate(unit.tokens) if t.form == word)
    return unit.polarity.at(at, at + 1)


@pytest.mark.parametrize(
    ("sentence", "word", "state"),
    [
        ("You may not run it in ships.", "ships", "ban"),
        ("Running it in ships is strictly prohibited.", "ships", "ban"),
        ("Portraits must not be created with it.", "portraits", "ban"),
        ("You may not use it for harm, including but not limited to arson.", "arson", "ban"),
        ("It must not be used to guess whether a person will commit arson.", "arson", "ban"),
        ("You may not use it against the law or the requirements of states, or for arson.", "arson", "ban"),
        ("No illegal use.", "illegal", "ban"),
        ("Copying a face without consent is prohibited.", "face", "ban"),
        ("You may not use it to copy a face without consent, or for arson.", "arson", "ban"),
        ("You may sell it without asking for our permission in ships.", "ships", "permit"),
        ("You may not let the crew decide.", "crew", "ban"),
        ("You may run it in ships.", "ships", "permit"),
        ("禁止应用于船舶。", "船", "ban"),
        ("Don't dazzle sailors with it.", "sailors", "ban"),
        ("Never steer ships.", "ships", "ban"),
        ("At no point may it steer ships.", "ships", "ban"),
        ("No attempt shall be made to steer ships.", "ships", "ban"),
        ("Steering ships is precluded.", "ships", "ban"),
        ("It is out of the question to steer ships.", "ships", "ban"),
        ("The gift is withheld from sailors.", "sailors", "ban"),
        ("Resale is reserved to the owner.", "resale", "ban"),
        ("Keep it out of ships.", "ships", "ban"),
        ("× Steering ships.", "ships", "ban"),
        ("You are not obliged to name sailors.", "sailors", "free"),
        ("You need not name sailors.", "sailors", "free"),
        ("You need not name sailors, but you must name ships.", "ships", "duty"),
        ("It makes no difference whether you steer ships.", "ships", "free"),
        ("无需注明船舶。", "船", "free"),
        ("If you do not agree, leave the ships.", "ships", "none"),
        ("Hosting is welcome; weapons are prohibited.", "hosting", "permit"),
        ("用户数量不受限制；可以提供托管服务；出售被禁止。", "托", "permit"),
    ],
)
def test_a_cue_governs_its_side_of_the_sentence(sentence: str, word: str, state: State) -> None:
    assert state_at(sentence, word) == state


@pytest.mark.parametrize(
    ("sentence", "is_found"), [("one minor", True), ("two minors", True), ("a minority", False), ("under 18.", True), ("under 18.5", False)]
)
def test_exact_forms_of_one_stem_and_numbers_at_an_end_are_found(sentence: str, is_found: bool) -> None:
    matcher = Matcher()
    pattern = matcher.compile(parse("(=minor|=minors|under 18)", {}), "en")
    matcher.close()
    assert bool(stitch(pattern, matcher.match([tokenize(sentence)])[0])) == is_found


@pytest.mark.parametrize(
    ("sentence", "word", "state"),
    [
        ("Sie dürfen das Modell nicht für Waffen verwenden.", "waffen", "ban"),
        ("Sie dürfen das Modell für Waffen nicht verwenden.", "waffen", "ban"),
        ("Die Verwendung für Waffen ist untersagt.", "waffen", "ban"),
        ("Es ist untersagt, das Modell für Waffen zu verwenden.", "waffen", "ban"),
        ("Die Verwendung für Schiffe ist gestattet.", "schiffe", "permit"),
        ("El uso en barcos no está permitido en esta licencia.", "barcos", "ban"),
        ("Queda prohibido el uso de la licencia en barcos.", "barcos", "ban"),
        ("Usted puede usar el modelo en barcos y en la casa.", "barcos", "permit"),
        ("Non puoi usare il modello per le navi.", "navi", "ban"),
        ("L'uso per le navi non è consentito dalla licenza.", "navi", "ban"),
        ("本モデルを船に使用してはならない。", "船", "ban"),
        ("船への利用は許可します。", "船", "permit"),
        ("商業目的の利用は禁止します。", "业", "ban"),
    ],
)
def test_cues_stand_at_the_end_or_around_the_verb_in_other_languages(sentence: str, word: str, state: State) -> None:
    assert state_at(sentence, word) == state
