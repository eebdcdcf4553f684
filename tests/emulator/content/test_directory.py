from __future__ import annotations

import json
from typing import Any

VCISO = "/users/vciso@contoso.example"


def test_a_user_by_name_and_by_id(graph: Any, site: str, refused: Any) -> None:
    user = graph("GET", VCISO).json()
    assert user["displayName"] == "Vera Cisneros"
    assert graph("GET", f"/users/{user['id']}").json() == user
    refused(graph("GET", "/users/nobody@contoso.example"), 404, "Request_ResourceNotFound")


def test_users_are_filtered(graph: Any, site: str, refused: Any) -> None:
    found = graph(
        "GET", "/users?$filter=startswith(displayName,'Ver')&$select=mail,userType"
    ).json()
    assert found["value"] == [{"mail": "vciso@contoso.example", "userType": "Member"}]
    refused(graph("GET", "/users?$filter=mail ne 'x'"), 400, "Request_UnsupportedQuery")


def test_a_group_by_its_name(graph: Any, site: str, fits: Any) -> None:
    found = graph("GET", "/groups?$filter=displayName eq 'Evidence Contributors'").json()
    assert [each["displayName"] for each in found["value"]] == ["Evidence Contributors"]
    fits(found, "group")
    assert graph("GET", "/groups?$filter=displayName eq 'None such'").json()["value"] == []


def test_a_mail_goes_to_the_outbox(emulator: Any, graph: Any, site: str, refused: Any) -> None:
    message = {
        "subject": "Digest",
        "body": {"contentType": "HTML", "content": "<p>x</p>"},
        "toRecipients": [{"emailAddress": {"address": "iam@contoso.example"}}],
    }
    sent = graph("POST", f"{VCISO}/sendMail", {"message": message, "saveToSentItems": False})
    assert sent.status_code == 202
    assert sent.content == b""
    row = emulator.tenant.one("SELECT doc FROM outbox")
    assert json.loads(row["doc"])["message"] == message
    nobody = graph("POST", f"{VCISO}/sendMail", {"message": {"subject": "x"}})
    refused(nobody, 400, "ErrorInvalidRecipients")
