"""A package of the first audit period of some facts, as values."""

from __future__ import annotations

from demo_facts import SITE

from provisioner.report.package_contents import (
    PackageFacts,
    documents_of,
)
from provisioner.report.package_manifest import fingerprint


def packaged(world, libraries, **changes):
    """What the package of `world` (facts and their judgement) is told from, with these `changes`."""
    facts, judgement = world.facts, world.judgement
    period = facts.periods[0]
    documents = documents_of(facts, judgement, period, libraries, {})
    return PackageFacts(
        **{
            "workspace": "acme-soc2",
            "client": "Acme Payments",
            "site_url": SITE,
            "period": period,
            "facts": facts,
            "judgement": judgement,
            "documents": documents,
            "prints": {one.key: fingerprint(one.key.encode()) for one in documents},
        }
        | changes
    )
