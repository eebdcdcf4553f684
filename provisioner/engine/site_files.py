"""Files beside the workspace file, as what they become on the site: logos, templates of content types."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Resource
from provisioner.engine.site_assets import Asset, Unusable, asset_of


def with_logo(resource: Resource, folder: Path) -> Resource:
    """The resource with its logo's bytes, and the logo's place on the site with a digest in its name.

    So another picture under the same name is another logo. Raises `SpecInvalid` SITE-LOGO for a file
    that cannot be used.
    """
    named = str(resource.extra.get("logoFile") or "")
    if not named:
        return resource
    asset = _asset(resource, named, folder, "logo", "SITE-LOGO", "picture")
    return _with(resource, "logo", asset, str(resource.properties["url"]))


def with_template(resource: Resource, folder: Path, site_path: str) -> Resource:
    """The content type with its template's bytes, and their place on the site.

    Raises `SpecInvalid` TEMPLATE-FILE for a file that cannot be used.
    """
    named = str(resource.properties.get("template") or "")
    if resource.kind != "contentType" or not named.startswith("file:"):
        return resource
    asset = _asset(resource, named, folder, "template", "TEMPLATE-FILE", "document")
    return _with(resource, "template", asset, site_path)


def _with(resource: Resource, word: str, asset: Asset, site_path: str) -> Resource:
    return replace(
        resource,
        properties={**resource.properties, word: asset.below(site_path)},
        extra={**resource.extra, f"{word}Content": asset.content},
    )


def _asset(
    resource: Resource, named: str, folder: Path, word: str, code: str, content: str
) -> Asset:
    try:
        return asset_of(named, folder, word)
    except Unusable as one:
        problem = Problem(
            code,
            f"The {word} {one.path} cannot be used: {one.why}.",
            resource.where or Where(str(one.path), 1, 1),
            f"A path after file: is read from the workspace's folder. Check the name and the {content}.",
        )
        raise SpecInvalid((problem,)) from None
