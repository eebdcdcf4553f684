"""The reference workspace made the way scripts are usually written: one request a thing.

Office365-REST-Python-Client's object model, `execute_query()` after each step, as its examples show
(github.com/vgrem/Office365-REST-Python-Client, examples/sharepoint). No plan, no look at what is
there, no repair. Reads EMULATOR_* from the environment; the site must exist.
"""

from __future__ import annotations

import os
import sys
from html import escape
from pathlib import Path
from typing import Any

import msal
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from office365 import azure_env
from office365.graph_client import GraphClient
from office365.runtime.auth.token_response import TokenResponse
from office365.runtime.http.http_method import HttpMethod
from office365.runtime.http.request_options import RequestOptions
from office365.sharepoint.client_context import ClientContext
from office365.sharepoint.lists.creation_information import ListCreationInformation
from office365.sharepoint.navigation.nodes.creationinformation import (
    NavigationNodeCreationInformation,
)
from office365.sharepoint.views.create_information import ViewCreationInformation

TYPES = {
    "text": "Text",
    "note": "Note",
    "choice": "Choice",
    "dateTime": "DateTime",
    "number": "Number",
    "boolean": "Boolean",
    "person": "User",
    "currency": "Currency",
    "hyperlink": "URL",
}


def main() -> None:
    """Make everything in the file named on the command line."""
    spec = yaml.safe_load(Path(sys.argv[1]).read_text("utf-8"))
    app = signed_in()
    context = sharepoint(app, f"{os.environ['EMULATOR_URL']}{spec['site']['url']}")
    graph = Graph(app, spec["site"]["url"])
    columns = {}
    for column in spec["columns"]:
        made = context.web.fields.create_field_as_xml(field_xml(column)).execute_query()
        columns[column["name"]] = str(made.id)
    types = {one["name"]: graph.content_type(one, columns) for one in spec["contentTypes"]}
    groups = {one["name"]: group(context, one) for one in spec["groups"]}
    lists = {one["key"]: (one, 101) for one in spec["libraries"]}
    lists |= {one["key"]: (one, 100) for one in spec["lists"]}
    lists_made = {key: new_list(context, one, template) for key, (one, template) in lists.items()}
    for key, (one, _) in lists.items():
        fill(context, lists_made[key], one, lists_made, types, groups)
    page(context, spec["pages"][0])
    for entry in spec["navigation"]:
        key = entry["link"].partition(":")[2]
        address = (
            f"{spec['site']['url']}/{'' if 'library' in key else 'Lists/'}{lists[key][0]['url']}"
        )
        navigation(context, entry["title"], address)


def signed_in() -> Any:
    """The app, signed in with its certificate."""
    pem = Path(os.environ["EMULATOR_CERTIFICATE"]).read_text("utf-8")
    return msal.ConfidentialClientApplication(
        os.environ["EMULATOR_CLIENT_ID"],
        authority=f"{os.environ['EMULATOR_URL']}/{os.environ['EMULATOR_TENANT_ID']}",
        client_credential={"private_key": pem, "thumbprint": thumbprint(pem)},
        instance_discovery=False,
    )


def sharepoint(app: Any, url: str) -> Any:
    """The library's client for one site."""
    scopes = ["https://contoso.sharepoint.com/.default"]
    return ClientContext(url).with_access_token(
        lambda: TokenResponse.from_json(app.acquire_token_for_client(scopes))
    )


def thumbprint(pem: str) -> str:
    """SHA-1 of the certificate, in hexadecimal."""
    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA1()).hex()  # noqa: S303


def field_xml(column: dict[str, Any], list_id: str = "") -> str:
    """A column as field XML."""
    kind = "MultiChoice" if column.get("multiple") else TYPES.get(column["type"], "Lookup")
    given = {"Type": kind, "Name": column["name"], "StaticName": column["name"]}
    # The library cannot ask for an internal name (option 8), so the title must be it; giving the
    # column its real title afterwards would be one more request each, which is left out.
    given["DisplayName"] = column["name"]
    if list_id:
        given |= {"List": f"{{{list_id}}}", "ShowField": "Title"}
    if column.get("format") == "dateOnly":
        given["Format"] = "DateOnly"
    if kind == "URL":
        given["Format"] = "Hyperlink"
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
    choices = "".join(f"<CHOICE>{escape(one)}</CHOICE>" for one in column.get("choices", ()))
    return f"<Field {attributes}>{f'<CHOICES>{choices}</CHOICES>' if choices else ''}</Field>"


class Graph:
    """Microsoft Graph by the library's direct requests, for content types and their columns."""

    def __init__(self, app: Any, path: str) -> None:

        url = os.environ["EMULATOR_URL"]
        hosts = azure_env._ENDPOINTS[azure_env.AzureEnvironment.Global]  # noqa: SLF001 - no other way
        hosts["graph"] = url
        scopes = ["https://graph.microsoft.com/.default"]
        client = GraphClient(lambda: app.acquire_token_for_client(scopes))
        self._request = client.pending_request()
        self._root = f"{url}/v1.0/sites"
        self._site = self.ask("GET", f"/contoso.sharepoint.com:{path}")["id"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request, and what it answers."""
        headers = {"Content-Type": "application/json"}
        options = RequestOptions(
            f"{self._root}{path}", method=HttpMethod(method), headers=headers, data=body
        )
        return self._request.execute_request_direct(options).json()

    def content_type(self, one: dict[str, Any], columns: dict[str, str]) -> str:
        """A content type with its columns; gives its id."""
        base = {"id": "0x0101" if one["base"] == "Document" else "0x01", "name": one["base"]}
        home = f"/{self._site}/contentTypes"
        made = str(self.ask("POST", home, {"name": one["name"], "base": base})["id"])
        for name in one["columns"]:
            source = f"https://graph.microsoft.com/v1.0/sites/{self._site}/columns/{columns[name]}"
            self.ask("POST", f"{home}/{made}/columns", {"sourceColumn@odata.bind": source})
        return made


def group(context: Any, one: dict[str, Any]) -> Any:
    """A group and who is in it."""
    made = context.web.site_groups.add(one["name"]).execute_query()
    for member in one["members"]:
        login = f"i:0#.f|membership|{member.removeprefix('user:')}"
        made.users.add_user(login).execute_query()
    return made


def new_list(context: Any, one: dict[str, Any], template: int) -> Any:
    """A list or library under its address, then its title and settings."""
    made = context.web.lists.add(
        ListCreationInformation(one["url"], None, template)
    ).execute_query()
    made.set_property("Title", one["title"])
    made.set_property("Description", one["description"])
    made.set_property("ContentTypesEnabled", True)
    made.set_property("EnableVersioning", True)
    made.set_property("MajorVersionLimit", one["versioning"]["major"])
    made.update().execute_query()
    return made


def fill(
    context: Any,
    made: Any,
    one: dict[str, Any],
    lists: dict[str, Any],
    types: dict[str, str],
    groups: dict[str, Any],
) -> None:
    """Columns, content type, views and permissions of a list."""
    for column in one["columns"]:
        target = str(lists[column["list"]].id) if column["type"] == "lookup" else ""
        made.fields.create_field_as_xml(field_xml(column, target)).execute_query()
    for name in one["contentTypes"]:
        made.content_types.add_available_content_type(types[name]).execute_query()
    for view in one["views"]:
        added = made.views.add(ViewCreationInformation(Title=view["name"])).execute_query()
        for column in view["columns"]:
            added.view_fields.add_view_field(column).execute_query()
        added.set_property("ViewQuery", "<OrderBy><FieldRef Name='ID'/></OrderBy>")
        added.update().execute_query()
    made.break_role_inheritance(False, True).execute_query()
    for grant in one["permissions"]["grants"]:
        somebody = groups[grant["to"].removeprefix("group:")]
        level = context.web.role_definitions.get_by_name(grant["role"]).get().execute_query()
        made.role_assignments.add_role_assignment(somebody.id, level.id).execute_query()


def page(context: Any, one: dict[str, Any]) -> None:
    """An empty page with its title, published."""
    pages = context.site_pages.pages
    made = pages.add(f"{one['name']}.aspx", one["title"]).execute_query()
    made.checkout_page().execute_query()
    made.publish().execute_query()


def navigation(context: Any, title: str, address: str) -> None:
    """One entry of the quick launch."""
    node = NavigationNodeCreationInformation(title, address, True)
    context.web.navigation.quick_launch.add(node).execute_query()


if __name__ == "__main__":
    main()
