"""Starting, finding and stopping an emulator.

In process (a background thread) for commands and tests, in the foreground for ``emulator serve``.
It listens on 127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from provisioner.emulator.environment import EmulatorError, environment, folder_of
from provisioner.emulator.tls import client_context, tls_files

if TYPE_CHECKING:
    import uvicorn

    from provisioner.emulator.app import EmulatorApp
    from provisioner.emulator.tenant import Tenant

__all__ = [
    "EmulatorError",
    "RunningEmulator",
    "environment",
    "find_running",
    "serve",
    "start",
]

_START_TIMEOUT = 20.0  # seconds; a start takes well under one
_LOOK_TIMEOUT = 2.0


@dataclass(slots=True)
class RunningEmulator:
    """An emulator serving in a background thread of this process.

    `url` is ``https://localhost:PORT``, `ca_path` the PEM file to trust, `home` the folder it was
    started for, `tenant` its state for tests in the same process.
    """

    url: str
    ca_path: Path
    home: Path
    tenant: Tenant
    _server: uvicorn.Server
    _thread: threading.Thread
    _loop: asyncio.AbstractEventLoop

    def stop(self) -> None:
        """Stop serving, drop open connections and close the store. Stopping twice is harmless."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(_drop, self._server)
        self._thread.join()
        _running_file(self.home).unlink(missing_ok=True)
        self.tenant.db.close()

    def wait(self) -> None:
        """Block until the emulator has stopped."""
        while self._thread.is_alive():
            self._thread.join(0.5)  # short, so that a signal gets through on every platform


def start(home: Path, port: int = 0, control: bool = True) -> RunningEmulator:
    """Serve the tenant kept under `home` in a background thread; `port` 0 takes a free one.

    Without `control` the control plane answers 404. Raises `EmulatorError` if an emulator already
    serves this home or the port is taken.
    """
    serving = find_running(home)
    if serving is not None:
        raise EmulatorError(f"An emulator already serves {home} at {serving}; use or stop it.")
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True)
    listener = _listen(port)
    try:
        files = tls_files(folder)
        app, tenant = _application(folder, control=control)
    except BaseException:
        listener.close()
        raise
    import uvicorn  # noqa: PLC0415 - 0.2 s that `--help` does not need

    config = uvicorn.Config(
        app.__call__,
        interface="asgi3",
        proxy_headers=False,  # the control plane trusts the peer's address
        ssl_certfile=str(files.certificate),
        ssl_keyfile=str(files.key),
        loop="asyncio",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # the app's Date follows the tenant's clock
        timeout_keep_alive=600,
    )
    url = f"https://localhost:{listener.getsockname()[1]}"
    running = _run(uvicorn.Server(config), listener, url, files.ca, home, tenant)
    details = {"url": url, "pid": os.getpid(), "started": datetime.now(UTC).isoformat()}
    _running_file(home).write_text(json.dumps(details), "utf-8")
    return running


def serve(
    home: Path,
    port: int = 0,
    control: bool = True,
    ready: Callable[[RunningEmulator], None] | None = None,
) -> None:
    """Serve in the foreground until the process is interrupted; `ready` is told once it is up.

    Raises what `start` raises, and KeyboardInterrupt after a clean stop.
    """
    running = start(home, port, control)
    try:
        if ready is not None:
            ready(running)
        running.wait()
    finally:
        running.stop()


def find_running(home: Path) -> str | None:
    """The URL of an emulator that serves this home, in any process; None if there is none.

    A file left behind by a process that died is recognised: the process is gone, or something
    else answers at its address.
    """
    try:
        details = json.loads(_running_file(home).read_text("utf-8"))
        url, pid = str(details["url"]), int(details["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not _is_alive(pid):
        return None
    ca = folder_of(home) / "ca.pem"
    address = urlsplit(url)
    if not ca.exists() or address.hostname is None:
        return None
    connection = http.client.HTTPSConnection(
        address.hostname, address.port, timeout=_LOOK_TIMEOUT, context=client_context(ca)
    )
    try:
        with closing(connection):
            connection.request("GET", "/_emulator/health")
            answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return None
    return url if isinstance(answer, dict) and answer.get("pid") == pid else None


def _application(folder: Path, *, control: bool) -> tuple[EmulatorApp, Tenant]:
    from provisioner.emulator import seeds  # noqa: PLC0415
    from provisioner.emulator.app import EmulatorApp  # noqa: PLC0415
    from provisioner.emulator.control import ControlPlane, control_app  # noqa: PLC0415
    from provisioner.emulator.dispatch import Dispatcher  # noqa: PLC0415
    from provisioner.emulator.entra.tokens import TokenService  # noqa: PLC0415
    from provisioner.emulator.request_log import RequestLog  # noqa: PLC0415
    from provisioner.emulator.snapshots import Snapshots  # noqa: PLC0415
    from provisioner.emulator.tenant import Tenant  # noqa: PLC0415
    from provisioner.emulator.web.pages import pages_app  # noqa: PLC0415

    tenant = Tenant(folder / "tenant.sqlite")
    tenant.db.execute("PRAGMA synchronous = OFF")  # it need not outlive a power cut
    try:
        seeds.seed(tenant)
    except BaseException:
        tenant.db.close()
        raise
    tokens = TokenService(folder, seeds.TENANT_ID, tenant)
    log = RequestLog()
    dispatcher = Dispatcher(tenant, log)
    app = EmulatorApp(tenant, tokens, log, dispatcher)
    snapshots = Snapshots(tenant, folder / "snapshots")
    plane = ControlPlane(tenant, log, dispatcher.budget, dispatcher.faults, snapshots)
    app.control = control_app(plane, health_only=not control)
    app.pages = pages_app(tenant)
    return app, tenant


def _run(
    server: uvicorn.Server,
    listener: socket.socket,
    url: str,
    ca_path: Path,
    home: Path,
    tenant: Tenant,
) -> RunningEmulator:
    loop = asyncio.new_event_loop()
    started = threading.Event()
    problem: list[BaseException] = []

    async def serve_until_stopped() -> None:
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.002)
        started.set()
        await serving

    def body() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve_until_stopped())
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for the start
            problem.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=body, name="emulator", daemon=True)
    thread.start()
    if not started.wait(_START_TIMEOUT) or not server.started:
        reason = problem[0] if problem else "it did not come up in time"
        raise EmulatorError(f"The emulator could not start: {reason}.")
    return RunningEmulator(url, ca_path, home, tenant, server, thread, loop)


def _drop(server: uvicorn.Server) -> None:
    """Stop at once: a TLS connection that idles would otherwise be waited for."""
    server.should_exit = True
    server.force_exit = True
    for connection in list(server.server_state.connections):
        transport = getattr(connection, "transport", None)
        if transport is not None:
            transport.abort()


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle off only where it reads TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise EmulatorError(
            f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}); choose another one."
        ) from error
    return listener


def _is_alive(pid: int) -> bool:
    """Whether a process is there. On Windows the health check alone decides: a signal would kill."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _running_file(home: Path) -> Path:
    return folder_of(home) / "running.json"
