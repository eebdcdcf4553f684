"""Codes of what SharePoint could not do, told before anything is sent."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

LINT = (
    Explanation(
        "LIST-URL-TWICE",
        title="Two lists have the same address",
        meaning="Two libraries or lists have the same `url`. Capitals make no difference.",
        next="Give one another `url`. Do it now: an address cannot be changed once it is made.",
    ),
    Explanation(
        "LIST-URL-RESERVED",
        title="This address is taken by the site itself",
        meaning="SharePoint keeps its own pages and assets at such addresses, and our records are "
        "at two others.",
        next="Give the library another `url`. The `title` people see may stay.",
    ),
    Explanation(
        "LIST-TITLE-TWICE",
        title="Two lists have the same title",
        meaning="SharePoint refuses a second list or library of the same title in a site.",
        next="Give one another `title`.",
    ),
    Explanation(
        "COLUMN-TWICE",
        title="A list gets the same column twice",
        meaning="Two columns of a list differ in capitals only, which SharePoint takes for one, or "
        "a content type of the list brings the column already.",
        next="If the content type brings it, take it out of the list's own `columns`. Otherwise "
        "give one another `name`.",
    ),
    Explanation(
        "FORMULA-LATER",
        title="A formula names a column that comes after it",
        meaning="A list gets the columns of a content type one after the other. SharePoint refuses "
        "a calculated column while one that its formula names is not there yet.",
        next="In the content type's `columns`, put the column that is named before the one whose "
        "formula names it.",
    ),
    Explanation(
        "INDEX-LIMIT",
        title="Too many indexed columns",
        meaning="SharePoint allows 20 indexes in a list. `unique: true` needs one as well.",
        why="SharePoint refuses the next index in the middle of an apply. It is told of here first.",
        next="Keep `indexed: true` for columns that big views filter or sort by, and take it from "
        "the others.",
    ),
    Explanation(
        "UNIQUE-NOT-INDEXED",
        title="A unique column needs an index",
        meaning="The column says `unique: true` and `indexed: false`. SharePoint can tell that a "
        "value is new only by its index.",
        next="Take `indexed: false` away, or `unique: true`.",
    ),
    Explanation(
        "CHOICE-ALIKE",
        title="Two choices differ only in capitals or blanks",
        meaning="SharePoint compares choices without regard to capitals, and cuts blanks off their "
        "ends, so it takes both for one.",
        next="Keep one of them, or word the other differently.",
    ),
    Explanation(
        "LOOKUP-PRIMARY",
        title="The lookup it adds to looks somewhere else",
        meaning="A column with `primaryColumn` shows one more column of the row that another lookup "
        "points at. That other one is no lookup, or it looks into another list.",
        next="Name in `primaryColumn` a lookup that stands beside this column and has the same "
        "`list`.",
    ),
    Explanation(
        "LOOKUP-COLUMN",
        title="A lookup shows a column that is not there",
        meaning="`show` names the column of the other list that people see. That list has no such "
        "column.",
        next="Write the `name` of one of its columns, not the title people see. Without `show` it "
        "is Title.",
    ),
    Explanation(
        "CONTENT-TYPE-LOOP",
        title="Content types stand on each other in a circle",
        meaning="Each has the next one as its `base`, and the last has the first. SharePoint needs "
        "one to begin with.",
        next="Let one of them start from Item or Document.",
    ),
    Explanation(
        "VIEW-TWICE",
        title="Two views have the same name",
        meaning="They differ in capitals only, and SharePoint takes them for one.",
        next="Rename one of them.",
    ),
    Explanation(
        "VIEW-DEFAULTS",
        title="More than one default view",
        meaning="People who open a list see its default view. There can be only one.",
        next="Keep `default: true` in the view people should see first.",
    ),
    Explanation(
        "VIEW-COLUMN",
        title="A view names a column the list does not have",
        meaning="A name under `columns`, `orderBy` or `groupBy` is not that of a column of this "
        "list.",
        next="Write the column's `name`, not its `displayName`. A column of the site must come into "
        "the list by a content type or the list's own `columns`.",
    ),
    Explanation(
        "VIEW-WHERE",
        title="The condition of a view cannot be used",
        meaning="`where` is misspelt, compares a column with something that does not fit it, or "
        "says what SharePoint's views cannot filter by.",
        next="Write it like `{Status: {ne: Closed}}`; join conditions with `any`, `all` and `not`.",
    ),
    Explanation(
        "VIEW-SORT",
        title="SharePoint cannot sort or group by this column",
        meaning="Columns of long text and of several values have no order.",
        next="Sort or group by another column. The column can still be shown.",
    ),
    Explanation(
        "VIEW-BOARD",
        title="A board needs a choice column",
        meaning="A board draws a lane for each choice of one column. Only a choice column that takes "
        "one value has such lanes.",
        next="Name such a column in `boardBy`, or use another `layout`.",
    ),
    Explanation(
        "VIEW-TOTAL",
        title="A column cannot have this total",
        meaning="Numbers and money have every total; dates have count, average, min and max; every "
        "other column can only be counted.",
        next="Write `count`, or take the column out of `totals`.",
    ),
    Explanation(
        "LOOKUP-LIMIT",
        title="A view uses too many people and lookups",
        meaning="Each column of people and each lookup that a view shows, sorts or filters by is a "
        "join for SharePoint, and it allows twelve in a view.",
        why="People would see an error in place of the list.",
        next="Take some columns away, or make two views of it.",
    ),
    Explanation(
        "SEED-COLUMN",
        title="A starting row names a column that is not there",
        meaning="A row under `items: seed:`, or its `key`, has a name that no column of the list "
        "has; or the `key` is a column that cannot tell rows apart, such as one of people or links.",
        next="Write the column's `name`, not its `displayName`.",
    ),
    Explanation(
        "SEED-VALUE",
        title="A value of a starting row does not fit its column",
        meaning="It is not one of the choices, not a date, not a number, or the column is one that "
        "a file cannot fill, such as a calculated one. Rows made of `evidence:` and `periods:` are "
        "checked in the same way.",
        next="Correct the value in the form the message shows, or leave it out and let people fill "
        "it in.",
    ),
    Explanation(
        "SEED-CIRCLE",
        title="Starting rows look each other up in a circle",
        meaning="A lookup holds the number of the row it points to, and a row has a number only "
        "once it is made. These rows each wait for another of them, or for themselves.",
        next="Leave the lookup out of one of the rows. People fill it in on the site, and it stays "
        "theirs.",
    ),
    Explanation(
        "EVIDENCE-LIBRARY",
        title="Evidence belongs in a library that is not there",
        meaning="`library` of an item under `evidence:` is not the `key` of a library of this "
        "workspace.",
        why="Nobody could file it, and sync would report it missing for ever.",
        next="Write the `key` of one of the libraries. It is not the title.",
    ),
    Explanation(
        "APPEND-NEEDS-VERSIONS",
        title="Appended changes need versions",
        meaning="A column with `appendChanges` shows what was written before. SharePoint reads that "
        "from the versions of the row, and the list keeps none.",
        next="Add `versioning: {major: 100}` to the list, or take `appendChanges` away.",
    ),
    Explanation(
        "CHECK-COLUMN",
        title="A check asks about a column the list does not have",
        meaning="`where` or `assign` of a check under `checks:` names no column of the list, or the "
        "condition cannot be read.",
        why="A check that asks about nothing would find nothing, and everybody would think all is "
        "well.",
        next="Write the column's `name`, not its `displayName`. A condition is written like "
        "`{NextReview: {lt: today}}`.",
    ),
    Explanation(
        "FORMATTING-COLUMN",
        title="Formatting for a column that is not there",
        meaning="`formatting` of the list says how a column is shown, and the list has no column of "
        "that name.",
        next="Write the column's `name`, not its `displayName`, or take the line away.",
    ),
    Explanation(
        "FORMATTING-TWICE",
        title="A column is formatted in two places",
        meaning="The column of this list has a `formatting` of its own, and the list's `formatting` "
        "names it as well. Only one can hold.",
        next="Keep one of the two. For a column the list takes from the site, the list's is the "
        "right place.",
    ),
    Explanation(
        "FORMATTING-TYPE",
        title="This formatting is not for such a column",
        meaning="Each named formatting is made for certain types: a pill for choices, a due date "
        "for dates.",
        next="Take one that fits the column's type; the message lists for which types this one is. "
        "Or write the formatting as JSON.",
    ),
)
