"""The site itself: made by the way the app may take, every setting kept, each tampering named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.resource import Action, Change, FieldChange
from provisioner.core.transport import Bindings, Envelope, Operation, Outcome, Transport
from provisioner.emulator.server import environment
from provisioner.engine.capabilities import allowed
from provisioner.engine.observe import observe
from provisioner.engine.planner import Options
from provisioner.engine.pointer import at_pointer
from provisioner.kinds import kind_named

HUB = "/sites/compliance"
HEAD = "apiVersion: provisioner/v1\nkind: Workspace\ntenant: {cloud: emulator}\n"
PLAIN = (
    HEAD + "site: {url: /sites/acme, title: Acme evidence, create: communication, "
    "owner: vciso@contoso.example}\n"
)
WHOLE = (
    HEAD
    + """site:
  url: /sites/acme
  title: Acme evidence
  description: What the auditors see
  create: communication
  owner: vciso@contoso.example
  sharing: ownersOnly
  guestInvitations: false
  anonymousLinks: false
  hub: https://contoso.sharepoint.com/sites/compliance
  logo: file:Acme logo.png
  themeColor: "#0B6A0B"
  headerLayout: compact
  headerEmphasis: dark
  footer: true
  quickLaunch: false
  megaMenu: false
  searchScope: site
"""
)


def rest(method: str, path: str, body: object = None, **more: Any) -> Operation:
    return Operation("sharepoint", method, path, "x", "x", body=body, **more)  # type: ignore[arg-type]


def web(**body: object) -> Operation:
    return rest("MERGE", "/_api/web", body)


TAMPERED = [
    ("title", web(Title="Another")),
    ("sharing", web(MembersCanShare=True)),
    ("sharing", rest("MERGE", "/_api/web/AssociatedMemberGroup", {"AllowMembersEditMembership": True})),
    ("hub", rest("POST", "/_api/site/JoinHubSite('00000000-0000-0000-0000-000000000000')")),
    ("logo", web(SiteLogoUrl="")),
    ("themeColor", rest("POST", "/_api/ThemeManager/ApplyTheme",
                        {"name": "Red", "themeJson": '{"palette": {"themePrimary": "#a4262c"}}'})),
    ("headerLayout", rest("POST", "/_api/web/SetChromeOptions", {"headerLayout": 4})),
    ("headerEmphasis", rest("POST", "/_api/web/SetChromeOptions", {"headerEmphasis": 0})),
    ("footer", web(FooterEnabled=False)),
    ("quickLaunch", web(QuickLaunchEnabled=True)),
    ("megaMenu", web(MegaMenuEnabled=True)),
    ("searchScope", web(SearchScope=0)),
]  # fmt: skip
"""Each changes one property that the file declares."""


@pytest.fixture
def signed_in(provisioner: Any) -> Callable[[str, str], Path]:
    """The workspace file, signing in as that app of the emulator."""

    def write(app: str, text: str) -> Path:
        running = provisioner.running
        known = environment(running.home, running.url, app)
        auth = (
            f"auth: {{method: certificate, clientId: '{known['EMULATOR_CLIENT_ID']}', "
            f"certificate: 'file:{known['EMULATOR_CERTIFICATE']}'}}"
        )
        signed: Path = provisioner.file(
            text.replace("cloud: emulator", f"cloud: emulator, {auth}"), f"{app}.yaml"
        )
        return signed

    return write


async def done(transport: Transport, operation: Operation) -> Outcome:
    ((outcome,),) = await transport.write([Envelope((operation,))])
    assert outcome.state == "done", (operation.path, outcome)
    return outcome


def send(file: Path, *sent: Operation) -> None:
    async def all_of_it() -> None:
        async with transport_to(open_workspace(file), Silent()) as transport:
            for one in sent:
                await done(transport, one)

    asyncio.run(all_of_it())


def a_site(path: str) -> Operation:
    request = {
        "Title": path.rpartition("/")[2],
        "Url": f"https://contoso.sharepoint.com{path}",
        "WebTemplate": "STS#3",
        "Owner": "vciso@contoso.example",
    }
    return rest("POST", "/_api/SPSiteManager/create", {"request": request}, at="root")


def test_every_setting_is_kept_and_each_tampering_is_named(
    provisioner: Any, signed_in: Any
) -> None:
    hub = signed_in("full-control", PLAIN.replace("/sites/acme", HUB))
    send(hub, a_site(HUB), rest("POST", "/_api/site/RegisterHubSite"))
    (provisioner.folder / "Acme logo.png").write_bytes(b"a picture")
    file = signed_in("full-control", WHOLE)
    answer = provisioner("apply", file, "--yes")
    assert answer.code == 0, answer.out + answer.err
    provisioner.control.call(
        "POST", "grants", {"app": "provisioner", "site": "/sites/acme", "role": "fullcontrol"}
    )

    opened = open_workspace(file)
    scope, wanted = opened.desired.scope, opened.desired.resources["site"]
    kind = kind_named("site")

    async def differing(transport: Transport) -> tuple[FieldChange, ...]:
        answers = await transport.read(list(kind.inventory(scope)))
        (one,) = kind.found(scope, {}, answers)
        return tuple(
            FieldChange(path, one.properties.get(path), value)
            for path, value in wanted.properties.items()
            if value != one.properties.get(path)
        )

    async def tamper() -> None:
        async with transport_to(opened, Silent()) as transport:
            look = kind.inventory(scope)[0]
            known = Bindings({("site", "id"): (await transport.read([look]))[look].body["id"]})
            for path, change in TAMPERED:
                await done(transport, change)
                fields = await differing(transport)
                assert [one.path for one in fields] == [path]
                mending = Change("site", "site", Action.UPDATE, "", "low", fields, desired=wanted)
                for operation in kind.operations(mending, scope, frozenset()):
                    outcome = await done(transport, operation.filled(known))
                    for attribute, pointer in operation.produces.items():
                        known["site", attribute] = str(at_pointer(outcome.body, pointer))
                assert await differing(transport) == ()
            await done(transport, TAMPERED[0][1])

    asyncio.run(tamper())
    found = provisioner("drift", file, "--format", "json").json()["findings"]
    assert [(one["code"], one["address"], one["path"]) for one in found] == [
        ("DRIFT-CHANGED", "site", "title")
    ]
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0
    (provisioner.folder / "Acme logo.png").write_bytes(b"another picture")
    changes = provisioner("plan", file, "--format", "json").json()["changes"]
    assert [field["path"] for one in changes for field in one["fields"]] == ["logo"]
    out = provisioner.folder / "imported.yaml"
    answer = provisioner(
        "import", "https://contoso.sharepoint.com/sites/acme", "--cloud", "emulator", "--out", out
    )
    assert answer.code == 0, answer.out + answer.err
    text = out.read_text("utf-8")
    for said in ("sharing: ownersOnly", "hub: /sites/compliance", "themeColor: '#0b6a0b'",
                 "headerLayout: compact", "headerEmphasis: dark", "footer: true",
                 "quickLaunch: false", "megaMenu: false", "searchScope: site",
                 "logo: /sites/acme/SiteAssets/Acme-logo-"):  # fmt: skip
        assert said in text
    planned = provisioner("plan", out, "--format", "json").json()
    assert not planned["blocked"]
    assert {one["action"] for one in planned["changes"]} <= {"adopt"}


def test_an_app_with_sharepoints_permission_alone_asks_the_root_site(
    provisioner: Any, signed_in: Any
) -> None:
    provisioner.control.call("PUT", "settings", {"provisioningDelayMs": 200})
    text = PLAIN.replace("communication", "team").replace("owner:", "locale: de-DE, owner:")
    file = signed_in("older", text)
    assert "SPSiteManager" in provisioner("plan", file, "--format", "json").out
    answer = provisioner("apply", file, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert "POST /_api/SPSiteManager/create" in provisioner.writes()
    assert provisioner("drift", file).out.startswith("No drift")


def test_the_site_of_a_group_comes_with_the_group(provisioner: Any, signed_in: Any) -> None:
    provisioner.control.call("PUT", "settings", {"provisioningDelayMs": 200, "locale": "fr-FR"})
    text = PLAIN.replace("communication", "group").replace("owner:", "sharing: full, owner:")
    file = signed_in("full-control", text)
    answer = provisioner("apply", file, "--yes")
    assert answer.code == 0, answer.out + answer.err
    assert [one for one in provisioner.writes() if one.endswith("/groups")] == ["POST /v1.0/groups"]
    assert provisioner("drift", file).out.startswith("No drift")


def test_a_group_whose_site_is_elsewhere_is_told_and_not_made_again(
    provisioner: Any, signed_in: Any
) -> None:
    file = signed_in("full-control", PLAIN.replace("communication", "group"))
    send(file, a_site("/sites/acme"))
    state = provisioner.control.call("GET", "state")
    (site,) = (one for one in state["sites"] if one["path"] == "/sites/acme")
    send(file, rest("POST", "/_api/SPSiteManager/delete", {"siteId": site["id"]}, at="root"))
    answer = provisioner("apply", file, "--yes")
    assert answer.code != 0
    assert "/sites/acme2 and not at /sites/acme" in answer.out
    assert len([one for one in provisioner.writes() if one.endswith("/groups")]) == 1


def test_a_logo_that_is_not_there_is_told_with_its_line(provisioner: Any) -> None:
    answer = provisioner("validate", provisioner.file(WHOLE))
    assert answer.code == 2
    assert "SITE-LOGO" in answer.out + answer.err
    assert "workspace.yaml:5:3" in answer.out + answer.err


def test_an_owner_nobody_knows_is_told(provisioner: Any, signed_in: Any) -> None:
    text = PLAIN.replace("communication", "group").replace("vciso@", "nobody@")
    answer = provisioner("apply", signed_in("full-control", text), "--yes", "--format", "json")
    assert answer.code == 1
    receipt = answer.json()
    results = {one["address"]: one for one in receipt["results"]}
    assert results.pop("site")["code"] == "LOOKUP-EMPTY"
    assert {one["status"] for one in results.values()} == {"skipped"}
    assert "Look up the owner nobody@contoso.example" in answer.err
    kept = provisioner.running.home / "receipts" / f"{receipt['runId']}.json"
    assert kept.exists(), "a receipt that has no site to be kept in is kept on this machine"
    assert not provisioner.writes()


@pytest.mark.parametrize(
    ("app", "create", "missing"),
    [
        ("reader", "communication", "Sites.Create.All"),
        ("provisioner", "group", "Group.Create"),
    ],
)
def test_an_app_that_may_make_no_site_is_told_before_anything_is_sent(
    provisioner: Any, signed_in: Any, app: str, create: str, missing: str
) -> None:
    answer = provisioner("apply", signed_in(app, PLAIN.replace("communication", create)), "--yes")
    assert answer.code == 3
    assert "SITE-CREATE-DENIED" in answer.out + answer.err
    assert missing in answer.out + answer.err
    assert not provisioner.writes()


def test_what_only_an_administrator_sets_stops_the_plan(provisioner: Any, signed_in: Any) -> None:
    """The roles are asked for only while the site is missing."""
    file = signed_in("full-control", PLAIN.replace("owner:", "anonymousLinks: true, owner:"))
    send(file, a_site("/sites/acme"))
    answer = provisioner("plan", file)
    assert answer.code == 3
    assert "ADMINISTRATOR-ONLY" in answer.out
    assert "anonymousLinks" in answer.out

    async def asked() -> frozenset[str]:
        opened = open_workspace(file)
        async with transport_to(opened, Silent()) as transport:
            observed = await observe(transport, opened.desired, Silent())
            return (await allowed(transport, observed, Options())).capabilities

    assert asyncio.run(asked()) == frozenset()
