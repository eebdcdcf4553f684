"""The checks of the packs' registers, against rows whose findings were decided by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from merged_pack import merged_pack

from provisioner.core.where import parse, to_predicate

TODAY = date(2026, 6, 15)
CASES = Path(__file__).with_name("register_checks.yaml")


def _cases() -> Iterator[Any]:
    register, row = "", {}
    for one in yaml.safe_load(CASES.read_text(encoding="utf-8")):
        if isinstance(one, list):
            change, codes = one
            yield pytest.param(register, row | change, codes, id=f"{register} {change}")
        elif "row" in one:
            row = one["row"]
        else:
            register = f"{one['pack']}/{one['list']}"


@cache
def _checks(register: str) -> dict[str, Callable[..., bool]]:
    pack, key = register.split("/")
    (found,) = [one for one in merged_pack(pack)["lists"] if one["key"] == key]
    return {one["code"]: to_predicate(parse(one["where"])) for one in found["checks"]}


@pytest.mark.parametrize(("register", "row", "codes"), list(_cases()))
def test_a_row_is_judged_as_an_auditor_would(
    register: str, row: dict[str, Any], codes: list[str]
) -> None:
    held = [code for code, holds in _checks(register).items() if holds(row, TODAY, "")]
    assert sorted(held) == sorted(codes)
