"""Libraries and lists, with all that stands in them, as a workspace file declares them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.resource import Existing, Resource
from provisioner.engine.declare import mounts, type_word
from provisioner.engine.importer_access import list_permissions
from provisioner.engine.importer_columns import brought_by, list_columns
from provisioner.engine.importer_defaults import default_values, retention_label
from provisioner.engine.importer_folders import folders_of
from provisioner.engine.importer_said import (
    Importing,
    Said,
    declared,
    difference,
    in_order,
    keep,
    said,
    same,
    unique,
    validated,
)
from provisioner.engine.importer_views import views
from provisioner.kinds import all_kinds
from provisioner.kinds.base import Declared, Scope
from provisioner.kinds.column_spec import Column, ListColumn, SiteColumn
from provisioner.kinds.content_type_spec import LISTED, ListContentTypes
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.view_spec import BUILT_IN_TYPES
from provisioner.ledger.lock import LOCK_KEY, LOCK_URL
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import FACTS_KEY, FACTS_URL, LIBRARY_KEY, LIBRARY_URL

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
                          "ß": "ss", "ø": "oe", "Ø": "Oe", "æ": "ae", "Æ": "Ae"})  # fmt: skip
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OURS = frozenset(url.casefold() for url in (LIBRARY_URL, FACTS_URL, LOCK_URL))
_EVERY = {"crawled": True, "sync": True, "gridEditing": True, "experience": "auto"}
_USUAL: Mapping[type[Library | List], Mapping[str, Any]] = {
    Library: {**_EVERY, "folderCreation": True, "opening": "browser"},
    List: {**_EVERY, "attachments": True, "comments": True, "readItems": "all", "editItems": "all"},
}
"""Settings of a new library or list; a setting that is off and not here is left out."""
_BY_HAND = frozenset({"column", "view", "viewOwnership", "contentType", "contentTypeOrder",
                      "permissions", "item", "formatting", "folder",
                      "defaultValues", "retentionLabel"})  # fmt: skip
"""Kinds below a list that are written by the functions here, and not word for word."""


def list_resources(existing: Mapping[str, Existing], ledger: LedgerState) -> dict[str, Resource]:
    """Every list that people made as something to read in detail, under the key it gets.

    A list that our ledger knows keeps its key; any other gets one from its address, so
    `AccessControlEvidence` and `Access control evidence` are `access-control-evidence`.
    """
    recorded = {
        entry.id: split(known)[1] for known, entry in ledger.objects.items() if entry.kind == "list"
    }
    made: dict[str, Resource] = {}
    taken = {LIBRARY_KEY, FACTS_KEY, LOCK_KEY, *recorded.values()}
    found = [one for one in existing.values() if one.kind == "list" and not one.builtin]
    for one in sorted(found, key=lambda each: each.ids["url"].casefold()):
        url = one.ids["url"]
        segment = url.rpartition("/")[2]
        if segment.casefold() in _OURS:
            continue
        key = recorded.get(one.ids["id"]) or unique(taken, key_of(segment))
        taken.add(key)
        own = address("list", key)
        made[own] = Resource("list", own, {}, (("url", url),))
    return made


def key_of(segment: str) -> str:
    """A key in small letters, digits and `-` for a part of a web address."""
    plain = unicodedata.normalize("NFKD", segment.translate(_SPELLED))
    plain = _HUMP.sub("-", plain.encode("ascii", "ignore").decode())
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "list"


def heads(work: Importing, resources: Mapping[str, Resource]) -> None:
    """The declaration of each list itself, into `work.lists`."""
    for own in sorted(resources):
        one = work.existing.get(own)
        if one is None or not one.declared:
            continue
        model: type[Library | List] = (
            Library if one.properties["template"] == "documentLibrary" else List
        )
        mount = "libraries[]" if model is Library else "lists[]"
        head = _head(one, model, work.scope)
        kept = keep(work, one, f"“{one.properties['title']}”", model, mount, head)
        if kept is not None:
            work.lists[own] = kept


def _head(one: Existing, model: type[Library | List], scope: Scope) -> Said:
    """What the file says of the list itself."""
    key = split(one.address)[1]
    home = scope.site_path if model is Library else f"{scope.site_path}/Lists"
    word = str(one.properties["url"]).removeprefix(f"{home}/")
    usual = "".join(part[:1].upper() + part[1:] for part in key.split("-"))
    properties = {name: value for name, value in one.properties.items() if name != "url"}
    versioning = dict(properties.pop("versioning", None) or {})
    if not versioning.get("minor"):
        versioning.pop("minor", None)
    plain: Said = {"key": key, "title": one.properties["title"]}
    if word != usual:
        plain["url"] = word
    drafts = properties["approval"] or (
        versioning.get("minor") and properties.get("draftVisibility") != "approver"
    )
    if not drafts:
        properties.pop("draftVisibility", None)  # it says who sees drafts, and there are none
    plain |= said(model, properties, _USUAL[model])
    return {**plain, "versioning": versioning} if versioning else plain


def whole_list(
    work: Importing, own: str, site_columns: list[Said], types: list[Said]
) -> tuple[str, Said]:
    """Under which key of the file it goes, and its whole declaration."""
    head = work.lists[own]
    group = head.mount.removesuffix("[]")
    plain = _head(work.existing[own], type(head.spec), work.scope)  # type: ignore[arg-type]
    entries = _content_types(work, own, head, {str(one["name"]) for one in types})
    if entries:
        plain["contentTypes"] = entries
    names = [one if isinstance(one, str) else str(one["name"]) for one in entries]
    brought = brought_by(names, types)
    columns = list_columns(work, own, head, f"{head.mount}.columns[]", brought)
    if columns:
        plain["columns"] = columns
    shared = [one for one in site_columns if one["name"] in brought]
    words = {**_words(shared, SiteColumn), **_words(columns, ListColumn)}
    typed = {address("column", name, own): word for name, word in words.items()}
    work.scope = replace(work.scope, column_types={**work.scope.column_types, **typed})
    folders = folders_of(work, own, head)
    plain |= retention_label(work, own, head)
    said_of = [*shared, *columns]
    defaults, folders = default_values(work, own, head, words, said_of, folders)
    plain |= defaults
    if folders:
        plain["folders"] = folders
    own_names = {str(one["name"]) for one in columns}
    plain |= _formatting(work, own, head, ({*words, *BUILT_IN_TYPES}) - own_names)
    plain |= _others(work, own, head)
    granted = list_permissions(work, own, head)
    if granted is not None:
        plain["permissions"] = granted
    shown = views(work, own, head, f"{head.mount}.views[]", words)
    if shown:
        plain["views"] = shown
    return group, plain


def _words(plain: list[Said], model: type[Column]) -> dict[str, str]:
    specs = [validated(model, one)[0] for one in plain]
    return {spec.name: type_word(spec) for spec in specs if isinstance(spec, Column) and spec.type}


def _content_types(
    work: Importing, own: str, head: Declared, known: Collection[str]
) -> list[str | Said]:
    """Those the list uses: what its New menu shows, in order, then the others, then what is gone."""
    order = work.existing.get(address("contentTypeOrder", "", own))
    if order is None or not order.properties["enabled"]:
        return []
    found = [split(one.address)[1] for one in work.of("contentType", own) if not one.builtin]
    ours = sorted(name for name in found if name in known)
    menu = list(order.properties["newMenu"])
    strange = sorted({name for name in [*menu, *found] if name not in {*ours, *LISTED}})
    if strange:
        work.drop(f"content type {', '.join(strange)} of {own}", "it is not in the file")
    gone = [name for name in sorted(LISTED) if order.properties[f"removed.{name}"]]
    usual = "Document" if isinstance(head.spec, Library) else "Item"
    entries: list[str | Said] = [
        *(name for name in menu if name not in strange),
        *({"name": name, "inNewMenu": False} for name in ours if name not in menu),
        *({"name": name, "present": False} for name in gone if name == usual),
    ]
    if entries == [usual]:
        return []
    mount = f"{head.mount}.contentTypes"
    one, why = declared(ListContentTypes, mount, entries, head)
    why = why or (difference(one, order, work.scope) if one is not None else "")
    if why:
        work.drop(f"content types of {own}", why)
        return []
    return entries


def _formatting(work: Importing, own: str, head: Declared, columns: Collection[str]) -> Said:
    """How the columns are shown that the list did not make itself, where it is the list's doing."""
    mount = f"{head.mount}.formatting"
    made: Said = {}
    for one in in_order(work.of("formatting", own), lambda each: split(each.address)[1]):
        name, value = split(one.address)[1], one.properties["formatting"]
        shared = work.existing.get(address("column", name))
        given = shared.properties.get("formatting") if shared is not None else None
        if name not in columns or same(value, given):
            continue
        model, plain = mounts()[mount].model, {} if value is None else value
        if keep(work, one, one.address, model, mount, {name: plain}, head) is not None:
            made[name] = plain
    return {"formatting": made} if made else {}


def _others(work: Importing, own: str, head: Declared) -> Said:
    """Parts of a list whose properties are called what the file calls them: row rules and the like."""
    made: Said = {}
    places = mounts()
    for kind in all_kinds():
        if kind.name in _BY_HAND:
            continue
        for mount in kind.mounts:
            above, _, last = mount.rpartition(".")
            if above != head.mount:
                continue
            model = places[mount].model
            for one in work.of(kind.name, own):
                if one.builtin:
                    continue
                name = split(one.address)[1]
                plain = said(model, {"name": name, **one.properties})
                if keep(work, one, one.address, model, mount, plain, head) is None:
                    continue
                if last.endswith("[]"):
                    made.setdefault(last.removesuffix("[]"), []).append(plain)
                else:
                    made[last] = plain
    return made
