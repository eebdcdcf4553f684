"""Clocks and stamps as the texts that stand in hidden columns, and back.

A text that is not one of ours stands for nothing: the job stamps anew rather than guess.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

from provisioner.sync.stamped import ApprovedStamp, Clock, DeliveredStamp, FirstStamp, WaiverStamp


def clock_text(clock: Clock | None) -> str:
    """The Clock column: "review 2026-06-05"; empty for none."""
    if clock is None:
        return ""
    return clock.group if clock.since is None else f"{clock.group} {clock.since.isoformat()}"


def read_clock(value: str | None) -> Clock | None:
    """The clock a column's text stands for; None when empty or not one of ours."""
    return _clock(value) if value else None


@lru_cache(maxsize=1 << 12)  # thousands of documents wait since the same days
def _clock(value: str) -> Clock | None:
    group, _, since = value.strip().partition(" ")
    if group not in ("review", "returned"):
        return None
    try:
        return Clock(group, date.fromisoformat(since) if since else None)
    except ValueError:
        return None


def stamp_text(stamp: ApprovedStamp | None) -> str:
    """The Approved stamp column: one line of JSON; empty for none."""
    if stamp is None:
        return ""
    document = {
        "identity": stamp.identity,
        "reviewer": stamp.reviewer,
        "reviewedOn": _iso(stamp.reviewed_on),
        "activity": _iso(stamp.activity),
        "from": _iso(stamp.period_from),
        "to": _iso(stamp.period_to),
        "versionGone": stamp.version_gone,
        "firsts": [
            [first.identity, _iso(first.activity), _iso(first.period_to)] for first in stamp.firsts
        ],
    }
    return json.dumps(document, separators=(",", ":"))


def read_stamp(value: str | None) -> ApprovedStamp | None:
    """The stamp a column's text stands for; None when empty or not one of ours."""
    if not value:
        return None
    try:
        document = json.loads(value)
        if not isinstance(document, dict):
            return None
        reviewed_on = _date(document["reviewedOn"])
        if reviewed_on is None:
            return None
        return ApprovedStamp(
            identity=document["identity"],
            reviewer=str(document["reviewer"]),
            reviewed_on=reviewed_on,
            activity=_date(document["activity"]),
            period_from=_date(document["from"]),
            period_to=_date(document["to"]),
            version_gone=bool(document["versionGone"]),
            firsts=tuple(
                FirstStamp(str(identity), _date(activity), _date(to))
                for identity, activity, to in document["firsts"]
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def waiver_stamp_text(stamp: WaiverStamp | None) -> str:
    """The Facts at grant column of a waiver: one line of JSON; empty for none."""
    if stamp is None:
        return ""
    document = {"granted": _iso(stamp.granted), "facts": dict(sorted(stamp.facts.items()))}
    return json.dumps(document, separators=(",", ":"))


def read_waiver_stamp(value: str | None) -> WaiverStamp | None:
    """The stamp a waiver's column stands for; None when empty or not one of ours."""
    try:
        document = json.loads(value or "null")
        granted = _date(document["granted"])
        facts = {str(name): str(each) for name, each in document["facts"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return None if granted is None else WaiverStamp(granted, facts)


def delivered_text(stamp: DeliveredStamp | None) -> str:
    """The column Version and hash delivered: one line of JSON; empty for none."""
    if stamp is None:
        return ""
    document = {
        "deliveredOn": _iso(stamp.delivered_on),
        "identities": dict(sorted(stamp.identities.items())),
    }
    return json.dumps(document, separators=(",", ":"))


def read_delivered(value: str | None) -> DeliveredStamp | None:
    """The stamp a request's column stands for; None when empty or not one of ours."""
    try:
        document = json.loads(value or "null")
        day = _date(document["deliveredOn"])
        identities = {str(key): str(each) for key, each in document["identities"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return None if day is None else DeliveredStamp(day, identities)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
