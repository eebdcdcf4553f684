"""Settings of a library or list: SharePoint's names and values, and the words of the file.

Names and values are those of `SP.List` (learn.microsoft.com, "List class",
Microsoft.SharePoint.Client) as pnp/cli-microsoft365 (spo list set) and PnP PowerShell (Set-PnPList)
write and read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.list_spec import UNLIMITED

VISIBILITY = ("reader", "author", "approver")
"""SharePoint's `DraftVersionVisibility`, 0 to 2."""

_PLAIN = {
    "title": "Title",
    "description": "Description",
    "checkout": "ForceCheckout",
    "folderCreation": "EnableFolderCreation",
    "approval": "EnableModeration",
    "attachments": "EnableAttachments",
    "quickLaunch": "OnQuickLaunch",
    "hidden": "Hidden",
}
_TURNED_ROUND = {
    "crawled": "NoCrawl",
    "sync": "ExcludeFromOfflineClient",
    "gridEditing": "DisableGridEditing",
    "comments": "DisableCommenting",
}
"""Words that say yes where SharePoint's setting says no."""
_CHOICES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "draftVisibility": (
        "DraftVersionVisibility",
        {word: number for number, word in enumerate(VISIBILITY)},
    ),
    "experience": ("ListExperienceOptions", {"auto": 0, "modern": 1, "classic": 2}),
    "opening": ("DefaultItemOpenInBrowser", {"browser": True, "app": False}),
    "readItems": ("ReadSecurity", {"all": 1, "own": 2}),
    "editItems": ("WriteSecurity", {"all": 1, "own": 2, "none": 4}),
}
"""Words that are one of a few: the setting, and what each word is there; the first is the usual."""
_LABEL = "DefaultSensitivityLabelForLibrary"

READ = ",".join(
    (
        *(name for name in _PLAIN.values() if name not in {"Title", "Description", "Hidden"}),
        *_TURNED_ROUND.values(),
        *(name for name, _ in _CHOICES.values()),
        _LABEL,
        "EnableVersioning,MajorVersionLimit,EnableMinorVersions,MajorWithMinorVersionsLimit",
    )
)
"""What `$select` must name for `canonical_settings`, beside what every list reading names."""


def canonical_settings(row: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an `SP.List` in the words of the workspace file."""
    said: dict[str, Any] = {
        word: bool(row.get(name)) for word, name in _PLAIN.items() if word not in _TEXTS
    }
    said |= {word: not row.get(name) for word, name in _TURNED_ROUND.items()}
    for word, (name, values) in _CHOICES.items():
        first = next(iter(values))
        said[word] = next((w for w, there in values.items() if there == row.get(name)), first)
    return said | {
        "title": row["Title"],
        "description": str(row.get("Description") or "").replace("\r\n", "\n").strip(),
        "sensitivityLabel": _label(row.get(_LABEL)),
        "versioning": {
            "major": _limit(row, "EnableVersioning", "MajorVersionLimit"),
            "minor": _limit(row, "EnableMinorVersions", "MajorWithMinorVersionsLimit"),
        },
    }


_TEXTS = frozenset({"title", "description"})
_NO_LABEL = "00000000-0000-0000-0000-000000000000"


def _label(value: object) -> str:
    text = str(value or "").strip("{}").lower()
    return "" if text == _NO_LABEL else text


def _limit(row: Mapping[str, Any], switch: str, limit: str) -> int:
    return int(row.get(limit) or UNLIMITED) if row.get(switch) else 0


def settings_body(changed: Mapping[str, Any], *, library: bool) -> dict[str, Any]:
    """The MERGE body for the words in `changed`, in SharePoint's names."""
    body = {name: changed[word] for word, name in _PLAIN.items() if word in changed}
    body |= {name: not changed[word] for word, name in _TURNED_ROUND.items() if word in changed}
    for word, (name, values) in _CHOICES.items():
        if word in changed:
            body[name] = values[changed[word]]
    if "sensitivityLabel" in changed:
        body[_LABEL] = changed["sensitivityLabel"]
    if changed.get("versioning"):
        body |= _versions(changed["versioning"], library=library)
    return body


def _versions(wanted: Mapping[str, int], *, library: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"EnableVersioning": wanted["major"] > 0}
    if wanted["major"]:
        body["MajorVersionLimit"] = wanted["major"]
    if library:
        body["EnableMinorVersions"] = wanted["minor"] > 0
        if wanted["minor"]:
            body["MajorWithMinorVersionsLimit"] = wanted["minor"]
    return body
