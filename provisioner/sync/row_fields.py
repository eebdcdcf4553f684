"""The columns of rows, held small: a hundred thousand rows share their names, and much of what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SHORT = 160
"""Longer texts hardly ever stand on two rows; the words of a flag stand on many."""


class Fields(Mapping[str, Any]):
    """The columns of one row that have a value, by internal name: half of what a dict of them takes."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict's, and not by way of an exception: most columns of a row are empty."""
        place = self._places.get(name)
        return default if place is None else self._values[place]

    def plain(self) -> dict[str, Any]:
        """The same as a dict: faster than to ask for each."""
        return dict(zip(self._places, self._values, strict=True))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)


class Press:
    """Makes the fields of rows that are read together. Names, and short texts, are held once.

    `without` are names that are left out, as are those with an @, which tell of another column.
    """

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        self._without = without
        # By all the names of a row: those that are kept, and the place of each.
        self._known: dict[tuple[str, ...], tuple[tuple[str, ...], dict[str, int]]] = {}
        self._once: dict[Any, Any] = {}

    def fields(self, said: Mapping[str, Any]) -> Fields:
        """What a row says, less what is empty."""
        told = tuple(said)
        known = self._known.get(told)
        if known is None:
            known = self._known[told] = self._laid_out(told)
        names, places = known
        values = [said[name] for name in names]
        if None in values:
            return self.fields({name: one for name, one in said.items() if one is not None})
        share, once = self._once.setdefault, self.once
        # Nearly all are short texts, so those are not worth a call each.
        return Fields(
            places,
            tuple(
                [
                    share(one, one) if type(one) is str and len(one) <= _SHORT else once(one)
                    for one in values
                ]
            ),
        )

    def once(self, value: Any) -> Any:
        """The value as it was met first, where it is one that many rows share."""
        if type(value) is str:
            return self._once.setdefault(value, value) if len(value) <= _SHORT else value
        if type(value) is list and all(type(each) is str for each in value):
            return self._once.setdefault(tuple(value), value)
        return value

    def _laid_out(self, told: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, int]]:
        names = tuple(one for one in told if "@" not in one and one not in self._without)
        if names == told:
            return names, {name: at for at, name in enumerate(names)}
        return self._known.setdefault(names, self._laid_out(names))
