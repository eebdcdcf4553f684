"""A document that a person puts into a library, in a folder or at its root."""

from __future__ import annotations

from sqlite3 import Row

from starlette.responses import RedirectResponse, Response

from provisioner.emulator.model import files, principals, roles
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.cells import form
from provisioner.emulator.web.frame import page, quick_launch, refused
from provisioner.emulator.web.markup import Markup, address, link, tag
from provisioner.emulator.web.posted import Posted
from provisioner.emulator.web.visitor import Visitor
from provisioner.emulator.wire import Refusal


def may_upload(tenant: Tenant, visitor: Visitor, opened: OpenList) -> bool:
    """Whether the visitor may add documents to this library."""
    scope = roles.list_scope(opened.id)
    return opened.library and visitor.may(tenant, opened.site_id, scope, "add")


def upload_form(base: str) -> Markup:
    """The form below a library's view; `base` is the address of the folder shown."""
    return tag(
        "form",
        tag("h2", "Upload a document"),
        tag("label", "File", for_="upload-file"),
        tag("input", type="file", id="upload-file", name="file", required=True),
        tag(
            "p",
            tag("input", type="checkbox", id="upload-replace", name="replace", value="yes"),
            " ",
            tag("label", "Replace the document that has this name", for_="upload-replace"),
        ),
        tag("button", "Upload"),
        method="post",
        action=address(base),
        enctype="multipart/form-data",
        class_="card entry",
    )


def upload(
    tenant: Tenant, visitor: Visitor, opened: OpenList, folder: str, form_: Posted
) -> Response:
    """Store what the form holds, then on to the columns of the document.

    SharePoint's own words are shown for a name that is taken or not allowed, and a locked document.
    """
    site, row = opened.site, opened.row
    launch = quick_launch(tenant, site, str(row["url"]))
    if not may_upload(tenant, visitor, opened):
        return refused(visitor, site=site, launch=launch)
    if form_.file is None:
        return _problem(tenant, visitor, opened, folder, "No file was chosen.", 400)
    name, data = form_.file
    author = int(principals.ensure_user(tenant, opened.site_id, visitor.upn)["id"])
    conflict = "replace" if form_.first("replace") else "fail"
    try:
        stored, _ = files.put(
            tenant, opened, folder, _bare(name), data, author=author, conflict=conflict
        )
    except Refusal as problem:
        return _problem(tenant, visitor, opened, folder, problem.message, problem.status)
    to = form(str(row["url"]), int(stored["id"]), library=True, name="EditForm")
    return RedirectResponse(to, 303)


def _bare(name: str) -> str:
    """Some browsers send the whole path of the file on the person's machine."""
    return name.replace("\\", "/").rpartition("/")[2]


def _problem(
    tenant: Tenant, visitor: Visitor, opened: OpenList, folder: str, words: str, status: int
) -> Response:
    site: Row = opened.site
    base = str(opened.row["url"]) + folder
    return page(
        "The document was not uploaded",
        tag("p", words, role="alert"),
        tag("p", link(address(base), f"Back to {opened.row['title']}"), "."),
        upload_form(base),
        visitor=visitor,
        site=site,
        launch=quick_launch(tenant, site, str(opened.row["url"])),
        status=status,
    )
