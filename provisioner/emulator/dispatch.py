"""From a call to a reply: route, charge, gate, one writer per scope, one transaction.

Plain requests and the parts of both kinds of batch all come through `Dispatcher.perform`, so a
rule holds for each of them.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from provisioner.emulator import budget, gate
from provisioner.emulator.faults import FaultPlan
from provisioner.emulator.json_body import size_of, to_bytes
from provisioner.emulator.model import lists
from provisioner.emulator.places import site_of
from provisioner.emulator.request_log import RequestLog
from provisioner.emulator.routing import Route, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Face, Refusal, Reply

_log = logging.getLogger(__name__)
Render = Callable[[Call, Reply], Reply]
"""How a face writes a reply: in its own envelope, with its own headers."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
PREAUTHENTICATED = "preauthenticated"  # as a route's only permission: no token is asked for


class BatchFace(Protocol):
    """What a batch needs of the face it came in by: to perform its parts, and to write its answer."""

    dispatcher: Dispatcher

    async def perform(self, call: Call, asked: str, *, outer: bool) -> Reply:
        """Perform one verified call and log it as `asked`."""

    def render(self, call: Call, reply: Reply) -> Reply:
        """The reply in the face's envelope, with its headers."""


@cache
def routes_of(face: Face) -> tuple[Route, ...]:
    """Every route of the Graph or the REST face: each module in its folder states its own."""
    package = importlib.import_module(f"provisioner.emulator.{face}")
    found: list[Route] = []
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        routes = getattr(module, "ROUTES", None)
        if isinstance(routes, Routes):
            found.extend(routes.all)
    return tuple(found)


@dataclass(slots=True)
class Dispatcher:
    """Performs calls on one tenant. Everything but the handler itself runs outside the lock."""

    tenant: Tenant
    log: RequestLog
    budget: budget.Budget = field(default_factory=budget.Budget)
    faults: FaultPlan = field(init=False)
    _in_flight: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.faults = FaultPlan(self.tenant.now)

    async def perform(self, call: Call) -> tuple[Reply, int]:
        """Perform one verified call; gives the reply and the resource units charged.

        A refusal is not raised but told: its reply has `kind` "refusal" and the `Refusal` itself
        as body, which the face renders in its own envelope.
        """
        units = 0
        headers: dict[str, str] = {}
        try:
            route, groups = find_route(call)
            units = route.units(call)
            headers = self._charge(call, route)
            with self.tenant.lock:
                if route.permissions != (PREAUTHENTICATED,):
                    gate.admit(self.tenant, route, call, groups)
                scope = self._scope(route, call, groups)
            if route.before is not None:
                await route.before(self.tenant, call, groups)
            reply = await self._in_scope(scope, route, call, groups)
        except Refusal as refusal:
            reply = refusal.reply()
        reply.headers = {**headers, **reply.headers}
        return reply, units

    async def logged(self, call: Call, asked: str, render: Render, *, outer: bool) -> Reply:
        """Perform one call, alone or as part of a batch; it is logged as `asked`, and rendered."""
        row = self.log.start(call, asked, outer=outer)

        async def work() -> Reply:
            reply, units = await self.perform(call)
            row["resourceUnits"] = units
            return render(call, reply)

        reply = await self.faulted(call, asked, render, work)
        if outer and reply.body is not None:
            reply.body = to_bytes(reply.body)  # once: a page may be megabytes
        self.log.finish(row, status=reply.status, size=size_of(reply.body))
        return reply

    async def faulted(
        self, call: Call, asked: str, render: Render, work: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """The reply of `work`, unless a fault was ordered for this request."""

        def refuse(refusal: Refusal) -> Reply:
            return render(call, refusal.reply())

        return await self.faults.around(call.method, asked, work, refuse)

    @staticmethod
    def is_preauthenticated(call: Call) -> bool:
        """Whether the address itself is the permission, as an upload session's URL is."""
        try:
            route, _ = find_route(call)
        except Refusal:
            return False
        return route.permissions == (PREAUTHENTICATED,)

    def _charge(self, call: Call, route: Route) -> dict[str, str]:
        assert call.caller is not None
        if not call.caller.app_id:
            return {}
        with self.tenant.lock:
            limit = int(self.tenant.setting("resourceUnitsPerMinute"))
            charge = self.budget.charge(
                call.caller.app_id, route.units(call), limit, self.tenant.now()
            )
        if charge.refused:
            raise Refusal(
                429,
                "activityLimitReached",
                "The request has been throttled",
                inner="throttledRequest",
                rest_code="-2147429894, Microsoft.SharePoint.Client.ThrottledException",
                headers=charge.headers,
            )
        return charge.headers

    def _scope(self, route: Route, call: Call, groups: dict[str, str]) -> tuple[str, str] | None:
        """What a schema write holds while it runs, e.g. ("list", "<guid>")."""
        if not route.schema_scope or call.method in _READS:
            return None
        site = site_of(self.tenant, call)
        if site is None:
            return None
        if route.schema_scope != "list" or not groups.get("list"):
            kind = route.schema_scope if route.schema_scope != "list" else "site"
            return (kind, site["id"])
        return ("list", _list_id(self.tenant, site["id"], groups))

    async def _in_scope(
        self, scope: tuple[str, str] | None, route: Route, call: Call, groups: dict[str, str]
    ) -> Reply:
        """Take the time the service takes, refusing a second schema write of the same scope.

        Parallel writes to one list's schema answer 409 "Save Conflict" (observed,
        github.com/pnp/pnpjs issue 2324).
        """
        if scope is not None:
            if scope in self._in_flight:
                raise Refusal(
                    409,
                    "conflict",
                    "Save Conflict. Your changes conflict with those made concurrently by "
                    "another user.",
                    rest_code="-2130575305, Microsoft.SharePoint.SPException",
                )
            self._in_flight.add(scope)
        try:
            kind = "read" if call.method in _READS else "write"
            with self.tenant.lock:
                service_ms = float(self.tenant.setting("serviceMs").get(kind, 0))
            if service_ms or scope is not None:
                await asyncio.sleep(service_ms / 1000)
            return self._transact(route, call, groups)
        finally:
            if scope is not None:
                self._in_flight.discard(scope)

    def _transact(self, route: Route, call: Call, groups: dict[str, str]) -> Reply:
        with self.tenant.lock:
            self.tenant.db.execute("BEGIN")
            try:
                reply = route.handler(self.tenant, call, groups)
            except Refusal:
                self.tenant.roll_back()
                raise
            except Exception as error:
                self.tenant.roll_back()
                _log.exception("%s %s failed in the emulator", call.method, call.path)
                raise Refusal(
                    500,
                    "generalException",
                    f"The emulator failed on {call.method} {call.path}: "
                    f"{type(error).__name__}: {error}",
                ) from error
            self.tenant.db.execute("COMMIT")
            return reply


def find_route(call: Call) -> tuple[Route, dict[str, str]]:
    """The route of a call and the groups of its path; `Refusal` 501 where nothing is built.

    A v1.0 route serves /beta too; a beta route is not there in v1.0.
    """
    for route in _candidates(call.face, call.version, call.method):
        found = route.pattern.match(call.path)
        if found:
            return route, {name: value for name, value in found.groupdict().items() if value}
    raise Refusal(
        501,
        "notImplemented",
        f"The emulator does not build {call.method} {call.site_path}{call.path}.",
        rest_code="-1, System.NotImplementedException",
    )


@cache
def _candidates(face: Face, version: str, method: str) -> list[Route]:
    fitting = [route for route in routes_of(face) if route.method == method]
    if face == "rest" or version == "v1.0":
        return [route for route in fitting if route.version == "v1.0"]
    return sorted(fitting, key=lambda route: route.version != "beta")


def _list_id(tenant: Tenant, site_id: str, groups: dict[str, str]) -> str:
    selector = groups["list"]
    guid = re.search(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", selector, re.IGNORECASE)
    if guid:
        return guid.group().lower()
    return str(lists.resolve(tenant, site_id, selector)["id"])
