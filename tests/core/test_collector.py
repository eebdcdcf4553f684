"""Python's collector works again as before, whatever happened while it was held back."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from provisioner.core import collector


@pytest.mark.parametrize("held_back", [collector.at_rest, collector.seldom])
def test_it_is_as_before_also_after_a_failure(
    held_back: Callable[[], AbstractContextManager[None]],
) -> None:
    before = (gc.isenabled(), gc.get_threshold())
    with held_back():
        assert (gc.isenabled(), gc.get_threshold()) != before
    assert (gc.isenabled(), gc.get_threshold()) == before
    with pytest.raises(ZeroDivisionError), held_back():
        raise ZeroDivisionError
    assert (gc.isenabled(), gc.get_threshold()) == before


def test_whoever_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with collector.at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
