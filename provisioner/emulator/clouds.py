"""Which of Microsoft's clouds the tenant is in, and whose hosts that cloud has.

Sources: "National cloud deployments" (learn.microsoft.com/graph/deployments), "National clouds"
(learn.microsoft.com/entra/identity-platform/authentication-national-cloud) and, for SharePoint,
"URLs and IP address ranges" of each cloud (learn.microsoft.com/microsoft-365/enterprise).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of one cloud. `named_login` is what the sign-in document calls its own host."""

    login: str
    graph: str
    sharepoint: str
    named_login: str = ""

    @property
    def all(self) -> frozenset[str]:
        """Every host of it."""
        return frozenset({self.login, self.graph, self.sharepoint, self.named_login} - {""})


CLOUDS: Mapping[str, Hosts] = MappingProxyType(
    {
        "global": Hosts(
            "login.microsoftonline.com", "graph.microsoft.com", "contoso.sharepoint.com"
        ),
        "usgov": Hosts("login.microsoftonline.us", "graph.microsoft.us", "contoso.sharepoint.us"),
        "usgov-dod": Hosts(
            "login.microsoftonline.us", "dod-graph.microsoft.us", "contoso.sharepoint-mil.us"
        ),
        "china": Hosts(
            "login.chinacloudapi.cn",
            "microsoftgraph.chinacloudapi.cn",
            "contoso.sharepoint.cn",
            "login.partner.microsoftonline.cn",
        ),
    }
)
"""By the word of the setting `cloud`."""
MICROSOFT_HOSTS = tuple(dict.fromkeys(host for one in CLOUDS.values() for host in sorted(one.all)))
"""What the proxy maps to the emulator; everything else it refuses."""


_NO_SITES = frozenset(MICROSOFT_HOSTS) - {one.sharepoint for one in CLOUDS.values()}


def has_no_sites(base_url: str) -> bool:
    """Whether a request was sent to sign-in or to Graph by its own name: no site stands there."""
    return base_url.removeprefix("https://") in _NO_SITES


def is_foreign(cloud: str, base_url: str) -> bool:
    """Whether a request was sent to a host that is Microsoft's and not of this cloud."""
    host = urlsplit(base_url).hostname or ""
    return host in MICROSOFT_HOSTS and host not in CLOUDS[cloud].all
