"""Short labels for criteria, in our own words: the Trust Services Criteria, and declared frameworks.

The criteria's wording is AICPA's and is not repeated here: ids, and a few words that tell a reader
which one is meant. The ids are those of TSC 2017 (points of focus revised 2022), as listed in
strongdm/comply, `themes/comply-soc2/standards/TSC-2017.yml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from provisioner.spec.models import Framework
from provisioner.sync.criteria import category

LABELS: dict[str, str] = {
    "CC1.1": "ethics and integrity",
    "CC1.2": "board oversight",
    "CC1.3": "structure and reporting lines",
    "CC1.4": "hiring and competence",
    "CC1.5": "accountability",
    "CC2.1": "quality information",
    "CC2.2": "internal communication",
    "CC2.3": "external communication",
    "CC3.1": "clear objectives",
    "CC3.2": "risk identification",
    "CC3.3": "fraud risk",
    "CC3.4": "change that shifts risk",
    "CC4.1": "monitoring of controls",
    "CC4.2": "deficiency reporting",
    "CC5.1": "choosing controls",
    "CC5.2": "technology controls",
    "CC5.3": "policies and procedures",
    "CC6.1": "logical access architecture",
    "CC6.2": "provisioning and registration",
    "CC6.3": "role changes and removal",
    "CC6.4": "physical access",
    "CC6.5": "asset and data disposal",
    "CC6.6": "boundary protection",
    "CC6.7": "data in transit and movement",
    "CC6.8": "malicious software",
    "CC7.1": "vulnerability and configuration detection",
    "CC7.2": "anomaly monitoring",
    "CC7.3": "event evaluation",
    "CC7.4": "incident response",
    "CC7.5": "incident recovery",
    "CC8.1": "change management",
    "CC9.1": "disruption risk mitigation",
    "CC9.2": "vendor and partner risk",
    "A1.1": "capacity",
    "A1.2": "backup and recovery infrastructure",
    "A1.3": "recovery testing",
    "PI1.1": "processing definitions and specifications",
    "PI1.2": "inputs",
    "PI1.3": "processing",
    "PI1.4": "outputs and delivery",
    "PI1.5": "storage of inputs, work in process and outputs",
    "C1.1": "identify and protect confidential data",
    "C1.2": "dispose of confidential data",
    "P1.1": "notice",
    "P2.1": "choice and consent",
    "P3.1": "collection limits",
    "P3.2": "explicit consent",
    "P4.1": "use limits",
    "P4.2": "retention",
    "P4.3": "disposal",
    "P5.1": "access by the person concerned",
    "P5.2": "correction",
    "P6.1": "disclosure with consent",
    "P6.2": "disclosure record",
    "P6.3": "unauthorised disclosure record",
    "P6.4": "third-party privacy commitments",
    "P6.5": "third-party duty to report breaches",
    "P6.6": "breach notification",
    "P6.7": "accounting of disclosures",
    "P7.1": "data quality",
    "P8.1": "complaints and privacy monitoring",
}
"""A label for each of the 61 ids, in the order in which reports list them."""

OTHER = "Other"
"""The category of ids that are neither Trust Services Criteria nor of a framework."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category of criteria as a report heads it: "Security", "CC", and the ids listed under it."""

    name: str
    prefix: str
    criteria: tuple[str, ...]


_PREFIXES = {
    "Security": "CC",
    "Availability": "A1",
    "Processing Integrity": "PI1",
    "Confidentiality": "C1",
    "Privacy": "P1 to P8",
}


def label(criterion: str, frameworks: Sequence[Framework] = ()) -> str:
    """Our own words for a Trust Services Criterion, a workspace's for its own; "" when unknown."""
    own = (one.criteria[criterion] for one in frameworks if criterion in one.criteria)
    return LABELS.get(criterion) or next(own, "")


def categories(
    used: Iterable[str], scope: Iterable[str], frameworks: Sequence[Framework] = ()
) -> tuple[Category, ...]:
    """What a report lists: every criterion of the categories in scope, and every id that is used.

    `used` are the ids of the catalogue, `scope` categories or ids. A category in scope is listed
    whole, so that a criterion nobody collects evidence for is seen. A framework of the workspace is
    a category of its own.
    """
    named = {one.strip() for one in used if one.strip()}
    wanted = {one.strip().casefold() for one in scope}
    groups: dict[str, tuple[str, ...]] = {
        name: tuple(one for one in LABELS if category(one) == name) for name in _PREFIXES
    }
    groups |= {one.name: tuple(one.criteria) for one in frameworks}
    result = []
    for name, ids in groups.items():
        listed = tuple(
            one for one in ids if {name.casefold(), one.casefold()} & wanted or one in named
        )
        result.append(Category(name, _PREFIXES.get(name, ""), listed))
    known = {one for ids in groups.values() for one in ids}
    result.append(Category(OTHER, "", tuple(sorted(named - known))))
    return tuple(one for one in result if one.criteria)
