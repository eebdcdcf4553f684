from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

_SPEC = importlib.util.spec_from_file_location("scenario", Path(__file__).parent / "scenario.py")
assert _SPEC is not None
assert _SPEC.loader is not None
scenario = importlib.util.module_from_spec(_SPEC)
sys.modules["scenario"] = scenario
_SPEC.loader.exec_module(scenario)

ALL = scenario.scenarios()
NAMES = [f"{one.path.parent.name}/{one.path.stem}" for one in ALL]


@pytest.mark.parametrize("one", ALL, ids=NAMES)
def test_what_happens_is_what_the_scenario_says(one: Any) -> None:
    if "refused" in one.data:
        with pytest.raises(ValidationError) as problem:
            one.declared()
        assert one.data["refused"] in str(problem.value)
    else:
        assert one.outcome() == one.data["expect"]


@pytest.mark.parametrize("one", ALL, ids=NAMES)
def test_declaring_twice_gives_the_same(one: Any) -> None:
    if "refused" not in one.data:
        first = [(r.address, r.properties, r.keys) for r in one.resources()]
        assert first == [(r.address, r.properties, r.keys) for r in one.resources()]


@pytest.mark.parametrize("one", ALL, ids=NAMES)
def test_every_request_can_be_sent_once_its_references_are_known(one: Any) -> None:
    if "refused" in one.data:
        return
    for resource in one.resources():
        kind = scenario.kind_named(resource.kind)
        change = scenario._change(resource, None, kind)
        for operation in kind.operations(change, one.scope, frozenset()):
            known = scenario.Bindings(dict.fromkeys(operation.needs(), "7"))
            filled = operation.filled(known)
            assert not filled.needs()
            assert filled.address == resource.address
            assert filled.permission
            assert filled.what


def test_every_kind_has_a_scenario() -> None:
    mounted = {kind.name for kind in scenario.all_kinds() if kind.mounts}
    assert mounted == {one.path.parent.name for one in ALL}
