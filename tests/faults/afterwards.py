"""What a tenant holds after a run, however the run ended."""

from __future__ import annotations

from collections import Counter
from typing import Any


def things(provisioner: Any) -> Counter[tuple[str, ...]]:
    """How often everything a person could see twice is in the tenant, by its name.

    What our own records hold is left out: every run adds its receipt there.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for site in provisioner.control.call("GET", "state")["sites"]:
        where = str(site["path"])
        found[("site", where)] += 1
        found.update(("column", where, str(one["internal_name"])) for one in site["columns"])
        found.update(("type", where, str(one["name"])) for one in site["contentTypes"])
        found.update(("link", where, str(one["title"])) for one in site["navigation"])
        found.update(("principal", where, str(one["title"])) for one in site["principals"])
        for one in site["lists"]:
            inside = f"{where} {one['title']}"
            found[("list", inside, str(one["url"]))] += 1
            found.update(("column", inside, str(row["internal_name"])) for row in one["columns"])
            found.update(("type", inside, str(row["name"])) for row in one["contentTypes"])
            found.update(("view", inside, str(row["title"])) for row in one["views"])
            if "Provisioner" not in inside:
                found.update(("row", inside, str(row["fields"])) for row in one["items"])
        levels = {one["id"]: one["name"] for one in site["roleDefinitions"]}
        who = {one["id"]: one["title"] for one in site["principals"]}
        found.update(
            ("may", where, str(who.get(one["principal_id"])), str(levels.get(one["role_id"])))
            for one in site["permissions"]
        )
    return found


def goes_on(provisioner: Any, workspace: Any, whole: Counter[tuple[str, ...]]) -> None:
    """A second apply ends where an undisturbed one does, and a third has nothing to do."""
    again = provisioner("apply", workspace, "--yes")
    assert again.code == 0, again.err
    assert things(provisioner) == whole
    assert provisioner("plan", workspace).code == 0
    provisioner.forget_requests()
    assert provisioner("apply", workspace, "--yes").code == 0
    assert provisioner.writes() == []
    assert provisioner("drift", workspace, "--format", "json").json()["findings"] == []
