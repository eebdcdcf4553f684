"""Settings of a list under their SharePoint REST names: what they start as, what may be set.

Names and values: learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference
(ListCollection), pnp/cli-microsoft365 ``spo list set``. Where the service's answer to a wrong
combination is not documented, the emulator refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.emulator.wire import Refusal

BOOLEANS = frozenset(
    {
        "AllowContentTypes",
        "ContentTypesEnabled",
        "CrawlNonDefaultViews",
        "DefaultItemOpenInBrowser",
        "DisableCommenting",
        "DisableGridEditing",
        "EnableAttachments",
        "EnableFolderCreation",
        "EnableMinorVersions",
        "EnableModeration",
        "EnableVersioning",
        "EnforceDataValidation",
        "ExcludeFromOfflineClient",
        "ForceCheckout",
        "Hidden",
        "IrmEnabled",
        "IrmExpire",
        "IrmReject",
        "MultipleDataList",
        "NoCrawl",
        "OnQuickLaunch",
        "ParserDisabled",
    }
)
NUMBERS = frozenset(
    {
        "DraftVersionVisibility",
        "ListExperienceOptions",
        "MajorVersionLimit",
        "MajorWithMinorVersionsLimit",
        "ReadSecurity",
        "WriteSecurity",
    }
)
TEXTS = frozenset(
    {
        "Title",
        "Description",
        "ValidationFormula",
        "ValidationMessage",
        "Direction",
        "DefaultContentApprovalWorkflowId",
        "ImageUrl",
        "DefaultSensitivityLabelForLibrary",
    }
)
LIBRARY_ONLY = frozenset(
    {"DefaultSensitivityLabelForLibrary", "EnableMinorVersions", "ForceCheckout"}
)
_ONE_OF = {
    "DraftVersionVisibility": (0, 1, 2),
    "ListExperienceOptions": (0, 1, 2),
    "ReadSecurity": (1, 2),
    "WriteSecurity": (1, 2, 4),
}
MIN_LIBRARY_VERSIONS, MAX_VERSIONS = 100, 50_000
DEFAULT_VERSIONS = {True: 500, False: 50}  # of a library, of a list


def _bad(message: str, code: str = "-2147024809, System.ArgumentException") -> Refusal:
    return Refusal(400, "invalidRequest", message, rest_code=code)


def defaults(*, library: bool) -> dict[str, Any]:
    """What a new list starts with."""
    return {
        "Description": "",
        "AllowContentTypes": True,
        "ContentTypesEnabled": False,
        "CrawlNonDefaultViews": False,
        "DefaultItemOpenInBrowser": True,
        "DefaultSensitivityLabelForLibrary": "",
        "DisableCommenting": False,
        "DefaultContentApprovalWorkflowId": "00000000-0000-0000-0000-000000000000",
        "Direction": "none",
        "DisableGridEditing": False,
        "DraftVersionVisibility": 0,
        "EnableAttachments": not library,
        "EnableFolderCreation": library,
        "EnableMinorVersions": False,
        "EnableModeration": False,
        "EnableVersioning": True,
        "EnforceDataValidation": False,
        "ExcludeFromOfflineClient": False,
        "ForceCheckout": False,
        "IrmEnabled": False,
        "IrmExpire": False,
        "IrmReject": False,
        "ListExperienceOptions": 0,
        "MajorVersionLimit": DEFAULT_VERSIONS[library],
        "MajorWithMinorVersionsLimit": 0,
        "MultipleDataList": False,
        "NoCrawl": False,
        "OnQuickLaunch": False,
        "ParserDisabled": False,
        "ReadSecurity": 1,
        "WriteSecurity": 1,
        "ValidationFormula": "",
        "ValidationMessage": "",
    }


def merged(
    current: Mapping[str, Any], changes: Mapping[str, Any], *, library: bool
) -> dict[str, Any]:
    """`current` with `changes`, after checking names, types and combinations.

    Raises `Refusal` 400 for a property SP.List does not have, a wrong type, or a setting this sort
    of list cannot take.
    """
    for name, value in changes.items():
        _check_type(name, value)
    result = dict(current) | dict(changes)
    _check_sort(changes, library=library)
    _check_versions(result, changes, library=library)
    if not result["EnableVersioning"]:
        # A list without versions reads back a limit of 0, and starts again at its default.
        result["MajorVersionLimit"] = 0
    elif not result["MajorVersionLimit"]:
        result["MajorVersionLimit"] = DEFAULT_VERSIONS[library]
    if not result["EnableVersioning"] and result["EnableMinorVersions"]:
        if "EnableMinorVersions" in changes:
            raise _bad("Minor versions need versioning to be enabled.")
        result["EnableMinorVersions"] = False
    for name, allowed in _ONE_OF.items():
        if name in changes and changes[name] not in allowed:
            raise _bad(f"{name} must be one of {', '.join(map(str, allowed))}.")
    return result


def _check_sort(changes: Mapping[str, Any], *, library: bool) -> None:
    if library and changes.get("EnableAttachments"):
        raise _bad("Attachments are not supported in document libraries.")
    for name in ("ReadSecurity", "WriteSecurity") if library else ():
        if changes.get(name, 1) != 1:
            raise _bad(f"{name} is only supported in lists.")
    for name in () if library else sorted(LIBRARY_ONLY):
        if changes.get(name):
            raise _bad(f"{name} is only supported in document libraries.")


def _check_type(name: str, value: Any) -> None:
    wanted: type[Any]
    if name in BOOLEANS:
        wanted = bool
    elif name in NUMBERS:
        wanted = int
    elif name in TEXTS:
        wanted = str
    else:
        raise _bad(
            f"The property '{name}' does not exist on type 'SP.List'. Make sure to only use "
            "property names that are defined by the type.",
            "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise _bad(
            f"Cannot convert a primitive value to the expected type of '{name}'.",
            "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )


def _check_versions(
    result: Mapping[str, Any], changes: Mapping[str, Any], *, library: bool
) -> None:
    limit = changes.get("MajorVersionLimit")
    if limit is None:
        return
    if not result["EnableVersioning"]:
        if limit:
            raise _bad("MajorVersionLimit needs versioning to be enabled.")
        return
    least = MIN_LIBRARY_VERSIONS if library else 1
    if not least <= limit <= MAX_VERSIONS:
        raise _bad(f"MajorVersionLimit must be between {least} and {MAX_VERSIONS}.")
    minor = changes.get("MajorWithMinorVersionsLimit")
    if minor is not None and not 0 <= minor <= MAX_VERSIONS:
        raise _bad(f"MajorWithMinorVersionsLimit must be between 0 and {MAX_VERSIONS}.")
