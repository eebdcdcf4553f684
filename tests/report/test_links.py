from __future__ import annotations

import pytest

from provisioner.report.links import safe_link

SITE = "https://contoso.sharepoint.com/sites/acme"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://contoso.sharepoint.com/a.pdf", "https://contoso.sharepoint.com/a.pdf"),
        ("HTTP://contoso.example/a", "HTTP://contoso.example/a"),
        ("https://contoso.example/a b.pdf", "https://contoso.example/a%20b.pdf"),
        ("https://contoso.example/a%20b.pdf", "https://contoso.example/a%20b.pdf"),
        ('https://contoso.example/"><script>', "https://contoso.example/%22%3E%3Cscript%3E"),
        ("/sites/acme/L/ä.pdf", "https://contoso.sharepoint.com/sites/acme/L/%C3%A4.pdf"),
        ("L/a.pdf", "https://contoso.sharepoint.com/sites/acme/L/a.pdf"),
    ],
)
def test_web_addresses_and_places_on_the_site_are_linked(url, link):
    assert safe_link(url, SITE) == link


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "  JaVaScript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https:evil",
        "https:///x",
        "\\\\evil\\share",
        "/\\evil.example",
        "https://[broken",
        "https://contoso.example/\x00",
        "https://contoso.example/\ud800",
    ],
)
def test_everything_else_stays_text(url):
    assert safe_link(url, SITE) is None


@pytest.mark.parametrize("site", ["", "javascript:x", "/sites/acme", "https://"])
def test_a_path_needs_a_site_to_stand_on(site):
    assert safe_link("/sites/acme/a.pdf", site) is None
