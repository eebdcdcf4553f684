"""What a tenant holds, so that two tenants can be compared: by names, without ids, dates and versions."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from provisioner.emulator.graph.drive_view import drive_item_id
from provisioner.emulator.state_dump import state_of
from provisioner.emulator.tenant import Tenant

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DRIVE_ITEM = re.compile(r"01[A-Z2-7]{32}")
_TYPE = re.compile(r"0x01[0-9a-f]+", re.IGNORECASE)
_IDS = {"id", "guid", "web_id", "drive_id", "author", "editor"}
_DATES = {"created", "modified", "ready_at", "settles_at", "locked_until"}
_VERSIONS = {"version", "content_version", "versions", "next_item", "_version", "_UIVersion"}
_LEFT_OUT = _IDS | _DATES | _VERSIONS
_OWN = ("ProvisionerLedger", "ProvisionerLock", "ProvisionerFacts")


def likeness(tenant: Tenant) -> dict[str, Any]:
    """Path of a thing or of one of its properties -> its value, of all sites and of our ledger.

    What is there twice has a count in its path. Ids are written as the names of what they stand
    for, wherever they occur. The order of a content type's columns and of entries of navigation
    counts. No file declares the order of a list's own columns or of its views, nor which of the
    list's content types shows the columns, so that is left out. Of our own libraries the documents
    are left out, as every run adds some; of the ledger all is in it but the runs.
    """
    with tenant.lock:
        state = state_of(tenant)
        ledger = _ledger(tenant)
    names = _names(state)
    _name_numbers(ledger, state)
    found: dict[str, Any] = {}
    for site in state["sites"]:
        _flatten(f"site {site['path']}", _site(site), names, found)
    for path, document in ledger.items():
        _flatten(f"ledger {path}", document, names, found)
    return found


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What is in one and not in the other, or otherwise there, in words."""
    return [
        f"{path}: {one.get(path, 'nothing')!r}, not {other.get(path, 'nothing')!r}"
        for path in sorted({*one, *other})
        if one.get(path, "nothing") != other.get(path, "nothing")
    ]


def _ledger(tenant: Tenant) -> dict[str, Any]:
    rows = tenant.rows(
        "SELECT list.url, blob.data FROM item JOIN list ON list.id = item.list_id "
        "JOIN blob ON blob.digest = item.blob WHERE item.name = 'ledger.json' AND item.deleted = 0"
    )
    found = {}
    for row in rows:
        document = json.loads(row["data"])
        objects = document["objects"]
        found[row["url"]] = {
            "pack": document["pack"],
            "baseline": document["baseline"],
            "objects": {
                address: {name: entry[name] for name in ("kind", "id", "made", "properties")}
                for address, entry in objects.items()
            },
        }
    return found


def _name_numbers(ledger: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Numbers in the ledger depend on the order of the work; a group's is written as its title."""
    titles = {
        f"{site['path']} {one['id']}": one["title"]
        for site in state["sites"]
        for one in site["principals"]
    }
    for url, document in ledger.items():
        for entry in document["objects"].values():
            if str(entry["id"]).isdigit():
                whose = f"{url.rpartition('/')[0]} {entry['id']}"
                entry["id"] = titles.get(whose) if entry["kind"] == "group" else "a number"


def _names(state: Mapping[str, Any]) -> dict[str, str]:
    """Id, in lower case -> what it is called."""
    names: dict[str, str] = {}
    for site in state["sites"]:
        where = site["path"]
        names |= {site["id"].lower(): f"<{where}>", site["web_id"].lower(): f"<{where} web>"}
        for holder in (site, *site["lists"]):
            within = str(holder.get("url", where))
            for column in holder["columns"]:
                names.setdefault(column["id"].lower(), f"<column {column['internal_name']}>")
            for kind in holder["contentTypes"]:
                names[kind["id"].lower()] = f"<type {kind['name']} in {within}>"
        for each in site["lists"]:
            names[each["id"].lower()] = f"<{each['url']}>"
            if each["drive_id"]:
                names[each["drive_id"].lower()] = f"<drive {each['url']}>"
            for view in each["views"]:
                names[view["id"].lower()] = f"<view {view['title']} of {each['url']}>"
            for item in each["items"]:
                called = item["name"] or item["fields"].get("Title")
                row = f"<row {called} of {each['url']}>"
                names |= dict.fromkeys(
                    (item["guid"].lower(), drive_item_id(each["id"], item["guid"]).lower()), row
                )
    return names


def _site(site: Mapping[str, Any]) -> dict[str, Any]:
    who = {one["id"]: one["login"] for one in site["principals"]}
    levels = {one["id"]: one["name"] for one in site["roleDefinitions"]}
    scopes = _scopes(site)
    links = {one["id"]: one["title"] for one in site["navigation"]}
    shared = {one["internal_name"] for one in site["columns"]}
    plain = {
        name: value for name, value in site.items() if not isinstance(value, list) and name != "doc"
    }
    return plain | {
        "doc": site["doc"],
        **{name: each for name, each in _structure(site).items() if name != "columns"},
        "list": _keyed((each["url"], _list(each, shared)) for each in site["lists"]),
        "principal": _keyed((each["login"], each) for each in site["principals"]),
        "member": sorted(
            f"{who.get(one['group_id'])} has {who.get(one['principal_id'])}"
            for one in site["groupMembers"]
        ),
        "level": _keyed((each["name"], each) for each in site["roleDefinitions"]),
        "may": sorted(
            f"{scopes.get(one['scope'], one['scope'])}: {who.get(one['principal_id'])} "
            f"{levels.get(one['role_id'])}"
            for one in site["permissions"]
        ),
        "page": _keyed((each["name"], each) for each in site["pages"]),
        "navigation": [
            [one["bar"], links.get(one["parent_id"], ""), one["title"], one["url"]]
            for one in sorted(site["navigation"], key=lambda one: (one["bar"], one["position"]))
        ],
    }


def _scopes(site: Mapping[str, Any]) -> dict[str, str]:
    return {f"list:{each['id']}": each["url"] for each in site["lists"]} | {
        f"item:{each['id']}:{item['id']}": f"{each['url']} {item['name'] or item['id']}"
        for each in site["lists"]
        for item in each["items"]
    }


def _structure(holder: Mapping[str, Any]) -> dict[str, Any]:
    columns = sorted(holder["columns"], key=lambda one: one["position"])
    kinds = {one["id"].lower(): one["name"] for one in holder["contentTypes"]}
    fields = {one["id"]: one["internal_name"] for one in holder["columns"]}
    links: dict[str, list[Any]] = {}
    for one in holder.get("contentTypeColumns", ()):
        name = kinds.get(one["content_type_id"].lower(), "?")
        column = fields.get(one["field_id"], one["field_id"])
        links.setdefault(name, []).append([column, one["required"], one["hidden"]])
    return {
        "column": _keyed((one["internal_name"], _bare(one)) for one in columns),
        "columns": [one["internal_name"] for one in columns],
        "type": _keyed((one["name"], _bare(one)) for one in holder["contentTypes"]),
        "typeColumns": links,
    }


def _bare(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "position"}


def _list(each: Mapping[str, Any], shared: Collection[str]) -> dict[str, Any]:
    plain = {name: value for name, value in each.items() if not isinstance(value, list)}
    own = str(each["url"]).endswith(_OWN)
    structure = _structure(each)
    return plain | {
        **structure,
        "columns": sorted(structure["columns"]),
        "typeColumns": {
            name: [one for one in of if one[0] in shared]
            for name, of in structure["typeColumns"].items()
        },
        "view": _keyed((one["title"], _undated(one)) for one in each["views"]),
        "row": {} if own else _keyed((_called(one), one) for one in each["items"]),
    }


def _undated(view: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in view["doc"].items() if name != "Modified"}
    return _bare(view) | {"doc": kept}


def _called(item: Mapping[str, Any]) -> str:
    inside = f"{item['parent_path']}/{item['name']}" if item["name"] else ""
    fields = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in item["fields"].items()
        if name not in _LEFT_OUT
    }
    return inside or json.dumps(fields, sort_keys=True)


def _keyed(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    seen: Counter[str] = Counter()
    keyed = {}
    for name, value in pairs:
        seen[name] += 1
        keyed[name if seen[name] == 1 else f"{name} ({seen[name]})"] = value
    return keyed


def _flatten(path: str, value: Any, names: Mapping[str, str], found: dict[str, Any]) -> None:
    for where, each in _leaves(path, value):
        found[_named(where, names)] = _named(each, names) if isinstance(each, str) else each


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            if name not in _LEFT_OUT or path.startswith("ledger"):
                yield from _leaves(f"{path} | {name}", each)
    elif isinstance(value, list) and value:
        for at, each in enumerate(value):
            yield from _leaves(f"{path} | {at}", each)
    else:
        yield path, value


def _named(text: str, names: Mapping[str, str]) -> str:
    text = _GUID.sub(lambda match: names.get(match[0].lower(), "<id>"), text)
    text = _DRIVE_ITEM.sub(lambda match: names.get(match[0].lower(), "<item>"), text)
    return _TYPE.sub(lambda match: names.get(match[0].lower(), "<type>"), text)
