"""Codes of reading a workspace file: the file itself, its YAML, packs and parameters."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

SPEC_FILES = (
    Explanation(
        "SPEC-NOT-FOUND",
        title="A file is not there",
        meaning="The workspace file, or one that `extends` names, does not exist. A path in "
        "`extends` is read from the folder of the file that names it.",
        next="Check the name and the folder you are in. `provisioner new CLIENT --template T` makes "
        "a first workspace file.",
    ),
    Explanation(
        "SPEC-UNREADABLE",
        title="A file may not be read",
        meaning="The file is there, and the system does not let us read it: its permissions, or it "
        "is a folder.",
        next="Check who owns the file and who may read it.",
    ),
    Explanation(
        "SPEC-ENCODING",
        title="The file is not UTF-8 text",
        meaning="The byte at the place named is no part of UTF-8 text. The file was saved in an "
        "older encoding, or it is no text file at all.",
        next="Save it as UTF-8 in your editor. It is in the menu near the file type.",
    ),
    Explanation(
        "SPEC-EMPTY",
        title="The file says nothing",
        meaning="It is empty, or holds comments alone.",
        next="Check that it is the right file. `provisioner new` makes one that can be planned.",
    ),
    Explanation(
        "SPEC-TOO-LARGE",
        title="The file is too large",
        meaning="It has more than 4 MB, or stands for more than 100,000 values, counting what aliases "
        "and patterns unfold to; or its parameters fill in more than 16 MB of text. The place named "
        "is where the count was reached; what follows was not read.",
        why="A small file with aliases or patterns inside others can unfold to fill a machine's memory. We "
        "stop before that.",
        next="Check that it is the right file. Split a real one into parts named under `extends`, "
        "and write out aliases that stand inside others.",
    ),
    Explanation(
        "SPEC-TOO-DEEP",
        title="Values are nested too deep",
        meaning="There are more than 40 levels of maps and lists inside each other, or of patterns "
        "that are `like` one another. No workspace needs that many, so a bracket is probably left open.",
        next="Look at the place named for a [ or { that is never closed, or write patterns together.",
    ),
    Explanation(
        "SPEC-YAML",
        title="The file is not valid YAML",
        meaning="The reader lost its way at the place named. The mistake may be on the line above: "
        "indentation, a quote or bracket left open, a missing colon.",
        next="Put texts that hold a colon, or start with { [ * & ! % or @, in quotes. An editor "
        "with YAML support and the schema from `provisioner schema` shows mistakes while you type.",
    ),
    Explanation(
        "SPEC-TAB",
        title="A tab is used to indent",
        meaning="YAML knows spaces only. A tab looks the same and ends the structure.",
        next="Replace it by spaces, two a level. Most editors can do so for the whole file.",
    ),
    Explanation(
        "SPEC-CHARACTER",
        title="There is a control character in the file",
        meaning="YAML does not allow it. Such characters cannot be seen; they come along when text "
        "is copied from other programs.",
        next="Go to the line and column named and delete it, or retype the line.",
    ),
    Explanation(
        "SPEC-TAG",
        title="YAML tags are not used here",
        meaning="A word that starts with `!` tells YAML to make something special of a value. A "
        "workspace holds plain texts, numbers, lists and maps.",
        next="Take the tag away. If the text itself starts with `!`, put it in quotes.",
    ),
    Explanation(
        "SPEC-NUMBER",
        title="The number is too large",
        meaning="A value written without quotes is read as a number, and this one is larger than "
        "can be kept exactly. Most often it is an id.",
        next="Put it in quotes, so that it is text.",
    ),
    Explanation(
        "SPEC-DUPLICATE-KEY",
        title="A key is given twice",
        meaning="The same map has the same key twice, and only one of them could count.",
        why="Most readers of YAML quietly take the last one, and the first is lost without a word.",
        next="Keep one. The message names the place of the other.",
    ),
    Explanation(
        "SPEC-SECRET",
        title="A secret is written in the file",
        meaning="A value looks like a private key, a client secret, a token or a signed address, or "
        "it stands under a key such as `password`. It is not repeated in any message.",
        why="Workspace files are kept in version control and sent around. A secret that was shared "
        "once is no secret any more.",
        next="Write `env:NAME` or `file:path` in its place. If the file was ever shared, replace "
        "the secret as well.",
    ),
    Explanation(
        "SPEC-EXTENDS",
        title="`extends` does not name a pack or a path",
        meaning="What stands there is neither a pack as `name@major`, nor a path, nor a list of "
        "these. A path has a slash in it or ends in .yaml.",
        next="Write `extends: soc2-fintech-api@1` or `extends: ./shared.yaml`. `provisioner "
        "templates` lists the packs.",
    ),
    Explanation(
        "SPEC-EXTENDS-CYCLE",
        title="Files extend each other in a circle",
        meaning="A file extends another, which in the end extends the first. There is no base to "
        "start from; the message shows the way round.",
        next="Take one `extends` of the circle away, or move what both need into a third file.",
    ),
    Explanation(
        "SPEC-LIKE",
        title="`like` names no pattern",
        meaning="`like` fills a library or list from a pattern under `patterns:`, of this file or "
        "of a pack it extends. There is none of this name, or the pattern is like itself.",
        next="Use one of the names that the message lists, or declare the pattern.",
    ),
    Explanation(
        "SPEC-CRITERION",
        title="A criterion or a scope is not known",
        meaning="An item of `evidence` names a criterion, or a period of `periods` a category, that "
        "is neither of the Trust Services Criteria nor of a framework of this workspace.",
        why="An item that supports nothing known would be in no audit's scope, and would be missed "
        "in silence.",
        next="Correct the id, or declare the framework: `frameworks: [{name: ISO 27001, criteria: "
        "{A.5.1: policies}}]`.",
    ),
    Explanation(
        "SPEC-PACK",
        title="A key has no place in a part of a pack",
        meaning="A pack's parts hold libraries, lists and the like. What concerns the pack as a "
        "whole stands in its `pack.yaml`. As whom to sign in where (`tenant`), and who is told at "
        "which address (`notifications`), only the workspace says: a pack may come from anybody.",
        next="Move the key into the file that the message names. A firm's own words for all its "
        "clients may stand in a workspace file that theirs extend by its path.",
    ),
    Explanation(
        "SPEC-PACK-UNKNOWN",
        title="There is no such pack",
        meaning="No pack of this name came with the program.",
        next="Run `provisioner templates` for their names. A pack of your own is named by its path: "
        "`extends: ./packs/mine`.",
    ),
    Explanation(
        "SPEC-PACK-VERSION",
        title="The pack has no such version",
        meaning="The pack is here, in another major version. A new major version may rename or drop "
        "parts.",
        next="Read what changed in the pack, write the version that the message names, and look at "
        "`provisioner plan` before you apply.",
    ),
    Explanation(
        "SPEC-MERGE",
        title="A thing in a merged list has no name",
        meaning="The list adds to one of a pack, and its things are found by `key`, `name` or `id`. "
        "This one has none, so we cannot tell whether it is new or changes another.",
        next="Give it the key that the message names.",
    ),
    Explanation(
        "SPEC-REMOVE",
        title="`remove: true` removes nothing, or says too much",
        meaning="There is nothing of that name in the pack, the entry says more than its name, or "
        "the list has no names to remove by.",
        next="Write only the name and `remove: true`. A list without names is replaced whole: write "
        "it as it should be.",
    ),
    Explanation(
        "SPEC-DUPLICATE-NAME",
        title="Two things of a list have the same name",
        meaning="In a list of named things, or in `deviations.yaml`, the same one is given twice. "
        "The message names the place of the first.",
        next="Join the two, or give one another name.",
    ),
    Explanation(
        "SPEC-PARAMETER-MISSING",
        title="The pack asks for a parameter",
        meaning="The pack needs a value it cannot know, such as the client's name or the start of "
        "the audit period. What it is for is in the message.",
        next="Add it under `parameters:` in the workspace file, or with `--set name=value` when "
        "`provisioner new` makes it.",
    ),
    Explanation(
        "SPEC-PARAMETER-VALUE",
        title="The value of a parameter does not fit",
        meaning="The pack expects another form, such as a date, or one value and not a list.",
        next="Correct it under `parameters:`. A value with `:` or `#` needs quotes.",
    ),
    Explanation(
        "SPEC-PARAMETER-UNKNOWN",
        title="A text names a parameter that is not there",
        meaning="`{{ name }}` is replaced by the value of a parameter, and there is none of this "
        "name in the file or its packs.",
        next="Correct the name, or give it a value under `parameters:`.",
    ),
    Explanation(
        "SPEC-PARAMETER-DATE",
        title="Days are added to what is no date",
        meaning="`{{ name + 14d }}` counts days from a parameter, and this one is not written "
        "YYYY-MM-DD, or the day would lie beyond the calendar.",
        next="Give the parameter as YYYY-MM-DD, or take the days away.",
    ),
    Explanation(
        "SPEC-PARAMETER-UNUSED",
        title="Nothing uses this parameter",
        meaning="It is given a value, no pack asks for it, and no text names it.",
        why="Often it is a misspelt name, and the value you meant to give is missing elsewhere.",
        next="Correct its name, or take it out of `parameters:`.",
    ),
    Explanation(
        "SPEC-PARAMETER-SYNTAX",
        title="Two braces without a parameter's name",
        meaning="`{{` begins a reference to a parameter. It needs a name of letters, digits and "
        "underscores, and `}}` after it.",
        next="Write `{{ name }}`, with the whole text in quotes if it starts with a brace.",
    ),
)
