"""The HTTP sessions we hand to the libraries, so that proxies, CA and redirects are our choice.

For the emulator the environment is not looked at: `REQUESTS_CA_BUNDLE` would beat our CA, and a
proxy knows nothing of this machine. For Microsoft's clouds proxies count as they do for other
programs, and of the variables that name a CA the first that is set.
"""

from __future__ import annotations

import os
import ssl
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter

from provisioner import __version__
from provisioner.core.errors import ProvisionerError
from provisioner.tenant.endpoints import Endpoints

# Microsoft asks non-ISV callers to name themselves so ("Avoid getting throttled or blocked in
# SharePoint Online", section "Decorate your traffic").
USER_AGENT = f"NONISV|EvidenceProvisioner|provisioner/{__version__}"

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0


_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def own_ca() -> str:
    """The CA file that the environment names, "" for none. Raises `ProvisionerError` CA-UNREADABLE.

    The first variable that is set counts, for both libraries: left alone, each reads another one.
    """
    name = next((one for one in _CA_VARIABLES if os.environ.get(one)), "")
    if not name:
        return ""
    given = os.environ[name]
    try:
        if not Path(given).is_dir():  # a folder of certificates is read when it is needed
            ssl.create_default_context(cafile=given)
    except OSError as problem:  # ssl.SSLError is one
        why = "it holds no certificate" if isinstance(problem, ssl.SSLError) else problem.strerror
        raise ProvisionerError(
            "CA-UNREADABLE",
            f"The CA file {given}, which {name} names, cannot be used: {why}.",
            hint=f"Give {name} the path of a PEM file with the CA of your proxy, or unset it.",
        ) from None
    return given


def trust(ca_path: Path | None = None) -> ssl.SSLContext | bool:
    """What `httpx` verifies servers by: this CA, or the environment's, or else True.

    Raises as `own_ca` does.
    """
    given = str(ca_path) if ca_path is not None else own_ca()
    if not given:
        return True
    if Path(given).is_dir():
        return ssl.create_default_context(capath=given)
    return ssl.create_default_context(cafile=given)


class PlainSession(requests.Session):
    """A `requests` session that follows no redirect, keeps no cookie and never tries again."""

    def __init__(self, endpoints: Endpoints | None, connections: int) -> None:
        super().__init__()
        self.headers["User-Agent"] = USER_AGENT
        # Otherwise `requests` puts what a .netrc file knows of the host in place of our token.
        self.auth = _as_it_is
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=connections, max_retries=0)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        if endpoints is not None and endpoints.ca_path is not None:
            self.trust_env = False
            self.verify = str(endpoints.ca_path)
        else:
            self.verify = own_ca() or self.verify

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """As ever, but the CA is the one that was chosen: `requests` would ask elsewhere first."""
        chosen = self.verify if verify is None else verify
        return super().merge_environment_settings(url, proxies, stream, chosen, cert)

    def request(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send once; a redirect is an answer like any other, so no assertion or token moves on."""
        kwargs["allow_redirects"] = False
        kwargs.setdefault("timeout", (CONNECT_SECONDS, READ_SECONDS))
        return super().request(method, url, *args, **kwargs)


def workload_session(*, proxies: bool = True) -> PlainSession:
    """For what gives a workload its identity, which is never the emulator. The caller closes it."""
    session = PlainSession(None, 1)
    session.trust_env = proxies
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def graph_session(endpoints: Endpoints, connections: int) -> httpx.AsyncClient:
    """An `httpx` client that follows no redirect. The caller closes it."""
    return httpx.AsyncClient(
        verify=trust(endpoints.ca_path),
        trust_env=endpoints.ca_path is None,
        http2=False,
        follow_redirects=False,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
    )
