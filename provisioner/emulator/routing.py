"""Routes as data: where a request goes, what it costs, and which permissions suffice.

A route states beside itself what Microsoft documents for it, so the gate (403), the budget (429)
and the coverage table all read the same line.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioner.emulator.wire import Call, Face, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

_WHO_MAY = frozenset({"roleassignments", "permissions"})
_MANY = frozenset({"fields", "views", "contenttypes"})

Handler = Callable[["Tenant", Call, dict[str, str]], Reply]
Before = Callable[["Tenant", Call, dict[str, str]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """One request shape.

    `pattern` is a regular expression over `Call.path` with named groups. `cost` is in resource
    units (Microsoft's table: 1 single item or delta with token, 2 multi-item, create, update,
    delete, 5 permissions). `permissions` are the app roles that suffice, least first;
    ``Sites.Selected`` is honoured through site grants of at least `selected_role` ("read", "write",
    "manage", "fullcontrol"), "" where it never suffices; ``Lists.SelectedOperations.Selected``
    likewise through grants of the list that the path names.
    ("preauthenticated",) as the only permission means that the address itself is the permission, as
    with an upload session's URL: no token is asked for.
    `before` is awaited ahead of the handler, outside the tenant's lock, for what takes time: a
    subscription's receiver is asked there. `schema_scope` names what a write locks ("list",
    "site", "navigation" or ""): concurrent writes of one scope answer 409.
    `permission_note` says why `permissions` differ from Microsoft's table of permissions, "" where
    they do not. `title`, `source` and `permission_note` feed the coverage table. Paths are matched
    in any case: "path URL resource names … aren't case sensitive in Microsoft Graph"
    (learn.microsoft.com/graph/use-the-api), nor are they in SharePoint REST.
    """

    face: Face
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    cost: int
    permissions: tuple[str, ...]
    selected_role: str
    title: str
    source: str
    version: str = "v1.0"
    schema_scope: str = ""
    permission_note: str = ""
    before: Before | None = None

    def units(self, call: Call) -> int:
        """What this call costs: with members expanded as much as reading them alone would.

        "All permission resource operations, including $expand=permissions" cost 5 ("Avoid getting
        throttled or blocked in SharePoint Online"); several items cost 2.
        """
        if call.method != "GET":
            return self.cost
        asked = next((v for name, v in call.query.items() if name.lower() == "$expand"), "")
        expanded = {part.split("/")[0].strip().lower() for part in asked.split(",")}
        if expanded & _WHO_MAY:
            return max(self.cost, 5)
        return max(self.cost, 2) if self.face == "rest" and expanded & _MANY else self.cost


class Routes:
    """The routes of one family; families are joined by `routes_of` in the app."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.all: list[Route] = []

    def add(
        self,
        method: str,
        pattern: str,
        *,
        cost: int,
        permissions: Iterable[str],
        selected_role: str,
        title: str,
        source: str,
        version: str = "v1.0",
        schema_scope: str = "",
        permission_note: str = "",
        before: Before | None = None,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler; `pattern` must match the whole path."""

        def register(handler: Handler) -> Handler:
            compiled = re.compile(pattern + r"/?\Z", re.IGNORECASE)
            self.all.append(
                Route(
                    self.face,
                    method,
                    compiled,
                    handler,
                    cost,
                    tuple(permissions),
                    selected_role,
                    title,
                    source,
                    version,
                    schema_scope,
                    permission_note,
                    before,
                )
            )
            return handler

        return register
