from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from provisioner.emulator.server import RunningEmulator

Send = Callable[..., Any]


def test_a_browser_sees_sites_lists_and_items(http: httpx.Client, rest: Send, site: str) -> None:
    rest("POST", "/_api/web/lists", {"Title": "Risks & <Issues>", "BaseTemplate": 100})
    assert "/sites/acme" in http.get("/").text
    page = http.get("/sites/acme")
    assert page.status_code == 200
    assert "Risks &amp; &lt;Issues&gt;" in page.text
    assert "<Issues>" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_an_address_with_nothing_says_so(http: httpx.Client, emulator: RunningEmulator) -> None:
    assert http.get("/sites/nowhere").status_code == 404
