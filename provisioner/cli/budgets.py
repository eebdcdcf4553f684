"""What we may spend in a tenant: one budget for all workspaces of a command, its limit kept between runs.

The service names the limit only when most of a minute's budget is spent, so a run that knows it from
the last one never finds out by being refused. A limit goes with the tenant's licences, so what is
a week old is forgotten.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.tenant.governor import Budget

_FILE = "budgets.json"
_KEPT = timedelta(days=7)


def budget_of(
    shared: dict[tuple[str, str], Budget], app: tuple[str, str], home: Path | None, now: datetime
) -> Budget:
    """The one budget of an app, tenant and client id, among those of this command; made when it is new.

    `home` is the folder that keeps what the tenant said before; None where nothing is kept.
    """
    from provisioner.tenant.governor import Budget

    if app not in shared:
        shared[app] = Budget(None if home is None else known_budget(home, *app, now))
    return shared[app]


def known_budget(home: Path, tenant: str, client: str, now: datetime) -> int | None:
    """Resource units a minute, as the tenant last said; None when it did not, or long ago."""
    kept = _read(home).get(f"{tenant}/{client}", {})
    try:
        seen = datetime.fromisoformat(str(kept["seen"]))
        return int(kept["unitsPerMinute"]) if now - seen < _KEPT else None
    except (KeyError, TypeError, ValueError):
        return None


def keep_budget(home: Path, tenant: str, client: str, units: int, now: datetime) -> None:
    """Remember it. A folder that cannot be written is no reason to stop."""
    budgets = _read(home)
    budgets[f"{tenant}/{client}"] = {"unitsPerMinute": units, "seen": now.isoformat()}
    try:
        home.mkdir(parents=True, exist_ok=True)
        partial = home / f"{_FILE}.new"
        partial.write_text(json.dumps(budgets, indent=1, sort_keys=True) + "\n", "utf-8")
        partial.replace(home / _FILE)
    except OSError:
        return


def _read(home: Path) -> dict[str, Any]:
    try:
        document = json.loads((home / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
