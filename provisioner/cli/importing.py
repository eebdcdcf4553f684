"""From a site's address on the command line to a workspace that says only where the site is."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import Any

from provisioner.cli import settings
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import Usage, Where
from provisioner.core.node import Node
from provisioner.engine.declare import Declarations
from provisioner.engine.desired import Desired
from provisioner.kinds.base import Scope
from provisioner.spec.models import Settings
from provisioner.spec.workspace import Loaded


def site_workspace(site_url: str, cloud: str | None, out: Path) -> Workspace:
    """A workspace with nothing in it but the address of the site. Raises `Usage` BAD-SITE-URL."""
    from provisioner.tenant.endpoints import site_parts  # not before a command needs it

    host, path = site_parts(site_url)
    tenant = {"cloud": cloud or _cloud(host)}
    if tenant["cloud"] != "emulator" or host != "contoso.sharepoint.com":
        tenant["hostname"] = host
    said: dict[str, Any] = {"tenant": tenant, "apiVersion": "provisioner/v1", "kind": "Workspace"}
    if tenant["cloud"] != "emulator":
        secret = os.environ.get("PROVISIONER_CLIENT_SECRET")
        certificate = os.environ.get("PROVISIONER_CERTIFICATE")
        method = "secret" if secret and not certificate else "certificate"
        said["tenant"] = {**tenant, "auth": {"method": method}}
    where = Where(site_url, 1, 1)
    loaded = Loaded(
        Node({}, where, "command line"),
        Settings.model_validate(said),
        MappingProxyType({}),
        (site_url,),
        "",
        out.parent,
    )
    scope = Scope(host, path, settings.today("UTC"))
    return Workspace(out, loaded, Desired(path, scope), (), Declarations((), ()))


def tenant_of(given: Settings) -> dict[str, Any]:
    """The file's `tenant:` for these settings; credentials stay in the environment."""
    plain: dict[str, Any] = given.tenant.model_dump(by_alias=True, exclude_none=True)
    return plain


def _cloud(host: str) -> str:
    from provisioner.tenant.endpoints import cloud_of

    if cloud := cloud_of(host):
        return cloud
    raise Usage(
        "BAD-SITE-URL",
        f"{host} is no SharePoint host we know.",
        hint="Say which cloud it is in with --cloud.",
    )
