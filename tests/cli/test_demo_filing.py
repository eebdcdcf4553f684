"""Filing tells the site's history as it was: who filed what, when, and who decided on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.cli.demo.evidence import demo_evidence
from provisioner.cli.demo.filing import file_evidence
from provisioner.cli.demo.filing_requests import Places
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Answer, Envelope, Operation, Outcome, Reading, Stats

TODAY = date(2026, 11, 22)
TORONTO = ZoneInfo("America/Toronto")
DOCUMENTS = demo_evidence(TODAY)
LIBRARIES = {one.library: f"id-{one.library}" for one in DOCUMENTS}


@dataclass
class Site:
    """A `Transport` that remembers what reached it, by the tenant's clock."""

    items: Sequence[str]
    busy: int = 0
    refuse: str = ""
    hostname: str = "contoso.sharepoint.com"
    site_path: str = "/sites/acme"
    stats: Stats = field(default_factory=Stats)
    clock: datetime | None = None
    uploads: dict[str, tuple[datetime | None, bytes]] = field(default_factory=dict)
    patches: list[tuple[datetime | None, str, dict[str, Any]]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    async def at(self, moment: datetime) -> None:
        assert self.clock is None or self.clock < moment, "time goes forward"
        self.clock = moment

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        rows = [
            {
                "id": str(number),
                "fields": {
                    "ItemId": item, "ControlArea": "Backup and recovery",
                    "TrustServicesCriteria": ["A1.2", "CC7.5"],
                },
            }
            for number, item in enumerate(self.items, 1)
        ]  # fmt: skip
        return {reading: Answer(200, {"value": rows}) for reading in readings}

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        self.batches += [len(one.operations) for one in envelopes]
        return [[self._one(part) for part in one.operations] for one in envelopes]

    def _one(self, operation: Operation) -> Outcome:
        if operation.path == "/_api/web/EnsureUser":
            self.people.append(operation.body["logonName"])
            return Outcome("done", 200, {"Id": 10 + len(self.people)})
        name = operation.path.split("/items/")[1].split("/")[0].removeprefix("item-")
        if name == self.refuse:
            return Outcome("failed", 400, code="invalidRequest", message="invalidRequest: no")
        if self.busy:
            self.busy -= 1
            return Outcome("failed", 409, code="resourceModified", message="wait")
        self.patches.append((self.clock, name, operation.body))
        return Outcome("done", 200, {})

    async def upload(self, path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        name = path.split("root:/")[1].removesuffix(":/content")
        self.uploads[name] = (self.clock, data)
        body = {
            "id": f"item-{name}", "webUrl": f"https://contoso/{name}",
            "parentReference": {"driveId": "b!drive"},
        }  # fmt: skip
        return Outcome("done", 201, body)

    async def download(self, path: str) -> bytes | None:
        raise AssertionError(path)


async def no_pause(seconds: float) -> None:
    assert seconds > 0


def file_on(site: Site) -> Any:
    places = Places("site-id", LIBRARIES, "expected-id", TORONTO)
    return asyncio.run(file_evidence(site, places, DOCUMENTS, site.at, pause=no_pause))


@pytest.fixture
def site() -> Site:
    return Site(sorted({one.item for one in DOCUMENTS if one.item}))


def columns_of(site: Site, name: str) -> list[tuple[date, dict[str, Any]]]:
    return [
        (clock.astimezone(TORONTO).date(), fields)
        for clock, who, fields in site.patches
        if who == name and clock is not None
    ]


def test_every_document_arrives_on_its_day_and_is_decided_on_later(site: Site) -> None:
    filed = file_on(site)
    assert [one.document for one in filed] == list(DOCUMENTS)
    for document in DOCUMENTS:
        clock, data = site.uploads[document.name]
        assert clock is not None
        assert clock.astimezone(TORONTO).date() == document.filed
        assert data == document.data
        arrived, *decided = columns_of(site, document.name)
        assert arrived[0] == document.filed
        assert [day for day, _ in decided] == ([document.decided] if document.decided else [])
        final = {**arrived[1], **(decided[0][1] if decided else {})}
        assert final["ReviewStatus"] == document.status


def test_nothing_is_approved_before_somebody_approved_it(site: Site) -> None:
    file_on(site)
    (_, arrived), (_, decided) = columns_of(site, "restore-test.pdf")
    assert arrived["ReviewStatus"] == "Submitted"
    assert "ReviewerLookupId" not in arrived
    assert "ReviewedOn" not in arrived
    assert decided["ReviewStatus"] == "Approved"


def test_values_have_the_shapes_sharepoint_accepts(site: Site) -> None:
    file_on(site)
    _, fields = columns_of(site, "backup-report.csv")[0]
    assert fields["TrustServicesCriteria@odata.type"] == "Collection(Edm.String)"
    assert fields["TrustServicesCriteria"] == ["A1.2", "CC7.5"]
    assert isinstance(fields["EvidenceItemLookupId"], str)
    assert isinstance(fields["EvidenceOwnerLookupId"], str)
    # Midnight in Toronto, in winter and in summer time.
    assert fields["PeriodFrom"] == "2026-02-01T05:00:00Z"
    summer = next(f for _, name, f in site.patches if name == "restore-test.pdf")
    assert summer["ActivityDate"].endswith("T04:00:00Z")


def test_what_is_missing_on_purpose_is_left_out(site: Site) -> None:
    file_on(site)
    _, orphan = columns_of(site, "network-diagram.png")[0]
    assert not {"EvidenceItemLookupId", "ControlArea", "TrustServicesCriteria"} & set(orphan)
    _, nobody = columns_of(site, "rejected-transactions.csv")[0]
    assert "EvidenceOwnerLookupId" not in nobody
    approval = columns_of(site, "api-token-review.xlsx")[1][1]
    assert "ReviewerLookupId" not in approval
    assert approval["ReviewStatus"] == "Approved"


def test_everybody_is_made_known_once_and_batches_hold_at_most_twenty(site: Site) -> None:
    file_on(site)
    assert len(site.people) == len(set(site.people))
    assert all(login.startswith("i:0#.f|membership|") for login in site.people)
    assert max(site.batches) <= 20


def test_a_file_that_is_still_settling_is_tried_again(site: Site) -> None:
    site.busy = 5
    file_on(site)
    assert len(columns_of(site, DOCUMENTS[0].name)) == 2
    assert site.busy == 0


def test_a_refusal_stops_the_demo_with_a_sentence(site: Site) -> None:
    site.refuse = "uptime.xlsx"
    with pytest.raises(ProvisionerError, match=r"uptime\.xlsx could not be filed: .*no") as caught:
        file_on(site)
    assert caught.value.code == "DEMO-NOT-FILED"


def test_a_site_that_expects_other_items_is_refused_before_anything_is_filed() -> None:
    site = Site(["E001"])
    with pytest.raises(ProvisionerError, match="has no row for E002"):
        file_on(site)
    assert site.uploads == {}
