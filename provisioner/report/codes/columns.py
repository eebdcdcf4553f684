"""Codes of columns that change: their type, their place, or whether they stay."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

COLUMNS = (
    Explanation(
        "TYPE-CHANGE-NEEDS-ALLOW",
        title="A column would change its type",
        meaning="The file gives a list's column another type than the site's. It can be changed in "
        "place, or made again under its name, and every value that rows hold has its place in the "
        "new type: they were read and counted. It is not done unasked.",
        why="Changing a type touches every row, and what SharePoint makes of values on the way is "
        "not documented. Where the column is made again, earlier versions of rows say nothing in it "
        "any more.",
        next="Run `provisioner plan` and `apply` with `--allow` and the column's address. The "
        "values are stored in the site's ledger first, compared one by one afterwards, and written "
        "again where SharePoint lost them or spelt them otherwise. Cut off at any point, the same "
        "command goes on. If the file is wrong, give it the type that the site has.",
    ),
    Explanation(
        "VALUES-DO-NOT-CONVERT",
        title="Some values would not survive the new type",
        meaning="The file gives a column another type, and some rows hold what it cannot hold: text "
        "that is no number, a word that is not one of the choices, several values where one goes. "
        "The message names up to five items by their ids. Nothing was changed.",
        next="Change those values in SharePoint, add the missing words to `choices`, or let the "
        "file keep the old type. Then plan again.",
    ),
    Explanation(
        "TYPE-CHANGE-GATED",
        title="The list's rules forbid writing values again",
        meaning="A change of type may have to write values again. In a list with content approval "
        "that would put approved items back to pending; where files must be checked out it would be "
        "refused.",
        next="Set `approval` or `checkout` to false and apply, change the type, then set it back.",
    ),
    Explanation(
        "TYPE-CHANGE-UNVERIFIED",
        title="Values did not survive the change of type",
        meaning="The column has its new type, and some values were written and still read "
        "otherwise. All values as they were before stand in the site's ledger, in the file that the "
        "message names, and a hidden column whose name ends in `__was` marks the change as "
        "unfinished.",
        next="Look at the items that are named. Run the same command again: it goes on from the "
        "stored values and writes what still differs.",
    ),
    Explanation(
        "COLUMN-HOLDS-VALUES",
        title="A column to be removed still holds values",
        meaning="The file no longer names the column, `--prune` was given, and rows hold values in "
        "it. Columns have no recycle bin: its values would be gone.",
        next="If they may go, give `--allow` with the column's address. Otherwise leave `--prune` "
        "out, and the column stays as people's own; or put it back into the file.",
    ),
    Explanation(
        "COLUMN-ALREADY-IN-LIST",
        title="The list has a column of that name already",
        meaning="A content type of the list brings a column of the site, and the list has one of the "
        "same name that is its own. To SharePoint they are two columns, and it would make a second "
        "one beside the first, or refuse.",
        next="Let the list's own give way: plan and apply with `--allow` and its address. Its values "
        "are stored in the site's ledger and its definition in the receipt, views let it go, it is "
        "removed, the site's comes under the same name, and the values are written to it and "
        "compared; what people write meanwhile stays. Rows keep their content type, so give those "
        "the right one whose form is to show the column. Or keep it in the list: take it out of the "
        "content type and declare it under the list's `columns`. Columns of terms, calculated ones, "
        "and those whose values have no place in the site's type cannot give way; the message says "
        "how to move them by hand.",
    ),
    Explanation(
        "COLUMN-DOUBLED",
        title="A column came back under another name",
        meaning="A column was to come under the internal name it had before, and SharePoint put a "
        "digit after it (`Area0`), because the name was still in use. Views, formulas and this tool "
        "know it by the old name. Its values stand in the site's ledger, and a hidden column whose "
        "name ends in `__was` marks the change as unfinished.",
        next="Delete the column with the digit in the list's settings, and run the same command "
        "again: the column comes once more, and the values go on from the ledger.",
    ),
    Explanation(
        "COLUMN-IN-USE",
        title="Something computes with a column that would be removed",
        meaning="The change removes the list's column and makes it again, or lets the site's take "
        "its place. Formulas, validation or lookups that the message names read it, and would break "
        "on the way.",
        next="Take the column out of those and apply, change the column, then put it back.",
    ),
    Explanation(
        "COLUMN-COPY-MISSING",
        title="The copy of a column's values is gone",
        meaning="A run changed or removed a column and was cut off. The copy of its values, which "
        "it stored in the site's ledger before, is not there any more.",
        next="Restore the file from the recycle bin or the version history of the ledger library "
        "and apply again. To go on without the values, delete the list's hidden column whose name "
        "ends in `__was`.",
    ),
)
