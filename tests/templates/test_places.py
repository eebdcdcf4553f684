"""Every pack a user may start from, merged: it is whole, and SharePoint can hold it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from merged_pack import merged_pack

from provisioner.kinds.format_drawings import _WORDS
from provisioner.sync.rules import TABLE


def words(text: str) -> set[str]:
    return set(text.split())


COLUMN_KEYS = words(
    "formatting name displayName description type required indexed unique hidden group default multiple "
    "choices maxLength lines richText format decimals percentage min max list show formula result "
    "validation displayAs"
)
COLUMN_TYPES = words("text note choice number dateTime boolean person lookup calculated")
PLACE_KEYS = words(
    "formatting key title url description contentTypes columns versioning approval attachments quickLaunch "
    "hidden permissions views items checks"
)
VIEW_KEYS = {"name", "default", "columns", "where", "orderBy", "groupBy", "rowLimit"}
OPERATORS = {"eq", "ne", "lt", "le", "gt", "ge", "in", "notIn", "contains", "beginsWith", "empty"}
EVIDENCE_KEYS = words(
    "id title library controlArea criteria ownerRole cadence kind sourceSystem sensitivity "
    "freshWhen appliesTo enabled"
)
CADENCES = {"weekly", "monthly", "quarterly", "semi-annual", "annual", "per-event", "once"}
KINDS = words("standing snapshot review log sample register exercise third-party")

# 33 common criteria, availability, processing integrity, confidentiality, privacy: 61 in all.
SERIES = (
    "CC1:5 CC2:3 CC3:4 CC4:2 CC5:3 CC6:8 CC7:5 CC8:1 CC9:2 A1:3 PI1:5 C1:2 "
    "P1:1 P2:1 P3:2 P4:3 P5:2 P6:7 P7:1 P8:1"
)
CRITERIA = {
    f"{series}.{n}"
    for series, count in (entry.split(":") for entry in SERIES.split())
    for n in range(1, int(count) + 1)
}
# Columns every list or library has, as a view names them.
BUILT_IN = {"Title", "LinkTitle", "DocIcon", "LinkFilename", "Modified", "Editor", "ID"}
RESERVED = words(
    "Author Created CreatedBy Description Editor Modified ModifiedBy ID Id Title Name Order "
    "Version Attachments ContentType ContentTypeId FileRef FileLeafRef FileDirRef GUID Path Type "
    "Folder Checkmark Level Edit Url Permissions Workspace True False"
)
# What the built-in columns are called: two columns of one name confuse people and formulas.
BUILT_IN_TITLES = {
    "Title", "Name", "Type", "Version", "ID", "Edit", "Path", "Created", "Created By", "Modified",
    "Modified By", "Content Type", "Attachments", "File Size", "Approval Status", "Item Type",
}  # fmt: skip


DAY = r"\{\{ audit(Start|End)( [+-] \d{1,4}d)? \}\}"
PACKS = {
    "soc2-fintech-api": merged_pack("soc2-fintech-api"),
    "soc2-fintech-api and security-base": merged_pack("soc2-fintech-api", "security-base"),
    "soc2-saas": merged_pack("soc2-saas"),
    "iso27001-2022": merged_pack("iso27001-2022"),
}
"""What a user may start from, as it is once merged."""
WHOLE = PACKS["soc2-fintech-api"]
PLACES = WHOLE["libraries"] + WHOLE["lists"]
EVERY_PLACE = {
    f"{name}: {place['key']}": (whole, place)
    for name, whole in PACKS.items()
    for place in whole["libraries"] + whole["lists"]
    if name == "soc2-fintech-api" or place not in PLACES
}
each_place = pytest.mark.parametrize(("whole", "place"), EVERY_PLACE.values(), ids=EVERY_PLACE)
each_pack = pytest.mark.parametrize("whole", PACKS.values(), ids=PACKS)


def site_columns(whole: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in whole["columns"]}


def columns_of(whole: dict[str, Any], place: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The columns a list or library ends up with, those of its content types included."""
    found = {column["name"]: column for column in place.get("columns", [])}
    for name in place.get("contentTypes", []):
        (document,) = whole["contentTypes"]
        assert name == document["name"]
        found.update({column: site_columns(whole)[column] for column in document["columns"]})
    return found


def conditions(where: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every `field: {operator: value}` in a `where`, however deep."""
    for key, value in where.items():
        if key in ("any", "all"):
            for branch in value:
                yield from conditions(branch)
        else:
            yield key, value


def named(entries: list[dict[str, Any]], key: str) -> list[str]:
    return [entry[key] for entry in entries]


@each_pack
def test_no_two_things_have_one_name(whole: dict[str, Any]) -> None:
    for section, key in {
        "columns": "name",
        "groups": "name",
        "evidence": "id",
        "periods": "name",
    }.items():
        assert [n for n, c in Counter(named(whole[section], key)).items() if c > 1] == []
    for key in ("key", "title", "url"):
        names = named(whole["libraries"] + whole["lists"], key)
        assert [n for n, c in Counter(names).items() if c > 1] == []


@each_pack
def test_items_use_known_words(whole: dict[str, Any]) -> None:
    site = site_columns(whole)
    for item in whole["evidence"]:
        assert set(item) - {"appliesTo", "enabled"} == EVIDENCE_KEYS - {"appliesTo", "enabled"}
        assert set(item["criteria"]) <= set(site["TrustServicesCriteria"]["choices"]), item["id"]
        assert len(set(item["criteria"])) == len(item["criteria"]) > 0
        assert item["library"] in named(whole["libraries"], "key")
        assert item["cadence"] in CADENCES
        assert item["kind"] in KINDS
        assert item["controlArea"] in site["ControlArea"]["choices"], item["id"]
        assert item["sensitivity"] in site["Sensitivity"]["choices"]
        assert max(len(item["title"]), len(item["sourceSystem"]), len(item["ownerRole"])) <= 120
    titles = named(whole["evidence"], "title")
    assert [one for one, count in Counter(titles).items() if count > 1] == []


@each_place
def test_checks_ask_about_columns_that_are_there(
    whole: dict[str, Any], place: dict[str, Any]
) -> None:
    columns = columns_of(whole, place)
    for check in place.get("checks", []):
        for field, test in conditions(check["where"]):
            assert field in columns, check["code"]
            ((operator, value),) = test.items()
            choices = columns[field].get("choices")
            if choices and operator != "empty":
                assert set(value if isinstance(value, list) else [value]) <= set(choices), check[
                    "code"
                ]
        assert set(re.findall(r"{{ (\w+) }}", check["message"])) <= {"Title", *columns}
        assert check.get("assign", "Owner") in columns


@each_pack
def test_check_codes_are_there_once(whole: dict[str, Any]) -> None:
    codes = [check["code"] for one in whole["lists"] for check in one.get("checks", [])]
    assert len(set(codes)) == len(codes)


@each_pack
def test_rows_and_steps_name_items_that_exist(whole: dict[str, Any]) -> None:
    """Ids in the plan, the checklist and the buyers' questions; `E001 to E009` is a range of them."""
    known = set(named(whole["evidence"], "id"))
    for place in whole["lists"]:
        for row in place.get("items", {}).get("seed", []):
            said = f"{row.get('EvidenceItems', '')} {row.get('Answer', '')}"
            assert set(re.findall(r"E\d{3}", said)) <= known, row["Title"]


@each_pack
def test_the_page_leads_to_what_people_come_for(whole: dict[str, Any]) -> None:
    page, team = whole["pages"]
    assert page["home"]
    assert not team.get("home")
    links = [
        link["link"]
        for section in page["sections"]
        for column in section["columns"]
        for link in column.get("quickLinks", [])
    ]
    known = {f"list:{key}" for key in named(whole["lists"], "key")} | {f"page:{team['name']}"}
    assert len(links) == 6
    assert set(links) <= known
    assert f"page:{team['name']}" in links
    assert f"page:{team['name']}" in {one.get("link") for one in whole["navigation"]}


@each_pack
def test_the_page_for_the_team_knows_every_reason_and_every_word(whole: dict[str, Any]) -> None:
    said = json.dumps(whole["pages"][1])
    assert [rule.code for rule in TABLE if f"**{rule.code}**" not in said] == []
    tones = {word: tone for tone, _, words in _WORDS for word in words}
    colours = {"good": "Green", "warning": "Yellow", "severeWarning": "Orange", "blocked": "Red"}
    for word in site_columns(whole)["Freshness"]["choices"]:
        assert f"- {colours.get(tones.get(word, ''), 'Grey')}, **{word}**" in said


@each_pack
def test_criteria_and_control_areas_are_the_same_everywhere(whole: dict[str, Any]) -> None:
    site = site_columns(whole)
    own = {one for framework in whole.get("frameworks", []) for one in framework["criteria"]}
    assert set(site["TrustServicesCriteria"]["choices"]) == (own or CRITERIA)
    for place in whole["libraries"] + whole["lists"]:
        for name in ("TrustServicesCriteria", "ControlArea", "Sensitivity"):
            if column := columns_of(whole, place).get(name):
                assert column["choices"] == site[name]["choices"], place["key"]


@each_pack
def test_evidence_document_carries_every_site_column_and_requires_none(
    whole: dict[str, Any],
) -> None:
    (document,), site = whole["contentTypes"], site_columns(whole)
    assert document["base"] == "Document"
    assert sorted(document["columns"]) == sorted(site)
    assert not any(column.get("required") for column in site.values())
    assert {n for n, c in site.items() if c.get("hidden")} == {"ApprovedStamp", "Clock"}


@each_pack
def test_list_columns_are_not_required_either(whole: dict[str, Any]) -> None:
    required = [
        f"{place['key']}/{column['name']}"
        for place in whole["libraries"] + whole["lists"]
        for column in place.get("columns", [])
        if column.get("required")
    ]
    assert required == []


@each_place
def test_sharepoint_accepts_the_columns(whole: dict[str, Any], place: dict[str, Any]) -> None:
    columns = columns_of(whole, place)
    assert len(columns) == len(place.get("columns", [])) + len(
        whole["contentTypes"][0]["columns"] if place.get("contentTypes") else []
    )
    labels = [column["displayName"] for column in columns.values()]
    assert len(set(labels)) == len(labels)
    assert not set(labels) & BUILT_IN_TITLES
    indexed = 0
    for name, column in columns.items():
        assert set(column) <= COLUMN_KEYS, name
        assert column["type"] in COLUMN_TYPES, name
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,31}", name), "letters and digits, at most 32"
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d+[Cc]\d+", name), "like a cell reference"
        assert name not in RESERVED | BUILT_IN, name
        if column["type"] in ("person", "lookup"):
            # Their values travel as NameId and NameLookupId, which must not be other columns.
            assert not {f"{name}Id", f"{name}LookupId"} & set(columns), name
        if column.get("indexed") or column.get("unique"):
            assert column["type"] not in ("note", "calculated"), name
            assert not column.get("multiple"), name
            indexed += 1
        if column.get("unique"):
            assert column.get("indexed"), f"{name}: unique values need an index"
        if column["type"] == "choice":
            assert len(set(column["choices"])) == len(column["choices"]) > 0
            assert column.get("default", column["choices"][0]) in column["choices"]
        if column["type"] == "lookup":
            target = next(one for one in whole["lists"] if one["key"] == column["list"])
            assert column["show"] == "Title" or column["show"] in columns_of(whole, target)
        if column["type"] == "calculated":
            for field in re.findall(r"\[([^\]]+)\]", column["formula"]):
                assert field in labels, f"{name} calculates from {field}"
        assert column.get("maxLength", 1) <= 255
    assert indexed <= 20


@each_place
def test_views_show_sort_and_filter_by_columns_that_are_there(
    whole: dict[str, Any], place: dict[str, Any]
) -> None:
    columns = columns_of(whole, place)
    known = set(columns) | BUILT_IN
    views = place["views"]
    assert len({view["name"].casefold() for view in views}) == len(views)
    assert sum(view.get("default", False) for view in views) == 1
    for view in views:
        assert set(view) <= VIEW_KEYS
        assert set(view["columns"]) <= known, view["name"]
        assert len(set(view["columns"])) == len(view["columns"])
        assert not any(columns.get(name, {}).get("hidden") for name in view["columns"])
        for field, test in conditions(view.get("where", {})):
            assert field in known, f"{view['name']} filters by {field}"
            ((operator, value),) = test.items()
            assert operator in OPERATORS
            values = value if isinstance(value, list) else [value]
            choices = columns.get(field, {}).get("choices")
            if choices and operator != "empty":
                assert set(values) <= set(choices), f"{view['name']}: {field}"
        ordered = [next(iter(o)) if isinstance(o, dict) else o for o in view.get("orderBy", [])]
        for field in ordered + view.get("groupBy", []):
            assert field in known, f"{view['name']} sorts or groups by {field}"
            column = columns.get(field, {})
            assert not column.get("multiple"), f"{view['name']}: several values in {field}"
            assert column.get("type") != "note", f"{view['name']}: {field} is long text"
        assert len(view.get("groupBy", [])) <= 2


@each_place
def test_views_join_at_most_twelve_lists(whole: dict[str, Any], place: dict[str, Any]) -> None:
    """Person and lookup columns count, and so do the icon, the linked name and the editor."""
    columns = columns_of(whole, place)
    for view in place["views"]:
        joined = set(view["columns"]) | {f for f, _ in conditions(view.get("where", {}))}
        joined |= set(view.get("groupBy", []))
        lookups = [
            name
            for name in joined
            if columns.get(name, {}).get("type") in ("person", "lookup")
            or name in ("DocIcon", "LinkFilename", "Editor")
        ]
        assert len(lookups) <= 12, view["name"]


@each_place
def test_status_words_and_dates_are_formatted(whole: dict[str, Any], place: dict[str, Any]) -> None:
    known = {word for _, _, told in _WORDS for word in told}
    shown = {name: column.get("formatting") for name, column in columns_of(whole, place).items()}
    shown |= place.get("formatting", {})
    for name, column in columns_of(whole, place).items():
        if name in {"Freshness", "ReviewStatus", "Coverage", "Severity"}:
            assert shown[name] == "status-pill", name
            coloured = known.intersection(column["choices"])
            assert len(coloured) * 2 > len(column["choices"]), f"{name} is mostly grey"
        if name in {"FreshUntil", "NextDue"}:
            assert shown[name] == "due-date", name
        if name in {"Owner", "EvidenceOwner"} and column["type"] == "person":
            assert shown[name] == "person-chip", name


@each_place
def test_place_keeps_history_and_inherits_no_permission(
    whole: dict[str, Any], place: dict[str, Any]
) -> None:
    assert set(place) <= PLACE_KEYS
    assert re.fullmatch(r"[A-Za-z]+", place["url"])
    assert place["versioning"]["major"] >= 100
    assert place["permissions"]["inherit"] is False
    groups = {f"group:{name}" for name in named(whole["groups"], "name")}
    grants = {grant["to"]: grant["role"] for grant in place["permissions"]["grants"]}
    assert set(grants) <= groups
    assert len(grants) == len(place["permissions"]["grants"])
    assert grants.get("group:Auditors", "Read") == "Read"
    assert grants.get("group:Leadership", "Read") == "Read"


@each_place
def test_seed_rows_fit_their_list(whole: dict[str, Any], place: dict[str, Any]) -> None:
    columns, items = columns_of(whole, place), place.get("items")
    if items is None:
        return
    assert columns[items["key"]]["unique"]
    ids = named(items["seed"], items["key"])
    assert len(set(ids)) == len(ids) > 0
    for row in items["seed"]:
        assert row["Title"]
        assert set(row) <= set(columns) | {"Title"}
        for name, value in row.items():
            column = columns.get(name, {})
            if choices := column.get("choices"):
                assert set(value if isinstance(value, list) else [value]) <= set(choices)
            if column.get("type") == "text":
                assert len(str(value)) <= column["maxLength"], row["Title"]
            if column.get("type") == "dateTime":
                assert re.fullmatch(DAY, value), row["Title"]


@each_pack
def test_navigation_leads_to_every_library_and_list_once(whole: dict[str, Any]) -> None:
    links = [
        node["link"] for top in whole["navigation"] for node in [top, *top.get("children", [])]
    ]
    expected = [f"library:{one['key']}" for one in whole["libraries"]] + [
        f"list:{one['key']}" for one in whole["lists"]
    ]
    expected += [f"page:{one['name']}" for one in whole["pages"] if not one.get("home")]
    assert sorted(links) == sorted(expected)
