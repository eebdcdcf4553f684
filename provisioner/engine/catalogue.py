"""The catalogue and the audit periods of the file, as rows of the lists people edit.

The file seeds them; from then on the lists are what people edit and what sync reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.core.address import address
from provisioner.core.errors import Where
from provisioner.core.resource import Resource
from provisioner.kinds.base import Declared, Scope
from provisioner.kinds.item_seed import row_resources
from provisioner.spec.models import EvidenceItem, Period
from provisioner.spec.workspace import Loaded

CATALOGUE_LIST = "expected-evidence"
CATALOGUE_KEY = "ItemId"
PERIODS_LIST = "audit-periods"
PERIODS_KEY = "Title"


def catalogue_rows(
    loaded: Loaded, lists: Mapping[str, Declared], scope: Scope
) -> Iterable[Resource]:
    """A row for each expected item and each audit period, where the workspace has the lists.

    `lists` holds the declared lists and libraries by key.
    """
    settings = loaded.settings
    if settings is None:
        return
    if CATALOGUE_LIST in lists and settings.evidence:
        titles = {key: str(getattr(one.spec, "title", key)) for key, one in lists.items()}
        yield from row_resources(
            address("list", CATALOGUE_LIST),
            CATALOGUE_KEY,
            [item_row(item, titles) for item in settings.evidence],
            scope,
            _place(loaded, "evidence"),
        )
    if PERIODS_LIST in lists and settings.periods:
        yield from row_resources(
            address("list", PERIODS_LIST),
            PERIODS_KEY,
            [period_row(period) for period in settings.periods],
            scope,
            _place(loaded, "periods"),
        )


def item_row(item: EvidenceItem, titles: Mapping[str, str]) -> dict[str, Any]:
    """An expected item as a row; `titles` of libraries by key."""
    row = {
        "ItemId": item.id,
        "Title": item.title,
        "EvidenceLibrary": titles.get(item.library, item.library),
        "ControlArea": item.control_area,
        "TrustServicesCriteria": list(item.criteria),
        "OwnerRole": item.owner_role,
        "ReviewerRole": item.reviewer_role,
        "Cadence": item.cadence,
        "EvidenceKind": item.kind,
        "FreshWhen": item.fresh_when,
        "SourceSystem": item.source_system,
        "Sensitivity": item.sensitivity,
        "AppliesTo": "\n".join(item.applies_to) or None,
        "Enabled": item.enabled,
        "AnchorDate": item.anchor.isoformat() if item.anchor else None,
        "LeadDays": item.lead_days,
        "GraceDays": item.grace_days,
        "ReviewSlaDays": item.review_sla_days,
    }
    return {name: value for name, value in row.items() if value is not None}


def period_row(period: Period) -> dict[str, Any]:
    """An audit period as a row."""
    as_of = period.as_of or period.end
    one_day = period.type == "type-1"
    row = {
        "Title": period.name,
        "ReportType": period.type,
        "State": period.state or "Open",
        "AsOfDate": as_of.isoformat() if one_day and as_of else None,
        "StartsOn": period.start.isoformat() if period.start and not one_day else None,
        "EndsOn": period.end.isoformat() if period.end and not one_day else None,
        "ScopeCategories": list(period.criteria),
        "AuditFirm": period.auditor,
    }
    return {name: value for name, value in row.items() if value is not None}


def _place(loaded: Loaded, key: str) -> Where:
    node = loaded.root.get(key)
    return node.where if node is not None else loaded.root.where
