"""One screen for leadership: would it hold, what needs a push, what we will be asked, what comes next."""

from __future__ import annotations

from provisioner.report.ageing import by_person
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html import upcoming
from provisioner.report.html_page import moment, page
from provisioner.report.html_words import day
from provisioner.report.questions import Reply
from provisioner.report.readiness import ReadinessReport

_FIRST = (Reply.NO, Reply.PARTLY)
_PUSHED = 5
_SHOWN = 4
_LONG = 38
"""A name of more characters takes a second line, and there is room for `_SHOWN` second lines."""


def leadership_html(report: ReadinessReport, brand: Brand = PLAIN) -> str:
    """The page, as text to be written in UTF-8 beside report.html, to which it leads."""
    unproven = [one for one in (*report.buyers, *report.checklist) if one.reply in _FIRST]
    unproven.sort(key=lambda one: _FIRST.index(one.reply))
    ahead, people = upcoming(report)[:_SHOWN], by_person(report.waiting)[:_SHOWN]
    pushed = report.attention[:_PUSHED]
    names = [
        *(one.title for one in pushed),
        *(one.title for one in ahead),
        *(one.person for one in people),
        *(one.question.text for one in unproven[:_SHOWN]),
    ]
    return page(
        "leadership.html",
        {
            "report": report,
            "generated": moment(report.generated_at),
            "pushed": pushed,
            "upcoming": ahead,
            "late": any(one.next_due and one.next_due < report.today for one in report.items),
            "waiting_for": people,
            "unproven": len(unproven),
            "open_questions": unproven[:_SHOWN],
            "roles": {item.id: item.owner_role for item in report.items},
            "tight": sum(len(name) > _LONG for name in names) > _SHOWN,
        },
        brand,
        foot=f"{report.client}, evidence readiness as of {day(report.today)}",
    )
