"""What goes into an auditor's package: which documents of a period, and under which names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisioner.report.package_names import distinct, joined, safe_name
from provisioner.sync.claims import activity_of
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem
from provisioner.sync.judgement import DocumentJudgement, Judgement
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Kind, VerdictState

EVIDENCE = "evidence"
_SEGMENT = 40
_LEFT = "it counted, and is in no evidence library any more"
_BRING_BACK = (
    "Bring what was deleted back from the recycle bin, or waive EVIDENCE-GONE for it, and run sync."
)


@dataclass(frozen=True, slots=True)
class Packaged:
    """One sound document of the period. `path` is where it stands in the package.

    `version` is SharePoint's label, "2.0", "" where it is not known; `link` where it was read.
    """

    document: Document
    item: ExpectedItem | None
    said: DocumentJudgement
    library: str
    path: str
    version: str
    link: str

    @property
    def key(self) -> str:
        """The document's key: library key and item id."""
        return self.document.key

    @property
    def sample(self) -> bool:
        """Whether it is a population or a sample, as it was filed."""
        return self.item is not None and self.item.kind is Kind.SAMPLE

    @property
    def criteria(self) -> tuple[str, ...]:
        """Its own criteria, else those of its item."""
        return self.document.criteria or (() if self.item is None else self.item.criteria)

    @property
    def activity(self) -> str | None:
        """The day it speaks of, in ISO 8601."""
        found = activity_of(self.document, None if self.item is None else self.item.kind)
        return None if found is None else found.isoformat()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the bytes of a file came to: their number, SHA-256 in hex, and CRC-32."""

    size: int
    sha256: str
    crc: int


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that belongs in the package and is not in it, with the reason in words.

    `next` is what mends it, where that is known; "" where running again may be enough.
    """

    what: str
    why: str
    next: str = ""

    def json(self) -> dict[str, str]:
        """As it stands in the manifest."""
        return {"what": self.what, "why": self.why}


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """The facts a package is made of; nothing in it depends on when or where it is made.

    `documents` are in the order of their paths; `prints` by document key, without those left out.
    """

    workspace: str
    client: str
    site_url: str
    period: AuditPeriod
    facts: EvidenceFacts
    judgement: Judgement
    documents: tuple[Packaged, ...]
    prints: Mapping[str, Fingerprint]
    omissions: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def included(self) -> tuple[Packaged, ...]:
        """The documents that are in it."""
        return tuple(one for one in self.documents if one.key in self.prints)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What is open or waived, of this period or of none, the worst first."""
        some = (
            one
            for one in self.judgement.verdicts
            if one.state is not VerdictState.OK and one.about.window in (None, self.period.id)
        )
        return tuple(sorted(some, key=lambda one: (one.weight, one.order)))


def period_named(periods: Sequence[AuditPeriod], name: str) -> AuditPeriod | None:
    """The audit period of a name, whatever its case, or of an id; None where none or several fit."""
    wanted = name.strip().casefold()
    by_name = [one for one in periods if one.name.strip().casefold() == wanted]
    found = by_name or [one for one in periods if one.id == name.strip()]
    return found[0] if len(found) == 1 else None


def departed(judgement: Judgement, gone: Iterable[Document], period: AuditPeriod) -> list[Omission]:
    """What counted for the period and left the site since, where no waiver covers it."""
    names = {one.key: one.name for one in gone}
    return [
        Omission(names.get(one.document or "", one.subject), _LEFT, _BRING_BACK)
        for one in judgement.verdicts
        if one.rule == "EVIDENCE-GONE"
        and one.state is VerdictState.OPEN
        and period.name in _windows(one)
    ]


def _windows(one: Verdict) -> Sequence[str]:
    named = one.facts.get("windows")
    return named if isinstance(named, list) else ()


def documents_of(
    facts: EvidenceFacts,
    judgement: Judgement,
    period: AuditPeriod,
    libraries: Mapping[str, str],
    versions: Mapping[str, str],
) -> tuple[Packaged, ...]:
    """The sound documents that touch the period, each with its path. `libraries`: titles by key."""
    items = {one.id: one for one in facts.items}
    chosen = {
        one.key: one
        for one in facts.documents
        if judgement.documents[one.key].sound and period.id in judgement.documents[one.key].touches
    }
    paths = distinct(
        {
            key: joined(
                (
                    EVIDENCE,
                    safe_name(libraries.get(one.library, one.library), _SEGMENT),
                    safe_name(one.item or "no item", _SEGMENT),
                    one.name,
                )
            )
            for key, one in chosen.items()
        }
    )
    made = (
        Packaged(
            document=one,
            item=items.get(one.item or ""),
            said=judgement.documents[key],
            library=libraries.get(one.library, one.library),
            path=paths[key],
            version=versions.get(key, ""),
            link=one.url,
        )
        for key, one in chosen.items()
    )
    return tuple(sorted(made, key=lambda one: one.path))
