"""What a web is set to besides its title: which values each setting takes, and what it shows.

pnp/cli-microsoft365 ``spo web get`` (the defaults), ``spo web set`` (the numbers) and ``spo site
chrome set``. A value of another type or out of range is refused; how the service words that is not
known, so the words are those it has for any value it cannot read.
"""

from __future__ import annotations

import json
from sqlite3 import Row
from typing import Any

from provisioner.emulator.wire import Refusal

_CLIENT = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
_DEFAULT_COLOUR = "#0078d4"

SETTINGS: dict[str, Any] = {
    "QuickLaunchEnabled": True,
    "HorizontalQuickLaunch": False,
    "MegaMenuEnabled": True,
    "FooterEnabled": False,
    "FooterEmphasis": 0,
    "FooterLayout": 0,
    "HeaderEmphasis": 0,
    "HeaderLayout": 0,
    "SearchScope": 0,
    "SiteLogoUrl": None,
    "NoCrawl": False,
    "TreeViewEnabled": False,
    "HideTitleInHeader": False,
    "LogoAlignment": 0,
    "NavAudienceTargetingEnabled": False,
    "MembersCanShare": True,
}
"""Settings a MERGE of the web takes, as a new site has them."""
_HIGHEST = {
    "FooterEmphasis": 3,
    "FooterLayout": 2,
    "HeaderEmphasis": 3,
    "HeaderLayout": 4,
    "SearchScope": 3,
    "LogoAlignment": 2,
}
EXPLICIT = frozenset({"MembersCanShare", "PrimaryColor"})
"""Shown only where ``$select`` names them."""
CHROME = {
    "headerLayout": "HeaderLayout",
    "headerEmphasis": "HeaderEmphasis",
    "logoAlignment": "LogoAlignment",
    "footerLayout": "FooterLayout",
    "footerEmphasis": "FooterEmphasis",
    "hideTitleInHeader": "HideTitleInHeader",
    "megaMenuEnabled": "MegaMenuEnabled",
    "footerEnabled": "FooterEnabled",
}
"""What ``SetChromeOptions`` calls a setting."""


def shown(site: Row, group_id: str | None) -> dict[str, Any]:
    """The settings of a site as its web shows them.

    The picture of a group's site is its group's, whatever `SiteLogoUrl` was set to.
    """
    doc = json.loads(site["doc"])
    settings = {name: doc.get(name, usual) for name, usual in SETTINGS.items()}
    settings["PrimaryColor"] = doc.get("PrimaryColor", _DEFAULT_COLOUR)
    if group_id is not None:
        path = f"{site['path']}/_api/GroupService/GetGroupImage"
        settings["SiteLogoUrl"] = f"{path}?id='{group_id}'&hash=637696347741828775"
    return settings


def checked(name: str, value: Any) -> Any:
    """The value, if the setting takes it. Raises `Refusal` 400."""
    usual = SETTINGS[name]
    if name in _HIGHEST:
        good = type(value) is int and 0 <= value <= _HIGHEST[name]
    elif isinstance(usual, bool):
        good = isinstance(value, bool)
    else:
        good = value is None or isinstance(value, str)
    if not good:
        raise Refusal(
            400, "invalidRequest", f"The value of '{name}' cannot be read.", rest_code=_CLIENT
        )
    return value
