"""Turns a text into the words that count, and those into digests, sentence hashes and shingles. Knows no license.

A step of `STEPS` blanks what does not count and leaves every other character where it was: whatever is found in the
result has the same place in the text as fetched. Dropping words is where a restriction can hide, so only closed forms
are dropped (tags, list markers, quotes), and names of holders only as long as they read like names: see `reads_like_a_name`.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SHINGLE = 5  # words
MAX_NAME = 24  # words a holder's name may have
SLOT = "\ue000"  # stands for the name of a holder inside a sentence
_JOIN = "\u2060"  # fills the place of what was dropped inside a word

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[$€£¥₹%{SLOT}]|[{_CJK}]|(?:[^\W_{_CJK}]|[\u0300-\u036f{_JOIN}])+")
_BREAK = re.compile(r"[.;:!?][\"'”’)\]*_]*\s|[。；：！？]|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that count, folded to one case, each with its place [start, end) in the text as fetched."""

    text: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words [first, last) that end at a full stop, a semicolon, a colon or a blank line, and their hash (32 bits)."""

    first: int
    last: int
    hash: int


# --- steps: each returns a text of the same length ---------------------------------------------------------------


_PLAIN = re.compile(r"[^\W_]+")


def _spaces(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _blank(match: re.Match[str]) -> str:
    return _spaces(match[0])


_PREFIX = re.compile(r"^[ \t]*(?:(?:/\*+|\*+/?|//+|#+|>+|;+|--+|%+|\|)[ \t>*]*)(?=[ \t\n]|\Z)", re.M)


def prefixes(text: str) -> str:
    """What a comment, a quotation, a bullet or a heading puts before a line goes."""
    return _PREFIX.sub(_blank, text)


_TEMPLATE = re.compile(
    r"<<(?:beginOptional|endOptional)[^<>]{0,200}>>|<<var;[^\"<>]{0,80}(?:\"[^\"]{0,80}\"[^\"<>]{0,80})?;?original=\"([^\"]{0,2000})\"[^\n]{0,200}?>>"
)


def templates(text: str) -> str:
    """SPDX template variables give way to their original wording, marks of optional text to nothing."""

    def original(match: re.Match[str]) -> str:
        if match[1] is None:
            return _blank(match)
        before = match.start(1) - match.start()
        return " " * before + match[1] + " " * (len(match[0]) - before - len(match[1]))

    return _TEMPLATE.sub(original, text) if "<<" in text else text


_TAGS = (
    "a|abbr|article|b|big|blockquote|body|br|center|code|dd|details|div|dl|dt|em|font|footer|h[1-6]|head|header|hr|html|i|img|kbd|li|link|main|"
    "meta|nav|ol|p|pre|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|title|tr|tt|u|ul"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,1000}})?/?>", re.I)


def tags(text: str) -> str:
    """HTML tags go; what stands between them, comments included, stays."""
    return _TAG.sub(_blank, text) if "<" in text else text


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def entities(text: str) -> str:
    """HTML entities become the character they stand for."""

    def character(match: re.Match[str]) -> str:
        value = html.unescape(match[0])
        return value + _JOIN * (len(match[0]) - len(value)) if len(value) < len(match[0]) else match[0]

    return _ENTITY.sub(character, text) if "&" in text else text


_INVISIBLE = {ord(c): _JOIN for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)}
_SPACES = {ord(c): " " for c in "\u00a0\u3000\f\v\r\x85\u2028\u2029"}
_CHARACTERS = _INVISIBLE | _WIDE | _SPACES | {ord(SLOT): " "}


def characters(text: str) -> str:
    """Wide forms, odd spaces, page breaks and invisible characters become plain ones."""
    return text.translate(_CHARACTERS)


_LINK = re.compile(r"\]\((?:https?://|mailto:|[./#])[^\s()]{0,500}\)|\bhttps?://(?:www\.)?|<?!--|-->", re.I)


def links(text: str) -> str:
    """The target of a Markdown link goes, and the scheme of any link: its words stay."""
    return _LINK.sub(_blank, text)


_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})"
_MARKER = re.compile(
    r"(?:(?<=[.;:,?!。；：，、—–)])|\A|\n[ \t]*+\n|(?<=\band)|(?<=\bor))(?P<gap>[\s>*#|\-•–]{0,80}+)"
    rf"(?P<mark>\(?{_NUMBER}\)|{_NUMBER}\.|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}|o)(?=[\s*_])",
    re.I,
)


def markers(text: str) -> str:
    """Numbers and letters of lists go, where a sentence, a clause or a paragraph ends before them.

    NOTE: the end of a line does not count: "more than\\n30. You" keeps its number however the lines are wrapped.
    """

    def without(match: re.Match[str]) -> str:
        gap, mark = match["gap"], match["mark"]
        lead = match[0][: len(match[0]) - len(gap) - len(mark)]
        before = text[max(0, match.start() - 1) : match.start()]
        if not gap and before and not lead:
            return match[0]
        if mark == "o" and "\n" not in gap + lead:
            return match[0]
        if before.isalpha() and not lead and mark[-1] != ")":
            return match[0]
        return lead + gap + " " * len(mark)

    return _MARKER.sub(without, text)


# --- names of holders ---------------------------------------------------------------------------------------------


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text that lists them, separated by white space."""
    return frozenset(text.split())


# Words no name of a holder, a project or a license is taken to have: they may speak of terms.
_TERMS = vocabulary(
    """
    use uses used using user users usage only solely not no non none nobody nor never may must shall should will can cannot
    purpose purposes permitted permits permit prohibited prohibits prohibition forbidden forbids except unless without license
    licensed licence licenced licensee licensor agreement terms term conditions condition reserved commercial commercially
    noncommercial restricted restriction restrictions restrict subject military weapons evaluation confidential proprietary grant
    granted grants permission redistribution redistributions distribute distributed distribution redistribute modify modified
    copy copies copying sell sold resale sale prior written consent approval required requires require agree agrees you your
    holder holders owner owners notice notices law infringement is are be was has have been do does released provided this these
    that which if when any fee fees pay payment royalty patent patents nicht nur kein keine ohne verboten ausschließlich
    ausschliesslich pas sans interdit interdite uniquement seulement sauf solo sólo solamente prohibido prohibida sin não nao
    apenas somente proibido vietato soltanto niet geen alleen только не нельзя запрещено exclude excludes excluded excluding
    exclusion ban bans banned deny denies denied disallow disallowed void against everyone anyone treaty act acts rights interest
    interests protection ownership trade trademark trademarks secret statement statements
    """
)
# Words a name may have when it is written like one ("Baidu Research"), and none in a plain sentence.
TOPICS = vocabulary(
    """
    research academic academia educational education personal private internal trial demo testing test study scientific nonprofit
    hobby beta
    """
)
_TERM_CHARACTERS = re.compile("[仅禁不非勿只未须限]|ません|のみ")
_SMALL = vocabulary(
    """
    and of the by de la le les du des der die das und et al van von den di da do dos e y for at in contributors authors others
    developers inc ltd llc gmbh co corp present
    """
)
_ABBREVIATIONS = vocabulary(
    """
    inc ltd co corp llc jr sr dr st mr mrs ms prof univ dept dipl ing al no e v
    """
)


def reads_like_a_name(words: list[str]) -> bool:
    """Whether the words, in their own case, may be somebody's or something's name: nothing in them speaks of terms.

    >>> reads_like_a_name("Max Planck Institute for Intelligent Systems".split())
    True
    >>> reads_like_a_name("Acme for research use".split())
    False
    """
    if len(words) > MAX_NAME:
        return False
    plain = 0
    for word in words:
        low = word.casefold()
        if low in _TERMS or (low in TOPICS and word == low) or _TERM_CHARACTERS.search(word.replace("有限", "")):
            return False
        plain += word[:1].islower() and low not in _SMALL
    return plain <= 3


_PLACEHOLDER = re.compile(
    r"[ \t_*.,:-]{0,40}\n?[ \t_*]{0,40}[<\[{(]{1,3}\s*"
    r"(?:(?:names?|of|the|a|and|or|copyright|owners?|holders?|authors?|years?|yyyy|full|fullname|organi[sz]ation|company|institution|"
    r"e-?mail|dates?|first|publication|your|insert|original|licensor|current|project|url|address|here|individual|entity)(?:\(s\))?[\s,_/-]*){1,8}"
    r"[>\]})]{1,3}",
    re.I,
)
_IDEOGRAPH = re.compile(rf"[{_CJK}]")
_YEAR = re.compile(r"(?:19|20)\d\d|\d\d(?=\s*[,-])|yyyy|year|present|x{4}|2\d\d[x_]", re.I)
_CLAIM = re.compile(r"(?:\bportions\s+)?(?:(?:\bcopyright(?:ed)?\b|©|\(c\)|版权所有|版權所有|著作权|copr\.)[\s:,-]*){1,4}(?:\bby\b)?", re.I)
_TOKEN = re.compile(rf"[^\s@<>()]{{1,80}}@[^\s@<>()]{{1,80}}|\bhttps?://[^\s<>]{{1,200}}|[^\W_{_CJK}]+|[{_CJK}]{{1,30}}")
_STOP = re.compile(r"[.;:!?]\s|[。；]")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_ALL_RIGHTS = re.compile(r"all\s+rights?\s+reserved", re.I)


def copyrights(text: str) -> str:
    """Copyright statements go: the claim, the years, and the holder's name as far as it reads like one.

    >>> copyrights("Copyright 2024 Acme. Non-commercial use only.").strip(" .")
    'Non-commercial use only'
    """
    out: list[str] = []
    done = 0
    for claim in _CLAIM.finditer(text):
        if claim.start() < done:
            continue
        end = _end_of_claim(text, claim)
        if end >= 0:
            out += [text[done : claim.start()], _spaces(text[claim.start() : end])]
            done = end
    out.append(text[done:])
    return "".join(out)


# Words that begin the sentence after a copyright statement; any other small word may be the middle of one.
_STARTERS = vocabulary("all permission redistribution redistributions everyone anyone licensed released distributed this these you see")


def _end_of_claim(text: str, claim: re.Match[str]) -> int:
    """Where the statement that begins with `claim` ends; -1 when the words are no statement ("the copyright holder").

    NOTE: the end of a line says nothing here, only a blank line does: statements may be wrapped anywhere.
    """
    said = claim[0].casefold()
    has_sign = "©" in said or "(c)" in said
    has_word, has_year, is_closed = said.strip("© \n\t").replace("(c)", "") != "", False, False
    names: list[str] = []
    ends = [claim.end()]
    limit = min(len(text), claim.end() + 800)  # characters
    while ends[-1] < limit:
        at = ends[-1]
        placeholder = _PLACEHOLDER.match(text, at)
        token = placeholder or _TOKEN.search(text, at, limit)
        between = text[at : token.start() if token else limit]
        is_short = bool(names) and (names[-1].casefold() in _ABBREVIATIONS or len(names[-1]) == 1)
        if token is None or _PARAGRAPH.search(between) or (len(ends) > 1 and not is_short and _STOP.search(between)):
            is_closed = True
            break
        word = token[0]
        if len(ends) > 1 and "\n" in between and _IDEOGRAPH.match(word):  # no capitals tell the name from the sentence on the next line
            break
        low = word.casefold()
        if (
            low in ("copyright", "copr")
            or (low == "c" and between.endswith("("))
            or "©" in between
            or _ALL_RIGHTS.match(text, token.start())
        ):
            is_closed = True
            break
        if placeholder or _YEAR.fullmatch(word):
            has_year = True
        elif "@" not in word and "://" not in word:
            if not reads_like_a_name([*names, word]):
                if low not in _STARTERS:
                    # Terms, or the middle of a sentence: its first words are not part of a name.
                    while names and (names[-1][0].islower() or names[-1].casefold() in _SMALL):
                        names.pop(), ends.pop()
                    if names:
                        names.pop(), ends.pop()
                break
            names.append(word)
        ends.append(token.end())
    if (has_word and (has_year or has_sign)) or (has_sign and has_year):
        return ends[-1]
    # No year and no sign: only a paragraph of its own, in capitals as names have them.
    before = text[max(0, claim.start() - 80) : claim.start()]
    is_apart = not before.strip(" \n") or re.search(r"\n[ \t]*\n[ \t]*$", before)
    if has_word and is_closed and is_apart and 0 < len(names) <= 8 and all(n[0].isupper() or n in _SMALL for n in names):
        return ends[-1]
    return -1


_RESERVED = re.compile(r"\ball\s+rights?\s+reserved\b\.?|版权所有|版權所有|保留所有权利|保留一切权利", re.I)


def reserved(text: str) -> str:
    """ "All rights reserved" goes; it adds nothing to a license and takes nothing from it."""
    return _RESERVED.sub(_blank, text)


_FILL = r"(?P<fill>(?:[\W_]++[^\W_]++){1,14}?)"
# Where the name of a holder stands inside a sentence: the words before it and after it, in lower case. Each begins with
# plain letters, which `re` finds ten times as fast as a pattern that ignores case.
_SLOTS = tuple(
    re.compile(rf"(?P<before>{before}){_FILL}(?=[\W_]++{after}\b)".replace(" ", r"[\W_]++"))
    for before, after in (
        ("neither the names? of", "nor the names? of"),
        ("neither the names? of", "(?:nor may|may be used|or the names? of)"),
        ("names? of", "(?:may|must|shall|should) not be used"),
        ("names? of", "not be used in"),
        ("software is provided by", "as is"),
        ("in no event shall", "be (?:held )?liable"),
        ("in no event will", "be (?:held )?liable"),
        ("as is and", "disclaims? all"),
        ("software developed by", "(?:and its contributors|neither the|redistributions)"),
        ("warranty", "makes? no representations?"),
        ("prior written permission of", "(?:this software|the software|software is)"),
        ("prior written permission from", "(?:this software|the software|software is)"),
    )
)
_OF_HOLDERS = frozenset(("copyright", "holder", "holders", "owner", "owners", "licensor", "its"))


def slots(text: str) -> str:
    """The name of a holder inside a sentence ("neither the name of … nor") becomes one mark, as far as it reads like a name."""
    for slot in _SLOTS:
        low = text.lower()
        if len(low) != len(text):  # "İ" is the one letter whose lower case is longer
            low = text.replace("\u0130", "I").lower()
        pieces, done = [], 0
        for match in slot.finditer(low):
            start, end = match.span("fill")
            words = [w for w in _PLAIN.findall(low, start, end) if w not in _OF_HOLDERS]
            if low[match.start() - 1 : match.start()].isalnum() or not reads_like_a_name([w.title() for w in words]):
                continue
            start += len(text[start:end]) - len(text[start:end].lstrip())
            pieces += [text[done:start], SLOT, _spaces(text[start + 1 : end])]
            done = end
        text = "".join(pieces) + text[done:]
    return text


STEPS: tuple[Callable[[str], str], ...] = (templates, tags, entities, characters, prefixes, copyrights, reserved, links, markers)


def normalise(text: str, *, with_names: bool = False) -> Words:
    """The words that count. Holders' names inside sentences are one mark each, or kept when `with_names` is set.

    >>> normalise("* You may **not** sell it.\\r\\n").text
    ('you', 'may', 'not', 'sell', 'it')
    """
    return words_of(blanked(text, with_names=with_names))


def blanked(text: str, *, with_names: bool = False) -> str:
    """The text with all that does not count blanked; every other character where it was."""
    for step in STEPS if with_names else (*STEPS, slots):
        text = step(text)
    return text


_ASCII_WORD = re.compile(rf"[$%{SLOT}]|[a-z0-9]+")


def text_of(text: str) -> tuple[str, ...]:
    """The words of a text that is blanked already, as in `words_of(text).text`, without their places: several times as fast."""
    if text.replace(SLOT, "").isascii():
        return tuple(_ASCII_WORD.findall(text.lower()))
    return words_of(text).text


def words_of(text: str) -> Words:
    """The words of a text that is blanked already."""
    words, starts, ends = [], [], []
    for match in _WORD.finditer(text):
        word = match[0]
        if not word.isascii():
            word = unicodedata.normalize("NFKC", word.replace(_JOIN, ""))
            if not word:
                continue
        words.append(word.casefold())
        starts.append(match.start())
        ends.append(match.end())
    return Words(tuple(words), tuple(starts), tuple(ends))


# --- hashes -------------------------------------------------------------------------------------------------------


def digest(words: tuple[str, ...]) -> bytes:
    """16 bytes that stand for exactly these words in this order."""
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def short_hash(words: tuple[str, ...]) -> int:
    """32 bits for a few words: enough to find them again, not to prove them equal."""
    return zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))


def shingles(words: tuple[str, ...]) -> list[int]:
    """The hash of every five words in a row, by the place of the first."""
    return [short_hash(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]


def sentences(text: str, words: Words) -> Iterator[Sentence]:
    """The sentences of a blanked text, in order; they cover all words."""
    first = at = 0
    for stop in _BREAK.finditer(text):
        while at < len(words) and words.starts[at] < stop.start():
            at += 1
        if at > first:
            yield Sentence(first, at, short_hash(words.text[first:at]))
            first = at
    if first < len(words):
        yield Sentence(first, len(words), short_hash(words.text[first:]))
