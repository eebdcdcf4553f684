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

import yaml

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
    context = signed_in(f"{os.environ['EMULATOR_URL']}{spec['site']['url']}")
    web = context.web
    for column in spec["columns"]:
        web.fields.create_field_as_xml(field_xml(column)).execute_query()
    types = {one["name"]: content_type(context, one) for one in spec["contentTypes"]}
    groups = {one["name"]: group(context, one) for one in spec["groups"]}
    lists = {one["key"]: (one, 101) for one in spec["libraries"]}
    lists |= {one["key"]: (one, 100) for one in spec["lists"]}
    made = {key: new_list(context, one, template) for key, (one, template) in lists.items()}
    for key, (one, _) in lists.items():
        fill(context, made[key], one, made, types, groups)
    page(context, spec["pages"][0])
    for entry in spec["navigation"]:
        key = entry["link"].partition(":")[2]
        address = f"{spec['site']['url']}/{'' if 'library' in key else 'Lists/'}{lists[key][0]['url']}"
        navigation(context, entry["title"], address)


def signed_in(url: str) -> Any:
    """A client with a certificate's token."""
    import msal
    from office365.runtime.auth.token_response import TokenResponse
    from office365.sharepoint.client_context import ClientContext

    pem = Path(os.environ["EMULATOR_CERTIFICATE"]).read_text("utf-8")
    app = msal.ConfidentialClientApplication(
        os.environ["EMULATOR_CLIENT_ID"],
        authority=f"{os.environ['EMULATOR_URL']}/{os.environ['EMULATOR_TENANT_ID']}",
        client_credential={"private_key": pem, "thumbprint": thumbprint(pem)},
        instance_discovery=False,
    )

    def token() -> Any:
        scopes = ["https://contoso.sharepoint.com/.default"]
        return TokenResponse.from_json(app.acquire_token_for_client(scopes))

    return ClientContext(url).with_access_token(token)


def thumbprint(pem: str) -> str:
    """SHA-1 of the certificate, in hexadecimal."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA1()).hex()  # noqa: S303


def field_xml(column: dict[str, Any], list_id: str = "") -> str:
    """A column as field XML."""
    kind = "MultiChoice" if column.get("multiple") else TYPES.get(column["type"], "Lookup")
    given = {"Type": kind, "Name": column["name"], "StaticName": column["name"]}
    given["DisplayName"] = column["displayName"]
    if list_id:
        given |= {"List": f"{{{list_id}}}", "ShowField": "Title"}
    if column.get("format") == "dateOnly":
        given["Format"] = "DateOnly"
    if kind == "URL":
        given["Format"] = "Hyperlink"
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
    choices = "".join(f"<CHOICE>{escape(one)}</CHOICE>" for one in column.get("choices", ()))
    return f"<Field {attributes}>{f'<CHOICES>{choices}</CHOICES>' if choices else ''}</Field>"


def content_type(context: Any, one: dict[str, Any]) -> str:
    """A content type with its columns; gives its id."""
    from office365.sharepoint.contenttypes.creation_information import (
        ContentTypeCreationInformation,
    )

    base = "0x0101" if one["base"] == "Document" else "0x01"
    parent = context.web.available_content_types.get_by_id(base)
    information = ContentTypeCreationInformation(one["name"], "", "", parent)
    made = context.web.content_types.add(information).execute_query()
    for name in one["columns"]:
        made.field_links.add(name).execute_query()
    return str(made.string_id)


def group(context: Any, one: dict[str, Any]) -> Any:
    """A group and who is in it."""
    made = context.web.site_groups.add(one["name"]).execute_query()
    for member in one["members"]:
        login = f"i:0#.f|membership|{member.removeprefix('user:')}"
        made.users.add_user(login).execute_query()
    return made


def new_list(context: Any, one: dict[str, Any], template: int) -> Any:
    """A list or library under its address, then its title and settings."""
    from office365.sharepoint.lists.creation_information import ListCreationInformation

    made = context.web.lists.add(ListCreationInformation(one["url"], None, template)).execute_query()
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
    from office365.sharepoint.views.create_information import ViewCreationInformation

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
    """An empty page, checked in."""
    made = context.site_pages.pages.add().execute_query()
    made.checkout_page().execute_query()
    made.save_page(title=one["title"]).execute_query()
    made.publish().execute_query()


def navigation(context: Any, title: str, address: str) -> None:
    """One entry of the quick launch."""
    from office365.sharepoint.navigation.node_creation_information import (
        NavigationNodeCreationInformation,
    )

    node = NavigationNodeCreationInformation(title, address, True)
    context.web.navigation.quick_launch.add(node).execute_query()


if __name__ == "__main__":
    main()
