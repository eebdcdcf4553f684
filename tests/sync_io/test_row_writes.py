"""A row of one of our lists is written either way, and asks for that way's permission."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from provisioner.core.transport import Audience
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.columns import RowShape
from provisioner.sync.writeback_rows import row_changed, row_made

LIST = Place("findings", "LIST", "Findings", columns=frozenset({"Title", "Item"}))
PLACES = Places("SITE", ZoneInfo("UTC"), 1033, {}, {})
SHAPE = RowShape(texts=("Title",), lookups=("Item",))
REST = "/_api/web/lists(guid'LIST')/items"
GRAPH = "/sites/SITE/lists/LIST/items"


@pytest.mark.parametrize(
    ("by", "made", "changed", "lookup", "permission"),
    [
        ("graph", ("POST", GRAPH), ("PATCH", f"{GRAPH}/7/fields"), "ItemLookupId", "graph:"),
        ("sharepoint", ("POST", REST), ("MERGE", f"{REST}(7)"), "ItemId", "sharepoint:"),
    ],
)
def test_each_way_has_its_own_request_and_permission(
    by: Audience, made: tuple[str, str], changed: tuple[str, str], lookup: str, permission: str
) -> None:
    values = {"Title": "A", "Item": "3", "Gone": "x"}
    new = row_made(PLACES, LIST, SHAPE, values, "list:findings/item:A", "a finding", by)
    told = row_changed(
        PLACES, LIST, SHAPE, values, 7, '"e1"', "list:findings/item:A", "a finding", by
    )
    assert told is not None
    assert (new.method, new.path) == made
    assert (told.method, told.path) == changed
    body = {"Title": "A", lookup: "3"}
    assert (new.body, told.body) == ({"fields": body} if by == "graph" else body, body)
    assert (dict(new.headers), dict(told.headers)) == ({}, {"If-Match": '"e1"'})
    for one in (new, told):
        assert (one.audience, one.scope) == (by, "list:findings")
        assert one.permission == f"{permission}Sites.Selected/write"


@pytest.mark.parametrize("by", ["graph", "sharepoint"])
def test_what_the_list_has_no_column_for_is_not_sent(by: Audience) -> None:
    assert row_changed(PLACES, LIST, SHAPE, {"Gone": "x"}, 7, "", "a", "b", by) is None
