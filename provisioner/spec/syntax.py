"""What the YAML parser complains of, as sentences for somebody who has never read its manual."""

from __future__ import annotations

import yaml

from provisioner.core.errors import Problem, Where


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """The parser's error about `text`, at its place."""
    mark = error.problem_mark or error.context_mark
    where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file, 1, 1)
    reason = error.problem or error.context or "it cannot be read"
    line = text.splitlines()[where.line - 1 : where.line]
    if line and "\t" in line[0][: where.column]:
        hint = "Indent with spaces; two a level."
        return Problem("SPEC-TAB", "A tab is used to indent.", where, hint)
    for words, sentence, hint in _SENTENCES:
        if words in reason:
            return Problem("SPEC-YAML", sentence, where, hint)
    return Problem("SPEC-YAML", f"This is not valid YAML: {reason}.", where, _LOOK_ABOVE)


def character_problem(position: int, text: str, file: str) -> Problem:
    """The character at `position` is one that YAML does not allow."""
    before = text[:position]
    line = before.count("\n") + 1
    return Problem(
        "SPEC-CHARACTER",
        "The file holds a control character that YAML does not allow.",
        Where(file, line, position - (before.rfind("\n") + 1) + 1),
        "Delete it, or write it as an escape inside double quotes.",
    )


_LOOK_ABOVE = "Look at this line and the one above: indentation, a missing quote, a missing colon."
_SENTENCES = (
    (
        "mapping values are not allowed",
        "A colon stands where no key can be.",
        "Put the text in quotes if the colon belongs to it, or correct the indentation.",
    ),
    (
        "could not find expected ':'",
        "A key has no colon after it.",
        "Write `key: value`; a text over several lines needs quotes, `|` or `>`.",
    ),
    (
        "did not find expected key",
        "The indentation does not fit, or a key is missing.",
        "Line up keys of the same map; put a text that starts with a quote wholly in quotes.",
    ),
    (
        "did not find expected '-' indicator",
        "An item of a list does not line up with the others.",
        "Start every item of a list at the same column with `- `.",
    ),
    (
        "did not find expected ',' or ']'",
        "A list in square brackets is not closed, or misses a comma.",
        "Close it with `]`, and put a comma between its items.",
    ),
    (
        "did not find expected ',' or '}'",
        "A map in braces is not closed, or misses a comma.",
        "Close it with `}`. A text that starts with `{{ name }}` needs quotes around it.",
    ),
    (
        "did not find expected node content",
        "A bracket, a brace or a value is left open here.",
        "Close every [ with ] and every { with }; put a text that starts with * & ! % @ in quotes.",
    ),
    (
        "did not find expected <document start>",
        "The file goes on after it has come to its end.",
        "Line up the keys of the file at the first column, and remove `...` or `%` lines.",
    ),
    (
        "unexpected end of stream",
        "A quote is opened and never closed.",
        "Add the closing quote.",
    ),
    (
        "cannot start any token",
        "A text starts with a character that means something in YAML.",
        "Put the text in quotes.",
    ),
    (
        "unknown escape character",
        "A backslash in double quotes is followed by a character it cannot escape.",
        "Use single quotes, or write the backslash twice.",
    ),
)
