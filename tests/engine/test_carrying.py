"""Requests that travel inside another one, and what becomes of them with it."""

from __future__ import annotations

from dataclasses import replace

from provisioner.core.resource import Action, Change
from provisioner.core.transport import Bindings, Operation, ref
from provisioner.engine.carrying import carried
from provisioner.engine.order import ordered
from provisioner.engine.packing import Packing, forecast
from provisioner.engine.plan import change_json

LIST = "list:a"
SETTLE = f"/_api/web/lists(guid'{ref(LIST)}')"


def change(
    address: str, kind: str, *operations: Operation, action: Action = Action.CREATE
) -> Change:
    return Change(address, kind, action, "", "low", operations=operations)


def new_list(action: Action = Action.CREATE) -> Change:
    made = Operation(
        "graph",
        "POST",
        "/lists",
        LIST,
        "site",
        {"displayName": "A", "list": {"template": "genericList"}},
        produces={"id": "/id"},
    )
    settled = Operation("sharepoint", "MERGE", SETTLE, LIST, LIST, {"Title": "A"})
    return change(LIST, "list", made, settled, action=action)


def column(name: str, **said: object) -> Change:
    own = f"{LIST}/column:{name}"
    body = {"name": name, "text": {}, **said}
    path = f"/lists/{ref(LIST)}/columns"
    made = Operation("graph", "POST", path, own, LIST, body, produces={"id": "/id"}, inside=LIST)
    return change(own, "column", made)


def sent_by(changes: list[Change]) -> list[list[Operation]]:
    packing, waves = Packing(ordered(changes), Bindings()), []
    while envelopes := packing.wave():
        waves.append([op for envelope in envelopes for op in envelope.operations])
        for op in waves[-1]:
            packing.sent(op)
            packing.known.update({(op.address, name): "1" for name in op.produces})
    assert not packing.left
    return waves


def test_columns_of_a_new_list_are_made_with_it():
    waves = sent_by(carried([new_list(), column("One"), column("Two")]))
    assert [op.path for wave in waves for op in wave] == ["/lists", SETTLE]
    assert waves[0][0].body["columns"] == [{"name": "One", "text": {}}, {"name": "Two", "text": {}}]
    assert waves[0][0].body["displayName"] == "A"


def test_a_column_of_a_list_that_is_there_is_made_by_itself():
    changes = carried([new_list(Action.UPDATE), column("One")])
    assert not any(op.carried for one in changes for op in one.operations)
    assert "columns" not in changes[0].operations[0].body


def test_a_column_whose_id_somebody_waits_for_is_made_by_itself():
    own = f"{LIST}/column:One"
    shown = Operation(
        "sharepoint", "MERGE", f"/fields(guid'{ref(own)}')", own, LIST, {"Hidden": True}
    )
    one = column("One")
    changes = carried([new_list(), replace(one, operations=(*one.operations, shown))])
    assert not any(op.carried for one in changes for op in one.operations)


def test_a_setting_of_a_new_list_goes_with_its_other_settings():
    own = f"{LIST}/contentType:Proof"
    enabled = Operation(
        "sharepoint", "MERGE", SETTLE, own, LIST, {"ContentTypesEnabled": True}, inside=LIST
    )
    copied = Operation("graph", "POST", "/addCopy", own, LIST, {}, produces={"id": "/id"})
    waves = sent_by(carried([new_list(), change(own, "contentType", enabled, copied)]))
    assert [op.path for wave in waves for op in wave] == ["/lists", SETTLE, "/addCopy"]
    assert waves[1][0].body == {"ContentTypesEnabled": True, "Title": "A"}


def test_what_travels_inside_is_begun_with_it_and_lost_with_it():
    packing = Packing(ordered(carried([new_list(), column("One")])), Bindings())
    ((envelope,),) = (packing.wave(),)
    assert packing.along(envelope.operations[0]) == [f"{LIST}/column:One"]
    assert packing.lost(LIST) == [f"{LIST}/column:One"]
    assert packing.left == []


def test_a_request_is_sent_by_itself_where_its_carrier_is_not_to_be_sent():
    changes = carried([new_list(), column("One")])
    packing = Packing([changes[1]], Bindings({(LIST, "id"): "1"}))
    assert [op.path for env in packing.wave() for op in env.operations] == [
        f"/lists/{ref(LIST)}/columns"
    ]


def test_the_plan_says_what_a_request_travels_inside_of():
    changes = carried([new_list(), column("One")])
    assert [one.get("inside") for one in change_json(changes[1])["requests"]] == [LIST]
    assert forecast(ordered(changes), Bindings()).requests == 2
