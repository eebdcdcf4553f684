"""Every code the program can print, at length: what it means, why it matters and what to do.

A file holds the codes of one room. A code is printed by an error, by a problem of a workspace file,
by a line of a receipt, or by a finding of drift or sync.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from provisioner.report.codes.access import ACCESS
from provisioner.report.codes.applying import APPLYING
from provisioner.report.codes.columns import COLUMNS
from provisioner.report.codes.command_line import COMMANDS
from provisioner.report.codes.drift import DRIFT
from provisioner.report.codes.emulator import EMULATOR
from provisioner.report.codes.explanation import Explanation
from provisioner.report.codes.ledger import LEDGER
from provisioner.report.codes.lint import LINT
from provisioner.report.codes.lists import LISTS
from provisioner.report.codes.microsoft import MICROSOFT
from provisioner.report.codes.packages import PACKAGES
from provisioner.report.codes.pages import PAGES
from provisioner.report.codes.probing import PROBING
from provisioner.report.codes.signing_in import SIGNING_IN
from provisioner.report.codes.spec import SPEC
from provisioner.report.codes.spec_files import SPEC_FILES
from provisioner.report.codes.sync import RULES, SYNC
from provisioner.report.codes.tenant_named import TENANT_NAMED
from provisioner.report.codes.year import YEAR

__all__ = ["CODES", "ROOMS", "Explanation", "all_json", "nearest"]

ROOMS: Mapping[str, tuple[Explanation, ...]] = MappingProxyType(
    {
        "The rules of evidence": RULES,
        "Drift": DRIFT,
        "Drift: who can get at what": ACCESS,
        "Plan and apply": APPLYING,
        "Plan and apply: columns that change": COLUMNS,
        "Libraries and lists": LISTS,
        "Pages and navigation": PAGES,
        "The ledger": LEDGER,
        "Sync": SYNC,
        "The auditor's package": PACKAGES,
        "The audit year": YEAR,
        "The workspace file: reading it": SPEC_FILES,
        "The workspace file: what it says": SPEC,
        "The workspace file: what SharePoint can do": LINT,
        "Signing in": (*SIGNING_IN, *TENANT_NAMED),
        "Microsoft 365": MICROSOFT,
        "The command line": COMMANDS,
        "The emulator and the demo": EMULATOR,
        "The probe and recordings": PROBING,
    }
)
"""The explanations by where a person meets them, in the order in which they are listed."""

CODES: Mapping[str, Explanation] = MappingProxyType(
    {one.code: one for room in ROOMS.values() for one in room}
)
"""The explanation of each code."""


def nearest(code: str) -> tuple[str, ...]:
    """Up to three codes like the one given, the most alike first; empty when none is."""
    wanted = code.strip().upper().replace("_", "-").replace(" ", "-")
    if wanted in CODES:
        return (wanted,)
    close = get_close_matches(wanted, CODES, 3)
    parts = [one for one in CODES if wanted and wanted in one.split("-")]
    return tuple(dict.fromkeys([*close, *parts]))[:3]


def all_json() -> dict[str, Any]:
    """The `Explanations` document: every code with its room and title."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "Explanations",
        "codes": [
            {"code": one.code, "title": one.title, "room": room}
            for room, several in ROOMS.items()
            for one in several
        ],
    }
