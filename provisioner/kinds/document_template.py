"""The document a content type's new documents begin as: where it lies, and the requests for it.

It is put into the site's own Site Assets, where everybody who reads the site may read it, under a
name with a digest of its content, so another document under the same name is another template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.core.address import SITE, parent_of
from provisioner.core.resource import Existing, Resource
from provisioner.core.transport import Operation, ref
from provisioner.kinds.requests import GRAPH_WRITE, rest, rest_list


def template_of(row: Mapping[str, Any]) -> str:
    """Where the template of an `SP.ContentType` lies; "" where it is SharePoint's own or none."""
    url = str(row.get("DocumentTemplateUrl") or "").partition("?")[0]
    return url if "/SiteAssets/" in url else ""


def same_template(wanted: Resource, existing: Existing) -> str:
    """What was read, as the file spells it: SharePoint's paths know no case."""
    asked = str(wanted.properties.get("template") or "")
    there = str(existing.properties.get("template") or "")
    return asked if asked.casefold() == there.casefold() else there


def template_operations(wanted: Resource) -> list[Operation]:
    """Upload the document where it comes from beside the file, then name it.

    `SP.ContentType.DocumentTemplate` (learn.microsoft.com, "ContentType.DocumentTemplate property").
    """
    own, place = wanted.address, str(wanted.properties["template"])
    content = wanted.extra.get("templateContent")
    made = _uploading(own, place, content) if isinstance(content, bytes) else []
    home = "/_api/web" if parent_of(own) == SITE else rest_list(own)
    path = f"{home}/contenttypes('{ref(own)}')"
    body = {"DocumentTemplate": place}
    return [*made, rest("MERGE", path, own, body, what=f"Give {own} its template")]


def _uploading(own: str, place: str, content: bytes) -> list[Operation]:
    """Put the document into Site Assets, made where the site has none yet.

    learn.microsoft.com, "SPListCollection.EnsureSiteAssetsLibrary".
    """
    name = place.rpartition("/")[2]
    return [
        rest(
            "POST",
            "/_api/web/lists/EnsureSiteAssetsLibrary",
            own,
            produces={"assets": "/Id"},
            what="Look up the library Site Assets",
        ),
        Operation(
            audience="graph",
            method="PUT",
            path=f"/sites/{ref(SITE)}/lists/{ref(own, 'assets')}/drive/root:/{name}:/content",
            address=own,
            scope="site",
            body=content,
            headers={"Content-Type": "application/octet-stream"},
            permission=GRAPH_WRITE,
            alone=True,
            what=f"Upload the template of {own}",
        ),
    ]
