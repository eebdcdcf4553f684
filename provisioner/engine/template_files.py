"""Templates of content types that lie beside the workspace file, as the files they become."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.spec.references import resolve_path

_LARGEST = 4_000_000


def with_template(resource: Resource, folder: Path, site_path: str) -> Resource:
    """The content type with its template's bytes, and their place on the site.

    Raises `SpecInvalid` TEMPLATE-FILE for a file that cannot be read, is empty, or is larger than
    4 MB, which one request carries ("Upload small files",
    learn.microsoft.com/graph/api/driveitem-put-content, with room to spare).
    """
    named = str(resource.properties.get("template") or "")
    if resource.kind != "contentType" or not named.startswith("file:"):
        return resource
    path = resolve_path(named, folder)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(resource, path, (error.strerror or "").lower()) from None
    if not 0 < len(content) <= _LARGEST:
        raise _unusable(resource, path, "it is empty" if not content else "it is larger than 4 MB")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "template"
    name = f"{stem}-{sha256(content).hexdigest()[:12]}{path.suffix.lower()}"
    return replace(
        resource,
        properties={**resource.properties, "template": f"{site_path}/SiteAssets/{name}"},
        extra={**resource.extra, "templateContent": content},
    )


def _unusable(resource: Resource, path: Path, why: str) -> SpecInvalid:
    problem = Problem(
        "TEMPLATE-FILE",
        f"The template {path} cannot be used: {why}.",
        resource.where or Where(str(path), 1, 1),
        "A path after file: is read from the workspace's folder. Check the name and the document.",
    )
    return SpecInvalid((problem,))
