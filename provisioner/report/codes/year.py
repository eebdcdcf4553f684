"""Codes of the audit year: an auditor's request list, a period opened and closed."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

YEAR = (
    Explanation(
        "JOB-SILENT",
        title="A scheduled job does not run any more",
        meaning="The job noted its runs in the list Job Runs (`--heartbeat`), and is late by half of what "
        "the column Every (days) says, or by a day. `status`, `drift`, `report` and the next `sync` "
        "look. A job that never noted a run is not waited for.",
        why="Nothing else tells: a job that does not run finds nothing. Evidence goes stale meanwhile, and "
        "nobody is reminded.",
        next="Look at the scheduler's own log: a certificate that ran out, a secret that was changed, a "
        "machine that is gone. Then run the command by hand with `--heartbeat`. If the job is to run "
        "less often, or no more, change Every (days) in its row; empty means that nobody waits.",
    ),
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
        title="The columns of the list are not understood",
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
    Explanation(
        "PERIOD-NOT-OVER",
        title="The audit period is not over",
        meaning="Its last day has not passed, so evidence of it may still come.",
        next="Wait for the day after its last one, or give `--even-so` with the reason. "
        "The row and the ledger keep it.",
    ),
    Explanation(
        "PERIOD-UNSOUND",
        title="The evidence of the period is not sound",
        meaning="Findings of the period, or errors on its documents, are open. The message names the worst.",
        why="A package of a period with open findings is one an auditor will send back.",
        next="Mend or waive them, sync and close again; or give `--even-so` with the reason.",
    ),
    Explanation(
        "PERIOD-TOO-MANY",
        title="Too many documents for permissions of their own",
        meaning="Closing gives each document permissions of its own, and SharePoint "
        "advises at most 5,000 of them in a library.",
        next="Make the libraries read-only in the workspace file instead, and file the "
        "next period in new ones.",
    ),
    Explanation(
        "PERIOD-INCOMPLETE",
        title="The work on the period did not come through whole",
        meaning="SharePoint refused some of the requests, or gave no answer.",
        next="Run the same command again: what is done is found and not repeated.",
    ),
    Explanation(
        "PERIOD-NOT-CLOSED",
        title="The period was not closed by this program",
        meaning="The ledger has no record of documents that were made read-only for it.",
        next="Change its State on the list Audit Periods by hand.",
    ),
    Explanation(
        "PERIOD-NO-READ",
        title="The site has no level Read",
        meaning="Somebody deleted the permission level Read, in which closed evidence is kept.",
        next="Restore it in the site's permission levels.",
    ),
    Explanation(
        "PERIOD-RUN-UNFINISHED",
        title="An apply was cut off",
        meaning="A run of apply changed the site and has not recorded all of it. Until it "
        "has, nothing else is begun.",
        next="Run `provisioner apply --resume`, then this again.",
    ),
    Explanation(
        "PERIOD-DAYS",
        title="The days of the period are not known",
        meaning="There is no period to go on from, or only one of `--from` and `--to` was "
        "given, or they are not in order.",
        next="Give both.",
    ),
    Explanation(
        "PERIOD-DIFFERS",
        title="The period stands on the list with other days",
        meaning="A row of that name is there, and its days are not the ones given.",
        next="Leave the days out to open it as it is, or give another name: a name is never used twice.",
    ),
    Explanation(
        "PERIOD-OVERLAPS",
        title="Two audit periods share days",
        meaning="Evidence of those days would be expected by both.",
        next="Give other days, or `--even-so` with the reason.",
    ),
)
