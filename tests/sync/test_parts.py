"""An item that applies to the Vendor Register is judged for each critical vendor in use."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.sync.parts import named_parts


def vendor(title: str, status: str = "Approved", **more: Any) -> dict[str, Any]:
    return {"Title": title, "Status": status, "Critical": True} | more


VENDORS = [
    vendor("Nimbus"),
    vendor("Clearway", "Review due"),
    vendor("Stationery", Critical=False),
    vendor("Old host", "Offboarded"),
    vendor("New idea", "Proposed"),
    vendor(" "),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list:vendor-register", ("Nimbus", "Clearway")),
        (" List:Vendor-Register \n\nOur own centre", ("Nimbus", "Clearway", "Our own centre")),
        ("Nimbus\nlist:vendor-register\n Nimbus ", ("Nimbus", "Clearway")),
        ("", ()),
        (None, ()),
    ],
)
def test_the_word_stands_for_the_critical_vendors(text: str, expected: tuple[str, ...]) -> None:
    assert named_parts(text, VENDORS) == expected


def test_while_no_vendor_is_critical_the_item_is_judged_as_one() -> None:
    assert named_parts("list:vendor-register", [vendor("Stationery", Critical=False)]) == ()
