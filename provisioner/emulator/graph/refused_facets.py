"""Columns that Graph refuses on the tenants people reported from, and may take on others.

Which of them this tenant takes is the setting `graphColumns`: none by default. SharePoint Embedded
takes currency and hyperlinkOrPicture for its containers (SharePoint/sp-dev-docs
container-metadata.md), whose columns are the same back end.
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.graph.column_view import LOCALES
from provisioner.emulator.tenant import Tenant

_LCIDS = {tag: number for number, tag in LOCALES.items()}


def taken(tenant: Tenant, body: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """SharePoint's type and properties of a column this tenant takes all the same; else None."""
    takes = set(tenant.setting("graphColumns"))
    choice = body.get("choice")
    if isinstance(choice, dict) and choice.get("displayAs") == "checkBoxes":
        if "multi-choice" not in takes:
            return None
        fill_in = bool(choice.get("allowTextEntry"))
        return "MultiChoice", {
            "Choices": list(choice.get("choices") or []),
            "FillInChoice": fill_in,
        }
    link = body.get("hyperlinkOrPicture")
    if isinstance(link, dict) and "hyperlink" in takes:
        return "URL", {"DisplayFormat": int(bool(link.get("isPicture")))}
    money = body.get("currency")
    if isinstance(money, dict) and "currency" in takes:
        return "Currency", {"CurrencyLocaleId": _LCIDS.get(str(money.get("locale")).lower(), 1033)}
    return None
