"""What the app may do, asked only where the plan's way depends on it: when the site is missing."""

from __future__ import annotations

from dataclasses import replace

from provisioner.core.transport import Transport
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options


async def allowed(transport: Transport, observed: Observed, options: Options) -> Options:
    """The options with the roles of our own tokens among the capabilities, if the site is missing.

    Raises `ProvisionerError` when signing in is refused.
    """
    if observed.site_exists:
        return options
    roles = await transport.app_roles()
    return replace(options, capabilities=options.capabilities | roles)
