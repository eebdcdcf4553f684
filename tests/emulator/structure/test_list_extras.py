"""What a library has beside its columns: default values, labels, another address, settings."""

from __future__ import annotations

from typing import Any

import pytest

DEFAULTS = (
    '<MetadataDefaults><a href="/sites/acme/Evidence"><DefaultValue FieldName="Area">Access'
    '</DefaultValue><DefaultValue FieldName="Score">x</DefaultValue></a>'
    '<a href="/sites/acme/Evidence/2026%20Q1"><DefaultValue FieldName="Area">Change</DefaultValue>'
    "</a></MetadataDefaults>"
)
FILE = "/sites/acme/Evidence/Forms/client_LocationBasedDefaults.html"
VALUE = f"/_api/web/GetFileByServerRelativePath(decodedUrl='{FILE}')/$value"
ADD = (
    "/_api/web/GetFolderByServerRelativePath(decodedUrl='/sites/acme/Evidence/Forms')"
    "/Files/Add(url='client_LocationBasedDefaults.html',overwrite={})"
)
RECEIVER = {
    "eventReceiverCreationInformation": {
        "EventType": 10001,
        "ReceiverName": "LocationBasedMetadataDefaultsReceiver ItemAdded",
    }
}


@pytest.fixture
def library(library_id: str) -> str:
    return f"/_api/web/lists(guid'{library_id}')"


def upload(graph: Any, site_id: str, library_id: str, path: str) -> Any:
    place = f"/sites/{site_id}/lists/{library_id}/drive/root:/{path}"
    made = graph("PUT", f"{place}:/content", content=b"x").json()
    item = graph("GET", f"{place}?$expand=listItem($expand=fields)").json()
    assert made["id"] == item["id"]
    return item["listItem"]["fields"].get("Area")


def test_default_values_reach_documents_only_where_the_receiver_is_registered(
    graph: Any, rest: Any, site_id: str, library_id: str, library: str, http: Any
) -> None:
    columns = f"/sites/{site_id}/lists/{library_id}/columns"
    assert graph("POST", columns, {"name": "Area", "text": {}}).status_code == 201
    assert graph("POST", columns, {"name": "Score", "number": {}}).status_code == 201
    assert rest("GET", VALUE).status_code == 404
    assert rest("PUT", VALUE, content=b"x").status_code == 404
    assert rest("POST", ADD.format("false"), content=DEFAULTS.encode()).status_code == 200
    assert rest("POST", ADD.format("false"), content=b"").status_code == 409
    assert rest("GET", VALUE).text == DEFAULTS
    assert upload(graph, site_id, library_id, "a.txt") is None
    refused = rest("POST", f"{library}/eventreceivers/add", RECEIVER)
    assert refused.status_code == 403
    set_up = http.put("/_emulator/settings", json={"eventReceivers": True})
    assert set_up.status_code == 200
    assert rest("POST", f"{library}/eventreceivers/add", RECEIVER).status_code == 200
    names = rest("GET", f"{library}/eventreceivers?$select=ReceiverName").json()["value"]
    assert names == [{"ReceiverName": "LocationBasedMetadataDefaultsReceiver ItemAdded"}]
    assert upload(graph, site_id, library_id, "b.txt") == "Access"
    assert upload(graph, site_id, library_id, "2026 Q1/deep/c.txt") == "Change"
    assert upload(graph, site_id, library_id, "2026 Q10/d.txt") == "Access"
    other = VALUE.replace("client_LocationBasedDefaults.html", "AllItems.aspx")
    assert rest("GET", other).status_code == 501
    file = VALUE.replace("Forms/client_LocationBasedDefaults.html", "b.txt")
    assert rest("GET", file).content == b"x"
    assert rest("GET", file.replace("b.txt", "c.txt")).status_code == 404


def test_labels_are_those_the_organisation_publishes(rest: Any, library: str) -> None:
    proxy = "/_api/SP_CompliancePolicy_SPPolicyStoreProxy_"
    read = (
        "/_api/SP.CompliancePolicy.SPPolicyStoreProxy.GetListComplianceTag"
        "(listUrl='/sites/acme/Evidence')"
    )
    url = "https://contoso.sharepoint.com/sites/acme/Evidence"
    body = {"listUrl": url, "blockDelete": False, "blockEdit": False, "syncToItems": False}
    assert rest("GET", read).json() == {"odata.null": True}
    unknown = rest("POST", f"{proxy}SetListComplianceTag", body | {"complianceTagValue": "No"})
    assert unknown.status_code == 400
    assert "Can not find compliance tag with value: No" in unknown.text
    known = body | {"complianceTagValue": "Evidence 7 years"}
    assert rest("POST", f"{proxy}SetListComplianceTag", known).status_code == 200
    assert rest("GET", read).json()["TagName"] == "Evidence 7 years"
    later = rest("POST", f"{proxy}SetListComplianceTag", known | {"syncToItems": True})
    assert later.status_code == 501
    available = (
        "/_api/SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a)"
        "?@a='https://contoso.sharepoint.com/sites/acme'"
    )
    names = [one["TagName"] for one in rest("GET", available).json()["value"]]
    assert names == ["Evidence 3 years", "Evidence 7 years"]
    name = "DefaultSensitivityLabelForLibrary"
    wrong = {name: "00000000-0000-0000-0000-00000000000a"}
    assert rest("PATCH", library, wrong).status_code == 400
    right = {name: "1f2a7c4e-5b60-4d5e-9d0c-6a1b7f3e2c11"}
    assert rest("PATCH", library, right).status_code == 204


def test_a_library_moves_with_its_views_and_documents_and_never_onto_another(
    graph: Any, rest: Any, site_id: str, library_id: str, library: str
) -> None:
    place = f"/sites/{site_id}/lists/{library_id}/drive/root:/a.txt"
    assert graph("PUT", f"{place}:/content", content=b"x").status_code == 201
    move = f"{library}/RootFolder/MoveTo"
    assert rest("POST", move, {"newUrl": "/sites/acme/SitePages"}).status_code == 409
    assert rest("POST", move, {"newUrl": "/sites/acme/Lists/Proof"}).status_code == 400
    assert rest("POST", move, {"newUrl": "/sites/acme/Proof"}).status_code == 200
    root = rest("GET", f"{library}/RootFolder").json()
    assert root["ServerRelativeUrl"] == "/sites/acme/Proof"
    views = rest("GET", f"{library}/views").json()["value"]
    assert {v["ServerRelativeUrl"].rpartition("/Forms/")[0] for v in views} == {"/sites/acme/Proof"}
    assert graph("GET", place).json()["webUrl"].endswith("/sites/acme/Proof/a.txt")


def test_settings_are_refused_where_they_mean_nothing(
    rest: Any, library: str, the_list: str
) -> None:
    for body in ({"ReadSecurity": 2}, {"WriteSecurity": 3}, {"ListExperienceOptions": 9}):
        assert rest("PATCH", library, body).status_code == 400
    assert rest("PATCH", the_list, {"WriteSecurity": 3}).status_code == 400
    label = {"DefaultSensitivityLabelForLibrary": "1f2a7c4e-5b60-4d5e-9d0c-6a1b7f3e2c11"}
    assert rest("PATCH", the_list, label).status_code == 400
    good = {"ReadSecurity": 2, "WriteSecurity": 4, "DisableCommenting": True}
    assert rest("PATCH", the_list, good).status_code == 204
    asked = ",".join(good)
    assert rest("GET", f"{the_list}?$select={asked}").json() == good


def test_a_content_type_has_a_template_and_its_columns_an_order_and_lists_get_them(
    graph: Any, rest: Any, site_id: str, library_id: str, library: str
) -> None:
    base = {"id": "0x0101", "name": "Document"}
    made = graph("POST", f"/sites/{site_id}/contentTypes", {"name": "Proof", "base": base}).json()
    for name in ("Area", "Owner"):
        column = graph("POST", f"/sites/{site_id}/columns", {"name": name, "text": {}}).json()
        url = f"https://graph.microsoft.com/v1.0/sites/{site_id}/columns/{column['id']}"
        place = f"/sites/{site_id}/contentTypes/{made['id']}/columns"
        assert graph("POST", place, {"sourceColumn@odata.bind": url}).status_code == 200
    kind = f"/_api/web/contenttypes('{made['id']}')"
    missing = {"DocumentTemplate": "/sites/acme/Evidence/none.docx"}
    assert rest("PATCH", kind, missing).status_code == 400
    file = f"/sites/{site_id}/lists/{library_id}/drive/root:/form.docx:/content"
    assert graph("PUT", file, content=b"x").status_code == 201
    there = {"DocumentTemplate": "/sites/acme/Evidence/form.docx"}
    assert rest("PATCH", kind, there).status_code == 204
    rest("PATCH", library, {"ContentTypesEnabled": True})
    url = f"https://graph.microsoft.com/v1.0/sites/{site_id}/contentTypes/{made['id']}"
    copy = graph(
        "POST", f"/sites/{site_id}/lists/{library_id}/contentTypes/addCopy", {"contentType": url}
    ).json()
    order = f"/_api/web/contenttypes('{made['id']}')/fieldlinks"
    before = [one["Name"] for one in rest("GET", order).json()["value"]]
    assert before[-2:] == ["Area", "Owner"]
    assert rest("POST", f"{order}/reorder", {"internalNames": ["Owner"]}).status_code == 400
    after = [*before[:-2], "Owner", "Area"]
    assert rest("POST", f"{order}/reorder", {"internalNames": after}).status_code == 200
    assert [one["Name"] for one in rest("GET", order).json()["value"]] == after
    settle = {"required": True, "propagateChanges": True}
    assert graph("PATCH", f"{place}/{column['id']}", settle).status_code == 200
    own = rest("GET", f"{library}/contenttypes('{copy['id']}')").json()
    assert own["DocumentTemplateUrl"] == "/sites/acme/Evidence/form.docx"
    links = f"{library}/contenttypes('{copy['id']}')/fieldlinks"
    found = {one["Name"]: one["Required"] for one in rest("GET", links).json()["value"]}
    assert (found["Owner"], found["Area"]) == (True, False)
