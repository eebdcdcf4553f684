"""A site with a list, and Microsoft's own JSON Schema where it is at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCHEMA_NAME = "graph-v1.0.schema.json"


def _schema_file() -> Path | None:
    root = Path(__file__).resolve().parents[3]
    places = [
        os.environ.get("GRAPH_SCHEMA", ""),
        root.parent / "shared" / "data" / SCHEMA_NAME,
        root / "shared" / "data" / SCHEMA_NAME,
    ]
    return next((Path(p) for p in places if p and Path(p).is_file()), None)


@pytest.fixture(scope="session")
def fits() -> Callable[[Any, str], None]:
    """``fits(body, "list")`` holds a Graph answer, or each member of a page, to Microsoft's schema.

    Where the schema is not at hand the rest of a test still counts; test_schema.py says it is not.
    """
    from jsonschema import Draft202012Validator

    path = _schema_file()
    if path is None:
        return lambda _body, _kind: None
    document = json.loads(path.read_text("utf-8"))

    def check(body: Any, kind: str) -> None:
        validator = Draft202012Validator(
            {"$ref": f"#/$defs/microsoft.graph.{kind}", "$defs": document["$defs"]}
        )
        for member in body.get("value", [body]):
            problems = [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(member)]
            assert problems == []

    return check


@pytest.fixture(scope="session")
def schema_at_hand() -> None:
    """Skips, and says so, where Microsoft's JSON Schema is not at hand."""
    if _schema_file() is None:
        pytest.skip(f"{SCHEMA_NAME} is not at hand: answers are not held to Microsoft's schema")


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
