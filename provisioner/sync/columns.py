"""The columns sync reads and writes, and the texts in which values stand in them.

Graph leaves out columns without a value and gives a lookup as `<Name>LookupId`
(learn.microsoft.com/graph/api/resources/fieldvalueset). A date-only value is midnight in the site's
zone, sent as UTC, so it is converted and never cut.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.sync.stamped import ApprovedStamp, Clock, DeliveredStamp, FirstStamp, WaiverStamp

_HALF_A_DAY = timedelta(hours=12)
PEOPLE_FILL_IN = (
    "EvidenceItemLookupId",
    "Part",
    "TrustServicesCriteria",
    "Sensitivity",
    "SourceSystem",
    "QueryUsed",
    "RowCount",
    "PeriodFrom",
    "PeriodTo",
    "ActivityDate",
    "CollectedOn",
    "BridgeLetterUntil",
    "EvidenceOwnerLookupId",
    "ReviewStatus",
    "ReviewerLookupId",
    "ReviewedOn",
    "RelatedRisk",
)
"""Columns of an evidence document that belong to people: read, never written."""

JOB_OWNED = ("Freshness", "FreshUntil", "Flags", "ApprovedStamp", "Clock")
"""Columns of an evidence document that belong to the job."""

TELLING = frozenset({"EvidenceItem", "ReviewStatus"})
"""Columns without which a library holds no evidence documents."""


def text(fields: Mapping[str, Any], name: str) -> str | None:
    """A text as it stands; None when empty. Line ends are made one sort."""
    value = fields.get(name)
    if value is None:
        return None
    return lines(str(value)) or None


def lines(value: str) -> str:
    """A text with one sort of line end and none at its end, as it compares with one read back."""
    return "\n".join(value.splitlines()).strip()


def number(fields: Mapping[str, Any], name: str) -> int | None:
    """A whole number; None when empty or no number."""
    value = fields.get(name)
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return None


def lookup(fields: Mapping[str, Any], name: str) -> int | None:
    """The id a lookup or person column points at; None when empty."""
    return number(fields, f"{name}LookupId")


def lookups(fields: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """The ids a lookup or person column with several values points at, in order of ids."""
    value = fields.get(name)
    if not isinstance(value, list):
        one = lookup(fields, name)
        return () if one is None else (one,)
    found = (number(each, "LookupId") for each in value if isinstance(each, Mapping))
    return tuple(sorted({each for each in found if each is not None}))


def several(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a choice column with several values."""
    value = fields.get(name)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def day(fields: Mapping[str, Any], name: str, zone: ZoneInfo) -> date | None:
    """The day that a date-only column holds; None when empty or no date.

    SharePoint keeps it as its midnight in the site's own zone. Where that is not `zone`, the declared
    one, the nearest midnight in UTC is meant.
    """
    value = fields.get(name)
    moment = _instant(value)
    if moment is None or moment.tzinfo is None:
        return day_of(value, zone)
    local = moment.astimezone(zone)
    return local.date() if local.time() == time() else (moment + _HALF_A_DAY).date()


def day_of(value: Any, zone: ZoneInfo) -> date | None:
    """The day an instant falls on in a zone; None for anything that is no instant."""
    moment = _instant(value)
    if moment is None:
        return None
    if moment.tzinfo is None:
        # SharePoint always names the offset; a bare date can only be the site's own day.
        return moment.date()
    return moment.astimezone(zone).date()


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def noon(value: date | None, zone: ZoneInfo) -> str | None:
    """A day as Graph takes it for a date-only column: its noon, the same day in zones near by."""
    if value is None:
        return None
    moment = datetime.combine(value, time(12), zone).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# Short dates as SharePoint's forms take them, by the site's locale (LCID). ISO dates are refused
# (SharePoint/sp-dev-docs issue 4917).
_MONTH_FIRST = "{0.month}/{0.day}/{0.year}"
_DOTS = "{0.day:02}.{0.month:02}.{0.year}"
_SLASHES = "{0.day:02}/{0.month:02}/{0.year}"
_ISO = "{0.year}-{0.month:02}-{0.day:02}"
_YEAR_FIRST = "{0.year}/{0.month:02}/{0.day:02}"
_FORMS: Mapping[int, str] = {
    1028: _YEAR_FIRST,  # zh-TW
    1029: _DOTS,  # cs-CZ
    1030: "{0.day:02}-{0.month:02}-{0.year}",  # da-DK
    1031: _DOTS,  # de-DE
    1032: _SLASHES,  # el-GR
    1033: _MONTH_FIRST,  # en-US
    1035: "{0.day}.{0.month}.{0.year}",  # fi-FI
    1036: _SLASHES,  # fr-FR
    1037: _SLASHES,  # he-IL
    1040: _SLASHES,  # it-IT
    1041: _YEAR_FIRST,  # ja-JP
    1042: _ISO,  # ko-KR
    1043: "{0.day}-{0.month}-{0.year}",  # nl-NL
    1044: _DOTS,  # nb-NO
    1045: _DOTS,  # pl-PL
    1046: _SLASHES,  # pt-BR
    1048: _DOTS,  # ro-RO
    1049: _DOTS,  # ru-RU
    1053: _ISO,  # sv-SE
    1055: "{0.day}.{0.month:02}.{0.year}",  # tr-TR
    1058: _DOTS,  # uk-UA
    2052: _YEAR_FIRST,  # zh-CN
    2057: _SLASHES,  # en-GB
    2070: _SLASHES,  # pt-PT
    3081: _SLASHES,  # en-AU
    3082: _SLASHES,  # es-ES
    6153: _SLASHES,  # en-IE
}


Value = str | int | date | tuple[str, ...] | None
"""A value of a row: text, number or lookup id, day, several texts."""


@dataclass(frozen=True, slots=True)
class RowShape:
    """How the columns of a list are read and written: internal names by sort."""

    texts: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns as Graph is asked for them."""
        return (*self.texts, *self.days, *(f"{one}LookupId" for one in self.lookups), *self.lists)

    def read(self, fields: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Value]:
        """Every column of the shape as a value, None or () where it is empty."""
        found: dict[str, Value] = {name: text(fields, name) for name in self.texts}
        found |= {name: day(fields, name, zone) for name in self.days}
        found |= {name: lookup(fields, name) for name in self.lookups}
        found |= {name: several(fields, name) for name in self.lists}
        return found

    def written(
        self, values: Mapping[str, Value], has: Collection[str], zone: ZoneInfo
    ) -> dict[str, Any]:
        """Values as Graph takes them; columns the list does not have are left out.

        A lookup is its id as text (microsoft-graph-docs issue 19901), and several choices must name
        their type (learn.microsoft.com Q&A 813838).
        """
        fields: dict[str, Any] = {}
        for name, value in values.items():
            if name not in has:
                continue
            if name in self.lookups:
                fields[f"{name}LookupId"] = None if value is None else str(value)
            elif name in self.lists:
                fields[f"{name}@odata.type"] = "Collection(Edm.String)"
                fields[name] = list(value) if isinstance(value, tuple) else []
            elif isinstance(value, date):
                fields[name] = noon(value, zone)
            else:
                fields[name] = value
        return fields

    def written_rest(
        self, values: Mapping[str, Value], has: Collection[str], zone: ZoneInfo
    ) -> dict[str, Any]:
        """The same as SharePoint REST takes them without metadata: a lookup as `<Name>Id`."""
        return {
            f"{name}Id" if name in self.lookups else name: _sent(value, zone)
            for name, value in values.items()
            if name in has
        }


def _sent(value: Value, zone: ZoneInfo) -> Any:
    if isinstance(value, date):
        return noon(value, zone)
    return list(value) if isinstance(value, tuple) else value


def form_date(value: date | None, lcid: int) -> str | None:
    """A date as a form of the site takes it, "" for none; None where its locale is not known."""
    if value is None:
        return ""
    form = _FORMS.get(lcid)
    return None if form is None else form.format(value)


def clock_text(clock: Clock | None) -> str:
    """The Clock column: "review 2026-06-05"; empty for none."""
    if clock is None:
        return ""
    return clock.group if clock.since is None else f"{clock.group} {clock.since.isoformat()}"


def read_clock(value: str | None) -> Clock | None:
    """The clock a column's text stands for; None when empty or not one of ours."""
    group, _, since = (value or "").strip().partition(" ")
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
    try:
        document = json.loads(value or "null")
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
    except (ValueError, KeyError, TypeError):
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
    except (ValueError, KeyError, TypeError, AttributeError):
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
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return None if day is None else DeliveredStamp(day, identities)


def flags_text(codes: Iterable[str], reason: str) -> str:
    """The Flags column: the rule codes, and below them the reason of the worst in words."""
    shown = ", ".join(dict.fromkeys(codes))
    return lines(f"{shown}\n{reason}") if shown else ""


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
