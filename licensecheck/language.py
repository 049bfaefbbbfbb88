"""Which language a stretch of text is in: by script, then by the frequent function words of languages in Latin script."""

from __future__ import annotations

import functools
import re
from collections import Counter

_WORDS = {
    "en": "the of and to in a is that for it you or not be with this as by are any your may will on such shall from have has use "
    "an if which all no",
    "de": "der die das und ist nicht zu den von mit für auf sie des ein eine einer oder im dem als auch sich werden wird bei nach "
    "durch an aus dürfen darf sind nur wir uns diese dieser dieses diesem diesen dass wenn zur zum um kein keine keinen unter "
    "über keinerlei kann können müssen muss ihnen ihre ihr dies alle ohne sein haben hat jede jeder bitte am vom verboten "
    "untersagt gestattet erlaubt",
    "es": "el la los las de que y en un una para por con no se del su al es lo como más o este esta cualquier usted sus sin ser "
    "puede si son está están queda quedan solo sólo únicamente debe deben deberá deberán podrá podrán pueden nos ningún ninguna sobre "
    "cuando todos toda todas hasta según al estos estas ese dicha dicho ni se prohíbe prohibido prohibida permite permitido "
    "esa esos otra otras otros sea sean estar quien donde sino también salvo años licencia",
    "it": "il lo la gli le di che e un una per con non si del della dei delle al alla è sono o come da nel nella questo questa "
    "qualsiasi può essere i gli ed ai agli nei negli dai dalla dal sul sulla sui solo solamente deve devono possono puoi ogni nessun "
    "nessuna senza ha hai sia ma se tutti tutte questi queste tale tali devi tuo tua vietato vietata consentito "
    "consentita licenza",
    "fr": "le la les de des et est un une pour par avec ne pas que qui dans sur du au aux ou ce cette vous il se votre en sont "
    "toute tout sans à",
    "pt": "o a os as de que e em um uma para por com não se do da dos das ao é ou como mais este esta qualquer você seu sua ser "
    "pode no na são",
    "nl": "de het een en van is niet te voor met op zijn dat die in door of aan wordt worden deze dit u uw als om bij naar geen "
    "kan mag uit",
    "pl": "i w na z do nie się że jest to o jak dla przez lub oraz od po za być są tym może które który jego ich przy tej tego",
    "tr": "ve bir bu için ile de da olarak veya olan değil bu ne daha gibi kadar her ancak tarafından olabilir göre hiçbir",
    "vi": "và của là các có được cho không trong một với này để người bạn hoặc những bất kỳ theo khi từ phải bằng về",
    "id": "dan yang di untuk dengan ini dari tidak atau pada adalah dalam anda oleh dapat ke sebagai akan setiap tersebut",
}
_ORDER = tuple(_WORDS)  # the first of them wins a tie
_TABLE: dict[str, tuple[str, ...]] = {}
for _language, _listed in _WORDS.items():
    for _word in set(_listed.split()):
        _TABLE[_word] = (*_TABLE.get(_word, ()), _language)

_ENDINGS = {
    "es": "ción ciones idad idades iendo",
    "it": "zione zioni zzare ità gli glie",
    "de": "ungen keit keiten lich liche lichen licher liches lichem ische ischen ischer isches ischem",
    "pt": "ção ções idade",
}
"""Endings that hardly a word of another language has: what speaks in short items that hold few function words."""
_ENDED = tuple((ending, name) for name, listed in _ENDINGS.items() for ending in listed.split())
_ENDS = tuple(ending for ending, _ in _ENDED)

_SCRIPTS = re.compile(
    r"(?P<kana>[\u3040-\u30ff\uff66-\uff9f]+)|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)|(?P<ko>[\uac00-\ud7af\u1100-\u11ff]+)"
    r"|(?P<ru>[\u0400-\u04ff]+)|(?P<ar>[\u0600-\u06ff]+)|(?P<he>[\u0590-\u05ff]+)"
    r"|(?P<el>[\u0370-\u03ff]+)|(?P<th>[\u0e00-\u0e7f]+)|(?P<hi>[\u0900-\u097f]+)"
    r"|(?P<latin>[a-zA-ZÀ-ɏḀ-ỿ]+)"
)
_NOT_PROSE = re.compile(r"https?://\S{1,500}|<[^<>]{1,300}>|\S{1,100}@\S{1,100}|`[^`\n]{1,200}`")
_LONGEST = 4000  # characters looked at per stretch; function words show early
_DENSE = 2.5  # a character of a script without spaces counts for so many Latin letters


def language(text: str) -> str:
    """The ISO 639-1 code of a stretch ("en", "zh", "ja", ...), "" when it is too short or in a language outside the table.

    >>> language("You may not use this model for any military purpose.")
    'en'
    >>> language("本模型仅供学术研究使用，不得用于商业目的。")
    'zh'
    """
    return _told(text[:_LONGEST])


@functools.lru_cache(maxsize=2_000)
def _told(text: str) -> str:
    if text.isascii():  # most lines of most licenses
        return _by_words(re.findall("[a-z]+", _NOT_PROSE.sub(" ", text).lower()))
    letters: Counter[str] = Counter()
    words: list[str] = []
    for found in _SCRIPTS.finditer(_NOT_PROSE.sub(" ", text)):
        script = found.lastgroup or ""
        letters[script] += found.end() - found.start()
        if script == "latin":
            words.append(found[0].lower())
    if not letters:
        return ""
    cjk = letters["han"] + letters["kana"]
    rank = {
        script: count * _DENSE if script in ("ko", "th") else float(count)
        for script, count in letters.items()
        if script not in ("han", "kana")
    }
    rank["cjk"] = cjk * _DENSE
    script = max(rank, key=lambda name: (rank[name], name))
    if script == "cjk":
        if cjk < 4:
            return ""
        return "ja" if letters["kana"] > 0.1 * cjk else "zh"
    if script != "latin":
        return script if letters[script] >= 4 else ""
    return _by_words(words)


def _by_words(words: list[str]) -> str:
    votes: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for word, count in Counter(words).items():
        listed = _TABLE.get(word, ())
        if not listed and word.endswith(_ENDS):
            listed = tuple(name for ending, name in _ENDED if word.endswith(ending) and len(word) >= len(ending) + 3)[:1]
        for name in listed:
            votes[name] += count
            alone[name] += count * (len(listed) == 1)
    if not votes:
        return ""
    best = max(votes, key=lambda name: (votes[name] + alone[name], -_ORDER.index(name)))  # a word of one language alone decides ties
    return best if votes[best] >= 2 and votes[best] >= 0.12 * len(words) else ""


@functools.lru_cache(maxsize=4)
def languages(text: str) -> tuple[str, ...]:
    """The languages that make up at least a tenth of the text's paragraphs by weight, most first; () when none can be told.

    A name or a heading in a second language is no second language.
    """
    weight: Counter[str] = Counter()
    for paragraph in re.split(r"\n", text.replace("\\n", "\n")):
        stretch = paragraph.strip()
        if len(stretch) >= 12 or any(ord(c) >= 0x2E80 for c in stretch[:12]):
            name = language(stretch)
            if name:
                weight[name] += int(len(stretch) * (_DENSE if name in ("zh", "ja", "ko") else 1))
    if not weight:
        whole = language(text)
        return (whole,) if whole else ()
    total = sum(weight.values())
    return tuple(name for name, count in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0])) if count >= 0.1 * total)
