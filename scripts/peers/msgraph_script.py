"""The half of the reference workspace that Microsoft Graph can make, with msgraph-sdk's typed client.

Site columns, content types, lists, their plain columns and lookups, and a copy of a content type in
each list: one awaited request a thing, as the samples of learn.microsoft.com/graph show it. No plan,
no look at what is there, no repair. Reads EMULATOR_* from the environment; the site must exist.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from pathlib import Path
from typing import Any

import httpx
import msal
import yaml
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.boolean_column import BooleanColumn
from msgraph.generated.models.choice_column import ChoiceColumn
from msgraph.generated.models.column_definition import ColumnDefinition
from msgraph.generated.models.content_type import ContentType
from msgraph.generated.models.date_time_column import DateTimeColumn
from msgraph.generated.models.list_ import List_
from msgraph.generated.models.list_info import ListInfo
from msgraph.generated.models.lookup_column import LookupColumn
from msgraph.generated.models.number_column import NumberColumn
from msgraph.generated.models.person_or_group_column import PersonOrGroupColumn
from msgraph.generated.models.text_column import TextColumn
from msgraph.generated.sites.item.lists.item.content_types.add_copy.add_copy_post_request_body import (
    AddCopyPostRequestBody,
)

GRAPH = "https://graph.microsoft.com/v1.0"
NOT_IN_GRAPH = frozenset({"currency", "hyperlink"})


class Tokens(AccessTokenProvider):  # type: ignore[misc]
    """Tokens of the app, by its secret."""

    def __init__(self) -> None:
        env = os.environ
        self._app = msal.ConfidentialClientApplication(
            env["EMULATOR_CLIENT_ID"],
            authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
            client_credential=env["EMULATOR_CLIENT_SECRET"],
            instance_discovery=False,
        )

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        """A token for Graph."""
        del uri, additional_authentication_context
        scopes = ["https://graph.microsoft.com/.default"]
        return str(self._app.acquire_token_for_client(scopes)["access_token"])

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """Any host, since the emulator is none of Microsoft's."""
        return AllowedHostsValidator([])


async def main(spec: dict[str, Any]) -> None:
    """Make what of the workspace Graph can make."""
    trust = ssl.create_default_context(cafile=os.environ["EMULATOR_CA"])
    async with httpx.AsyncClient(verify=trust, trust_env=False, timeout=60) as session:
        adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Tokens()), session)
        adapter.base_url = f"{os.environ['EMULATOR_URL']}/v1.0"
        client = GraphServiceClient(request_adapter=adapter)
        found = await client.sites.by_site_id(f"contoso.sharepoint.com:{spec['site']['url']}").get()
        await fill(client.sites.by_site_id(found.id), str(found.id), spec)


async def fill(site: Any, site_id: str, spec: dict[str, Any]) -> None:
    """Everything, one after the other."""
    columns = {}
    for one in spec["columns"]:
        columns[one["name"]] = (await site.columns.post(definition(one))).id
    types = {}
    for one in spec["contentTypes"]:
        base = ContentType(id="0x0101" if one["base"] == "Document" else "0x01", name=one["base"])
        made = await site.content_types.post(ContentType(name=one["name"], base=base))
        types[one["name"]] = made.id
        for name in one["columns"]:
            source = f"{GRAPH}/sites/{site_id}/columns/{columns[name]}"
            body = ColumnDefinition(additional_data={"sourceColumn@odata.bind": source})
            await site.content_types.by_content_type_id(made.id).columns.post(body)
    lists = {}
    for template, key in (("documentLibrary", "libraries"), ("genericList", "lists")):
        for one in spec[key]:
            info = ListInfo(template=template, content_types_enabled=True)
            made = await site.lists.post(List_(display_name=one["title"], list_=info))
            lists[one["key"]] = made.id
    for one in [*spec["libraries"], *spec["lists"]]:
        home = site.lists.by_list_id(lists[one["key"]])
        for column in one["columns"]:
            if column["type"] not in NOT_IN_GRAPH and not column.get("multiple"):
                await home.columns.post(definition(column, lists))
        for name in one["contentTypes"]:
            source = f"{GRAPH}/sites/{site_id}/contentTypes/{types[name]}"
            await home.content_types.add_copy.post(AddCopyPostRequestBody(content_type=source))


def definition(one: dict[str, Any], lists: dict[str, str] | None = None) -> ColumnDefinition:
    """A column in the words of Graph."""
    made = ColumnDefinition(name=one["name"], display_name=one["displayName"])
    match one["type"]:
        case "text" | "note":
            made.text = TextColumn(allow_multiple_lines=one["type"] == "note")
        case "choice":
            made.choice = ChoiceColumn(choices=one["choices"], display_as="dropDownMenu")
        case "dateTime":
            made.date_time = DateTimeColumn(format=one.get("format", "dateTime"))
        case "number":
            made.number = NumberColumn(decimal_places="none")
        case "boolean":
            made.boolean = BooleanColumn()
        case "person":
            made.person_or_group = PersonOrGroupColumn(choose_from_type="peopleOnly")
        case "lookup":
            target = (lists or {})[one["list"]]
            made.lookup = LookupColumn(list_id=target, column_name=one["show"])
    return made


if __name__ == "__main__":
    asyncio.run(main(yaml.safe_load(Path(sys.argv[1]).read_text("utf-8"))))
