"""The `Transport` to one site of one tenant, put together.

async with open_client(endpoints, credentials) as transport:
    answers = await transport.read(readings)
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import BinaryIO, Self

import httpx

from provisioner.core.progress import Progress
from provisioner.core.transport import (
    Answer,
    Audience,
    Envelope,
    Operation,
    Outcome,
    Reading,
    Stats,
)
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.governor import Budget, Governor
from provisioner.tenant.graph import GraphService
from provisioner.tenant.reading import Reader
from provisioner.tenant.rest import RestService
from provisioner.tenant.retry import RetryPolicy
from provisioner.tenant.sessions import USER_AGENT, PlainSession, graph_session
from provisioner.tenant.wire import Between, ContentService, Service
from provisioner.tenant.writing import Writer

DEADLINE_SECONDS = 300.0
AUDIENCES: tuple[Audience, ...] = ("graph", "sharepoint")
CONCURRENCY = 6


class TenantClient:
    """Implements `core.transport.Transport`. Nothing is sent before the first read or write.

    An async context manager: leaving it closes the HTTP sessions. `deadline` is the most seconds
    one request may take with all its waits; `concurrency` the most requests under way at once.
    `budget` is the app's in this tenant, shared by all clients of the app there; `learnt` is told when
    its limit shows.
    `tell` shows a person the code to sign in with. `between` records what passes, or plays it again.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        *,
        progress: Progress | None = None,
        deadline: float = DEADLINE_SECONDS,
        concurrency: int = CONCURRENCY,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: random.Random | None = None,
        session: httpx.AsyncClient | None = None,
        budget: Budget | None = None,
        learnt: Callable[[int], None] | None = None,
        tell: Callable[[str], None] | None = None,
        between: Between | None = None,
    ) -> None:
        self._endpoints = endpoints
        self._policy = RetryPolicy(
            deadline=deadline,
            sleep=sleep,
            clock=clock,
            wall=wall,
            chance=chance,
            progress=progress,
        )
        self._executor = ThreadPoolExecutor(concurrency, thread_name_prefix="sharepoint")
        self._http = session if session is not None else graph_session(endpoints, concurrency)
        self._http.headers["User-Agent"] = USER_AGENT
        self._requests = PlainSession(endpoints, concurrency)
        tokens = TokenSource(
            credentials, endpoints, self._requests, clock=clock, wall=wall, tell=tell
        )
        self._tokens = tokens
        graph: ContentService = GraphService(endpoints, tokens, self._http, self._executor)
        rest: Service = RestService(endpoints, tokens, self._requests, self._executor)
        self._between = between
        if between is not None:
            graph, rest = between.graph(graph), between.rest(rest)
        self._graph = graph
        governor = Governor(
            sleep=sleep,
            clock=clock,
            stats=self._policy.stats,
            progress=progress,
            budget=budget,
            learnt=learnt,
            patience=deadline,
        )
        self._reader = Reader(endpoints, graph, rest, self._policy, governor, concurrency)
        self._writer = Writer(
            endpoints, {"graph": graph, "sharepoint": rest}, self._policy, governor, concurrency
        )

    @property
    def hostname(self) -> str:
        """The SharePoint host, "contoso.sharepoint.com"."""
        return self._endpoints.hostname

    @property
    def site_path(self) -> str:
        """Server-relative path of the site, "/sites/acme"."""
        return self._endpoints.site_path

    @property
    def stats(self) -> Stats:
        """Counted as it goes."""
        return self._policy.stats

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        """All readings, batched and in parallel; equal ones are sent once."""
        for audience in {reading.audience for reading in readings}:
            self._tokens.check(audience)  # before the other audience's are sent
        return await self._reader.read(readings)

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        """Send envelopes in parallel; one list of outcomes for each, in the order of its parts."""
        for audience in {envelope.audience for envelope in envelopes}:
            self._tokens.check(audience)
        return await self._writer.write(envelopes)

    async def upload(self, path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        """PUT the bytes to a Graph content path, "/drives/{id}/root:/a.json:/content".

        For files up to 250 MB ("Upload small files", learn.microsoft.com/graph/api/
        driveitem-put-content).
        """
        headers = {"Content-Type": "application/octet-stream"}
        if if_match is not None:
            headers["If-Match"] = if_match
        await self._graph.sign_in()
        return await self._writer.one(
            Operation(
                audience="graph",
                method="PUT",
                path=path,
                address="",
                scope=path,
                body=data,
                headers=headers,
                permission="Sites.Selected",
                alone=True,
            )
        )

    async def download(self, path: str) -> bytes | None:
        """The bytes at a Graph content path; None for 404."""
        reading = Reading("graph", path, absent_ok=True, permission="Sites.Selected")
        answer = (await self._reader.read([reading]))[reading]
        if answer.status == 404:
            return None
        return answer.body if isinstance(answer.body, bytes) else b""

    async def save(self, path: str, target: BinaryIO) -> int | None:
        """Write the bytes at a Graph content path into an open file; None for 404."""
        reading = Reading("graph", path, absent_ok=True, permission="Sites.Selected")
        return await self._reader.save(reading, target)

    async def app_roles(self) -> frozenset[str]:
        """The app roles in our own two tokens, "graph:Sites.Create.All"."""
        loop = asyncio.get_running_loop()
        found: list[str] = []
        for audience in AUDIENCES:
            ask = partial(self._tokens.roles, audience)
            if self._between is not None:
                ask = partial(self._between.roles, audience, ask)
            roles = await loop.run_in_executor(self._executor, ask)
            found += [f"{audience}:{role}" for role in roles]
        return frozenset(found)

    async def aclose(self) -> None:
        """Close the HTTP sessions and the threads."""
        self._tokens.close()
        await self._http.aclose()
        self._requests.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def open_client(
    endpoints: Endpoints,
    credentials: Credentials,
    *,
    progress: Progress | None = None,
    deadline: float = DEADLINE_SECONDS,
    concurrency: int = CONCURRENCY,
    budget: Budget | None = None,
    learnt: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
    between: Between | None = None,
) -> TenantClient:
    """A client for one site, to be used as `async with`."""
    return TenantClient(
        endpoints,
        credentials,
        progress=progress,
        deadline=deadline,
        concurrency=concurrency,
        budget=budget,
        learnt=learnt,
        tell=tell,
        between=between,
    )
