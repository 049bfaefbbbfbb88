"""The nouns that flow between the stages; frozen, without behaviour beyond what keeps wrong states unsayable.

Lines count from 1 in the text as fetched; characters are half-open [start, end) in that text.
The verbs live in the stage modules; nothing here imports another module of the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

RepoType = Literal["model", "dataset", "space"]
Scope = Literal["weights", "code", "data", "all", "unclear"]
Role = Literal["license", "use-policy", "notice", "gate", "card"]
Openness = Literal["open", "not-open", "unclear"]
Confidence = Literal["high", "medium", "low"]
Effect = Literal["violation", "concern", "info"]
Grade = Literal["exact", "variant", "unknown"]
Status = Literal["met", "violated", "doubtful", "unknown", "not-judged"]
Action = Literal["allow", "warn", "deny", "undecided"]
Severity = Literal["high", "medium", "low"]
Param = str | int | float | tuple[str, ...]

# What a repo is judged for, by its type.
SUBJECT: Mapping[RepoType, Scope] = {"model": "weights", "dataset": "data", "space": "code"}


@dataclass(frozen=True, slots=True)
class RepoRef:
    """What the user named: a repo on the Hub, or a local folder (then `folder` is set)."""

    given: str
    id: str
    type: RepoType = "model"
    revision: str | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A declared parent: its Hub id and how the child came from it (finetune, adapter, quantized, merge, or "")."""

    id: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the card's metadata claims, verbatim. `license` holds the tags as written."""

    license: tuple[str, ...] = ()
    license_name: str | None = None
    license_link: str | None = None
    base_models: tuple[BaseModel, ...] = ()
    datasets: tuple[str, ...] = ()
    gate_prompt: str | None = None
    gate_fields: tuple[str, ...] = ()
    library: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One file of a repo: its path, its git blob id where the Hub names it, its size in bytes, and whether it is in LFS or Xet."""

    path: str
    blob: str | None = None
    size: int | None = None
    is_lfs: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One repo at one commit. No file contents: they are read by `hub.read` or `folder.read` at this commit.

    `tags` are the Hub's own words about the repo, some of which it worked out itself (`base_model:finetune:org/name`).
    """

    ref: RepoRef
    id: str
    type: RepoType
    revision: str | None
    commit: str | None
    url: str | None
    gated: Literal[False, "auto", "manual"]
    card: Card
    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()
    last_modified: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One text that speaks about licensing. `digest` is "sha256:…" of the raw bytes."""

    path: str
    role: Role
    scope: Scope
    text: str
    digest: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest stretch that can state a clause by itself: a sentence, or a list item with its chain of lead-ins.

    `leads` are the lead-ins that govern an item, outermost first ("You agree not to:"), and a plain "no" in or after it that
    says the same; `heading` is the nearest heading above; it governs items, and headings below it. `kind` "heading" marks
    headings themselves, which state something only where they forbid.
    """

    start: int
    end: int
    kind: Literal["sentence", "item", "heading"]
    leads: tuple[Span, ...] = ()
    heading: Span | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A sentence of a variant that the known license lacks."""

    quote: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Which known license a text is. Only `exact` lets the record's facts stand; a variant is a lead."""

    grade: Grade
    license: str | None = None
    name: str | None = None
    score: float = 0.0
    added: tuple[Added, ...] = ()
    missing: int = 0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of several known licenses in a file, with its lines."""

    license: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact of a record was read, when no text is at hand: the record, the section, a link and the date."""

    record: str
    section: str | None
    link: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Clause:
    """The only finding there is: a taxonomy id with its evidence, either a quote with lines or a citation of a record."""

    id: str
    path: str
    quote: str | None
    start_line: int | None
    end_line: int | None
    source: Literal["rule", "record"]
    confidence: Confidence
    params: Mapping[str, Param] = field(default_factory=dict)
    citation: Citation | None = None
    inherited_from: str | None = None

    def __post_init__(self) -> None:
        if self.citation is None and not (self.quote and self.start_line and self.end_line):
            raise ValueError(f"clause {self.id} without evidence")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be seen. `hides` names the scopes whose terms it may hide; empty when it hides none."""

    stage: str
    subject: str
    message: str
    hint: str = ""
    hides: tuple[Scope, ...] = ()
    kind: str = ""
    quote: str | None = None
    start_line: int | None = None

    @property
    def sentence(self) -> str:
        """The message, after the subject where it does not name it itself."""
        return self.message if not self.subject or self.subject in self.message else f"{self.subject}: {self.message}"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one text tells, whatever file it stood in. Pure and cacheable; paths inside are the document's."""

    path: str
    digest: str
    language: str
    identity: Identity
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What OSI or FSF decided or stated: a fact, with its link and date."""

    by: str
    status: Literal["approved", "non-free", "statement"]
    link: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion's status and the indices of the clauses that decide it."""

    criterion: str
    status: Status
    because: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set of criteria adds up to. `ruling` is null where the openness is our reading."""

    openness: Openness
    ruling: Ruling | None
    criteria: tuple[Judgement, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the card's prose or its gate prompt says about terms."""

    license: str | None
    clauses: tuple[str, ...]
    scope: Scope
    quote: str
    path: str
    start_line: int
    end_line: int
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Governing:
    """Which license stands over a scope, and on what basis we say so."""

    scope: Scope
    license: str | None
    name: str | None
    basis: Literal["file", "gate", "tag", "link", "card", "parent"]
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict, with the words that take it."""

    path: str
    license: str | None
    quote: str | None = None
    start_line: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that say different things about the same material. `lost` are clause ids the looser side drops."""

    kind: str
    severity: Severity
    message: str
    sides: tuple[Side, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One repo of the lineage; `path` leads from the child to it. `is_hint` marks undeclared ancestry that was only guessed.

    `openness` and `clauses` (ids) are those of its own terms, without what it inherits. `because` says what a hint stands on.
    """

    id: str
    relation: str
    depth: int
    commit: str | None
    license: str | None
    openness: Openness
    path: tuple[str, ...] = ()
    is_hint: bool = False
    confidence: Confidence = "high"
    clauses: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a policy decided so: its words, and the clause, license or conflict it speaks of."""

    action: Action
    message: str
    clause: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception of the policy and what became of it."""

    repo: str
    subject: str
    reason: str
    owner: str | None
    expires: str
    state: Literal["used", "unused", "expired", "lapsed"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy makes of a report."""

    action: Action
    policy: str
    reasons: tuple[Reason, ...] = ()
    waived: tuple[Waiver, ...] = ()
    obligations: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """A document together with what it says."""

    document: Document
    reading: Reading


@dataclass(frozen=True, slots=True)
class Report:
    """Everything known of one repo at one commit. A report with problems is never clean."""

    snapshot: Snapshot
    declared_ids: tuple[str, ...]
    statements: tuple[Statement, ...]
    documents: tuple[DocumentReading, ...]
    governing: tuple[Governing, ...]
    clauses: tuple[Clause, ...]
    verdict: Verdict
    conflicts: tuple[Conflict, ...]
    lineage: tuple[Ancestor, ...]
    problems: tuple[Problem, ...]
    rules_digest: str
    datasets: tuple[Ancestor, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a code base names a repo that it loads. `line` counts from 1 in the file.

    `how` is the call, flag, command or setting that loads it; `waiver` is the reason that a comment beside it gives for leaving it out.
    """

    path: str
    line: int
    ref: RepoRef
    how: str
    waiver: str | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether the place names a commit, which never moves; a branch or a tag may."""
        revision = self.ref.revision or ""
        return len(revision) == 40 and all(c in "0123456789abcdef" for c in revision.lower())


@dataclass(frozen=True, slots=True)
class Untold:
    """One call that loads a repo which stands nowhere in the file: it is chosen when the program runs."""

    path: str
    line: int
    how: str
