"""Makes fetched text fit to be shown: no control characters, no invisible ones, no text that runs backwards."""

from __future__ import annotations

import re

# Controls (C0, DEL, C1), soft hyphens, zero-width and bidi marks, variation and tag characters, lone surrogates, noncharacters: all that
# moves a cursor, reorders a line or hides letters. Line and paragraph separators count as white space.
UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_SPACE = re.compile(r"[\s\u2028\u2029]+")


def line(text: str) -> str:
    r"""The text in one line of visible characters, white space folded.

    >>> line("  do \x1b[31mnot\n  use\u202e it ")
    'do [31mnot use it'
    """
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def shortened(text: str, limit: int) -> str:
    """The text in one line, and no longer than `limit` characters; a cut is marked.

    >>> shortened("one two three", 8)
    'one two…'
    """
    whole = line(text)
    if len(whole) <= limit:
        return whole
    cut = whole[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut) + "…"
