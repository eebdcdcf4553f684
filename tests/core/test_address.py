"""Addresses can be read in every language, split again, and typed with more escapes than they need."""

from __future__ import annotations

import pytest

from provisioner.core.address import address, parent_of, spelled, split
from provisioner.core.transport import Bindings, ref


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Équipe sécurité", "group:Équipe sécurité"),
        ("Propriétaires d'actifs", "group:Propriétaires d'actifs"),
        ("監査人", "group:監査人"),
        ("a/b 100%", "group:a%2Fb 100%25"),
        ("#1 ⟦x⟧\u200b", "group:%231 %E2%9F%A6x%E2%9F%A7%E2%80%8B"),
        ("line\nbreak\xa0", "group:line%0Abreak%C2%A0"),
    ],
)
def test_a_name_stays_readable_and_comes_back_whole(name: str, shown: str):
    own = address("group", name)
    assert own == shown
    assert split(own) == ("group", name)
    assert parent_of(address("group", name, "list:x")) == "list:x"
    assert Bindings({(own, "id"): "7"}).fill(ref(own)) == "7"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("group:%C3%89quipe s%C3%A9curit%C3%A9", "group:Équipe sécurité"),
        (
            "list:b/folder:2026%2FL%27%C3%A9t%C3%A9/permissions",
            "list:b/folder:2026%2FL'été/permissions",
        ),
        ("list:b/folder:2026%2FL'été", "list:b/folder:2026%2FL'été"),
        ("site", "site"),
        ("updates", "updates"),
        ("siteAdministrator:i:0%23.f|x", "siteAdministrator:i:0%23.f|x"),
    ],
)
def test_both_spellings_name_one_thing(typed: str, meant: str):
    assert spelled(typed) == meant
    assert spelled(meant) == meant
