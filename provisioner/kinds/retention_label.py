"""The retention label that everything new in a library or list gets.

```yaml
libraries:
  - key: access-control-evidence
    retentionLabel: Evidence 7 years     # its name in Microsoft Purview
```

The label must be made in Purview and published to the site before. A plan for a site that is there
names one that is not (`LABEL-NOT-PUBLISHED`); of a new site, apply says it. `""` says that there
must be none. Documents that are in the library already keep what they have: labelling them afterwards
is left to a person, in the library's settings, because it cannot be undone where the label locks what
it is put on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import RootModel

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, Unfit
from provisioner.kinds.list import url_of
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.requests import REST_MANAGE, quoted, read_rest, rest, rows

_PROXY = "/_api/SP.CompliancePolicy.SPPolicyStoreProxy."
PUBLISHED = "publishedLabels"
"""Kind and address of what is published to the site."""


class RetentionLabel(RootModel[str]):
    """Name of the retention label for everything new; an empty text for none."""


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The label of a library or list."""
    spec, above = declared.spec, declared.parent
    assert isinstance(spec, RetentionLabel)
    assert above is not None
    assert isinstance(above.spec, Library | List)
    own = address("retentionLabel", "", address("list", above.spec.key))
    return (
        Resource(
            "retentionLabel",
            own,
            {"label": spec.root.strip()},
            (("label", "label"),),
            extra={"url": url_of(above.spec, scope)},
            where=declared.where,
        ),
    )


def _published(scope: Scope) -> Reading:
    # As github.com/pnp/cli-microsoft365 asks for it (web-retentionlabel-list). What right it takes is
    # not documented, so a plan can do without.
    site = quoted(f"https://{scope.hostname}{scope.site_path}")
    path = f"{_PROXY}GetAvailableTagsForSite(siteUrl='{site}')"
    return replace(read_rest(path, absent_ok=True), refused_ok=True)


def inventory(scope: Scope) -> Sequence[Reading]:
    """The labels of the site, where one is declared."""
    return (_published(scope),) if any(one != "*" for one in scope.labelled) else ()


def published_found(scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """The names of the labels that are published to the site."""
    answer = answers.get(_published(scope))
    if answer is None or answer.status != 200:
        return ()
    names = sorted(str(one.get("TagName") or "") for one in rows(answer.body))
    said = {"names": names}
    return (Found(PUBLISHED, SITE, "", ((PUBLISHED, ""),), {"id": ""}, said, builtin=True),)


def _label(url: str) -> Reading:
    # As PnP Core SDK asks for it (List.GetComplianceTagAsync).
    path = f"{_PROXY}GetListComplianceTag(listUrl='{quoted(url)}')"
    return read_rest(path, cost=1, pages=False)


def _looked_at(scope: Scope, known: Known) -> list[tuple[str, str, str]]:
    """Address, id and URL of each list whose label is read."""
    return [
        (one.address, one.ids["id"], one.ids["url"])
        for one in known.values()
        if one.kind == "list"
        and one.declared
        and (one.address in scope.labelled or "*" in scope.labelled)
    ]


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """The label of each list that has a word on it."""
    return [_label(url) for _, _, url in _looked_at(scope, known)]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The label of each of those lists, "" for none."""
    made = []
    for own, own_id, url in _looked_at(scope, known):
        answer = answers.get(_label(url))
        if answer is None:
            continue
        body = answer.body if isinstance(answer.body, dict) else {}
        body = body.get("d", body)
        body = body.get("GetListComplianceTag") or body
        made.append(
            Found(
                "retentionLabel",
                own,
                "",
                (("label", "label"),),
                {"id": own_id},
                {"label": str(body.get("TagName") or "")},
                builtin=True,
            )
        )
    return made


def operations(change: Change, scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """One request; an empty name takes the label away.

    As github.com/pnp/cli-microsoft365 sends it (list-retentionlabel-ensure, -remove).
    """
    wanted, own = change.desired, change.address
    if wanted is None or change.action not in {Action.CREATE, Action.UPDATE}:
        return ()
    name = str(wanted.properties["label"])
    body: dict[str, Any] = {
        "listUrl": f"https://{scope.hostname}{wanted.extra['url']}",
        "complianceTagValue": name,
        "blockDelete": False,
        "blockEdit": False,
        "syncToItems": False,
    }
    path = "/_api/SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag"
    what = f"Label what is new in {parent_of(own)}: {name or 'nothing'}"
    unknown = {400: _unknown(name), 500: _unknown(name)} if name else {}
    return (replace(rest("POST", path, own, body, what=what), refused=unknown),)


def _unknown(name: str) -> str:
    return (
        f"If no retention label “{name}” is published to this site, publish it in Microsoft Purview "
        "(it may take a day to arrive), or write another name."
    )


def unfit(wanted: Resource, known: Known) -> Unfit | None:
    """A label that is not published to the site, where the site could be asked."""
    name, published = str(wanted.properties["label"]), known.get(PUBLISHED)
    if not name or published is None:
        return None
    names = list(published.properties["names"])
    if name.casefold() in {one.casefold() for one in names}:
        return None
    return Unfit(
        "LABEL-NOT-PUBLISHED",
        f"{parent_of(wanted.address)} is to have the retention label “{name}”, which is not "
        "published to this site.",
        f"Publish it in Microsoft Purview, or write one of {', '.join(names)}."
        if names
        else "Publish it in Microsoft Purview; no label is published to this site yet.",
    )


def risk(_action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High where a label is taken away: what it kept could then be deleted."""
    return "high" if any(field.before for field in fields) else "low"


def nothing_declared(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """Labels are made in Purview."""
    return ()


def nothing_to_send(_change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Nothing publishes a label from here."""
    return ()


KINDS = (
    Kind(
        name="retentionLabel",
        title="Retention label",
        rank=67,
        mounts={
            "libraries[].retentionLabel": RetentionLabel,
            "lists[].retentionLabel": RetentionLabel,
        },
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        risk=risk,
        unfit=unfit,
        deletable=False,
        permissions={Action.CREATE: REST_MANAGE, Action.UPDATE: REST_MANAGE},
    ),
    Kind(
        name=PUBLISHED,
        title="Retention labels of the site",
        rank=66,
        mounts={},
        desired=nothing_declared,
        operations=nothing_to_send,
        inventory=inventory,
        found=published_found,
        deletable=False,
    ),
)
