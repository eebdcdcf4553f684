"""Windows: in which audit periods an item counts, and which one sets a document's slots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from provisioner.sync.criteria import in_scope
from provisioner.sync.facts import AuditPeriod, ExpectedItem


def counts(item: ExpectedItem, period: AuditPeriod) -> bool:
    """Whether an item is expected in an audit period: enabled, and in its scope."""
    return item.enabled and in_scope(item.criteria, (*period.criteria, *period.controls))


def start_key(period: AuditPeriod) -> tuple[date, str]:
    """Sorts audit periods by their first day."""
    return (period.days.first if period.days else date.min, period.id)


def own_window(item: ExpectedItem, windows: Iterable[AuditPeriod]) -> AuditPeriod | None:
    """The window that sets a document's own slots: the latest in which its item counts, else the latest."""
    ordered = sorted(windows, key=start_key)
    counting = [window for window in ordered if counts(item, window)]
    found = counting or ordered
    return found[-1] if found else None
