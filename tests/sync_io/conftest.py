"""The pack's workspace on a local tenant: applied once, put back for each test, clock at 15 June 2026."""

from __future__ import annotations

import functools
import itertools
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msal
import pytest

from provisioner.cli import settings
from provisioner.cli.console import Console
from provisioner.cli.judging import site_handle
from provisioner.cli.operations import applied
from provisioner.cli.shared_options import run
from provisioner.cli.workspace import Workspace, open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Answer, Envelope, Outcome, Reading, Stats, Transport
from provisioner.emulator.model.sites import create_site
from provisioner.emulator.seeds import ADMINISTRATOR
from provisioner.emulator.server import RunningEmulator, environment, start
from provisioner.engine.executor import unfinished
from provisioner.engine.observe import observe
from provisioner.engine.planner import Options, plan
from provisioner.ledger.lock import LOCK_URL, Machine
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.sync.job import SyncRun, run_sync
from provisioner.sync.turn import Locking

TODAY = date(2026, 6, 15)
LIBRARY = "API Security Evidence"
OWNER, REVIEWER = "iam@contoso.example", "vciso@contoso.example"
FILE = """\
apiVersion: provisioner/v1
kind: Workspace
extends: soc2-fintech-api@1
parameters: {client: Acme Payments, auditStart: 2026-01-01, auditEnd: 2026-12-31}
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, owner: vciso@contoso.example, timeZone: America/Toronto}
"""
_SCOPE = "https://graph.microsoft.com/.default"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """A tenant in which the workspace has been applied and judged once; snapshot "applied"."""
    home = tmp_path_factory.mktemp("applied")
    patch = pytest.MonkeyPatch()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # requests lets them beat `verify`
        patch.delenv(name, raising=False)
    patch.setenv("PROVISIONER_HOME", str(home))
    running = start(home)
    try:
        running.tenant.set_setting("resourceUnitsPerMinute", 10_000_000)
        running.tenant.set_clock(datetime(2025, 12, 1, 9, tzinfo=UTC))
        _site_in_toronto(running)
        workspace = _opened(home, "")
        run(_apply(workspace))
        run(_job(workspace, TODAY))
        with _client(running) as http:
            http.post("/_emulator/snapshot", json={"name": "applied"}).raise_for_status()
        yield running
    finally:
        running.stop()
        patch.undo()


def _client(running: RunningEmulator) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(running.ca_path))
    return httpx.Client(base_url=running.url, verify=context, trust_env=False, timeout=30)


def _site_in_toronto(running: RunningEmulator) -> None:
    """An empty site whose days are Toronto's, on which the provisioner's app may do everything."""
    with running.tenant.lock:
        create_site(
            running.tenant, path="/sites/acme", title="Acme", template="SITEPAGEPUBLISHING#0",
            lcid=1033, owner_upn=ADMINISTRATOR, time_zone="America/Toronto",
        )  # fmt: skip
    with _client(running) as http:
        grant = {"site": "/sites/acme", "app": "provisioner", "role": "fullcontrol"}
        answer = http.post("/_emulator/grants", json=grant)
        assert answer.status_code == 200, answer.text


async def _apply(workspace: Workspace) -> None:
    async with transport_to(workspace, Silent()) as transport:
        observed = await observe(transport, workspace.desired, Silent())
        made = plan(workspace.desired, observed, Options())
        receipt = await applied(transport, workspace, observed, made, Options(), Console())
    problem = unfinished(receipt)
    assert problem is None, problem


@dataclass
class Meddler:
    """A `Transport` beside which somebody works: `meddle` is called once, before the first write."""

    inner: Transport
    meddle: Callable[[], None] | None = None
    reads: list[Reading] = field(default_factory=list)

    @property
    def hostname(self) -> str:
        return self.inner.hostname

    @property
    def site_path(self) -> str:
        return self.inner.site_path

    @property
    def stats(self) -> Stats:
        return self.inner.stats

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        self.reads += readings
        return await self.inner.read(readings)

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        if self.meddle is not None:
            meddle, self.meddle = self.meddle, None
            meddle()
        return await self.inner.write(envelopes)

    async def upload(self, path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        return await self.inner.upload(path, data, if_match=if_match)

    async def download(self, path: str) -> bytes | None:
        return await self.inner.download(path)

    async def app_roles(self) -> frozenset[str]:
        return await self.inner.app_roles()


@functools.cache
def _opened(folder: Path, more: str) -> Workspace:
    """The workspace with something added to its file. Opened once: the job does not change it."""
    file = folder / f"workspace-{len(more)}.yaml"
    file.write_text(FILE + more, "utf-8")
    return open_workspace(file, TODAY.isoformat())


_RUNS = itertools.count(1)


def _locking() -> Locking:
    """A run of its own on a machine where every process lives."""
    machine = Machine("desk", 1, "boot", lambda _run, _pid: True)
    run = f"sync-{next(_RUNS)}"
    moment = datetime(2026, 6, 15, tzinfo=UTC)
    return lambda transport: LockKeeper(transport, run, machine, lambda: moment)


async def _job(
    workspace: Workspace,
    today: date,
    *,
    full: bool = False,
    dry_run: bool = False,
    meddle: Callable[[], None] | None = None,
    reads: list[Reading] | None = None,
) -> SyncRun:
    async with transport_to(workspace, Silent()) as transport:
        beside = Meddler(transport, meddle, [] if reads is None else reads)
        return await run_sync(
            beside, site_handle(workspace), workspace.settings, today=today,
            as_of_now=datetime(2026, 6, 15, 18, tzinfo=UTC), full=full, dry_run=dry_run,
            progress=Silent(), locking=_locking(),
        )  # fmt: skip


@dataclass
class Site:
    """The applied site, with people who work on it and a job that judges it."""

    emulator: RunningEmulator
    http: httpx.Client
    token: str
    applied: Path
    ids: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    today: date = TODAY
    reads: list[Reading] = field(default_factory=list)

    # -- people ---------------------------------------------------------------------------------
    def at(self, day: date) -> None:
        """Set the tenant's clock to an afternoon."""
        self.today = day
        self._clock(day)

    def _clock(self, day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        self.emulator.tenant.set_clock(moment)

    def graph(self, method: str, path: str, json: Any = None, content: bytes | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.http.request(
            method, f"/v1.0{path}", json=json, content=content, headers=headers
        )
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def id_of(self, title: str) -> str:
        """Graph's id of the list with this title."""
        if not self.ids:
            site = self.graph("GET", "/sites/contoso.sharepoint.com:/sites/acme")
            self.ids["site"] = site["id"]
            for one in self.graph(
                "GET", f"/sites/{site['id']}/lists?$select=id,displayName,system"
            )["value"]:
                self.ids[one["displayName"]] = one["id"]
        return self.ids[title]

    def path(self, title: str) -> str:
        list_id = self.id_of(title)
        return f"/sites/{self.ids['site']}/lists/{list_id}"

    def rows(self, title: str) -> list[dict[str, Any]]:
        """Every row of a list, its fields and its id."""
        found = self.graph("GET", f"{self.path(title)}/items?$expand=fields&$top=2000")["value"]
        return [{**one["fields"], "id": one["id"]} for one in found]

    def row(self, title: str, column: str, value: str) -> dict[str, Any]:
        """The one row with this value."""
        [found] = [one for one in self.rows(title) if one.get(column) == value]
        return found

    def item_row(self, item: str) -> str:
        """The row of an expected item, looked up once."""
        if item not in self.items:
            self.items[item] = str(self.row("Expected Evidence", "ItemId", item)["id"])
        return self.items[item]

    def patch(self, title: str, row: str, fields: dict[str, Any]) -> None:
        self.graph("PATCH", f"{self.path(title)}/items/{row}/fields", fields)

    def add(self, title: str, fields: dict[str, Any]) -> str:
        return str(self.graph("POST", f"{self.path(title)}/items", {"fields": fields})["id"])

    def person(self, who: str) -> str:
        """The site's number for somebody."""
        from provisioner.emulator.model.principals import ensure_user

        with self.emulator.tenant.lock:
            site = self.emulator.tenant.one("SELECT id FROM site WHERE path = ?", "/sites/acme")
            assert site is not None
            return str(ensure_user(self.emulator.tenant, str(site["id"]), who)["id"])

    def file(
        self,
        name: str,
        item: str | None,
        data: bytes = b"",
        *,
        library: str = LIBRARY,
        uploaded: date | None = None,
        **facts: Any,
    ) -> str:
        """Upload a file and fill in its columns; gives the item id. Days go as `date`.

        `uploaded`: on that day, and the columns the day after; both today if left out.
        """
        if uploaded is not None:
            self._clock(uploaded)
        content = data or f"evidence {name} ".encode() * 4
        made = self.graph(
            "PUT", f"{self.path(library)}/drive/root:/{quote(name)}:/content", content=content
        )
        path = f"{self.path(library)}/drive/items/{made['id']}/listItem"
        number = str(self.graph("GET", path)["id"])
        if uploaded is not None:
            self._clock(date.fromordinal(uploaded.toordinal() + 1))
        people = {"owner": OWNER, "reviewer": None} | facts
        fields = {
            "EvidenceItemLookupId": self.item_row(item) if item else None,
            "EvidenceOwnerLookupId": self.person(people["owner"]) if people["owner"] else None,
            "ReviewerLookupId": self.person(people["reviewer"]) if people["reviewer"] else None,
            "SourceSystem": "Identity provider",
            "Sensitivity": "Confidential",
        }
        fields |= {
            key: f"{value}T12:00:00Z" if isinstance(value, date) else value
            for key, value in facts.items()
            if key not in ("owner", "reviewer")
        }
        self.patch(library, number, {key: value for key, value in fields.items() if value})
        self._clock(self.today)
        return number

    def approved(
        self, name: str, item: str | None, on: date, data: bytes = b"", **facts: Any
    ) -> str:
        """A file about a day, uploaded on it and approved by somebody else the day after."""
        given = {
            "ActivityDate": on, "CollectedOn": on, "ReviewStatus": "Approved",
            "ReviewedOn": date.fromordinal(on.toordinal() + 1), "reviewer": REVIEWER,
        }  # fmt: skip
        return self.file(name, item, data, **({"uploaded": on} | given | facts))

    def document(self, number: str, library: str = LIBRARY) -> dict[str, Any]:
        """All columns of a document, the hidden ones too."""
        names = "FileLeafRef,ReviewStatus,Freshness,FreshUntil,Flags,Clock,ApprovedStamp,_UIVersionString"
        path = f"{self.path(library)}/items/{number}?$expand=fields($select={names})"
        fields: dict[str, Any] = self.graph("GET", path)["fields"]
        return fields

    # -- the job --------------------------------------------------------------------------------
    def sync(
        self,
        today: date = TODAY,
        *,
        meddle: Callable[[], None] | None = None,
        full: bool = False,
        dry_run: bool = False,
        more: str = "",
    ) -> SyncRun:
        """One run of the job; `more` is added to the workspace file."""
        workspace = _opened(self.applied, more)
        self.http.request("DELETE", "/_emulator/requests")
        self.reads.clear()
        return run(
            _job(workspace, today, full=full, dry_run=dry_run, meddle=meddle, reads=self.reads)
        )

    def sent(self) -> list[str]:
        """The writes the last run sent, as the tenant counted them; taking the lock is none."""
        lock = f"/lists/{self.id_of(LOCK_URL)}/items/1/fields"
        rows = self.http.get("/_emulator/requests").json()
        return [
            f"{row['method']} {row['path']}"
            for row in rows
            if row["method"] != "GET"
            and "$batch" not in row["path"]
            and "/oauth2/" not in row["path"]
            and not row["path"].endswith(lock)
        ]


@pytest.fixture(scope="session")
def session(served: RunningEmulator) -> Iterator[tuple[httpx.Client, str]]:
    """A connection to the tenant, and the token of an app that may do everything."""
    env = environment(served.home, served.url, "full-control")
    pem = Path(env["EMULATOR_CERTIFICATE"]).read_text("utf-8")
    app = msal.ConfidentialClientApplication(
        env["EMULATOR_CLIENT_ID"],
        authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
        client_credential={"private_key": pem, "public_certificate": pem},
        instance_discovery=False,
        verify=env["EMULATOR_CA"],
    )
    token = app.acquire_token_for_client([_SCOPE])["access_token"]
    with _client(served) as http:
        yield http, str(token)


@pytest.fixture
def site(
    served: RunningEmulator,
    session: tuple[httpx.Client, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    """The applied site as nobody has touched it."""
    monkeypatch.setenv("PROVISIONER_HOME", str(served.home))
    http, token = session
    http.post("/_emulator/restore", json={"id": "applied"}).raise_for_status()
    http.delete("/_emulator/faults").raise_for_status()
    made = Site(served, http, token, served.home)
    made.at(TODAY)
    return made


@pytest.fixture
def loaded_once(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace file for the command line, loaded once a session however many commands ask.

    Whatever path they name, it is this file's workspace, in the test's own folder.
    """

    def opened(path: Path, as_of: str | None = None) -> Workspace:
        whole = _opened(site.applied, "")
        today = settings.today(whole.desired.scope.time_zone, as_of)
        desired = replace(whole.desired, scope=replace(whole.desired.scope, today=today))
        return replace(whole, desired=desired, loaded=replace(whole.loaded, folder=tmp_path))

    monkeypatch.setattr("provisioner.cli.workspace.open_workspace", opened)
    return site.applied / "workspace-0.yaml"
