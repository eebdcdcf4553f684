"""Office365-REST-Python-Client, unmodified: groups, role assignments and items in verbose JSON."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.emulator.server import RunningEmulator


@pytest.fixture
def context(
    emulator: RunningEmulator, site: str, token: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    from office365.runtime.auth.token_response import TokenResponse
    from office365.sharepoint.client_context import ClientContext

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(emulator.ca_path))
    answer = {
        "token_type": "Bearer",
        "access_token": token("full-control", "sharepoint"),
        "expires_in": 3600,
    }
    return ClientContext(f"{emulator.url}{site}").with_access_token(
        lambda: TokenResponse.from_json(answer)
    )


def test_a_list_is_given_to_a_group(context: Any, register: Any) -> None:
    reviewers = context.web.site_groups.add("Evidence Reviewers").execute_query()
    user = context.web.ensure_user("iam@contoso.example").execute_query()
    reviewers.users.add_user(user.login_name).execute_query()
    target = context.web.lists.get_by_id(register.id)
    target.break_role_inheritance(
        copy_role_assignments=False, clear_sub_scopes=True
    ).execute_query()
    read = context.web.role_definitions.get_by_name("Read").get().execute_query()
    target.role_assignments.add_role_assignment(reviewers.id, read.id).execute_query()
    found = (
        target.role_assignments.expand(["Member", "RoleDefinitionBindings"]).get().execute_query()
    )
    given = {
        each.member.title: [level.name for level in each.role_definition_bindings] for each in found
    }
    assert given == {"full-control": ["Full Control"], "Evidence Reviewers": ["Read"]}


def test_items_are_made_changed_and_deleted(context: Any, register: Any) -> None:
    target = context.web.lists.get_by_id(register.id)
    item = target.add_item({"Title": "R-1"}).execute_query()
    assert item.properties["Id"] == 1
    item.set_property("Status", "Open").update().execute_query()
    item.validate_update_list_item({"Score": "5"}, new_document_update=True)
    context.execute_query()
    read = target.items.get().execute_query()
    assert [(each.properties["Status"], each.properties["Score"]) for each in read] == [("Open", 5)]
    item.delete_object().execute_query()
    assert len(target.items.get().execute_query()) == 0
