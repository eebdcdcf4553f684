"""What happens when the site changes between runs, or while one is under way."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.sync.job import SyncRun

from .conftest import LIBRARY, TODAY, Site


def titles(run: SyncRun) -> set[str]:
    return {document.name for document in run.facts.documents}


def package(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


def test_a_deleted_file_is_judged_no_more_and_its_findings_are_resolved(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    site.sync()
    key = f"STALE api-security-evidence/{number}"
    assert site.row("Evidence Findings", "FindingKey", key)["State"] == "Open"
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{number}")

    run = site.sync()

    assert titles(run) == set()
    row = site.row("Evidence Findings", "FindingKey", key)
    assert (row["State"], row["ResolvedOn"]) == ("Resolved", "2026-06-15T04:00:00Z")
    index = site.row("Evidence Index", "EvidenceId", f"api-security-evidence/{number}")
    assert "DocumentUrl" not in index
    assert "ReviewStatus" not in index
    assert site.sync().writes == 0


def test_a_token_that_is_too_old_means_reading_all_again_and_writing_nothing(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    later = date(2026, 6, 20)
    with site.emulator.tenant.lock:
        site.emulator.tenant.set_setting("deltaTokenDays", 2)
    site.at(later)

    run = site.sync()

    assert titles(run) == {"fresh.pdf"}
    assert any("read whole" in note for note in run.notes)
    assert (run.writes, site.sent()) == (0, [])


def test_full_reads_everything_and_writes_nothing_when_nothing_changed(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    run = site.sync(full=True)
    assert (run.changed, run.writes, site.sent()) == (1, 0, [])


def test_without_what_was_kept_the_run_reads_all_and_writes_it_again(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    facts = site.path("Provisioner facts")
    site.graph("PUT", f"{facts}/drive/root:/facts.json.gz:/content", content=b"no gzip")
    run = site.sync()
    assert titles(run) == {"fresh.pdf"}
    assert "What the last run kept cannot be read, so everything is read anew." in run.notes
    assert run.written.total == run.written.kept == 1


def test_an_item_somebody_edits_during_the_run_is_decided_anew(site: Site) -> None:
    """Their anchor wins, and so does what follows from it."""
    site.approved("policy.pdf", "E009", date(2026, 1, 1))

    def meddle() -> None:
        row = site.row("Expected Evidence", "ItemId", "E009")
        site.patch("Expected Evidence", row["id"], {"Enabled": False})

    site.sync(meddle=meddle)

    row = site.row("Expected Evidence", "ItemId", "E009")
    assert row["Enabled"] is False
    assert row["Coverage"] == "Not applicable"
    assert site.sync().writes == 0


def test_a_document_somebody_edits_during_the_run_is_seen_by_the_next(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))

    def meddle() -> None:
        site.patch(LIBRARY, number, {"ReviewStatus": "Rejected"})

    site.sync(meddle=meddle)
    seen = site.document(number)
    assert (seen["Freshness"], seen["ReviewStatus"]) == ("Stale", "Rejected")

    run = site.sync()

    assert run.changed == 1
    assert "Freshness" not in site.document(number)
    assert site.sync().writes == 0


def test_an_edit_without_consequence_is_kept_and_nothing_else_is_written(site: Site) -> None:
    number = site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    site.patch(LIBRARY, number, {"Sensitivity": "Internal"})
    run = site.sync()
    assert run.written.total == run.written.kept == 1
    assert site.sync().writes == 0


def test_saving_an_office_file_unchanged_is_no_change_after_approval(site: Site) -> None:
    """Only what people wrote counts: SharePoint puts column values into docProps by itself."""
    book = package(xl__workbook=b"<x/>", docProps__core=b"one")
    number = site.approved("book.xlsx", "E002", date(2026, 6, 10), book)
    site.sync()
    site.patch(LIBRARY, number, {"Sensitivity": "Internal"})  # rewrites the file
    run = site.sync()
    [document] = run.facts.documents
    assert document.identity == document.known_identity
    assert run.judgement.documents[document.key].flags == ()


def test_content_changed_after_approval_is_found(site: Site) -> None:
    number = site.approved("report.pdf", "E002", date(2026, 6, 10))
    site.sync()
    site.graph(
        "PUT",
        f"{site.path(LIBRARY)}/drive/root:/report.pdf:/content",
        content=b"other content " * 4,
    )
    site.sync()
    assert site.document(number)["Flags"].startswith("CHANGED-AFTER-APPROVAL\n")


def test_an_office_file_that_is_no_package_cannot_be_judged(site: Site) -> None:
    number = site.approved("broken.docx", "E002", date(2026, 6, 10), b"not a zip at all, no no")
    site.sync()
    assert site.document(number)["Flags"].startswith("CANNOT-JUDGE\n")


def test_folders_are_no_documents_and_files_inside_them_are(site: Site) -> None:
    site.graph(
        "PUT", f"{site.path(LIBRARY)}/drive/root:/2026/inside.pdf:/content", content=b"inside " * 9
    )
    assert titles(site.sync()) == {"inside.pdf"}


def test_a_file_renamed_and_moved_stays_the_document_it_is(site: Site) -> None:
    number = site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    path = f"{site.path(LIBRARY)}/drive"
    site.graph("PUT", f"{path}/root:/2026/other.pdf:/content", content=b"other evidence " * 4)
    site.sync()
    folder = site.graph("GET", f"{path}/root:/2026")["id"]
    change = {"name": "renamed.pdf", "parentReference": {"id": folder}}
    site.graph("PATCH", f"{path}/root:/fresh.pdf:", change)
    run = site.sync()
    assert titles(run) == {"renamed.pdf", "other.pdf"}
    assert run.judgement.documents[f"api-security-evidence/{number}"].sound
    assert site.sync().writes == 0

    site.graph("PATCH", f"{path}/items/{folder}", {"name": "2026 first half"})
    run = site.sync()
    assert all("/2026%20first%20half/" in one.url for one in run.facts.documents)
    index = site.row("Evidence Index", "EvidenceId", f"api-security-evidence/{number}")
    assert index["DocumentUrl"].endswith("/2026%20first%20half/renamed.pdf")
    assert site.sync().writes == 0


def test_an_item_that_is_no_longer_on_the_list_is_bad_metadata(site: Site) -> None:
    number = site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    row = site.row("Expected Evidence", "ItemId", "E002")
    site.graph("DELETE", f"{site.path('Expected Evidence')}/items/{row['id']}")
    run = site.sync()
    [document] = run.facts.documents
    assert document.item == f"#{row['id']}"
    assert site.document(number)["Flags"].startswith("BAD-METADATA")


def test_an_attestation_stays_known_after_it_is_overwritten(site: Site) -> None:
    row = site.row("Expected Evidence", "ItemId", "E014")
    who = site.person("iam@contoso.example")
    given = {"AttestedOn": "2026-02-10T05:00:00Z", "AttestedByLookupId": who}
    site.patch("Expected Evidence", row["id"], given)
    site.sync()
    given["AttestedOn"] = "2026-05-11T04:00:00Z"
    site.patch("Expected Evidence", row["id"], given)
    run = site.sync()
    [item] = [one for one in run.facts.items if one.id == "E014"]
    assert [one.on for one in item.attestations] == [date(2026, 2, 10), date(2026, 5, 11)]


def test_a_site_without_the_catalogue_is_told_to_apply(site: Site) -> None:
    list_id = site.id_of("Expected Evidence")
    with site.emulator.tenant.lock:
        site.emulator.tenant.run("UPDATE list SET url = url || 'Old' WHERE id = ?", list_id)
    with pytest.raises(ProvisionerError) as caught:
        site.sync()
    assert caught.value.code == "WORKSPACE-NOT-APPLIED"
    assert "ExpectedEvidence" in caught.value.message
    assert site.sent() == []


def test_an_unchanged_run_reads_little_whatever_the_number_of_files(site: Site) -> None:
    for number in range(12):
        site.approved(f"fresh-{number}.pdf", "E002", date(2026, 6, 10))
    site.sync()
    few = len(site.http.get("/_emulator/requests").json())
    site.sync()
    fewer = site.http.get("/_emulator/requests").json()
    assert len(fewer) < few
    assert not [
        row for row in fewer if row["path"].endswith("/content") and "facts" not in row["path"]
    ]


def test_today_is_the_day_it_is_told(site: Site) -> None:
    assert site.sync().judgement.today == TODAY
