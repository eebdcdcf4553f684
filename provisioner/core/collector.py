"""Python's collector of reference cycles, held back while much is made that holds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """No search for cycles for as long as this lasts.

    Facts, cases and verdicts hold none and are let go by themselves, but the collector walks through
    all of them again and again while they grow in number: a fifth of the time of judging.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made is set apart, or the first search would walk through all of it after all.
        gc.freeze()
        if was_on:
            gc.enable()


@contextmanager
def seldom() -> Iterator[None]:
    """A search among what is new only, and after so much more, for as long as this lasts.

    For a run that reads and keeps hundreds of thousands of values: what its requests leave behind is
    still found, and what it keeps is not walked through each time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_MUCH, before[1], _NEVER)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)


_MUCH, _NEVER = 50_000, 1_000_000
