"""Turns the bytes of one file into text, or says why they cannot be read. Nothing unreadable ever comes out as an empty text alone."""

from __future__ import annotations

import codecs
import re

from licensecheck.types import Problem

LIMIT = 1 << 20  # bytes; the longest license text known to us has 90 KB, so more is no license text

_LFS = b"version https://git-lfs.github.com/spec/"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A legacy encoding is believed only when words that licenses use come out of it, and more of them than out of any other.
_TELLTALES = {
    "gb18030": ["许可", "协议", "版权", "使用", "模型", "条款", "本软件", "不得", "商业", "授权", "研究"],
    "cp932": ["ライセンス", "利用", "許諾", "著作権", "使用", "条件", "モデル", "禁止", "商用", "ソフトウェア", "こと"],
    "big5": ["授權", "許可", "條款", "使用", "模型", "版權", "不得", "商業", "軟體", "協議"],
    "cp949": ["라이선스", "사용", "저작권", "조건", "모델", "금지", "허가", "상업"],
}
_SURE = 2  # telltale words: one alone can come about by chance
_HIGH = re.compile(rb"[\x80-\xff]")
_WESTERN = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]{2}(?=[a-z])|(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, path: str) -> tuple[str, Problem | None]:
    """The text of a file and what is wrong with it.

    An unreadable file gives "" and a problem that may hide all terms. A text whose encoding was inferred from its words
    is given whole, with a problem that hides nothing. Line ends and everything else stay as they are; a BOM goes.
    """
    if problem := _unreadable(data, path):
        return "", problem
    text, encoding = _decoded(data)
    if text is None:
        what = "is in no encoding that could be told for sure"
        return "", _problem("encoding", path, what, "Ask its authors for UTF-8, or read it by hand.")
    if "\x00" in text or len(_CONTROLS.findall(text)) > len(text) // 100:
        return "", _problem("binary", path, "is not a text: it holds binary data", "Open it by hand.")
    if not text.strip():
        return "", _problem("empty-file", path, "holds nothing but white space", "Treat it as no license at all until its authors fill it.")
    if encoding in _TELLTALES:
        return text, Problem(
            "text", path, f"{path} is not UTF-8; it was read as {encoding}.", "Compare the quotes with the file.", (), "encoding-inferred"
        )
    return text, None


def _unreadable(data: bytes, path: str) -> Problem | None:
    head = data[:1024].lstrip()
    if not data:
        return _problem("empty-file", path, "is empty", "Treat it as no license at all until its authors fill it.")
    if len(data) > LIMIT:
        return _problem("too-large", path, f"is larger than {LIMIT >> 20} MiB and was not read", "Read it by hand.")
    if head.startswith(b"%PDF-"):
        return _problem("pdf", path, "is a PDF, which is not read", "Open it by hand, or ask its authors for a plain text.")
    if head.startswith(_LFS) and len(data) < 1024:
        return _problem(
            "lfs-pointer", path, "is a git-lfs pointer, not the text itself", "Run `git lfs pull` in the folder, and check again."
        )
    return None


def _decoded(data: bytes) -> tuple[str | None, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding), encoding
    if b"\x00" in data:
        return _wide(data)
    if (text := _strict(data, "utf-8")) is not None:
        return text, "utf-8"
    if _is_western(data) and (text := _strict(data, "cp1252")) is not None:
        return text, "cp1252"
    return _legacy(data)


def _wide(data: bytes) -> tuple[str | None, str]:
    """UTF-16 without a BOM, told by the empty half of its units; any other NUL makes a file binary."""
    units = len(data) // 2
    if len(data) % 2 == 0:
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            empty, other = data[offset::2].count(0), data[1 - offset :: 2].count(0)
            if empty > units * 0.6 and not other:
                return _strict(data, encoding), encoding
    return "\x00", "binary"


def _is_western(data: bytes) -> bool:
    """Mostly ASCII with single high bytes, or two inside a word ("José Núñez", curly quotes, ©): Windows-1252.

    East Asian encodings write pairs of bytes of which the first is high, so most of their high bytes stand together.
    """
    return len(_HIGH.findall(data)) < len(data) * 0.02 and not _HIGH.search(_WESTERN.sub(b"", data))


def _legacy(data: bytes) -> tuple[str | None, str]:
    found = []
    for encoding, words in _TELLTALES.items():
        if (text := _strict(data, encoding)) is not None:
            found.append((sum(word in text for word in words), encoding, text))
    found.sort(reverse=True)
    if not found or found[0][0] < _SURE or (len(found) > 1 and found[1][0] == found[0][0]):
        return None, ""
    return found[0][2], found[0][1]


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _problem(kind: str, path: str, what: str, hint: str) -> Problem:
    return Problem("text", path, f"{path} {what}.", hint, ("all",), kind)
