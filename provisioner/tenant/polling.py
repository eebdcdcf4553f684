"""Waiting for what Microsoft 365 does after its answer.

"Work with long-running actions API" (learn.microsoft.com/graph/long-running-actions-overview): the
`Location` of a 202 names the address to ask. Where the answer names none, the operation does: the
status of a site that SharePoint makes, or the site that comes with a new group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Operation, Outcome, Poll
from provisioner.tenant import problems
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.limits import BUSY, wait_asked
from provisioner.tenant.retry import RetryPolicy
from provisioner.tenant.said import said
from provisioner.tenant.wire import Lost, Received, Request, Service

_FIRST_PAUSE = 0.25


class Poller:
    """Asks at the pace of the operation until it is done, has failed, or the deadline is there."""

    def __init__(self, endpoints: Endpoints, policy: RetryPolicy) -> None:
        self._endpoints = endpoints
        self._policy = policy

    async def settle(
        self, service: Service, operation: Operation, received: Received, outcome: Outcome
    ) -> Outcome:
        """What an operation came to in the end: its own outcome, unless there is more to wait for."""
        poll = operation.poll
        if poll is None:
            return outcome
        if poll.path is None:
            return (
                await self._followed(service, operation, poll, outcome)
                if received.status == 202
                else outcome
            )
        if is_early(operation, received.status):
            outcome = replace(outcome, state="done")
        elif outcome.state != "done":
            return outcome
        else:
            judged = _judged(received, poll, outcome)
            if judged is not None:
                return judged
        try:
            url = service.locate(poll.path or operation.path, operation.at)
        except ProvisionerError as error:
            return _unknown(outcome, f"It was accepted. {error.message}")
        return await self._until(service, url, poll, outcome)

    async def _followed(
        self, service: Service, operation: Operation, poll: Poll, accepted: Outcome
    ) -> Outcome:
        """What an accepted operation came to; unknown when that cannot be learnt."""
        location = accepted.headers.get("location", "")
        if not location:
            return _unknown(accepted, "It was accepted, but not where to ask how it goes.")
        try:
            url = service.locate(urljoin(service.locate(operation.path), location))
        except ProvisionerError as error:
            return _unknown(accepted, f"It was accepted. {error.message}")
        return await self._until(service, url, poll, accepted)

    async def _until(self, service: Service, url: str, poll: Poll, accepted: Outcome) -> Outcome:
        started = self._policy.clock()
        # Asked early at first, since much is done at once; then at the operation's own pace.
        asked = wait_asked(202, accepted.headers, self._policy.wall())
        pause = _FIRST_PAUSE if asked is None else asked
        while self._policy.clock() - started + pause <= self._policy.deadline:
            await self._policy.sleep(pause)
            pause = min(max(pause * 2, _FIRST_PAUSE), poll.every_seconds)
            try:
                received = await self._ask(service, url)
            except Lost:
                continue
            except ProvisionerError as error:
                return _unknown(accepted, f"It was accepted. {error.message}")
            asked = wait_asked(received.status, received.headers, self._policy.wall())
            pause = max(pause, asked or 0.0)
            outcome = _judged(received, poll, accepted)
            if outcome is not None:
                return outcome
        return _unknown(
            accepted, f"It was still not done after {self._policy.deadline:.0f} s of asking."
        )

    async def _ask(self, service: Service, url: str) -> Received:
        headers = service.headers("GET", {}, has_json=False)
        with self._policy.stats.round_trip(1, 1):
            return await service.send(Request("GET", url, headers))


def is_early(operation: Operation, status: int) -> bool:
    """Whether this answers a look-up that is to be made until what it looks for is there."""
    waits = operation.poll is not None and operation.poll.path is not None
    return waits and operation.method == "GET" and status == 404


def _judged(received: Received, poll: Poll, accepted: Outcome) -> Outcome | None:
    """What the operation came to; None while it is under way."""
    body = received.json()
    if received.status in BUSY or (poll.path is not None and received.status == 404):
        return None
    if received.status >= 300:
        refused = said(received.status, received.headers, body)
        return _unknown(accepted, f"It was accepted, but then: {refused.message or refused.code}")
    state = pointed(body, poll.status_pointer)
    if any(_meets(state, word) for word in poll.done):
        headers = {**accepted.headers, **received.headers}
        return Outcome("done", received.status, body, headers, request_id=accepted.request_id)
    if any(_meets(state, word) or (word == "*" and state) for word in poll.failed):
        reason = poll.reasons.get(state) or poll.reasons.get("*", "").replace("*", state)
        return _failed(received.status, received.headers, body, reason)
    return None


def _meets(state: str, word: str) -> bool:
    """Whether the text is the word, or an address with that path."""
    if word.startswith("/") and "://" in state:
        state = unquote(urlsplit(state).path)
    return state.casefold().rstrip("/") == word.casefold()


def pointed(body: Any, pointer: str) -> str:
    """The text at a JSON pointer ("/status"); "" when there is nothing."""
    value = body
    for raw in pointer.split("/")[1:]:
        name = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return ""
    return "" if value is None else str(value)


def _failed(status: int, headers: Mapping[str, str], body: Any, reason: str) -> Outcome:
    words = said(status, headers, body)
    detail = reason or pointed(body, "/statusDetail") or words.message
    code = words.code if not words.code.startswith("HTTP-") else "OPERATION-FAILED"
    return Outcome(
        "failed",
        status,
        body,
        headers,
        code,
        f"Microsoft 365 accepted it and then failed: {detail or 'no reason given'}",
        words.request_id,
    )


def _unknown(accepted: Outcome, sentence: str) -> Outcome:
    return Outcome(
        "unknown",
        accepted.status,
        accepted.body,
        accepted.headers,
        problems.NO_ANSWER,
        sentence,
        accepted.request_id,
    )
