"""The pack `soc2-fintech-api`, read as plain YAML: it is whole, and SharePoint can hold it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.kinds.formatters import _WORDS

PACK = Path(__file__).resolve().parents[2] / "workspace_templates" / "soc2-fintech-api"


def words(text: str) -> set[str]:
    return set(text.split())


COLUMN_KEYS = words(
    "formatting name displayName description type required indexed unique hidden group default multiple "
    "choices maxLength lines richText format decimals percentage min max list show formula result "
    "validation"
)
COLUMN_TYPES = words("text note choice number dateTime boolean person lookup calculated")
PLACE_KEYS = words(
    "formatting key title url description contentTypes columns versioning approval attachments quickLaunch "
    "hidden permissions views items"
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
EIGHT_SYSTEMS = [
    "Cloud administration",
    "Database administration",
    "API gateway",
    "CI/CD",
    "Source code",
    "Secrets manager",
    "Production logs",
    "Customer support dashboard",
]

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


def parts() -> list[Path]:
    """The part files in name order; `pack.yaml` is not one of them."""
    return sorted(path for path in PACK.glob("*.yaml") if path.name != "pack.yaml")


def merged() -> dict[str, Any]:
    """All parts as one mapping: sequences are joined, mappings updated."""
    whole: dict[str, Any] = {}
    for path in parts():
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(value, list):
                whole.setdefault(key, []).extend(value)
            else:
                whole.setdefault(key, {}).update(value)
    return whole


HEADER: dict[str, Any] = yaml.safe_load((PACK / "pack.yaml").read_text(encoding="utf-8"))
WHOLE = merged()
SITE_COLUMNS = {column["name"]: column for column in WHOLE["columns"]}
EVIDENCE_DOCUMENT = WHOLE["contentTypes"][0]
PLACES = WHOLE["libraries"] + WHOLE["lists"]
LISTS = {entry["key"]: entry for entry in WHOLE["lists"]}
LIBRARIES = {entry["key"]: entry for entry in WHOLE["libraries"]}
EVIDENCE = {item["id"]: item for item in WHOLE["evidence"]}


def columns_of(place: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The columns a list or library ends up with, those of its content types included."""
    found = {column["name"]: column for column in place.get("columns", [])}
    for name in place.get("contentTypes", []):
        assert name == EVIDENCE_DOCUMENT["name"]
        found.update({column: SITE_COLUMNS[column] for column in EVIDENCE_DOCUMENT["columns"]})
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


each_place = pytest.mark.parametrize("place", PLACES, ids=named(PLACES, "key"))


def test_pack_says_what_it_is() -> None:
    assert (HEADER["kind"], HEADER["name"], HEADER["version"]) == (
        "Pack",
        "soc2-fintech-api",
        "1.0.0",
    )
    assert HEADER["apiVersion"] == "provisioner/v1"
    assert set(HEADER["parameters"]) == {"client", "auditStart", "auditEnd", "auditType"}
    assert "\n" not in HEADER["summary"]


def test_every_parameter_used_is_declared_and_the_other_way_round() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in parts())
    assert set(re.findall(r"\{\{\s*(\w+)\s*\}\}", text)) == set(HEADER["parameters"])


def test_parts_do_not_define_the_same_thing_twice() -> None:
    for section, key in {
        "columns": "name",
        "groups": "name",
        "evidence": "id",
        "periods": "name",
    }.items():
        assert [n for n, c in Counter(named(WHOLE[section], key)).items() if c > 1] == []
    for key in ("key", "title", "url"):
        assert [n for n, c in Counter(named(PLACES, key)).items() if c > 1] == []


def test_the_catalogue_is_e001_to_e100() -> None:
    assert sorted(EVIDENCE) == [f"E{n:03}" for n in range(1, 101)]
    assert len({item["title"] for item in EVIDENCE.values()}) == 100


@pytest.mark.parametrize("item", EVIDENCE.values(), ids=EVIDENCE)
def test_item_uses_known_words(item: dict[str, Any]) -> None:
    assert set(item) - {"appliesTo", "enabled"} == EVIDENCE_KEYS - {"appliesTo", "enabled"}
    assert set(item["criteria"]) <= CRITERIA
    assert len(set(item["criteria"])) == len(item["criteria"]) > 0
    assert item["library"] in LIBRARIES
    assert item["cadence"] in CADENCES
    assert item["kind"] in KINDS
    assert item["controlArea"] in SITE_COLUMNS["ControlArea"]["choices"]
    assert item["sensitivity"] in SITE_COLUMNS["Sensitivity"]["choices"]
    assert max(len(item["title"]), len(item["sourceSystem"]), len(item["ownerRole"])) <= 120


@pytest.mark.parametrize(
    ("item", "cadence", "kind"),
    [
        ("E010", "monthly", "snapshot"),
        ("E013", "monthly", "sample"),
        ("E017", "monthly", "sample"),
        ("E026", "per-event", "sample"),
        ("E045", "quarterly", "snapshot"),
        ("E049", "monthly", "log"),
        ("E050", "semi-annual", "exercise"),
        ("E059", "annual", "review"),
        ("E060", "annual", "third-party"),
        ("E083", "weekly", "register"),
        ("E091", "monthly", "register"),
        ("E096", "per-event", "sample"),
    ],
)
def test_item_with_two_rhythms_has_the_one_that_is_judged(
    item: str, cadence: str, kind: str
) -> None:
    assert (EVIDENCE[item]["cadence"], EVIDENCE[item]["kind"]) == (cadence, kind)


def test_kinds_and_libraries_hold_as_many_items_as_the_source_table() -> None:
    assert Counter(item["kind"] for item in EVIDENCE.values()) == {
        "standing": 18,
        "snapshot": 22,
        "review": 11,
        "log": 16,
        "sample": 16,
        "register": 10,
        "exercise": 6,
        "third-party": 1,
    }
    assert Counter(item["library"] for item in EVIDENCE.values()) == {
        "access-control-evidence": 7,
        "api-security-evidence": 21,
        "availability-evidence": 17,
        "processing-integrity-evidence": 28,
        "vendor-evidence": 7,
        "change-evidence": 8,
        "governance-evidence": 12,
    }


def test_only_the_evidence_index_is_not_judged() -> None:
    assert [key for key, item in EVIDENCE.items() if not item.get("enabled", True)] == ["E094"]


def test_access_reviews_are_judged_for_the_eight_systems_of_the_register() -> None:
    assert EVIDENCE["E011"]["appliesTo"] == EVIDENCE["E012"]["appliesTo"] == EIGHT_SYSTEMS
    seeded = LISTS["systems-and-dependencies"]["items"]["seed"]
    assert named(seeded, "Title") == EIGHT_SYSTEMS


def test_criteria_and_control_areas_are_the_same_everywhere() -> None:
    assert set(SITE_COLUMNS["TrustServicesCriteria"]["choices"]) == CRITERIA
    for place in PLACES:
        for name in ("TrustServicesCriteria", "ControlArea", "Sensitivity"):
            if column := columns_of(place).get(name):
                assert column["choices"] == SITE_COLUMNS[name]["choices"], place["key"]


def test_evidence_document_carries_every_site_column_and_requires_none() -> None:
    assert EVIDENCE_DOCUMENT["base"] == "Document"
    assert sorted(EVIDENCE_DOCUMENT["columns"]) == sorted(SITE_COLUMNS)
    assert not any(column.get("required") for column in SITE_COLUMNS.values())
    assert {n for n, c in SITE_COLUMNS.items() if c.get("hidden")} == {"ApprovedStamp", "Clock"}


def test_list_columns_are_not_required_either() -> None:
    required = [
        f"{place['key']}/{column['name']}"
        for place in PLACES
        for column in place.get("columns", [])
        if column.get("required")
    ]
    assert required == []


@each_place
def test_sharepoint_accepts_the_columns(place: dict[str, Any]) -> None:
    columns = columns_of(place)
    assert len(columns) == len(place.get("columns", [])) + len(
        EVIDENCE_DOCUMENT["columns"] if place.get("contentTypes") else []
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
            assert len(set(column["choices"])) == len(column["choices"]) > 1
            assert column.get("default", column["choices"][0]) in column["choices"]
        if column["type"] == "lookup":
            target = LISTS[column["list"]]
            assert column["show"] == "Title" or column["show"] in columns_of(target)
        if column["type"] == "calculated":
            for field in re.findall(r"\[([^\]]+)\]", column["formula"]):
                assert field in labels, f"{name} calculates from {field}"
        assert column.get("maxLength", 1) <= 255
    assert indexed <= 20


@each_place
def test_views_show_sort_and_filter_by_columns_that_are_there(place: dict[str, Any]) -> None:
    columns = columns_of(place)
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
def test_views_join_at_most_twelve_lists(place: dict[str, Any]) -> None:
    """Person and lookup columns count, and so do the icon, the linked name and the editor."""
    columns = columns_of(place)
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
def test_status_words_and_dates_are_formatted(place: dict[str, Any]) -> None:
    known = {word for _, _, told in _WORDS for word in told}
    shown = {name: column.get("formatting") for name, column in columns_of(place).items()}
    shown |= place.get("formatting", {})
    for name, column in columns_of(place).items():
        if name in {"Freshness", "ReviewStatus", "Coverage", "Severity"}:
            assert shown[name] == "status-pill", name
            coloured = known.intersection(column["choices"])
            assert len(coloured) * 2 > len(column["choices"]), f"{name} is mostly grey"
        if name in {"FreshUntil", "NextDue"}:
            assert shown[name] == "due-date", name
        if name in {"Owner", "EvidenceOwner"} and column["type"] == "person":
            assert shown[name] == "person-chip", name


@each_place
def test_place_keeps_history_and_inherits_no_permission(place: dict[str, Any]) -> None:
    assert set(place) <= PLACE_KEYS
    assert re.fullmatch(r"[A-Za-z]+", place["url"])
    assert place["versioning"]["major"] >= 100
    assert place["permissions"]["inherit"] is False
    groups = {f"group:{name}" for name in named(WHOLE["groups"], "name")}
    grants = {grant["to"]: grant["role"] for grant in place["permissions"]["grants"]}
    assert set(grants) <= groups
    assert len(grants) == len(place["permissions"]["grants"])
    assert grants.get("group:Auditors", "Read") == "Read"
    assert grants.get("group:Leadership", "Read") == "Read"


def test_auditors_may_read_every_evidence_library_and_write_nowhere() -> None:
    for library in LIBRARIES.values():
        assert {"to": "group:Auditors", "role": "Read"} in library["permissions"]["grants"]
    assert {group["role"] for group in WHOLE["groups"]} == {"Read"}


def test_evidence_libraries_offer_the_six_views() -> None:
    for library in LIBRARIES.values():
        assert named(library["views"], "name") == [
            "Needs attention",
            "Needs review",
            "My evidence",
            "By control area",
            "By criterion",
            "Awaiting auditor",
        ]


@pytest.mark.parametrize("key", [key for key, entry in LISTS.items() if "items" in entry])
def test_seed_rows_fit_their_list(key: str) -> None:
    columns, items = columns_of(LISTS[key]), LISTS[key]["items"]
    assert columns[items["key"]]["unique"]
    ids = named(items["seed"], items["key"])
    assert len(set(ids)) == len(ids) > 0
    for row in items["seed"]:
        assert row["Title"]
        assert set(row) <= set(columns) | {"Title"}
        for name, value in row.items():
            if choices := columns.get(name, {}).get("choices"):
                assert set(value if isinstance(value, list) else [value]) <= set(choices)


def test_starter_risks_are_unrated_and_include_fraud() -> None:
    seed = LISTS["risk-register"]["items"]["seed"]
    assert {row["Status"] for row in seed} == {"Identified"}
    assert any("CC3.3" in row["TrustServicesCriteria"] for row in seed)
    assert not {name for row in seed for name in row if name.startswith(("Inherent", "Residual"))}


def test_navigation_leads_to_every_library_and_list_once() -> None:
    links = [
        node["link"] for top in WHOLE["navigation"] for node in [top, *top.get("children", [])]
    ]
    expected = [f"library:{key}" for key in LIBRARIES] + [f"list:{key}" for key in LISTS]
    assert sorted(links) == sorted(expected)


def test_the_window_comes_from_the_parameters() -> None:
    (period,) = WHOLE["periods"]
    assert (period["start"], period["end"]) == ("{{ auditStart }}", "{{ auditEnd }}")
    assert period["criteria"] == ["Security", "Availability", "Processing Integrity"]
    assert set(period["criteria"]) <= set(
        next(
            column["choices"]
            for column in LISTS["audit-periods"]["columns"]
            if column["name"] == "ScopeCategories"
        )
    )
    assert WHOLE["freshness"] == {"leadDays": 14, "graceDays": 14, "reviewSlaDays": 5}
