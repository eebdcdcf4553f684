"""Dates as SharePoint keeps them: an instant in UTC, or midnight in the site's zone for a day.

What a site shows as 22 November is stored as the instant that day began there, so an instant given
for a date-only column is cut to the site's day, which may be the day before the one in the text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from provisioner.emulator.model.fields import Field

_BARE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_FORMS = {
    1033: ("{m}/{d}/{y}", "mdy", "/"),
    1036: ("{d:02}/{m:02}/{y}", "dmy", "/"),
    1031: ("{d:02}.{m:02}.{y}", "dmy", "."),
    3082: ("{d:02}/{m:02}/{y}", "dmy", "/"),
    1043: ("{d}-{m}-{y}", "dmy", "-"),
}


def date_only(field: Field) -> bool:
    """Whether a date column keeps the day alone."""
    return field.type == "DateTime" and field.doc.get("DisplayFormat") == 0


def stamp(moment: datetime) -> str:
    """An instant as it is stored and sent: UTC, seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: date, zone: ZoneInfo) -> str:
    """The instant a day begins in a zone."""
    return stamp(datetime.combine(day, time(), zone))


def from_iso(text: str, zone: ZoneInfo, *, only_date: bool) -> str:
    """Store form of ISO 8601 text; without an offset it is the site's time. `ValueError` else."""
    if _BARE.match(text):
        return midnight(date.fromisoformat(text), zone)
    if "T" not in text and " " not in text:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return midnight(moment.astimezone(zone).date(), zone) if only_date else stamp(moment)


def from_form(text: str, lcid: int, zone: ZoneInfo, *, only_date: bool) -> str:
    """Store form of a date as the site's language writes it. `ValueError` for another form."""
    _, order, separator = _FORMS.get(lcid, _FORMS[1033])
    day, _, clock = text.strip().partition(" ")
    parts = day.split(separator)
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(parts[2]) != 4:
        raise ValueError(text)
    first, second, year = (int(part) for part in parts)
    month, number = (first, second) if order == "mdy" else (second, first)
    value = date(year, month, number)
    if only_date or not clock:
        return midnight(value, zone)
    return stamp(datetime.combine(value, _clock(clock), zone))


def form_example(lcid: int) -> str:
    """The date SharePoint offers as an example, in the site's language."""
    form, _, _ = _FORMS.get(lcid, _FORMS[1033])
    return form.format(y=2012, m=2, d=23)


def to_form(stored: str, lcid: int, zone: ZoneInfo) -> str:
    """The stored instant as the site's language writes its day."""
    form, _, _ = _FORMS.get(lcid, _FORMS[1033])
    day = datetime.fromisoformat(stored).astimezone(zone)
    return form.format(y=day.year, m=day.month, d=day.day)


def _clock(text: str) -> time:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AaPp])[Mm])?", text.strip())
    if match is None:
        raise ValueError(text)
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    return time(hour, int(match[2]), int(match[3] or 0))
