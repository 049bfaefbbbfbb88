"""The one way in which pages for people are set: rich, without any of its guessing."""

from __future__ import annotations

import io

from rich.console import Console


def terminal(out: io.StringIO, *, width: int, is_colored: bool) -> Console:
    """A console that writes to `out`, `width` columns wide; words are shown as they are, never as markup."""
    return Console(
        file=out,
        width=width,
        force_terminal=is_colored,
        no_color=not is_colored,
        color_system="standard" if is_colored else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
