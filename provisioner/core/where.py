"""The one `where` language: view filters, register checks and report selections.

A condition is a map. Each field has a map of operators; several fields, and several operators, must
all hold. `any` and `all` take lists of conditions and `not` takes one::

    {any: [{Freshness: {in: [Stale, Expired]}}, {ReviewStatus: {ne: Approved}}]}

Operators: `eq ne lt le gt ge in notIn contains beginsWith empty`. Words: `today`, `today+14d`,
`today-3d` for days, `me` for the person who looks.

Only checks can also compare a column with another one of the same row, and count business days
(Monday to Friday, less the workspace's holidays)::

    {Approver: {eq: {field: Requester}}, GrantedOn: {lt: today-10b}}

What it means, in CAML and in Python alike:

- An empty field satisfies `empty: true`, `ne` and `notIn`, and nothing else.
- `not` is the plain opposite, so `not: {Due: {lt: today}}` holds for a row without a due date.
- Text is compared without regard to case and to blanks at its end, as SharePoint does.
- Dates are compared by whole days, in the site's time zone.
- In a field with several values, `eq`, `in` and `contains` ask whether one of them is it; `ne` and
  `notIn` ask that none is.
- Two columns: `eq ne lt le gt ge`. Where one is empty, only `ne` holds. People are the same by the
  site's number for them, dates by day.
- A person is compared by display name, by site user id or with `me`; a lookup by text or by id.

`parse` refuses what is no condition, `to_caml` what CAML cannot say; both raise `WhereError` with
the path of the part that is at fault. `to_odata` gives a filter of Graph's that may leave more rows
than the condition, never fewer.
"""

from __future__ import annotations

from provisioner.core.where_caml import FIELD_TYPES, to_caml
from provisioner.core.where_odata import to_odata
from provisioner.core.where_rows import Row, business_day, refuse_unlike, to_predicate
from provisioner.core.where_terms import (
    All,
    Condition,
    Either,
    Me,
    Not,
    OtherField,
    Test,
    Today,
    WhereError,
    fields_of,
    parse,
    tests_of,
)

__all__ = [
    "FIELD_TYPES",
    "All",
    "Condition",
    "Either",
    "Me",
    "Not",
    "OtherField",
    "Row",
    "Test",
    "Today",
    "WhereError",
    "business_day",
    "fields_of",
    "parse",
    "refuse_unlike",
    "tests_of",
    "to_caml",
    "to_odata",
    "to_predicate",
]
