"""Values of rows in one spelling: as the file says them, and as a list gives them back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.kinds.base import Scope
from provisioner.kinds.requests import (
    many,
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d\d:\d\d)")
_DATES = frozenset({"dateOnly", "dateTime"})
_HALF_A_DAY = timedelta(hours=12)


def key_text(value: Any) -> str:
    """What a row is known by: 0 and 5.0 are "0" and "5", nothing is ""."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def texts(value: Any) -> tuple[str, ...]:
    """One text or several as several."""
    return tuple(str(one) for one in value) if isinstance(value, (list, tuple)) else (str(value),)


_WRAPPED = re.compile(
    r'<div class="ExternalClass[0-9A-F]{32}">(?:<p>(?P<alone>[^<]*)</p>|(?P<inside>.*))</div>',
    re.DOTALL,
)
"""Rich text as SharePoint gives it back: in a block of its own, escaped (pnp/sp-dev-fx-extensions#103
shows one)."""


def canonical(value: Any, column_type: str, scope: Scope) -> Any:
    """A value in the one form that is compared, whether the file or SharePoint wrote it."""
    if column_type == "hyperlink":
        return _link(value)
    if isinstance(value, (list, tuple, dict)):
        several = many(value) if isinstance(value, dict) else value
        return sorted(str(one) for one in several)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").strip()
    if column_type == "note" and (wrapped := _WRAPPED.fullmatch(text)):
        inside = (wrapped["alone"] or wrapped["inside"] or "").strip()
        text = inside if "<" in inside else unescape(inside)
    if column_type in _DATES and _MOMENT.fullmatch(text):
        return _moment(text, column_type, scope)
    return sent(text, column_type, scope) if column_type == "dateTime" else text


def _link(value: Any) -> dict[str, str] | None:
    """An address with its description, which is the address where there is none."""
    said = (
        {str(k).lower(): str(v) for k, v in value.items()}
        if isinstance(value, Mapping)
        else {"url": str(value or "").strip()}
    )
    url = said.get("url", "")
    return {"url": url, "description": said.get("description") or url} if url else None


def _moment(text: str, column_type: str, scope: Scope) -> str:
    """A day for columns of days, a moment in UTC for others.

    SharePoint keeps a day as its midnight in the site's zone. Where that is not the declared zone,
    the nearest midnight in UTC is meant.
    """
    moment = datetime.fromisoformat(text).astimezone(UTC)
    if column_type == "dateTime":
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = moment.astimezone(ZoneInfo(scope.time_zone))
    if local.time() == time():
        return local.date().isoformat()
    return (moment + _HALF_A_DAY).date().isoformat()


def sent(value: Any, column_type: str, scope: Scope) -> Any:
    """A day goes as its noon, which is the same day should the site be in a zone near by."""
    if not (isinstance(value, str) and _DAY.fullmatch(value) and column_type in _DATES):
        return value
    at = time(12) if column_type == "dateOnly" else time()
    moment = datetime.combine(date.fromisoformat(value), at, ZoneInfo(scope.time_zone))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
