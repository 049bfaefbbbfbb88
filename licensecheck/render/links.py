"""Where a file of a report can be opened: on the Hub at the commit that was read, or in the local folder. No request is made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

from licensecheck.render import clean
from licensecheck.types import Report

# The gate prompt's path names the card's file and the key that holds the prompt; its lines count in the prompt, not in the file.
_GATE = ":extra_gated_prompt"


def is_gate(path: str) -> bool:
    """Whether a path names the gate prompt inside the card."""
    return path.endswith(_GATE)


def file_of(path: str) -> str:
    """The file that a document's path stands in.

    >>> file_of("README.md:extra_gated_prompt")
    'README.md'
    """
    return path.removesuffix(_GATE)


def web(link: str | None) -> str | None:
    """The link when a browser may safely follow it (http or https), else None.

    >>> web("javascript:alert(1)")
    """
    if not link:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(clean.line(link), safe="%/:=&?~#+!$,;'@()*[]-._")


def page(
    report: Report, path: str = "", start: int | None = None, end: int | None = None, *, inherited_from: str | None = None
) -> str | None:
    """The web page of a repo, or of a file in it at the commit read, at its lines. None for a local folder."""
    address = uri(report, path, inherited_from=inherited_from)
    if address is None or not address.startswith(("https://", "http://")):
        return None
    if not path or not start or is_gate(path):
        return address
    # The Hub renders Markdown; only its source has lines.
    source = "?code=true" if path.lower().endswith((".md", ".markdown")) else ""
    return f"{address}{source}#L{start}" + (f"-L{end}" if end and end > start else "")


def uri(report: Report, path: str = "", *, inherited_from: str | None = None) -> str | None:
    """The address of a repo or of one of its files: a web page for the Hub, a file URI or a relative path for a folder.

    None when neither is known, and for a parent's file when the child is a local folder.
    """
    snapshot = report.snapshot
    name = quote(file_of(clean.line(path)))
    if base := web(snapshot.url):
        base, revision = base.rstrip("/"), snapshot.commit or snapshot.revision or "main"
        if inherited_from and inherited_from != snapshot.id:
            base = f"{base.removesuffix(snapshot.id).removesuffix('datasets/').removesuffix('spaces/')}{quote(clean.line(inherited_from))}"
            revision = next((a.commit for a in report.lineage if a.id == inherited_from and a.commit), "main")
        return f"{base}/blob/{quote(clean.line(revision), safe='')}/{name}" if name else base
    if inherited_from and inherited_from != snapshot.id:
        return None
    return _local(report, name)


def _local(report: Report, name: str) -> str | None:
    folder = report.snapshot.ref.folder
    if folder is None:
        return None
    if folder.is_absolute() and not report.snapshot.ref.given.startswith("."):
        root = folder.as_uri()
    else:
        root = quote(Path(report.snapshot.ref.given or ".").as_posix())
    if not name:
        return root
    return name if root == "." else f"{root.rstrip('/')}/{name}"
