"""The tenant: one SQLite store, its clock and its settings, as handed to every route handler.

Handlers run one at a time under the tenant's lock inside one transaction; a `Refusal` rolls the
transaction back, so a refused request leaves nothing behind.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from threading import RLock
from typing import Any, TypeVar, cast

T = TypeVar("T")
DEFAULT_SETTINGS: dict[str, Any] = {
    "latencyMs": 0,
    "serviceMs": {"read": 0, "write": 0},
    "resourceUnitsPerMinute": 1250,
    "provisioningDelayMs": 0,
    "pageSize": 200,
    "locale": "en-US",
    "seed": 1,
    "hostname": "contoso.sharepoint.com",
    "cloud": "global",
    "officeHashMoves": True,
    "overwriteKeepsModified": False,
    "approvalSurvivesOverwrite": False,
    "retypingMovesModified": False,
    "arrivingNamesGetDigit": False,
    "settleMs": 0,
    "deltaTokenDays": 30,
    "timeZone": "UTC",
    "termSets": ["8ed8c9ea-7052-4c1d-a4d7-b9c10bffea6f"],
    "eventReceivers": False,
    "graphColumns": [],
    "expandTogether": True,
    "retentionLabels": ["Evidence 3 years", "Evidence 7 years"],
    "sensitivityLabels": ["1f2a7c4e-5b60-4d5e-9d0c-6a1b7f3e2c11"],
}

_COLUMN_TRIGGERS = "".join(
    f"CREATE TEMP TRIGGER IF NOT EXISTS column_{event.lower()} AFTER {event} ON field "
    f"BEGIN SELECT columns_changed({row}.list_id); END;"
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
)
"""They belong to the connection, so a snapshot holds none and a restored store has them again."""


class Tenant:
    """State of one emulated tenant. `path` is a SQLite file, or ":memory:"."""

    def __init__(self, path: Path | str) -> None:
        self.lock = RLock()
        self.db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self._random = Random()  # noqa: S311 - order, not secrets
        self._kept: dict[tuple[str, ...], Any] = {}
        self._kept_at = 0
        self._columns: dict[str, dict[tuple[str, ...], Any]] = {}
        self.db.create_function("columns_changed", 1, self._forget_columns)
        self.reload()

    # -- settings and clock -------------------------------------------------------------------
    def _stored(self, name: str, default: Any) -> Any:
        row = self.db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row["value"])

    def setting(self, name: str) -> Any:
        """A setting of the control plane, or its default."""
        return self.kept(("setting", name), lambda: self._stored(name, DEFAULT_SETTINGS.get(name)))

    def set_setting(self, name: str, value: Any) -> None:
        """Store one setting; survives a restart."""
        self.db.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def now(self) -> datetime:
        """The tenant's clock, UTC; it can be set and moved and goes on from there."""
        return datetime.now(UTC) + self._clock_offset

    def set_clock(self, moment: datetime) -> None:
        """Make `now()` read `moment` from this instant on."""
        self._clock_offset = moment - datetime.now(UTC)
        self.set_setting("clockOffset", self._clock_offset.total_seconds())

    def reset(self) -> None:
        """Empty every table but the app registrations; settings, clock and order as at first."""
        tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        self.db.execute("BEGIN")
        for table in tables:
            if table["name"] != "app" and not table["name"].startswith("sqlite_"):
                self.db.execute(f'DELETE FROM "{table["name"]}"')  # noqa: S608 - our own tables
        self.db.execute("COMMIT")
        self._clock_offset = timedelta()
        self.reseed()

    def reload(self, random_state: Any = None) -> None:
        """Read the store anew, after it was opened or replaced as a whole.

        `random_state`, of `random_state()`, continues a random order; without it it starts again.
        """
        self._kept.clear()
        self._columns.clear()
        self.db.executescript((files("provisioner.emulator") / "schema.sql").read_text("utf-8"))
        self.db.executescript(_COLUMN_TRIGGERS)
        self._clock_offset = timedelta(seconds=float(self._stored("clockOffset", 0.0)))
        self.reseed()
        if random_state is not None:
            version, inner, gauss = random_state
            self._random.setstate((version, tuple(inner), gauss))

    def random_state(self) -> Any:
        """Where the seeded random order stands, as a JSON value."""
        return self._random.getstate()

    def reseed(self) -> None:
        """Start the seeded random order again, from the setting."""
        self._random = Random(int(self.setting("seed")))  # noqa: S311 - order, not secrets

    def stamp(self) -> str:
        """`now()` as Graph writes it: seconds and a Z."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    # -- small services for handlers ----------------------------------------------------------
    def guid(self) -> str:
        """A new GUID, lower case."""
        return str(uuid.uuid4())

    def shuffled(self, values: list[Any]) -> list[Any]:
        """The values in the tenant's seeded random order (parts of unordered batches)."""
        copy = list(values)
        self._random.shuffle(copy)
        return copy

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row or None."""
        row: sqlite3.Row | None = self.db.execute(sql, values).fetchone()
        return row

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows."""
        return self.db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement; gives the number of rows changed."""
        return self.db.execute(sql, values).rowcount

    def roll_back(self) -> None:
        """Undo what was done since ``BEGIN``."""
        self.db.execute("ROLLBACK")
        self._kept.clear()
        self._columns.clear()

    def kept(self, key: tuple[str, ...], read: Callable[[], T]) -> T:
        """What `read` gives; it is asked again only after something in the store has changed."""
        if self._kept_at != self.db.total_changes:
            self._kept.clear()
            self._kept_at = self.db.total_changes
        found = self._kept.get(key, self)
        if found is self:
            found = self._kept[key] = read()
        return cast("T", found)

    def kept_columns(self, of: str, key: tuple[str, ...], read: Callable[[], T]) -> T:
        """What `read` gives; it is asked again only after a column of this list has changed.

        `of` is the list's id, "" for the columns of sites. Other changes do not count: columns are
        read at every turn, and an apply writes something between any two of them.
        """
        found = self._columns.setdefault(of, {})
        if key not in found:
            found[key] = read()
        return cast("T", found[key])

    def _forget_columns(self, of: str) -> None:
        self._columns.pop(of, None)

    def next_id(self, name: str, start: int = 1) -> int:
        """The next integer of a named counter."""
        row = self.one(
            "INSERT INTO counter VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            name,
            start,
        )
        assert row is not None
        return int(row["value"])
