"""Microsoft's typed Graph models and a SharePoint client, unmodified, against the structure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.emulator.entra.keys import thumbprints
from provisioner.emulator.server import environment


def _leftovers(entity: Any, found: list[str]) -> list[str]:
    """Names the typed models did not know, all the way down."""
    known = getattr(entity, "additional_data", None)
    if known is None:
        return found
    found += [name for name in known if not name.startswith("@odata.")]
    for value in vars(entity).values():
        for member in value if isinstance(value, list) else [value]:
            if hasattr(member, "additional_data"):
                _leftovers(member, found)
    return found


def _parsed(body: Any, model: Any) -> Any:
    from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory

    content = json.dumps(body).encode()
    node = JsonParseNodeFactory().get_root_parse_node("application/json", content)
    return node.get_object_value(model)


def test_the_graph_sdks_models_know_every_property(graph: Any, site_id: Any, list_id: Any) -> None:
    """The independent oracle: nothing but ``@odata.*`` is left in ``additional_data``."""
    from msgraph.generated.models.column_definition import ColumnDefinition
    from msgraph.generated.models.content_type import ContentType
    from msgraph.generated.models.list_ import List_
    from msgraph.generated.models.site import Site

    one = f"/sites/{site_id}/lists/{list_id}"
    lookup = {"name": "Self", "lookup": {"listId": list_id}}
    assert graph("POST", f"{one}/columns", lookup).status_code == 201
    answers = [
        (graph("GET", f"/sites/{site_id}").json(), Site),
        (graph("GET", f"{one}?$expand=columns,contentTypes").json(), List_),
        *((c, ColumnDefinition) for c in graph("GET", f"{one}/columns").json()["value"]),
        *((t, ContentType) for t in graph("GET", f"{one}/contentTypes").json()["value"]),
    ]
    for body, model in answers:
        parsed = _parsed(body, model)
        assert parsed.id == body["id"]
        assert _leftovers(parsed, []) == []


@pytest.fixture
def context(emulator: Any, site: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Office365-REST-Python-Client signed in with the app's certificate."""
    from pathlib import Path

    import msal
    from office365.runtime.auth.token_response import TokenResponse
    from office365.sharepoint.client_context import ClientContext

    env = environment(emulator.home, emulator.url, "full-control")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", env["EMULATOR_CA"])
    pem = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    app = msal.ConfidentialClientApplication(
        env["EMULATOR_CLIENT_ID"],
        authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
        client_credential={"private_key": pem, "thumbprint": thumbprints(pem)[1].hex()},
        instance_discovery=False,
    )

    def token() -> Any:
        scopes = ["https://contoso.sharepoint.com/.default"]
        return TokenResponse.from_json(app.acquire_token_for_client(scopes))

    return ClientContext(f"{emulator.url}{site}").with_access_token(token)


def test_office365_makes_a_list_with_fields_and_a_view(context: Any) -> None:
    """Verbose both ways, digests, its own spellings of every address."""
    from office365.sharepoint.fields.type import FieldType
    from office365.sharepoint.lists.creation_information import ListCreationInformation
    from office365.sharepoint.views.create_information import ViewCreationInformation

    made = context.web.lists.add(ListCreationInformation("Risks", None, 100)).execute_query()
    assert made.title == "Risks"
    made.fields.add_number("Score").execute_query()
    made.fields.create_field_as_xml(
        '<Field Type="Choice" Name="State" DisplayName="State"><CHOICES><CHOICE>Open</CHOICE>'
        "</CHOICES></Field>"
    ).execute_query()
    made.views.add(ViewCreationInformation(Title="Open")).execute_query()
    made.set_property("EnableVersioning", False).update().execute_query()
    read = context.web.lists.get_by_title("Risks")
    fields = read.fields.get().execute_query()
    assert {f.internal_name for f in fields} >= {"Score", "State", "Title"}
    state = read.fields.get_by_internal_name_or_title("State").get().execute_query()
    assert state.type_as_string == "Choice"
    assert FieldType.Choice == state.properties["FieldTypeKind"]
    assert [v.title for v in read.views.get().execute_query()] == ["All Items", "Open"]
    read.get().execute_query()
    assert read.properties["EnableVersioning"] is False
