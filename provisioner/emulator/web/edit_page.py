"""The form in which a person changes the columns of an item, and what becomes of it.

It is read as SharePoint's own form is: only what differs is sent, each column is judged by itself,
and a new version carries the person's name. Where somebody saved since the form was opened, nothing
is saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from starlette.responses import RedirectResponse, Response

from provisioner.emulator.model import dates, form_values, item_rules, items, principals, roles
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.cells import form
from provisioner.emulator.web.edit_values import editable, shown, spoken
from provisioner.emulator.web.frame import page, quick_launch, refused, told
from provisioner.emulator.web.item_page import crumbs
from provisioner.emulator.web.markup import Markup, Part, link, tag
from provisioner.emulator.web.posted import Posted
from provisioner.emulator.web.records import record
from provisioner.emulator.web.visitor import Visitor, accounts, login
from provisioner.emulator.wire import Refusal

_INPUTS = {"DateTime": "datetime-local"}
_SAVED_MEANWHILE = (
    "Save conflict. Your changes conflict with those made concurrently by another user. "
    "Look at what is there now, and make your change again."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a form was not saved: `words` for the whole, `columns` by internal name."""

    words: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    given: Posted = Posted()  # noqa: RUF009 - frozen


def edit_page(
    tenant: Tenant, visitor: Visitor, opened: OpenList, row: Row, refused_: Refused | None = None
) -> Response:
    """The form of one item, with what was wrong in it where it has been sent before."""
    if not _may_edit(tenant, visitor, opened, row):
        return refused(visitor, site=opened.site, launch=_launch(tenant, opened))
    problem = refused_ or Refused()
    values = record(opened, row).values
    texts = Texts(tenant, opened)
    rows: list[Part] = []
    for each in editable(opened):
        name = each.internal_name
        held = shown(tenant, opened, each, values.get(name))
        if name in problem.columns:
            held = tuple(problem.given.values.get(name, ()))
        rows.append(_row(tenant, texts, each, held, problem.columns.get(name, "")))
    title = str(row["name"] or values.get("Title") or f"Item {row['id']}")
    return page(
        f"Edit {title}",
        tag("p", problem.words, role="alert", class_="told") if problem.words else None,
        told("The emulator judges these as SharePoint's own form does."),
        tag(
            "form",
            tag("input", type="hidden", name="version", value=int(row["version"])),
            rows,
            tag("p", tag("button", "Save"), " ", link(_address(opened, row), "Cancel")),
            method="post",
            action=_address(opened, row, "EditForm"),
            class_="card entry",
        ),
        visitor=visitor,
        site=opened.site,
        launch=_launch(tenant, opened),
        crumbs=[*crumbs(opened.site, opened.row, row), (title, _address(opened, row))],
        status=400 if refused_ is not None else 200,
    )


def save(tenant: Tenant, visitor: Visitor, opened: OpenList, row: Row, given: Posted) -> Response:
    """Store what differs, as this person; back to the item, or to the form with what was wrong."""
    if not _may_edit(tenant, visitor, opened, row):
        return refused(visitor, site=opened.site, launch=_launch(tenant, opened))
    if given.first("version") != str(row["version"]):
        return edit_page(tenant, visitor, opened, row, Refused(_SAVED_MEANWHILE))
    values = record(opened, row).values
    changed = []
    for each in editable(opened):
        name = each.internal_name
        texts = given.values.get(name, [])
        before = spoken(opened, each, shown(tenant, opened, each, values.get(name)))
        if (now := spoken(opened, each, texts)) != before:
            changed.append({"FieldName": name, "FieldValue": now})
    outcomes = form_values.judge(tenant, opened, changed)
    wrong = {each.name: each.problem for each in outcomes if each.problem}
    if wrong:
        return edit_page(tenant, visitor, opened, row, Refused("Not saved.", wrong, given))
    try:
        editor = int(principals.ensure_user(tenant, opened.site_id, visitor.upn)["id"])
        item_rules.check_free(tenant, row, editor, metadata=True)
        if outcomes:
            stored = {each.name: each.value for each in outcomes}
            items.update_fields(tenant, opened, row, stored, editor=editor)
    except Refusal as problem:
        return edit_page(tenant, visitor, opened, row, Refused(problem.message))
    return RedirectResponse(_address(opened, row), 303)


def _may_edit(tenant: Tenant, visitor: Visitor, opened: OpenList, row: Row) -> bool:
    scope = roles.item_scope(opened.id, int(row["id"]))
    return visitor.may(tenant, opened.site_id, scope, "edit")


def _launch(tenant: Tenant, opened: OpenList) -> Markup:
    return quick_launch(tenant, opened.site, str(opened.row["url"]))


def _address(opened: OpenList, row: Row, name: str = "DispForm") -> str:
    return form(str(opened.row["url"]), int(row["id"]), library=opened.library, name=name)


def _row(tenant: Tenant, texts: Texts, each: Field, held: Sequence[str], problem: str) -> Markup:
    """A column's label, its input, what it means and what was wrong."""
    key = f"column-{each.internal_name}"
    said = str(each.doc.get("Description") or "")
    about = " ".join(
        f"{key}-{part}" for part, there in (("help", said), ("problem", problem)) if there
    )
    marks: dict[str, Any] = {
        "id": key,
        "name": each.internal_name,
        "aria_describedby": about or None,
        "aria_invalid": "true" if problem else None,
    }
    below: list[Part] = [
        tag("span", said, class_="help", id=f"{key}-help") if said else None,
        tag("span", problem, class_="problem", id=f"{key}-problem") if problem else None,
    ]
    return tag(
        "div",
        tag("label", each.title, for_=key),
        _input(tenant, texts, each, held, marks),
        below,
        class_="column",
    )


def _input(
    tenant: Tenant, texts: Texts, each: Field, held: Sequence[str], marks: dict[str, Any]
) -> Markup:
    options = _options(tenant, texts, each, held)
    if options is not None:
        several = each.type in ("MultiChoice", "UserMulti", "LookupMulti")
        first = [] if several else [tag("option", "", value="")]
        size = min(8, len(options)) if several else None
        return tag("select", first, options, multiple=several, size=size, **marks)
    value = held[0] if held else ""
    if each.type == "Note":
        return tag("textarea", "\n", value, rows=3, **marks)  # HTML drops a first line break
    kind = _INPUTS.get(each.type, "text")
    if dates.date_only(each):
        kind = "date"
    return tag("input", type=kind, value=value, **marks)


def _options(tenant: Tenant, texts: Texts, each: Field, held: Sequence[str]) -> list[Markup] | None:
    """What can be chosen; None for a column one writes into. What is held stays a choice."""
    if each.type in ("Choice", "MultiChoice"):
        known = {choice: choice for choice in each.choices}
    elif each.type == "Boolean":
        known = {"Yes": "Yes", "No": "No"}
    elif each.type.startswith("User"):
        known = {login(one["upn"]): str(one["display_name"]) for one in accounts(tenant)}
    elif each.type.startswith("Lookup"):
        known = {str(number): words for number, words in texts.choices(each).items()}
    else:
        return None
    known = {key: key for key in held if key not in known} | known
    return [tag("option", word, value=key, selected=key in held) for key, word in known.items()]
