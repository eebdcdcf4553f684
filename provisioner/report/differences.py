"""A difference between two values in words, short enough for a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LONGEST = 60


def short(value: Any) -> str:
    """A value in a few words."""
    if value in (None, "", [], {}, ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        text = ", ".join(f"{key} {short(one)}" for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        text = ", ".join(short(one) for one in value)
    else:
        text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def difference(expected: Any, actual: Any) -> str:
    """What is expected against what is found; of lists and maps only the parts that differ."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return "; ".join(_of_maps(expected, actual))
    if _is_list(expected) and _is_list(actual):
        missing = [one for one in expected if one not in actual]
        extra = [one for one in actual if one not in expected]
        parts = [f"{short(missing)} is missing"] if missing else []
        parts += [f"{short(extra)} is not expected"] if extra else []
        return "; ".join(parts) or "in another order"
    return f"{short(expected)} expected, {short(actual)} found"


def becoming(before: Any, after: Any) -> str:
    """What a plan makes of a value; of lists and maps only the parts that change."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return "; ".join(_maps_becoming(before, after))
    if _is_list(before) and _is_list(after):
        added = [one for one in after if one not in before]
        gone = [one for one in before if one not in after]
        parts = [f"{short(added)} comes"] if added else []
        parts += [f"{short(gone)} goes"] if gone else []
        return "; ".join(parts) or "another order"
    return f"{short(before)} becomes {short(after)}"


def _maps_becoming(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if key not in before:
            yield f"{key} ({short(new)}) comes"
        elif key not in after:
            yield f"{key} ({short(old)}) goes"
        else:
            yield f"{key}: {becoming(old, new)}"


def _of_maps(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterable[str]:
    for key in [*expected, *(key for key in actual if key not in expected)]:
        wanted, there = expected.get(key), actual.get(key)
        if wanted == there:
            continue
        if key not in actual:
            yield f"{key} ({short(wanted)}) is missing"
        elif key not in expected:
            yield f"{key} ({short(there)}) is not expected"
        else:
            yield f"{key}: {difference(wanted, there)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
