"""The Graph face: a token for Graph, one call or a batch, answers in Graph's envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from provisioner.emulator.dispatch import Dispatcher
from provisioner.emulator.entra.tokens import RefusedTokenError, TokenService
from provisioner.emulator.graph import batch
from provisioner.emulator.graph.envelope import correlation_headers, error_body
from provisioner.emulator.graph.path import address
from provisioner.emulator.json_body import size_of
from provisioner.emulator.wire import Call, Caller, Refusal, Reply


@dataclass(slots=True)
class GraphFace:
    """Answers Graph requests of one tenant."""

    dispatcher: Dispatcher
    tokens: TokenService

    async def answer(self, call: Call) -> Reply:
        """Answer an outer request; `call.path` is the path as it came."""
        asked = call.path
        address(call, unquote(asked))
        try:
            call.caller = self._caller(call)
        except RefusedTokenError as problem:
            refusal = Refusal(
                401,
                "InvalidAuthenticationToken",
                str(problem),
                headers={
                    "WWW-Authenticate": 'Bearer realm="", authorization_uri="'
                    f'{call.base_url}/common/oauth2/authorize", '
                    'client_id="00000003-0000-0000-c000-000000000000"'
                },
            )
            row = self.dispatcher.log.start(call, asked, outer=True)
            reply = self.render(call, refusal.reply())
            self.dispatcher.log.finish(row, status=401, size=size_of(reply.body))
            return reply
        if call.path == "/$batch" and call.method == "POST":
            return await self.dispatcher.faulted(
                call, asked, self.render, lambda: batch.answer(self, call, asked)
            )
        return await self.perform(call, asked, outer=True)

    async def perform(self, call: Call, asked: str, *, outer: bool) -> Reply:
        """Perform one verified call, alone or as part of a batch, and log it as `asked`."""
        return await self.dispatcher.logged(call, asked, self.render, outer=outer)

    def render(self, call: Call, reply: Reply) -> Reply:
        """The reply with correlation headers, and a refusal in Graph's error envelope."""
        headers = correlation_headers(call)
        body: Any = reply.body
        if isinstance(body, Refusal):
            body = error_body(body, headers, self.dispatcher.tenant.now())
        return Reply(reply.status, body, {**headers, **reply.headers}, reply.kind)

    def _caller(self, call: Call) -> Caller:
        try:
            return self.tokens.verify(call.headers.get("authorization", ""), "graph", call.base_url)
        except RefusedTokenError:
            if self.dispatcher.is_preauthenticated(call):
                return Caller("", "graph", frozenset())
            raise
