"""Envelopes in, outcomes out. Nothing is sent again unless the service said it did nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from provisioner.core.batch import Part, PartAnswer, chained
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Outcome
from provisioner.tenant import problems
from provisioner.tenant.busy import again_if_busy
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.governor import Governor
from provisioner.tenant.limits import THROTTLED
from provisioner.tenant.polling import Poller, is_early
from provisioner.tenant.retry import RECONNECTS, Again, RetryPolicy
from provisioner.tenant.wire import Lost, Received, Request, Service


class Writer:
    """Sends envelopes, at most `concurrency` at a time."""

    def __init__(
        self,
        endpoints: Endpoints,
        services: Mapping[str, Service],
        policy: RetryPolicy,
        governor: Governor,
        concurrency: int,
    ) -> None:
        self._endpoints = endpoints
        self._services = services
        self._policy = policy
        self._governor = governor
        self._concurrency = concurrency
        self._poller = Poller(endpoints, policy)

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        """The outcomes of each envelope's parts, in order.

        Raises `ProvisionerError` when nobody can sign in, before anything is sent, and
        `ValueError` for an envelope that no batch can carry.
        """
        for envelope in envelopes:
            _check(envelope, self._services[envelope.audience].most_parts)
        for audience in dict.fromkeys(envelope.audience for envelope in envelopes):
            await self._services[audience].sign_in()
        envelopes = [self._addressed(envelope) for envelope in envelopes]
        room = asyncio.Semaphore(self._concurrency)

        async def in_turn(envelope: Envelope) -> list[Outcome]:
            async with room:
                return await self._send(envelope)

        return list(await asyncio.gather(*(in_turn(envelope) for envelope in envelopes)))

    def _addressed(self, envelope: Envelope) -> Envelope:
        parts = (
            op
            if isinstance(op.body, bytes)
            else replace(op, body=self._endpoints.own_addresses(op.body))
            for op in envelope.operations
        )
        return replace(envelope, operations=tuple(parts))

    async def one(self, operation: Operation) -> Outcome:
        """One operation on its own."""
        return (await self._send(Envelope((operation,))))[0]

    async def _send(self, envelope: Envelope) -> list[Outcome]:
        service = self._services[envelope.audience]
        operations = envelope.operations
        outcomes: list[Outcome | None] = [None] * len(operations)

        async def attempt() -> None:
            pending = [at for at, outcome in enumerate(outcomes) if outcome is None]
            if pending:
                again = await self._round(service, envelope, pending, outcomes)
                if again is not None:
                    again.parts = sum(1 for outcome in outcomes if outcome is None)
                    raise again

        problem: Outcome | None = None
        try:
            await self._policy.run(attempt)
        except Again as again:
            error = problems.given_up(again, self._policy.deadline)
            code = error.code if again.throttled or again.status else problems.NOT_SENT
            problem = Outcome(
                "failed", again.status, code=code, message=f"{error.message} {error.hint}".strip()
            )
        except ProvisionerError as error:
            problem = problems.error_outcome(error)
        return [outcome or problem or _UNREACHED for outcome in outcomes]

    async def _round(
        self,
        service: Service,
        envelope: Envelope,
        pending: list[int],
        outcomes: list[Outcome | None],
    ) -> Again | None:
        """Send what is pending once; fill in `outcomes`; say what may be sent again."""
        operations = envelope.operations
        units = sum(operations[at].cost for at in pending)
        await self._governor.admit(units, urgent=all(operations[at].urgent for at in pending))
        try:
            if len(pending) == 1:
                return await self._plain(service, operations[pending[0]], pending[0], outcomes)
            parts = [_part(service, operations[at], at) for at in pending]
            with self._policy.stats.round_trip(len(parts), units):
                answers = await service.send_batch(chained(parts) if envelope.sequential else parts)
        except Lost as lost:
            if not lost.sent and lost.again:
                return Again(lost.sentence, hint=lost.hint, tries=RECONNECTS)
            for at in pending:
                outcomes[at] = problems.lost_outcome(lost)
            return None
        if isinstance(answers, Received):
            return self._whole(operations, pending, answers, outcomes)
        return self._parts(envelope, pending, answers, outcomes)

    async def _plain(
        self, service: Service, operation: Operation, at: int, outcomes: list[Outcome | None]
    ) -> Again | None:
        with self._policy.stats.round_trip(1, operation.cost):
            received = await service.send(_request(service, operation))
        body = _body(received)
        if not is_early(operation, received.status):
            again = self._again(received.status, received.headers, body)
            if again is not None:
                return again
        outcome = problems.outcome_of(
            operation, received.status, received.headers, body, self._endpoints
        )
        outcomes[at] = await self._poller.settle(service, operation, received, outcome)
        return None

    def _whole(
        self,
        operations: Sequence[Operation],
        pending: Sequence[int],
        received: Received,
        outcomes: list[Outcome | None],
    ) -> Again | None:
        """The batch itself was answered, not its parts."""
        body = _body(received)
        again = self._again(received.status, received.headers, body)
        if again is not None:
            return again
        for at in pending:
            if 200 <= received.status < 300:
                outcomes[at] = Outcome(
                    "unknown",
                    received.status,
                    code=problems.NO_ANSWER,
                    message="The batch was answered with something that is no batch.",
                )
            else:
                # What a part tolerates says nothing about the batch as a whole.
                bare = _without_tolerance(operations[at])
                outcomes[at] = problems.outcome_of(
                    bare, received.status, received.headers, body, self._endpoints
                )
        return None

    def _parts(
        self,
        envelope: Envelope,
        pending: Sequence[int],
        answers: Sequence[PartAnswer | None],
        outcomes: list[Outcome | None],
    ) -> Again | None:
        waits: list[Again] = []
        broken = False
        for at, answer in zip(pending, answers, strict=True):
            operation = envelope.operations[at]
            if answer is None:
                outcomes[at] = Outcome(
                    "unknown",
                    code=problems.NO_ANSWER,
                    message="This part of the batch was not answered.",
                )
                broken = True
                continue
            if answer.status == 424 and envelope.sequential:
                # Not done because of one before it. If that one is to be sent again, or was
                # tolerated, this one is still to be done; if it failed for good, never.
                if broken:
                    outcomes[at] = _SKIPPED
                continue
            again = self._again(answer.status, answer.headers, answer.body)
            if again is not None:
                waits.append(again)
                continue
            outcome = problems.outcome_of(
                operation, answer.status, answer.headers, answer.body, self._endpoints
            )
            outcomes[at] = outcome
            broken = broken or outcome.state != "done"
        if waits:
            return max(waits, key=lambda again: again.wait or 0.0)
        if any(outcomes[at] is None for at in pending):
            if all(outcomes[at] is None for at in pending):
                return Again("The batch was not carried out.", tries=RECONNECTS)
            # Only tolerated refusals stand before them, so they can go at once.
            return Again("The rest of the chain.", wait=0.0)
        return None

    def _again(self, status: int, headers: Mapping[str, str], body: Any) -> Again | None:
        return again_if_busy(THROTTLED, status, headers, body, self._policy, self._governor)


_SKIPPED = Outcome(
    "skipped", 424, code="DEPENDENCY-FAILED", message="Not sent: the change before it failed."
)
_UNREACHED = Outcome("skipped", code="DEPENDENCY-FAILED", message="Not sent.")


def _check(envelope: Envelope, most: int) -> None:
    if not 0 < len(envelope.operations) <= most:
        raise ValueError(f"an envelope holds 1 to {most} parts, not {len(envelope.operations)}")
    if len({operation.audience for operation in envelope.operations}) > 1:
        raise ValueError("an envelope goes to one audience")
    if len(envelope.operations) > 1:
        for operation in envelope.operations:
            alone = operation.alone or operation.poll is not None or operation.at == "root"
            if alone or isinstance(operation.body, bytes):
                raise ValueError(f"{operation.method} {operation.path} cannot travel in a batch")
        if envelope.sequential and envelope.audience == "sharepoint":
            raise ValueError("a SharePoint batch promises no order")


def _part(service: Service, operation: Operation, at: int) -> Part:
    headers = service.headers(
        operation.method, operation.headers, has_json=operation.body is not None
    )
    return Part(str(at + 1), operation.method, operation.path, headers, operation.body)


def _request(service: Service, operation: Operation) -> Request:
    body = operation.body
    has_json = body is not None and not isinstance(body, bytes)
    headers = service.headers(operation.method, operation.headers, has_json=has_json)
    content = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
    return Request(operation.method, service.locate(operation.path, operation.at), headers, content)


def _body(received: Received) -> Any:
    if not received.content:
        return None
    if received.is_json:
        return received.json()
    return received.content.decode("utf-8", "replace")


def _without_tolerance(operation: Operation) -> Operation:
    from dataclasses import replace  # noqa: PLC0415 - only on the way out

    return replace(operation, tolerates=())
