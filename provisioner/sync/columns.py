"""The columns sync reads and writes, and the texts in which values stand in them.

Graph leaves out columns without a value and gives a lookup as `<Name>LookupId`
(learn.microsoft.com/graph/api/resources/fieldvalueset). A date-only value is midnight in the site's
zone, sent as UTC, so it is converted and never cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

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
    if value.isprintable():
        return value.strip()  # nothing printable ends a line
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
    return _day_meant(value, zone) if isinstance(value, str) and value else None


# The same days stand on thousands of documents: each is worked out once, and held once.
@lru_cache(maxsize=1 << 14)
def _day_meant(value: str, zone: ZoneInfo) -> date | None:
    moment = _instant(value)
    if moment is None or moment.tzinfo is None:
        return day_of(value, zone)
    local = moment.astimezone(zone)
    return _held(local.date() if local.time() == time() else (moment + _HALF_A_DAY).date())


@lru_cache(maxsize=1 << 14)
def _held(day: date) -> date:
    """The one of equal dates that is kept."""
    return day


def day_of(value: Any, zone: ZoneInfo) -> date | None:
    """The day an instant falls on in a zone; None for anything that is no instant."""
    return _day_in(value, zone) if isinstance(value, str) and value else None


@lru_cache(maxsize=1 << 14)
def _day_in(value: str, zone: ZoneInfo) -> date | None:
    moment = _instant(value)
    if moment is None:
        return None
    if moment.tzinfo is None:
        # SharePoint always names the offset; a bare date can only be the site's own day.
        return _held(moment.date())
    return _held(moment.astimezone(zone).date())


def _instant(value: str) -> datetime | None:
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


def flags_text(codes: Iterable[str], reason: str) -> str:
    """The Flags column: the rule codes, and below them the reason of the worst in words."""
    shown = ", ".join(dict.fromkeys(codes))
    return lines(f"{shown}\n{reason}") if shown else ""
