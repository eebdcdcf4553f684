"""One screen for leadership: would it hold, what needs a push, what we will be asked, what comes next."""

from __future__ import annotations

from provisioner.report.ageing import by_person
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html import upcoming
from provisioner.report.html_page import moment, page
from provisioner.report.questions import Reply
from provisioner.report.readiness import ReadinessReport

_FIRST = (Reply.NO, Reply.PARTLY)


def leadership_html(report: ReadinessReport, brand: Brand = PLAIN) -> str:
    """The page, as text to be written in UTF-8 beside report.html, to which it leads."""
    unproven = [one for one in (*report.buyers, *report.checklist) if one.reply in _FIRST]
    return page(
        "leadership.html",
        {
            "report": report,
            "generated": moment(report.generated_at),
            "upcoming": upcoming(report),
            "waiting_for": by_person(report.waiting),
            "open_questions": sorted(unproven, key=lambda one: _FIRST.index(one.reply)),
            "roles": {item.id: item.owner_role for item in report.items},
        },
        brand,
    )
