"""The words of the demo, chapter by chapter: short and plain, for somebody who runs audits, not servers.

`{name}` stands for what the command knows by then; `Chapter.tell` fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step of the story. `before` is said when it begins, `after` when it is done."""

    key: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...] = ()

    def opening(self, **facts: object) -> tuple[str, ...]:
        """The words before, with the facts in their places."""
        return tuple(line.format(**facts) for line in self.before)

    def closing(self, **facts: object) -> tuple[str, ...]:
        """The words after, with the facts in their places."""
        return tuple(line.format(**facts) for line in self.after)


WELCOME = Chapter(
    "welcome",
    "A Microsoft 365 tenant on this machine",
    (
        "Everything here happens on a local stand-in for Microsoft 365. Nothing leaves this machine.",
        "It has a server, certificates and limits of its own, and refuses what Microsoft refuses.",
        "A small tenant may use 1,250 resource units a minute. This one has 6,250, to save you the wait.",
    ),
)

NEW_CLIENT = Chapter(
    "new",
    "A new client",
    (
        "{client} sells a payments API and wants a SOC 2 report for {start} to {end}.",
        "Its workspace is one short file that builds on a pack: libraries, lists, views, groups,",
        "and the 100 pieces of evidence an auditor will ask for.",
    ),
    ("The file: {file}",),
)

PLAN = Chapter(
    "plan",
    "Plan: look before you touch",
    ("What would have to be made, and what it would cost. Nothing is changed yet.",),
    ("{create} things to make, about {requests} requests. Permissions needed: {permissions}.",),
)

APPLY = Chapter(
    "apply",
    "Apply: make it so",
    ("Every change is looked up before, and read back after.",),
    (
        "Done in {seconds} seconds with {requests} requests.",
        "A second run would find nothing to do.",
    ),
)

FILE = Chapter(
    "file",
    "Evidence arrives",
    (
        "Over the next weeks people file what they have: {documents} documents, real files, in seven",
        "libraries. Most are fine. Some are old, some nobody reviewed, some say nothing about themselves.",
    ),
    ("All filed. Nobody was asked to remember what is due when: that is the next step.",),
)

SYNC = Chapter(
    "sync",
    "Sync: what would an auditor say today?",
    (
        "The job reads what changed and judges it by fixed rules, as of {today}. It writes Freshness and",
        "Flags beside each document, and one row for each finding. It never changes what people wrote.",
    ),
    (
        "{findings} findings, worst first. A few of them, in words:",
        "Run again, it would write nothing: nothing has changed.",
    ),
)

TAMPER = Chapter(
    "tamper",
    "Somebody means well",
    ("Sites do not stay as they were set up. Five things happen behind our back:",),
)

DRIFT = Chapter(
    "drift",
    "Drift: what is not as agreed?",
    ("Reading only. Each difference is named, down to the property.",),
    (
        "{named} of {changes} changes found, and nothing else.",
        "`provisioner apply` would put them right, each as a change you can read first.",
    ),
)

REPORT = Chapter(
    "report",
    "Report: something to show",
    ("Readiness by criterion and library, what needs attention and why, and where each proof is.",),
    ("For people: {html}", "For programs: {json}"),
)

FAREWELL = Chapter(
    "farewell",
    "Where things are, and what to try next",
    (
        "Everything of this demo is in {folder}",
        "Look at the site in a browser:  provisioner emulator serve",
        "Change the file and look again: provisioner plan {folder}",
        "Judge it as of another day:     provisioner sync {folder} --as-of {later}",
        "What a code means:              provisioner explain SELF-REVIEW",
        "Begin with a client of yours:   provisioner new CLIENT --template soc2-fintech-api",
    ),
)


@dataclass(frozen=True, slots=True)
class Highlight:
    """A finding worth showing at the end: where to look and why it matters."""

    code: str
    about: str
    lesson: str


HIGHLIGHTS = (
    Highlight(
        "SELF-REVIEW",
        "access-review-api-gateway.pdf",
        "The owner approved her own access review. An auditor would not count it, so it does not count.",
    ),
    Highlight(
        "PERIOD-GAP",
        "E057",
        "Two good logs, and six days in neither. A list of files would never have shown it.",
    ),
    Highlight(
        "EXPIRED",
        "encryption-settings.png",
        "It was uploaded five weeks ago, but it shows settings from seven months ago.",
    ),
    Highlight(
        "RECYCLED",
        "change-records.csv",
        "The same bytes as an earlier file, with newer dates. It looked fresh.",
    ),
    Highlight(
        "CANNOT-JUDGE",
        "environment-separation.md",
        "It has no date. What cannot be judged is never counted as good.",
    ),
    Highlight(
        "UNREVIEWED",
        "failed-sign-in-review.pdf",
        "It has waited for a reviewer for three weeks. After twice the agreed time that is an error.",
    ),
    Highlight(
        "MISSING",
        "E075",
        "Nobody filed it, so there is no file to look at. Only a list of what is expected can tell.",
    ),
)
"""What the command explains after the sync, if space is short: one line each."""
