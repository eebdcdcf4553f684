"""A table as CSV that a spreadsheet can open without running what somebody wrote into it.

Text that a spreadsheet would take for a formula gets an apostrophe in front ("CSV Injection",
owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from datetime import date

from provisioner.report.html_words import shown
from provisioner.report.tables import Table, Value

# The last four are the full-width forms, which spreadsheets in some languages read alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BLANK = " \x00\u00a0\u3000\ufeff"


def table_csv(table: Table) -> str:
    """The table with a heading line, lines ended by CRLF (RFC 4180), every field in quotes."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([one.name for one in table.columns])
    for row in table.rows:
        writer.writerow([_text(value) for value in row])
    return target.getvalue()


def safe_text(text: str) -> str:
    """A text no spreadsheet takes for a formula; spaces in front do not hide one."""
    risky = text.startswith(_FORMULA) or text.lstrip(_BLANK).startswith(_FORMULA)
    return f"'{shown(text)}" if risky else str(shown(text))


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return safe_text(value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)
