"""Links as a workspace file writes them, and the navigation they stand in."""

from __future__ import annotations

from typing import Any

from provisioner.core.address import split
from provisioner.core.resource import Existing
from provisioner.engine.importer_said import Importing, Said, declared, difference
from provisioner.kinds.list_spec import Library
from provisioner.kinds.navigation_parts import BARS, QUICK, Bar, Entry


def link_word(work: Importing, link: str) -> str:
    """The file's word for a link as it is compared, where a list is `list:<key>` of either sort."""
    if link in work.lists:
        return _list_word(work, link)
    above, _, view = link.partition("/view:")
    if view and above in work.lists and link in work.views:
        return f"{_list_word(work, above)}/view:{split(link)[1]}"
    target = work.existing.get(link)
    return target.ids["url"] if target is not None and "url" in target.ids else link


def _list_word(work: Importing, link: str) -> str:
    sort = "library" if isinstance(work.lists[link].spec, Library) else "list"
    return f"{sort}:{split(link)[1]}"


def navigation(work: Importing) -> Said:
    """The links people made, in their order: `navigation`, and `topNavigation` where there are."""
    made = {}
    for bar in BARS:
        entries = [plain for one in _in_order(work, bar) if (plain := _kept(work, one, bar))]
        if entries:
            made[bar.kind] = entries
    return made


def _in_order(work: Importing, bar: Bar, above: str = "") -> list[Existing]:
    """The entries of one level as they stand on the bar, whenever they were recognised."""
    return sorted(work.of(bar.kind, above), key=lambda one: int(one.ids["place"]))


def _kept(work: Importing, one: Existing, bar: Bar) -> Said | None:
    plain = _entry(work, one, bar)
    if "children" not in plain and (one.builtin or _comes_with_the_site(work, one)):
        return None
    what = f"navigation entry {split(one.address)[1]}"
    spec, why = declared(Entry, f"{bar.kind}[]", plain)
    why = why or (difference(spec, one, work.scope) if spec is not None else "")
    if why:
        work.drop(what, why)
        return None
    return plain


def _entry(work: Importing, one: Existing, bar: Bar = QUICK) -> Said:
    link = link_word(work, str(one.properties["link"]))
    plain: dict[str, Any] = {"title": one.properties["title"]}
    plain |= {"link": link} if link else {}
    children = [_entry(work, child, bar) for child in _in_order(work, bar, one.address)]
    return {**plain, "children": children} if children else plain


def _comes_with_the_site(work: Importing, one: Existing) -> bool:
    """Whether a link leads to the site itself or to a list that every site has."""
    link = str(one.properties["link"]).casefold()
    home = work.scope.site_path.casefold()
    if link in {home, f"{home}/_layouts/15/viewlsts.aspx"}:
        return True
    own = [each.ids["url"].casefold() for each in work.of("list") if each.builtin]
    return any(link == url or link.startswith(f"{url}/") for url in own)
