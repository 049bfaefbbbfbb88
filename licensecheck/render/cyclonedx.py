"""Reports as a CycloneDX 1.6 bill of materials for machine learning: models with their purl, licenses, ancestors and license files.

Needs the extra `bom`. Holds no clock and no chance: the serial number is made from the content.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from licensecheck import __version__
from licensecheck.render import clean, extras, links, words
from licensecheck.types import SUBJECT, Ancestor, Decision, Report

if TYPE_CHECKING:
    from cyclonedx.model import ExternalReference, Property
    from cyclonedx.model.component import Component
    from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement
    from packageurl import PackageURL

# RFC 9562, version 5: equal documents get equal serial numbers, and no others do.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "pkg:pypi/hf-licensecheck")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """One BOM in JSON, with one component for each repo. Raises UsageError where the extra `bom` is not installed."""
    for module in ("cyclonedx.model.bom", "packageurl"):
        extras.load(module, extra="bom", format_name="cyclonedx")
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import ToolRepository
    from cyclonedx.output.json import JsonV1Dot6

    # The same repo at the same commit is one component, however often it was asked for.
    components = {c.bom_ref.value: c for c in (_component(report, decision) for report, decision in checked)}
    bom = Bom(components=components.values(), serial_number=uuid.UUID(int=0))
    # NOTE: the library allows no time stamp in its output but not in its types.
    bom.metadata.timestamp = None  # type: ignore[assignment]
    tool = Component(type=ComponentType.APPLICATION, name="licensecheck", version=__version__, bom_ref=f"licensecheck@{__version__}")
    bom.metadata.tools = ToolRepository(components=[tool])
    bom.serial_number = uuid.uuid5(_NAMESPACE, JsonV1Dot6(bom).output_as_string())
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _component(report: Report, decision: Decision) -> Component:
    from cyclonedx.model.component import Component, ComponentType, Pedigree

    snapshot = report.snapshot
    kinds = {"model": ComponentType.MACHINE_LEARNING_MODEL, "dataset": ComponentType.DATA, "space": ComponentType.APPLICATION}
    group, name = _names(snapshot.id)
    if snapshot.ref.folder:
        # The folders above are this machine's, not a publisher's.
        group = None
    version = clean.line(snapshot.commit or snapshot.revision or "")
    reference = f"{snapshot.type}:{clean.line(snapshot.id)}@{version}"
    ancestors = [_ancestor(a, reference) for a in report.lineage]
    return Component(
        type=kinds[snapshot.type],
        bom_ref=reference,
        group=group,
        name=name,
        version=version or None,
        purl=_purl(snapshot.id, snapshot.commit) if snapshot.type == "model" and snapshot.url else None,
        licenses=_licenses(report),
        pedigree=Pedigree(ancestors=ancestors) if ancestors else None,
        external_references=_references(report),
        properties=_properties(report, decision),
    )


def _names(repo: str) -> tuple[str | None, str]:
    group, _, name = clean.line(repo).rpartition("/")
    return group or None, name or "unnamed"


def _purl(repo: str, commit: str | None) -> PackageURL:
    from packageurl import PackageURL

    group, name = _names(repo)
    # purl-spec, type huggingface: the version is the commit, in lower case.
    return PackageURL("huggingface", group, name, commit.lower() if commit and _COMMIT.fullmatch(commit.lower()) else None)


def _licenses(report: Report) -> list[DisjunctiveLicense]:
    """What the card declares, and what we conclude stands over what the repo is for; a name only SPDX could give is never made up."""
    from cyclonedx.model.license import LicenseAcknowledgement

    scopes = (SUBJECT[report.snapshot.type], "all", "unclear")
    concluded = dict.fromkeys((g.license or g.name or "", g.paths[:1]) for g in report.governing if g.scope in scopes)
    found = [_license(name, LicenseAcknowledgement.DECLARED, None) for name in dict.fromkeys(report.declared_ids) if name]
    names = set()
    for name, paths in concluded:
        if name and name not in names:
            names.add(name)
            found.append(_license(name, LicenseAcknowledgement.CONCLUDED, links.page(report, paths[0]) if paths else None))
    return found


def _license(name: str, acknowledgement: LicenseAcknowledgement, address: str | None) -> DisjunctiveLicense:
    from cyclonedx.model import XsUri
    from cyclonedx.model.license import DisjunctiveLicense
    from cyclonedx.spdx import is_supported_id

    known = is_supported_id(name)
    return DisjunctiveLicense(
        id=name if known else None,
        name=None if known else clean.line(name),
        acknowledgement=acknowledgement,
        url=XsUri(address) if address else None,
    )


def _references(report: Report) -> Iterator[ExternalReference]:
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri

    if address := links.page(report):
        yield ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(address))
    for document in (d.document for d in report.documents if d.document.role != "card"):
        page = links.page(report, document.path)
        algorithm, _, value = document.digest.partition(":")
        if page and not links.is_gate(document.path):
            hashes = (
                [HashType(alg=HashAlgorithm.SHA_256, content=value)]
                if algorithm == "sha256" and re.fullmatch("[0-9a-f]{64}", value)
                else []
            )
            yield ExternalReference(
                type=ExternalReferenceType.LICENSE, url=XsUri(page), comment=f"{document.role}, {document.scope}", hashes=hashes
            )


def _properties(report: Report, decision: Decision) -> Iterator[Property]:
    from cyclonedx.model import Property

    pairs = [
        ("openness", report.verdict.openness),
        ("decision", decision.action),
        ("policy", decision.policy),
        ("rules", report.rules_digest),
        *(("clause", name) for name in words.by_weight(report.clauses)),
        *(("problem", f"{p.subject}: {p.message}") for p in report.problems),
        *(("dataset", d.id) for d in report.datasets),
    ]
    for name, value in dict.fromkeys(pairs):
        yield Property(name=f"licensecheck:{name}", value=clean.shortened(value, words.QUOTE_LIMIT))


def _ancestor(ancestor: Ancestor, child: str) -> Component:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import LicenseAcknowledgement

    group, name = _names(ancestor.id)
    pairs = {
        "relation": clean.line(ancestor.relation),
        "depth": str(ancestor.depth),
        "openness": ancestor.openness,
        "path": clean.line(" > ".join(ancestor.path)),
        "guessed": ancestor.confidence if ancestor.is_hint else "",
    }
    return Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=f"{child}#ancestor:{clean.line(ancestor.id)}",
        group=group,
        name=name,
        version=clean.line(ancestor.commit) if ancestor.commit else None,
        purl=_purl(ancestor.id, ancestor.commit),
        licenses=[_license(ancestor.license, LicenseAcknowledgement.CONCLUDED, None)] if ancestor.license else None,
        properties=[Property(name=f"licensecheck:{key}", value=value) for key, value in pairs.items() if value],
    )
