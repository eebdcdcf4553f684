"""The SharePoint REST face: a certificate-backed token for SharePoint, then one call or a batch.

Source: "Granting access via Entra ID App-Only"
(learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread): app-only needs a
certificate; a token got with a client secret is refused, and so is one made for Graph. With a
bearer token the form digest is accepted but not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from provisioner.emulator.dispatch import Dispatcher
from provisioner.emulator.entra.tokens import RefusedTokenError, TokenService
from provisioner.emulator.json_body import size_of
from provisioner.emulator.rest import batch, metadata
from provisioner.emulator.rest.path import address
from provisioner.emulator.wire import Call, Caller, Refusal, Reply

_SECRET = "1"  # noqa: S105 - the value of `appidacr`


@dataclass(slots=True)
class RestFace:
    """Answers ``_api`` requests of one tenant."""

    dispatcher: Dispatcher
    tokens: TokenService

    async def answer(self, call: Call) -> Reply:
        """Answer an outer request; `call.path` is the path as it came."""
        asked = unquote(call.path)
        address(call, call.path)
        try:
            call.caller = self._caller(call)
        except RefusedTokenError as problem:
            row = self.dispatcher.log.start(call, asked, outer=True)
            body = {"error": "invalid_request", "error_description": str(problem)}
            headers = self._headers(call) | {
                "WWW-Authenticate": f'Bearer realm="{self.tokens.tenant_id}",'
                f'client_id="00000003-0000-0ff1-ce00-000000000000",'
                f'trusted_issuers="00000001-0000-0000-c000-000000000000@*"',
                "x-ms-diagnostics": f'3000006;reason="{problem}";category="invalid_client"',
            }
            self.dispatcher.log.finish(row, status=401, size=size_of(body))
            return Reply(401, body, headers)
        if call.path.lower() == "/_api/$batch" and call.method == "POST":
            return await self.dispatcher.faulted(
                call, asked, self.render, lambda: batch.answer(self, call, asked)
            )
        return await self.perform(call, asked, outer=True)

    async def perform(self, call: Call, asked: str, *, outer: bool) -> Reply:
        """Perform one verified call, alone or as part of a batch, and log it as `asked`."""
        return await self.dispatcher.logged(call, asked, self.render, outer=outer)

    def render(self, call: Call, reply: Reply) -> Reply:
        """The reply in the metadata level the client asked for, a refusal in its envelope."""
        body: Any
        if isinstance(reply.body, Refusal):
            body = metadata.error_body(call, reply.body)
        elif isinstance(reply.body, bytes):
            return replace(reply, headers=self._headers(call) | reply.headers)
        else:
            body = metadata.wrap(call, reply)
        headers = self._headers(call)
        if body is not None:
            headers["Content-Type"] = metadata.content_type(metadata.level_of(call))
        return Reply(reply.status, body, headers | reply.headers, reply.kind)

    def _headers(self, call: Call) -> dict[str, str]:
        request_id = self.dispatcher.tenant.guid()
        return {
            "SPRequestGuid": request_id,
            "request-id": request_id,
            "client-request-id": call.headers.get("client-request-id") or request_id,
            "X-MS-InvokeApp": "1; RequireReadOnly",
        }

    def _caller(self, call: Call) -> Caller:
        caller = self.tokens.verify(
            call.headers.get("authorization", ""), "sharepoint", call.base_url
        )
        if caller.user is None and caller.appidacr == _SECRET:
            raise RefusedTokenError("Unsupported app only token.")
        return caller
