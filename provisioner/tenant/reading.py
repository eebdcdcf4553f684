"""Readings in, answers out: said once each, packed into batches, followed through all pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from provisioner.core.batch import Part
from provisioner.core.errors import Permanent, ProvisionerError
from provisioner.core.transport import Answer, Audience, Reading
from provisioner.tenant import problems
from provisioner.tenant.busy import again_if_busy
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.governor import Governor
from provisioner.tenant.grouping import grouped, is_content
from provisioner.tenant.limits import BUSY
from provisioner.tenant.retry import RECONNECTS, Again, RetryPolicy
from provisioner.tenant.wire import ContentService, Lost, Received, Request, Service

_NEXT_LINKS = ("@odata.nextLink", "odata.nextLink")

Found = dict[Reading, Answer | ProvisionerError]


class Reader:
    """Sends readings; `concurrency` requests of one call are under way at most."""

    def __init__(
        self,
        endpoints: Endpoints,
        graph: ContentService,
        rest: Service,
        policy: RetryPolicy,
        governor: Governor,
        concurrency: int,
    ) -> None:
        self._endpoints = endpoints
        self._graph = graph
        self._services: dict[Audience, Service] = {"graph": graph, "sharepoint": rest}
        self._policy = policy
        self._governor = governor
        self._concurrency = concurrency

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        """An answer to each different reading.

        Raises `Refused`, `Permanent`, `Temporary` or `ProvisionerError` for the first, in the
        order given, that has none.
        """
        wanted = list(dict.fromkeys(readings))
        groups = grouped(wanted, {a: s.most_parts for a, s in self._services.items()})
        for audience in dict.fromkeys(group[0].audience for group in groups):
            await self._services[audience].sign_in()
        room = asyncio.Semaphore(self._concurrency)

        async def in_turn(group: list[Reading]) -> Found:
            async with room:
                return await self._group(group)

        found: Found = {}
        for part in await asyncio.gather(*(in_turn(group) for group in groups)):
            found.update(part)
        answers: dict[Reading, Answer] = {}
        for reading in wanted:
            answer = found[reading]
            if isinstance(answer, ProvisionerError):
                raise answer
            answers[reading] = answer
        return answers

    async def save(self, reading: Reading, target: BinaryIO) -> int | None:
        """Write file content into an open file, emptied before each attempt; None for 404.

        Only a piece of it is in memory at a time. Raises as `read` does.
        """
        await self._graph.sign_in()
        found: Found = {}

        async def attempt() -> None:
            await self._governor.admit(reading.cost)
            target.seek(0)
            target.truncate()
            try:
                with self._policy.stats.round_trip(1, reading.cost):
                    received = await self._graph.fetch(self._graph.locate(reading.path), target)
            except Lost as lost:
                if not lost.again:
                    raise problems.unreachable(lost) from None
                raise Again(lost.sentence, hint=lost.hint, tries=RECONNECTS) from None
            body = None if received.status == 200 else received.json()
            again = self._keep(reading, received.status, received.headers, body, found)
            if again is not None:
                raise again

        try:
            await self._policy.run(attempt)
        except Again as again:
            raise problems.given_up(again, self._policy.deadline) from None
        answer = found[reading]
        if isinstance(answer, ProvisionerError):
            raise answer
        return None if answer.status == 404 else target.tell()

    async def _group(self, group: list[Reading]) -> Found:
        service = self._services[group[0].audience]
        found: Found = {}

        async def attempt() -> None:
            pending = [reading for reading in group if reading not in found]
            try:
                again = await self._round(service, pending, found)
            except Lost as lost:
                if not lost.again:
                    raise problems.unreachable(lost) from None
                raise Again(
                    lost.sentence, hint=lost.hint, tries=RECONNECTS, parts=len(pending)
                ) from None
            if again is not None:
                raise again

        problem: ProvisionerError | None = None
        try:
            await self._policy.run(attempt)
        except Again as again:
            problem = problems.given_up(again, self._policy.deadline)
        except ProvisionerError as error:
            problem = error
        if problem is not None:
            for reading in group:
                found.setdefault(reading, problem)
        return await self._all_pages(service, found)

    async def _round(self, service: Service, pending: list[Reading], found: Found) -> Again | None:
        """Ask once for all that is pending; what is to be asked again comes back as one value."""
        units = sum(reading.cost for reading in pending)
        await self._governor.admit(units)
        if len(pending) == 1:
            with self._policy.stats.round_trip(1, units):
                received = await self._plain(service, pending[0])
            body = _body(pending[0], received)
            return self._keep(pending[0], received.status, received.headers, body, found)
        headers = service.headers("GET", {}, has_json=False)
        parts = [
            Part(str(at), "GET", reading.path, headers) for at, reading in enumerate(pending, 1)
        ]
        with self._policy.stats.round_trip(len(parts), units):
            answers = await service.send_batch(parts)
        if isinstance(answers, Received):
            body = answers.json()
            waits = [
                self._keep(reading, answers.status, answers.headers, body, found, whole=True)
                for reading in pending
            ]
        else:
            waits = [
                Again("A part of a batch was not answered.", tries=RECONNECTS)
                if answer is None
                else self._keep(reading, answer.status, answer.headers, answer.body, found)
                for reading, answer in zip(pending, answers, strict=True)
            ]
        return _longest(waits)

    def _keep(
        self,
        reading: Reading,
        status: int,
        headers: Mapping[str, str],
        body: Any,
        found: Found,
        *,
        whole: bool = False,
    ) -> Again | None:
        again = again_if_busy(BUSY, status, headers, body, self._policy, self._governor)
        if again is not None:
            return again
        if whole and 200 <= status < 300:
            found[reading] = Permanent(
                "BATCH-UNREADABLE",
                "Microsoft 365 answered a batch with something that is no batch.",
                status=status,
                hint="Check the proxy between here and Microsoft.",
            )
        elif 200 <= status < 300:
            found[reading] = Answer(200, body, headers)
        elif status == 404 and reading.absent_ok and not whole:
            found[reading] = Answer(404, None, headers)
        elif status == 403 and reading.refused_ok and not whole:
            found[reading] = Answer(403, None, headers)
        elif status == 410 and "delta" in reading.path.lower():
            found[reading] = Answer(410, body, headers)
        else:
            found[reading] = problems.reading_problem(
                reading, status, headers, body, self._endpoints
            )
        return None

    async def _all_pages(self, service: Service, found: Found) -> Found:
        for reading, answer in list(found.items()):
            if not isinstance(answer, Answer) or answer.status != 200:
                continue
            if reading.pages and isinstance(answer.body, dict):
                found[reading] = await self._pages(service, reading, answer)
        return found

    async def _pages(
        self, service: Service, reading: Reading, first: Answer
    ) -> Answer | ProvisionerError:
        body: dict[str, Any] = dict(first.body)
        rows: list[Any] = list(body.get("value") or [])
        seen: set[str] = set()
        while link := _take_next(body):
            try:
                url = service.locate(link)
            except ProvisionerError as error:
                return error
            if url in seen:
                return Permanent(
                    "PAGES-REPEAT",
                    "Microsoft 365 sends us round the same pages without end.",
                    status=200,
                    hint="Report this with the address of the site.",
                )
            seen.add(url)
            page = Reading(reading.audience, url, cost=reading.cost, permission=reading.permission)
            answer = (await self._group([page]))[page]
            if isinstance(answer, ProvisionerError) or answer.status != 200:
                return answer
            if not isinstance(answer.body, dict):
                break
            rows += answer.body.get("value") or []
            # The last page carries the delta link.
            body = {**body, **answer.body}
        body["value"] = rows
        return Answer(200, body, first.headers)

    async def _plain(self, service: Service, reading: Reading) -> Received:
        url = service.locate(reading.path)
        if is_content(reading):
            return await self._graph.fetch(url)
        headers = service.headers("GET", {}, has_json=False)
        return await service.send(Request("GET", url, headers))


def _body(reading: Reading, received: Received) -> Any:
    if is_content(reading) and 200 <= received.status < 300:
        return received.content
    if received.is_json or not received.content:
        return received.json()
    return (
        received.content
        if 200 <= received.status < 300
        else received.content.decode("utf-8", "replace")
    )


def _take_next(body: dict[str, Any]) -> str | None:
    for name in _NEXT_LINKS:
        link = body.pop(name, None)
        if isinstance(link, str) and link:
            return link
    return None


def _longest(waits: Sequence[Again | None]) -> Again | None:
    """One wait for all parts to be sent again: the longest that was asked for."""
    some = [wait for wait in waits if wait is not None]
    if not some:
        return None
    chosen = max(some, key=lambda again: (again.throttled, again.wait or 0.0))
    chosen.parts = len(some)
    if any(again.tries is None for again in some):
        chosen.tries = None
    return chosen
