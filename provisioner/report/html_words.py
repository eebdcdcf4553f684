"""Words and marks of the HTML report: dates, numbers, and a tone and a sign for every state.

A state is never told by colour alone: its word stands beside it, or its sign in it.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Any

from markupsafe import Markup, escape

from provisioner.sync.vocabulary import Freshness, ItemState, ReviewStatus, Severity

TONES: dict[str, str] = {
    ItemState.REJECTED: "bad",
    ItemState.MISSING: "bad",
    ItemState.EXPIRED: "bad",
    ItemState.STALE: "warn",
    ItemState.NOT_COVERED: "warn",
    ItemState.CANNOT_JUDGE: "unknown",
    ItemState.IN_REVIEW: "wait",
    ItemState.DUE_SOON: "soon",
    ItemState.NOT_YET_DUE: "later",
    ItemState.FRESH: "good",
    ItemState.WAIVED: "waived",
    ItemState.NOT_APPLICABLE: "none",
    ReviewStatus.DRAFT: "later",
    ReviewStatus.SUBMITTED: "wait",
    ReviewStatus.APPROVED: "good",
    ReviewStatus.NEEDS_CHANGES: "warn",
    Freshness.SUPERSEDED: "none",
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "later",
}
"""The tone of a word; words of one spelling share one."""

SIGNS: dict[ItemState, str] = {
    ItemState.REJECTED: "✗",
    ItemState.MISSING: "!",
    ItemState.EXPIRED: "E",
    ItemState.STALE: "S",
    ItemState.NOT_COVERED: "N",
    ItemState.CANNOT_JUDGE: "?",
    ItemState.IN_REVIEW: "R",
    ItemState.DUE_SOON: "D",
    ItemState.NOT_YET_DUE: "·",
    ItemState.FRESH: "✓",
    ItemState.WAIVED: "W",
    ItemState.NOT_APPLICABLE: "—",
}
"""The sign of a state on the heat map."""

MEANINGS: dict[ItemState, str] = {
    ItemState.REJECTED: "A reviewer rejected what was filed, and nothing has replaced it.",
    ItemState.MISSING: "Evidence was expected, the days of grace have passed, and nothing was filed.",
    ItemState.EXPIRED: "The newest evidence is too old, and the days of grace have passed.",
    ItemState.STALE: "The newest evidence is too old; the days of grace are running.",
    ItemState.NOT_COVERED: "Something was filed, but it is not approved and in order, or days are missing.",
    ItemState.CANNOT_JUDGE: "A needed fact is not there. That is never counted as a pass.",
    ItemState.IN_REVIEW: "Evidence was filed and waits for its reviewer.",
    ItemState.DUE_SOON: "In order today; it has to be renewed soon.",
    ItemState.NOT_YET_DUE: "Nothing has to be there yet.",
    ItemState.FRESH: "Approved by somebody else, in order and recent enough.",
    ItemState.WAIVED: "An exception was accepted, with an approver and an end date.",
    ItemState.NOT_APPLICABLE: "Not asked for in this audit.",
}
"""What a state means, for somebody who never saw the tool."""

# Written out, because the names strftime gives depend on the machine's locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Control characters, marks that turn the reading direction round (a way to disguise a file's
# extension), and halves of surrogate pairs, which UTF-8 cannot carry.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def shown(value: Any) -> Any:
    """What a template prints of a value: text without characters that hide or turn what it says."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSHOWN.sub("\ufffd", str(value))
    return value


def tone(word: str | None) -> str:
    """The tone of a state, status or severity; "none" for anything else."""
    return TONES.get(str(word or ""), "none")


def reply_tone(reply: str) -> str:
    """The tone of an answer to a question."""
    return {"Yes": "good", "Partly": "soon", "No": "bad"}.get(str(reply), "none")


def day(when: date | None) -> str:
    """A date in short words: "20 May 2026"; a dash for none."""
    return "—" if when is None else f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def iso_day(text: str | None) -> str:
    """The same from ISO text."""
    return day(None if text is None else date.fromisoformat(text))


def percent(share: float | None) -> str:
    """A share in whole percent. Never rounded up to 100 or down to 0: "all" must mean all."""
    if share is None:
        return "—"
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 document", "1,200 documents"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def initial(text: str | StrEnum | None) -> str:
    """The text with a capital at the start."""
    words = str(text or "")
    return words[:1].upper() + words[1:]


def without(sentence: str, name: str) -> str:
    """A sentence without the name it starts with, where that stands beside it anyway."""
    if not name or not sentence.startswith(name):
        return sentence
    rest = sentence.removeprefix(name)
    return initial(rest[1:].lstrip()) if rest.startswith(":") else f"…{rest}"


def coded(text: str) -> Markup:
    """The text with what stands between backticks as code; everything is escaped."""
    parts = (escape(part) for part in text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )
