"""Retention and sensitivity labels: those of the organisation, and what a library has.

Both are made in Microsoft Purview. Here they are settings of the tenant: ``retentionLabels`` are
names, ``sensitivityLabels`` are ids.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

_RETENTION = "_retentionLabel"


def retention(row: sqlite3.Row) -> str:
    """The default retention label of a list, "" for none."""
    return str(json.loads(row["doc"]).get(_RETENTION) or "")


def set_retention(tenant: Tenant, row: sqlite3.Row, name: str) -> None:
    """Give a list a default retention label. Raises `Refusal` 400 for one there is not.

    The words are the service's (pnp/cli-microsoft365, spo list retentionlabel ensure).
    """
    if name and name not in tenant.setting("retentionLabels"):
        raise Refusal(
            400,
            "invalidRequest",
            f"Can not find compliance tag with value: {name}.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidOperationException",
        )
    doc = json.loads(row["doc"]) | {_RETENTION: name}
    tenant.run("UPDATE list SET doc = ? WHERE id = ?", json.dumps(doc), row["id"])


def check_sensitivity(tenant: Tenant, label: str) -> None:
    """Raise `Refusal` 400 for a sensitivity label that the tenant does not publish.

    What the service says then is not documented; the stricter answer is given.
    """
    known = {str(one).lower() for one in tenant.setting("sensitivityLabels")}
    if label and label.strip("{}").lower() not in known:
        raise Refusal(
            400,
            "invalidRequest",
            f"The sensitivity label '{label}' is not available.",
            rest_code="-2147024809, System.ArgumentException",
        )
