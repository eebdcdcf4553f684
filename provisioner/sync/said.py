"""Whether a text says something, and whether two texts name one person."""

from __future__ import annotations

from functools import lru_cache


def blank(value: str | None) -> bool:
    """Whether a text column is empty; spaces alone are nothing, too."""
    return not value or value.isspace()


@lru_cache(maxsize=4096)
def same_person(one: str | None, other: str | None) -> bool:
    """Whether two principal keys are both known and name one person."""
    if one is None or other is None or blank(one) or blank(other):
        return False
    return one.strip().casefold() == other.strip().casefold()
