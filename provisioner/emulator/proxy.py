"""A small CONNECT proxy: programs aimed at Microsoft's own hosts reach the emulator instead.

It listens on loopback, passes bytes on without reading them (TLS goes through to the emulator,
whose certificate names these hosts), and refuses every other host, so that a program under test
cannot reach the real service by mistake.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from provisioner.emulator.clouds import MICROSOFT_HOSTS
from provisioner.emulator.environment import EmulatorError

_HEAD_LIMIT = 16 * 1024
_HEAD_SECONDS = 10.0
_CHUNK = 64 * 1024
_START_TIMEOUT = 10.0
_TLS_PORT = 443


@dataclass(slots=True)
class RunningProxy:
    """A proxy serving in a background thread; `url` is ``http://127.0.0.1:PORT``."""

    url: str
    _thread: threading.Thread
    _loop: asyncio.AbstractEventLoop
    _stopping: asyncio.Event

    def stop(self) -> None:
        """Stop serving and drop open connections. Stopping twice is harmless."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def wait(self) -> None:
        """Block until the proxy has stopped."""
        while self._thread.is_alive():
            self._thread.join(0.5)  # short, so that a signal gets through on every platform


def environment(proxy_url: str, ca_path: Path) -> dict[str, str]:
    """What a program needs to go through the proxy: its address, and the CA to trust."""
    ca = str(ca_path)
    return {
        "HTTPS_PROXY": proxy_url,
        "https_proxy": proxy_url,
        "NO_PROXY": "localhost,127.0.0.1",
        "REQUESTS_CA_BUNDLE": ca,
        "SSL_CERT_FILE": ca,
        "CURL_CA_BUNDLE": ca,
        "NODE_EXTRA_CA_CERTS": ca,
    }


def start(emulator_url: str, port: int = 0) -> RunningProxy:
    """Serve in a background thread; `port` 0 takes a free one. Raises `EmulatorError`."""
    address = urlsplit(emulator_url)
    assert address.port is not None, "an emulator's address names its port"
    target = address.port
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()
    started = threading.Event()
    bound: list[int] = []
    problem: list[BaseException] = []

    async def serve() -> None:
        connections: set[asyncio.Task[None]] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            connections.add(task)
            try:
                await _serve(reader, writer, target)
            except asyncio.CancelledError:
                if not stopping.is_set():
                    raise  # only stopping ends a connection quietly
            finally:
                connections.discard(task)

        server = await asyncio.start_server(accept, "127.0.0.1", port, limit=_HEAD_LIMIT)
        bound.append(int(server.sockets[0].getsockname()[1]))
        started.set()
        await stopping.wait()
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def body() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve())
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for the start
            problem.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=body, name="emulator-proxy", daemon=True)
    thread.start()
    if not started.wait(_START_TIMEOUT) or not bound:
        reason = problem[0] if problem else "it did not come up in time"
        raise EmulatorError(f"The proxy could not start on port {port}: {reason}.")
    return RunningProxy(f"http://127.0.0.1:{bound[0]}", thread, loop, stopping)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: int) -> None:
    """One connection: its CONNECT, then bytes both ways until either side ends."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
        host = _asked_for(head)
        if host is None:
            await _refuse(writer, 405, "Method Not Allowed", "Only CONNECT is understood here.")
            return
        if host not in _allowed():
            known = ", ".join(MICROSOFT_HOSTS)
            await _refuse(writer, 403, "Forbidden", f"This proxy leads to {known}, not to {host}.")
            return
        await _tunnel(reader, writer, target)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # the client went away, or never spoke HTTP
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: int) -> None:
    try:
        inner, outer = await asyncio.open_connection("127.0.0.1", target)
    except OSError:
        await _refuse(writer, 502, "Bad Gateway", "The emulator does not answer.")
        return
    try:
        writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        await writer.drain()
        ways = [asyncio.create_task(_pass_on(reader, outer))]
        ways.append(asyncio.create_task(_pass_on(inner, writer)))
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
    finally:
        outer.close()
        with contextlib.suppress(OSError):
            await outer.wait_closed()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()


def _asked_for(head: bytes) -> str | None:
    """The host and port of a CONNECT, lower case; None for any other request."""
    line = head.split(b"\r\n", 1)[0].decode("latin-1").split()
    if len(line) != 3 or line[0] != "CONNECT":
        return None
    return line[1].lower()


def _allowed() -> frozenset[str]:
    return frozenset(f"{host}:{_TLS_PORT}" for host in MICROSOFT_HOSTS)


async def _refuse(writer: asyncio.StreamWriter, status: int, reason: str, words: str) -> None:
    body = f"{words}\n".encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
