"""How a value of a column is shown: as a reader of the list would say it, not as it is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html.parser import HTMLParser
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import dates
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web import formulas
from provisioner.emulator.web.markup import Markup, Part, address, lines, link, outside, tag
from provisioner.emulator.web.pills import has_pills, pill
from provisioner.emulator.web.records import APPROVAL, Record

NAMES = frozenset({"LinkFilename", "LinkFilenameNoMenu", "LinkTitle", "LinkTitleNoMenu"})
_CODES = re.compile(r"[A-Z][A-Z-]+[A-Z](?:[,; ]+[A-Z][A-Z-]+[A-Z])*\Z")
_SIZES = (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10))


class Cells:
    """Shows values of one list's columns."""

    def __init__(self, tenant: Tenant, opened: OpenList) -> None:
        self.texts = Texts(tenant, opened)
        self._tenant, self._opened = tenant, opened
        self._targets: dict[str, Row | None] = {}

    def of(self, field: Field, item: Record) -> Part:
        """What the item shows in the column; None where it has no value."""
        name = field.internal_name
        value = item.values.get(name)
        if name in NAMES:
            return link(self.address(item), value or "(no title)")
        if value is None or value in ("", []):
            unclear = field.type == "Calculated" and not formulas.works(field, self._opened)
            return tag("span", "not worked out here", class_="quiet") if unclear else None
        show = _BY_NAME.get(name) or _SHOWN.get(field.type, _plain)
        return show(self, field, value)

    def words(self, field: Field, item: Record) -> str:
        """The same without links, for a heading."""
        value = item.values.get(field.internal_name)
        several = value if isinstance(value, list) else [value]
        return "; ".join(self.word(field, each) for each in several if each not in (None, ""))

    def word(self, field: Field, value: Any) -> str:
        """One value as plain text."""
        if field.type.startswith(("User", "Lookup")) and isinstance(value, int):
            return self.texts.of(field, value) or f"item {value}, which is gone"
        if field.type == "DateTime":
            return self.moment(value, day=dates.date_only(field))
        if field.type == "Boolean":
            return "Yes" if value else "No"
        if isinstance(value, dict):
            return str(value.get("Description") or value.get("Url") or "")
        return _figure(field, value) if isinstance(value, int | float) else str(value)

    def address(self, item: Record) -> str:
        """Where the item's own page is; a folder's is the list, opened there."""
        url = str(self._opened.row["url"])
        if item.folder:
            return address(url + item.path)
        return form(url, int(item.row["id"]), library=self._opened.library)

    def moment(self, stored: str, *, day: bool) -> str:
        """A stored instant as the site's clock has it: "2026-11-22", or with the time of day."""
        moment = datetime.fromisoformat(stored).astimezone(self._opened.zone)
        return moment.strftime("%Y-%m-%d" if day else "%Y-%m-%d %H:%M")

    def target(self, field: Field, number: int) -> str | None:
        """The page of what a lookup points to."""
        if field.lookup_list not in self._targets:
            row = self._tenant.one(
                "SELECT url, drive_id FROM list WHERE id = ? AND deleted = 0", field.lookup_list
            )
            self._targets[field.lookup_list] = row
        found = self._targets[field.lookup_list]
        if found is None:
            return None
        return form(str(found["url"]), number, library=bool(found["drive_id"]))


def form(list_url: str, item_id: int, *, library: bool, name: str = "DispForm") -> str:
    """The address of an item's page, as SharePoint has it; `name` "EditForm" to change it."""
    inside = f"/Forms/{name}.aspx" if library else f"/{name}.aspx"
    return address(list_url + inside, ID=item_id)


def size(number: int) -> str:
    """A size in bytes, readable."""
    for unit, step in _SIZES:
        if number >= step:
            return f"{number / step:.1f} {unit}"
    return f"{number} bytes" if number != 1 else "1 byte"


def flags(value: str) -> Markup:
    """Flags: the codes of the first line, and the reason below them."""
    first, _, rest = value.strip().partition("\n")
    if not _CODES.match(first.strip()):
        return lines(value)
    codes = [tag("span", code, class_="code") for code in re.split(r"[,; ]+", first.strip())]
    # A space between the codes, so that they are words to a screen reader and to a copy.
    spaced: list[Part] = [part for code in codes for part in (code, " ")]
    return tag("div", spaced, tag("div", lines(rest), class_="why") if rest.strip() else None)


def note(value: str, *, rich: bool) -> Markup:
    """Text of several lines; of rich text its words alone, because it is markup of others."""
    return lines(_bare(value) if rich else value)


def _bare(value: str) -> str:
    words: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - its signature
            if tag in ("p", "div", "br", "li", "tr", "h2", "h3", "h4"):
                words.append("\n")

    parser = Words()
    parser.feed(value)
    parser.close()
    return "".join(words).strip()


def _plain(_cells: Cells, _field: Field, value: Any) -> Part:
    if isinstance(value, dict):
        return str(value.get("Description") or value.get("Url") or "")
    if isinstance(value, list):
        return chips([str(each) for each in value])
    return str(value)


def chips(words: list[Part]) -> Markup:
    """Several short things."""
    return tag("ul", [tag("li", word) for word in words], class_="chips")


def _choice(_cells: Cells, field: Field, value: Any) -> Part:
    return pill(str(value)) if has_pills(field) else str(value)


def _date(cells: Cells, field: Field, value: Any) -> Part:
    day = dates.date_only(field)
    shown = cells.moment(str(value), day=day)
    return tag("time", shown, datetime=shown if day else str(value))


def _lookup(cells: Cells, field: Field, value: Any) -> Part:
    if isinstance(value, list):
        shown = [_lookup(cells, field, each) for each in value]
        return chips(shown) if len(shown) > 1 else shown
    if not field.lookup_list:
        return str(value)
    words = cells.texts.of(field, int(value))
    if words is None:
        return tag("span", f"item {value}, which is gone", class_="quiet")
    target = cells.target(field, int(value))
    return link(target, words or f"item {value}") if target else words


def _person(cells: Cells, field: Field, value: Any) -> Part:
    if isinstance(value, list):
        return chips([_person(cells, field, each) for each in value])
    words = cells.texts.of(field, int(value))
    return words or tag("span", f"user {value}, who is gone", class_="quiet")


def _url(_cells: Cells, _field: Field, value: Any) -> Part:
    url, words = str(value.get("Url") or ""), str(value.get("Description") or "")
    safe = outside(url)
    return link(safe, words or url) if safe else words or url


def _figure(field: Field, value: float) -> str:
    percent = bool(field.doc.get("ShowAsPercentage"))
    # Ten digits are what a number column keeps apart; more would show how binary fractions end.
    shown = f"{value * 100 if percent else value:.10g}"
    return f"{shown} %" if percent else shown


_Show = Callable[[Cells, Field, Any], Part]
_BY_NAME: Mapping[str, _Show] = {
    "DocIcon": lambda _cells, _field, value: tag("span", value, class_="kind"),
    "FileSizeDisplay": lambda _cells, _field, value: size(int(value)),
    "File_x0020_Size": lambda _cells, _field, value: size(int(value)),
    "Flags": lambda _cells, _field, value: flags(str(value)),
}
_SHOWN: Mapping[str, _Show] = {
    "Choice": _choice,
    "DateTime": _date,
    "Lookup": _lookup,
    "LookupMulti": _lookup,
    "User": _person,
    "UserMulti": _person,
    "URL": _url,
    "Boolean": lambda _cells, _field, value: "Yes" if value else "No",
    "Number": lambda _cells, field, value: _figure(field, value),
    "Currency": lambda _cells, field, value: _figure(field, value),
    "Calculated": lambda cells, field, value: cells.word(field, value),
    "Note": lambda _cells, field, value: note(str(value), rich=bool(field.doc.get("RichText"))),
    "ModStat": lambda _cells, _field, value: pill(APPROVAL.get(int(value), str(value))),
}
