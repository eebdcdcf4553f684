"""A logo that lies beside the workspace file, as the file it becomes on the site."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.spec.references import resolve_path

_LARGEST = 4_000_000


def with_logo(resource: Resource, folder: Path) -> Resource:
    """The resource with its logo's bytes, and the logo's place on the site with a digest in its name.

    So another picture under the same name is another logo. Raises `SpecInvalid` SITE-LOGO for a file
    that cannot be read, is empty, or is larger than 4 MB, which one request carries ("Upload small
    files", learn.microsoft.com/graph/api/driveitem-put-content, with room to spare).
    """
    named = str(resource.extra.get("logoFile") or "")
    if not named:
        return resource
    path = resolve_path(named, folder)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(resource, path, (error.strerror or "").lower()) from None
    if not 0 < len(content) <= _LARGEST:
        raise _unusable(resource, path, "it is empty" if not content else "it is larger than 4 MB")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "logo"
    name = f"{stem}-{sha256(content).hexdigest()[:12]}{path.suffix.lower()}"
    place = f"{resource.properties['url']}/SiteAssets/{name}"
    return replace(
        resource,
        properties={**resource.properties, "logo": place},
        extra={**resource.extra, "logoContent": content},
    )


def _unusable(resource: Resource, path: Path, why: str) -> SpecInvalid:
    problem = Problem(
        "SITE-LOGO",
        f"The logo {path} cannot be used: {why}.",
        resource.where or Where(str(path), 1, 1),
        "A path after file: is read from the workspace's folder. Check the name and the picture.",
    )
    return SpecInvalid((problem,))
