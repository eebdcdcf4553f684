"""Access Control Evidence: MFA, access reviews, admin exports, leavers."""

from __future__ import annotations

from datetime import date

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import CTO, IAM
from provisioner.cli.demo.tables import STAFF, Period, choose, days_in, listing, log, mail, pick

LIBRARY = "access-control-evidence"
_QUARTER = 3


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, IAM, CTO, "Identity provider", "Restricted")
    before_backlog = days.before(days.backlog)
    before_last_week = days.before(days.last_week)
    before_this_week = days.before(days.this_week)
    ending_soon = days.good_until(_QUARTER, 7)
    leavers: Period = (days.start, before_this_week)
    return (
        shelf.approved(
            f"mfa-report-{before_backlog}.xlsx",
            "E010",
            _mfa(before_backlog),
            filed=days.backlog,
            activity=before_backlog,
            freshness="Superseded",
            why="Last time's report. A newer one is there, so nobody has to do anything about it.",
        ),
        shelf.approved(
            f"mfa-report-{before_this_week}.xlsx",
            "E010",
            _mfa(before_this_week),
            filed=days.this_week,
            activity=before_this_week,
            freshness="Fresh",
            why="This month's report, reviewed by somebody else: as it should be.",
        ),
        shelf.approved(
            "access-review-cloud-administration.pdf",
            "E011",
            _review("Cloud administration", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            part="Cloud administration",
            query="group = cloud-admins, all members",
            freshness="Fresh",
            why="The item is judged once for each of eight systems. This one is done.",
        ),
        shelf.approved(
            "access-review-database-administration.xlsx",
            "E011",
            _review("Database administration", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            part="Database administration",
            freshness="Fresh",
            why="The second of the eight systems.",
        ),
        shelf.approved(
            "access-review-api-gateway.pdf",
            "E011",
            _review("API gateway", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            part="API gateway",
            reviewer=IAM,
            codes=("SELF-REVIEW",),
            why="The owner approved it herself. To an auditor that is no review.",
        ),
        shelf.approved(
            "access-review-q.pdf",
            "E011",
            _review("a system nobody named", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            codes=("NO-METADATA",),
            why="Part is empty, so nobody can say which system was reviewed.",
        ),
        shelf.approved(
            "admin-roles-cloud-administration.csv",
            "E012",
            _roles("Cloud administration", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            part="Cloud administration",
            query="roles = Owner, Contributor, User Access Administrator",
            freshness="Fresh",
            why="The export that belongs to the access review of the same week.",
        ),
        shelf.approved(
            "admin-roles-secrets-manager.csv",
            "E012",
            _roles("Secrets manager", ending_soon),
            filed=days.backlog,
            collected=ending_soon,
            activity=ending_soon,
            part="Secrets manager",
            codes=("DUE-SOON",),
            freshness="Due soon",
            why="Nearly three months old: good for some days yet.",
        ),
        shelf.approved(
            "leavers-sample.csv",
            "E013",
            _leavers(leavers),
            filed=days.this_week,
            period=leavers,
            query="HR: last day within the period; all leavers",
            source="HR system and identity provider",
            freshness="Fresh",
            why="Everybody who left since the window began, with the hour access ended.",
        ),
        shelf.submitted(
            "secrets-access-review.xlsx",
            "E031",
            _review("Secrets manager", before_last_week),
            filed=days.last_week,
            activity=before_last_week,
            reviewer=CTO,
            codes=("UNREVIEWED",),
            why="Handed in ten days ago; a review should take five business days.",
        ),
    )


def _mfa(day: date) -> Content:
    return listing(
        "MFA report: administrators", "identity provider, sign-in methods", day,
        ("Account", "Role", "Method", "Enforced", "Last sign-in"),
        tuple(
            (
                mail(name), choose(("Cloud admin", "Database admin", "Release manager"), name),
                choose(("Security key", "Authenticator app", "Passkey"), name), "yes",
                days_back.isoformat(),
            )
            for name in STAFF
            for days_back in (date.fromordinal(day.toordinal() - pick(9, name, day)),)
        ),
    )  # fmt: skip


def _review(system: str, day: date) -> Content:
    return listing(
        f"Privileged access review: {system}", f"{system}, members of administrator roles", day,
        ("Account", "Role", "Last used", "Decision", "Ticket"),
        tuple(
            (
                mail(name), choose(("Administrator", "Operator", "Break-glass"), system, name),
                f"{pick(80, system, name)} days ago",
                "remove" if pick(80, system, name) > 60 else "keep",
                f"ACC-{2000 + pick(900, system, name)}",
            )
            for name in STAFF[:9]
        ),
    )  # fmt: skip


def _roles(system: str, day: date) -> Content:
    return listing(
        f"Admin roles: {system}", system, day, ("Account", "Role", "Granted on", "Granted by"),
        tuple(
            (
                mail(name), choose(("Owner", "Contributor", "User Access Administrator"), system, name),
                date.fromordinal(day.toordinal() - 90 - pick(400, system, name)).isoformat(),
                mail(choose(STAFF, name, system)),
            )
            for name in STAFF[:10]
        ),
    )  # fmt: skip


def _leavers(period: Period) -> Content:
    count = len(tuple(days_in(period)))
    return log(
        "Leavers and the end of their access", "HR system and identity provider", period,
        ("Person", "Left at", "Access ended at", "Within 24 h"),
        lambda day: (
            f"E-{1000 + pick(900, day)}", "17:00", f"17:{pick(50, day) + 10}", "yes",
        ),
        step=max(count // 6 + 1, 1),
    )  # fmt: skip
