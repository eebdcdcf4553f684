"""The columns of rows, held small: a hundred thousand rows share their names, and much of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_SHORT = 40
"""Longer texts hardly ever stand on two rows."""


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

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)


class Press:
    """Makes the fields of rows that are read together. Names, and short texts, are held once."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], dict[str, int]] = {}
        self._once: dict[Any, Any] = {}

    def fields(self, said: Iterable[tuple[str, Any]]) -> Fields:
        """The fields of a row, of names and values."""
        given = dict(said)
        names = tuple(given)
        places = self._places.get(names)
        if places is None:
            places = self._places[names] = {self.once(one): at for at, one in enumerate(names)}
        return Fields(places, tuple(map(self.once, given.values())))

    def once(self, value: Any) -> Any:
        """The value as it was met first, where it is one that many rows share."""
        if isinstance(value, str):
            return self._once.setdefault(value, value) if len(value) <= _SHORT else value
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return self._once.setdefault(tuple(value), value)
        return value
