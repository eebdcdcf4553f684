"""JSON that somebody nested a hundred thousand times is no JSON to us, and never ends a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.engine.capabilities import kept_capabilities
from provisioner.kinds.formatters import column_normal
from provisioner.ledger.store import decoded
from provisioner.sync.stamp_texts import read_delivered, read_stamp, read_waiver_stamp
from provisioner.sync.telling import read_told
from provisioner.tenant.recording.replay import tape_of

DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("read", "what", "found"),
    [
        (read_stamp, DEEP, None),  # columns of an item: whoever may edit it may write there
        (read_waiver_stamp, DEEP, None),
        (read_delivered, DEEP, None),
        (column_normal, DEEP, DEEP),  # a column's formatting
        (decoded, DEEP.encode(), DEEP),  # a file in our library
        (read_told, DEEP.encode(), {}),
    ],
)
def test_what_people_may_write_on_the_site_is_not_read(
    read: Callable[[Any], Any], what: Any, found: Any
) -> None:
    assert read(what) == found


@pytest.mark.parametrize(
    ("read", "name", "code"),
    [
        (kept_capabilities, "capabilities.json", "CAPABILITIES-UNREADABLE"),
        (lambda folder: tape_of(folder / "r.jsonl"), "r.jsonl", "RECORDING-UNREADABLE"),
    ],
)
def test_a_file_that_was_handed_over_is_named(
    read: Callable[[Path], Any], name: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(DEEP, "utf-8")
    with pytest.raises(ProvisionerError) as caught:
        read(tmp_path)
    assert caught.value.code == code
    assert name in caught.value.message
