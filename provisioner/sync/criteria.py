"""Trust Services Criteria by id: which ids exist, and which category each belongs to.

Ids only: the criteria's wording is AICPA's. The 61 ids are those of TSC 2017 (points of focus revised
2022), as listed in strongdm/comply, `themes/comply-soc2/standards/TSC-2017.yml`.
"""

from __future__ import annotations

from collections.abc import Iterable

_COUNTS = {
    "CC1": 5,
    "CC2": 3,
    "CC3": 4,
    "CC4": 2,
    "CC5": 3,
    "CC6": 8,
    "CC7": 5,
    "CC8": 1,
    "CC9": 2,
    "A1": 3,
    "PI1": 5,
    "C1": 2,
    "P1": 1,
    "P2": 1,
    "P3": 2,
    "P4": 3,
    "P5": 2,
    "P6": 7,
    "P7": 1,
    "P8": 1,
}

CRITERIA: frozenset[str] = frozenset(
    f"{group}.{number}" for group, count in _COUNTS.items() for number in range(1, count + 1)
)
"""The 61 criteria ids."""

_CATEGORIES = {
    "CC": "Security",
    "A": "Availability",
    "PI": "Processing Integrity",
    "C": "Confidentiality",
    "P": "Privacy",
}


def category(criterion: str) -> str | None:
    """The category of a criterion id: "CC6.1" gives "Security"; None for an id of no category."""
    letters = criterion.split(".", 1)[0].rstrip("0123456789").strip().upper()
    return _CATEGORIES.get(letters)


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
