"""What somebody accepted covers just that place with just that value."""

from __future__ import annotations

from datetime import date

import pytest

from provisioner.core.errors import Where
from provisioner.engine.comparing import _deviation
from provisioner.spec.deviations import Deviation


@pytest.mark.parametrize(
    ("accepted", "covers"),
    [
        (("list:risks", "title", "Risks"), True),
        (("list:risks", "", "Risks"), True),
        (("list:controls", "title", "Risks"), False),
        (("list:risks", "description", "Risks"), False),
        (("list:risks", "title", "Other risks"), False),
    ],
)
def test_another_place_or_value_is_not_covered(
    accepted: tuple[str, str, str], covers: bool
) -> None:
    where = Where("deviations.yaml", 1, 1)
    one = Deviation(*accepted, "a merger", "cfo", None, date(2026, 11, 22), where)
    found = _deviation([one], "list:risks", "title", "Risks")
    assert (found is one) == covers
