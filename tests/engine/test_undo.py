"""What a run taken back brings back, and what it says it does not. By values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from undone_run import HOME, UPDATED, existing, made, removed, undone, updated

from provisioner.core.canonical import digest
from provisioner.core.resource import Action, Existing
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options
from provisioner.engine.undo import Undo, undo_plan
from provisioner.engine.undo_contents import Contents
from provisioner.kinds.base import Scope
from provisioner.ledger.state import Entry, LedgerState

COLUMN = "list:risks/column:Score"
REPLACED = {
    "address": COLUMN,
    "action": "replace",
    "status": "done",
    "kind": "column",
    "fields": [{"path": "type", "before": "text", "after": "number"}],
    "definition": {"type": "text"},
}


def test_a_column_made_anew_stays_and_the_rest_is_taken_back() -> None:
    there = existing("column", COLUMN, type="number") | existing("site", "site", title="Proof")
    undo = undone(REPLACED, UPDATED, there=there)
    (stays,) = undo.plan.stays
    assert stays.startswith(f"{COLUMN}: it was made anew (type was “text” and is “number”)")
    assert "plan and apply" in stays
    (change,) = undo.plan.changes
    assert (change.address, change.action) == ("site", Action.UPDATE)
    assert [(one.path, one.before, one.after) for one in change.fields] == [
        ("title", "Proof", "Evidence")
    ]


def test_a_column_made_anew_that_is_gone_is_said_so() -> None:
    undo = undone(REPLACED, there=existing("site", "site", title="Proof"))
    assert undo.plan.stays == (f"{COLUMN}: it was made anew and is not on the site any more",)
    assert undo.plan.empty


TEXT = {
    "type": "text",
    "displayName": "A",
    "description": "",
    "group": "Custom Columns",
    **dict.fromkeys(("required", "indexed", "unique", "hidden", "multiple", "readOnly"), False),
    **dict.fromkeys(("formatting", "default", "validation")),
    "showInForms": ["new", "edit", "display"],
    "maxLength": 255,
}
VIEW = {
    "name": "Old",
    "columns": ["Title"],
    "query": "",
    "rowLimit": 30,
    "paged": True,
    "default": False,
    "scope": "default",
    "totals": {},
    "widths": {},
    "layout": "list",
    "layoutData": {},
    "formatting": None,
}


@pytest.mark.parametrize(
    ("result", "path"),
    [
        (removed("column", "column:Unused", **TEXT), "/columns"),
        (removed("column", "list:risks/column:Spare", **TEXT), "/columns"),
        (removed("page", "page:Help", title="Help", sections=[], home=False), "sitepages/pages"),
        (removed("view", "list:risks/view:Old", **VIEW), "views"),
        (removed("group", "group:Old", name="Old", members=[], role=""), "sitegroups"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_what_was_removed_is_made_again_though_no_file_declares_it(
    result: dict[str, Any], path: str
) -> None:
    undo = undone(result, there=HOME)
    (change,) = undo.plan.changes
    assert change.action is Action.CREATE
    assert path in change.operations[0].path
    assert undo.desired.resources[result["address"]].keys, "so that it is found when read back"
    assert not any("rootfolder" in one.path for one in change.operations), "the site's home stays"


def test_a_content_type_is_made_again_without_the_columns_it_has_from_its_base() -> None:
    there = existing("contentType", "contentType:Item", **{"columns.Title": True})
    columns = {"columns.Title": True, "columns.Area": True, "columnOrder": ["Title", "Area"]}
    result = removed("contentType", "contentType:Proof", name="Proof", base="Item", **columns)
    (change,) = undone(result, there=there).plan.changes
    assert change.operations[0].what == "Create contentType:Proof"
    said = str([one.body for one in change.operations])
    assert "Area" in said
    assert "Title" not in said


def test_a_permission_level_allows_again_what_it_did() -> None:
    now = ["ViewListItems", "OpenItems"]
    there = existing("role", "role:Filing", name="Filing", permissions=now)
    result = updated("role:Filing", "role", "permissions", ["ViewListItems"], now)
    (change,) = undone(result, there=there).plan.changes
    assert change.operations[0].body["BasePermissions"] == {"High": "0", "Low": "1"}


def test_a_column_of_a_content_type_stays_and_so_does_the_column_of_the_site() -> None:
    there = existing("contentType", "contentType:Proof", name="Proof", **{"columns.Until": True})
    there |= existing("column", "column:Until", type="dateTime")
    result = updated("contentType:Proof", "contentType", "columns.Until", None, True)
    undo = undone(result, made("column", "column:Until"), there=there)
    assert undo.plan.empty
    assert undo.plan.stays == (
        "contentType:Proof: columns.Until, which is not taken away again",
        "column:Until: a content type still uses it",
    )


def test_a_row_does_not_get_back_what_its_new_column_cannot_hold() -> None:
    there = HOME | existing("item", "list:risks/item:R-1", Score=12)
    result = updated("list:risks/item:R-1", "item", "Score", "12", 12)
    undo = undone(REPLACED, result, there=there)
    assert undo.plan.empty
    assert "list:risks/item:R-1: its Score, as that column was made anew" in undo.plan.stays


def test_what_is_removed_waits_for_what_stands_on_it_and_for_nothing_else() -> None:
    there = (
        HOME
        | existing("page", "page:Help", title="Help")
        | existing("column", "list:risks/column:More", type="text")
        | existing("view", "list:risks/view:All", name="All", columns=["More"])
        | existing("group", "group:Owners", name="Owners", description="New")
    )
    undo = undone(
        made("page", "page:Help"),
        made("column", "list:risks/column:More"),
        updated("list:risks/view:All", "view", "columns", [], ["More"]),
        updated("group:Owners", "group", "description", "Old", "New"),
        there=there,
    )
    waits = {c.address: c.depends for c in undo.plan.changes if c.action is Action.DELETE}
    assert waits == {"page:Help": (), "list:risks/column:More": ("list:risks/view:All",)}


@pytest.mark.parametrize(
    ("now", "conflict"),
    [(["a", "b"], False), (["b"], False), (["a", "b", "somebody"], True), (["else"], True)],
)
def test_an_undo_that_was_cut_off_half_way_is_no_conflict_and_an_edit_of_people_is(
    now: list[str], conflict: bool
) -> None:
    there = existing("group", "group:Owners", name="Owners", members=now)
    result = updated("group:Owners", "group", "members", ["a"], ["b"])
    begun = updated("group:Owners", "group", "members", ["b"], ["a"])
    body = {"runId": "r", "results": [result]}
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    receipt = body | {"digest": digest(body)}
    undo = undo_plan(receipt, desired, Observed(there), Options(), Contents(), [begun])
    assert bool(undo.plan.blocked) is conflict


def cut_off(
    result: dict[str, Any], begun: dict[str, Any], there: dict[str, Existing], **known: Any
) -> Undo:
    """The undo of a run with this result, after one that was cut off was to do `begun`."""
    body = {"runId": "r", "results": [result]}
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    own = str(result["address"])
    entry = Entry(str(result["kind"]), "1", known, made=True, run="r")
    observed = Observed(there, LedgerState(objects={own: entry}))
    return undo_plan(
        body | {"digest": digest(body)},
        desired,
        observed,
        Options(),
        Contents(),
        [begun | {"address": own}],
    )


@pytest.mark.parametrize(
    ("now", "conflict"),
    [
        ({"rowLimit": 30, "default": True}, False),
        ({"rowLimit": 30, "default": False}, False),
        ({"rowLimit": 99, "default": False}, True),
    ],
    ids=["as it was", "another is the default again", "changed by people"],
)
def test_what_a_cut_off_undo_was_to_remove_is_removed_unless_people_changed_it(
    now: dict[str, Any], conflict: bool
) -> None:
    own = "list:risks/view:New"
    there = HOME | existing("view", own, name="New", **now)
    undo = cut_off(made("view", own), {"action": "delete"}, there, rowLimit=30, default=True)
    assert undo.ends, "so that it is recorded though nothing may be left to send"
    assert bool(undo.plan.blocked) is conflict
    assert (not undo.plan.changes) is conflict


def test_a_content_type_that_a_cut_off_undo_had_made_again_has_only_its_own_columns() -> None:
    columns = {"columns.Title": True, "columns.Area": True}
    own, said = "contentType:Proof", {"name": "Proof", "base": "Item", **columns}
    there = existing("contentType", "contentType:Item", **{"columns.Title": True})
    there |= existing("contentType", own, **said)
    undo = cut_off(removed("contentType", own, **said), {"action": "create"}, there)
    (change,) = undo.plan.changes
    assert change.action is Action.NOOP, "it is there, and is only recorded"
    assert change.desired is not None
    assert change.desired.properties == {"name": "Proof", "base": "Item", "columns.Area": True}


def test_words_people_gave_to_what_a_cut_off_undo_had_made_again_stay() -> None:
    own = "group:Owners"
    there = existing("group", own, name="Owners", description="Ask Ana first.", members=["a"])
    was = {"name": "Owners", "description": "", "members": ["a", "b"]}
    undo = cut_off(removed("group", own, **was), {"action": "create"}, there)
    (change,) = undo.plan.changes
    assert [one.path for one in change.fields] == ["members"]
    assert change.desired is not None
    assert change.desired.properties.get("description") == "Ask Ana first."
