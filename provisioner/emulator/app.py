"""The ASGI application: which face a request is for, and what goes back on the wire.

It is plain ASGI where clients are measured against us (Entra, Graph, SharePoint REST); the control
plane and the web pages are Starlette applications.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from provisioner.emulator.broken_line import break_line
from provisioner.emulator.dispatch import Dispatcher
from provisioner.emulator.entra.authority import Authority, is_entra
from provisioner.emulator.entra.tokens import TokenService
from provisioner.emulator.faults import HTTP_DATE
from provisioner.emulator.graph import path as graph_path
from provisioner.emulator.graph.face import GraphFace
from provisioner.emulator.json_body import size_of, to_bytes
from provisioner.emulator.request_log import RequestLog
from provisioner.emulator.rest import path as rest_path
from provisioner.emulator.rest.face import RestFace
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.webhooks import Notifier
from provisioner.emulator.wire import Call, Face, Refusal, Reply

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)


class EmulatorApp:
    """One tenant on HTTP. `control` and `pages` answer ``/_emulator/`` and the rest of the paths.

    They are handed in because they are Starlette applications built around the same tenant.
    """

    def __init__(
        self, tenant: Tenant, tokens: TokenService, log: RequestLog, dispatcher: Dispatcher
    ) -> None:
        self.tenant = tenant
        self.log = log
        self.faults = dispatcher.faults
        self.authority = Authority(tenant, tokens)
        self.graph = GraphFace(dispatcher, tokens)
        self.rest = RestFace(dispatcher, tokens)
        self.notifier = Notifier(tenant, tokens.tenant_id)
        self.control: Asgi | None = None
        self.pages: Asgi | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; what it changed is told to those who subscribed."""
        try:
            await self._serve(scope, receive, send)
        finally:
            if scope["method"] not in ("GET", "HEAD"):
                self.notifier.wake()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http", "the server runs without lifespan and websockets"
        raw_path = scope["raw_path"].decode("latin-1")
        decoded = unquote(raw_path)
        if decoded == "/_emulator" or decoded.startswith("/_emulator/"):
            await self._hand_over(self.control, scope, receive, send)
            return
        face = _face_of(decoded)
        if face == "web":
            await self._hand_over(self.pages, scope, receive, send)
            return
        call = await _call(face, raw_path, scope, receive)
        with self.tenant.lock:
            latency_ms = float(self.tenant.setting("latencyMs"))
        if latency_ms:
            await asyncio.sleep(latency_ms / 1000)
        try:
            reply = await self._answer(call)
        except Exception as error:  # noqa: BLE001 - a client must see a fault, not a cut line
            _log.exception("%s %s failed in the emulator", call.method, call.path)
            message = f"The emulator failed: {type(error).__name__}: {error}"
            reply = Reply(500, {"error": {"code": "generalException", "message": message}})
        if reply.connection in ("", "truncate"):
            await self._send(call, reply, send)
        if reply.connection:
            await break_line(reply.connection, receive, send)

    async def _answer(self, call: Call) -> Reply:
        if call.face == "graph":
            return await self.graph.answer(call)
        if call.face == "rest":
            return await self.rest.answer(call)
        row = self.log.start(call, call.path, outer=True)

        async def work() -> Reply:
            with self.tenant.lock:
                return self.authority.answer(call)

        def refuse(refusal: Refusal) -> Reply:
            body = {"error": "temporarily_unavailable", "error_description": refusal.message}
            return Reply(refusal.status, body, dict(refusal.headers))

        reply = await self.faults.around(call.method, unquote(call.path), work, refuse)
        self.log.finish(row, status=reply.status, size=size_of(reply.body))
        return reply

    async def _send(self, call: Call, reply: Reply, send: Send) -> None:
        body = to_bytes(reply.body)
        cut = len(body) // 2 if reply.connection == "truncate" else len(body)
        headers = {"content-type": "application/json", "cache-control": "private"}
        if reply.body is None:
            del headers["content-type"]
        headers |= {name.lower(): value for name, value in reply.headers.items()}
        headers["date"] = self.tenant.now().strftime(HTTP_DATE)
        if reply.status not in (204, 304):
            headers["content-length"] = str(len(body))
        await send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
            }
        )
        sent = b"" if call.method == "HEAD" else body[:cut]
        unfinished = cut < len(body)
        await send({"type": "http.response.body", "body": sent, "more_body": unfinished})

    async def _hand_over(
        self, app: Asgi | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if app is not None:
            await app(scope, receive, send)
            return
        body = b'{"error":{"code":"notFound","message":"The control plane is off."}}'
        await send(
            {
                "type": "http.response.start",
                "status": 404,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body})


def _face_of(decoded: str) -> Face:
    if graph_path.is_graph(decoded):
        return "graph"
    if rest_path.is_rest(decoded):
        return "rest"
    if is_entra(decoded):
        return "entra"
    return "web"


async def _call(face: Face, raw_path: str, scope: Scope, receive: Receive) -> Call:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    options = {"graph": graph_path.options, "rest": rest_path.options}.get(face)
    return Call(
        face=face,
        method=scope["method"].upper(),
        path=raw_path,
        query=options(query) if options else dict(parse_qsl(query, keep_blank_values=True)),
        headers=headers,
        body=await _body(receive),
        base_url=f"https://{headers.get('host', 'localhost')}",
    )


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(chunks)
