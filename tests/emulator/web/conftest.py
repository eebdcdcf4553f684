"""A site in Toronto with a library of evidence whose columns are of every sort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from provisioner.emulator.model import fields, files, items, lists, principals, views
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.model.sites import create_site
from provisioner.emulator.seeds import ADMINISTRATOR
from provisioner.emulator.server import RunningEmulator
from provisioner.emulator.tenant import Tenant

PATH = "/sites/north"
_COLUMNS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Freshness", "Freshness", "Choice", {"Choices": ["Fresh", "Stale"]}),
    ("Area", "Control area", "Choice", {"Choices": ["Access", "Change"]}),
    ("Criteria", "Criteria", "MultiChoice", {"Choices": ["CC6.1", "CC6.6"]}),
    ("Due", "Due", "DateTime", {"DisplayFormat": 0, "Description": "The last day it counts."}),
    ("Owner", "Evidence owner", "User", {"SelectionMode": 0}),
    ("Done", "Done", "Boolean", {}),
    ("Rows", "Row count", "Number", {}),
    ("Flags", "Flags", "Note", {}),
    ("Link", "Ticket", "URL", {}),
    ("Words", "Due in words", "Calculated", {"Formula": '=TEXT([Due],"yyyy-mm-dd")&"!"'}),
    ("Odd", "Odd sum", "Calculated", {"Formula": "=IRR([Row count])"}),
)


@dataclass(frozen=True)
class Library:
    """The library "Evidence" of /sites/north, and ways to fill it."""

    tenant: Tenant
    opened: OpenList
    http: httpx.Client
    owner: int
    vendor: int

    def put(self, name: str, folder: str = "", **values: Any) -> int:
        """A file with metadata; gives its id."""
        with self.tenant.lock:
            row, _ = files.put(
                self.tenant, self.opened, folder, name, b"evidence", author=self.owner
            )
            row = items.update_fields(self.tenant, self.opened, row, values, editor=self.owner)
        return int(row["id"])

    def view(self, title: str, names: list[str], query: str = "", **changes: Any) -> None:
        """A view of the library."""
        with self.tenant.lock:
            views.add(
                self.tenant,
                self.opened.row,
                title=title,
                names=names,
                changes={"ViewQuery": query, **changes},
            )

    def get(self, inside: str = "", status: int = 200, **query: Any) -> str:
        """The page at an address inside the library."""
        answer = self.http.get(f"{PATH}/Evidence{inside}", params=query)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
def library(emulator: RunningEmulator, http: httpx.Client) -> Library:
    tenant = emulator.tenant
    with tenant.lock:
        site = create_site(
            tenant,
            path=PATH,
            title="North & <South>",
            template="STS#3",
            lcid=1033,
            owner_upn=ADMINISTRATOR,
            time_zone="America/Toronto",
        )
        owner = int(principals.ensure_user(tenant, site["id"], "iam@contoso.example")["id"])
        vendors = lists.create_list(tenant, site, title="Vendors", template=100)
        vendor = items.create_item(
            tenant, of_row(tenant, site, vendors), {"Title": "Bank & Co"}, author=owner
        )
        made = lists.create_list(tenant, site, title="Evidence", template=101)
        lookup = {"LookupList": vendors["id"], "LookupField": "Title"}
        for name, title, kind, doc in (*_COLUMNS, ("Vendor", "Vendor", "Lookup", lookup)):
            fields.add(
                tenant,
                site_id=site["id"],
                list_id=made["id"],
                internal_name=name,
                title=title,
                type=kind,
                doc=dict(doc),
            )
        opened = of_row(tenant, site, lists.get(tenant, made["id"]))
        tenant.set_clock(datetime(2026, 11, 22, 3, tzinfo=UTC))  # still the 21st in Toronto
    return Library(tenant, opened, http, owner, int(vendor["id"]))


@pytest.fixture
def where(library: Library) -> Callable[[str], list[str]]:
    """``where(caml)`` gives the names of the files a view with this filter shows."""
    counter = iter(range(100))

    def shown(caml: str) -> list[str]:
        title = f"View {next(counter)}"
        library.view(title, ["LinkFilename"], f"<Where>{caml}</Where>")
        page = library.get(view=title)
        assert "The filter of this view is not used" not in page
        return [name for name in ("a.pdf", "b.pdf", "c.pdf") if f">{name}</a>" in page]

    return shown
