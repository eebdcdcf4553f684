"""Delta queries over list items and drives: what changed since a token.

Requests and answers: learn.microsoft.com/graph/api/listitem-delta and driveitem-delta. A token the
service no longer knows answers 410 with `resyncChangesApplyDifferences` and where to start again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_places import DRIVE, entity, library, view_of
from provisioner.emulator.graph.drive_view import drive_item_id
from provisioner.emulator.graph.item_view import ItemView
from provisioner.emulator.graph.queries import address, item_shape, link, option, page_size
from provisioner.emulator.model import items, sites
from provisioner.emulator.model.app_roles import FILES_READ, READ
from provisioner.emulator.model.open_list import OpenList, open_list, sees_pending
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_API = "learn.microsoft.com/graph/api/"
_TOKEN = re.compile(
    r"(?P<list>[0-9a-f]{8})\.(?P<start>\d+)\.(?P<end>\d+)\.(?P<after>\d+)\.(?P<day>\d+)\Z"
)


@dataclass(frozen=True, slots=True)
class _Round:
    """Where a delta round stands: changes in (start, end], items above `after` still to give.

    `start` is 0 for a round that reads everything.
    """

    start: int
    end: int
    after: int

    def token(self, tenant: Tenant, list_id: str) -> str:
        """The round as text, with the day it was handed out."""
        day = tenant.now().toordinal()
        return f"{list_id[:8]}.{self.start}.{self.end}.{self.after}.{day}"


@ROUTES.add(
    "GET",
    sites.SITE + r"/lists/(?P<list>[^/]+)/items/delta",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Changes of a list's items",
    source=_API + "listitem-delta",
)
def item_delta(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Items made, changed or deleted since the token; all of them without one."""
    opened = open_list(tenant, sites.by_ref(tenant, match["site"]), match["list"])
    view = ItemView(tenant, call, opened, item_shape(call))

    def deleted(row: Row) -> dict[str, Any]:
        return {"id": str(row["id"]), "deleted": {"state": "deleted"}}

    return _answer(
        tenant, call, opened, shown=view.page, deleted=deleted, kind="microsoft.graph.listItem"
    )


@ROUTES.add(
    "GET",
    DRIVE + r"/root/delta",
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Changes of a drive",
    source=_API + "driveitem-delta",
)
def drive_delta(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Files and folders made, changed or deleted since the token.

    Leaves out `cTag` and `lastModifiedBy`, and the path of a parent (driveitem-delta, remarks).
    """
    opened = library(tenant, match)
    view = view_of(tenant, call, opened)

    def one(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = entity(tenant, call, view, opened, row)
        for name in ("cTag", "lastModifiedBy"):
            found.pop(name, None)
        if "parentReference" in found:
            found["parentReference"].pop("path")
        return found

    def shown(rows: list[Row]) -> list[Any]:
        return [one(row) for row in rows]

    def deleted(row: Row) -> dict[str, Any]:
        return {"id": drive_item_id(opened.id, str(row["guid"])), "deleted": {"state": "deleted"}}

    return _answer(
        tenant, call, opened, shown=shown, deleted=deleted, kind="microsoft.graph.driveItem"
    )


def _answer(
    tenant: Tenant,
    call: Call,
    opened: OpenList,
    *,
    shown: Callable[[list[Row]], list[Any]],
    deleted: Callable[[Row], dict[str, Any]],
    kind: str,
) -> Reply:
    newest = _newest(tenant, opened.id)
    mark = call.query.get("token") or option(call, "deltatoken")
    if mark == "latest":
        done = _link(call, _Round(newest, newest, 0).token(tenant, opened.id))
        return Reply(200, {"value": [], "@odata.deltaLink": done}, kind=kind)
    step = _resume(tenant, call, opened, mark, newest)
    size = page_size(tenant, call)
    rows = _changed(tenant, call, opened, step, size + 1)
    shown_ones = iter(shown([row for row in rows[:size] if not row["deleted"]]))
    body: dict[str, Any] = {
        "value": [deleted(row) if row["deleted"] else next(shown_ones) for row in rows[:size]]
    }
    if len(rows) > size:
        following = _Round(step.start, step.end, int(rows[size - 1]["id"]))
        body["@odata.nextLink"] = _link(call, following.token(tenant, opened.id))
    else:
        done = _Round(step.end, step.end, 0).token(tenant, opened.id)
        body["@odata.deltaLink"] = _link(call, done)
    return Reply(200, body, kind=kind)


def _resume(tenant: Tenant, call: Call, opened: OpenList, mark: str, newest: int) -> _Round:
    """The round a token continues, or a new one. Raises `Refusal` 410 if it is old or unknown."""
    if not mark:
        return _Round(0, newest, 0)
    match = _TOKEN.match(mark)
    kept = float(tenant.setting("deltaTokenDays"))  # not documented for SharePoint
    if (
        match is None
        or match["list"] != opened.id[:8]
        or int(match["end"]) > newest
        or tenant.now().toordinal() - int(match["day"]) > kept
    ):
        raise Refusal(
            410,
            "resyncRequired",
            "The change token is no longer valid. Read everything again.",
            inner="resyncChangesApplyDifferences",
            headers={"Location": address(call, call.path)},
        )
    start, end, after = (int(match[name]) for name in ("start", "end", "after"))
    if after == 0 and start == end:
        end = newest
    return _Round(start, end, after)


def _changed(tenant: Tenant, call: Call, opened: OpenList, step: _Round, limit: int) -> list[Row]:
    """Rows whose last change in the round matters, in item order; a first round skips deleted ones.

    An item is shown as it is now, so what changes between two pages comes again in the next round.
    """
    gone = "" if step.start else " AND item.deleted = 0"
    if opened.moderated and not sees_pending(tenant, opened.site_id, call.caller):
        gone += f" AND item.moderation = {items.APPROVED}"
    if step.start == 0:
        return tenant.rows(
            f"SELECT * FROM item WHERE list_id = ? AND id > ?{gone} ORDER BY id LIMIT ?",  # noqa: S608 - closed set
            opened.id,
            step.after,
            limit,
        )
    return tenant.rows(
        "SELECT item.* FROM item WHERE list_id = ? AND id > ? AND id IN "  # noqa: S608 - closed set
        f"(SELECT item_id FROM change WHERE list_id = ? AND seq > ? AND seq <= ?){gone} "
        "ORDER BY id LIMIT ?",
        opened.id,
        step.after,
        opened.id,
        step.start,
        step.end,
        limit,
    )


def _newest(tenant: Tenant, list_id: str) -> int:
    """The number of the newest change of a list; 0 when there was none."""
    row = tenant.one("SELECT MAX(seq) AS seq FROM change WHERE list_id = ?", list_id)
    return int(row["seq"] or 0) if row is not None else 0


def _link(call: Call, token: str) -> str:
    return link(call, token=token, deltatoken=None)
