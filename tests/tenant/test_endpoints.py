from __future__ import annotations

import subprocess
import sys

import pytest

from provisioner.core.errors import Usage
from provisioner.tenant.endpoints import (
    cloud_of,
    emulator_endpoints,
    microsoft_endpoints,
    origin,
    site_parts,
)
from provisioner.tenant.redaction import LONGEST, shown


@pytest.mark.parametrize(
    ("cloud", "authority", "scope"),
    [
        ("global", "https://login.microsoftonline.com/t", "https://graph.microsoft.com/.default"),
        ("usgov", "https://login.microsoftonline.us/t", "https://graph.microsoft.us/.default"),
        (
            "usgov-dod",
            "https://login.microsoftonline.us/t",
            "https://dod-graph.microsoft.us/.default",
        ),
        (
            "china",
            "https://login.chinacloudapi.cn/t",
            "https://microsoftgraph.chinacloudapi.cn/.default",
        ),
    ],
)
def test_each_cloud_has_its_own_hosts(cloud: str, authority: str, scope: str) -> None:
    ends = {"usgov": "us", "usgov-dod": "us", "china": "cn"}.get(cloud, "com")
    name = f"SharePoint{'-mil' if cloud == 'usgov-dod' else ''}.{ends}"
    host = f"contoso.{name.lower()}"
    endpoints = microsoft_endpoints(cloud, "t", f"Contoso.{name}", "/sites/acme/")
    assert endpoints.authority == authority
    assert endpoints.scope("graph") == scope
    assert endpoints.scope("sharepoint") == f"https://{host}/.default"
    assert endpoints.site_url == f"https://{host}/sites/acme"
    assert cloud_of(host) == cloud
    audience = endpoints.exchange_audience.removeprefix("api://AzureADTokenExchange")
    assert audience == {"us": "USGov", "cn": "China"}.get(ends, "")


def test_an_unknown_cloud_is_wrong_usage() -> None:
    with pytest.raises(Usage) as caught:
        microsoft_endpoints("mars", "t", "h", "/")
    assert "usgov-dod" in caught.value.hint


def test_the_emulator_answers_elsewhere_and_keeps_its_names() -> None:
    endpoints = emulator_endpoints("https://localhost:8443/", "/ca.pem", "t", "sites/acme")
    assert endpoints.authority == "https://localhost:8443/t"
    assert endpoints.site_url == "https://localhost:8443/sites/acme"
    assert endpoints.hostname == "contoso.sharepoint.com"
    assert endpoints.scope("graph") == "https://graph.microsoft.com/.default"


def test_the_parts_of_a_site_address() -> None:
    for url in (
        "https://Contoso.sharepoint.com/sites/acme/",
        "https://contoso.sharepoint.com/sites/acme/Lists/Risks/AllItems.aspx?web=1",
        "contoso.sharepoint.com/sites/acme",
    ):
        assert site_parts(url) == ("contoso.sharepoint.com", "/sites/acme")


@pytest.mark.parametrize(
    "url",
    [
        "contoso.sharepoint.com",
        "http://contoso.sharepoint.com/sites/a",
        "https://",
        "x",
        # Where the host ends here is answered by each HTTP library in its own way.
        "https://evil.example\\.sharepoint.com/sites/a",
        "https://evil.example%2f.sharepoint.com/sites/a",
        "https://evil.example;.sharepoint.com/sites/a",
        "https://evil.example\u2100.sharepoint.com/sites/a",
        "https://contoso.sharepoint.com/sites/..",
    ],
)
def test_what_is_no_site_address_is_said(url: str) -> None:
    with pytest.raises(Usage) as caught:
        site_parts(url)
    assert caught.value.code == "BAD-SITE-URL"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://graph.microsoft.com/v1.0", "http://graph.microsoft.com/v1.0"),
        ("https://graph.microsoft.com", "https://graph.microsoft.com.evil.example"),
        ("https://graph.microsoft.com", "https://graph.microsoft.com:444"),
        ("https://graph.microsoft.com", "https://user@graph.microsoft.com"),
        ("https://graph.microsoft.com", "https://graph.microsoft.com:port"),
    ],
)
def test_other_origins_are_told_apart(one: str, other: str) -> None:
    assert origin(one) != origin(other)


def test_the_same_origin_is_recognised() -> None:
    assert origin("https://GRAPH.microsoft.com:443/a?b") == origin("https://graph.microsoft.com")


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.sig",
        "Bearer abcdefghijklmnop",
        "client_secret=abc.def~ghi",
        "https://x/download?tempauth=v1.eyJz",
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    ],
)
def test_tokens_and_keys_are_never_shown(secret: str) -> None:
    text = shown(f"before {secret} after")
    assert "[removed]" in text
    assert secret[-8:] not in text
    assert text.startswith("before ")


def test_long_texts_are_cut_and_put_on_one_line() -> None:
    text = shown("a\r\nb" + "x" * 900)
    assert len(text) == LONGEST
    assert text.startswith("a b")


def test_the_client_is_imported_without_the_heavy_libraries() -> None:
    code = (
        "import sys, provisioner.tenant.client\n"
        "print([m for m in ('msal', 'msgraph', 'kiota_http', 'office365') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_content_type_is_named_by_the_address_of_its_own_cloud():
    body = {"contentType": "https://graph.microsoft.com/v1.0/sites/1/contentTypes/0x01", "n": [1]}
    china = microsoft_endpoints("china", "t", "contoso.sharepoint.cn", "/sites/a")
    world = microsoft_endpoints("global", "t", "contoso.sharepoint.com", "/sites/a")
    assert china.own_addresses(body) == {
        "contentType": "https://microsoftgraph.chinacloudapi.cn/v1.0/sites/1/contentTypes/0x01",
        "n": [1],
    }
    assert world.own_addresses(body) == body
