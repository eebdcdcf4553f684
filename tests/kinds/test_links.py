"""Addresses as people write them on a site, also those that are none: no command ends by one."""

from __future__ import annotations

import pytest

from provisioner.kinds.links import check_link, link_plain
from provisioner.kinds.site_settings import host_path

HOST = "contoso.sharepoint.com"


@pytest.mark.parametrize("url", ["https://[a", "http://a]b/", "//[", "https://a\u2100b/"])
def test_an_address_without_parts_stays_what_it_is(url: str) -> None:
    assert link_plain(url, HOST) == url
    assert host_path(url, HOST) is None
    with pytest.raises(ValueError, match="Write library:<key>"):
        check_link(url)


def test_one_with_parts_is_taken_and_the_sites_own_host_left_out() -> None:
    assert check_link("https://a.example/b") == "https://a.example/b"
    assert link_plain(f"https://{HOST}/sites/a/", HOST) == "/sites/a"
