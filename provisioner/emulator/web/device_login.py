"""``/devicelogin``: where a person enters the code that a program shows, and says who they are.

There are no passwords here: whoever sits at this machine may be any account of the tenant.
"""

from __future__ import annotations

from html import escape
from sqlite3 import Row

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from provisioner.emulator.entra import people
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.posted import from_here, posted
from provisioner.emulator.web.visitor import accounts

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem;color:#1b2733}
label{display:block;font-weight:600;margin:1rem 0 .3rem}input,select,button{font:inherit;
padding:.5rem .7rem;border:1px solid #77818a;border-radius:4px;width:100%;box-sizing:border-box}
button{margin-top:1rem;background:#0b5cad;color:#fff;border-color:#0b5cad}
button.quiet{background:#fff;color:#1b2733;border-color:#77818a}
[role=status]{background:#f3f5f7;border-left:4px solid #0b5cad;padding:.6rem .8rem}
"""


def device_login_routes(tenant: Tenant) -> list[Route]:
    """The page and what its form is sent to."""

    async def show(request: Request) -> Response:
        code = request.query_params.get("otc", "")
        with tenant.lock:
            return _page(tenant, code, "")

    async def decide(request: Request) -> Response:
        if not from_here(request):
            return _html("<p>This form was not sent from its own page.</p>", 403)
        form = await posted(request)
        code, upn, answer = (form.first(name) for name in ("code", "user", "answer"))
        approve = answer == "approve"
        with tenant.lock:
            try:
                people.decide(tenant, code, upn, approve=approve)
            except LookupError as problem:
                return _page(tenant, code, str(problem), 400)
        done = f"Signed in as {upn}." if approve else "Sign-in was declined."
        return _html(
            f'<p role="status">{escape(done)} You can close this page and go back to the '
            "program.</p>"
        )

    return [
        Route("/devicelogin", show, methods=["GET"]),
        Route("/devicelogin", decide, methods=["POST"]),
    ]


def _page(tenant: Tenant, code: str, problem: str, status: int = 200) -> Response:
    options = "".join(_option(user) for user in accounts(tenant))
    told = f'<p role="status">{escape(problem)}</p>' if problem else ""
    return _html(
        f'{told}<form method="post" action="/devicelogin">'
        '<label for="code">Code shown by the program</label>'
        f'<input id="code" name="code" value="{escape(code, quote=True)}" required autofocus '
        'autocomplete="off" spellcheck="false">'
        f'<label for="user">Account</label><select id="user" name="user">{options}</select>'
        '<button name="answer" value="approve">Sign in</button>'
        '<button name="answer" value="decline" class="quiet">Decline</button></form>',
        status,
    )


def _option(user: Row) -> str:
    upn = escape(user["upn"], quote=True)
    return f'<option value="{upn}">{escape(user["display_name"])} ({upn})</option>'


def _html(body: str, status: int = 200) -> Response:
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>'
        f"<style>{_STYLE}</style><h1>Sign in</h1>{body}</html>",
        status,
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
            "form-action 'self'; frame-ancestors 'none'"
        },
    )
