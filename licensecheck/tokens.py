"""Cuts text into the tokens that patterns are matched on: folded, stemmed words, one CJK character each, no punctuation.

Stems make a pattern read "distribute", "distributing" and "distribution" alike; CJK characters are folded to simplified forms.
HTML tags and entities are no tokens.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import Stemmer

from licensecheck import rules
from licensecheck.patterns import uncontracted

CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(
    rf"<[a-zA-Z/!][^<>]{{0,300}}>|&(?:[a-zA-Z]{{2,8}}|\#\d{{1,6}});|(?P<cjk>[{CJK}])"
    r"|(?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{1,60}(?:['’][^\W\d_]{1,2}(?![^\W\d_]))?)"
    r"|(?P<number>\d{1,20}(?:[.,]\d{1,20}){0,10})|(?P<sign>[$€£¥%🚫❌⛔✅✔☑✗✘✖✕×])"
)
_ALGORITHM = {"en": "english", "de": "german", "es": "spanish", "it": "italian"}


class Token(NamedTuple):
    """One token: what patterns match (`stem`), how it stands in the text (`form`, lower case), characters [start, end)."""

    stem: str
    form: str
    start: int
    end: int


@functools.cache
def _fold() -> Mapping[int, int]:
    pairs = cast(str, rules.load("traditional.yaml")["pairs"]).split()
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}


def folded(word: str) -> str:
    """The word with traditional and Japanese characters in the simplified forms that tokens have.

    >>> folded("商業")
    '商业'
    """
    return word.translate(_fold())


@functools.cache
def stemmer(language: str) -> Callable[[str], str]:
    """The stemmer of a language; languages without one keep the word.

    >>> stemmer("en")("evasions"), stemmer("en")("evaded")
    ('evad', 'evad')
    """
    name = _ALGORITHM.get(language)
    if name is None:
        return lambda word: word
    stem = Stemmer.Stemmer(name).stemWord
    if language != "en":
        return functools.lru_cache(maxsize=50_000)(lambda word: cast(str, stem(word)))
    same = {stem(_american(noun)): stem(verb) for verb, nouns in rules.load("stems.yaml")["en"].items() for noun in nouns}

    @functools.lru_cache(maxsize=50_000)
    def english(word: str) -> str:
        found = stem(_american(word))
        return cast(str, same.get(found, found))

    return english


@functools.cache
def pattern_stemmer(language: str) -> Callable[[str], str]:
    """The stemmer for the words of a pattern: Latin words in the patterns of a language without one are read as English."""
    stem = stemmer(language if language in _ALGORITHM else "en")
    return lambda word: stem(folded(word)) if word[0].isalpha() else word


def _american(word: str) -> str:
    """One spelling for both: patterns and texts are folded alike, so words that only look British do no harm.

    >>> _american("licence"), _american("organisations"), _american("behaviours")
    ('license', 'organizations', 'behaviors')
    """
    if len(word) < 6:
        return word
    word = re.sub(r"(licen|defen|offen)c(?=e|ing)", r"\1s", word)
    return re.sub(r"our(?=s?$|ed$|ing$|able$)", "or", re.sub(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz", word))


def tokenize(text: str, language: str = "en") -> list[Token]:
    """The tokens of a stretch of text, in order.

    >>> [t.stem for t in tokenize("Licensees' non-commercial uses 许可")]
    ['license', 'non', 'commerci', 'use', '许', '可']
    """
    stem, fold = stemmer(language), _fold()
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        word = match.group()
        start = match.start()
        if kind == "word":
            form = word.lower().replace("’", "'")
            if form.endswith("'s"):
                form = form[:-2]
            elif verb := uncontracted(form):
                middle = match.end() - 3
                tokens.append(Token(stem(verb), verb, start, middle))
                form, start = "not", middle
            tokens.append(Token(stem(form), form, start, match.end()))
        elif kind == "cjk":
            form = word.translate(fold)
            tokens.append(Token(form, form, start, match.end()))
        else:
            tokens.append(Token(word, word, start, match.end()))
    return tokens
