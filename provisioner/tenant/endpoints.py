"""Where a tenant lives: the hosts of each Microsoft cloud, and the only hosts a token may reach.

Sources: "National cloud deployments" (learn.microsoft.com/graph/deployments) for Graph and
authority hosts; "National clouds" (learn.microsoft.com/entra/identity-platform/
authentication-national-cloud) for the authorities; "Microsoft 365 endpoints" of each cloud
(learn.microsoft.com/microsoft-365/enterprise) for SharePoint; the audience of a workload's token in
each ("Create federatedIdentityCredential", learn.microsoft.com/graph/api/
application-post-federatedidentitycredentials, and github.com/Azure/login, input `audience`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from provisioner.core.errors import Usage

Cloud = Literal["global", "usgov", "usgov-dod", "china", "emulator"]

_CANONICAL = "https://graph.microsoft.com"
EMULATOR_HOSTNAME = "contoso.sharepoint.com"
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""Libraries do not agree on where a host ends that has other characters in it."""
_SITE = re.compile(r"(/(?:sites|teams)/[A-Za-z0-9_.~-]+)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class _Hosts:
    login: str
    graph: str
    sharepoint: str  # how its hosts end
    exchange: str = "api://AzureADTokenExchange"
    also_login: tuple[str, ...] = ()


_CLOUDS: Mapping[str, _Hosts] = MappingProxyType(
    {
        "global": _Hosts("login.microsoftonline.com", "graph.microsoft.com", ".sharepoint.com"),
        "usgov": _Hosts(
            "login.microsoftonline.us",
            "graph.microsoft.us",
            ".sharepoint.us",
            "api://AzureADTokenExchangeUSGov",
        ),
        "usgov-dod": _Hosts(
            "login.microsoftonline.us",
            "dod-graph.microsoft.us",
            ".sharepoint-mil.us",
            "api://AzureADTokenExchangeUSGov",
        ),
        "china": _Hosts(
            "login.chinacloudapi.cn",
            "microsoftgraph.chinacloudapi.cn",
            ".sharepoint.cn",
            "api://AzureADTokenExchangeChina",
            # The discovery document of this cloud names its newer host.
            ("login.partner.microsoftonline.cn",),
        ),
    }
)


_NO_SITES = MappingProxyType({"-my": "people's OneDrive", "-admin": "the admin center"})
"""How hosts beside a tenant's own end ("SharePoint URLs and IP address ranges", learn.microsoft.com/
microsoft-365/enterprise/urls-and-ip-address-ranges)."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of one site's tenant.

    `authority` includes the tenant id. `graph_root` and `sharepoint_root` are scheme and host,
    without a path. `hostname` is the SharePoint host that tokens and site addresses name, also
    where the emulator answers on another. `ca_path` is the CA of the emulator; when it is set the
    environment's proxies and CA bundles are not looked at.
    """

    cloud: Cloud
    authority: str
    graph_root: str
    graph_resource: str
    hostname: str
    sharepoint_root: str
    site_path: str
    ca_path: Path | None = None
    login_hosts: tuple[str, ...] = ()

    @property
    def site_url(self) -> str:
        """The site's URL where it answers."""
        return self.sharepoint_root + self.site_path

    def scope(self, audience: Literal["graph", "sharepoint"]) -> str:
        """The OAuth scope that stands for all consented permissions of an audience."""
        resource = self.graph_resource if audience == "graph" else f"https://{self.hostname}"
        return f"{resource}/.default"

    @property
    def exchange_audience(self) -> str:
        """For whom another issuer's token must be made to stand for the app's certificate."""
        hosts = _CLOUDS.get(self.cloud)
        return (hosts or _CLOUDS["global"]).exchange

    def own_addresses(self, value: Any) -> Any:
        """A JSON value with canonical Graph addresses naming this cloud's host.

        Operations name a content type as ``https://graph.microsoft.com/v1.0/sites/…`` in every
        cloud; a national cloud wants its own host there ("National cloud deployments").
        """
        if isinstance(value, str) and value.startswith(f"{_CANONICAL}/"):
            return self.graph_resource + value.removeprefix(_CANONICAL)
        if isinstance(value, Mapping):
            return {key: self.own_addresses(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.own_addresses(one) for one in value]
        return value


def site_parts(site_url: str) -> tuple[str, str]:
    """`("contoso.sharepoint.com", "/sites/acme")` from the address of a site or of a page in it.

    "https://" may be left out. Raises `Usage` BAD-SITE-URL for what is no site's address.
    """
    text = site_url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:  # what stands for a host has a slash or a bracket in it
        parts = urlsplit("")
    path = _SITE.fullmatch(unquote(parts.path).rstrip("/"))
    host = _HOST.fullmatch(parts.hostname or "")
    if parts.scheme != "https" or host is None or path is None or path[1].endswith("/.."):
        raise Usage(
            "BAD-SITE-URL",
            f"“{site_url}” is not the address of a SharePoint site.",
            hint="Write it as https://contoso.sharepoint.com/sites/acme, as the browser shows it.",
        )
    return host[0].lower(), path[1]


def cloud_of(hostname: str) -> Cloud | None:
    """The cloud in which SharePoint has hosts of that name; None for a name that is in none."""
    found = (c for c, hosts in _CLOUDS.items() if hostname.lower().endswith(hosts.sharepoint))
    return next(found, None)  # type: ignore[arg-type]  # a key of _CLOUDS


def graph_root_of(cloud: str) -> str:
    """Scheme and host of Microsoft Graph in a cloud; raises `Usage` for one it does not know."""
    hosts = _CLOUDS.get(cloud)
    if hosts is None:
        known = ", ".join([*_CLOUDS, "emulator"])
        raise Usage(
            "CLOUD-UNKNOWN",
            f"“{cloud}” is not a Microsoft cloud.",
            hint=f"Use one of: {known}.",
        )
    return f"https://{hosts.graph}"


def microsoft_endpoints(cloud: str, tenant_id: str, hostname: str, site_path: str) -> Endpoints:
    """The addresses in one of Microsoft's clouds.

    Raises `Usage` for a cloud it does not know, and for a host that is not SharePoint's there or has
    no sites.
    """
    graph = graph_root_of(cloud)
    hosts = _CLOUDS[cloud]
    if not hostname.lower().endswith(hosts.sharepoint):
        raise Usage(
            "HOST-OF-ANOTHER-CLOUD",
            f"{hostname} is no SharePoint host of the cloud {cloud}: those end in "
            f"{hosts.sharepoint}.",
            hint="Check the host and the cloud; GCC is `global`, and GCC High is `usgov`.",
        )
    for ending, what in _NO_SITES.items():
        if hostname.lower().partition(".")[0].endswith(ending):
            own = hostname.lower().replace(f"{ending}.", ".", 1)
            raise Usage(
                "HOST-WITHOUT-SITES",
                f"{hostname} holds {what}, and no site.",
                hint=f"Write {own}, the host that the browser shows when a site is open.",
            )
    return Endpoints(
        cloud=cloud,  # type: ignore[arg-type]  # a key of _CLOUDS
        authority=f"https://{hosts.login}/{tenant_id}",
        graph_root=graph,
        graph_resource=graph,
        hostname=hostname.lower(),
        sharepoint_root=f"https://{hostname.lower()}",
        site_path=_site_path(site_path),
        login_hosts=(hosts.login, *hosts.also_login),
    )


def emulator_endpoints(
    url: str,
    ca_path: Path | str,
    tenant_id: str,
    site_path: str,
    hostname: str = EMULATOR_HOSTNAME,
) -> Endpoints:
    """The addresses of a local tenant that answers at `url` ("https://localhost:8443")."""
    base = url.rstrip("/")
    return Endpoints(
        cloud="emulator",
        authority=f"{base}/{tenant_id}",
        graph_root=base,
        graph_resource="https://graph.microsoft.com",
        hostname=hostname.lower(),
        sharepoint_root=base,
        site_path=_site_path(site_path),
        ca_path=Path(ca_path),
        login_hosts=(urlsplit(base).hostname or "",),
    )


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL: what two addresses must share to get the same token."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    try:
        port = parts.port
    except ValueError:
        port = -1
    standard = {"https": 443, "http": 80}.get(scheme, -1)
    if parts.username is not None or parts.password is not None:
        # "https://graph.microsoft.com@elsewhere/" must not pass for either of the two.
        return scheme, "", -1
    return scheme, (parts.hostname or "").lower(), standard if port is None else port


def _site_path(path: str) -> str:
    clean = path.strip().rstrip("/")
    return clean if not clean or clean.startswith("/") else f"/{clean}"
