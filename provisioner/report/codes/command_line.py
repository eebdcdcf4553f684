"""Codes of the command line and of import."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

COMMANDS = (
    Explanation(
        "USAGE",
        title="The command line is not right",
        meaning="An option is unknown, a value does not fit, or something is missing. Nothing was "
        "done. The exit code is 64.",
        next="Add `--help` to the command to see what it takes.",
    ),
    Explanation(
        "UNKNOWN-CODE",
        title="We have no such code",
        meaning="`provisioner explain` was asked for a code that nothing prints. Codes of Microsoft "
        "are explained by Microsoft: AADSTS numbers at https://login.microsoftonline.com/error. Codes "
        "of a workspace's own `checks` are explained by their message in its file.",
        next="`provisioner explain --list` shows every code.",
    ),
    Explanation(
        "NOT-BUILT-YET",
        title="This is planned and not built yet",
        meaning="The command has its name already, so that scripts will not break later. "
        "It does nothing now, and says so rather than pretend.",
        next="`provisioner --help` lists what works today; the changelog tells what is new.",
    ),
    Explanation(
        "ONE-WORKSPACE-ONLY",
        title="This format is for one workspace",
        meaning="SARIF, JUnit, Markdown and HTML are documents of one workspace each. Of several, or of a "
        "folder of clients, `drift` and `sync` print a line of JSON each.",
        next="Leave `--format` out, or run it for one workspace at a time.",
    ),
    Explanation(
        "FILE-UNUSABLE",
        title="A file or folder cannot be used",
        meaning="The system did not let us read or write a path that was given: permissions, a "
        "folder that is not there, or a full disk.",
        next="Check the path, who may write there, and the space left.",
    ),
    Explanation(
        "CI-NEEDS-SITE",
        title="A CI job needs the client's site",
        meaning="`new --ci` writes a job that signs in to the client's Microsoft 365 every day. A "
        "workspace on the local tenant has nothing there for it to do.",
        next="Give `--site https://contoso.sharepoint.com/sites/acme`, or leave `--ci` out and run "
        "`provisioner schedule github` later.",
    ),
    Explanation(
        "FILE-EXISTS",
        title="The file is there already",
        meaning="`provisioner import` or `provisioner package` would write over it, and may not unless "
        "it is told to.",
        next="Give another name with `--out`, or `--force` if the file may be replaced.",
    ),
    Explanation(
        "ALREADY-THERE",
        title="The client has a workspace file already",
        meaning="`provisioner new` makes a first file and never writes over one.",
        next="Edit the file that is there, or give another folder with `--dir`.",
    ),
    Explanation(
        "BAD-ANSWER",
        title="An answer will not do",
        meaning="`provisioner new` asked for one of several words, a mail address or a time zone, and "
        "got something else. Nothing is written before every answer will do.",
        next="Answer again; what it takes stands in the question. Ctrl-C stops.",
    ),
    Explanation(
        "BAD-CLIENT",
        title="The client's name gives no address",
        meaning="Folder and address of the site are made of the name's letters a to z and digits, and "
        "a name in another script has none.",
        next="Keep the name and say the folder in plain letters with --dir; the address follows it. A "
        "site that has its address already is named with --site.",
    ),
    Explanation(
        "BAD-PARAMETER",
        title="--set needs name=value",
        meaning="What follows `--set` has no equals sign with a name before it.",
        next="Write it like `--set auditStart=2026-01-01`, once for each parameter.",
    ),
    Explanation(
        "PARAMETER-MISSING",
        title="The template asks for more",
        meaning="The pack needs values that `provisioner new` was not given, such as the dates of "
        "the audit period.",
        next="Add each with `--set name=value`. The message says what it is for.",
    ),
    Explanation(
        "BAD-DATE",
        title="--as-of needs a date",
        meaning="What was given is not a day of the calendar.",
        next="Write year, month and day, like `--as-of 2026-03-31`.",
    ),
    Explanation(
        "NO-SUCH-LIST",
        title="The file declares no such list",
        meaning="`provisioner rows` takes the `key` of a list or library of the workspace file or of a "
        "pack it extends.",
        next="Take one of the keys the message names.",
    ),
    Explanation(
        "BAD-WHERE",
        title="The condition or a column cannot be read",
        meaning="`--where` takes one condition in the language of checks and views, and `--column` the "
        "`name` of a column. `me` is whoever looks at a view, so no command knows who that is.",
        next='Write it like `--where "{Status: {ne: Closed}, Due: {lt: today}}"`, with columns by name.',
    ),
    Explanation(
        "BAD-TIME-ZONE",
        title="There is no such time zone",
        meaning="`timeZone` under `site:` says when a day begins for the client. It takes names of "
        "the IANA database; abbreviations such as EST mean different things in different places.",
        next="Write a place such as America/Toronto or Europe/London, or UTC.",
    ),
    Explanation(
        "BAD-TIME",
        title="--at needs a time of day",
        meaning="`provisioner schedule --at` takes hours and minutes of the day in the site's time "
        "zone.",
        next="Write it like `--at 06:30`.",
    ),
    Explanation(
        "BAD-NAME",
        title="This is no name for a scheduled job",
        meaning="The name becomes part of file names, units and jobs of the scheduler, so it is made "
        "of a to z, 0 to 9 and hyphens, 40 at most.",
        next="Give one with `--name`.",
    ),
    Explanation(
        "BAD-PATH",
        title="This path cannot stand in a scheduler's file",
        meaning="The files run the product by a shell, which would take a path with spaces or signs "
        "apart.",
        next="Name the workspace file with letters, digits, dots, hyphens and slashes.",
    ),
    Explanation(
        "BAD-SITE-URL",
        title="This is not the address of a site",
        meaning="What was given is not the https address of a site, or its host is not in a cloud "
        "we know.",
        next="Copy it from the browser, such as https://contoso.sharepoint.com/sites/acme. If the "
        "host is right, say which cloud it is in with `--cloud`.",
    ),
    Explanation(
        "LIST-NOT-FOUND",
        title="--rows names a list the site does not have",
        meaning="`provisioner import --rows` takes the key or the title of a list of the site.",
        next="Take one of the names in the message.",
    ),
    Explanation(
        "INTERNAL",
        title="Something we did not foresee",
        meaning="The program met a case it was not written for. That is a fault of ours. What was "
        "sent before stays on the site.",
        next="Run it again with `--verbose` and report what it prints. It holds no secret, but look "
        "through it for names of the client.",
    ),
)
