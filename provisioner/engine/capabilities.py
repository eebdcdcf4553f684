"""What the app may do, and what its tenant can do: asked, probed, or learnt from a refusal.

A capability is a behaviour of the service that we stand on or would rather use. What a tenant
answered is kept in its ledger, and in the client's folder where a probe wrote it there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Transport
from provisioner.engine.asking import TOGETHER
from provisioner.engine.learning import as_words, still_trusted
from provisioner.engine.observe import Observed
from provisioner.engine.plan import API_VERSION
from provisioner.engine.planner import Options

CAPABILITIES_FILE = "capabilities.json"
"""Beside the workspace file."""


def known(observed: Observed, options: Options, kept: Mapping[str, bool], today: date) -> Options:
    """The options with what is known of the tenant: `kept` by hand, or in its ledger."""
    able = still_trusted(observed.ledger.capabilities, today)
    return replace(options, capabilities=options.capabilities | as_words({**kept, **able}))


async def allowed(transport: Transport, observed: Observed, options: Options) -> Options:
    """The options with the roles of our own tokens among the capabilities, if the site is missing.

    Raises `ProvisionerError` when signing in is refused.
    """
    if observed.site_exists:
        return options
    roles = await transport.app_roles()
    return replace(options, capabilities=options.capabilities | roles)


def learnt_document(learnt: Mapping[str, bool], today: date) -> dict[str, Any]:
    """What a tenant can do and cannot, as `capabilities.json` keeps it."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Capabilities",
        "learntOn": today.isoformat(),
        "capabilities": dict(sorted(learnt.items())),
    }


def is_apart(folder: Path) -> bool:
    """Whether a probe found that the parts of a list come one by one only. Raises as below."""
    return kept_capabilities(folder).get(TOGETHER) is False


def kept_capabilities(folder: Path) -> dict[str, bool]:
    """What a probe wrote beside the workspace file; nothing where there is no such file.

    Raises `ProvisionerError` CAPABILITIES-UNREADABLE.
    """
    file = folder / CAPABILITIES_FILE
    if not file.exists():
        return {}
    try:
        found = json.loads(file.read_text("utf-8"))["capabilities"].items()
        return {str(name): {True: True, False: False}[able] for name, able in found}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProvisionerError(
            "CAPABILITIES-UNREADABLE",
            f"{file} does not say what the tenant can do.",
            hint="Write it anew with `provisioner probe --capabilities`, or remove it.",
        ) from error
