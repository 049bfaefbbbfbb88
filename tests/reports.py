"""Reports built by hand, in our own words, for the tests of formats and policies: plain ones, and one made to break a format."""

from __future__ import annotations

import hashlib
from pathlib import Path

from licensecheck.types import (
    Ancestor,
    BaseModel,
    Card,
    Citation,
    Clause,
    Conflict,
    Decision,
    Document,
    DocumentReading,
    Governing,
    Identity,
    Judgement,
    Problem,
    Reading,
    Reason,
    RepoRef,
    Report,
    Role,
    Ruling,
    Scope,
    Side,
    Snapshot,
    Statement,
    Verdict,
    Waiver,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
RULES = "sha256:" + "0" * 64

TERMS = """Sample Model License

1. Grant
You may use, copy and change the Model, free of charge.

2. Limits
You agree not to use the Model:
(a) for military purposes, or to make
    weapons of any kind;
(b) to follow or to identify people without their consent.

3. Ending
The Licensor may end this license at any time and for any reason.
Keep this notice in all copies.
"""

# What hostile repos put into names, cards and texts: escapes, markup of every format, ends of CDATA, overrides, a workflow command.
HOSTILE = (
    "\x1b[31mred\x00\x07 <script>alert('x')</script> ]]> <![CDATA[ %0A::error::owned\r\n::warning::two &amp; \u202egnp.exe\u202c "
    'zero\u200bwidth {{ 7*7 }} {% raw %} `code` | pipe @everyone #12 [a](javascript:alert(1)) \U0001f680 \ud800 \uffff "quoted" ,:;='
)


def clause(clause_id: str, quote: str, text: str = TERMS, *, path: str = "LICENSE-MODEL", **fields: object) -> Clause:
    """A clause whose quote stands in the text; its lines are looked up there."""
    at = text.index(quote)
    first = text.count("\n", 0, at) + 1
    last = first + quote.count("\n")
    values: dict[str, object] = {"source": "rule", "confidence": "high", **fields}
    return Clause(clause_id, path, " ".join(quote.split()), first, last, **values)  # type: ignore[arg-type]


def document(
    text: str = TERMS, path: str = "LICENSE-MODEL", role: Role = "license", scope: Scope = "weights", *, found: tuple[Clause, ...] = ()
):
    """A document with what was read in it."""
    digest = "sha256:" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    identity = Identity("unknown")
    return DocumentReading(Document(path, role, scope, text, digest), Reading(path, digest, "en", identity, found))


def snapshot(repo: str = "acme/sample-7b", *, card: Card | None = None, folder: str | None = None) -> Snapshot:
    """A model on the Hub, or a local folder given as `folder`."""
    if folder is not None:
        return Snapshot(RepoRef(folder, repo, folder=Path(folder)), repo, "model", None, None, None, False, card or Card(), ())
    url = f"https://huggingface.co/{repo}"
    return Snapshot(RepoRef(repo, repo), repo, "model", "main", COMMIT, url, False, card or Card(license=("other",)), ())


def not_open(repo: str = "acme/sample-7b", **fields: object) -> Report:
    """A model under terms with three broken criteria, a conflict, parents, and one sentence that nothing understood."""
    found = (
        clause("field.military", "for military purposes, or to make\n    weapons of any kind"),
        clause("field.weapons", "weapons of any kind"),
        clause("field.surveillance", "to follow or to identify people without their consent", confidence="low"),
        clause("stability.revocable", "The Licensor may end this license at any time and for any reason."),
        clause("sharing.notice", "Keep this notice in all copies."),
        Clause(
            "threshold.users",
            "LICENSE",
            None,
            None,
            None,
            "record",
            "high",
            {"limit": 700_000_000, "period": "month"},
            Citation("LicenseRef-base", "section 2", "https://example.org/base-license", "2026-11-01"),
            inherited_from="acme/base-70b",
        ),
    )
    values: dict[str, object] = {
        "snapshot": snapshot(
            repo,
            card=Card(license=("mit",), license_link="https://example.org/license", base_models=(BaseModel("acme/base-70b", "finetune"),)),
        ),
        "declared_ids": ("MIT",),
        "statements": (Statement("MIT", (), "code", "The code in this repo is under the MIT license.", "README.md", 12, 12),),
        "documents": (document(found=found[:5]), document("Read me first.\n" * 30, "README.md", "card", "unclear")),
        "governing": (
            Governing("weights", "LicenseRef-sample", "Sample Model License", "file", ("LICENSE-MODEL",)),
            Governing("code", "MIT", None, "card", ("README.md",)),
        ),
        "clauses": found,
        "verdict": Verdict(
            "not-open",
            None,
            (
                Judgement("osd.1", "violated", (3,)),
                Judgement("osd.2", "not-judged"),
                Judgement("osd.3", "unknown"),
                Judgement("osd.6", "violated", (0, 1)),
            ),
            "the terms forbid fields of use",
        ),
        "conflicts": (
            Conflict(
                "file-vs-tag",
                "high",
                "the tag says MIT, the license file restricts use",
                (Side("README.md", "MIT", "license: mit", 3), Side("LICENSE-MODEL", "LicenseRef-sample")),
                ("field.military",),
            ),
        ),
        "lineage": (
            Ancestor("acme/base-70b", "finetune", 1, COMMIT, "LicenseRef-base", "not-open", (repo, "acme/base-70b")),
            Ancestor("deep/root", "quantized", 2, None, "Apache-2.0", "open", (repo, "acme/base-70b", "deep/root")),
            Ancestor("guess/other-model-with-a-very-long-name-indeed-GGUF-Q4_K_M", "", 1, None, None, "unclear", (repo,), True, "low"),
        ),
        "problems": (
            Problem(
                "reading",
                "LICENSE-MODEL",
                "a prohibition that no rule understands",
                "read it",
                ("weights",),
                "unread-prohibition",
                "You must not sing.",
                9,
            ),
        ),
        "rules_digest": RULES,
        "datasets": (Ancestor("acme/corpus", "dataset", 1, None, "CC-BY-4.0", "open"),),
    }
    return Report(**(values | fields))  # type: ignore[arg-type]


def is_open(repo: str = "acme/free-1b") -> Report:
    """A model under terms that OSI approved."""
    ruling = Ruling("OSI", "approved", "https://opensource.org/license/apache-2-0", "2004-02-01")
    return Report(
        snapshot=snapshot(repo, card=Card(license=("apache-2.0",))),
        declared_ids=("Apache-2.0",),
        statements=(),
        documents=(document("Terms that give all freedoms.\n", "LICENSE", scope="all"),),
        governing=(Governing("all", "Apache-2.0", None, "file", ("LICENSE",)),),
        clauses=(),
        verdict=Verdict("open", ruling, (Judgement("osd.1", "met"),)),
        conflicts=(),
        lineage=(),
        problems=(),
        rules_digest=RULES,
    )


def hostile(size: int = 1000) -> Report:
    """A repo in which every foreign string is made to break out, with a text of `size` characters or a little more."""
    body = (HOSTILE + "\n") * (size // len(HOSTILE) + 1)
    gate = "README.md:extra_gated_prompt"
    found = (
        Clause("field.military", "a <b>&'\"\u202e\n.txt", HOSTILE, 1, 2, "rule", "high", {"note": HOSTILE}),
        Clause("field.weapons", gate, HOSTILE, 3, 3, "rule", "low"),
        Clause(
            "purpose.noncommercial",
            "LICENSE",
            None,
            None,
            None,
            "record",
            "high",
            citation=Citation(HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE),
        ),
        Clause("field.malware", "LICENSE", "nowhere in the text", 4, 9_999_999, "rule", "medium", inherited_from=HOSTILE),
    )
    card = Card((HOSTILE,), HOSTILE, "javascript:alert(document.domain)", (BaseModel(HOSTILE, HOSTILE),), gate_prompt=HOSTILE)
    repo = "evil<img src=x onerror=alert(1)>/name]]>%0A"
    return not_open(
        repo,
        snapshot=Snapshot(
            RepoRef(HOSTILE, repo), repo, "model", "main", "not\x00a commit", "https://huggingface.co/evil/name", "auto", card, ()
        ),
        declared_ids=(HOSTILE,),
        statements=(Statement(HOSTILE, (HOSTILE,), "unclear", HOSTILE, HOSTILE, 1, 1),),
        documents=(
            document(body, found[0].path, found=found[:1]),
            document(body, "README.md", "card"),
            document(HOSTILE, gate, "gate"),
            document("", "LICENSE"),
        ),
        governing=(Governing("weights", HOSTILE, HOSTILE, "file", (HOSTILE, "../../etc/passwd")),),
        clauses=found,
        verdict=Verdict(
            "not-open", Ruling(HOSTILE, "statement", "javascript:x", HOSTILE), (Judgement("osd.6", "violated", (0, 1, 99)),), HOSTILE
        ),
        conflicts=(
            Conflict(HOSTILE, "medium", HOSTILE, (Side(HOSTILE, HOSTILE, HOSTILE, 7),), (HOSTILE,)),
            Conflict("empty", "low", HOSTILE, ()),
        ),
        lineage=(
            Ancestor(HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE, "unclear", (repo, HOSTILE)),
            Ancestor("loop/a", "merge", 1, None, None, "unclear", (repo, "loop/b", "loop/a")),
            Ancestor("loop/b", "merge", 2, None, None, "unclear", (repo, "loop/a", "loop/b")),
        ),
        problems=(Problem(HOSTILE, HOSTILE, HOSTILE, HOSTILE, ("weights",), HOSTILE, HOSTILE, 5),),
        datasets=(Ancestor(HOSTILE, "", 1, None, HOSTILE, "unclear"),),
    )


def decision(report: Report, *, waived: tuple[Waiver, ...] = (), words: str | None = None) -> Decision:
    """The decision that fits a report's verdict; `words` stands in for every foreign string of it."""
    action = {"open": "allow", "not-open": "deny", "unclear": "undecided"}[report.verdict.openness]
    if action == "allow":
        return Decision("allow", "open-source", waived=waived)
    reasons = tuple(
        Reason(action, words or f"{c.id} ({c.inherited_from or c.path})", c.id, "open-source")  # type: ignore[arg-type]
        for c in report.clauses
        if c.id != "sharing.notice"
    )
    reasons += (Reason("warn", words or "high conflict: the tag says something else", None, words or "file-vs-tag"),)
    obligations = (Reason("warn", words or "keep the notices", "sharing.notice"),)
    return Decision(action, words or "open-source", reasons, waived, obligations)  # type: ignore[arg-type]


def sample() -> tuple[tuple[Report, Decision], ...]:
    """A refused repo with a used exception, an open one and an unclear one."""
    first, second = not_open(), is_open()
    third = not_open(
        "acme/empty", documents=(), governing=(), clauses=(), verdict=Verdict("unclear", None, (), "no license found"), lineage=()
    )
    used = Waiver("acme/*", "stability.revocable", "agreed with the licensor", "Ann", "2027-01-31", "used")
    unused = Waiver("acme/*", "field.malware", "no longer needed", None, "2027-01-31", "unused")
    return ((first, decision(first, waived=(used, unused))), (second, decision(second)), (third, decision(third)))


def hostile_sample(size: int = 1000) -> tuple[tuple[Report, Decision], ...]:
    """The hostile repo with a decision full of hostile words."""
    report = hostile(size)
    waiver = Waiver(HOSTILE, "field.military", HOSTILE, HOSTILE, HOSTILE, "used")
    return ((report, decision(report, waived=(waiver,), words=HOSTILE)),)
