"""Trust Services Criteria by id: which category each belongs to, and what an audit's scope takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from provisioner.core.criteria import TRUST_SERVICES

CRITERIA: frozenset[str] = TRUST_SERVICES
"""The 61 criteria ids."""

_CATEGORIES = {
    "CC": "Security",
    "A": "Availability",
    "PI": "Processing Integrity",
    "C": "Confidentiality",
    "P": "Privacy",
}
_SERIES = re.compile(r"\s*(CC|PI|[ACP])\d+(\.|\s*$)", re.IGNORECASE)


def category(criterion: str) -> str | None:
    """The category of a criterion id: "CC6.1" gives "Security"; None for an id of no category.

    "A.5.1" is none of them: it is a control of ISO 27001, Annex A.
    """
    series = _SERIES.match(criterion)
    return _CATEGORIES[series[1].upper()] if series else None


def in_scope(criteria: Iterable[str], scope: Iterable[str]) -> bool:
    """Whether one of an item's criteria belongs to a category (or is an id) of an audit's scope.

    An item without criteria, or an audit without a scope, leaves nothing to compare: the item counts,
    because leaving it out in silence would look like a pass.
    """
    wanted = {word.strip().casefold() for word in scope}
    named = [criterion.strip() for criterion in criteria]
    if not wanted or not named:
        return True
    for criterion in named:
        found = category(criterion)
        if criterion.casefold() in wanted or (found is not None and found.casefold() in wanted):
            return True
    return False
