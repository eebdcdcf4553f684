"""What a new tenant holds: app registrations, people, one Entra group, the root site.

Identifiers are made from names, so they are the same on every machine and after every reset; the
apps' secrets are not, they are made once per store and kept.
"""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass

from provisioner.emulator.model.localised import by_tag
from provisioner.emulator.model.sites import create_site
from provisioner.emulator.tenant import Tenant

_NAMESPACE = uuid.UUID("6f1d7c1e-5a0f-4c57-9a53-6d1f3f0b7d10")
TENANT_ID = str(uuid.uuid5(_NAMESPACE, "tenant"))


@dataclass(frozen=True, slots=True)
class AppRegistration:
    """An app with the permissions an administrator has consented to.

    `graph_scopes` and `sharepoint_scopes` are delegated permissions: what a person who signs in
    through the app lets it do. An app that is `public` signs people in without a credential.
    """

    name: str
    graph_roles: tuple[str, ...]
    sharepoint_roles: tuple[str, ...]
    graph_scopes: tuple[str, ...] = ()
    sharepoint_scopes: tuple[str, ...] = ()
    public: bool = False

    @property
    def app_id(self) -> str:
        """The client id."""
        return identifier(f"app:{self.name}")


APPS = (
    AppRegistration(
        "provisioner",
        ("Sites.Create.All", "Sites.Selected"),
        ("Sites.Selected", "TermStore.Read.All"),
    ),
    AppRegistration(
        "full-control",
        ("Sites.FullControl.All", "User.Read.All", "Group.Read.All", "Group.Create", "Mail.Send"),
        ("Sites.FullControl.All", "User.Read.All"),
    ),
    AppRegistration("older", ("Sites.Manage.All",), ("Sites.FullControl.All",)),
    AppRegistration("sync", ("Sites.Selected", "Mail.Send"), ("Sites.Selected",)),
    AppRegistration("list-sync", ("Lists.SelectedOperations.Selected",), ()),
    AppRegistration("reader", ("Sites.Read.All",), ("Sites.Read.All",)),
    AppRegistration("none", (), ()),
    AppRegistration(
        "interactive",
        (),
        (),
        (
            "User.Read",
            "User.ReadBasic.All",
            "Group.Read.All",
            "Sites.Read.All",
            "Sites.ReadWrite.All",
            "Sites.Manage.All",
            "Sites.FullControl.All",
            "Files.ReadWrite.All",
        ),
        ("AllSites.Read", "AllSites.Write", "AllSites.Manage", "AllSites.FullControl"),
        public=True,
    ),
)

ADMINISTRATOR = "vciso@contoso.example"
PEOPLE = (
    (ADMINISTRATOR, "Vera Cisneros"),
    ("iam@contoso.example", "Ines Amari"),
    ("sre@contoso.example", "Sven Reuter"),
    ("appsec@contoso.example", "Ada Pennington"),
    ("payments@contoso.example", "Pavel Mentov"),
    ("compliance@contoso.example", "Clara Lindqvist"),
    ("cto@contoso.example", "Tomas Ortega"),
    ("vendor@contoso.example", "Vanya Endo"),
    ("privacy@contoso.example", "Priya Vance"),
)
_GUEST_MAIL = "auditor@auditor.example"
GUESTS = (("auditor_auditor.example#EXT#@contoso.example", "Audrey Torres"),)
"""Names as Entra makes them: the mail address, then #EXT# and the tenant (learn.microsoft.com,
"Properties of a Microsoft Entra B2B collaboration user")."""
GROUP = "Evidence Contributors"


def registration(app_id: str) -> AppRegistration | None:
    """The seeded registration with this client id."""
    return next((app for app in APPS if app.app_id == app_id), None)


def identifier(name: str) -> str:
    """The GUID of something seeded under this name."""
    return str(uuid.uuid5(_NAMESPACE, name))


def seed(tenant: Tenant) -> None:
    """Fill an empty store; apps that are there keep their secret and certificate."""
    if tenant.one("SELECT 1 FROM user") is not None:
        return
    tenant.db.execute("BEGIN")
    try:
        _apps(tenant)
        _directory(tenant)
        locale = str(tenant.setting("locale"))
        create_site(
            tenant,
            path="",
            title="Contoso",
            template="SITEPAGEPUBLISHING#0",
            lcid=by_tag(locale).lcid,
            owner_upn=ADMINISTRATOR,
            time_zone="UTC",
        )
    except BaseException:
        tenant.roll_back()
        raise
    tenant.db.execute("COMMIT")


def _apps(tenant: Tenant) -> None:
    for app in APPS:
        tenant.run(
            "INSERT INTO app (app_id, name, secret, graph_roles, sharepoint_roles) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (app_id) DO UPDATE SET "
            "graph_roles = excluded.graph_roles, sharepoint_roles = excluded.sharepoint_roles",
            app.app_id,
            app.name,
            secrets.token_urlsafe(30),
            json.dumps(app.graph_roles),
            json.dumps(app.sharepoint_roles),
        )


def _directory(tenant: Tenant) -> None:
    for guest, people in ((0, PEOPLE), (1, GUESTS)):
        for upn, name in people:
            tenant.run(
                "INSERT INTO user (id, upn, display_name, mail, guest) VALUES (?, ?, ?, ?, ?)",
                identifier(f"user:{upn}"),
                upn,
                name,
                _GUEST_MAIL if guest else upn,
                guest,
            )
    group_id = identifier(f"group:{GROUP}")
    tenant.run(
        "INSERT INTO entra_group (id, display_name, mail_nickname) VALUES (?, ?, ?)",
        group_id,
        GROUP,
        "evidence-contributors",
    )
    for upn in ("iam@contoso.example", "sre@contoso.example", "appsec@contoso.example"):
        tenant.run(
            "INSERT INTO entra_group_member (group_id, member_id) VALUES (?, ?)",
            group_id,
            identifier(f"user:{upn}"),
        )
