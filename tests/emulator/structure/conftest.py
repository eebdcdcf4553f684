"""A site with a list and a library."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def site_id(graph: Any, site: str) -> str:
    """The three-part id of /sites/acme."""
    return str(graph("GET", f"/sites/contoso.sharepoint.com:{site}").json()["id"])


@pytest.fixture
def list_id(graph: Any, site_id: str) -> str:
    """A generic list "Risk Register"."""
    answer = graph("POST", f"/sites/{site_id}/lists", {"displayName": "Risk Register"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def library_id(graph: Any, site_id: str) -> str:
    """A document library "Evidence"."""
    body = {"displayName": "Evidence", "list": {"template": "documentLibrary"}}
    answer = graph("POST", f"/sites/{site_id}/lists", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def columns(site_id: str, list_id: str) -> str:
    """The Graph address of the list's columns."""
    return f"/sites/{site_id}/lists/{list_id}/columns"


@pytest.fixture
def the_list(list_id: str) -> str:
    """The REST address of the list."""
    return f"/_api/web/lists(guid'{list_id}')"
