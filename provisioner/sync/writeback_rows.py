"""A write on a row of one of our lists: by SharePoint REST, a hundred to a request, or by Graph.

REST takes an item's ETag as Graph tells it ("Working with lists and list items with REST",
learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest, speaks of
the value that was read). What does not come through that way is looked at again and sent by Graph
("Update listItem", learn.microsoft.com/graph/api/listitem-update).
"""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.core.transport import Audience, Operation
from provisioner.sync import columns
from provisioner.sync.collect_site import GRAPH_WRITE, REST_WRITE, Place, Places


def row_made(
    places: Places,
    place: Place,
    shape: columns.RowShape,
    values: Mapping[str, columns.Value],
    address: str,
    what: str,
    by: Audience,
) -> Operation:
    """A new row with these values; its number is in the answer."""
    if by == "graph":
        fields = shape.written(values, place.columns, places.zone)
        path, body = f"{places.graph(place)}/items", {"fields": fields}
        return _operation(by, "POST", path, address, place, body, what)
    body = shape.written_rest(values, place.columns, places.zone)
    return _operation(by, "POST", _rest_items(place), address, place, body, what)


def row_changed(
    places: Places,
    place: Place,
    shape: columns.RowShape,
    values: Mapping[str, columns.Value],
    row: int,
    etag: str,
    address: str,
    what: str,
    by: Audience,
) -> Operation | None:
    """These values on a row that still is as it was read; None when the list has none of them."""
    if by == "graph":
        body = shape.written(values, place.columns, places.zone)
        path = f"{places.graph(place)}/items/{row}/fields"
        made = _operation(by, "PATCH", path, address, place, body, what, etag)
    else:
        body = shape.written_rest(values, place.columns, places.zone)
        path = f"{_rest_items(place)}({row})"
        made = _operation(by, "MERGE", path, address, place, body, what, etag)
    return made if body else None


def _rest_items(place: Place) -> str:
    return f"/_api/web/lists(guid'{place.id}')/items"


def _operation(
    by: Audience,
    method: str,
    path: str,
    address: str,
    place: Place,
    body: Mapping[str, object],
    what: str,
    etag: str = "",
) -> Operation:
    return Operation(
        by,
        method,  # type: ignore[arg-type]  # POST, PATCH or MERGE
        path,
        address,
        f"list:{place.key}",
        body,
        headers={"If-Match": etag} if etag else {},
        permission=GRAPH_WRITE if by == "graph" else REST_WRITE,
        what=what,
    )
