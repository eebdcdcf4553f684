"""Words that say how something stands, as coloured pills. The word is always there; colour helps."""

from __future__ import annotations

import re
from collections.abc import Mapping

from provisioner.emulator.model.fields import Field
from provisioner.emulator.web.markup import Markup, tag

_WORDS: Mapping[str, tuple[str, ...]] = {
    "good": (
        "Fresh", "Approved", "Accepted", "Mitigated", "Closed", "Resolved", "Delivered", "Ready",
        "Issued", "Completed", "Removed in SLA", "Active",
    ),
    "soon": (
        "Due soon", "Needs changes", "Needs revision", "Flagged", "Review due", "Rotation due",
        "Awaiting approval", "Medium", "warning", "Conditional", "Waiting on provider",
    ),
    "bad": (
        "Stale", "Expired", "Rejected", "Missing", "Not covered", "High", "Critical", "error",
        "Failed", "Removed late", "Blocked", "Open", "Revoked",
    ),
    "unsure": ("Cannot judge", "Waived", "Risk accepted", "Exception"),
    "work": (
        "In review", "Submitted", "Acknowledged", "Assigned", "Collecting", "Treating",
        "In progress", "Ready for verification", "Fieldwork", "Report draft", "Under review",
        "Triage", "Pending", "Ongoing", "Deployed",
    ),
}  # fmt: skip
_TONES = {word.casefold(): tone for tone, words in _WORDS.items() for word in words}
_STANDS = re.compile(r"(?:Freshness|Coverage|Severity|State|Status|\w+Status)\Z")


def has_pills(field: Field) -> bool:
    """Whether the column says how something stands."""
    return field.type == "Choice" and _STANDS.match(field.internal_name) is not None


def pill(word: str) -> Markup:
    """The word in its colour; one without a colour of its own in grey."""
    return tag("span", word, class_=f"pill {_TONES.get(word.casefold(), 'plain')}")
