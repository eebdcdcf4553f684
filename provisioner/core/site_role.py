"""What an app may do on a site, by the rights that SharePoint says it has.

The bits: "SPBasePermissions enumeration", learn.microsoft.com/previous-versions/office/
sharepoint-server. What SharePoint says of an app is not documented, so anything else is no role.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES = ("read", "write", "manage", "fullcontrol")
"""Of `Sites.Selected`, the least first."""
_RIGHTS = (
    ("fullcontrol", 0x2000000),  # manage permissions
    ("manage", 0x800),  # manage lists
    ("write", 0x4),  # edit items
    ("read", 0x1),  # view items
)


def role_of(rights: Any) -> str:
    """The role that base permissions (`High` and `Low`) amount to; "" for none that can be read."""
    if not isinstance(rights, Mapping):
        return ""
    try:
        low = int(rights["Low"])
    except (KeyError, TypeError, ValueError):
        return ""
    return next((role for role, bit in _RIGHTS if low & bit), "")
