"""The pattern language of the rules: from a string to elements that the matcher finds and the rule stitches together.

    may not use            words in a row; every form of a word (stems); no case, no punctuation
    =arms                  exactly this form
    (sell|lease|rent out)  one of several; not at the top level
    [the|any]              the same, or nothing
    @model                 a word class of the lexicon
    {number}               a number, {money}, {place}, {period}, {term}: what `captures` finds
    sell ... model         a gap of at most 8 tokens; `...3` at most 3, `...12` is the longest there may be
    ^retain                only at the start of a sentence or item

In Chinese and Japanese every character is a token, and a plain gap holds at most 16 of them.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from licensecheck.errors import RulesError

MOST_PHRASES = 60
"""Alternatives multiply; what stands for more phrases than this is matched part by part."""
LONGEST_GAP = 12
LONGEST_CJK_GAP = 24
CAPTURES = ("number", "money", "place", "period", "term")
_PART = re.compile(r"\.\.\.(\d*)|@([a-z][a-z0-9-]*)|\{([a-z]+)\}|\(([^()]*)\)|\[([^\[\]]*)\]|([^\s()\[\]{}|@]+)|(\S)")

Word = tuple[str, bool]
"""A word of a phrase as written, and whether only this form counts."""
Phrase = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A set of phrases of which one must stand there, or a capture (then `capture` names it and `phrases` is empty)."""

    phrases: frozenset[Phrase]
    capture: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """An element, how many tokens may stand before it (0: adjacent), and whether it may be absent."""

    element: Element
    gap: int = 0
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: steps in order. `source` is the string it was made from."""

    source: str
    steps: tuple[Step, ...]
    is_anchored: bool = False


_PIECE = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’][^\W\d_]{1,2}(?![^\W\d_]))?"
    r"|\d[\d.,]*|[$€£¥%🚫❌⛔✅✔☑✗✘✖✕×]"
)


def uncontracted(word: str) -> str:
    """The verb of a word in "n't", which patterns and texts both read as the verb and "not"; "" for any other word.

    >>> uncontracted("don't"), uncontracted("can't"), uncontracted("do")
    ('do', 'can', '')
    """
    return {"can't": "can", "won't": "will", "shan't": "shall"}.get(word, word[:-3]) if word.endswith("n't") else ""


@functools.lru_cache(maxsize=1_000)
def _phrase(text: str) -> Phrase:
    words: list[Word] = []
    for raw in text.split():
        exact = raw.startswith("=")
        if raw.isascii() and raw.isalpha():
            words.append((raw.lower(), False))
            continue
        for piece in _PIECE.findall(raw.removeprefix("=")):
            word = piece.lower().replace("’", "'").removesuffix("'s")
            verb = uncontracted(word)
            words += ((verb, exact), ("not", exact)) if verb else ((word, exact),)
    return tuple(words)


def groups(source: str) -> Iterator[tuple[Phrase, ...]]:
    """The alternatives written out in each ( ) and [ ] of a pattern, in their order; word classes are left out.

    >>> list(groups("(sell|=lease|@use) it"))
    [((('sell', False),), (('lease', True),))]
    """
    for match in _PART.finditer(source):
        if body := match[4] or match[5]:
            yield tuple(_phrase(part) for part in body.split("|") if "@" not in part)


def _words(text: str, where: str) -> Phrase:
    words = _phrase(text)
    if not words:
        raise RulesError(f"{where}: {text!r} holds no word", "write at least one word, or remove the alternative")
    return words


_MARK = re.compile(r"[@^{\[]|\.\.\.")


def _plain(body: str) -> frozenset[Phrase]:
    return frozenset(map(_phrase, body.split("|")))


def _alternatives(body: str, lexicon: Mapping[str, frozenset[Phrase]], where: str) -> frozenset[Phrase]:
    if not _MARK.search(body) and () not in (phrases := _plain(body)):
        return phrases
    out: set[Phrase] = set()
    for alternative in body.split("|"):
        alternative = alternative.strip()
        if alternative.startswith("@"):
            out |= _class(alternative[1:], lexicon, where)
        elif "@" not in alternative and _MARK.search(alternative):
            raise RulesError(
                f"{where}: a gap, an anchor, a capture or brackets inside parentheses: {alternative!r}",
                "write each alternative as a pattern of its own",
            )
        elif "@" in alternative:
            raise RulesError(f"{where}: a word class inside a longer alternative: {alternative!r}", "write it as a pattern of its own")
        else:
            out.add(_words(alternative, where))
    return frozenset(out)


def _class(name: str, lexicon: Mapping[str, frozenset[Phrase]], where: str) -> frozenset[Phrase]:
    if name not in lexicon:
        raise RulesError(f"{where}: @{name} is not in the lexicon", "add the class to rules/lexicon.yaml, or mend the name")
    return lexicon[name]


def _stretches(run: list[frozenset[Phrase]]) -> list[list[frozenset[Phrase]]]:
    """Adjacent parts, put together while they stand for few phrases: one lookup then finds them all."""
    stretches: list[list[frozenset[Phrase]]] = []
    size = 0
    for part in run:
        if stretches and size * len(part) <= MOST_PHRASES:
            stretches[-1].append(part)
            size *= len(part)
        else:
            stretches.append([part])
            size = len(part)
    return stretches


def parse(source: str, lexicon: Mapping[str, frozenset[Phrase]], where: str = "pattern", is_cjk: bool = False) -> Pattern:
    """The compiled form of one pattern string.

    Raises `RulesError` for what the language does not allow; `where` is the file and line that the error names.

    >>> [sorted(s.element.phrases) for s in parse("(sell|lease) it", {}).steps]
    [[(('lease', False), ('it', False)), (('sell', False), ('it', False))]]
    """
    body = source.strip()
    is_anchored = body.startswith("^")
    body = body.removeprefix("^")
    steps: list[Step] = []
    run: list[frozenset[Phrase]] = []  # alternatives of a stretch without gaps; an empty phrase makes a part optional
    gap = 0

    def close() -> None:
        nonlocal gap
        for part in _stretches(run):
            phrases = part[0] if len(part) == 1 else {tuple(itertools.chain(*choice)) for choice in itertools.product(*part)}
            optional = () in phrases
            steps.append(Step(Element(frozenset(phrases - {()} if optional else phrases)), gap, optional))
            gap = 0
        if run:
            gap = 0
        run.clear()

    for match in _PART.finditer(body):
        dots, name, capture, group, option, word, wrong = match.groups()
        if wrong:
            raise RulesError(f"{where}: {wrong!r} at the top of {source!r}", "put alternatives in ( ), optional words in [ ]")
        if match.group().startswith("..."):
            close()
            gap = int(dots) if dots else (16 if is_cjk else 8)
            limit = LONGEST_CJK_GAP if is_cjk else LONGEST_GAP
            if gap > limit:
                raise RulesError(
                    f"{where}: a gap of {gap} tokens in {source!r}", f"{limit} is the longest; use `with` for what may stand anywhere"
                )
        elif name:
            close()
            steps.append(Step(Element(_class(name, lexicon, where)), gap))
            gap = 0
        elif capture:
            if capture not in CAPTURES:
                raise RulesError(f"{where}: {{{capture}}} is no capture", f"one of {', '.join(CAPTURES)}")
            close()
            steps.append(Step(Element(frozenset(), capture), gap))
            gap = 0
        elif group is not None:
            run.append(_alternatives(group, lexicon, where))
        elif option is not None:
            alternatives = _alternatives(option, lexicon, where)
            if option.strip().startswith("@"):
                close()
                steps.append(Step(Element(alternatives), gap, True))
                gap = 0
            else:
                run.append(alternatives | {()})
        else:
            run.append(frozenset({_words(word, where)}))
    close()
    if not steps:
        raise RulesError(f"{where}: an empty pattern", "remove it")
    if all(step.is_optional for step in steps):
        raise RulesError(f"{where}: every part of {source!r} is optional", "require at least one word")
    if gap:
        raise RulesError(f"{where}: {source!r} ends in a gap", "remove the dots at the end")
    return Pattern(source, tuple(steps), is_anchored)
