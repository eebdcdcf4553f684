"""API Security Evidence: tokens, scopes, secrets, sign-ins."""

from __future__ import annotations

from datetime import date

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days
from provisioner.cli.demo.document import DemoDocument, Shelf
from provisioner.cli.demo.people import APPSEC, CTO
from provisioner.cli.demo.tables import (
    STAFF,
    Period,
    choose,
    listing,
    log,
    mail,
    pick,
    policy,
)

LIBRARY = "api-security-evidence"
_CLIENTS = (
    "Harbour Books",
    "Lumen Stores",
    "Orchard Rentals",
    "Quayside Travel",
    "Tall Tree Foods",
)
_REPOSITORIES = ("gateway", "ledger", "payments-api", "webhooks", "console", "infrastructure")


def documents(days: Days) -> tuple[DemoDocument, ...]:
    """The documents of this library."""
    shelf = Shelf(days, LIBRARY, APPSEC, CTO, "API gateway")
    wiki = Shelf(days, LIBRARY, APPSEC, CTO, "Policy repository", "Internal")
    first_version, second_version = days.before(days.start, 30), days.before(days.last_week, 2)
    standard = days.before(days.start, 20)
    before_last_week = days.before(days.last_week)
    before_this_week = days.before(days.this_week)
    stale, expired = days.good_until(1, -9), days.good_until(6, -26)
    quarter: Period = (days.start, before_last_week)
    return (
        wiki.approved(
            "api-authentication-standard.pdf", "E001",
            policy(
                "API authentication standard", "3.1", standard, "Security lead",
                "Every call is signed in with OAuth 2.0 client credentials over TLS 1.2 or later.",
                "Access tokens live for at most one hour. Test tokens are refused in production.",
                "Administrator endpoints also ask for mutual TLS and a second person.",
            ),
            filed=days.backlog, activity=standard, freshness="Fresh", codes=("PRIOR-TO-WINDOW",),
            why="Approved before the window began, as a standard should be. The note says so.",
        ),
        wiki.approved(
            "token-lifecycle-procedure-v1.pdf", "E009",
            policy("Token lifecycle procedure", "1.0", first_version, "Security lead",
                   "Tokens are asked for by ticket, rotated every 90 days, and revoked on leaving."),
            filed=days.backlog, activity=first_version, freshness="Superseded",
            codes=("PRIOR-TO-WINDOW",),
            why="The procedure of the year before. It stays, because it was in force then.",
        ),
        wiki.approved(
            "token-lifecycle-procedure-v2.pdf", "E009",
            policy("Token lifecycle procedure", "2.0", second_version, "Security lead",
                   "Tokens are asked for by ticket and rotated every 60 days.",
                   "A token that was not used for 90 days is revoked."),
            filed=days.last_week, activity=second_version, freshness="Fresh",
            why="The new version, approved this month.",
        ),
        shelf.approved(
            "token-records.csv", "E002", _tokens(stale), filed=days.backlog, activity=stale,
            collected=stale, sensitivity="Restricted", source="Token service",
            codes=("STALE",), freshness="Stale",
            why="Monthly evidence, and this month's is overdue. Its days of grace are running.",
        ),
        shelf.approved(
            "api-scope-matrix.xlsx", "E003", _scopes(before_last_week), filed=days.last_week,
            activity=before_last_week, freshness="Fresh",
            why="Every client with the scopes it may use, from this quarter.",
        ),
        shelf.approved(
            "api-token-review.xlsx", "E005", _tokens(before_last_week), filed=days.last_week,
            activity=before_last_week, reviewer=None, codes=("NO-REVIEWER",),
            why="It says Approved, but not by whom.",
        ),
        shelf.submitted(
            "rate-limits.md", "E016", _limits(days.weeks_ago), filed=days.weeks_ago,
            activity=days.weeks_ago, collected=days.weeks_ago, status="Draft",
            codes=("DRAFT-STUCK",), why="Still a draft after three weeks. Often it is finished.",
        ),
        shelf.submitted(
            "abuse-tickets.csv", "E017", _tickets(quarter), filed=days.weeks_ago,
            period=(days.start, days.before(days.weeks_ago)), status="Needs changes",
            decided=days.last_week, query="tag = abuse", reviewer=CTO, codes=("REJECTED-STUCK",),
            why="Sent back to its owner, and nothing better has come.",
        ),
        shelf.submitted(
            "failed-sign-in-review.pdf", "E020", _sign_ins(days.before(days.weeks_ago)),
            filed=days.weeks_ago, activity=days.before(days.weeks_ago), source="SIEM",
            query="result = failure, all of the month", codes=("UNREVIEWED",),
            why="Waiting for three weeks, more than twice the time agreed: now an error.",
        ),
        shelf.approved(
            "key-rotation.xlsx", "E032", _rotation(quarter), filed=days.last_week, period=quarter,
            source="Key management service", sensitivity="Restricted", freshness="Fresh",
            why="A log speaks for every day of its period. This one holds the whole window so far.",
        ),
        shelf.approved(
            f"secret-scan-{before_this_week}.txt", "E033", _scan(before_this_week),
            filed=days.this_week, activity=before_this_week, source="Secret scanner",
            freshness="Fresh", why="Every repository, no open hit.",
        ),
        shelf.approved(
            "environment-separation.md", "E034",
            Content(
                "Test and production environments",
                ("Test and production use different cloud accounts, vaults and token issuers.",),
            ),
            filed=days.last_week, source="Cloud configuration", codes=("CANNOT-JUDGE",),
            freshness="Cannot judge",
            why="No date says when this was so. What cannot be judged is never a pass.",
        ),
        shelf.approved(
            "encryption-settings.png", "E036", _encryption(expired), filed=days.backlog,
            activity=expired, collected=expired, source="Cloud configuration",
            codes=("EXPIRED",), freshness="Expired",
            why="A picture from seven months ago cannot show how things are set today.",
        ),
        shelf.submitted(
            "network-diagram.png", None, _diagram(before_last_week), filed=days.this_week,
            activity=before_last_week, collected=before_last_week, codes=("ORPHAN",),
            why="Nobody chose an evidence item, so it counts for none.",
        ),
    )  # fmt: skip


def _tokens(day: date) -> Content:
    return listing(
        "API tokens in production", "token service; identifiers only, no secret values", day,
        ("Token", "Client", "Scope", "Owner", "Rotated on", "Last used"),
        tuple(
            (
                f"TOK-{number:03}", choose(_CLIENTS, number),
                choose(("payments:write", "payments:read", "refunds:write", "reports:read"), number, "s"),
                mail(choose(STAFF, number)),
                date.fromordinal(day.toordinal() - 5 - pick(80, number)).isoformat(),
                date.fromordinal(day.toordinal() - pick(12, number, day)).isoformat(),
            )
            for number in range(1, 25)
        ),
    )  # fmt: skip


def _scopes(day: date) -> Content:
    scopes = ("payments:read", "payments:write", "refunds:write", "payouts:write", "reports:read")
    return listing(
        "API scope matrix", "authorization server", day, ("Client", *scopes),
        tuple(
            (client, *("yes" if pick(3, client, scope) else "no" for scope in scopes))
            for client in _CLIENTS
        ),
    )  # fmt: skip


def _limits(day: date) -> Content:
    return listing(
        "Rate limits", "API gateway, policies", day, ("Route", "Limit a minute", "Burst", "Answer"),
        tuple(
            (route, 60 * (1 + pick(10, route)), 20 * (1 + pick(5, route)), "429")
            for route in ("/payments", "/refunds", "/payouts", "/accounts", "/reports")
        ),
    )  # fmt: skip


def _tickets(period: Period) -> Content:
    return log(
        "Abuse alerts and their tickets", "SIEM and ticketing", period,
        ("Alert", "Ticket", "Outcome"),
        lambda day: (
            choose(("Card testing", "Token from a new country", "Scraping"), day),
            f"SEC-{3000 + pick(900, day)}",
            choose(("blocked", "false alarm", "client told"), day, "o"),
        ),
        step=21,
    )  # fmt: skip


def _sign_ins(day: date) -> Content:
    return listing(
        "Failed sign-in review", "SIEM, saved search", day, ("Client", "Failures", "Seen as", "Action"),
        tuple(
            (client, pick(400, client, day), choose(("expired secret", "wrong scope", "noise"), client),
             "none needed")
            for client in _CLIENTS
        ),
    )  # fmt: skip


def _rotation(period: Period) -> Content:
    return log(
        "Key rotation", "key management service, audit trail", period, ("Key", "Interval", "Result"),
        lambda day: (
            choose(("ledger-at-rest", "payouts-signing", "webhook-signing", "backup"), day), "90 days",
            "rotated",
        ),
        step=14,
    )  # fmt: skip


def _scan(day: date) -> Content:
    return listing(
        "Repository secret scan",
        "secret scanner, all branches",
        day,
        ("Repository", "Commits read", "Hits", "Open"),
        tuple((name, 200 + pick(900, name, day), pick(3, name), 0) for name in _REPOSITORIES),
    )


def _encryption(day: date) -> Content:
    return listing(
        "Encryption settings",
        "cloud configuration",
        day,
        ("Store", "At rest", "In transit"),
        tuple(
            (store, "AES-256, own key", "TLS 1.2+")
            for store in ("ledger database", "object storage", "backups", "message queue")
        ),
    )


def _diagram(day: date) -> Content:
    return listing(
        "Network zones",
        "drawn by hand",
        day,
        ("Zone", "Reaches"),
        (
            ("edge", "gateway"),
            ("gateway", "services"),
            ("services", "ledger"),
            ("console", "gateway"),
        ),
    )
