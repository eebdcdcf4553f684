"""Each kind of request an apply makes, answered once with each fault; and killed at many moments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from each_kind import disturbed, writing_kinds
from law import FAULTS, Law

from provisioner.cli.emulator import ControlPlane
from provisioner.emulator.server import environment

EACH_KIND = Path(__file__).parent / "each_kind.yaml"
_REFUSALS = ["500", "409", "412", "423"]  # taken in turn; the sweep gives each to each request


@pytest.fixture(scope="module")
def law(product_server: Any) -> Iterator[Law]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PROVISIONER_HOME", str(product_server.home))
        control = ControlPlane(environment(product_server.home, product_server.url))
        law = Law(product_server, control, EACH_KIND)
        law.undisturbed()
        yield law


ROUNDS = [[name] for name in FAULTS if name not in _REFUSALS] + [_REFUSALS]


@pytest.mark.parametrize("faults", ROUNDS, ids=" ".join)
def test_every_kind_of_request_answered_once_with_a_fault_ends_as_undisturbed(
    faults: list[str], law: Law
) -> None:
    assert len(writing_kinds(law)) > 15
    assert disturbed(law, faults) == []
    law.is_whole()


@pytest.mark.parametrize("seed", range(2, 8))
def test_in_whatever_order_the_parts_of_a_batch_are_done_the_end_is_the_same(
    seed: int, law: Law
) -> None:
    law.anew(seed)
    answer = law.apply("--format", "json")
    assert answer.code == 0, answer.err
    law.is_whole()


killing = pytest.mark.skipif(
    sys.platform == "win32", reason="a process is not killed by a signal there"
)


@killing
def test_a_site_made_by_a_run_that_could_record_nothing_is_known_to_be_ours(law: Law) -> None:
    outer = [row for row in law.asked if row["outer"]]
    made = next(at for at, row in enumerate(outer, 1) if row["path"].endswith("/beta/sites"))
    assert law.one_kill(made + 1, resume=True)


@killing
@pytest.mark.parametrize("seed", range(4))
def test_killed_again_and_again_it_ends_as_undisturbed(seed: int, law: Law) -> None:
    """Five real SIGKILLs each, at any request and inside batches too."""
    law.killed_over_and_over(seed, times=5)
