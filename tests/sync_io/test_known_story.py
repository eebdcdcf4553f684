"""A month of one library, with what each run must say decided by hand beforehand."""

from __future__ import annotations

from datetime import date

from .conftest import LIBRARY, OWNER, REVIEWER, Site

OTHER = "Access Control Evidence"


def test_a_month_of_one_library_is_told_as_it_happened(site: Site) -> None:
    key = "api-security-evidence"
    numbers = {
        "scan.csv": site.approved("scan.csv", "E033", date(2026, 5, 10), b"the same scan " * 9),
        "scan-june.csv": site.approved("scan-june.csv", "E033", date(2026, 6, 10), b"the same scan " * 9),
        "scopes.csv": site.approved("scopes.csv", "E003", date(2026, 6, 5)),
        "endpoints.csv": site.approved("endpoints.csv", "E006", date(2026, 6, 5)),
        "limits.csv": site.approved("limits.csv", "E016", date(2026, 6, 8), b"limits " * 9),
        "tiny.csv": site.approved("tiny.csv", "E018", date(2026, 6, 8), b"0123456789"),
        "march.csv": site.approved("march.csv", "E002", date(2026, 3, 31)),
    }  # fmt: skip
    site.file("copy.csv", "E010", b"limits " * 9, library=OTHER, ActivityDate=date(2026, 6, 9))

    def flagged() -> dict[str, str]:
        """Name of each document of the library with what its columns say."""
        return {
            name: f"{fields.get('Freshness', '-')} {fields.get('Flags', '').partition(chr(10))[0]}"
            for name, number in numbers.items()
            for fields in [site.document(number)]
        }

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
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{numbers.pop('limits.csv')}")
    site.graph("PUT", f"{drive}/tiny.csv:/content", content=b"a real export " * 9)
    site.sync(date(2026, 6, 20))
    assert flagged() == {
        "scan.csv": "Superseded ",
        "scan-june.csv": "Fresh RECYCLED",
        "scopes.csv": "- CHANGED-AFTER-APPROVAL",
        "endpoints.csv": "Fresh EXTENDED-NOT-RENEWED",
        "tiny.csv": "- CHANGED-AFTER-APPROVAL",
        "march.csv": "Expired EXPIRED",
    }
    gone = [row for row in site.rows("Evidence Findings") if row.get("RuleCode") == "EVIDENCE-GONE"]
    assert not gone, "a copy in another evidence library has its bytes"

    # The reviewer looks again, the date goes back, the second scan is withdrawn, and the copy goes.
    site.at(date(2026, 6, 25))
    site.patch(LIBRARY, numbers["scopes.csv"], {"ReviewedOn": "2026-06-24T12:00:00Z"})
    site.patch(LIBRARY, numbers["tiny.csv"], {"ReviewedOn": "2026-06-24T12:00:00Z"})
    site.patch(LIBRARY, numbers["endpoints.csv"], {"ActivityDate": "2026-06-05T12:00:00Z"})
    site.patch(LIBRARY, numbers["scan-june.csv"], {"ReviewStatus": "Rejected"})
    copy = site.graph("GET", f"{site.path(OTHER)}/drive/root:/copy.csv:")["id"]
    site.graph("DELETE", f"{site.path(OTHER)}/drive/items/{copy}")
    run = site.sync(date(2026, 6, 25))
    assert flagged() == {
        "scan.csv": "Expired EXPIRED",  # the newest again; fresh until 10 June, expired after 24 June
        "scan-june.csv": "- ",
        "scopes.csv": "Fresh ",
        "endpoints.csv": "Fresh ",
        "tiny.csv": "Fresh ",
        "march.csv": "Expired EXPIRED",
    }
    states = {
        (one.rule, one.document.removeprefix(f"{key}/"))
        for one in run.judgement.verdicts
        if one.document and one.rule in ("EVIDENCE-GONE", "RECYCLED", "CHANGED-AFTER-APPROVAL")
    }
    assert len(states) == 1, states
    assert {rule for rule, _ in states} == {"EVIDENCE-GONE"}
    assert OWNER != REVIEWER
    assert site.sync(date(2026, 6, 25)).writes == 0
