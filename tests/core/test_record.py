"""A record is a frozen dataclass to whoever reads it, and cheap to whoever makes it."""

from __future__ import annotations

from dataclasses import dataclass, field, is_dataclass, replace

import pytest

from provisioner.core.record import record


@record
class Cheap:
    name: str
    days: tuple[int, ...] = ()
    said: str = field(default="")


@dataclass(frozen=True, slots=True)
class Frozen:
    name: str
    days: tuple[int, ...] = ()
    said: str = field(default="")


def test_it_is_equal_hashed_and_shown_as_a_frozen_one() -> None:
    one, same, other = Cheap("a", (1, 2)), Cheap("a", (1, 2)), Cheap("a", (1,))
    assert one == same
    assert one != other
    assert hash(one) == hash(Frozen("a", (1, 2)))
    assert {one: 1}[same] == 1
    assert repr(one) == repr(Frozen("a", (1, 2))).replace("Frozen", "Cheap")


def test_it_can_be_made_anew_with_a_change_and_holds_nothing_undeclared() -> None:
    one = Cheap("a")
    assert is_dataclass(one)
    assert replace(one, said="b") == Cheap("a", (), "b")
    with pytest.raises(AttributeError):
        one.more = 1  # type: ignore[attr-defined]
