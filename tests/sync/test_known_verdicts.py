"""Documents, items, waivers and requests whose verdicts were decided by hand, from the documentation."""

from __future__ import annotations

import pytest

from .known_verdicts import FOLDER, Known, differences, known

CASES = [one for file in sorted(FOLDER.glob("*.yaml")) for one in known(file.name)]


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_the_verdict_is_the_one_decided_by_hand(case: Known) -> None:
    assert differences(case) == []


def test_no_file_of_cases_is_empty() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {
        *("coverage", "dates", "documents", "edges", "items", "others", "periods", "requests"),
    }
    assert len(CASES) > 400
