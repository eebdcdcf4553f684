"""Processing Integrity Evidence: reconciliation, tests, webhooks, exceptions."""

from __future__ import annotations

from datetime import date, timedelta

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import COMPLIANCE, PAYMENTS
from provisioner.cli.demo.tables import STAFF, Period, choose, days_in, listing, log, pick, policy

LIBRARY = "processing-integrity-evidence"


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, PAYMENTS, COMPLIANCE, "Ledger", "Restricted")
    standard = days.before(days.start, 25)
    until_last_week: Period = (days.start, days.before(days.last_week))
    until_this_week: Period = (days.start, days.before(days.this_week))
    before_last_week = days.before(days.last_week)
    early = days.before(days.last_week, 4)
    old_month = days.two_months_back + timedelta(days=17)
    expired = days.good_until(3, -26)
    return (
        shelf.approved(
            "api-validation-standard.md", "E062",
            policy(
                "API validation standard", "1.3", standard, "API product owner",
                "Amounts are whole minor units with a currency. A missing one is refused.",
                "Every write carries an idempotency key; the same key has one effect.",
            ),
            filed=days.backlog, activity=standard, source="Policy repository",
            sensitivity="Internal", codes=("PRIOR-TO-WINDOW",), freshness="Fresh",
            why="In force since before the window began.",
        ),
        shelf.approved(
            "validation-test-cases.xlsx", "E063", _cases(before_last_week), filed=days.last_week,
            activity=before_last_week, period=(before_last_week, days.before(before_last_week, 30)),
            source="Test repository", sensitivity="Internal", codes=("BAD-METADATA",),
            why="Its period ends before it begins: somebody mixed up the two dates.",
        ),
        shelf.submitted(
            "rejected-transactions.csv", "E065", _rejected(until_this_week), filed=days.this_week,
            period=until_this_week, query="status = rejected; masked", owner=None,
            codes=("NO-METADATA",), why="Nobody is named as its owner.",
        ),
        shelf.approved(
            "test-results.txt", "E066", _tests(until_last_week), filed=days.last_week,
            period=until_last_week, collected=early, source="CI", sensitivity="Internal",
            codes=("FUTURE-PERIOD",),
            why="Collected before the period it speaks of was over.",
        ),
        shelf.approved(
            "authorization-tests.txt", "E067", _authorization(before_last_week),
            filed=days.last_week, activity=before_last_week, source="CI",
            sensitivity="Confidential", freshness="Fresh",
            why="This quarter's run, with the attempts that must fail.",
        ),
        shelf.approved(
            "duplicate-prevention-test.txt", "E068", _duplicates(expired), filed=days.backlog,
            activity=expired, collected=expired, source="CI", sensitivity="Internal",
            codes=("EXPIRED",), freshness="Expired",
            why="A test for each quarter, and this one is from the quarter before.",
        ),
        shelf.approved(
            "reconciliation-payments.xlsx", "E071", _reconciliation(until_this_week),
            filed=days.this_week, period=until_this_week, freshness="Fresh",
            why="Every day of the window, signed by a second person.",
        ),
        shelf.submitted(
            "reconciliation-ledger.csv", "E072", _postings((days.start, days.before(days.yesterday))),
            filed=days.yesterday, period=(days.start, days.before(days.yesterday)),
            why="Arrived yesterday. There is time to review it.",
        ),
        shelf.approved(
            "reconciliation-webhooks.csv", "E073", _delivery(until_last_week, 7),
            filed=days.last_week, period=until_last_week, source="Webhook service",
            sensitivity="Confidential", freshness="Fresh", why="Weekly results that join up.",
        ),
        shelf.approved(
            "exception-queue-review.pdf", "E079", _queue(old_month), filed=days.backlog,
            activity=old_month, reviewer=PAYMENTS, codes=("SELF-REVIEW",),
            why="The only review of its month, and approved by its own owner: the month is not covered.",
        ),
        shelf.submitted(
            "client-notifications.txt", "E081", Content("to follow"), filed=days.this_week,
            period=until_this_week, query="all notices", source="CRM", sensitivity="Confidential",
            codes=("EMPTY-FILE",), why="A file that was to be filled in later.",
        ),
        shelf.approved(
            "webhook-delivery.csv", "E087", _delivery(until_this_week, 1), filed=days.this_week,
            period=until_this_week, source="Webhook service", sensitivity="Confidential",
            freshness="Fresh", why="Deliveries by day, with the rate of failures.",
        ),
    )  # fmt: skip


def _cases(day: date) -> Content:
    return listing(
        "Validation test cases",
        "test repository",
        day,
        ("Area", "Endpoint", "Cases"),
        tuple(
            (area, endpoint, 3 + pick(12, area, endpoint))
            for area in ("amount", "currency", "account", "date")
            for endpoint in ("/payments", "/refunds", "/payouts")
        ),
    )


def _rejected(period: Period) -> Content:
    return log(
        "Rejected transactions, samples", "API logs; personal data masked", period,
        ("Request", "Account", "Reason"),
        lambda day: (
            f"req-{10000 + pick(90000, day)}", f"****{pick(9000, day) + 1000}",
            choose(("amount missing", "unknown currency", "account closed"), day),
        ),
        step=9,
    )  # fmt: skip


def _tests(period: Period) -> Content:
    return log(
        "Automated test runs", "CI, pipeline release", period, ("Run", "Tests", "Failed"),
        lambda day: (f"run-{2000 + pick(7000, day)}", 1840 + pick(60, day), 0), step=5,
    )  # fmt: skip


def _authorization(day: date) -> Content:
    return listing(
        "Authorization tests",
        "CI, suite authz",
        day,
        ("Attempt", "Expected", "Answered"),
        (
            ("read another client's payment", "404", "404"),
            ("refund without the scope", "403", "403"),
            ("use an expired token", "401", "401"),
            ("use a test token in production", "401", "401"),
            ("read own payment", "200", "200"),
        ),
    )


def _duplicates(day: date) -> Content:
    return listing(
        "Duplicate prevention test",
        "CI, suite idempotency",
        day,
        ("Case", "Effect"),
        (
            ("same key, same body", "one payment, same answer"),
            ("same key, other body", "refused"),
            ("two at once", "one payment"),
        ),
    )


def _reconciliation(period: Period) -> Content:
    return log(
        "Reconciliation of payments to processor",
        "ledger and processor files",
        period,
        ("Ledger", "Processor", "Difference", "Signed by"),
        _matched,
    )


def _matched(day: date) -> tuple[str | int | float, ...]:
    total = 20000 + pick(9000, day)
    return total, total, 0, STAFF[pick(12, day, "s")]


def _postings(period: Period) -> Content:
    return log(
        "Reconciliation of ledger postings",
        "ledger",
        period,
        ("Debits", "Credits", "Open"),
        lambda day: (_matched(day)[0], _matched(day)[1], 0),
    )


def _delivery(period: Period, step: int) -> Content:
    return log(
        "Webhook deliveries", "webhook service", period, ("Sent", "Delivered", "Retried", "Failed %"),
        lambda day: (
            4000 + pick(900, day), 3990 + pick(900, day), pick(40, day, "r"), pick(4, day, "f") / 10,
        ),
        step=step,
    )  # fmt: skip


def _queue(day: date) -> Content:
    waiting = len(tuple(days_in((day - timedelta(days=6), day))))
    return listing(
        "Exception queue review",
        "exception queue",
        day,
        ("Case", "Days open", "Owner", "Decision"),
        tuple(
            (f"EX-{700 + number}", pick(9, number, day), choose(STAFF, number), "retry")
            for number in range(waiting)
        ),
    )
