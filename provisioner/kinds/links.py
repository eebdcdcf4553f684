"""Links of navigation and of pages: from the file, as they are compared, and as they are sent.

A link that is compared is an address of the file (`list:risks`, `list:risks/view:Open`,
`page:Help`), a path on the site's host, an address elsewhere, or nothing for a heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from provisioner.core.address import address
from provisioner.core.transport import ref
from provisioner.kinds.base import Known, Scope

HEADING = "http://linkless.header/"
"""SharePoint's address for an entry that leads nowhere (github.com/pnp/cli-microsoft365,
navigation-node-add)."""
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_LISTS = ("library:", "list:")
_PAGE = "page:"
_VIEW = "/view:"
PAGES = "/SitePages/"
_FIRST_VIEWS = frozenset({"all items", "all documents"})


def check_link(value: str) -> str:
    """The link. Raises `ValueError` with a sentence for what leads nowhere."""
    if value.startswith((*_LISTS, _PAGE, "/", "https://", "http://")) and parts_of(value):
        return value
    raise ValueError(
        "Write library:<key>, list:<key>, list:<key>/view:<name>, page:<name>, a path such as "
        "/sites/a, or https://…."
    )


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address; None for one that has none, such as `https://[a`, which people may write."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def link_said(said: str | None, scope: Scope) -> str:
    """A link of the file in the one form that is compared."""
    if said is None:
        return ""
    for word in _LISTS:
        if said.startswith(word):
            key, _, view = said.removeprefix(word).partition(_VIEW)
            above = address("list", key)
            first = view.casefold() in _FIRST_VIEWS  # the address of the list leads there as well
            return address("view", view, above) if view and not first else above
    if said.startswith(_PAGE):
        return address("page", said.removeprefix(_PAGE))
    plain = link_plain(said, scope.hostname)
    return next((own for own, url in scope.list_urls.items() if url == plain), plain)


def link_plain(url: str, hostname: str) -> str:
    """A link without the site's own host, escapes and a closing slash."""
    if url.rstrip("/") == HEADING.rstrip("/"):
        return ""
    parts = parts_of(url)
    if parts is None:
        return url
    if parts.netloc and parts.netloc.lower() != hostname.lower():
        return _elsewhere(parts)
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _elsewhere(parts: SplitResult) -> str:
    """An address on another host: what needs an escape has one, and host and escapes one case."""
    path = _ESCAPE.sub(lambda one: one[0].upper(), quote(parts.path, safe="%/:@!$&'()*+,;=~"))
    host = parts.netloc.lower()
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), netloc=host, path=path)).rstrip(
        "/"
    )


def link_targets(known: Known, scope: Scope) -> dict[str, str]:
    """The declared list, view or page behind each path, in lower case, that leads to one.

    Where everything is read, to be written down, views and pages need not be declared.
    """
    everything = scope.pages == ("*",)
    # By address where the file says it, so that a link stays what it is while its target is gone.
    lists = {url.lower(): own for own, url in scope.list_urls.items()}
    pages = {_page_path(file, scope).lower(): _page(file) for file in scope.pages}
    views: dict[str, str] = {}
    for one in known.values():
        named = not one.builtin and (one.declared or everything)
        if one.kind == "list" and one.declared and one.ids.get("url"):
            lists[one.ids["url"].lower()] = one.address
        elif one.kind == "view" and named:
            views.setdefault(one.ids.get("url", "").lower(), one.address)
        elif one.kind == "page" and named:
            file = one.ids.get("file", "")
            pages[_page_path(file, scope).lower()] = _page(file)
    # Of a list, also the first view that SharePoint opens for it.
    opened = {
        f"{url}{view}": own
        for url, own in lists.items()
        for view in ("", "/allitems.aspx", "/forms/allitems.aspx")
    }
    return opened | pages | views


def link_found(link: str, targets: Mapping[str, str]) -> str:
    """A link as found, named by the list, view or page that it leads to, if it does."""
    path = link.partition("?")[0].lower()
    return targets.get(path, link) if path.startswith("/") else link


def _page(file: str) -> str:
    return address("page", file.removesuffix(".aspx"))


def _page_path(file: str, scope: Scope) -> str:
    return f"{scope.site_path}{PAGES}{file}"


def link_sent(link: str, scope: Scope) -> str:
    """A link as SharePoint takes it; that of a list or view is filled in once it is there."""
    if not link:
        return HEADING
    if link.startswith(_PAGE):
        return _page_path(f"{unquote(link.removeprefix(_PAGE))}.aspx", scope)
    return ref(link, "url") if link.startswith("list:") else link


def stands_on(link: str) -> tuple[str, ...]:
    """The addresses of the file that must be there before the link can lead to them."""
    return (link,) if link.startswith("list:") else ()
