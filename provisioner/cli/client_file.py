"""The workspace file of a new client: it validates, and its comments teach."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from provisioner.core.errors import SpecInvalid, Usage, Where

if TYPE_CHECKING:
    from provisioner.spec.packs import Pack
    from provisioner.spec.parameters import Parameter

SignInMethod = Literal["certificate", "federated", "managed-identity", "device-code"]
CiSystem = Literal["github", "azure-devops"]
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/+-]*")
_ID = "clientId: env:PROVISIONER_CLIENT_ID"
_SIGN_INS = {
    "certificate": f"{{method: certificate, {_ID}, certificate: file:app.pem}}",
    "federated": f"{{method: federated, {_ID}}}",
    "managed-identity": "{method: managed-identity}",
    "device-code": f"{{method: device-code, {_ID}}}",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the client's site is. `host` "" is the local tenant; `path` "" is made from the name.

    `adopt`: the site is there already. `owner` is a mail address, "" for nobody yet.
    """

    host: str = ""
    cloud: str = "emulator"
    path: str = ""
    adopt: bool = False
    owner: str = ""
    time_zone: str = "UTC"
    sign_in: SignInMethod = "certificate"


LOCAL = Place()


def place_of(site: str, *, adopt: bool, owner: str, time_zone: str, sign_in: SignInMethod) -> Place:
    """The place behind a site's address, "" for the local tenant.

    Raises `Usage` BAD-SITE-URL, HOST-WITHOUT-SITES.
    """
    if not site:
        return Place(adopt=adopt, owner=owner, time_zone=time_zone)
    from provisioner.tenant.endpoints import cloud_of, microsoft_endpoints, site_parts

    host, path = site_parts(site)
    cloud = cloud_of(host)
    if cloud is not None:
        microsoft_endpoints(cloud, "", host, path)
    if cloud is None:
        raise Usage(
            "BAD-SITE-URL",
            f"{host} is no SharePoint host we know.",
            hint="It looks like contoso.sharepoint.com; copy it from the browser.",
        )
    return Place(host, cloud, path, adopt, owner, time_zone, sign_in)


def slug_of(client: str, *otherwise: str) -> str:
    """A name for a folder and a site address: `Acme Payments Ltd.` gives `acme-payments-ltd`.

    A name in a script that no address is written in takes it from the first of `otherwise` that
    gives one. Raises `Usage` BAD-CLIENT when none does.
    """
    for name in (client, *otherwise):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
        if slug:
            return slug[:40].rstrip("-")
    raise Usage(
        "BAD-CLIENT",
        f"“{client}” gives no address: one is written in the letters a to z and digits.",
        hint="Keep the name, and say the folder with --dir, as in `--dir acme`; the address follows it.",
    )


def packs_of(template: str, options: tuple[str, ...]) -> list[Pack]:
    """The packs of those names, the newest where no version is said. Raises `SpecInvalid`."""
    named = [(template, "--template"), *((one, "--with") for one in options)]
    return [_pack(name, flag) for name, flag in named]


def missing_in(values: dict[str, str], packs: list[Pack]) -> list[Parameter]:
    """What the packs ask for, have no default for, and was not given."""
    from provisioner.spec.sources import asked_by

    return [one for one in asked_by(packs) if one.default is None and one.name not in values]


def workspace_text(
    client: str,
    slug: str,
    template: str,
    values: dict[str, str],
    options: tuple[str, ...] = (),
    place: Place = LOCAL,
) -> str:
    """The file, with what a first reader needs to know. `template` and `options` name packs.

    Raises:
        SpecInvalid: for a pack that is not there.
        Usage: PARAMETER-MISSING, with what the packs ask for.
    """
    packs = packs_of(template, options)
    missing = missing_in(values, packs)
    if missing:
        asked = "; ".join(f"{one.name} ({one.description.rstrip('.')})" for one in missing)
        given = " ".join(
            f"--set {one.name}={'2026-01-01' if one.type == 'date' else '…'}" for one in missing
        )
        raise Usage("PARAMETER-MISSING", f"The pack asks for more: {asked}.", hint=f"Add {given}")
    names = [f"{one.name}@{one.major}" for one in packs]
    standard, _, _ = packs[0].name.partition("-")
    title = f"{client} {'SOC 2' if standard == 'soc2' else packs[0].title} evidence"
    lines = [
        "# yaml-language-server: $schema=./workspace.schema.json",
        "# (that file is written by `provisioner schema --out workspace.schema.json`)",
        f"# {' '.join(client.split())}: what its evidence workspace must be.",
        "# `provisioner plan` shows what would change.",
        "apiVersion: provisioner/v1",
        "kind: Workspace",
        f"extends: {_listed(names)}            # {packs[0].summary}",
        "parameters:",
        *(f"  {name}: {_quoted(value)}" for name, value in values.items()),
        "",
        *_tenant(place),
        "",
        *_site(place, place.path or f"/sites/{slug}-{standard}", title),
        "",
        *_REST,
    ]
    return "\n".join(lines)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _tenant(place: Place) -> Iterator[str]:
    yield "tenant:"
    if not place.host:
        yield "  cloud: emulator               # the local tenant; `global` for Microsoft 365, and then:"
        yield "  # hostname: yourcompany.sharepoint.com"
        yield "  # tenantId: env:PROVISIONER_TENANT_ID"
        yield f"  # auth: {_SIGN_INS['certificate']}"
        return
    yield f"  cloud: {place.cloud}"
    yield f"  hostname: {place.host}"
    yield "  # No id and no secret stands here, only where each is kept: env:NAME or file:path."
    yield "  tenantId: env:PROVISIONER_TENANT_ID"
    yield f"  auth: {_SIGN_INS[place.sign_in]}"


def _site(place: Place, path: str, title: str) -> Iterator[str]:
    yield "site:"
    yield f"  url: {path}"
    yield f"  title: {_quoted(title)}"
    if place.adopt:
        yield "  create: never                 # the site is there already"
    else:
        yield "  create: communication         # `never` adopts a site that is there already"
    yield f"  owner: {_quoted(place.owner) if place.owner else 'vciso@contoso.example'}"
    zone = place.time_zone if _PLAIN.fullmatch(place.time_zone) else _quoted(place.time_zone)
    yield f"  timeZone: {zone:<19} # the site's own time zone; days are counted in it"


_REST = (
    "# Who fills which role of the catalogue:",
    "# people:",
    "#   IAM admin: iam@contoso.example",
    "",
    "# Anything in the pack can be changed here, by key, name or id:",
    "# evidence:",
    "#   - {id: E049, cadence: weekly}",
    "",
)


def _pack(name: str, flag: str) -> Pack:
    from provisioner.spec.packs import available, find_pack

    newest = {one.name: one.major for one in available()}
    reference = name if "@" in name else f"{name}@{newest.get(name, 1)}"
    pack, problems = find_pack(reference, Where(flag, 1, 1))
    if pack is None:
        raise SpecInvalid(tuple(problems))
    return pack
