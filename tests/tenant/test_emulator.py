"""The tenant client against the emulator over TLS: nothing is mocked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.core.transport import Envelope, Operation, Poll, Reading
from provisioner.emulator.server import RunningEmulator, environment, start
from provisioner.tenant.client import TenantClient, open_client
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints, emulator_endpoints

T = TypeVar("T")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    running = start(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture
def endpoints(emulator: RunningEmulator) -> Endpoints:
    tenant_id = environment(emulator.home, emulator.url)["EMULATOR_TENANT_ID"]
    return emulator_endpoints(emulator.url, emulator.ca_path, tenant_id, "")


def credentials(emulator: RunningEmulator, app: str = "full-control") -> Credentials:
    env = environment(emulator.home, emulator.url, app)
    return Credentials(
        "emulator",
        env["EMULATOR_TENANT_ID"],
        env["EMULATOR_CLIENT_ID"],
        certificate=env["EMULATOR_CERTIFICATE"],
        secret=env["EMULATOR_CLIENT_SECRET"],
    )


def run(
    endpoints: Endpoints, given: Credentials, work: Callable[[TenantClient], Awaitable[T]]
) -> T:
    async def go() -> T:
        async with open_client(endpoints, given, deadline=10) as client:
            return await work(client)

    return asyncio.run(go())


GRAPH = [Reading("graph", "/sites/root"), Reading("graph", "/sites/root/lists", pages=True)]
REST = [Reading("sharepoint", "/_api/web"), Reading("sharepoint", "/_api/web/lists", pages=True)]


def test_one_certificate_reads_both_batches_in_one_round_trip(
    emulator: RunningEmulator, endpoints: Endpoints
) -> None:
    async def work(client: TenantClient) -> None:
        answers = await client.read([*GRAPH, *REST])
        site, web = answers[GRAPH[0]].body, answers[REST[0]].body
        assert site["displayName"] == web["Title"] == "Contoso"
        assert site["id"].startswith("contoso.sharepoint.com,")
        shown = {row["id"] for row in answers[GRAPH[1]].body["value"]}
        assert shown <= {row["Id"] for row in answers[REST[1]].body["value"]}
        assert client.stats.round_trips == 1

    run(endpoints, credentials(emulator), work)


def test_both_kinds_of_batch_write(emulator: RunningEmulator, endpoints: Endpoints) -> None:
    def column(name: str) -> Operation:
        body = {"name": name, "text": {}}
        path = "/sites/root/lists/tenant-test/columns"
        return Operation("graph", "POST", path, f"column:{name}", "list:tenant-test", body)

    def web(body: dict[str, str]) -> Operation:
        return Operation("sharepoint", "MERGE", "/_api/web", "site", "site", body)

    create = Operation(
        "graph", "POST", "/sites/root/lists", "list:t", "site", {"displayName": "tenant-test"}
    )

    async def work(client: TenantClient) -> None:
        [[made]] = await client.write([Envelope((create,))])
        assert made.state == "done", made.message
        graph, rest = await client.write(
            [
                Envelope((column("One"), column("Two"), column("One"), column("Three")), True),
                Envelope((web({"Description": "d"}), web({"Description": "d"}))),
            ]
        )
        assert [o.state for o in graph] == ["done", "done", "failed", "skipped"]
        assert [o.state for o in rest] == ["done", "done"]
        columns = Reading("graph", "/sites/root/lists/tenant-test/columns", pages=True)
        answers = await client.read([columns, REST[0]])
        names = [row["name"] for row in answers[columns].body["value"]]
        assert "Two" in names
        assert "Three" not in names
        assert answers[REST[0]].body["Description"] == "d"

    run(endpoints, credentials(emulator), work)


def test_a_site_is_created_by_an_app_with_sites_selected_and_is_then_its_own(
    emulator: RunningEmulator, endpoints: Endpoints
) -> None:
    acme = replace(endpoints, site_path="/sites/tenant-test")
    create = Operation(
        "graph",
        "POST",
        "/beta/sites",
        "site",
        "site",
        {
            "name": "Acme",
            "webUrl": "https://contoso.sharepoint.com/sites/tenant-test",
            "template": "sitepagepublishing",
            "ownerIdentityToResolve": {"email": "vciso@contoso.example"},
        },
        poll=Poll(),
        alone=True,
    )
    site = Reading("graph", "/sites/contoso.sharepoint.com:/sites/tenant-test", absent_ok=True)

    async def work(client: TenantClient) -> None:
        assert (await client.read([site]))[site].status == 404
        [[made]] = await client.write([Envelope((create,))])
        assert made.state == "done", made.message
        answers = await client.read([site, REST[0]])
        assert answers[site].body["id"] == made.body["resourceId"]
        assert answers[REST[0]].body["Title"] == "Acme"

    run(acme, credentials(emulator, "provisioner"), work)


def test_a_file_goes_up_and_comes_down(emulator: RunningEmulator, endpoints: Endpoints) -> None:
    async def work(client: TenantClient) -> None:
        drive = Reading("graph", "/sites/root/drive")
        drive_id = (await client.read([drive]))[drive].body["id"]
        path = f"/drives/{drive_id}/root:/evidence.bin:/content"
        assert await client.download(path) is None
        outcome = await client.upload(path, b"\x00\xffbytes")
        assert outcome.state == "done", outcome.message
        assert await client.download(path) == b"\x00\xffbytes"
        again = await client.upload(path, b"other", if_match='"stale,1"')
        assert (again.state, again.status) == ("failed", 412)
        large = b"".join(bytes([number]) * 4099 for number in range(200))
        assert (await client.upload(path, large)).state == "done"
        assert await client.download(path) == large

    run(endpoints, credentials(emulator), work)


def test_a_secret_works_for_graph_and_is_refused_for_sharepoint(
    emulator: RunningEmulator, endpoints: Endpoints
) -> None:
    given = replace(credentials(emulator), method="secret", certificate="")

    async def work(client: TenantClient) -> None:
        await client.read(GRAPH)
        with pytest.raises(Refused) as caught:
            await client.read(REST)
        assert caught.value.code == "SHAREPOINT-NEEDS-CERTIFICATE"

    run(endpoints, given, work)


@pytest.mark.parametrize("readings", [GRAPH, REST])
def test_an_app_without_permission_is_refused_with_exit_code_3(
    emulator: RunningEmulator, endpoints: Endpoints, readings: list[Reading]
) -> None:
    with pytest.raises(Refused) as caught:
        run(endpoints, credentials(emulator, "none"), lambda client: client.read(readings))
    assert caught.value.exit_code == 3
    assert caught.value.hint


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "wrong", "method": "secret"}, "SECRET-WRONG"),
        ({"client_id": "00000000-0000-0000-0000-000000000001"}, "APP-NOT-FOUND"),
    ],
)
def test_wrong_credentials_are_said_in_a_sentence(
    emulator: RunningEmulator, endpoints: Endpoints, change: dict[str, str], code: str
) -> None:
    given = replace(credentials(emulator), **change)
    with pytest.raises(ProvisionerError) as caught:
        run(endpoints, given, lambda client: client.read(GRAPH))
    assert caught.value.code == code


def test_a_certificate_of_another_app_is_refused(
    emulator: RunningEmulator, endpoints: Endpoints
) -> None:
    other = credentials(emulator, "reader").certificate
    given = replace(credentials(emulator), certificate=other)
    with pytest.raises(ProvisionerError) as caught:
        run(endpoints, given, lambda client: client.read(GRAPH))
    assert caught.value.code == "CERTIFICATE-REFUSED"


def test_a_tenant_that_is_not_there(emulator: RunningEmulator, endpoints: Endpoints) -> None:
    elsewhere = replace(endpoints, authority=f"{emulator.url}/00000000-0000-0000-0000-000000000001")
    with pytest.raises(ProvisionerError) as caught:
        run(elsewhere, credentials(emulator), lambda client: client.read(GRAPH))
    assert caught.value.code == "TENANT-NOT-FOUND"


@pytest.mark.parametrize(
    "reading",
    [
        Reading("graph", "/sites/contoso.sharepoint.com:/sites/nowhere"),
        Reading("graph", "/sites/contoso.sharepoint.com:/sites/nowhere:/lists"),
        Reading("sharepoint", "/_api/web"),
        Reading("sharepoint", "/_api/web/lists"),
    ],
)
def test_a_site_that_is_not_there(
    emulator: RunningEmulator, endpoints: Endpoints, reading: Reading
) -> None:
    nowhere = replace(endpoints, site_path="/sites/nowhere")
    with pytest.raises(ProvisionerError) as caught:
        run(nowhere, credentials(emulator), lambda client: client.read([reading]))
    assert caught.value.code == "SITE-NOT-FOUND"


def test_a_ca_that_did_not_sign_the_emulator_is_not_trusted(
    emulator: RunningEmulator, endpoints: Endpoints, tmp_path: Path, certificate_pem: str
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(certificate_pem)
    with pytest.raises(Temporary) as caught:
        run(
            replace(endpoints, ca_path=other),
            credentials(emulator),
            lambda client: client.read(GRAPH),
        )
    assert caught.value.code == "SIGN-IN-UNREACHABLE"
    assert "not trusted" in caught.value.message


def test_nobody_listening_is_said_in_a_sentence(
    emulator: RunningEmulator, endpoints: Endpoints
) -> None:
    gone = emulator_endpoints("https://localhost:1", emulator.ca_path, "t", "")
    with pytest.raises(Temporary) as caught:
        run(gone, credentials(emulator), lambda client: client.read(GRAPH))
    assert "localhost:1" in caught.value.message
    assert "running" in caught.value.hint
