"""Availability Evidence: uptime, backups, restores, incidents, dependencies."""

from __future__ import annotations

from datetime import date, timedelta

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days, months_from
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import COMPLIANCE, SRE
from provisioner.cli.demo.tables import STAFF, Period, choose, listing, log, mail, pick, policy

LIBRARY = "availability-evidence"


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, SRE, COMPLIANCE, "Monitoring platform", "Internal")
    before_this_week = days.before(days.this_week)
    until_backlog: Period = (days.start, days.before(days.backlog))
    until_this_week: Period = (days.start, before_this_week)
    until_last_week: Period = (days.start, days.before(days.last_week))
    plan = days.start + timedelta(days=75)
    old_month = days.two_months_back + timedelta(days=17)
    restored, old_exercise = days.before(days.backlog, 60), months_from(days.start, -14)
    stale, map_date = days.good_until(3, -9), days.good_until(6, 7)
    older_map = months_from(map_date, -6)
    return (
        shelf.approved(
            "uptime-to-backlog.pdf", "E042", _uptime(until_backlog, 7), filed=days.backlog,
            period=until_backlog, freshness="Superseded",
            why="The report of five weeks ago. The newer one says the same and more.",
        ),
        shelf.approved(
            "uptime.xlsx", "E042", _uptime(until_this_week, 1), filed=days.this_week,
            period=until_this_week, freshness="Fresh",
            why="Every day of the window so far, without a gap.",
        ),
        shelf.submitted(
            "on-call-schedule.csv", "E040", _on_call(until_last_week), filed=days.last_week,
            activity=until_last_week[1], source="Paging tool", status="Needs changes",
            decided=days.this_week, reviewer=COMPLIANCE, codes=("CANNOT-JUDGE",),
            freshness="Cannot judge",
            why="A log without its period: nobody can say which days it covers.",
        ),
        shelf.submitted(
            "incidents.csv", "E041", _incidents(until_this_week), filed=days.this_week,
            period=until_this_week, source="Incident tool", sensitivity="Confidential",
            query="all incidents opened in the period", status="In review", reviewer=COMPLIANCE,
            why="Handed in this week and being reviewed: nothing is wrong.",
        ),
        shelf.decided(
            "Rejected", "alert-review.pdf", "E039", _alert_review(old_month), filed=days.backlog,
            activity=old_month, source="Paging tool", codes=("REJECTED-STUCK",),
            why="Rejected a month ago, and nothing better has come.",
        ),
        shelf.approved(
            "incident-response-plan.pdf", "E046",
            policy(
                "Incident response plan", "2.0", plan, "Security lead",
                "Severity 1: an incident manager within 15 minutes, clients told within two hours.",
                "Every severity 1 or 2 incident is reviewed within ten business days.",
            ),
            filed=days.backlog, activity=plan, source="Policy repository", freshness="Fresh",
            why="Sound, but approved in the third month of the window: before that, none was in force.",
        ),
        shelf.approved(
            "tabletop-exercise.pdf", "E047",
            policy("Tabletop exercise: ransomware on the ledger", "1.0", old_exercise, "vCISO",
                   "Present: CTO, SRE lead, security lead. Played for two hours; six actions."),
            filed=days.backlog, activity=old_exercise, source="Exercise minutes",
            sensitivity="Confidential", codes=("EXPIRED", "OUT-OF-WINDOW"), freshness="Expired",
            why="More than a year before the window: too old to count for any audit period.",
        ),
        shelf.approved(
            "backup-configuration.png", "E048", _backup_plan(stale), filed=days.backlog,
            activity=stale, collected=stale, source="Backup tool", sensitivity="Confidential",
            codes=("STALE",), freshness="Stale", why="Last quarter's settings, past their day.",
        ),
        shelf.approved(
            "backup-report.csv", "E049", _backups(until_last_week), filed=days.last_week,
            period=until_last_week, source="Backup tool", sensitivity="Confidential",
            freshness="Fresh", why="Every night of the window so far.",
        ),
        shelf.approved(
            "restore-test.pdf", "E050", _restore(restored), filed=days.backlog, activity=restored,
            source="Restore run log", sensitivity="Confidential", freshness="Fresh",
            why="Done within the half-year: a backup is proven by a restore.",
        ),
        shelf.approved(
            "dependency-map-v1.pdf", "E053", _map(older_map, "1.0"), filed=days.backlog,
            activity=older_map, source="Architecture repository", freshness="Superseded",
            why="The map before this one. It shows that one was in force all the time.",
        ),
        shelf.approved(
            "dependency-map-v2.pdf", "E053", _map(map_date, "2.0"), filed=days.backlog,
            activity=map_date, source="Architecture repository", codes=("DUE-SOON",),
            freshness="Due soon", why="To be looked through again within some days.",
        ),
    )  # fmt: skip


def _uptime(period: Period, step: int) -> Content:
    return log(
        "Uptime by day" if step == 1 else "Uptime by week", "monitoring platform", period,
        ("API %", "Console %", "Minutes down"),
        lambda day: (
            (9990 + pick(10, day)) / 100, (9980 + pick(20, day, "c")) / 100, pick(4, day, "m"),
        ),
        step=step,
    )  # fmt: skip


def _on_call(period: Period) -> Content:
    return log(
        "On-call schedule", "paging tool", period, ("First", "Second"),
        lambda day: (mail(choose(STAFF, day)), mail(choose(STAFF, day, 2))), step=7,
    )  # fmt: skip


def _incidents(period: Period) -> Content:
    return log(
        "Incidents", "incident tool", period, ("Incident", "Severity", "Opened", "Resolved"),
        lambda day: (
            f"INC-{400 + pick(90, day)}", 2 + pick(3, day), "09:12", f"{10 + pick(9, day)}:40",
        ),
        step=28,
    )  # fmt: skip


def _alert_review(day: date) -> Content:
    return listing(
        "Alert review",
        "paging tool",
        day,
        ("Alert", "Times", "Noise", "Decision"),
        tuple(
            (alert, pick(40, alert, day), choose(("yes", "no"), alert), "to be decided")
            for alert in ("latency", "error rate", "queue length", "certificate", "disk")
        ),
    )


def _backup_plan(day: date) -> Content:
    return listing(
        "Backups kept, in days",
        "backup tool, plans",
        day,
        ("Plan", "Kept days"),
        (("ledger, hourly", 7), ("ledger, daily", 35), ("files, daily", 35), ("all, monthly", 90)),
    )


def _backups(period: Period) -> Content:
    return log(
        "Backup jobs",
        "backup tool",
        period,
        ("Job", "Size GB", "Minutes", "Result"),
        lambda day: ("ledger-nightly", 210 + pick(40, day), 18 + pick(9, day), "success"),
    )


def _restore(day: date) -> Content:
    return Content(
        "Restore test of the ledger database",
        (
            f"Date: {day.isoformat()}. Carried out by the platform team, watched by the SRE lead.",
            "Aim: back in service within four hours, with at most fifteen minutes of data lost.",
            "Result: passed.",
        ),
        ("Step", "Started", "Ended", "Result"),
        (
            ("Choose a backup", "09:00", "09:05", "ok"),
            ("Restore to a clean server", "09:05", "10:21", "ok"),
            ("Compare row counts", "10:21", "10:40", "equal"),
            ("Compare balances", "10:40", "11:02", "equal"),
            ("Point a test client at it", "11:02", "11:10", "ok"),
        ),
    )


def _map(day: date, version: str) -> Content:
    return Content(
        "System dependency map",
        (f"Version {version}, approved on {day.isoformat()}. Owner: Platform architect.",),
        ("System", "Depends on", "If it fails"),
        (
            ("Payments API", "Ledger, card network, identity checks", "payments wait in a queue"),
            ("Webhooks", "Queue", "deliveries are tried again for 72 hours"),
            ("Payouts", "Bank connection, ledger", "payouts go out by file"),
        ),
    )
