"""The only door from the product to the emulator: start one, or use the one that is serving."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.cli import settings
from provisioner.core.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.emulator.server import RunningEmulator


@contextmanager
def emulator_running(home: Path) -> Iterator[dict[str, str]]:
    """What signing in to the emulator needs, while one is up: `EMULATOR_URL` and the rest.

    Starts one inside this process when none serves `home`, and stops that one on leaving.

    Raises:
        ProvisionerError: EMULATOR-NOT-STARTED.
    """
    from provisioner.emulator import server

    started = None
    try:
        url = server.find_running(home)
        if url is None:
            started = _started(home)
            url = started.url
        yield server.environment(home, url)
    except server.EmulatorError as error:
        raise ProvisionerError(
            "EMULATOR-NOT-STARTED",
            str(error),
            hint="`provisioner emulator status` says what is serving; end that, or free the port.",
        ) from error
    finally:
        if started is not None:
            started.stop()


def _started(home: Path) -> RunningEmulator:
    """On the port `emulator serve` uses, so that links in reports work then too; else on any."""
    from provisioner.emulator import server

    try:
        return server.start(home, settings.EMULATOR_PORT)
    except server.EmulatorError:
        return server.start(home)


class ControlPlane:
    """The emulator's control plane, for the demo and for `emulator reset` and `status`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._url = urlsplit(environment["EMULATOR_URL"])
        self._context = ssl.create_default_context(cafile=environment["EMULATOR_CA"])

    def call(self, method: str, name: str, body: Any = None) -> Any:
        """One call; gives the decoded answer. Raises `ProvisionerError` EMULATOR-CONTROL."""
        assert self._url.hostname is not None
        connection = HTTPSConnection(
            self._url.hostname, self._url.port, context=self._context, timeout=30
        )
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(
                method, f"/_emulator/{name}", data, {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            text = answer.read()
        except OSError as error:
            raise ProvisionerError(
                "EMULATOR-CONTROL", f"The emulator does not answer: {error}"
            ) from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise ProvisionerError(
                "EMULATOR-CONTROL",
                f"The emulator's control plane answered {answer.status} to {name}.",
            )
        return json.loads(text) if text.strip() else None
