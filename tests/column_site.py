"""What the tests of columns that change share: a site, its rows, and a line that breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.errors import Temporary
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, Outcome, Reading
from provisioner.engine.observe import observe
from provisioner.tenant.client import TenantClient

HEAD = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site:
  url: /sites/safe
  title: Safe
  create: communication
  owner: vciso@contoso.example
  timeZone: Europe/Berlin
"""


def allow(names: Sequence[str]) -> list[str]:
    return [word for name in names for word in ("--allow", f"list:risks/column:{name}")]


async def write(file: Path, operations: Sequence[tuple[str, str, Any]]) -> None:
    """What people do, in one batch of SharePoint's."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        known = (await observe(transport, opened.desired, Silent())).bindings()
        sent = [
            Operation("sharepoint", method, path, "x", f"x{n}", body=body).filled(known)
            for n, (method, path, body) in enumerate(operations)
        ]
        for at in range(0, len(sent), 100):
            ((*outcomes,),) = await transport.write([Envelope(tuple(sent[at : at + 100]))])
            assert {one.state for one in outcomes} == {"done"}, outcomes


def site(provisioner: Any) -> Any:
    return next(s for s in provisioner.control.call("GET", "state")["sites"] if "safe" in str(s))


def risks(provisioner: Any) -> Any:
    return next(one for one in site(provisioner)["lists"] if one["title"] == "Risks")


class Line:
    """The way to the tenant: it breaks for good at the first write whose name begins so.

    The write itself is carried out, and nobody hears of it.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
        self.broken = False
        read, write, upload = TenantClient.read, TenantClient.write, TenantClient.upload
        lost = Outcome("unknown", code="NO-ANSWER", message="The connection broke.")

        async def reading(client: TenantClient, wanted: list[Reading]) -> Any:
            if self.broken:
                raise Temporary("UNREACHABLE", "No connection to contoso.sharepoint.com.")
            return await read(client, wanted)

        async def writing(client: TenantClient, sent: list[Envelope]) -> list[list[Outcome]]:
            if not self.broken:
                outcomes = await write(client, sent)
                names = {one.what for envelope in sent for one in envelope.operations}
                self.broken = any(name.startswith(at) for name in names)
            return [[lost for _ in e.operations] for e in sent] if self.broken else outcomes

        async def uploading(client: TenantClient, *args: Any, **named: Any) -> Outcome:
            return lost if self.broken else await upload(client, *args, **named)

        monkeypatch.setattr(TenantClient, "read", reading)
        monkeypatch.setattr(TenantClient, "write", writing)
        monkeypatch.setattr(TenantClient, "upload", uploading)
