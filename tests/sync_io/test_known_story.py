"""A month of one library, with what each run must say decided by hand beforehand."""

from __future__ import annotations

from datetime import date

from provisioner.sync.job import SyncRun

from .conftest import LIBRARY, Site

OTHER = "Access Control Evidence"


def test_a_month_of_one_library_is_told_as_it_happened(site: Site) -> None:
    numbers = {
        "scan.csv": site.approved("scan.csv", "E033", date(2026, 5, 10), b"the same scan " * 9),
        "scan-june.csv": site.approved("scan-june.csv", "E033", date(2026, 6, 10), b"the same scan " * 9),
        "scopes.csv": site.approved("scopes.csv", "E003", date(2026, 6, 5)),
        "endpoints.csv": site.approved("endpoints.csv", "E006", date(2026, 6, 5)),
        "limits.csv": site.approved("limits.csv", "E016", date(2026, 6, 8), b"limits " * 9),
        "tiny.csv": site.approved("tiny.csv", "E018", date(2026, 6, 8), b"0123456789"),
        "march.csv": site.approved("march.csv", "E002", date(2026, 3, 31)),
    }  # fmt: skip

    def flagged() -> dict[str, str]:
        """Name of each document of the library with what its columns say."""
        return {
            name: f"{fields.get('Freshness', '-')} {fields.get('Flags', '').partition(chr(10))[0]}"
            for name, number in numbers.items()
            for fields in [site.document(number)]
        }

    def left(run: SyncRun) -> list[str | None]:
        return [one.document for one in run.judgement.verdicts if one.rule == "EVIDENCE-GONE"]

    site.sync(date(2026, 6, 15))
    assert flagged() == {
        "scan.csv": "Superseded ",
        "scan-june.csv": "Fresh RECYCLED",
        "scopes.csv": "Fresh ",
        "endpoints.csv": "Fresh ",
        "limits.csv": "Fresh ",
        "tiny.csv": "- EMPTY-FILE",
        "march.csv": "Expired EXPIRED",  # fresh until 30 April, expired after 14 May
    }

    # Content is replaced, a date is moved on, a file is deleted, and one gets its real content.
    site.at(date(2026, 6, 20))
    drive = f"{site.path(LIBRARY)}/drive/root:"
    site.graph("PUT", f"{drive}/scopes.csv:/content", content=b"other scopes " * 9)
    moved = {"ActivityDate": "2026-06-18T12:00:00Z", "ReviewedOn": "2026-06-19T12:00:00Z"}
    site.patch(LIBRARY, numbers["endpoints.csv"], moved)
    left_behind = f"api-security-evidence/{numbers['limits.csv']}"
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{numbers.pop('limits.csv')}")
    site.graph("PUT", f"{drive}/tiny.csv:/content", content=b"a real export " * 9)
    run = site.sync(date(2026, 6, 20))
    assert flagged() == {
        "scan.csv": "Superseded ",
        "scan-june.csv": "Fresh RECYCLED",
        "scopes.csv": "- CHANGED-AFTER-APPROVAL",
        "endpoints.csv": "Fresh EXTENDED-NOT-RENEWED",
        "tiny.csv": "- CHANGED-AFTER-APPROVAL",
        "march.csv": "Expired EXPIRED",
    }
    assert left(run) == [left_behind]

    # The reviewer looks again, the date goes back, the second scan is withdrawn, and somebody finds a
    # copy of what was deleted.
    site.at(date(2026, 6, 25))
    site.patch(LIBRARY, numbers["scopes.csv"], {"ReviewedOn": "2026-06-24T12:00:00Z"})
    site.patch(LIBRARY, numbers["tiny.csv"], {"ReviewedOn": "2026-06-24T12:00:00Z"})
    site.patch(LIBRARY, numbers["endpoints.csv"], {"ActivityDate": "2026-06-05T12:00:00Z"})
    site.patch(LIBRARY, numbers["scan-june.csv"], {"ReviewStatus": "Rejected"})
    site.file("copy.csv", "E010", b"limits " * 9, library=OTHER, ActivityDate=date(2026, 6, 9))
    run = site.sync(date(2026, 6, 25))
    assert flagged() == {
        "scan.csv": "Expired EXPIRED",  # the newest again, fresh until 10 June
        "scan-june.csv": "- ",
        "scopes.csv": "Fresh ",
        "endpoints.csv": "Fresh ",
        "tiny.csv": "Fresh ",
        "march.csv": "Expired EXPIRED",
    }
    assert left(run) == []
    assert site.sync(date(2026, 6, 25)).writes == 0
