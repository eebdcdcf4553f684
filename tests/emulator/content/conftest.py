"""A site with a register and a library that have a column of every type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from provisioner.emulator.model import fields, lists, sites
from provisioner.emulator.server import RunningEmulator


@dataclass(frozen=True)
class Place:
    """Addresses of a list or library in both faces."""

    id: str
    graph: str
    rest: str
    drive: str
    other_id: str = ""


def _columns(tenant: Any, site_id: str, list_id: str, lookup_list: str) -> None:
    wanted: list[tuple[str, str, dict[str, Any]]] = [
        ("Status", "Choice", {"Choices": ["Open", "Closed"], "Indexed": True}),
        ("Criteria", "MultiChoice", {"Choices": ["CC6.1", "CC6.6"]}),
        ("Score", "Number", {"Indexed": True}),
        ("Reviewed", "DateTime", {"DisplayFormat": 0}),
        ("Seen", "DateTime", {"DisplayFormat": 1}),
        ("Done", "Boolean", {}),
        ("Owner", "User", {"SelectionMode": 0}),
        ("Reviewers", "UserMulti", {"SelectionMode": 1}),
        ("Link", "URL", {"DisplayFormat": 0}),
        ("Notes", "Note", {}),
        ("Vendor", "Lookup", {"LookupList": lookup_list, "LookupField": "Title"}),
        ("Vendors", "LookupMulti", {"LookupList": lookup_list, "LookupField": "Title"}),
    ]
    for name, kind, doc in wanted:
        fields.add(
            tenant,
            site_id=site_id,
            list_id=list_id,
            internal_name=name,
            title=name,
            type=kind,
            doc=doc,
        )


def _make(emulator: RunningEmulator, site: str, template: int) -> Place:
    tenant = emulator.tenant
    with tenant.lock:
        row = sites.by_path(tenant, site)
        others = lists.create_list(tenant, row, title="Vendors", template=100)
        made = lists.create_list(tenant, row, title="Evidence", template=template)
        _columns(tenant, row["id"], made["id"], others["id"])
        made = lists.get(tenant, made["id"])
        address = f"/sites/{sites.full_id(tenant, row)}/lists/"
    return Place(
        made["id"],
        address + made["id"],
        f"/_api/web/lists(guid'{made['id']}')",
        f"/drives/{made['drive_id']}",
        address + others["id"],
    )


@pytest.fixture
def register(emulator: RunningEmulator, site: str) -> Place:
    """A list."""
    return _make(emulator, site, 100)


@pytest.fixture
def library(emulator: RunningEmulator, site: str) -> Place:
    """A document library."""
    return _make(emulator, site, 101)


@pytest.fixture
def add(graph: Any, register: Place) -> Callable[..., dict[str, Any]]:
    """``add(Title="x")`` makes an item and gives it."""

    def make(**values: Any) -> dict[str, Any]:
        answer = graph("POST", f"{register.graph}/items", {"fields": values})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def upload(graph: Any, library: Place) -> Callable[..., dict[str, Any]]:
    """``upload("a/b.txt", b"...")`` puts a file and gives the drive item."""

    def put(path: str, data: bytes) -> dict[str, Any]:
        answer = graph("PUT", f"{library.drive}/root:/{path}:/content", content=data)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    return put


@pytest.fixture
def user_id(rest: Any, site: str) -> int:
    """The site's id of iam@contoso.example."""
    answer = rest("POST", "/_api/web/EnsureUser", {"logonName": "iam@contoso.example"})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["Id"])


def refused(answer: Any, status: int, code: str, words: str = "") -> None:
    """The answer is this Graph refusal."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert words in error["message"]


@pytest.fixture(name="refused")
def _refused() -> Callable[..., None]:
    return refused


@pytest.fixture
def settings(http: Any, emulator: RunningEmulator) -> Callable[..., None]:
    """``settings(settleMs=1000)`` changes settings of the tenant."""

    def put(**values: Any) -> None:
        with emulator.tenant.lock:
            for name, value in values.items():
                emulator.tenant.set_setting(name, value)

    return put
