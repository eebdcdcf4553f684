"""Before anything is written: may the app do what the plan asks, by the site's own account?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from provisioner.core.errors import Refused
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation
from provisioner.engine.fitness import OWN_RIGHTS, check_role
from provisioner.engine.learning import without
from provisioner.engine.packing import Forecast
from provisioner.engine.plan import Plan

MANAGE, WRITE = "sharepoint:Sites.Selected/manage", "graph:Sites.Selected/write"
CREATE = "graph:Sites.Create.All"


def plan_that_needs(permissions: Sequence[str]) -> Plan:
    sent = tuple(
        Operation("graph", "PATCH", "/x", address="list:a", scope="x", permission=one)
        for one in permissions
    )
    change = Change("list:a", "list", Action.UPDATE, "because", "low", operations=sent)
    return Plan("/sites/acme", "s", "o", (change,), 0, Forecast(0, 0, 0, 0.0))


@pytest.mark.parametrize(
    ("needs", "held", "words"),
    [
        ((MANAGE, WRITE), "write", "the plan needs manage"),
        ((MANAGE, WRITE), "read", "the plan needs manage"),
        ((WRITE,), "read", "the plan needs write"),
        ((WRITE,), "write", ""),
        ((MANAGE,), "manage", ""),
        ((MANAGE,), "fullcontrol", ""),
        ((MANAGE,), "", ""),  # the site does not say
        (("sharepoint:Sites.Selected/fullcontrol",), "manage", ""),  # the service judges that
        ((CREATE,), "read", ""),
    ],
)
def test_a_role_that_is_plainly_too_small_is_refused_before_anything_is_written(
    needs: Sequence[str], held: str, words: str
) -> None:
    made = plan_that_needs(needs)
    if not words:
        return check_role(made, held, frozenset())
    with pytest.raises(Refused) as caught:
        check_role(made, held, frozenset())
    assert (caught.value.code, caught.value.exit_code) == ("PERMISSION-MISSING", 3)
    assert words in caught.value.message
    assert caught.value.address == "list:a"
    assert ("PATCH to fullcontrol" in caught.value.hint) is ("manage" in words)
    # A probe found that SharePoint does not tell an app what it may do.
    return check_role(made, held, frozenset({without(OWN_RIGHTS)}))
