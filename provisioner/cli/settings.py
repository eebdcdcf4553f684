"""What the environment says: where we keep things on this machine, and when it is now."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from provisioner.core.errors import Usage

EMULATOR_PORT = 8443
"""Where the emulator serves when that port is free, so that links in reports keep working."""


def home() -> Path:
    """The folder for emulator state, token caches and journals.

    `PROVISIONER_HOME`, else the platform's data folder.
    """
    given = os.environ.get("PROVISIONER_HOME")
    if given:
        return Path(given).expanduser().resolve()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "provisioner"


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def today(time_zone: str, as_of: str | None = None) -> date:
    """The date in a time zone, or the one given as YYYY-MM-DD.

    Raises:
        Usage: for a date that is none, or a time zone nobody knows.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if as_of:
        try:
            return date.fromisoformat(as_of)
        except ValueError:
            raise Usage(
                "BAD-DATE", f"{as_of!r} is not a date.", hint="Write it as 2026-03-31."
            ) from None
    try:
        return now().astimezone(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        raise Usage(
            "BAD-TIME-ZONE",
            f"{time_zone!r} is not a time zone.",
            hint="Use a name such as America/Toronto or UTC.",
        ) from None


def run_id() -> str:
    """A name for this run that sorts by time: 20261122T161500Z-4f2a."""
    return f"{now():%Y%m%dT%H%M%SZ}-{os.urandom(2).hex()}"
