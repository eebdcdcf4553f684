"""Links of navigation and of pages: from the file, as they are compared, and as they are sent.

A link that is compared is an address of the file (`list:risks`, `list:risks/view:Open`,
`page:Help`), a path on the site's host, an address elsewhere, or nothing for a heading.
"""

from __future__ import annotations

import re
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
    if value.startswith((*_LISTS, _PAGE, "/", "https://", "http://")):
        return value
    raise ValueError(
        "Write library:<key>, list:<key>, list:<key>/view:<name>, page:<name>, a path such as "
        "/sites/a, or https://…."
    )


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
    parts = urlsplit(url)
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


def link_found(link: str, known: Known, scope: Scope) -> str:
    """A link as found, named by the declared list, view or page that it leads to, if it does.

    Where everything is read, to be written down, views and pages need not be declared.
    """
    path = link.partition("?")[0].lower()
    if not path.startswith("/"):
        return link
    everything = scope.pages == ("*",)
    # By address where the file says it, so that a link stays what it is while its target is gone.
    targets = {url.lower(): own for own, url in scope.list_urls.items()}
    pages = {_page_path(file, scope).lower(): file for file in scope.pages}
    for one in known.values():
        url = one.ids.get("url", "").lower()
        if one.kind == "view" and url == path and not one.builtin and (one.declared or everything):
            return one.address
        if one.kind == "list" and one.declared and url:
            targets[url] = one.address
        if one.kind == "page" and not one.builtin and (one.declared or everything):
            file = one.ids.get("file", "")
            pages[_page_path(file, scope).lower()] = file
    if path in pages:
        return address("page", pages[path].removesuffix(".aspx"))
    return next((own for url, own in targets.items() if _is_list_page(path, url)), link)


def _page_path(file: str, scope: Scope) -> str:
    return f"{scope.site_path}{PAGES}{file}"


def _is_list_page(path: str, url: str) -> bool:
    """Whether a path is a list, or the first view SharePoint opens for it."""
    return path in {url, f"{url}/allitems.aspx", f"{url}/forms/allitems.aspx"}


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
