"""msgraph-sdk, unmodified: its typed models read every answer and leave nothing unread.

The models are generated from Microsoft's own description of Graph, so a name they do not know is a
name that Graph does not have. Slow to import (a second or two), so few tests do much each.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

# The generated modules use deprecated parts of their own libraries when they are imported.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")

OWNER = "vciso@contoso.example"
ACME = "/sites/contoso.sharepoint.com:/sites/acme:"
QUICK_LINKS = "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd"


@pytest.fixture(scope="session")
def read() -> Any:
    """``read(body, "site.Site")``: the body as a typed model."""
    from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory

    factory = JsonParseNodeFactory()

    def parse(body: Any, name: str) -> Any:
        module, _, model = name.rpartition(".")
        found = importlib.import_module(f"msgraph.generated.models.{module}")
        node = factory.get_root_parse_node("application/json", json.dumps(body).encode())
        return node.get_object_value(getattr(found, model))

    return parse


def leftovers(entity: Any, path: str = "") -> Iterator[str]:
    """Where the models met a name they do not know, all the way down."""
    known = getattr(entity, "additional_data", None)
    if known is None:
        return
    # The fields of an item are additional data by design: "fieldValueSet" is an open type.
    if type(entity).__name__ not in ("FieldValueSet", "Json", "ServerProcessedContent"):
        yield from (f"{path}{name}" for name in known if "@odata." not in name and name[0] != "@")
    for name, value in vars(entity).items():
        for member in value if isinstance(value, list) else [value]:
            if hasattr(member, "additional_data"):
                yield from leftovers(member, f"{path}{name}.")


def test_the_probe_finds_what_is_not_graphs(read: Any) -> None:
    """The check itself: unknown names are found on the entity and below it."""
    body = {"id": "1", "colour": "red", "root": {"depth": 1}, "lists": [{"id": "2", "size": 3}]}
    assert sorted(leftovers(read(body, "site.Site"))) == ["colour", "lists.size", "root.depth"]


@pytest.fixture
def story(graph: Any, rest: Any, site: str) -> dict[str, str]:
    """One of everything: a list with every column, items, files, pages, permissions, a group."""
    lists = f"{ACME}/lists"

    def post(path: str, body: Any, status: int = 201) -> Any:
        answer = graph("POST", path, body)
        assert answer.status_code == status, f"{path}: {answer.text}"
        return answer.json() if answer.content else {}

    person = rest("POST", "/_api/web/EnsureUser", {"logonName": OWNER}).json()["Id"]
    log = post(lists, {"displayName": "Log"})["id"]
    columns: list[dict[str, Any]] = [
        {"name": "Note1", "text": {"allowMultipleLines": True}},
        {"name": "State", "choice": {"choices": ["Open", "Closed"]}},
        {"name": "Score", "number": {"minimum": 0}, "indexed": True},
        {"name": "Due", "dateTime": {"format": "dateOnly"}},
        {"name": "Done", "boolean": {}, "defaultValue": {"value": "0"}},
        {"name": "Owner1", "personOrGroup": {"allowMultipleSelection": False}},
        {"name": "Parent", "lookup": {"listId": log, "columnName": "Title"}},
        {"name": "Twice", "calculated": {"formula": "=[Score]*2", "outputType": "number"}},
    ]
    for column in columns:
        post(f"{lists}/{log}/columns", column)
    rest(
        "POST",
        f"/_api/web/lists(guid'{log}')/fields/CreateFieldAsXml",
        {"parameters": {"SchemaXml": "<Field Type='URL' Name='Link' DisplayName='Link'/>"}},
    )
    post(f"{ACME}/columns", {"name": "ControlId", "text": {}, "columnGroup": "Evidence"})
    kind = post(f"{ACME}/contentTypes", {"name": "Evidence", "base": {"id": "0x01"}})["id"]
    site_id = graph("GET", ACME).json()["id"]
    address = f"https://graph.microsoft.com/v1.0/sites/{site_id}/contentTypes/{kind}"
    merge = {"X-HTTP-Method": "MERGE"}
    rest("POST", f"/_api/web/lists(guid'{log}')", {"ContentTypesEnabled": True}, headers=merge)
    post(f"{lists}/{log}/contentTypes/addCopy", {"contentType": address})
    fields = {"Title": "One", "State": "Open", "Score": 3, "Owner1LookupId": str(person)}
    item = post(f"{lists}/{log}/items", {"fields": fields})["id"]
    graph("PATCH", f"{lists}/{log}/items/{item}/fields", {"State": "Closed"})
    drive = graph("GET", f"{ACME}/drive").json()["id"]
    file = graph("PUT", f"/drives/{drive}/root:/2026/a.txt:/content", content=b"one").json()["id"]
    graph("PUT", f"/drives/{drive}/root:/2026/a.txt:/content", content=b"two")
    one = f"/drives/{drive}/items/{file}"
    post(f"{one}/invite", {"recipients": [{"email": OWNER}], "roles": ["read"]}, 200)
    post(f"{one}/createLink", {"type": "view", "scope": "organization"})
    parts = [{"innerHtml": "<p>x</p>"}, {"webPartType": QUICK_LINKS, "data": {"title": "y"}}]
    column = {"id": "1", "width": 12, "webparts": parts}
    page = post(
        f"{ACME}/pages",
        {
            "@odata.type": "#microsoft.graph.sitePage",
            "name": "Guide.aspx",
            "title": "Guide",
            "canvasLayout": {"horizontalSections": [{"layout": "oneColumn", "columns": [column]}]},
        },
    )["id"]
    owner = graph("GET", f"/users/{OWNER}").json()["id"]
    group = post(
        "/groups",
        {
            "displayName": "Audit",
            "mailNickname": "audit",
            "groupTypes": ["Unified"],
            "mailEnabled": True,
            "securityEnabled": False,
            "owners@odata.bind": [f"https://graph.microsoft.com/v1.0/users/{owner}"],
        },
    )["id"]
    grant = {"application": {"id": _app_id("sync"), "displayName": "sync"}}
    given = post(f"{ACME}/permissions", {"roles": ["write"], "grantedToIdentities": [grant]})["id"]
    return {
        "list": f"{lists}/{log}",
        "item": f"{lists}/{log}/items/{item}",
        "drive": f"/drives/{drive}",
        "file": one,
        "page": f"{ACME}/pages/{page}",
        "group": f"/groups/{group}",
        "user": f"/users/{owner}",
        "site": f"/sites/{site_id}",
        "grant": f"{ACME}/permissions/{given}",
        "type": f"{ACME}/contentTypes/{kind}",
    }


def _app_id(name: str) -> str:
    from provisioner.emulator.seeds import APPS

    return next(app.app_id for app in APPS if app.name == name)


ANSWERS = [
    ("{site}", "site.Site"),
    ("{site}?$expand=lists", "site.Site"),
    ("/sites?search=acme", "site_collection_response.SiteCollectionResponse"),
    ("{site}/lists", "list_collection_response.ListCollectionResponse"),
    ("{list}?$expand=columns,contentTypes", "list_.List_"),
    (
        "{site}/lists?$select=id,displayName,system",
        "list_collection_response.ListCollectionResponse",
    ),
    ("{list}/columns", "column_definition_collection_response.ColumnDefinitionCollectionResponse"),
    ("{site}/columns", "column_definition_collection_response.ColumnDefinitionCollectionResponse"),
    ("{site}/contentTypes", "content_type_collection_response.ContentTypeCollectionResponse"),
    ("{type}?$expand=columns", "content_type.ContentType"),
    ("{list}/contentTypes", "content_type_collection_response.ContentTypeCollectionResponse"),
    ("{list}/items?$expand=fields", "list_item_collection_response.ListItemCollectionResponse"),
    ("{item}?$expand=fields", "list_item.ListItem"),
    ("{item}/fields", "field_value_set.FieldValueSet"),
    (
        "{item}/versions",
        "list_item_version_collection_response.ListItemVersionCollectionResponse",
    ),
    ("{list}/items/delta", "list_item_collection_response.ListItemCollectionResponse"),
    ("{site}/drives", "drive_collection_response.DriveCollectionResponse"),
    ("{drive}", "drive.Drive"),
    ("{drive}/root", "drive_item.DriveItem"),
    ("{drive}/root/children", "drive_item_collection_response.DriveItemCollectionResponse"),
    ("{drive}/root/delta", "drive_item_collection_response.DriveItemCollectionResponse"),
    ("{file}?$expand=listItem($expand=fields)", "drive_item.DriveItem"),
    ("{file}/listItem?$expand=fields", "list_item.ListItem"),
    (
        "{file}/versions",
        "drive_item_version_collection_response.DriveItemVersionCollectionResponse",
    ),
    ("{file}/permissions", "permission_collection_response.PermissionCollectionResponse"),
    ("{site}/permissions", "permission_collection_response.PermissionCollectionResponse"),
    ("{grant}", "permission.Permission"),
    ("{site}/pages", "base_site_page_collection_response.BaseSitePageCollectionResponse"),
    ("{page}/microsoft.graph.sitePage?$expand=canvasLayout", "site_page.SitePage"),
    ("{page}/microsoft.graph.sitePage?$expand=webParts", "site_page.SitePage"),
    ("/users", "user_collection_response.UserCollectionResponse"),
    ("{user}?$select=id,userType,accountEnabled", "user.User"),
    ("/groups", "group_collection_response.GroupCollectionResponse"),
    ("{group}", "group.Group"),
    ("{group}/owners", "directory_object_collection_response.DirectoryObjectCollectionResponse"),
    ("{group}/sites/root", "site.Site"),
]


def test_the_models_know_every_name(graph: Any, read: Any, story: dict[str, str]) -> None:
    """Sites, lists, columns, content types, items, drives, delta, permissions, pages, directory."""
    unread: dict[str, list[str]] = {}
    for path, model in ANSWERS:
        answer = graph("GET", path.format_map(story))
        assert answer.status_code == 200, f"{path}: {answer.text}"
        entity = read(answer.json(), model)
        members = getattr(entity, "value", [entity])
        assert members, f"{path}: an empty answer proves nothing"
        found = sorted(set(leftovers(entity)))
        if found:
            unread[path] = found
    assert unread == {}


@pytest.mark.usefixtures("schema_at_hand")
def test_every_answer_fits_microsofts_schema(graph: Any, fits: Any, story: dict[str, str]) -> None:
    """The same answers against the JSON Schema made of Microsoft's description of Graph."""
    for path, model in ANSWERS:
        kind = model.rpartition(".")[2].removesuffix("CollectionResponse").rstrip("_")
        # The schema knows no user, and of web parts the abstract kind only.
        if kind in ("User", "DirectoryObject") or "webParts" in path:
            continue
        kind = "sitePage" if kind == "BaseSitePage" else kind[0].lower() + kind[1:]
        fits(graph("GET", path.format_map(story)).json(), kind)


def test_a_subscription_is_read_whole(
    graph: Any, read: Any, story: dict[str, str], emulator: Any
) -> None:
    row = {
        "doc": json.dumps(
            {
                "changeType": "updated",
                "resource": story["list"].strip("/"),
                "seq": 0,
                "notificationUrl": "http://127.0.0.1:9/x",
                "clientState": None,
            }
        ),
    }
    with emulator.tenant.lock:
        emulator.tenant.run(
            "INSERT INTO subscription VALUES ('a', 'graph', '', '', ?, '2999-01-01T00:00:00+00:00', ?)",
            _app_id("full-control"),
            row["doc"],
        )
    body = graph("GET", "/subscriptions/a").json()
    assert list(leftovers(read(body, "subscription.Subscription"))) == []


def test_the_client_makes_and_reads_a_list(
    graph_client: Any, run: Any, site: str, graph: Any
) -> None:
    """Request builders, serialised models, typed answers, typed errors."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.models.choice_column import ChoiceColumn
    from msgraph.generated.models.column_definition import ColumnDefinition
    from msgraph.generated.models.field_value_set import FieldValueSet
    from msgraph.generated.models.list_ import List_
    from msgraph.generated.models.list_item import ListItem
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError
    from msgraph.generated.sites.item.lists.item.items.items_request_builder import (
        ItemsRequestBuilder,
    )

    site_id = graph("GET", ACME).json()["id"]

    async def story() -> None:
        lists = graph_client().sites.by_site_id(site_id).lists
        column = ColumnDefinition(name="State", choice=ChoiceColumn(choices=["Open", "Closed"]))
        made = await lists.post(List_(display_name="Log", columns=[column]))
        one = lists.by_list_id(made.id)
        item = ListItem(fields=FieldValueSet(additional_data={"Title": "x", "State": "Open"}))
        written = await one.items.post(item)
        assert written.fields.additional_data["State"] == "Open"
        query = ItemsRequestBuilder.ItemsRequestBuilderGetQueryParameters(
            expand=["fields($select=Title,State)"]
        )
        page = await one.items.get(RequestConfiguration(query_parameters=query))
        assert [each.fields.additional_data["Title"] for each in page.value] == ["x"]
        with pytest.raises(ODataError) as refused:
            await lists.post(List_(display_name="Log"))
        assert refused.value.error.code == "nameAlreadyExists"
        await one.items.by_list_item_id(written.id).delete()
        with pytest.raises(ODataError) as gone:
            await one.items.by_list_item_id(written.id).get()
        assert gone.value.response_status_code == 404

    run(story())


def test_the_client_pages_files_and_people(
    graph_client: Any, run: Any, site: str, graph: Any
) -> None:
    from msgraph.generated.drives.item.items.item.invite.invite_post_request_body import (
        InvitePostRequestBody,
    )
    from msgraph.generated.models.drive_recipient import DriveRecipient
    from msgraph.generated.models.site_page import SitePage

    site_id = graph("GET", ACME).json()["id"]

    async def story() -> None:
        client = graph_client()
        one = client.sites.by_site_id(site_id)
        page = await one.pages.post(
            SitePage(odata_type="#microsoft.graph.sitePage", name="Guide.aspx", title="Guide")
        )
        read = await one.pages.by_base_site_page_id(page.id).graph_site_page.get()
        assert read.publishing_state.level == "checkout"
        drive = await one.drive.get()
        items = client.drives.by_drive_id(drive.id).items
        file = await items.by_drive_item_id("root:/a.txt:").content.put(b"one")
        given = await items.by_drive_item_id(file.id).invite.post(
            InvitePostRequestBody(recipients=[DriveRecipient(email=OWNER)], roles=["read"])
        )
        assert given.value[0].granted_to_v2.site_user.login_name.endswith(OWNER)
        users = await client.users.get()
        assert OWNER in {user.user_principal_name for user in users.value}

    run(story())


def test_a_batch_of_the_core_library(
    graph_client: Any, run: Any, site: str, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """msgraph-core: BatchRequestContent and its response; every status is told apart.

    It spells `dependsOn` as `depends_on` (msgraph-sdk-python-core#996), which the emulator, like
    Graph, does not know: the parts run in any order.
    """
    if importlib.util.find_spec("deprecated") is None:
        # msgraph-core imports this decorator and does not declare the package it is from.
        plain = ModuleType("deprecated")
        plain.deprecated = lambda *_, **__: lambda function: function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "deprecated", plain)
    from msgraph_core.requests.batch_request_content import BatchRequestContent
    from msgraph_core.requests.batch_request_item import BatchRequestItem

    site_id = graph("GET", ACME).json()["id"]

    async def story() -> dict[str, int]:
        client = graph_client()
        one = client.sites.by_site_id(site_id)
        asked = {
            "site": one.to_get_request_information(),
            "lists": one.lists.to_get_request_information(),
            "none": one.lists.by_list_id("Nothing").to_get_request_information(),
        }
        items = {name: BatchRequestItem(request, id=name) for name, request in asked.items()}
        answer = await client.batch.post(BatchRequestContent(dict(items)))
        return dict(answer.get_response_status_codes())

    assert run(story()) == {"site": 200, "lists": 200, "none": 404}
