"""What a permission level allows: SharePoint's names for the bits of its mask.

Bit n-1 is the permission with value n (learn.microsoft.com, "PermissionKind enum" of
Microsoft.SharePoint.Client; the masks themselves in "SPBasePermissions enum").
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

PERMISSIONS = MappingProxyType(
    {
        "ViewListItems": 1,
        "AddListItems": 2,
        "EditListItems": 3,
        "DeleteListItems": 4,
        "ApproveItems": 5,
        "OpenItems": 6,
        "ViewVersions": 7,
        "DeleteVersions": 8,
        "CancelCheckout": 9,
        "ManagePersonalViews": 10,
        "ManageLists": 12,
        "ViewFormPages": 13,
        "AnonymousSearchAccessList": 14,
        "Open": 17,
        "ViewPages": 18,
        "AddAndCustomizePages": 19,
        "ApplyThemeAndBorder": 20,
        "ApplyStyleSheets": 21,
        "ViewUsageData": 22,
        "CreateSSCSite": 23,
        "ManageSubwebs": 24,
        "CreateGroups": 25,
        "ManagePermissions": 26,
        "BrowseDirectories": 27,
        "BrowseUserInfo": 28,
        "AddDelPrivateWebParts": 29,
        "UpdatePersonalWebParts": 30,
        "ManageWeb": 31,
        "AnonymousSearchAccessWebLists": 32,
        "UseClientIntegration": 37,
        "UseRemoteAPIs": 38,
        "ManageAlerts": 39,
        "CreateAlerts": 40,
        "EditMyUserInfo": 41,
        "EnumeratePermissions": 63,
    }
)
"""Names of the permissions by their value in PermissionKind."""
BASES = MappingProxyType(
    {
        "Read": (176 << 32) | 138612833,
        "Contribute": (432 << 32) | 1011028719,
        "Edit": (432 << 32) | 1011030767,
        "Design": (432 << 32) | 1012866047,
        "Full Control": (2147483647 << 32) | 4294967295,
    }
)
"""Microsoft's levels as a new site has them (github.com/pnp/cli-microsoft365, the answer shown for
"spo roledefinition list")."""


def mask_of(names: Iterable[str]) -> int:
    """The mask with these permissions. Raises `KeyError` for a name that is none."""
    mask = 0
    for name in names:
        mask |= 1 << (PERMISSIONS[name] - 1)
    return mask


def names_of(mask: int) -> list[str]:
    """The permissions in a mask, sorted; a bit that Microsoft has not named is `bit n`.

    All bits together are written "FullMask", as Microsoft's enum does.
    """
    if mask == BASES["Full Control"]:
        return ["FullMask"]
    by_value = {value: name for name, value in PERMISSIONS.items()}
    values = (value for value in range(1, 65) if mask >> (value - 1) & 1)
    return sorted(by_value.get(value, f"bit {value}") for value in values)


def masked(halves: Any) -> int:
    """The mask of a `BasePermissions` answer, whose halves are text; 0 when there is none."""
    if not isinstance(halves, dict):
        return 0
    return int(halves.get("High") or 0) << 32 | int(halves.get("Low") or 0)
