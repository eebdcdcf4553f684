"""A logo that lies beside the workspace file, as the file it becomes on the site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.engine.site_assets import Unusable, asset_of


def with_logo(resource: Resource, folder: Path) -> Resource:
    """The resource with its logo's bytes, and the logo's place on the site with a digest in its name.

    So another picture under the same name is another logo. Raises `SpecInvalid` SITE-LOGO for a file
    that cannot be used.
    """
    named = str(resource.extra.get("logoFile") or "")
    if not named:
        return resource
    try:
        asset = asset_of(named, folder, "logo")
    except Unusable as unusable:
        raise _unusable(resource, unusable) from None
    place = asset.below(str(resource.properties["url"]))
    return replace(
        resource,
        properties={**resource.properties, "logo": place},
        extra={**resource.extra, "logoContent": asset.content},
    )


def _unusable(resource: Resource, one: Unusable) -> SpecInvalid:
    problem = Problem(
        "SITE-LOGO",
        f"The logo {one.path} cannot be used: {one.why}.",
        resource.where or Where(str(one.path), 1, 1),
        "A path after file: is read from the workspace's folder. Check the name and the picture.",
    )
    return SpecInvalid((problem,))
