"""A receiver of notifications on loopback."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


class Receiver:
    """Echoes validation tokens (unless told not to) and keeps notifications."""

    def __init__(self) -> None:
        self.validated: list[str] = []
        self.echo = True
        self._got: queue.Queue[dict[str, Any]] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = {k.lower(): v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
                token = query.get("validationtoken")
                answer = b""
                if token is not None:
                    receiver.validated.append(token)
                    answer = token.encode() if receiver.echo else b"no"
                else:
                    receiver._got.put(json.loads(body))
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def next(self) -> dict[str, Any]:
        """The next notification; fails when none comes."""
        return self._got.get(timeout=10)

    @property
    def is_empty(self) -> bool:
        return self._got.empty()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.fixture
def later(http: Any, emulator: Any) -> Any:
    """``later(days=3)``: a time on the tenant's clock."""
    from datetime import timedelta

    def of(**span: float) -> str:
        return (emulator.tenant.now() + timedelta(**span)).isoformat()

    return of
