"""Libraries, lists and content types: each property declared, applied, drifted alone, imported."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.address import address
from provisioner.core.progress import Silent
from provisioner.core.transport import Bindings, Envelope, Operation, ref
from provisioner.engine.observe import observe

WHOLE = (Path(__file__).parent / "lists.yaml").read_text("utf-8")
URL = "https://contoso.sharepoint.com/sites/listes"
PROOF, RISKS = (f"/_api/web/lists(guid'{ref(f'list:{key}')}')" for key in ("preuves", "risques"))
TYPE = f"/sites/{ref('site')}/contentTypes/{ref('contentType:Preuve')}"
TYPE_REST = f"/_api/web/contenttypes('{ref('contentType:Preuve')}')"
DEFAULTS = (
    "/_api/web/GetFileByServerRelativePath(decodedUrl="
    "'/sites/listes/Preuves/Forms/client_LocationBasedDefaults.html')/$value"
)
LABEL = "/_api/SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag"


@dataclass(frozen=True)
class Case:
    """One change that somebody else makes, and what drift must call it."""

    address: str
    path: str
    method: str
    request: str
    body: Any = None
    audience: str = "sharepoint"


def setting(path: str, name: str, value: object, home: str = PROOF) -> Case:
    key = "preuves" if home == PROOF else "risques"
    return Case(f"list:{key}", path, "MERGE", home, {name: value})


def use(column: str, word: str, value: bool) -> Case:
    request = f"{TYPE}/columns/{ref(f'column:{column}')}"
    path = f"columns.{column}.{word}"
    return Case("contentType:Preuve", path, "PATCH", request, {word: value}, "graph")


def order(*names: str) -> dict[str, Any]:
    ids = [ref(f"list:preuves/contentType:{name}") for name in names]
    return {"UniqueContentTypeOrder": [{"StringValue": one} for one in ids]}


CASES = [
    setting("sync", "ExcludeFromOfflineClient", False),
    setting("gridEditing", "DisableGridEditing", False),
    setting("experience", "ListExperienceOptions", 2),
    setting("opening", "DefaultItemOpenInBrowser", True),
    setting("sensitivityLabel", "DefaultSensitivityLabelForLibrary", ""),
    setting("comments", "DisableCommenting", False, RISKS),
    setting("readItems", "ReadSecurity", 1, RISKS),
    setting("editItems", "WriteSecurity", 4, RISKS),
    use("Proprietaire", "required", False),
    use("Poids", "hidden", False),
    Case(
        "contentType:Preuve",
        "columnOrder",
        "POST",
        f"{TYPE_REST}/fieldlinks/reorder",
        {"internalNames": ["FileLeafRef", "Title", "Poids", "Domaine", "Proprietaire"]},
    ),
    Case(
        "contentType:Ancienne preuve",
        "hidden",
        "PATCH",
        f"/sites/{ref('site')}/contentTypes/{ref('contentType:Ancienne preuve')}",
        {"hidden": False},
        "graph",
    ),
    Case("contentType:Preuve", "template", "MERGE", TYPE_REST, {"DocumentTemplate": ""}),
    Case(
        "list:preuves/contentType:Preuve",
        "template",
        "MERGE",
        f"{PROOF}/contenttypes('{ref('list:preuves/contentType:Preuve')}')",
        {"DocumentTemplate": ""},
    ),
    Case(
        "list:preuves/contentType:Preuve",
        "columns.Proprietaire.required",
        "PATCH",
        f"/sites/{ref('site')}/lists/{ref('list:preuves')}/contentTypes/"
        f"{ref('list:preuves/contentType:Preuve')}/columns/{ref('column:Proprietaire')}",
        {"required": False},
        "graph",
    ),
    Case(
        "list:preuves/contentTypeOrder",
        "newMenu",
        "MERGE",
        f"{PROOF}/rootfolder",
        order("Preuve", "Preuve annuelle", "Ancienne preuve"),
    ),
    Case(
        "list:risques/contentTypeOrder", "enabled", "MERGE", RISKS, {"ContentTypesEnabled": False}
    ),
    Case(
        "list:preuves/contentType:Ancienne preuve",
        "name",
        "PATCH",
        f"/sites/{ref('site')}/lists/{ref('list:preuves')}/contentTypes/"
        f"{ref('list:preuves/contentType:Ancienne preuve')}",
        {"name": "Autre"},
        "graph",
    ),
    Case(
        "list:preuves/retentionLabel",
        "label",
        "POST",
        LABEL,
        {"listUrl": f"{URL}/Preuves", "complianceTagValue": "Evidence 3 years"},
    ),
]


async def look(file: Path) -> Bindings:
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        return (await observe(transport, opened.desired, Silent())).bindings()


async def send(file: Path, known: Bindings, *operations: Operation) -> None:
    async with transport_to(open_workspace(file), Silent()) as transport:
        for one in operations:
            ((outcome,),) = await transport.write([Envelope((one.filled(known),))])
            assert outcome.state == "done", (one.path, outcome)


def findings(answer: Any) -> set[tuple[str, str, str]]:
    return {(f["code"], f["address"], f["path"]) for f in answer.json()["findings"]}


def operation(method: str, path: str, body: Any = None, audience: str = "sharepoint") -> Operation:
    return Operation(audience, method, path, "x", "x", body=body)  # type: ignore[arg-type]


def drift(provisioner: Any, file: Path) -> set[tuple[str, str, str]]:
    return findings(provisioner("drift", file, "--format", "json"))


@pytest.fixture(autouse=True)
def template(provisioner: Any) -> Path:
    """The document that the file names as a template."""
    file = provisioner.folder / "Modèle de preuve.docx"
    file.write_bytes(b"first")
    return Path(file)


@pytest.fixture
def applied(provisioner: Any) -> Path:
    file = provisioner.file(WHOLE)
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.out + done.err
    return file


def test_each_property_is_applied_found_alone_mended_and_imported(
    provisioner: Any, applied: Path, tmp_path: Path
) -> None:
    provisioner.forget_requests()
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner.writes() == []
    known, before = asyncio.run(look(applied)), drift(provisioner, applied)
    # SharePoint lets nobody but its own page switch this on, and drift says so.
    assert before == {("DEFAULTS-NOT-ACTIVE", "list:preuves/defaultValues", "")}
    changes = [operation(one.method, one.request, one.body, one.audience) for one in CASES]
    values = (
        '<MetadataDefaults><a href="/sites/listes/Preuves/"><DefaultValue FieldName="Domaine">'
        'Accès</DefaultValue><DefaultValue FieldName="Poids">3</DefaultValue>'
        '<DefaultValue FieldName="Actif">1</DefaultValue></a>'
        '<a href="/sites/listes/Preuves/2026/T%201"><DefaultValue FieldName="Domaine">Changement'
        '</DefaultValue><DefaultValue FieldName="Echeance">2026-04-01T00:00:00Z</DefaultValue>'
        '<DefaultValue FieldName="Actif">True</DefaultValue>'
        '<DefaultValue FieldName="Proprietaire">R&amp;D &lt;lui&gt;</DefaultValue></a>'
        "</MetadataDefaults>"
    )
    changes.append(operation("PUT", DEFAULTS, values.encode()))
    asyncio.run(send(applied, known, *changes))
    own = "list:preuves/defaultValues"
    named = {(one.address, one.path) for one in CASES} | {
        (own, "Poids"),
        (own, "2026/T 1/Echeance"),
    }
    told = drift(provisioner, applied) - before
    assert told == {("DRIFT-CHANGED", *one) for one in named}
    mended = provisioner("apply", applied, "--yes")
    assert (mended.code, mended.err) == (0, "")
    assert len(drift(provisioner, applied)) == 1
    out = tmp_path / "imported.yaml"
    done = provisioner("import", URL, "--cloud", "emulator", "--out", out)
    assert done.code == 0, done.err
    text = out.read_text("utf-8")
    for said in ("inNewMenu: false", "present: false", "retentionLabel: Evidence 7 years"):
        assert said in text, text
    assert "Actif: true" in text  # what somebody else had set was kept
    plan = provisioner("plan", out, "--format", "json").json()
    assert {one["action"] for one in plan["changes"]} <= {"adopt", "forget"}, plan["changes"]
    copy = "list:preuves/contentType:Preuve"
    asyncio.run(
        send(
            applied, known, *(o for o, c in zip(changes, CASES, strict=False) if c.address == copy)
        )
    )
    done = provisioner("import", URL, "--cloud", "emulator", "--out", out, "--force")
    assert "required of Proprietaire" in done.err
    assert "template of content type Preuve" in done.err
    plan = provisioner("plan", out, "--format", "json").json()
    assert {one["action"] for one in plan["changes"]} <= {"adopt", "forget"}, plan["changes"]


def test_names_keys_and_addresses_change_and_nothing_is_made_anew(
    provisioner: Any, applied: Path
) -> None:
    before = asyncio.run(look(applied))
    text = WHOLE.replace("- key: preuves\n", "- key: dossiers\n    renamedFrom: [preuves]\n")
    text = text.replace("  - name: Preuve\n", "  - name: Pièce\n    renamedFrom: [Preuve]\n")
    text = text.replace("base: Preuve,", "base: Pièce,").replace(
        "Document, Preuve,", "Document, Pièce,"
    )
    file = provisioner.file(text)
    plan = provisioner("plan", file, "--format", "json").json()
    told = {(one["action"], one["address"]) for one in plan["changes"]}
    assert not {action for action, address in told} & {"create", "delete"}, told
    # Our records of the library went along with its key; only the content type's are begun anew.
    kept = {address for action, address in told if action == "forget"}
    assert kept == {"contentType:Preuve", "list:dossiers/contentType:Preuve"}
    assert provisioner("apply", file, "--yes", "--prune").code == 0
    after = asyncio.run(look(file))
    assert after["list:dossiers", "id"] == before["list:preuves", "id"]
    assert after[address("contentType", "Pièce"), "id"] == before["contentType:Preuve", "id"]
    assert (
        after[address("contentType", "Pièce", "list:dossiers"), "id"]
        == before["list:preuves/contentType:Preuve", "id"]
    )
    assert {code for code, _, _ in drift(provisioner, file)} == {"DEFAULTS-NOT-ACTIVE"}
    moved = provisioner.file(text.replace("url: Preuves", "url: Dossiers"))
    refused = provisioner("plan", moved)
    assert refused.code != 0
    assert "CHANGE-HELD" in refused.out + refused.err
    done = provisioner("apply", moved, "--yes", "--allow", "list:dossiers")
    assert done.code == 0, done.out + done.err
    assert asyncio.run(look(moved))["list:dossiers", "url"] == "/sites/listes/Dossiers"
    assert {code for code, _, _ in drift(provisioner, moved)} == {"DEFAULTS-NOT-ACTIVE"}


def test_another_document_under_the_same_name_is_another_template(
    provisioner: Any, applied: Path, template: Path
) -> None:
    template.write_bytes(b"second")
    plan = provisioner("plan", applied, "--format", "json").json()
    changed = {
        (one["address"], field["path"]) for one in plan["changes"] for field in one["fields"]
    }
    named = {"contentType:Preuve", "list:preuves/contentType:Preuve"}
    assert changed == {(address, "template") for address in named}
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner("plan", applied, "--format", "json").json()["changes"] == []
    template.write_bytes(b"")
    told = provisioner("validate", applied)
    assert "TEMPLATE-FILE" in told.out + told.err


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("{Domaine: Accès, Poids: 2.5}", "{Domaine: Acces}", "DEFAULT-VALUE"),
        ("{Domaine: Accès, Poids: 2.5}", "{Poids: lourd}", "DEFAULT-VALUE"),
        ("{Domaine: Accès, Poids: 2.5}", "{Domain: Accès}", "DEFAULT-COLUMN"),
        ('Echeance: "2026-03-31"', 'Echeance: "2026-02-30"', "DEFAULT-VALUE"),
    ],
)
def test_a_default_value_that_cannot_be_is_refused_at_its_line(
    provisioner: Any, before: str, after: str, code: str
) -> None:
    assert before in WHOLE
    told = provisioner("validate", provisioner.file(WHOLE.replace(before, after)))
    assert told.code != 0
    line = next(n for n, text in enumerate(WHOLE.splitlines(), 1) if before in text)
    assert code in told.out + told.err
    assert f":{line}:" in told.out + told.err
