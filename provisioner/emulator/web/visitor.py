"""Who looks at the pages: nobody, or a person of the tenant who has said who they are.

As at ``/devicelogin`` there are no passwords: whoever sits at this machine may be any account. What
the person may do then is what their permissions on the site say.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from sqlite3 import Row

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from provisioner.emulator.model import principals, user_rights
from provisioner.emulator.tenant import Tenant

_COOKIE = "__Host-emulated-person"
_MEMBERSHIP = "i:0#.f|membership|"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person signed in, and the address they look at; `upn` is "" for nobody."""

    upn: str = ""
    name: str = ""
    here: str = "/"

    def __bool__(self) -> bool:
        """Whether somebody is signed in."""
        return bool(self.upn)

    def may(self, tenant: Tenant, site_id: str, scope: str, role: str) -> bool:
        """Whether they hold "read", "add", "edit" … on a scope. Nobody may look, and no more."""
        if not self:
            return role == "read"
        return user_rights.suffices(user_rights.mask(tenant, site_id, scope, self.upn), role)

    def number(self, tenant: Tenant, site_id: str) -> int | None:
        """The site's id of the person; None for nobody, and for one the site has not met."""
        row = principals.by_login(tenant, site_id, login(self.upn)) if self else None
        return None if row is None else int(row["id"])


class Sessions:
    """Who is signed in in which browser, until the server stops."""

    def __init__(self) -> None:
        self._people: dict[str, str] = {}

    def of(self, tenant: Tenant, request: Request) -> Visitor:
        """The visitor behind a request; nobody once the account is disabled or gone."""
        upn = self._people.get(request.cookies.get(_COOKIE, ""), "")
        row = _account(tenant, upn)
        asked = request.url.query
        here = request.url.path + (f"?{asked}" if asked else "")
        if row is None:
            return Visitor(here=here)
        return Visitor(str(row["upn"]).lower(), str(row["display_name"]), here)

    def sign_in(self, tenant: Tenant, upn: str, then: str) -> Response | None:
        """Go on to `then` as this person; None for an account that is not there."""
        row = _account(tenant, upn)
        if row is None:
            return None
        key = secrets.token_urlsafe(24)
        self._people[key] = str(row["upn"])
        answer = RedirectResponse(then, 303)
        answer.set_cookie(_COOKIE, key, secure=True, httponly=True, samesite="strict")
        return answer

    def sign_out(self, request: Request, then: str) -> Response:
        """Go on to `then` as nobody."""
        self._people.pop(request.cookies.get(_COOKIE, ""), None)
        answer = RedirectResponse(then, 303)
        answer.delete_cookie(_COOKIE, secure=True, httponly=True, samesite="strict")
        return answer


def accounts(tenant: Tenant) -> list[Row]:
    """Every account that can sign in, by name."""
    return tenant.rows("SELECT * FROM user WHERE enabled = 1 ORDER BY display_name, upn")


def login(upn: str) -> str:
    """The login name of a person on a site."""
    return f"{_MEMBERSHIP}{upn.lower()}"


def _account(tenant: Tenant, upn: str) -> Row | None:
    return tenant.one("SELECT * FROM user WHERE upn = ? COLLATE NOCASE AND enabled = 1", upn)
