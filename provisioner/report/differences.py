"""A difference between two values in words, short enough for a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Words:
    """How two values are told apart: what only the wanted one has, what only the other has, and so on."""

    lacking: str
    surplus: str
    order: str
    unlike: str


_FOUND = _Words(
    lacking="{} is missing",
    surplus="{} is not expected",
    order="in another order",
    unlike="{wanted} expected, {there} found",
)
_PLANNED = _Words(
    lacking="{} comes", surplus="{} goes", order="another order", unlike="{there} becomes {wanted}"
)


def difference(expected: Any, actual: Any) -> str:
    """What is expected against what is found; of lists and maps only the parts that differ."""
    return _told(expected, actual, _FOUND)


def becoming(before: Any, after: Any) -> str:
    """What a plan makes of a value; of lists and maps only the parts that change."""
    return _told(after, before, _PLANNED)


def _told(wanted: Any, there: Any, words: _Words) -> str:
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        return "; ".join(_of_maps(wanted, there, words))
    if _is_list(wanted) and _is_list(there):
        lacking = [one for one in wanted if one not in there]
        surplus = [one for one in there if one not in wanted]
        parts = [words.lacking.format(short(lacking))] if lacking else []
        parts += [words.surplus.format(short(surplus))] if surplus else []
        return "; ".join(parts) or words.order
    return words.unlike.format(wanted=short(wanted), there=short(there))


def _of_maps(wanted: Mapping[str, Any], there: Mapping[str, Any], words: _Words) -> Iterable[str]:
    for key in [*wanted, *(key for key in there if key not in wanted)]:
        one, other = wanted.get(key), there.get(key)
        if one == other:
            continue
        if key not in there:
            yield words.lacking.format(f"{key} ({short(one)})")
        elif key not in wanted:
            yield words.surplus.format(f"{key} ({short(other)})")
        else:
            yield f"{key}: {_told(one, other, words)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
