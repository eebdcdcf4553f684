"""The site a probe of the emulator stands on, which is made where it is missing."""

from __future__ import annotations

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Poll, Reading, Transport

OWNER = "vciso@contoso.example"


async def site_made(transport: Transport) -> None:
    """Make the site in the emulator, unless it is there. Raises PROBE-WITHOUT-GROUND."""
    host, path = transport.hostname, transport.site_path
    asked = Reading("graph", f"/sites/{host}:{path}", absent_ok=True)
    if (await transport.read([asked]))[asked].status == 200:
        return
    body = {
        "name": "Provisioner probe",
        "webUrl": f"https://{host}{path}",
        "locale": "en-US",
        "shareByEmailEnabled": False,
        "description": "Where provisioner probe tries things.",
        "template": "sts",
        "ownerIdentityToResolve": {"email": OWNER},
    }
    made = Operation(
        "graph",
        "POST",
        "/beta/sites",
        address="site",
        scope="site",
        body=body,
        permission="graph:Sites.Create.All",
        poll=Poll(),
        alone=True,
    )
    outcome = (await transport.write([Envelope((made,))]))[0][0]
    if outcome.state != "done":
        raise ProvisionerError(
            "PROBE-WITHOUT-GROUND",
            f"The emulator did not make a site for the probe: {outcome.message or outcome.code}",
            hint="`provisioner emulator reset` makes a new tenant.",
        )
