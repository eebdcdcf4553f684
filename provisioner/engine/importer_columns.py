"""Columns and content types as a workspace file declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.resource import Existing
from provisioner.engine.importer_said import Importing, Said, in_order, keep, said
from provisioner.kinds.base import Declared
from provisioner.kinds.column_spec import FORMS, ListColumn, SiteColumn
from provisioner.kinds.content_type_spec import BASES, ContentType, entry

_OF_EACH_TYPE: Mapping[str, Mapping[str, Any]] = {
    "text": {"maxLength": 255},
    "note": {"lines": 6},
    "choice": {"displayAs": "dropDownMenu"},
    "dateTime": {"format": "dateOnly", "displayAs": "standard"},
    "person": {"chooseFromType": "peopleOnly"},
    "lookup": {"show": "Title"},
    "calculated": {"result": "text", "format": "dateOnly"},
}
"""What a column has when the file does not say."""
_GROUPS = frozenset({"Custom Columns", "Custom Content Types"})
_SITE_PAGE = "0x0101009d1cb255da76424f860d91f20e6c4118"
"""Modern pages: a type whose id looks as if people had made it (learn.microsoft.com,
"Customizing the site pages library")."""


def column(one: Existing, model: type[SiteColumn | ListColumn]) -> Said:
    """The declaration of a column, as short as it can be."""
    name = split(one.address)[1]
    properties = {**one.properties, "name": name}
    kind = str(properties.get("type"))
    for word in ("primaryColumn", "fromGroup"):
        if properties.get(word):
            properties[word] = _named(str(properties[word]))
    if kind == "calculated" or properties.get("primaryColumn"):
        properties.pop("readOnly", None)
    if kind == "calculated" and properties.get("result") != "dateTime":
        properties.pop("format", None)
    if kind == "choice" and properties.get("multiple"):
        properties.pop("displayAs", None)
    usual: dict[str, Any] = {"displayName": name, "showInForms": list(FORMS)}
    usual |= _OF_EACH_TYPE.get(kind, {})
    plain = said(model, properties, usual)
    if plain.get("unique"):
        plain.pop("indexed", None)
    if plain.get("group") in _GROUPS:
        plain.pop("group")
    if "default" in plain:
        plain["default"] = _default(kind, str(plain["default"]))
    if "showInForms" not in plain and not properties.get("showInForms"):
        plain["showInForms"] = []
    return _first(plain, "name", "displayName", "type")


def _named(found: str) -> str:
    """The name in an address; what has none, such as an id of something unknown, as it is."""
    return split(found)[1] if ":" in found else found


def _default(kind: str, text: str) -> Any:
    if kind == "boolean":
        return text == "1"
    if kind == "dateTime" and text == "[today]":
        return "today"
    if kind in {"number", "currency"} and not text.startswith("="):
        return float(text) if "." in text or "e" in text.lower() else int(text)
    return text


def _first(plain: Said, *names: str) -> Said:
    return {name: plain[name] for name in (*names, *plain) if name in plain}


def site_columns(work: Importing) -> list[Said]:
    """The columns of the site that people made."""
    made = []
    for one in in_order([c for c in work.of("column") if not c.builtin], _name):
        plain = column(one, SiteColumn)
        if _reachable(work, plain, f"column {_name(one)}") and keep(
            work, one, f"column {_name(one)}", SiteColumn, "columns[]", plain
        ):
            made.append(plain)
    return _as_they_are_made(made)


def list_columns(
    work: Importing, above: str, parent: Declared, mount: str, brought: frozenset[str]
) -> list[Said]:
    """The columns of one list, without those its content types bring."""
    shared = {_name(one) for one in work.of("column") if not one.builtin}
    made = []
    for one in in_order(work.of("column", above), _name):
        name = _name(one)
        if name in brought:
            continue
        if one.builtin and name not in shared:
            if name == "Title":
                made += _title(work, one, parent, mount)
            continue
        plain = column(one, ListColumn)
        if _reachable(work, plain, one.address) and keep(
            work, one, one.address, ListColumn, mount, plain, parent
        ):
            made.append(plain)
    return _as_they_are_made(made)


def _as_they_are_made(columns: list[Said]) -> list[Said]:
    """A formula names columns that are there, so calculated ones come last, each after its own."""
    made = [one for one in columns if one.get("type") != "calculated"]
    waiting = [one for one in columns if one.get("type") == "calculated"]
    while waiting:
        named = {
            id(one): [o for o in waiting if o is not one and _names(one, o)] for one in waiting
        }
        ready = [one for one in waiting if not named[id(one)]] or waiting
        made += ready
        waiting = [one for one in waiting if all(one is not done for done in ready)]
    return made


def _names(one: Said, other: Said) -> bool:
    """Whether the formula of a column names another, by what people call it."""
    title = re.escape(str(other.get("displayName") or other["name"]))
    return re.search(rf"(?<!\w){title}(?!\w)", str(one["formula"])) is not None


def _title(work: Importing, one: Existing, parent: Declared, mount: str) -> list[Said]:
    """The column every list has, where people changed what it is in a new list."""
    site = work.existing.get(address("column", "Title"))
    usual = site.properties.get("displayName") if site is not None else "Title"
    plain: Said = {"name": "Title"}
    if one.properties.get("displayName") not in {usual, "Title"}:
        plain["displayName"] = one.properties["displayName"]
    for word in ("description", "default", "validation", "formatting"):
        if one.properties.get(word):
            plain[word] = one.properties[word]
    if one.properties.get("required") is not mount.startswith("lists"):
        plain["required"] = bool(one.properties.get("required"))
    plain |= {
        word: True
        for word in ("indexed", "unique", "hidden", "readOnly")
        if one.properties.get(word)
    }
    if plain.get("unique"):
        plain.pop("indexed", None)
    forms = list(one.properties.get("showInForms") or ())
    if forms != list(FORMS) and mount.startswith("lists"):  # libraries hide it in forms of old
        plain["showInForms"] = forms
    kept = len(plain) > 1 and keep(work, one, one.address, ListColumn, mount, plain, parent)
    return [plain] if kept else []


def _reachable(work: Importing, plain: Said, what: str) -> bool:
    """Whether a lookup points at a list that is in the file."""
    group = plain.get("fromGroup")
    if group is not None and address("group", str(group)) not in work.existing:
        work.drop(what, "it takes its people from a group that is not there any more")
        return False
    target = plain.get("list")
    if target is None or address("list", str(target)) in work.lists:
        return True
    work.drop(what, "it looks up a list that is not in the file")
    return False


def content_types(work: Importing, columns: frozenset[str]) -> list[Said]:
    """The content types people made, those that others start from first."""
    ours = {_name(one): one for one in work.of("contentType") if _made_here(one)}
    made: list[Said] = []
    done: set[str] = set()
    waiting = in_order(list(ours.values()), _name)
    while waiting:
        ready = [one for one in waiting if one.properties["base"] not in ours.keys() - done]
        for one in ready or waiting:
            plain = _content_type(work, one, ours, columns, done)
            if plain is not None:
                made.append(plain)
            done.add(_name(one))
        waiting = [one for one in waiting if _name(one) not in done]
    return made


def _made_here(one: Existing) -> bool:
    return not one.builtin and not one.ids["id"].lower().startswith(_SITE_PAGE)


def _content_type(
    work: Importing,
    one: Existing,
    ours: Mapping[str, Existing],
    columns: frozenset[str],
    done: set[str],
) -> Said | None:
    base = str(one.properties["base"])
    what = f"content type {_name(one)}"
    if base not in BASES and base not in done:
        work.drop(what, f"it starts from “{base}”, which a workspace file cannot name")
        return None
    above = _fields(ours[base]) if base in ours else ()
    plain = said(ContentType, one.properties)
    if plain.get("group") in _GROUPS:
        plain.pop("group")
    own = [name for name in _fields(one) if name in columns and name not in above]
    if own:
        plain["columns"] = [entry(name, _use(one, name)) for name in own]
    else:
        plain.pop("columns", None)
    return plain if keep(work, one, what, ContentType, "contentTypes[]", plain) else None


def _use(one: Existing, column: str) -> Said:
    """What a content type says of one of its columns."""
    words = ("required", "hidden")
    return {word: True for word in words if one.properties.get(f"columns.{column}.{word}")}


def _fields(one: Existing) -> tuple[str, ...]:
    """Internal names of a content type's columns, in the order of the form."""
    return tuple(one.properties.get("columnOrder", ()))


def brought_by(names: list[str], types: list[Said]) -> frozenset[str]:
    """The columns that content types bring into a list, their bases' too."""
    by_name = {str(one["name"]): one for one in types}
    found: set[str] = set()
    for name in names:
        here: str | None = name
        while here in by_name:
            uses = by_name[here].get("columns", ())
            found.update(one if isinstance(one, str) else str(one["name"]) for one in uses)
            here = str(by_name[here]["base"])
    return frozenset(found)


def _name(one: Existing) -> str:
    return split(one.address)[1]
