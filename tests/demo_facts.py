"""The demo's company as facts: what its catalogue expects and what was filed, without a site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from merged_pack import merged_pack

from provisioner.cli.demo.evidence import DemoDocument, catalogue_changes
from provisioner.sync.facts import Document, ExpectedItem
from provisioner.sync.vocabulary import Cadence, Kind

PACK = "soc2-fintech-api"
SITE = "https://contoso.sharepoint.com/sites/acme-soc2"


@cache
def catalogue() -> tuple[dict[str, Any], ...]:
    """The pack's expected evidence, entry by entry."""
    return tuple(merged_pack(PACK)["evidence"])


def expected_items(today: date) -> Iterator[ExpectedItem]:
    """The pack's catalogue, as the demo changes it for that day."""
    pairs = tuple((str(entry["id"]), str(entry["cadence"])) for entry in catalogue())
    changes = {change["id"]: change for change in catalogue_changes(today, pairs)}
    for entry in catalogue():
        one = entry | changes.get(entry["id"], {})
        yield ExpectedItem(
            id=one["id"],
            title=one["title"],
            library=one["library"],
            control_area=one["controlArea"],
            criteria=tuple(one["criteria"]),
            owner_role=one["ownerRole"],
            cadence=Cadence(one["cadence"]),
            kind=Kind(one["kind"]),
            enabled=one.get("enabled", True),
            anchor=date.fromisoformat(str(one["anchor"])) if one.get("anchor") else None,
            applies_to=tuple(one.get("appliesTo", ())),
        )


def filed(number: int, one: DemoDocument) -> Document:
    """A document of the demo, as the `number`th of its library."""
    changed = one.decided or one.filed
    return Document(
        key=f"{one.library}/{number}",
        library=one.library,
        id=number,
        name=one.name,
        url=f"{SITE}/{one.library}/{one.name}",
        item=one.item,
        part=one.part,
        status=one.status,
        owner=one.owner,
        reviewer=one.reviewer,
        reviewed_on=one.reviewed_on,
        activity_date=one.activity,
        period_from=one.period[0] if one.period else None,
        period_to=one.period[1] if one.period else None,
        collected_on=one.collected,
        bridge_until=one.bridge_until,
        source_system=one.source,
        sensitivity=one.sensitivity,
        query_used=one.query,
        row_count=one.rows,
        # As good as the bytes, which are made from these two alone, and much quicker.
        identity=f"{hash(one.content)}{Path(one.name).suffix}",
        size=len(one.data) if one.content.rows == () else 1000,
        created=one.filed,
        modified=changed,
        version_date=changed,
        content_dated=one.filed,
    )
