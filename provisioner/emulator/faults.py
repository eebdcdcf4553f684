"""Faults on order: what a client must live with, told beforehand and repeatable.

A fault matches requests and the parts of batches alike. Before the work it stands in for the
service; after it the work is done and only the answer suffers. Real cases behind the shapes:
429 and 503 with ``Retry-After`` in seconds or fractions of one, as a date, or without it
("Microsoft Graph throttling guidance", learn.microsoft.com/graph/throttling;
github.com/OneDrive/onedrive-api-docs issues 880 and 1307), and answers lost on the way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from provisioner.emulator.wire import Connection, Refusal, Reply

HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_MATCH = frozenset({"method", "path", "nth", "every", "probability", "seed"})
_DO = frozenset({"status", "body", "retryAfter", "delayMs", "reset", "truncate", "dropResponse"})
_RANGES = {  # whole or not, lowest, highest
    "nth": (True, 1, 10**9),
    "every": (True, 1, 10**9),
    "probability": (False, 0, 1),
    "seed": (True, -(2**63), 2**63),
    "status": (True, 200, 599),
    "delayMs": (False, 0, 600_000),
    "retryAfter": (False, 0, 10**6),
    "dateInSeconds": (False, 0, 10**6),
}
_CONNECTION: dict[str, Connection] = {
    "reset": "reset",
    "truncate": "truncate",
    "dropResponse": "drop",
}
_SAYINGS = {
    429: ("activityLimitReached", "The request has been throttled"),
    503: ("serviceNotAvailable", "The service is not available. Try the request again later."),
    504: ("generalException", "The gateway timed out."),
}


class FaultProblem(ValueError):
    """A fault that makes no sense; the text says which one and why."""


@dataclass(slots=True)
class Fault:
    """One ordered fault, how many requests it matched (`seen`) and how many it hit (`hits`)."""

    told: Mapping[str, Any]
    method: str
    path: re.Pattern[str]
    nth: int | None
    every: int | None
    probability: float | None
    after: bool
    do: Mapping[str, Any]
    connection: Connection
    random: Random
    seen: int = 0
    hits: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Count the request if it matches; whether this one is to be hit."""
        if self.method not in ("", method.upper()) or not self.path.search(path):
            return False
        self.seen += 1
        chance = 1.0 if self.probability is None else self.random.random()
        return (
            (self.nth is None or self.seen == self.nth)
            and (self.every is None or self.seen % self.every == 0)
            and (self.probability is None or chance < self.probability)
        )

    def headers(self, now: datetime) -> dict[str, str]:
        """``Retry-After`` as it was ordered, if it was."""
        wait = self.do.get("retryAfter")
        if wait is None:
            return {}
        if isinstance(wait, dict):
            wait = (now + timedelta(seconds=wait["dateInSeconds"])).strftime(HTTP_DATE)
        return {"Retry-After": str(wait)}


@dataclass(slots=True)
class FaultPlan:
    """The faults of a tenant. `now` is the tenant's clock, for ``Retry-After`` as a date."""

    now: Callable[[], datetime]
    faults: list[Fault] = field(default_factory=list)

    def replace(self, told: Any) -> None:
        """Order these faults instead of any before them. Raises `FaultProblem`."""
        if not isinstance(told, list):
            raise FaultProblem("The body must be a list of faults.")
        self.faults = [_fault(each, f"fault {index}") for index, each in enumerate(told)]

    def clear(self) -> None:
        """Order none."""
        self.faults = []

    def listed(self) -> list[dict[str, Any]]:
        """The faults as they were ordered, with `seen` and `hits`."""
        return [{**fault.told, "seen": fault.seen, "hits": fault.hits} for fault in self.faults]

    def struck(self, method: str, path: str) -> Fault | None:
        """The fault for this request; every fault counts it, the first that is due acts."""
        due = [fault for fault in self.faults if fault.strikes(method, path)]
        if not due:
            return None
        due[0].hits += 1
        return due[0]

    async def around(
        self,
        method: str,
        path: str,
        work: Callable[[], Awaitable[Reply]],
        refuse: Callable[[Refusal], Reply],
    ) -> Reply:
        """The reply of `work`, or what the fault for this request makes of it.

        `refuse` renders an error in the words of the face. `Reply.connection` tells the edge what
        to do with the line.
        """
        fault = self.struck(method, path)
        if fault is None:
            return await work()
        reply = await work() if fault.after else None
        await asyncio.sleep(float(fault.do.get("delayMs", 0)) / 1000)
        if "status" in fault.do:
            reply = self._instead(fault, refuse)
        elif reply is None and not fault.connection:
            reply = await work()
        reply = reply or Reply(0)
        reply.connection = fault.connection or reply.connection
        return reply

    def _instead(self, fault: Fault, refuse: Callable[[Refusal], Reply]) -> Reply:
        status, headers = int(fault.do["status"]), fault.headers(self.now())
        code, message = _SAYINGS.get(status, ("generalException", "An injected fault."))
        reply = refuse(Refusal(status, code, message, headers=headers))
        body = fault.do.get("body")
        if isinstance(body, str):
            kind = "text/html" if body.lstrip().startswith("<") else "text/plain"
            kept = {k: v for k, v in reply.headers.items() if k.lower() != "content-type"}
            return Reply(status, body.encode(), kept | {"Content-Type": f"{kind}; charset=utf-8"})
        return reply if body is None else Reply(status, body, reply.headers)


def _fault(told: Any, where: str) -> Fault:
    match, do = _object(told, "match", where), _object(told, "do", where)
    _only(told, frozenset({"match", "when", "do"}), where)
    _only(match, _MATCH, f"{where}.match")
    _only(do, _DO, f"{where}.do")
    when = told.get("when", "before")
    if when not in ("before", "after"):
        raise FaultProblem(f"{where}: when must be before or after, not {when!r}.")
    connections = [name for name in _CONNECTION if do.get(name)]
    if not do or len(connections) > 1:
        raise FaultProblem(f"{where}: do needs something to do, and one way to break the line.")
    _numbers(match, do, where)
    if "retryAfter" in do and "status" not in do:
        raise FaultProblem(f"{where}: retryAfter goes with a status.")
    if "body" in do and "status" not in do:
        raise FaultProblem(f"{where}: body goes with a status.")
    if connections == ["truncate"] and when == "before" and "status" not in do:
        raise FaultProblem(f"{where}: there is nothing to truncate before the work is done.")
    try:
        path = re.compile(str(match.get("path", "")), re.IGNORECASE)
    except re.error as error:
        raise FaultProblem(f"{where}: path is no regular expression: {error}.") from None
    return Fault(
        orjson.loads(orjson.dumps(told)),
        str(match.get("method", "")).upper(),
        path,
        match.get("nth"),
        match.get("every"),
        match.get("probability"),
        when == "after",
        do,
        _CONNECTION[connections[0]] if connections else "",
        Random(int(match.get("seed", 1))),  # noqa: S311 - repeatable, not secret
    )


def _object(told: Any, name: str, where: str) -> dict[str, Any]:
    value = told.get(name, {}) if isinstance(told, dict) else None
    if not isinstance(value, dict):
        raise FaultProblem(f"{where} must be an object with match, when and do.")
    return value


def _only(told: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = set(told) - known
    if unknown:
        raise FaultProblem(
            f"{where}: there is no {min(unknown)!r}; there are {', '.join(sorted(known))}."
        )


def _numbers(match: Mapping[str, Any], do: Mapping[str, Any], where: str) -> None:
    told = {**match, **do}
    wait = told.pop("retryAfter", None)
    if isinstance(wait, dict):
        _only(wait, frozenset({"dateInSeconds"}), f"{where}.do.retryAfter")
        told["dateInSeconds"] = wait.get("dateInSeconds")
    elif wait is not None and not isinstance(wait, str):
        told["retryAfter"] = wait
    for name, (whole, low, high) in _RANGES.items():
        value = told.get(name, low)
        fits = isinstance(value, int) or (isinstance(value, float) and not whole)
        if isinstance(value, bool) or not fits or not low <= value <= high:
            raise FaultProblem(f"{where}: {name} must be a number from {low} to {high}.")
