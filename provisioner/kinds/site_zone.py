"""The time zone a site really has, told from SharePoint's own numbers for zones.

A new site has the zone of its tenant, and no supported request changes it; a wrong one moves every
date by a day, so it is compared (learn.microsoft.com, "SPRegionalSettings.TimeZones": the ids are
the same everywhere).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.kinds.base import Scope
from provisioner.kinds.requests import read_rest

ZONE = read_rest("/_api/web/RegionalSettings/TimeZone", cost=1, pages=False, absent_ok=True)
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
