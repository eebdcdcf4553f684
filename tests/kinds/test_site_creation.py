"""By which way a missing site is made, from what the app may do."""

from __future__ import annotations

from datetime import date

import pytest

from provisioner.core.errors import SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.kinds.base import Declared, Scope
from provisioner.kinds.site import desired
from provisioner.kinds.site_creation import creation, refused
from provisioner.kinds.site_spec import Site

SCOPE = Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 22))
GROUP = frozenset({"graph:Group.Create", "graph:User.Read.All", "graph:Sites.FullControl.All"})


def wanted(create: str, **said: object) -> Resource:
    plain = {
        "url": "/sites/acme",
        "title": "Acme",
        "create": create,
        "owner": "a@b.example",
        **said,
    }
    spec = Site.model_validate(plain)
    (made,) = desired(Declared(spec, "site", Where("w.yaml", 1, 1), 0), SCOPE)
    return made


@pytest.mark.parametrize(
    ("can", "path"),
    [
        (set(), "/beta/sites"),
        ({"graph:Sites.Create.All", "sharepoint:Sites.Selected"}, "/beta/sites"),
        ({"graph:Sites.Create.All", "sharepoint:Sites.FullControl.All"}, "/beta/sites"),
        ({"graph:Sites.FullControl.All", "sharepoint:Sites.Selected"}, "/beta/sites"),
        ({"graph:Sites.Manage.All", "sharepoint:Sites.FullControl.All"}, "/_api/SPSiteManager/create"),
    ],
)  # fmt: skip
def test_the_way_follows_from_the_roles(can: set[str], path: str) -> None:
    assert refused("team", frozenset(can)) is None
    (one,) = creation(wanted("team"), SCOPE, frozenset(can))
    assert one.path == path
    assert one.at == ("root" if "SPSiteManager" in path else "site")
    assert one.alone
    assert one.poll is not None


def test_sharepoint_is_asked_in_its_own_words() -> None:
    can = frozenset({"sharepoint:Sites.FullControl.All"})
    made = wanted(
        "communication", locale="fr-FR", description="Pour l'audit", guestInvitations=True
    )
    (one,) = creation(made, SCOPE, can)
    assert one.body == {
        "request": {
            "Title": "Acme",
            "Url": "https://contoso.sharepoint.com/sites/acme",
            "Lcid": 1036,
            "ShareByEmailEnabled": True,
            "Description": "Pour l'audit",
            "WebTemplate": "SITEPAGEPUBLISHING#0",
            "Owner": "a@b.example",
        }
    }


@pytest.mark.parametrize(
    ("create", "can", "named"),
    [
        ("team", {"graph:Sites.Selected", "sharepoint:Sites.Selected"}, "Sites.Create.All"),
        ("team", {"graph:Sites.Create.All", "sharepoint:TermStore.Read.All"}, "on SharePoint"),
        ("communication", {"sharepoint:Sites.Selected", "graph:Group.Create"}, "Sites.FullControl.All"),
        ("group", GROUP - {"graph:Group.Create"}, "Group.Create"),
        ("group", GROUP - {"graph:User.Read.All"}, "User."),
        ("group", GROUP - {"graph:Sites.FullControl.All"}, "Sites."),
    ],
)  # fmt: skip
def test_what_the_app_lacks_is_named_with_another_way(
    create: str, can: set[str], named: str
) -> None:
    told = refused(create, frozenset(can))
    assert told is not None
    assert named in told[0]
    assert "create: never" in told[1]


def test_a_group_may_be_made_with_all_three() -> None:
    assert refused("group", GROUP) is None
    assert [one.method for one in creation(wanted("group"), SCOPE, GROUP)] == ["GET", "POST", "GET"]


@pytest.mark.parametrize("word", ["hub", "logo"])
def test_a_place_on_another_host_is_refused(word: str) -> None:
    with pytest.raises(SpecInvalid) as caught:
        wanted("team", **{word: "https://fabrikam.sharepoint.com/sites/x"})
    assert caught.value.problems[0].code == "SITE-OTHER-HOST"
