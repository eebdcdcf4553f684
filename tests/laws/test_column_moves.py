"""Columns that are made again, or move to the site: every value stays, wherever a run is cut off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from column_site import HEAD, Line, site, write

from provisioner.core.transport import ref

SHARED = {
    "Grade": "type: choice, choices: [Low, High], indexed: true",
    "Keeper": "type: person",
    "Link": "type: hyperlink",
}
OWN = SHARED | {"Grade": "type: text, indexed: true"}
LISTS = ("plain",)
ROWS = 6


def workspace(
    own: Mapping[str, str], shared: Mapping[str, str], *bound: str, lists: tuple[str, ...] = LISTS
) -> str:
    """Lists with columns of their own, and a content type that brings the site's to `bound`."""
    every = sorted({*own, *shared})
    text = f"{HEAD}columns:\n  - {{name: Other, type: text}}\n"
    text += "".join(f"  - {{name: {name}, {said}}}\n" for name, said in shared.items())
    text += f"contentTypes:\n  - {{name: Risk, base: Item, columns: [{', '.join(['Other', *shared])}]}}\n"
    text += "lists:\n"
    for key in lists:
        text += f"  - key: {key}\n    title: {key.title()}\n    url: {key.title()}\n"
        text += "    contentTypes: [Risk]\n" if key in bound else ""
        text += "    columns:\n      - {name: Last, type: text}\n"
        text += "".join(f"      - {{name: {name}, {said}}}\n" for name, said in own.items())
        text += f"    views:\n      - {{name: Mine, columns: [Title, {', '.join(every)}, Last]}}\n"
    return text


def row(number: int) -> dict[str, Any]:
    return {
        "Title": f"Row {number}",
        "Grade": "High" if number % 2 else "Low",
        "KeeperId": ref("principal:caller"),
        "Link": {"Url": f"https://contoso.example/{number}", "Description": f"Link {number}"},
    }


def items_of(key: str) -> str:
    return f"/_api/web/lists(guid'{ref(f'list:{key}')}')/items"


def fill(file: Path) -> None:
    rows = [row(number) for number in range(1, ROWS)] + [{"Title": "Row 6"}]
    asyncio.run(write(file, [("POST", items_of(key), one) for key in LISTS for one in rows]))


def held(provisioner: Any, key: str) -> dict[str, dict[str, Any]]:
    (one,) = [one for one in site(provisioner)["lists"] if one["title"] == key.title()]
    return {
        item["fields"]["Title"]: {k: v for k, v in item["fields"].items() if k in SHARED}
        for item in one["items"]
    }


def view_of(provisioner: Any, key: str) -> list[str]:
    (one,) = [one for one in site(provisioner)["lists"] if one["title"] == key.title()]
    (view,) = [view for view in one["views"] if view["title"] == "Mine"]
    return list(view["fields"])


def allowed(*names: str) -> list[str]:
    return [w for key in LISTS for name in names for w in ("--allow", f"list:{key}/column:{name}")]


def test_columns_move_from_the_lists_to_the_site(provisioner: Any) -> None:
    file = provisioner.file(workspace(OWN, {}))
    assert provisioner("apply", file, "--yes").code == 0
    fill(file)
    before = {key: held(provisioner, key) for key in LISTS}
    shown = {key: view_of(provisioner, key) for key in LISTS}

    file = provisioner.file(workspace({}, SHARED, *LISTS))
    blocked = provisioner("plan", file, "--format", "json").json()["blocked"]
    assert {one["code"] for one in blocked} == {"COLUMN-ALREADY-IN-LIST"}
    assert len(blocked) == len(LISTS) * len(SHARED)
    assert all(f"--allow {one['address']}" in one["hint"] for one in blocked)

    planned = provisioner("plan", file, *allowed(*SHARED), "--format", "json").json()
    moving = [one for one in planned["changes"] if one["action"] == "replace"]
    assert {one["risk"] for one in moving} == {"high"}
    assert all("5 rows hold a value; all are kept" in one["reason"] for one in moving)
    done = provisioner("apply", file, "--yes", *allowed(*SHARED), "--format", "json")
    assert done.code == 0, done.out + done.err
    receipt = {one["address"]: one for one in done.json()["results"]}
    assert receipt["list:plain/column:Grade"]["definition"]["type"] == "text"
    assert {key: held(provisioner, key) for key in LISTS} == before
    assert {key: view_of(provisioner, key) for key in LISTS} == shown
    assert "__was" not in json.dumps(site(provisioner)["lists"])
    assert provisioner("plan", file).code == 0
    taken = provisioner.folder / "taken.yaml"
    answer = provisioner(
        "import", "https://contoso.sharepoint.com/sites/safe", "--cloud", "emulator", "--out", taken
    )
    assert answer.code == 0, answer.err
    shared, lists = taken.read_text("utf-8").split("\nlists:")
    assert "name: Grade" in shared
    assert "name: Grade" not in lists


MIXED = {
    "Notes": "type: note",
    "Link": "type: hyperlink",
    "Tags": "type: text",
}
PLAINER = {
    "Notes": "type: text, maxLength: 40",
    "Link": "type: text",
    "Tags": "type: choice, choices: [A, B, C], multiple: true",
}


def one_list(columns: Mapping[str, str]) -> str:
    text = f"{HEAD}lists:\n  - key: bound\n    title: Bound\n    url: Bound\n    columns:\n"
    text += "".join(f"      - {{name: {name}, {said}}}\n" for name, said in columns.items())
    return text + f"    views:\n      - {{name: Mine, columns: [{', '.join(columns)}, Title]}}\n"


def values(provisioner: Any) -> dict[str, dict[str, Any]]:
    (one,) = [one for one in site(provisioner)["lists"] if one["title"] == "Bound"]
    return {
        item["fields"]["Title"]: {k: v for k, v in item["fields"].items() if k in MIXED}
        for item in one["items"]
    }


def test_columns_are_made_again_with_every_value_converted(provisioner: Any) -> None:
    file = provisioner.file(one_list(MIXED))
    assert provisioner("apply", file, "--yes").code == 0
    link = {"Url": "https://contoso.example/a", "Description": "Said"}
    rows = [
        {"Title": "One", "Notes": "short", "Link": link, "Tags": ";#A;#C;#"},
        {"Title": "Two", "Notes": "also", "Tags": "B"},
        {"Title": "Bad", "Notes": "first\nsecond"},
    ]
    asyncio.run(write(file, [("POST", items_of("bound"), one) for one in rows]))
    names = [word for name in MIXED for word in ("--allow", f"list:bound/column:{name}")]

    file = provisioner.file(one_list(PLAINER))
    found = {
        b["address"]: b for b in provisioner("plan", file, "--format", "json").json()["blocked"]
    }
    wrong = found.pop("list:bound/column:Notes")
    assert wrong["code"] == "VALUES-DO-NOT-CONVERT"
    assert "1 of 3 values" in wrong["message"]
    assert "item " in wrong["message"]
    assert {one["code"] for one in found.values()} == {"TYPE-CHANGE-NEEDS-ALLOW"}

    (bad,) = [
        item["id"]
        for one in site(provisioner)["lists"]
        if one["title"] == "Bound"
        for item in one["items"]
        if item["fields"]["Title"] == "Bad"
    ]
    asyncio.run(write(file, [("MERGE", f"{items_of('bound')}({bad})", {"Notes": "mended"})]))
    said = " ".join(provisioner("plan", file, *names).out.split())
    assert "2 rows hold a value; all are kept" in said
    assert "lost: what earlier versions of the rows say in it" in said
    for at in ("Delete list:bound/column:", "Write item"):
        with pytest.MonkeyPatch.context() as patched:
            line = Line(patched, at)
            assert provisioner("apply", file, "--yes", *names).code == 1
        assert line.broken, at
        more = {"Title": at, "Notes": "added"} if at.startswith("Write") else {"Title": at}
        asyncio.run(write(file, [("POST", items_of("bound"), more)]))
    done = provisioner("apply", file, "--yes", *names)
    assert done.code == 0, done.out + done.err
    after = values(provisioner)
    assert after["One"] == {
        "Notes": "short",
        "Link": "https://contoso.example/a, Said",
        "Tags": ["A", "C"],
    }
    assert after["Two"] == {"Notes": "also", "Tags": ["B"]}
    assert after["Bad"]["Notes"] == "mended"
    assert after["Write item"]["Notes"] == "added"
    assert view_of(provisioner, "bound") == [*MIXED, "Title"]
    assert provisioner("plan", file).code == 0


def test_a_move_that_is_cut_off_goes_on_and_a_column_with_a_digit_is_an_error(
    provisioner: Any,
) -> None:
    alone, own, shared = ("bound",), {"Grade": OWN["Grade"]}, {"Grade": SHARED["Grade"]}
    file = provisioner.file(workspace(own, {}, "bound", lists=alone))
    assert provisioner("apply", file, "--yes").code == 0
    fields = [{k: v for k, v in row(n).items() if k in {"Title", *own}} for n in (1, 2)]
    asyncio.run(write(file, [("POST", items_of("bound"), one) for one in fields]))
    before, shown = held(provisioner, "bound"), view_of(provisioner, "bound")

    file = provisioner.file(workspace({}, shared, "bound", lists=alone))
    given = ["--allow", "list:bound/column:Grade"]
    provisioner.control.call("PUT", "settings", {"arrivingNamesGetDigit": True})
    failed = provisioner("apply", file, "--yes", *given)
    assert failed.code == 1
    assert "The site's column Grade is called Grade0 in list:bound" in failed.out + failed.err
    (double,) = provisioner("plan", file, *given, "--format", "json").json()["blocked"]
    assert double["code"] == "COLUMN-DOUBLED"

    provisioner.control.call("PUT", "settings", {"arrivingNamesGetDigit": False})
    fields_of = f"/_api/web/lists(guid'{ref('list:bound')}')/fields"
    gone = f"{fields_of}/getbyinternalnameortitle('Grade0')"
    asyncio.run(write(file, [("DELETE", gone, None)]))
    with pytest.MonkeyPatch.context() as patched:
        line = Line(patched, "Write item")
        assert provisioner("apply", file, "--yes", *given).code == 1
    assert line.broken
    (last,) = [
        item["id"]
        for one in site(provisioner)["lists"]
        if one["title"] == "Bound"
        for item in one["items"]
        if item["fields"]["Title"] == "Row 2"
    ]
    asyncio.run(write(file, [("MERGE", f"{items_of('bound')}({last})", {"Grade": "High"})]))
    done = provisioner("apply", file, "--yes", *given)
    assert done.code == 0, done.out + done.err
    assert held(provisioner, "bound") == before | {"Row 2": before["Row 2"] | {"Grade": "High"}}
    assert view_of(provisioner, "bound") == shown
    assert provisioner("plan", file).code == 0
