"""The regional settings a site really has: its time zone, formats, first day of the week, clock.

A new site has those of its tenant and its language, and no supported request changes them: "The type
SP.RegionalSettings does not support HTTP PATCH method" (vgrem/office365-rest-python-client#426). A
wrong zone moves every date by a day, so they are compared (learn.microsoft.com,
"SPRegionalSettings.TimeZones": the ids are the same everywhere).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.kinds.base import Scope
from provisioner.kinds.requests import read_rest
from provisioner.kinds.site_language import FORMATS

REGION = read_rest(
    "/_api/web/RegionalSettings?$select=LocaleId,FirstDayOfWeek,Time24,TimeZone/Id,"
    "TimeZone/Description&$expand=TimeZone",
    cost=1,
    pages=False,
    absent_ok=True,
)
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_ZONES = {
    2: "Europe/London",
    3: "Europe/Paris",
    4: "Europe/Berlin",
    5: "Europe/Bucharest",
    6: "Europe/Budapest",
    8: "America/Sao_Paulo",
    9: "America/Halifax",
    10: "America/New_York",
    11: "America/Chicago",
    12: "America/Denver",
    13: "America/Los_Angeles",
    14: "America/Anchorage",
    15: "Pacific/Honolulu",
    17: "Pacific/Auckland",
    18: "Australia/Brisbane",
    19: "Australia/Adelaide",
    20: "Asia/Tokyo",
    21: "Asia/Singapore",
    22: "Asia/Bangkok",
    23: "Asia/Kolkata",
    24: "Asia/Dubai",
    27: "Asia/Jerusalem",
    28: "America/St_Johns",
    32: "America/Argentina/Buenos_Aires",
    35: "America/Bogota",
    36: "America/Regina",
    37: "America/Mexico_City",
    38: "America/Phoenix",
    42: "Australia/Hobart",
    44: "Australia/Darwin",
    45: "Asia/Shanghai",
    47: "Asia/Karachi",
    49: "Africa/Cairo",
    50: "Africa/Johannesburg",
    51: "Europe/Moscow",
    56: "Africa/Nairobi",
    57: "Europe/Warsaw",
    59: "Europe/Helsinki",
    69: "Africa/Lagos",
    72: "Asia/Seoul",
    73: "Australia/Perth",
    74: "Asia/Riyadh",
    75: "Asia/Taipei",
    76: "Australia/Sydney",
    93: "UTC",
}


def region_of(answer: Any, scope: Scope) -> dict[str, Any]:
    """The regional settings by the file's words; None where the site does not say."""
    told = answer if isinstance(answer, dict) else {}
    number, day = told.get("LocaleId"), told.get("FirstDayOfWeek")
    first = DAYS[day] if isinstance(day, int) and 0 <= day < len(DAYS) else None
    return {
        "timeZone": zone_of(told.get("TimeZone"), scope),
        "formats": (FORMATS.get(number) or str(number)) if isinstance(number, int) else None,
        "firstDayOfWeek": first,
        "time24": told.get("Time24"),
    }


def zone_of(answer: Any, scope: Scope) -> str | None:
    """The site's zone: the declared one where both tell the same time, else one of its cities.

    None when the answer holds no zone; SharePoint's description for one that is not in the table.
    """
    if not isinstance(answer, dict) or "Id" not in answer:
        return None
    name = _ZONES.get(int(answer["Id"]))
    if name is None:
        return str(answer.get("Description") or answer["Id"])
    return scope.time_zone if _alike(name, scope.time_zone, scope.today.year) else name


def _alike(one: str, other: str, year: int) -> bool:
    """Whether two zones are the same distance from UTC in every month of a year."""
    days = [datetime(year, month, 15) for month in range(1, 13)]  # noqa: DTZ001 - zoned just below
    return all(
        day.replace(tzinfo=ZoneInfo(one)).utcoffset()
        == day.replace(tzinfo=ZoneInfo(other)).utcoffset()
        for day in days
    )
