"""What an imported file says of the site itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from provisioner.core.resource import Existing
from provisioner.engine.importer_said import Importing
from provisioner.engine.importer_site import site
from provisioner.kinds.base import Scope

SCOPE = Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 22))
AS_MADE: dict[str, Any] = {
    "url": "/sites/acme",
    "title": "Acme",
    "description": "",
    "locale": "de-DE",
    "timeZone": "Europe/Berlin",
    "formats": "de-DE",
    "firstDayOfWeek": "sunday",
    "time24": False,
    "logo": "none",
    "themeColor": "#0078d4",
    "quickLaunch": True,
    "megaMenu": True,
    "footer": False,
    "headerLayout": None,
    "headerEmphasis": "lightest",
    "searchScope": "default",
    "sharing": None,
    "guestInvitations": False,
    "anonymousLinks": False,
    "hub": "none",
}
PLAIN = {
    "url": "/sites/acme",
    "title": "Acme",
    "create": "never",
    "locale": "de-DE",
    "timeZone": "Europe/Berlin",
}


def imported(**there: Any) -> tuple[dict[str, Any], list[str]]:
    one = Existing("site", "site", AS_MADE | there, {"id": "1"}, declared=False)
    work = Importing(SCOPE, {"site": one})
    return dict(site(work)), list(work.left_out)


def test_a_site_as_it_was_made_takes_few_words() -> None:
    assert imported() == (PLAIN, [])


def test_what_was_set_is_said() -> None:
    there = {
        "formats": "de-CH",
        "firstDayOfWeek": "monday",
        "time24": True,
        "logo": "/sites/acme/SiteAssets/a b.png",
        "themeColor": "#0b6a0b",
        "quickLaunch": False,
        "megaMenu": False,
        "footer": True,
        "headerLayout": "compact",
        "headerEmphasis": "dark",
        "searchScope": "site",
        "sharing": "ownersOnly",
        "guestInvitations": True,
        "anonymousLinks": True,
        "hub": "/sites/compliance",
    }
    assert imported(**there) == (PLAIN | there, [])


def test_what_no_file_can_say_is_left_out_by_name_but_the_groups_picture_which_is_the_groups() -> (
    None
):
    said, left_out = imported(logo="group", sharing="membersAddMembers")
    assert said == PLAIN
    assert [("logo" in one, "sharing" in one) for one in left_out] == [(False, True)]
