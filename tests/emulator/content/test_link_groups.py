"""A sharing link has a hidden group among the site's groups, which leads to the file it opens."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def one(library: Any, upload: Any) -> str:
    return f"{library.drive}/items/{upload('a.txt', b'one')['id']}"


def link_groups(rest: Any) -> list[str]:
    found = rest("GET", "/_api/web/sitegroups?$select=Title").json()["value"]
    return [each["Title"] for each in found if each["Title"].startswith("SharingLinks.")]


@pytest.mark.parametrize(
    ("scope", "kind", "sort"),
    [
        ("anonymous", "edit", "AnonymousEdit"),
        ("organization", "view", "OrganizationView"),
        ("users", "view", "Flexible"),
    ],
)
def test_the_group_of_a_link_names_its_sort_and_its_file(
    graph: Any, rest: Any, one: str, scope: str, kind: str, sort: str
) -> None:
    made = graph("POST", f"{one}/createLink", {"type": kind, "scope": scope}).json()
    (title,) = link_groups(rest)
    _, item, told, link = title.split(".")
    assert (told, link) == (sort, made["id"])
    file = rest("GET", f"/_api/web/GetFileById('{item}')?$select=ServerRelativeUrl")
    assert file.json()["ServerRelativeUrl"].endswith("/a.txt")
    assert rest("GET", f"/_api/web/GetFolderById('{item}')").status_code == 404


def test_the_group_goes_with_the_link(graph: Any, rest: Any, one: str) -> None:
    made = graph("POST", f"{one}/createLink", {"type": "view", "scope": "organization"}).json()
    assert graph("DELETE", f"{one}/permissions/{made['id']}").status_code == 204
    assert link_groups(rest) == []
