"""Change Evidence: pull requests, change records, deployments, the policy behind them."""

from __future__ import annotations

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import COMPLIANCE, CTO
from provisioner.cli.demo.tables import STAFF, Period, choose, log, pick, policy

LIBRARY = "change-evidence"
_SERVICES = ("gateway", "ledger", "payments-api", "webhooks", "console")


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, CTO, COMPLIANCE, "Source control")
    approved_on = days.before(days.start, 15)
    until_backlog: Period = (days.start, days.before(days.backlog))
    until_last_week: Period = (days.start, days.before(days.last_week))
    until_this_week: Period = (days.start, days.before(days.this_week))
    same = _changes(until_backlog)
    return (
        shelf.approved(
            "pull-request-approvals.csv", "E022", _pull_requests(until_this_week),
            filed=days.this_week, period=until_this_week, query="merged to main; every tenth",
            freshness="Fresh", why="Samples from the whole window; nobody approved their own.",
        ),
        shelf.approved(
            "change-records-to-backlog.csv", "E023", same, filed=days.backlog,
            period=until_backlog, query="type = change; all", source="Ticketing",
            freshness="Superseded", why="Change records until five weeks ago.",
        ),
        shelf.approved(
            "change-records.csv", "E023", same, filed=days.last_week, period=until_last_week,
            query="type = change; all", source="Ticketing", codes=("RECYCLED",), freshness="Fresh",
            why="The very same bytes as five weeks ago, with newer dates on them.",
        ),
        shelf.approved(
            "deployments.xlsx", "E025", _deployments(until_this_week), filed=days.this_week,
            period=until_this_week, source="CI/CD", freshness="Fresh",
            why="Every release with its pull request and who released it.",
        ),
        shelf.approved(
            "secure-change-management-policy.pdf", "E029",
            policy(
                "Secure change management policy", "4.0", approved_on, "CTO",
                "Every change is reviewed by somebody other than its author before it is merged.",
                "Changes to money movement are tested against the reconciliation suite.",
                "Emergency changes are reviewed within two business days.",
            ),
            filed=days.backlog, activity=approved_on, source="Policy repository",
            sensitivity="Internal", codes=("PRIOR-TO-WINDOW",), freshness="Fresh",
            why="In force since before the window began.",
        ),
    )  # fmt: skip


def _pull_requests(period: Period) -> Content:
    return log(
        "Pull request approvals, samples", "source control", period,
        ("Pull request", "Author", "Approved by", "Checks"),
        lambda day: (
            f"{choose(_SERVICES, day)}#{100 + pick(800, day)}",
            STAFF[pick(6, day)], STAFF[6 + pick(6, day, "r")], "passed",
        ),
        step=10,
    )  # fmt: skip


def _changes(period: Period) -> Content:
    return log(
        "Change records", "ticketing", period, ("Change", "Service", "Risk", "Approved by"),
        lambda day: (
            f"CHG-{5000 + pick(900, day)}", choose(_SERVICES, day),
            choose(("low", "medium"), day, "r"), STAFF[pick(12, day)],
        ),
        step=6,
    )  # fmt: skip


def _deployments(period: Period) -> Content:
    return log(
        "Deployments to production", "CI/CD, job deploy-production", period,
        ("Service", "Version", "Pull request", "Released by", "Result"),
        lambda day: (
            choose(_SERVICES, day), f"{day:%Y.%m.%d}", f"#{100 + pick(800, day)}",
            STAFF[pick(12, day, "d")], "success",
        ),
        step=3,
    )  # fmt: skip
