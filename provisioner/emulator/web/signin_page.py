"""``/signin`` and ``/signout``: a person of the tenant says who they are, and leaves again."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.frame import page
from provisioner.emulator.web.markup import address, tag
from provisioner.emulator.web.posted import from_here, posted
from provisioner.emulator.web.visitor import Sessions, Visitor, accounts


def signin_routes(tenant: Tenant, sessions: Sessions) -> list[Route]:
    """The page, and what its form and the sign-out button are sent to."""

    async def show(request: Request) -> Response:
        with tenant.lock:
            return _page(tenant, sessions.of(tenant, request), request.query_params.get("then", ""))

    async def enter(request: Request) -> Response:
        form = await posted(request)
        then = form.first("then")
        with tenant.lock:
            found = sessions.sign_in(tenant, form.first("user"), _inside(then))
            if found is None or not from_here(request):
                return _page(tenant, sessions.of(tenant, request), then, 400)
            return found

    async def leave(request: Request) -> Response:
        form = await posted(request)
        return sessions.sign_out(request, _inside(form.first("then")))

    return [
        Route("/signin", show, methods=["GET"]),
        Route("/signin", enter, methods=["POST"]),
        Route("/signout", leave, methods=["POST"]),
    ]


def _inside(then: str) -> str:
    """An address of this server, whatever was asked for."""
    path, mark, query = then.partition("?")
    return "/" + path.lstrip("/\\") + mark + query


def _page(tenant: Tenant, visitor: Visitor, then: str, status: int = 200) -> Response:
    options = [
        tag("option", f"{one['display_name']} ({one['upn']})", value=one["upn"])
        for one in accounts(tenant)
    ]
    return page(
        "Sign in",
        tag(
            "p",
            "There are no passwords here: choose who you are. What you may do then is what "
            "the site lets this person do.",
        ),
        tag(
            "form",
            tag("input", type="hidden", name="then", value=then),
            tag("label", "Account", for_="account"),
            tag("select", options, id="account", name="user"),
            tag("p", tag("button", "Sign in")),
            method="post",
            action=address("/signin"),
            class_="card entry",
        ),
        visitor=replace(visitor, here=_inside(then)),
        status=status,
    )
