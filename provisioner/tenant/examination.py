"""What stands between this machine and a tenant, looked at one thing after another.

Each look is one plain request without a second try, so that what is wrong shows as it is; nothing
is changed.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.utils import select_proxy

from provisioner.core.check import Check
from provisioner.core.errors import ProvisionerError
from provisioner.core.site_role import role_of
from provisioner.core.transport import Audience
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.certificate import OUT_OF_TIME, load_certificate
from provisioner.tenant.connection import sentence_for
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.examined import (
    answer_check,
    clock_check,
    json_of,
    problem_check,
    proxy_check,
)
from provisioner.tenant.sessions import PlainSession

SOON_DAYS = 30
_SERVICES: Mapping[Audience, str] = {"graph": "Microsoft Graph", "sharepoint": "SharePoint"}


@dataclass(slots=True)
class Seen:
    """What has been found out so far; `status` is that of the site, 0 before it was asked for."""

    roles: dict[Audience, frozenset[str]] = field(default_factory=dict)
    status: int = 0
    site_role: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Examination:
    """Looks at one site's tenant. Used as a context manager; leaving it closes the session.

    `budget` is how many resource units a minute the tenant named lately, None where it did not.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        tell: Callable[[str], None] | None = None,
        budget: int | None = None,
    ) -> None:
        self._endpoints = endpoints
        self._credentials = credentials
        self._now = now
        self._budget = budget
        self._session = PlainSession(endpoints, 1)
        self._tokens = TokenSource(
            credentials, endpoints, self._session, wall=now, tell=tell, pauses=()
        )
        self.seen = Seen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def network(self) -> list[Check]:
        """DNS, proxy, the sign-in service and this machine's clock."""
        roots = (
            self._endpoints.authority,
            self._endpoints.graph_root,
            self._endpoints.sharepoint_root,
        )
        proxies = {root: self._proxy(root) for root in roots}
        return [self._names(proxies), proxy_check(proxies), *self._authority()]

    def certificate(self) -> Check:
        """What proves who we are, and until when."""
        title, given = "Certificate", self._credentials
        if given.method == "secret":
            return Check(
                "certificate",
                title,
                "fail",
                "The app signs in with a client secret, which SharePoint refuses.",
                "Add a certificate to the app registration and sign in with `method: certificate`.",
                "SHAREPOINT-NEEDS-CERTIFICATE",
                refused=True,
            )
        if given.method != "certificate":
            return Check("certificate", title, "pass", f"None is used: {given.method} signs in.")
        ends = []
        for one in filter(None, (given.certificate, given.next_certificate)):
            try:
                ends.append(load_certificate(one, given.passphrase, self._now()).expires)
            except ProvisionerError as problem:
                if problem.code not in OUT_OF_TIME or not given.next_certificate:
                    return problem_check("certificate", title, problem)
        if not ends:
            hint = "Make a new one and add it to the app registration."
            return Check(
                "certificate", title, "fail", "Neither of the two certificates counts now.", hint
            )
        last = max(ends)
        days = (last - self._now()).days
        found = f"It ends on {last:%Y-%m-%d}, in {days} days."
        hint = "Make the next one now and name it as `nextCertificate`." if days < SOON_DAYS else ""
        return Check("certificate", title, "pass", found, hint)

    def tokens(self) -> list[Check]:
        """A token for each audience, and the roles in it."""
        return [self._token(audience) for audience in _SERVICES]

    def site(self) -> list[Check]:
        """Whether the site answers, what we may do there, and what is left of our budget."""
        checks = []
        for audience, service in _SERVICES.items():
            name, title = f"site-{audience}", f"The site by {service}"
            if not self.seen.roles.get(audience):
                none = "token with a role" if audience in self.seen.roles else "token"
                checks.append(Check(name, title, "unknown", f"There is no {none} to ask with."))
                continue
            checks.append(self._asked(audience, name, title))
        return [*checks, self._limits()]

    def told(self, path: str) -> dict[str, Any]:
        """What SharePoint says of the site below `_api`; {} where it does not say."""
        try:
            return json_of(self._get(f"{self._endpoints.site_url}{path}", "sharepoint"))
        except (requests.RequestException, ProvisionerError):
            return {}

    def _asked(self, audience: Audience, name: str, title: str) -> Check:
        ends = self._endpoints
        site = (
            f"{ends.graph_root}/v1.0/sites/{ends.hostname}:{ends.site_path}"
            if audience == "graph"
            else f"{ends.site_url}/_api/web/EffectiveBasePermissions"
        )
        try:
            answer = self._get(site, audience)
        except requests.RequestException as problem:
            lost = sentence_for(site, problem)
            return Check(name, title, "fail", lost.sentence, lost.hint)
        self.seen.headers |= {key.lower(): value for key, value in answer.headers.items()}
        if audience == "graph":
            self.seen.status = answer.status_code
        elif answer.status_code == 200:
            self.seen.site_role = role_of(json_of(answer))
        return answer_check(name, title, answer, f"https://{ends.hostname}{ends.site_path}")

    def _get(self, url: str, audience: Audience | None = None) -> requests.Response:
        headers = {"Accept": "application/json"}
        if audience is not None:
            headers["Authorization"] = f"Bearer {self._tokens.token(audience)}"
        return self._session.request("GET", url, headers=headers, timeout=(10, 30))

    def _token(self, audience: Audience) -> Check:
        name, title = f"token-{audience}", f"Token for {_SERVICES[audience]}"
        try:
            roles = self._tokens.roles(audience)
        except ProvisionerError as problem:
            return problem_check(name, title, problem)
        self.seen.roles[audience] = roles
        if not roles:
            return Check(
                name,
                title,
                "fail",
                "Signed in, and the token carries no role: nobody has consented to any.",
                "Have an admin of the tenant consent; `provisioner permissions` says to what.",
                "CONSENT-MISSING",
                refused=True,
            )
        return Check(name, title, "pass", f"It carries {', '.join(sorted(roles))}.")

    def _names(self, proxies: Mapping[str, str]) -> Check:
        unknown = []
        for root, proxy in proxies.items():
            host = urlsplit(proxy or root).hostname or proxy
            try:
                socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
            except OSError:
                unknown.append(host)
        if unknown:
            return Check(
                "dns",
                "Names",
                "fail",
                f"Not found: {', '.join(sorted(set(unknown)))}.",
                "Check the spelling of the site's host, and this machine's network or HTTPS_PROXY.",
            )
        return Check("dns", "Names", "pass", "Every host that we speak to is found.")

    def _proxy(self, root: str) -> str:
        if not self._session.trust_env:
            return ""
        found = self._session.merge_environment_settings(root, {}, None, None, None)["proxies"]
        return select_proxy(root, found) or ""

    def _authority(self) -> list[Check]:
        name, title, asked = "authority", "Sign-in service", self._now()
        url = f"{self._endpoints.authority}/v2.0/.well-known/openid-configuration"
        host = urlsplit(url).hostname
        try:
            answer = self._get(url)
        except requests.RequestException as problem:
            lost = sentence_for(url, problem)
            failed = Check(name, title, "fail", lost.sentence, lost.hint, "SIGN-IN-UNREACHABLE")
            return [failed, clock_check({}, asked)]
        found = json_of(answer)
        if answer.status_code == 200 and "token_endpoint" in found:
            check = Check(name, title, "pass", f"{host} knows the tenant.")
        elif answer.status_code in {400, 404}:
            text = f"{host} knows no tenant “{self._credentials.tenant_id}”."
            hint = "Check PROVISIONER_TENANT_ID and the cloud of the workspace."
            check = Check(name, title, "fail", text, hint, "TENANT-NOT-FOUND")
        else:
            text = (
                f"What answers for {host} is not the sign-in service (HTTP {answer.status_code})."
            )
            hint = "Check the proxy between here and Microsoft."
            check = Check(name, title, "fail", text, hint, "SIGN-IN-UNREADABLE")
        headers = {key.lower(): value for key, value in answer.headers.items()}
        return [check, clock_check(headers, asked)]

    def _limits(self) -> Check:
        name, title, headers = "limits", "Throttling", self.seen.headers
        limit, left = headers.get("ratelimit-limit"), headers.get("ratelimit-remaining")
        if limit and left:
            found = f"{left} of {limit} resource units are left in this minute."
            low = left == "0"
            fix = f"Wait {headers.get('ratelimit-reset', 'a few')} seconds." if low else ""
            return Check(name, title, "fail" if low else "pass", found, fix)
        if not headers:
            return Check(name, title, "unknown", "No service has answered.")
        known = f" Lately it was {self._budget} resource units a minute." if self._budget else ""
        return Check(
            name,
            title,
            "pass",
            "Not near: the service names a limit from four fifths of a minute's budget on." + known,
        )
