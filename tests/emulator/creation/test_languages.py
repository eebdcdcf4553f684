"""A tenant in another language than English: what SharePoint makes by itself has that language's names."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

import pytest

OWNER = "vciso@contoso.example"
LANGUAGES = {
    "fr-FR": {
        "lcid": 1036,
        "library": ("Documents", "/sites/lieu/Documents partages"),
        "groups": ["Propriétaires de Lieu", "Visiteurs de Lieu", "Membres de Lieu"],
        "roles": {"Contrôle total", "Lecture", "Modification", "Collaboration", "Conception"},
        "view": "Tous les documents",
        "pages": "Pages du site",
    },
    "de-DE": {
        "lcid": 1031,
        "library": ("Dokumente", "/sites/lieu/Freigegebene Dokumente"),
        "groups": ["Besitzer von Lieu", "Besucher von Lieu", "Mitglieder von Lieu"],
        "roles": {"Vollzugriff", "Lesen", "Bearbeiten", "Mitwirken", "Entwerfen"},
        "view": "Alle Dokumente",
        "pages": "Websiteseiten",
    },
    "es-ES": {
        "lcid": 3082,
        "library": ("Documentos", "/sites/lieu/Documentos compartidos"),
        "groups": ["Propietarios de Lieu", "Visitantes de Lieu", "Integrantes de Lieu"],
        "roles": {"Control total", "Leer", "Editar", "Colaborar", "Diseño"},
        "view": "Todos los documentos",
        "pages": "Páginas del sitio",
    },
    "nl-NL": {
        "lcid": 1043,
        "library": ("Documenten", "/sites/lieu/Gedeelde documenten"),
        "groups": ["Eigenaren van Lieu", "Bezoekers van Lieu", "Leden van Lieu"],
        "roles": {"Volledig beheer", "Lezen", "Bewerken", "Bijdragen", "Ontwerpen"},
        "view": "Alle documenten",
        "pages": "Sitepagina's",
    },
}


def _through_graph(graph: Any, _rest: Any) -> None:
    body = {
        "name": "Lieu",
        "webUrl": "https://contoso.sharepoint.com/sites/lieu",
        "template": "sts",
        "ownerIdentityToResolve": {"email": OWNER},
    }
    assert graph("POST", "/sites", body, version="beta").status_code == 202


def _through_rest(_graph: Any, rest: Any) -> None:
    request = {
        "Title": "Lieu",
        "Url": "https://contoso.sharepoint.com/sites/lieu",
        "WebTemplate": "STS#3",
        "Owner": OWNER,
    }
    answer = rest("POST", "/_api/SPSiteManager/create", {"request": request}, site="")
    assert answer.json()["SiteStatus"] == 2, answer.text


@pytest.mark.parametrize("create", [_through_graph, _through_rest], ids=["graph", "rest"])
@pytest.mark.parametrize("locale", list(LANGUAGES))
def test_a_new_site_speaks_the_tenants_language(
    http: Any, graph: Any, rest: Any, emulator: Any, locale: str, create: Any
) -> None:
    expected: dict[str, Any] = LANGUAGES[locale]
    assert http.post("/_emulator/reset", json={"locale": locale}).status_code == 204
    create(graph, rest)
    place = "/sites/lieu"
    assert rest("GET", "/_api/web", site=place).json()["Language"] == expected["lcid"]
    title, url = expected["library"]
    site = graph("GET", "/sites/contoso.sharepoint.com:/sites/lieu").json()
    library = graph("GET", f"/sites/{site['id']}/lists/{title}").json()
    assert unquote(library["webUrl"]).endswith(url)
    drive = graph("GET", f"/sites/{site['id']}/drive").json()
    assert drive["name"] == title
    groups = rest("GET", "/_api/web/sitegroups", site=place).json()["value"]
    assert [each["Title"] for each in groups] == expected["groups"]
    roles = rest("GET", "/_api/web/roledefinitions", site=place).json()["value"]
    assert {each["Name"] for each in roles if not each["Hidden"]} == expected["roles"]
    views = rest("GET", f"/_api/web/lists(guid'{library['id']}')/views", site=place).json()["value"]
    assert [view["Title"] for view in views] == [expected["view"]]
    assert graph("GET", f"/sites/{site['id']}/lists/{quote(expected['pages'])}").status_code == 200
    assert graph("GET", f"/sites/{site['id']}/lists/Site Pages").status_code == 404


def test_a_group_site_speaks_it_too(http: Any, graph: Any, rest: Any, emulator: Any) -> None:
    assert http.post("/_emulator/reset", json={"locale": "fr-FR"}).status_code == 204
    owner = graph("GET", f"/users/{OWNER}").json()["id"]
    body = {
        "displayName": "Audit",
        "mailNickname": "audit",
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "securityEnabled": False,
        "owners@odata.bind": [f"https://graph.microsoft.com/v1.0/users/{owner}"],
    }
    made = graph("POST", "/groups", body).json()
    site = graph("GET", f"/groups/{made['id']}/sites/root").json()
    assert (
        graph("GET", f"/sites/{site['id']}/lists/Documents")
        .json()["webUrl"]
        .endswith("/Documents%20partages")
    )


def test_one_site_may_be_in_another_language(graph: Any, rest: Any, emulator: Any) -> None:
    request = {
        "Title": "Lieu",
        "Url": "https://contoso.sharepoint.com/sites/lieu",
        "Lcid": 1031,
        "WebTemplate": "SITEPAGEPUBLISHING#0",
        "Owner": OWNER,
    }
    rest("POST", "/_api/SPSiteManager/create", {"request": request}, site="")
    lists = rest("GET", "/_api/web/lists?$select=Title", site="/sites/lieu").json()["value"]
    assert "Dokumente" in {each["Title"] for each in lists}
