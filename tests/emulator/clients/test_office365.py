"""Office365-REST-Python-Client, unmodified: its own sign-in, lists, fields, items, roles, batch.

It reaches the emulator through the proxy, so not even an address is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.emulator import proxy
from provisioner.emulator.entra.keys import thumbprints
from provisioner.emulator.server import environment

HOST = "https://contoso.sharepoint.com"
PERSON = "iam@contoso.example"


@pytest.fixture
def values(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of the full-control app, with the proxy in place."""
    running = proxy.start(emulator.url)
    for name, value in proxy.environment(running.url, emulator.ca_path).items():
        monkeypatch.setenv(name, value)
    yield environment(emulator.home, emulator.url, "full-control")
    running.stop()


@pytest.fixture
def context(values: dict[str, str], site: str) -> Any:
    from office365.sharepoint.client_context import ClientContext

    certificate = values["EMULATOR_CERTIFICATE"]
    thumbprint = thumbprints(Path(certificate).read_text())[1].hex()
    return ClientContext(f"{HOST}{site}").with_client_certificate(
        tenant=values["EMULATOR_TENANT_ID"],
        client_id=values["EMULATOR_CLIENT_ID"],
        thumbprint=thumbprint,
        cert_path=certificate,
    )


@pytest.fixture
def log(context: Any) -> Any:
    from office365.sharepoint.lists.creation_information import ListCreationInformation

    return context.web.lists.add(ListCreationInformation("Log", None, 100)).execute_query()


def test_it_signs_in_with_a_certificate(context: Any) -> None:
    assert context.web.get().execute_query().title == "Acme"


def test_a_secret_is_not_enough(values: dict[str, str], site: str) -> None:
    """App-only to SharePoint REST needs a certificate (security-apponly-azuread)."""
    import msal
    from office365.runtime.auth.token_response import TokenResponse
    from office365.runtime.client_request_exception import ClientRequestException
    from office365.sharepoint.client_context import ClientContext

    app = msal.ConfidentialClientApplication(
        values["EMULATOR_CLIENT_ID"],
        authority=f"https://login.microsoftonline.com/{values['EMULATOR_TENANT_ID']}",
        client_credential=values["EMULATOR_CLIENT_SECRET"],
    )
    answer = app.acquire_token_for_client([f"{HOST}/.default"])
    context = ClientContext(f"{HOST}{site}").with_access_token(
        lambda: TokenResponse.from_json(answer)
    )
    with pytest.raises(ClientRequestException) as refused:
        context.web.get().execute_query()
    assert refused.value.response.status_code == 401


def test_fields_of_every_kind(context: Any, log: Any) -> None:
    from office365.sharepoint.fields.type import FieldType

    fields = log.fields
    fields.add_text_field("Code").execute_query()
    fields.add_note("Remarks").execute_query()
    fields.add_number("Score").execute_query()
    fields.add_datetime("Seen").execute_query()
    fields.add_choice_field("State", ["Open", "Closed"]).execute_query()
    fields.add_choice_field("Criteria", ["CC6.1", "CC6.6"], multiple_values=True).execute_query()
    fields.add_user_field("Owner1").execute_query()
    fields.add_url_field("Link").execute_query()
    fields.add_lookup_field("Parent", log, "Title").execute_query()
    fields.add_calculated("Twice", "=[Score]*2").execute_query()
    fields.create_field_as_xml(
        "<Field Type='DateTime' Name='Due' DisplayName='Due' Format='DateOnly'/>"
    ).execute_query()
    found = {each.title: each for each in log.fields.get().execute_query()}
    expected = {
        "Code": "Text",
        "Remarks": "Note",
        "Score": "Number",
        "Seen": "DateTime",
        "State": "Choice",
        "Criteria": "MultiChoice",
        "Owner1": "User",
        "Link": "URL",
        "Parent": "Lookup",
        "Twice": "Calculated",
        "Due": "DateTime",
    }
    assert {name: found[name].type_as_string for name in expected} == expected
    assert found["State"].properties["FieldTypeKind"] == FieldType.Choice
    found["Code"].set_property("Description", "A code").update().execute_query()
    read = log.fields.get_by_internal_name_or_title("Code").get().execute_query()
    assert read.properties["Description"] == "A code"
    read.delete_object().execute_query()
    assert "Code" not in {each.title for each in log.fields.get().execute_query()}


def test_items_in_a_batch(context: Any, log: Any, http: Any) -> None:
    http.delete("/_emulator/requests")
    for number in range(5):
        log.add_item({"Title": f"R-{number}"})
    context.execute_batch()
    rows = http.get("/_emulator/requests").json()
    assert [row["path"].rpartition("/")[2] for row in rows if row["outer"]][-1] == "$batch"
    read = log.items.select(["Id", "Title"]).filter("Title eq 'R-3'").get().execute_query()
    assert [item.properties["Title"] for item in read] == ["R-3"]


def test_reads_in_a_batch(context: Any, log: Any) -> None:
    web, lists = context.web.get(), context.web.lists.get()
    context.execute_batch()
    assert web.title == "Acme"
    assert "Log" in {each.title for each in lists}


def test_a_list_gets_permissions_of_its_own(context: Any, log: Any) -> None:
    log.break_role_inheritance(copy_role_assignments=False, clear_sub_scopes=True).execute_query()
    person = context.web.ensure_user(PERSON).execute_query()
    level = context.web.role_definitions.get_by_name("Read").get().execute_query()
    log.role_assignments.add_role_assignment(person.id, level.id).execute_query()
    found = log.role_assignments.expand(["Member", "RoleDefinitionBindings"]).get().execute_query()
    given = {
        each.member.title: [binding.name for binding in each.role_definition_bindings]
        for each in found
    }
    assert given["Ines Amari"] == ["Read"]
    log.reset_role_inheritance().execute_query()
    log.ensure_property("HasUniqueRoleAssignments").execute_query()
    assert log.properties["HasUniqueRoleAssignments"] is False


def test_a_refusal_reads_as_sharepoints(context: Any) -> None:
    from office365.runtime.client_request_exception import ClientRequestException

    with pytest.raises(ClientRequestException) as refused:
        context.web.lists.get_by_title("Nothing").get().execute_query()
    assert refused.value.response.status_code == 404
    assert "does not exist" in refused.value.message


def test_its_graph_client_too(values: dict[str, str], site: str) -> None:
    from office365.graph_client import GraphClient

    client = GraphClient(tenant=values["EMULATOR_TENANT_ID"]).with_client_secret(
        values["EMULATOR_CLIENT_ID"], values["EMULATOR_CLIENT_SECRET"]
    )
    found = client.sites.get_by_url(f"{HOST}{site}").get().execute_query()
    assert found.properties["displayName"] == "Acme"
    lists = found.lists.get().execute_query()
    assert "Documents" in {each.properties["displayName"] for each in lists}
