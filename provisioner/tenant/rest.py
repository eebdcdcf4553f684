"""SharePoint REST through Office365-REST-Python-Client's direct requests.

The library adds the token and a client request id to requests of our own; its object model, its
retries and its redirects are not used. It would also fetch a form digest and send it with every
request; with a bearer token SharePoint does not ask for one, so that round trip is left out.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests

from provisioner.core.batch import REST_PARTS, Part, PartAnswer, decode_rest, encode_rest
from provisioner.core.transport import Audience
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.connection import sentence_for
from provisioner.tenant.endpoints import Endpoints, origin
from provisioner.tenant.problems import host_mismatch
from provisioner.tenant.sessions import CONNECT_SECONDS, READ_SECONDS
from provisioner.tenant.wire import Place, Received, Request

_JSON = "application/json;odata=nometadata"
_TUNNELLED = frozenset({"MERGE", "DELETE"})
_CONDITIONAL = frozenset({"MERGE", "PATCH", "PUT", "DELETE"})


class RestService:
    """SharePoint as a `Service`. The session is the caller's to close."""

    audience: Audience = "sharepoint"
    most_parts = REST_PARTS

    def __init__(
        self,
        endpoints: Endpoints,
        tokens: TokenSource,
        session: requests.Session,
        executor: Executor,
    ) -> None:
        self._site = endpoints.site_url
        self._root = endpoints.sharepoint_root
        self._origin = origin(self._site)
        self._tokens = tokens
        self._session = session
        self._executor = executor
        self._lock = Lock()
        self._pending: Any = None

    @property
    def batch_url(self) -> str:
        """Where batches are posted."""
        return f"{self._site}/_api/$batch"

    def locate(self, path: str, at: Place = "site") -> str:
        """`/_api/…` is below the site or the root site; an absolute URL must be on their host."""
        if path.startswith("/") and not path.startswith("//"):
            return (self._site if at == "site" else self._root) + path
        if origin(path) != self._origin:
            raise host_mismatch(path, urlsplit(self._site).netloc)
        return path

    def headers(self, method: str, given: Mapping[str, str], *, has_json: bool) -> dict[str, str]:
        """JSON without metadata; changes and removals apply to whatever version is there."""
        headers = {"Accept": _JSON}
        if has_json:
            headers["Content-Type"] = _JSON
        if method in _CONDITIONAL:
            headers["If-Match"] = "*"
        names = {name.lower() for name in given}
        return {**{n: v for n, v in headers.items() if n.lower() not in names}, **given}

    async def sign_in(self) -> None:
        """Have a SharePoint token ready, and the library, which takes as long to import."""
        if self._pending is not None:
            await self._tokens.token_from(self._executor, self.audience, None)
            return
        loop = asyncio.get_running_loop()
        made = loop.run_in_executor(self._executor, self._request)
        await self._tokens.token_from(self._executor, self.audience, None)
        await made

    async def send(self, request: Request) -> Received:
        """Send once, signed. Raises `Lost`, and `Permanent` HOST-MISMATCH for a foreign URL."""
        if origin(request.url) != self._origin:
            raise host_mismatch(request.url, urlsplit(self._site).netloc)
        # Before the library asks: it would log a refused sign-in with a traceback.
        await self.sign_in()
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._executor, self._signed, request)
        if answer.status == 401 and self._tokens.drop_older(self.audience, 60.0):
            await self.sign_in()
            answer = await loop.run_in_executor(self._executor, self._signed, request)
        return answer

    async def send_batch(self, parts: Sequence[Part]) -> Received | list[PartAnswer | None]:
        """POST the parts to `_api/$batch`; answers come in the order of the parts."""
        boundary = f"batch_{uuid.uuid4()}"
        absolute = [
            Part(part.id, part.method, self.locate(part.path), part.headers, part.body)
            for part in parts
        ]
        request = Request(
            "POST",
            self.batch_url,
            {"Accept": _JSON, "Content-Type": f"multipart/mixed; boundary={boundary}"},
            encode_rest(absolute, boundary),
        )
        received = await self.send(request)
        if received.status != 200:
            return received
        kind = received.headers.get("content-type", "")
        answers = decode_rest(received.content, kind, orjson.loads)
        if answers is None:
            return received
        if len(answers) != len(parts):
            # Answers are told apart by position alone, so with one missing none can be trusted.
            return [None] * len(parts)
        return [one.dated(received.headers) for one in answers]

    def _signed(self, request: Request) -> Received:
        from office365.runtime.client_request_exception import (  # noqa: PLC0415 - as the context
            ClientRequestException,
        )
        from office365.runtime.http.http_method import HttpMethod  # noqa: PLC0415
        from office365.runtime.http.request_options import RequestOptions  # noqa: PLC0415

        headers = dict(request.headers)
        method = request.method
        if method in _TUNNELLED:
            headers["X-HTTP-Method"] = method
            method = "POST"
        options = RequestOptions(
            request.url,
            method=HttpMethod(method),
            headers=headers,
            data=request.content if method != "GET" else None,
        )
        try:
            answer = self._request().execute_request_direct(options)
        except ClientRequestException as problem:
            if problem.response is None:
                raise sentence_for(request.url, problem) from None
            answer = problem.response
        except requests.RequestException as problem:
            raise sentence_for(request.url, problem) from None
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return Received(answer.status_code, lower, answer.content)

    def _request(self) -> Any:
        with self._lock:
            if self._pending is None:
                # What the library's ClientContext sends with, without its 600 modules of entities.
                from office365.sharepoint.request import SharePointRequest  # noqa: PLC0415

                pending = SharePointRequest(self._site).with_access_token(self._token)
                pending.with_transport(
                    session=self._session, timeout=(CONNECT_SECONDS, READ_SECONDS)
                )
                pending.beforeExecute -= pending.ensure_form_digest
                self._pending = pending
            return self._pending

    def _token(self) -> dict[str, Any]:
        # No lifetime: the library asks each time and our source, which keeps it, decides.
        return {
            "token_type": "Bearer",
            "access_token": self._tokens.token(self.audience),
            "expires_in": 0,
        }
