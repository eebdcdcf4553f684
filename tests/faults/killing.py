"""SIGKILL for a process as its request arrives at the emulator."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from provisioner.emulator.faults import Fault, FaultPlan
from provisioner.emulator.request_log import RequestLog


@contextlib.contextmanager
def killing(child: Any, born: threading.Event, number: int, *, parts: bool) -> Iterator[list[bool]]:
    """Kills the child when its request of this number arrives; what is yielded is then not empty."""
    seen: list[bool] = []
    dead: list[bool] = []
    open_row: Callable[..., dict[str, Any]] = RequestLog.start
    struck = FaultPlan.struck

    def start(log: RequestLog, call: Any, path: str, *, outer: bool) -> dict[str, Any]:
        if (outer or parts) and call.face in {"graph", "rest"} and not dead:
            seen.append(True)
            if len(seen) == number:
                born.wait()
                os.kill(child.pid, signal.SIGKILL)
                dead.append(True)
        return open_row(log, call, path, outer=outer)

    def refused(plan: FaultPlan, method: str, path: str) -> Fault | None:
        return _REFUSED if parts and dead else struck(plan, method, path)

    RequestLog.start = start  # type: ignore[method-assign,assignment]  # put back below
    FaultPlan.struck = refused  # type: ignore[method-assign,assignment]
    try:
        yield dead
    finally:
        RequestLog.start = open_row  # type: ignore[method-assign]
        FaultPlan.struck = struck  # type: ignore[method-assign]


def _a_refusal() -> Fault:
    plan = FaultPlan(lambda: datetime.now(UTC))  # noqa: TID251 - it names no time
    plan.replace([{"do": {"status": 503}}])
    return plan.faults[0]


_REFUSED = _a_refusal()
