"""Requests that make a list's column again, or give its place to the site's column of that name.

The views let the column go before it is removed, and get it back in its place. As with a change in
place the first and the last request make and remove the hidden column that marks it as unfinished.
What happens between the two halves (the site's column arrives, values are written and compared) is
in `engine/type_switch.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioner.core.address import address, parent_of, root_of
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation, ref
from provisioner.kinds.column_requests import create, delete, update
from provisioner.kinds.column_type import UNMARK, mark, retype, unmark
from provisioner.kinds.requests import (
    GRAPH_ROOT,
    graph,
    graph_list,
    graph_site,
    quoted,
    rest,
    rest_list,
)

ARRIVE, GIVE_BACK = "Bring the site's column of", "Give back"
"""How `Operation.what` begins where the second half of a change may begin."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A view that shows the column: its id, all its columns, and the place to get it back to.

    `place` counts from 0, None is the end; `there` says whether the view shows it at this moment;
    `back` is the place it is still to go to, where a change that was cut off left it in another.
    """

    view: str
    columns: tuple[str, ...]
    place: int | None
    there: bool
    back: int | None = None


def switch(change: Change, marker: str) -> Sequence[Operation]:
    """The requests of a column's REPLACE. `marker` is the internal name of the hidden column."""
    assert change.desired is not None
    how = change.desired.extra.get("how", "in place")
    if how == "in place":
        return retype(change, marker)
    return _moved(change, marker) if how == "moved" else _remade(change, marker)


def halves(operations: Sequence[Operation]) -> tuple[list[Operation], list[Operation]]:
    """Those before the column is there as it is to be, and those after."""
    later = (ARRIVE, GIVE_BACK, UNMARK)
    at = next(n for n, operation in enumerate(operations) if operation.what.startswith(later))
    return list(operations[:at]), list(operations[at:])


def _remade(change: Change, marker: str) -> Sequence[Operation]:
    """Remove and make; where a run was cut off in between, what is left of it."""
    wanted, there = change.desired, change.existing
    assert wanted is not None
    assert there is not None
    own, made = change.address, [mark(change.address, marker)]
    types = {field.path for field in change.fields} & {"type", "multiple"}
    if there.ids and types:
        made += [*_let_go(change), *delete(change)]
    if types or not there.ids:
        made += create(change)
    elif change.fields:
        made += update(replace(change, action=Action.UPDATE))
    gone = bool(there.ids and types)
    return [*made, *_give_back(change, gone=gone), unmark(own, marker)]


def _moved(change: Change, marker: str) -> Sequence[Operation]:
    """Remove the list's own; the site's comes by the content type, or is added to the list's copy."""
    assert change.desired is not None
    assert change.existing is not None
    said, own = change.desired.extra, change.address
    made = [mark(own, marker)]
    if change.existing.ids:
        made += [*_let_go(change), *delete(change)]
    if said.get("binding"):
        made.append(_arrive(own, str(said["name"]), str(said["binding"])))
    gone = bool(change.existing.ids)
    return [*made, *_give_back(change, gone=gone), unmark(own, marker)]


def _arrive(own: str, name: str, binding: str) -> Operation:
    """Add the site's column to a content type of the list, which brings it into the list.

    learn.microsoft.com/graph/api/contenttype-post-columns.
    """
    column = f"{GRAPH_ROOT}{graph_site()}/columns/{ref(address('column', name))}"
    return graph(
        "POST",
        f"{graph_list(own)}/contentTypes/{binding}/columns",
        own,
        {"sourceColumn@odata.bind": column},
        what=f"{ARRIVE} {parent_of(own)}",
    )


def _let_go(change: Change) -> list[Operation]:
    name = quoted(_name(change))
    return [
        _on_view(change, one.view, f"removeviewfield('{name}')", what=f"Take {change.address} out")
        for one in _shown(change)
        if one.there
    ]


def _give_back(change: Change, *, gone: bool) -> list[Operation]:
    """For the views that show it no more; `gone`: the column is removed by this very change."""
    made, name = [], _name(change)
    what = f"{GIVE_BACK} {change.address}"
    for one in _shown(change):
        there = one.there and not gone
        place = one.back if there else one.place
        if not there:
            made.append(_on_view(change, one.view, f"addviewfield('{quoted(name)}')", what=what))
        if place is not None:
            body = {"field": name, "index": place}
            made.append(_on_view(change, one.view, "moveviewfieldto", body, what=what))
    return made


def _on_view(change: Change, view: str, call: str, body: Any = None, *, what: str) -> Operation:
    path = f"{rest_list(root_of(change.address))}/views(guid'{view}')/viewfields/{call}"
    return rest("POST", path, change.address, body, tolerates=(404,), what=what)


def _shown(change: Change) -> tuple[Shown, ...]:
    assert change.desired is not None
    return tuple(change.desired.extra.get("shown", ()))


def _name(change: Change) -> str:
    assert change.desired is not None
    return str(change.desired.extra["name"])
