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
    "Seen": "type: dateTime, format: dateOnly",
    "Done": "type: boolean",
    "Link": "type: hyperlink",
}
OWN = SHARED | {"Grade": "type: text, indexed: true"}
LISTS = ("bound", "plain")
ROWS = 6


def workspace(own: Mapping[str, str], shared: Mapping[str, str], bound: tuple[str, ...]) -> str:
    """Two lists with columns of their own, and a content type that brings the site's to `bound`."""
    every = sorted({*own, *shared})
    text = f"{HEAD}columns:\n  - {{name: Other, type: text}}\n"
    text += "".join(f"  - {{name: {name}, {said}}}\n" for name, said in shared.items())
    text += f"contentTypes:\n  - {{name: Risk, base: Item, columns: [{', '.join(['Other', *shared])}]}}\n"
    text += "lists:\n"
    for key in LISTS:
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
        "Seen": f"2026-03-{number:02}T12:00:00Z",
        "Done": bool(number % 2),
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
    file = provisioner.file(workspace(OWN, {}, ("bound",)))
    assert provisioner("apply", file, "--yes").code == 0
    fill(file)
    before = {key: held(provisioner, key) for key in LISTS}
    shown = {key: view_of(provisioner, key) for key in LISTS}

    file = provisioner.file(workspace({}, SHARED, LISTS))
    blocked = provisioner("plan", file, "--format", "json").json()["blocked"]
    assert {one["code"] for one in blocked} == {"COLUMN-ALREADY-IN-LIST"}
    assert len(blocked) == len(LISTS) * len(SHARED)
    assert all(f"--allow {one['address']}" in one["hint"] for one in blocked)
    assert provisioner("apply", file, "--yes").code == 3
    assert {key: held(provisioner, key) for key in LISTS} == before

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
    assert provisioner("drift", file).code == 0
    taken = provisioner.folder / "taken.yaml"
    answer = provisioner("import", "https://contoso.sharepoint.com/sites/safe", "--cloud", "emulator", "--out", taken)
    assert answer.code == 0, answer.err
    lists = taken.read_text("utf-8").split("\nlists:")[1]
    assert "Grade" not in lists.replace("[Title, Done, Grade", "")
