"""Codes of the audit year: an auditor's request list, a period opened and closed."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

YEAR = (
    Explanation(
        "REQUESTS-UNREADABLE",
        title="The request list cannot be read",
        meaning="The file is neither CSV in UTF-8, UTF-16 or Windows-1252 nor a whole .xlsx workbook, "
        "or it holds what no request list needs, such as a document type.",
        next="Open it in Excel and save it as .xlsx without a password, or as CSV UTF-8.",
    ),
    Explanation(
        "REQUESTS-TOO-LARGE",
        title="The request list is too large",
        meaning="It has more than 20 MB, 10,000 rows or 200 columns, or unpacks to very much. No list "
        "of requests does; a file made to exhaust a machine may.",
        next="Leave only the requests in it, or import it in parts.",
    ),
    Explanation(
        "REQUESTS-NO-HEADINGS",
        title="The columns of the request list are not understood",
        meaning="No row among the first forty has headings that say which column holds the reference "
        "of each request and which one what is asked for.",
        next='Name them: `--map "Their heading=Request id" --map "Another=Request"`. It is kept in '
        "`requests-map.yaml` in the client's folder for the next time.",
    ),
    Explanation(
        "REQUESTS-MAPPING",
        title="A heading is mapped to nothing",
        meaning="`--map` or `requests-map.yaml` names a column that an auditor's list does not fill, "
        "such as the assignee, or a heading the list does not have.",
        why="What your team writes beside a request is never taken from a list of somebody else.",
        next="The message names what may stand on that side of the `=`.",
    ),
    Explanation(
        "PERIOD-CLOSED",
        title="The audit period is closed",
        meaning="`provisioner period close` made its evidence read-only and wrote its package. Nothing "
        "is added to it any more.",
        next="Name another period, or open this one again with `provisioner period reopen`.",
    ),
)
