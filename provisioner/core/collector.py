"""Python's collector of reference cycles, put to rest while much is made that holds none."""

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
        if was_on:
            gc.enable()
