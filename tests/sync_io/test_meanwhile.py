"""People go on working while a run is about to write: every word of theirs stays, the next run agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from .conftest import LIBRARY, Site

FINDINGS, CATALOGUE = "Evidence Findings", "Expected Evidence"
STALE = date(2026, 3, 5)


def columns(site: Site, title: str, number: str) -> dict[str, Any]:
    found: dict[str, Any] = site.graph("GET", f"{site.path(title)}/items/{number}?$expand=fields")
    return dict(found["fields"])


class Rows:
    """What people do by hand to findings and to what they are about, and what must come of it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        risk = site.rows("Risk Register")[0]["id"]
        self.keys = {
            "row": f"RISK-WITHOUT-OWNER risk-register/{risk}",
            "slot": "MISSING E010/window:1/from:2026-01-01",
            "closed": "MISSING E010/window:1/from:2026-02-01",
            "deleted": "MISSING E010/window:1/from:2026-03-01",
        }
        rows = {one["FindingKey"]: one["id"] for one in site.rows(FINDINGS)}
        self.ids = {name: rows[key] for name, key in self.keys.items()}
        site.patch(CATALOGUE, site.item_row("E010"), {"Title": "Another name"})
        site.patch(FINDINGS, self.ids["closed"], {"State": "Resolved", "TeamComment": "Done."})
        site.graph("DELETE", f"{site.path(FINDINGS)}/items/{self.ids['deleted']}")
        site.graph("DELETE", f"{site.path('Risk Register')}/items/{risk}")

    def check(self) -> None:
        """The row that is gone is resolved; what still holds is open, under the item's new name."""
        rows = {one["FindingKey"]: one for one in self.site.rows(FINDINGS)}
        found = {name: rows[key] for name, key in self.keys.items()}
        kept = {name for name, one in found.items() if one["id"] == self.ids[name]}
        assert kept == {"row", "slot", "closed"}
        assert {name: one["State"] for name, one in found.items()} == {
            "row": "Resolved", "slot": "Open", "closed": "Open", "deleted": "Open",
        }  # fmt: skip
        assert found["row"]["ResolvedOn"] == "2026-06-16T04:00:00Z"
        assert "ResolvedOn" not in found["closed"]
        assert found["closed"]["TeamComment"] == "Done."
        assert all("Another name" in found[name]["Title"] for name in ("slot", "closed", "deleted"))


def test_what_people_do_to_documents_and_lists_during_a_run_stands(site: Site) -> None:
    names = {
        "edited": "E003", "renamed": "E002", "deleted": "E006", "moved": "E016",
        "checked-out": "E018", "replaced": "E033",
    }  # fmt: skip
    number = {name: site.approved(f"{name}.pdf", item, STALE) for name, item in names.items()}
    first = site.sync(date(2026, 5, 25))  # what is due soon then is stale in June
    assert "WORKSPACE-DRIFT" not in {one.rule for one in first.judgement.verdicts}
    seen = {one.get("FindingKey"): one for one in site.rows(FINDINGS)}
    row = seen[f"DUE-SOON api-security-evidence/{number['edited']}"]
    person = site.person("vciso@contoso.example")
    folder = site.graph(
        "POST", f"{site.path(LIBRARY)}/drive/root/children", {"name": "June", "folder": {}}
    )
    theirs = {
        "ReviewStatus": "Needs changes", "ReviewerLookupId": person, "EvidenceOwnerLookupId": person,
        "ReviewedOn": "2026-06-14T04:00:00Z", "ActivityDate": "2026-06-10T04:00:00Z",
        "CollectedOn": "2026-06-11T04:00:00Z", "PeriodFrom": "2026-06-01T04:00:00Z",
        "PeriodTo": "2026-06-10T04:00:00Z", "SourceSystem": "Gateway", "Sensitivity": "Internal",
        "QueryUsed": "all scopes", "RowCount": 7, "BridgeLetterUntil": "2026-07-01T04:00:00Z",
        "EvidenceItemLookupId": site.item_row("E009"),
    }  # fmt: skip
    told = {"TeamComment": "Asked Ann.", "Acknowledged": True, "AssigneeLookupId": person}
    asked = {
        "GraceDays": 20,
        "LeadDays": 5,
        "AttestedOn": "2026-06-14T04:00:00Z",
        "AttestedByLookupId": person,
    }
    item = site.item_row("E003")

    def drive(name: str) -> str:
        return f"{site.path(LIBRARY)}/items/{number[name]}/driveItem"

    ids = {name: site.graph("GET", drive(name))["id"] for name in names}
    files = f"{site.path(LIBRARY)}/drive/items"

    def meddle() -> None:
        site.patch(LIBRARY, number["edited"], theirs)
        site.graph("PATCH", f"{files}/{ids['renamed']}", {"name": "new name.pdf"})
        site.graph("DELETE", f"{files}/{ids['deleted']}")
        site.graph("PATCH", f"{files}/{ids['moved']}", {"parentReference": {"id": folder["id"]}})
        site.graph("POST", f"{files}/{ids['checked-out']}/checkout")
        site.graph("PUT", f"{files}/{ids['replaced']}/content", content=b"taken again " * 9)
        site.patch(FINDINGS, row["id"], told)
        site.patch(CATALOGUE, item, asked)
        with site.emulator.tenant.lock:
            site.emulator.tenant.run(
                "UPDATE list SET doc = json_set(doc, '$.EnableVersioning', json('false')) WHERE id = ?",
                site.id_of(LIBRARY),
            )

    site.sync(meddle=meddle)

    def as_they_left_it() -> None:
        for title, which, given in (
            (LIBRARY, number["edited"], theirs), (FINDINGS, row["id"], told), (CATALOGUE, item, asked),
        ):  # fmt: skip
            found = columns(site, title, str(which))
            assert {name: found.get(name) for name in given} == given, title
        assert site.document(number["renamed"])["FileLeafRef"] == "new name.pdf"
        assert site.graph("GET", f"{files}/{ids['moved']}")["parentReference"]["id"] == folder["id"]

    as_they_left_it()
    rows = Rows(site)
    run = site.sync(date(2026, 6, 16))
    assert run.unsent == ()
    as_they_left_it()
    rows.check()
    rules = {(one.rule, one.document) for one in run.judgement.verdicts}
    assert ("CHANGED-AFTER-APPROVAL", f"api-security-evidence/{number['replaced']}") in rules
    assert "WORKSPACE-DRIFT" in {rule for rule, _ in rules}
    assert "Freshness" not in site.document(number["edited"]), "it is no longer approved"
    assert site.sync(date(2026, 6, 16)).writes == 0
    assert site.sent() == []
