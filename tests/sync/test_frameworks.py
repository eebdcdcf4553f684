"""A workspace's own framework: its controls are known, and a period that names it takes them in."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.spec.models import Framework
from provisioner.sync.criteria import category
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.frameworks import known_criteria, with_controls
from provisioner.sync.policy import Policy

ISO = Framework(name="ISO 27001", criteria={"A.5.1": "policies", "Clause 9.2": "internal audit"})


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("A.5.1", None),
        ("A.8.34", None),
        ("Clause 9.2", None),
        ("A1.2", "Availability"),
        ("CC6.1", "Security"),
        ("PI1.3", "Processing Integrity"),
        ("P6.7", "Privacy"),
        ("C1", "Confidentiality"),
        ("CC", None),
    ],
)
def test_a_control_of_annex_a_is_no_availability_criterion(criterion: str, expected: Any) -> None:
    assert category(criterion) == expected


@pytest.mark.parametrize(
    ("criteria", "scope", "counts"),
    [
        (("A.5.1",), ("ISO 27001",), True),
        (("Clause 9.2",), (" iso 27001",), True),
        (("A.5.1",), ("Availability",), False),
        (("A.5.1",), ("A.5.1",), True),
        (("A.5.1", "CC6.1"), ("Security",), True),
        (("CC6.1",), ("ISO 27001",), False),
        (("CC6.1",), ("ISO 27001", "Security"), True),
        (("A.5.2",), ("ISO 27001",), False),
    ],
)
def test_an_item_counts_in_a_period_of_its_framework(
    world: Any, criteria: tuple[str, ...], scope: tuple[str, ...], counts: bool
) -> None:
    (period,) = with_controls([world.period(criteria=scope)], [ISO])
    judged = world.judge("2026-06-01", items=[world.item(criteria=criteria)], periods=[period])
    assert bool(world.found(judged, "MISSING")) is counts
    assert (judged.items["E010"].state == "Not applicable") is not counts


def test_a_period_keeps_its_words_and_one_without_a_framework_is_as_it_was() -> None:
    period = AuditPeriod("1", "2026", criteria=("Security",))
    assert with_controls([period], [ISO]) == (period,)
    (both,) = with_controls([AuditPeriod("1", "2026", criteria=("Security", "ISO 27001"))], [ISO])
    assert both.criteria == ("Security", "ISO 27001")
    assert both.controls == ("A.5.1", "Clause 9.2")


def test_documents_may_name_the_frameworks_controls(world: Any) -> None:
    policy = Policy(known_criteria=known_criteria([ISO]))
    document = world.document(criteria=("A.5.1", "CC6.1"))
    own = world.judge("2026-06-01", document, policy=policy)
    other = world.judge("2026-06-01", document)
    assert not world.found(own, "BAD-METADATA")
    assert "A.5.1" in world.found(other, "BAD-METADATA")[0].message
