"""What a run costs: it grows with what changed, not with what is there."""

from __future__ import annotations

from datetime import date

from .conftest import LIBRARY, Site


def test_fifty_changes_cost_few_requests(site: Site) -> None:
    numbers = [
        site.file(f"log-{one}.csv", "E002", ActivityDate=date(2026, 6, 10), ReviewStatus="Submitted",
                  CollectedOn=date(2026, 6, 10), reviewer="vciso@contoso.example")
        for one in range(50)
    ]  # fmt: skip
    site.sync()
    for number in numbers:
        site.patch(
            LIBRARY, number, {"ReviewStatus": "Approved", "ReviewedOn": "2026-06-15T04:00:00Z"}
        )

    stats = site.sync().stats

    outer = [
        row
        for row in site.http.get("/_emulator/requests").json()
        if row["outer"] and row["audience"] != "entra"
    ]
    assert len(outer) <= 15, [f"{row['method']} {row['path']}" for row in outer]
    lists = len(site.graph("GET", f"/sites/{site.ids['site']}/lists")["value"])
    assert stats.round_trips <= 15, stats
    assert stats.resource_units <= 2 * lists + 10 * 50 + 40, stats
