"""Finds the licenses that running text names. A name that is also a word or a model ("MIT", "Gemma") counts only where it is a license."""

from __future__ import annotations

import functools
import re
import unicodedata

from licensecheck import names, rules

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*|\++")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_ZEROS = re.compile(r"(?:\.0+)+$")
_WIDEST = 14  # words of the longest names on record
_NEAR = 24  # characters between a bare name and the word "license"


@functools.cache
def _forms() -> dict[str, re.Pattern[str]]:
    raw = rules.load("mentions.yaml")
    return {key: re.compile(form, 0 if key == "exact_case" else re.IGNORECASE) for key, form in raw.items()}


def find(text: str) -> tuple[tuple[int, int, str], ...]:
    """The licenses named in a sentence as (start, end, id), in order, none inside another.

    Reads at most some thousand characters at a time: time is linear in the text, with a factor for the longest name.

    >>> [found[2] for found in find("The code is MIT licensed, the weights are under CC BY-NC 4.0.")]
    ['MIT', 'CC-BY-NC-4.0']
    """
    tokens = _tokens(text)
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(tokens):
        hit = _longest(text, tokens, i)
        if hit is None:
            i += 1
            continue
        j, license_id = hit
        found.append((tokens[i][0], tokens[j][1], license_id))
        i = j + 1
    return tuple(found)


def _tokens(text: str) -> list[tuple[int, int, str]]:
    """Words with their places, as `names.key` squashes them; words like "license" are kept, with an empty squashed form."""
    out = []
    for match in _TOKEN.finditer(_CJK.sub(lambda run: " " * len(run.group()), text)):
        word = unicodedata.normalize("NFKC", match.group()).casefold()
        squashed = names.key(word) if not word[0].isdigit() else _ZEROS.sub("", word)
        out.append((match.start(), match.end(), squashed))
    return out


def _longest(text: str, tokens: list[tuple[int, int, str]], i: int) -> tuple[int, str] | None:
    """The longest name that begins with token i: its last token and its id."""
    if not tokens[i][2]:
        return None
    squashed, best = "", None
    for j in range(i, min(i + _WIDEST, len(tokens))):
        if j > i and re.search(r"[^\s\-–_/.,()\[\]'’\"“”`*:&]", text[tokens[j - 1][1] : tokens[j][0]]):
            break
        if not tokens[j][2]:
            continue
        squashed += tokens[j][2]
        license_id = names.known(squashed)
        if license_id and _counts(text, tokens[i][0], tokens[j][1]):
            best = (j, license_id)
    return best


def _counts(text: str, start: int, end: int) -> bool:
    """Is this name meant as a license here?"""
    forms, name = _forms(), text[start:end]
    if forms["changed"].search(text[max(0, start - _NEAR) : start]) or forms["like"].match(text[end : end + _NEAR]):
        return False
    if forms["never"].fullmatch(name) or re.search(r"[.;][\s\n]", name):
        return False
    if forms["exact_case"].fullmatch(name) or (forms["sure"].match(name) and not forms["bare"].fullmatch(name)):
        return True
    around = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(forms["after"].match(around[1]) or forms["before"].search(around[0]) or forms["inside"].search(name))
