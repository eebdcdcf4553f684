"""Microsoft Graph through msgraph-sdk's adapter, with answers as bytes.

The SDK's adapter signs and sends; its typed models never see an answer, since they read 66 list
items a second where bytes and orjson read tens of thousands, and rewrite text that looks like a
date (microsoftgraph/msgraph-sdk-python issue 584). Its middleware is left out: there is one retry
policy, and a redirect must not carry our token along.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import httpx
import orjson

from provisioner.core.batch import (
    GRAPH_PARTS,
    Part,
    PartAnswer,
    decode_graph,
    encode_graph,
)
from provisioner.core.transport import Audience
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.connection import sentence_for
from provisioner.tenant.endpoints import Endpoints, origin
from provisioner.tenant.problems import download_too_large, host_mismatch
from provisioner.tenant.wire import Place, Received, Request

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PIECE = 1 << 18
# What one upload may have, which is more than any file of ours that is read as a whole.
_LARGEST_IN_MEMORY = 250 * 1024 * 1024
# "SharePoint limits" (learn.microsoft.com/office365/servicedescriptions): what a file may have.
_LARGEST_FILE = 250 * 1024**3


class GraphService:
    """Graph as a `Service`. The session is the caller's to close."""

    audience: Audience = "graph"
    most_parts = GRAPH_PARTS

    def __init__(
        self,
        endpoints: Endpoints,
        tokens: TokenSource,
        session: httpx.AsyncClient,
        executor: Executor,
    ) -> None:
        self._endpoints = endpoints
        self._root = endpoints.graph_root
        self._origin = origin(self._root)
        self._tokens = tokens
        self._session = session
        self._executor = executor
        self._adapter: Any = None

    @property
    def batch_url(self) -> str:
        """Where batches are posted."""
        return f"{self._root}/v1.0/$batch"

    def locate(self, path: str, at: Place = "site") -> str:
        """`/beta/…` is below the beta root, an absolute URL must be Graph's, all else is v1.0."""
        del at  # Graph has one root
        if path.startswith("/beta/"):
            return self._root + path
        if path.startswith("/") and not path.startswith("//"):
            return f"{self._root}/v1.0{path}"
        if origin(path) != self._origin:
            raise host_mismatch(path, urlsplit(self._root).netloc)
        return path

    def headers(self, method: str, given: Mapping[str, str], *, has_json: bool) -> dict[str, str]:
        """JSON in and out unless the operation says otherwise."""
        del method
        headers = {"Accept": "application/json"}
        if has_json:
            headers["Content-Type"] = "application/json"
        return _merged(headers, given)

    async def sign_in(self) -> None:
        """Have a Graph token ready, and the library, which takes as long to import."""
        if self._adapter is not None:
            await self._tokens.token_from(self._executor, self.audience, None)
            return
        loop = asyncio.get_running_loop()
        made = loop.run_in_executor(
            self._executor, _adapter, self._endpoints, self._tokens, self._session, self._executor
        )
        await self._tokens.token_from(self._executor, self.audience, None)
        self._adapter = await made

    async def send(self, request: Request) -> Received:
        """Send once, signed. Raises `Lost`, and `Permanent` HOST-MISMATCH for a foreign URL."""
        if origin(request.url) != self._origin:
            raise host_mismatch(request.url, urlsplit(self._root).netloc)
        answer = await self._signed(request)
        if answer.status == 401 and self._tokens.drop_older(self.audience, 60.0):
            answer = await self._signed(request)
        return answer

    async def send_batch(self, parts: Sequence[Part]) -> Received | list[PartAnswer | None]:
        """POST the parts to `$batch`; their paths are below /v1.0."""
        request = Request(
            "POST",
            self.batch_url,
            {"Accept": "application/json", "Content-Type": "application/json"},
            encode_graph(parts),
        )
        received = await self.send(request)
        answers = decode_graph(received.content, orjson.loads)
        # A wholly throttled batch may come with an outer error and its parts inside; they count.
        if answers is None:
            return received
        found = (answers.get(part.id) for part in parts)
        return [one and one.dated(received.headers) for one in found]

    async def fetch(self, url: str, target: BinaryIO | None = None) -> Received:
        """GET file content, following redirects to https only and never with our token.

        With `target` the content of a 200 goes there, a piece at a time, and not into the answer.

        Graph answers content with a 302 to a pre-signed address ("Download driveItem content",
        learn.microsoft.com/graph/api/driveitem-get-content).
        """
        received = await self.send(Request("GET", url, {"Accept": "*/*"}))
        for _ in range(_MOST_REDIRECTS):
            if received.status not in _REDIRECTS:
                if target is not None and received.status == 200 and received.content:
                    target.write(received.content)
                    received = replace(received, content=b"")
                return received
            url = urljoin(url, received.headers.get("location", ""))
            if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
                raise host_mismatch(url, "an https address")
            try:
                received = await self._unsigned(url, target)
            except httpx.HTTPError as problem:
                raise sentence_for(url, problem) from None
        raise host_mismatch(url, "the end of a chain of redirects")

    async def _unsigned(self, url: str, target: BinaryIO | None) -> Received:
        """GET without our token. Raises what httpx does, also when it breaks off midway.

        And `Permanent` DOWNLOAD-TOO-LARGE: the host is not one of those we know.
        """
        async with self._session.stream("GET", url) as answer:
            direct = target is not None and answer.status_code == 200
            sink = target if target is not None and direct else BytesIO()
            most = _LARGEST_FILE if direct else _LARGEST_IN_MEMORY
            size = 0
            async for piece in answer.aiter_bytes(_PIECE):
                size += len(piece)
                if size > most:
                    raise download_too_large(url, most)
                sink.write(piece)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            content = sink.getvalue() if isinstance(sink, BytesIO) and not direct else b""
            return Received(answer.status_code, headers, content)

    async def _signed(self, request: Request) -> Received:
        from kiota_abstractions.method import Method  # noqa: PLC0415 - as the adapter
        from kiota_abstractions.native_response_handler import (  # noqa: PLC0415
            NativeResponseHandler,
        )
        from kiota_abstractions.request_information import RequestInformation  # noqa: PLC0415
        from kiota_http.middleware.options import ResponseHandlerOption  # noqa: PLC0415

        if self._adapter is None:
            self._adapter = _adapter(self._endpoints, self._tokens, self._session, self._executor)
        information = RequestInformation(Method[request.method])
        information.url = request.url
        for name, value in request.headers.items():
            information.headers.add(name, value)
        # Microsoft asks for one ("Best practices for working with Microsoft Graph").
        information.headers.add("client-request-id", str(uuid.uuid4()))
        if len(request.content) > _PIECE:
            # Sent whole, it would be in memory twice more: as it is encrypted, and as that is sent.
            information.headers.add("Content-Length", str(len(request.content)))
            information.content = _pieces(request.content)
        elif request.content:
            information.content = request.content
        # The native answer comes back whatever its status, with headers, and unparsed.
        information.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            answer = await self._adapter.send_primitive_async(information, "bytes", {})
        except httpx.HTTPError as problem:
            raise sentence_for(request.url, problem) from None
        return _received(answer)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), _PIECE):
        yield content[at : at + _PIECE]


def _adapter(
    endpoints: Endpoints, tokens: TokenSource, session: httpx.AsyncClient, executor: Executor
) -> Any:
    # Imported when first used: 0.4 s that a command without Graph must not pay.
    from kiota_abstractions.authentication import (  # noqa: PLC0415
        AccessTokenProvider,
        AllowedHostsValidator,
        BaseBearerTokenAuthenticationProvider,
    )
    from msgraph.graph_request_adapter import GraphRequestAdapter  # noqa: PLC0415

    root = endpoints.graph_root
    ours = origin(root)

    class Tokens(AccessTokenProvider):  # type: ignore[misc]  # the library's class is untyped
        """Our tokens, for Graph's own origin and nothing else."""

        async def get_authorization_token(
            self, uri: str, additional_authentication_context: dict[str, Any] | None = None
        ) -> str:
            if origin(uri) != ours:
                raise host_mismatch(uri, urlsplit(root).netloc)
            claims = (additional_authentication_context or {}).get("claims")
            return await tokens.token_from(executor, "graph", claims)

        def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
            return AllowedHostsValidator([urlsplit(root).hostname or ""])

    # The session is used bare: no middleware, so nothing retries, redirects or rewrites.
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Tokens()), session)
    adapter.base_url = f"{root}/v1.0"
    return adapter


def _merged(defaults: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    names = {name.lower() for name in given}
    kept = {name: value for name, value in defaults.items() if name.lower() not in names}
    return {**kept, **given}


def _received(answer: httpx.Response) -> Received:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Received(answer.status_code, headers, answer.content)
