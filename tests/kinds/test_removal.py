"""What removing something sends, and how risky each kind of change is."""

from __future__ import annotations

from datetime import date

import pytest

from provisioner.core.address import split
from provisioner.core.resource import Action, Change, Existing, FieldChange
from provisioner.kinds import all_kinds, kind_named
from provisioner.kinds.base import Scope

SCOPE = Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 22))


def removal(address: str) -> Change:
    kind = split(address)[0]
    existing = Existing(kind, address, {}, {"id": "7"}, declared=True)
    return Change(address, kind, Action.DELETE, "", "high", existing=existing)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("list:x", "POST /_api/web/lists(guid'⟦list:x#id⟧')/recycle()"),
        ("column:A", "DELETE /sites/⟦site#id⟧/columns/⟦column:A#id⟧"),
        (
            "list:x/column:A",
            "DELETE /sites/⟦site#id⟧/lists/⟦list:x#id⟧/columns/⟦list:x/column:A#id⟧",
        ),
        (
            "list:x/view:V",
            "DELETE /_api/web/lists(guid'⟦list:x#id⟧')/views(guid'⟦list:x/view:V#id⟧')",
        ),
        ("contentType:T", "DELETE /sites/⟦site#id⟧/contentTypes/⟦contentType:T#id⟧"),
        (
            "list:x/contentType:T",
            "DELETE /sites/⟦site#id⟧/lists/⟦list:x#id⟧/contentTypes/⟦list:x/contentType:T#id⟧",
        ),
        ("group:G", "POST /_api/web/sitegroups/removebyid(⟦group:G#id⟧)"),
        ("navigation:N", "DELETE /_api/web/navigation/GetNodeById(⟦navigation:N#id⟧)"),
        ("list:x/validation", "MERGE /_api/web/lists(guid'⟦list:x#id⟧')"),
    ],
)
def test_removal_is_one_request(address: str, sent: str) -> None:
    change = removal(address)
    (operation,) = kind_named(change.kind).operations(change, SCOPE, frozenset())
    assert f"{operation.method} {operation.path}" == sent
    assert operation.tolerates == (404,) or operation.method == "MERGE"


def test_every_kind_that_may_be_removed_says_how() -> None:
    silent = [
        kind.name
        for kind in all_kinds()
        if kind.deletable and not kind.operations(removal(f"{kind.name}:x"), SCOPE, frozenset())
    ]
    assert silent == []


@pytest.mark.parametrize("kind", ["list", "column", "contentType", "group"])
def test_removing_what_holds_content_or_access_is_a_high_risk(kind: str) -> None:
    assert kind_named(kind).risk(Action.DELETE, ()) == "high"


@pytest.mark.parametrize(
    ("kind", "path", "before", "after", "risk"),
    [
        ("list", "versioning", {"major": 500, "minor": 0}, {"major": 100, "minor": 0}, "high"),
        ("list", "versioning", {"major": 100, "minor": 0}, {"major": 500, "minor": 0}, "low"),
        ("list", "approval", True, False, "medium"),
        ("list", "title", "A", "B", "low"),
        ("column", "choices", ["A", "B"], ["A"], "medium"),
        ("column", "choices", ["A"], ["A", "B"], "low"),
        ("column", "maxLength", 255, 10, "medium"),
        ("column", "unique", False, True, "medium"),
        ("group", "members", [], ["user:a@b"], "high"),
        ("group", "description", "a", "b", "low"),
        ("permissions", "grants", {}, {}, "high"),
    ],
)
def test_risk_of_a_change(kind: str, path: str, before: object, after: object, risk: str) -> None:
    assert kind_named(kind).risk(Action.UPDATE, [FieldChange(path, before, after)]) == risk
