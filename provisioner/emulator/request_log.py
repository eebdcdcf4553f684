"""What was asked of the emulator, in order, until somebody clears it.

Outer requests and the parts of a batch are rows alike; a part carries the `batchId` of its outer
request. Kept in memory: counting requests must not slow them down.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from provisioner.emulator.wire import Call

_KEEP = 200_000  # rows; a demo makes a few hundred, the largest test some ten thousand


@dataclass(slots=True)
class RequestLog:
    """The rows of ``GET /_emulator/requests``."""

    _rows: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEEP))
    _seq: int = 0
    _lock: Lock = field(default_factory=Lock)

    def start(self, call: Call, path: str, *, outer: bool) -> dict[str, Any]:
        """Open a row when the request arrives, so that the order is that of arrival.

        `path` is the path as the client named it, without the query; `method` is the effective
        one, so a tunnelled MERGE reads PATCH.
        """
        audience = "sharepoint" if call.face == "rest" else call.face
        row: dict[str, Any] = {
            "seq": 0,
            "startedMs": _now_ms(),
            "endedMs": None,
            "outer": outer,
            "audience": audience,
            "method": call.method,
            "path": path,
            "query": urlencode(dict(call.query)),
            "status": 0,
            "resourceUnits": 0,
            "batchId": call.batch_id,
            "appId": call.caller.app_id if call.caller else None,
            "bytes": 0,
        }
        with self._lock:
            self._seq += 1
            row["seq"] = self._seq
            self._rows.append(row)
        return row

    @staticmethod
    def finish(row: dict[str, Any], *, status: int, size: int) -> None:
        """Close a row: the answer's status and the size of its body in bytes."""
        row["endedMs"] = _now_ms()
        row["status"] = status
        row["bytes"] = size

    def rows(self) -> list[dict[str, Any]]:
        """Every row since the last clear, oldest first."""
        with self._lock:
            return [dict(row) for row in self._rows]

    def clear(self) -> None:
        """Forget every row; numbering starts again at 1."""
        with self._lock:
            self._rows.clear()
            self._seq = 0


def _now_ms() -> float:
    return round(time.time() * 1000, 3)
