"""Delegated scopes: what of a request is for which resource, and what it lets the app do.

Source: "Scopes and permissions in the Microsoft identity platform"
(learn.microsoft.com/entra/identity-platform/scopes-oidc): a scope names its resource in front
("https://graph.microsoft.com/Sites.Read.All"), a bare one is Microsoft Graph's, the OpenID scopes
belong to none, and a request is for one resource.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from provisioner.emulator.entra import problems

OPENID = frozenset({"openid", "profile", "email", "offline_access"})
# A delegated permission of SharePoint and the application permission that does the same.
_SHAREPOINT = {
    "AllSites.Read": "Sites.Read.All",
    "AllSites.Write": "Sites.ReadWrite.All",
    "AllSites.Manage": "Sites.Manage.All",
    "AllSites.FullControl": "Sites.FullControl.All",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope parameter taken apart.

    `resource` is what stood in front of the scopes, "" for none; `names` are the scopes without
    it, ".default" among them; `openid` are the OpenID scopes; `spelled` is all of it as sent.
    """

    resource: str
    names: tuple[str, ...]
    openid: frozenset[str]
    spelled: tuple[str, ...]

    def granted(self, app_id: str, consented: Collection[str]) -> tuple[str, ...]:
        """The consented scopes that are asked for; raises `EntraRefusal` 65001 for any other."""
        if ".default" in self.names:
            return tuple(consented)
        known = {name.lower(): name for name in consented}
        missing = [name for name in self.names if name.lower() not in known]
        if missing:
            raise problems.no_consent(app_id, missing[0])
        return tuple(known[name.lower()] for name in self.names)


def read(text: str) -> Asked:
    """Take a scope parameter apart; raises `EntraRefusal` 28000 for scopes of two resources."""
    spelled = tuple(text.split())
    resources: set[str] = set()
    names: list[str] = []
    openid: set[str] = set()
    for scope in spelled:
        if scope.lower() in OPENID:
            openid.add(scope.lower())
            continue
        resource, slash, name = scope.rpartition("/")
        resources.add(resource.rstrip("/") if slash else "")
        names.append(name)
    if len(resources) > 1:
        raise problems.two_resources(text)
    if ".default" in names and len(names) > 1:
        raise problems.default_with_others(text)
    return Asked(next(iter(resources), ""), tuple(names), frozenset(openid), spelled)


def permissions(audience: str, scopes: Collection[str]) -> frozenset[str]:
    """Delegated scopes of "graph" or "sharepoint" by the names the routes know."""
    if audience == "graph":
        return frozenset(scopes)
    return frozenset(_SHAREPOINT.get(scope, scope) for scope in scopes)
