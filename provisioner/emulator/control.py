"""The control plane, ``/_emulator/``: what a test or a curious person may ask and set.

Loopback only, by peer address and by Host header, so that no web page can reach it through a name
that resolves to 127.0.0.1.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioner.emulator import seeds
from provisioner.emulator.budget import Budget
from provisioner.emulator.clouds import CLOUDS
from provisioner.emulator.entra import federation, people
from provisioner.emulator.faults import FaultPlan, FaultProblem
from provisioner.emulator.gate import ROLE_RANK
from provisioner.emulator.model.localised import by_tag
from provisioner.emulator.request_log import RequestLog
from provisioner.emulator.snapshots import NAME, Snapshots
from provisioner.emulator.state_dump import state_of
from provisioner.emulator.tenant import DEFAULT_SETTINGS, Tenant
from provisioner.emulator.wire import Refusal

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_KINDS: dict[str, type | tuple[type, ...]] = {
    name: (int, float) if isinstance(value, int) and not isinstance(value, bool) else type(value)
    for name, value in DEFAULT_SETTINGS.items()
}


class ControlProblem(ValueError):
    """A request of the control plane makes no sense; the text says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """The handlers; each gives a JSON value or raises `ControlProblem`."""

    tenant: Tenant
    log: RequestLog
    budget: Budget
    faults: FaultPlan
    snapshots: Snapshots

    def health(self, _body: Any) -> Any:
        """Who serves here: another process of ours looks before it starts its own."""
        return {"status": "ok", "pid": os.getpid(), "tenantId": seeds.TENANT_ID}

    def requests(self, _body: Any) -> Any:
        """Every request since the last clear."""
        return self.log.rows()

    def clear_requests(self, _body: Any) -> Any:
        """Forget the requests so far."""
        self.log.clear()

    def settings(self, _body: Any) -> Any:
        """The settings as they are, and the tenant's clock."""
        values = {name: self.tenant.setting(name) for name in DEFAULT_SETTINGS}
        return values | {"clock": self.tenant.now().isoformat()}

    def change_settings(self, body: Any) -> Any:
        """Change some settings; `clock` sets the clock, `clockAdvanceSeconds` moves it on.

        Nothing is changed if one of them is unknown or of the wrong type.
        """
        if not isinstance(body, dict):
            raise ControlProblem("The body must be an object of settings.")
        clock = _moment(body["clock"]) if "clock" in body else None
        advance = body.get("clockAdvanceSeconds", 0)
        if not isinstance(advance, int | float):
            raise ControlProblem("clockAdvanceSeconds must be a number.")
        changes = {k: v for k, v in body.items() if k not in ("clock", "clockAdvanceSeconds")}
        for name, value in changes.items():
            self._check(name, value)
        for name, value in changes.items():
            kept = self.tenant.setting(name)
            self.tenant.set_setting(name, kept | value if isinstance(kept, dict) else value)
        if clock is not None:
            self.tenant.set_clock(clock)
        if advance:
            self.tenant.set_clock(self.tenant.now() + timedelta(seconds=advance))
        if "seed" in changes:
            self.tenant.reseed()
        return self.settings(None)

    def reset(self, body: Any) -> Any:
        """Back to a new tenant; the body may hold settings to begin with, such as a locale.

        App registrations keep their secrets and certificates, so clients stay signed in.
        """
        for name, value in (body or {}).items():
            self._check(name, value)
        self.tenant.reset()
        self.change_settings(body or {})
        seeds.seed(self.tenant)
        self.log.clear()
        self.budget.clear()
        self.faults.clear()

    def state(self, _body: Any) -> Any:
        """Everything in the tenant, plainly."""
        return state_of(self.tenant)

    def outbox(self, _body: Any) -> Any:
        """Mails and notifications that would have been sent."""
        rows = self.tenant.rows("SELECT * FROM outbox ORDER BY seq")
        return [{"kind": row["kind"], "at": row["at"], **json.loads(row["doc"])} for row in rows]

    def list_faults(self, _body: Any) -> Any:
        """The faults on order, each with how many requests it matched and how many it hit."""
        return self.faults.listed()

    def order_faults(self, body: Any) -> Any:
        """Order these faults instead of those before."""
        try:
            self.faults.replace(body)
        except FaultProblem as problem:
            raise ControlProblem(str(problem)) from None
        return self.faults.listed()

    def clear_faults(self, _body: Any) -> Any:
        """Order none."""
        self.faults.clear()

    def snapshot(self, body: Any) -> Any:
        """Keep the tenant as it is now; gives ``{"id"}``. A name that is taken is overwritten."""
        name = body.get("name") if isinstance(body, dict) else None
        if name is not None and not (isinstance(name, str) and NAME.match(name)):
            raise ControlProblem("name must be letters, digits, dots and hyphens, at most 80.")
        return {"id": self.snapshots.take(name)}

    def restore(self, body: Any) -> Any:
        """Make the tenant what it was when the snapshot was taken.

        Apps keep their secrets and certificates, so clients stay signed in; the request log, the
        budgets of this minute and the faults on order are no part of the tenant.
        """
        wanted = body.get("id") if isinstance(body, dict) else None
        try:
            self.snapshots.restore(str(wanted))
        except KeyError:
            raise ControlProblem(f"There is no snapshot {wanted!r}.", 404) from None

    def grant(self, body: Any) -> Any:
        """Give an app a role on a site, as an administrator would with Sites.Selected."""
        body = body if isinstance(body, dict) else {}
        site_path, name, role = (str(body.get(key, "")) for key in ("site", "app", "role"))
        site = self.tenant.one("SELECT id FROM site WHERE path = ?", site_path.rstrip("/"))
        if site is None:
            raise ControlProblem(f"There is no site at {site_path!r}.", 404)
        app = self.tenant.one("SELECT app_id FROM app WHERE name = ? OR app_id = ?", name, name)
        if app is None:
            raise ControlProblem(f"There is no app registration {name!r}.", 404)
        if role not in ROLE_RANK:
            raise ControlProblem(f"role must be one of {', '.join(ROLE_RANK)}.")
        self.tenant.run(
            "DELETE FROM app_grant WHERE site_id = ? AND app_id = ? AND list_id IS NULL",
            site["id"],
            app["app_id"],
        )
        self.tenant.run(
            "INSERT INTO app_grant (id, site_id, app_id, role) VALUES (?, ?, ?, ?)",
            self.tenant.guid(),
            site["id"],
            app["app_id"],
            role,
        )
        return {"site": site_path, "app": name, "role": role}

    def federate(self, body: Any) -> Any:
        """Let an app trust another issuer's tokens: ``{"app", "issuer", "subject", "publicKey"}``.

        `audience` is Entra's own unless it is given. `publicKey` is PEM, of an RSA key.
        """
        body = body if isinstance(body, dict) else {}
        name, key = str(body.get("app", "")), str(body.get("publicKey", ""))
        app = self.tenant.one("SELECT app_id FROM app WHERE name = ? OR app_id = ?", name, name)
        if app is None:
            raise ControlProblem(f"There is no app registration {name!r}.", 404)
        issuer, subject = str(body.get("issuer", "")), str(body.get("subject", ""))
        if not issuer.startswith("https://") or not subject or "BEGIN PUBLIC KEY" not in key:
            raise ControlProblem("issuer must be https, subject a text, publicKey a PEM key.")
        self.tenant.run(
            "INSERT INTO federated_credential VALUES (?, ?, ?, ?, ?, ?)",
            self.tenant.guid(),
            app["app_id"],
            issuer,
            subject,
            str(body.get("audience") or federation.AUDIENCE),
            key,
        )
        return {"app": name, "issuer": issuer, "subject": subject}

    def device_login(self, body: Any) -> Any:
        """Sign a person in for a device code: ``{"userCode", "user", "approve": true}``."""
        body = body if isinstance(body, dict) else {}
        code, upn = str(body.get("userCode", "")), str(body.get("user", ""))
        try:
            people.decide(self.tenant, code, upn, approve=body.get("approve", True) is True)
        except LookupError as problem:
            raise ControlProblem(str(problem), 404) from None

    @staticmethod
    def _check(name: str, value: Any) -> None:
        if name not in DEFAULT_SETTINGS:
            known = ", ".join(sorted([*DEFAULT_SETTINGS, "clock", "clockAdvanceSeconds"]))
            raise ControlProblem(f"There is no setting {name!r}; there are {known}.")
        wrong_number = isinstance(value, bool) and not isinstance(DEFAULT_SETTINGS[name], bool)
        if wrong_number or not isinstance(value, _KINDS[name]):
            raise ControlProblem(f"{name} must be like {json.dumps(DEFAULT_SETTINGS[name])}.")
        if isinstance(value, int | float) and value < 0:
            raise ControlProblem(f"{name} cannot be negative.")
        if name == "cloud" and value not in CLOUDS:
            raise ControlProblem(f"cloud must be one of {', '.join(CLOUDS)}.")
        if name == "timeZone":
            try:
                ZoneInfo(str(value))
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ControlProblem("timeZone must be a name such as Europe/Paris.") from None
        if name == "locale":
            try:
                by_tag(str(value))
            except Refusal as refusal:
                raise ControlProblem(refusal.message) from None


def control_app(plane: ControlPlane, *, health_only: bool = False) -> Starlette:
    """The control plane as an ASGI application; with `health_only` nothing but ``health``."""
    endpoints: list[tuple[str, str, Callable[[Any], Any]]] = [("GET", "health", plane.health)]
    if not health_only:
        endpoints += [
            ("GET", "requests", plane.requests),
            ("DELETE", "requests", plane.clear_requests),
            ("GET", "settings", plane.settings),
            ("PUT", "settings", plane.change_settings),
            ("POST", "reset", plane.reset),
            ("GET", "state", plane.state),
            ("GET", "outbox", plane.outbox),
            ("POST", "grants", plane.grant),
            ("POST", "device-logins", plane.device_login),
            ("POST", "federated-credentials", plane.federate),
            ("GET", "faults", plane.list_faults),
            ("PUT", "faults", plane.order_faults),
            ("DELETE", "faults", plane.clear_faults),
            ("POST", "snapshot", plane.snapshot),
            ("POST", "restore", plane.restore),
        ]
    return Starlette(
        routes=[
            Route(f"/_emulator/{name}", _endpoint(plane.tenant, handler), methods=[method])
            for method, name, handler in endpoints
        ]
    )


def _endpoint(tenant: Tenant, handler: Callable[[Any], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        peer = request.client.host if request.client else ""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        if peer not in _LOOPBACK or host not in _LOOPBACK:
            return _json(403, {"error": "The control plane answers on loopback only."})
        content = await request.body()
        try:
            body = orjson.loads(content) if content.strip() else None
        except orjson.JSONDecodeError:
            return _json(400, {"error": "The body is not JSON."})
        try:
            with tenant.lock:
                value = handler(body)
        except ControlProblem as problem:
            return _json(problem.status, {"error": str(problem)})
        return Response(status_code=204) if value is None else _json(200, value)

    return endpoint


def _json(status: int, value: Any) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ControlProblem("clock must be an ISO 8601 time, e.g. 2026-03-31T08:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
