"""Templates of content types that lie beside the workspace file, as the files they become."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.engine.site_assets import Unusable, asset_of


def with_template(resource: Resource, folder: Path, site_path: str) -> Resource:
    """The content type with its template's bytes, and their place on the site.

    Raises `SpecInvalid` TEMPLATE-FILE for a file that cannot be used.
    """
    named = str(resource.properties.get("template") or "")
    if resource.kind != "contentType" or not named.startswith("file:"):
        return resource
    try:
        asset = asset_of(named, folder, "template")
    except Unusable as unusable:
        raise _unusable(resource, unusable) from None
    return replace(
        resource,
        properties={**resource.properties, "template": asset.below(site_path)},
        extra={**resource.extra, "templateContent": asset.content},
    )


def _unusable(resource: Resource, one: Unusable) -> SpecInvalid:
    problem = Problem(
        "TEMPLATE-FILE",
        f"The template {one.path} cannot be used: {one.why}.",
        resource.where or Where(str(one.path), 1, 1),
        "A path after file: is read from the workspace's folder. Check the name and the document.",
    )
    return SpecInvalid((problem,))
