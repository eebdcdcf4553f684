"""Snapshots: the whole store copied aside, and put back.

SQLite's backup copies every page, so items, change log, counters, settings and clock come back
exactly; the seeded random order is kept with it. App registrations stay as they are, so tokens,
secrets and certificates hold on both sides of a restore.
"""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from provisioner.emulator.tenant import Tenant

NAME = re.compile(r"[\w.-]{1,80}\Z")
_ORDER = "randomOrder"  # a row of the snapshot's settings


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots of a tenant, one SQLite file each, in `folder`; they outlive the process."""

    tenant: Tenant
    folder: Path

    def take(self, name: str | None = None) -> str:
        """Copy the tenant; gives the snapshot's id: its name, or a new GUID."""
        identifier = name or str(uuid.uuid4())
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self._path(identifier)
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            self.tenant.db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it
            order = json.dumps(self.tenant.random_state())
            copy.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (_ORDER, order))
        return identifier

    def restore(self, identifier: str) -> None:
        """Put a snapshot back. Raises KeyError if there is none of this id."""
        path = self._path(identifier)
        if not NAME.match(identifier) or not path.exists():
            raise KeyError(identifier)
        apps = self.tenant.rows("SELECT * FROM app")
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.backup(self.tenant.db)
        for app in apps:
            marks = ", ".join("?" * len(app))
            self.tenant.run(f"INSERT OR REPLACE INTO app VALUES ({marks})", *app)  # noqa: S608
        order = self.tenant.one("SELECT value FROM setting WHERE name = ?", _ORDER)
        self.tenant.run("DELETE FROM setting WHERE name = ?", _ORDER)
        self.tenant.reload(json.loads(order["value"]) if order is not None else None)

    def _path(self, identifier: str) -> Path:
        return self.folder / f"{identifier}.sqlite"
