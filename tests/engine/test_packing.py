from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.resource import Action, Change
from provisioner.core.transport import Bindings, Operation, ref
from provisioner.engine.order import ordered
from provisioner.engine.packing import GRAPH_BATCH, Packing, forecast


def operation(
    address: str, scope: str, audience: str = "graph", path: str = "/x", **more
) -> Operation:
    return Operation(audience, "POST", path, address, scope, **more)


def change(address: str, *operations: Operation, depends: tuple[str, ...] = ()) -> Change:
    return Change(address, "list", Action.CREATE, "", "low", operations=operations, depends=depends)


def drain(packing: Packing) -> list[list[list[str]]]:
    waves = []
    while envelopes := packing.wave():
        waves.append([[op.path for op in envelope.operations] for envelope in envelopes])
        for envelope in envelopes:
            for op in envelope.operations:
                packing.sent(op)
                for attribute in op.produces:
                    packing.known[op.address, attribute] = "1"
    return waves


def test_columns_of_one_list_travel_as_one_sequential_batch():
    columns = [
        change(f"list:a/column:C{n}", operation(f"list:a/column:C{n}", "list:a")) for n in range(5)
    ]
    (envelope,) = Packing(columns, Bindings()).wave()
    assert envelope.sequential
    assert len(envelope.operations) == 5


def test_a_sequential_batch_never_exceeds_twenty_parts():
    columns = [
        change(f"list:a/column:C{n}", operation(f"list:a/column:C{n}", "list:a")) for n in range(45)
    ]
    sizes = [len(e.operations) for e in Packing(columns, Bindings()).wave()]
    assert sizes == [GRAPH_BATCH]
    assert len(drain(Packing(columns, Bindings()))) == 3


def test_single_requests_of_different_scopes_share_an_unordered_batch():
    lists = [change(f"list:{n}", operation(f"list:{n}", f"list:{n}")) for n in range(3)]
    (envelope,) = Packing(lists, Bindings()).wave()
    assert not envelope.sequential
    assert len(envelope.operations) == 3


def test_an_unordered_rest_batch_takes_one_part_of_each_scope():
    views = [
        change(f"list:{n}/view:{v}", operation(f"list:{n}/view:{v}", f"list:{n}", "sharepoint"))
        for n in range(2)
        for v in range(3)
    ]
    waves = drain(Packing(views, Bindings()))
    assert [len(wave[0]) for wave in waves] == [2, 2, 2]


def test_a_request_waits_for_the_id_it_refers_to():
    make = operation("list:a", "list:a", path="/make", produces={"id": "/id"})
    column = operation("list:a/column:C", "list:a", path=f"/lists/{ref('list:a')}/columns")
    waves = drain(
        Packing(ordered([change("list:a/column:C", column), change("list:a", make)]), Bindings())
    )
    assert waves == [[["/make"]], [[f"/lists/{ref('list:a')}/columns"]]]


def test_parts_that_must_keep_their_order_wait_for_an_earlier_one_of_their_path():
    def entry(title: str, link: str) -> Change:
        own = f"navigation:{title}"
        made = operation(own, "navigation", "sharepoint", "/bar", in_order=True, body=ref(link))
        return change(own, replace(made, produces={"id": "/Id"}), depends=(link,))

    made = operation("list:a", "list:a", produces={"id": "/id"})
    entries = [entry("A", "list:a"), entry("B", "list:b"), entry("C", "list:a")]
    known = Bindings({("list:b", "id"): "1"})
    packing = Packing([change("list:a", made), *entries], known)
    sent = []
    while envelopes := packing.wave():
        for op in [op for envelope in envelopes for op in envelope.operations]:
            sent.append(op.address)
            packing.sent(op)
            known[op.address, "id"] = "1"
    assert sent == ["list:a", "navigation:A", "navigation:B", "navigation:C"]


def test_parts_that_must_keep_their_order_keep_it_where_one_waits_for_more_than_the_next():
    def entry(of: str) -> Change:
        own = f"navigation:{of}"
        made = operation(own, "navigation", "sharepoint", "/bar", in_order=True)
        return change(own, made, depends=(f"list:{of}",))

    lists = [
        change("list:a", operation("list:a", "list:a"), depends=("level:late",)),
        change("list:b", operation("list:b", "list:b")),
    ]
    late = change("level:late", operation("level:late", "site"))
    found = ordered([*lists, late, entry("a"), entry("b")])
    assert [c.address for c in found if c.address.startswith("nav")] == [
        "navigation:a",
        "navigation:b",
    ]
    (second,) = [c for c in found if c.address == "navigation:b"]
    assert second.depends == ("list:b",), "what went before is no reason to be skipped"


def test_parts_that_keep_their_order_go_on_without_one_that_was_lost():
    entries = [
        change(f"navigation:{n}", operation(f"navigation:{n}", "navigation", in_order=True))
        for n in "AB"
    ]
    packing = Packing(entries, Bindings())
    packing.lost("navigation:A")
    ((envelope,),) = [packing.wave()]
    assert [op.address for op in envelope.operations] == ["navigation:B"]


def test_what_stands_on_a_failed_change_is_skipped_and_named_and_the_rest_goes_on():
    made = operation("list:a", "list:a", produces={"id": "/id"})
    column = operation("list:a/column:C", "list:a", path=ref("list:a"))
    view = operation("list:a/view:V", "list:a", path=ref("list:a"))
    other = operation("list:b", "list:b")
    changes = ordered(
        [
            change("list:a", made),
            change("list:a/column:C", column),
            change("list:a/view:V", view, depends=("list:a/column:C",)),
            change("list:b", other),
        ]
    )
    packing = Packing(changes, Bindings())
    packing.wave()
    assert packing.lost("list:a") == ["list:a/column:C", "list:a/view:V"]
    assert packing.left == ["list:b"]


def test_what_must_travel_alone_does():
    site = operation("site", "site", path="/beta/sites", alone=True)
    group = operation("group:G", "group", path="/g")
    paths = [
        [op.path for op in e.operations]
        for e in Packing([change("site", site), change("group:G", group)], Bindings()).wave()
    ]
    assert sorted(paths) == [["/beta/sites"], ["/g"]]


def test_changes_that_wait_for_one_another_are_named():
    a = change("list:a", operation("list:a", "a"), depends=("list:b",))
    b = change("list:b", operation("list:b", "b"), depends=("list:a",))
    with pytest.raises(ValueError, match="list:a, list:b"):
        ordered([a, b])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["graph", "sharepoint"])), max_size=40)
)
def test_everything_is_sent_once_and_one_scope_is_never_in_two_envelopes_of_a_wave(shape):
    changes = [
        change(
            f"list:{scope}/column:{n}",
            operation(f"list:{scope}/column:{n}", f"list:{scope}", audience),
        )
        for n, (scope, audience) in enumerate(shape)
    ]
    packing, sent = Packing(changes, Bindings()), []
    while envelopes := packing.wave():
        scopes = [{op.scope for op in envelope.operations} for envelope in envelopes]
        assert sum(map(len, scopes)) == len(set().union(*scopes))
        for envelope in envelopes:
            assert len({op.audience for op in envelope.operations}) == 1
            for op in envelope.operations:
                sent.append(op.address)
                packing.sent(op)
    assert sorted(sent) == sorted(c.address for c in changes)


def test_the_forecast_counts_what_the_run_will_send():
    columns = [
        change(f"list:a/column:C{n}", operation(f"list:a/column:C{n}", "list:a")) for n in range(21)
    ]
    cost = forecast(columns, Bindings())
    assert (cost.requests, cost.round_trips, cost.resource_units) == (21, 2, 42)


def test_runs_of_several_lists_are_spread_over_a_few_sequential_batches():
    columns = [
        change(f"list:{n}/column:C{c}", operation(f"list:{n}/column:C{c}", f"list:{n}"))
        for n in range(12)
        for c in range(2)
    ]
    envelopes = Packing(columns, Bindings()).wave()
    assert [(len(e.operations), e.sequential) for e in envelopes] == [(8, True)] * 3


@pytest.mark.parametrize(("count", "sizes"), [(3, [3]), (9, [3, 3, 3]), (13, [5, 5, 3])])
def test_a_wave_of_single_requests_goes_in_a_few_batches_side_by_side(count, sizes):
    views = [
        change(f"list:{n}/view:V", operation(f"list:{n}/view:V", f"list:{n}", "sharepoint"))
        for n in range(count)
    ]
    assert [len(e.operations) for e in Packing(views, Bindings()).wave()] == sizes


def test_a_wave_is_spread_over_no_more_batches_than_are_sent_at_once():
    columns = [
        change(f"list:{n}/column:{c}", operation(f"list:{n}/column:{c}", f"list:{n}"))
        for n in range(10)
        for c in range(10)
    ]
    views = [
        change(f"list:v{n}/view:V", operation(f"list:v{n}/view:V", f"list:v{n}", "sharepoint"))
        for n in range(30)
    ]
    envelopes = Packing([*columns, *views], Bindings()).wave()
    assert [len(e.operations) for e in envelopes] == [20, 20, 20, 20, 20, 30]


def test_a_rest_batch_never_exceeds_what_the_service_takes():
    views = [
        change(f"list:{n}/view:V", operation(f"list:{n}/view:V", f"list:{n}", "sharepoint"))
        for n in range(350)
    ]
    sizes = [len(e.operations) for e in Packing(views, Bindings()).wave()]
    assert sizes == [100, 100, 100, 50]


def test_a_look_up_that_reading_has_answered_is_not_sent_again():
    look = Operation("sharepoint", "GET", "/me", "principal:us", "p", produces={"id": "/Id"})
    grant = operation("list:a", "list:a", "sharepoint", path=f"/grant({ref('principal:us')})")
    changes = ordered([change("principal:us", look), change("list:a", grant)])
    assert len(drain(Packing(changes, Bindings()))) == 2
    waves = drain(Packing(changes, Bindings({("principal:us", "id"): "7"})))
    assert waves == [[[f"/grant({ref('principal:us')})"]]]


def test_in_the_site_what_most_wait_for_goes_first_and_a_kind_keeps_its_order():
    kinds = {"column": "column", "contentType": "contentType", "list": "list"}

    def made(address: str, *more: Operation) -> Change:
        own = operation(address, "site", path=f"/{address}", produces={"id": "/id"})
        kind = kinds[address.partition(":")[0]]
        return Change(address, kind, Action.CREATE, "", "low", operations=(own, *more))

    bound = operation(
        "contentType:T", "site", path=f"/{ref('contentType:T')}/{ref('column:B')}/{ref('column:A')}"
    )
    inside = [
        change(
            f"list:a/view:{n}", operation(f"list:a/view:{n}", "list:a", path=f"/{ref('list:a')}")
        )
        for n in range(5)
    ]
    changes = ordered(
        [made("column:B"), made("column:A"), made("contentType:T", bound), made("list:a"), *inside]
    )
    (envelope,) = Packing(changes, Bindings()).wave()
    assert [op.address for op in envelope.operations] == [
        "list:a",
        "column:B",
        "column:A",
        "contentType:T",
    ]


def test_what_was_lost_with_something_else_stays_lost_when_its_own_answer_is_good():
    stands = change("list:b", operation("list:b", "list:b"), depends=("list:a",))
    packing = Packing([change("list:a", operation("list:a", "list:a")), stands], Bindings())
    assert packing.lost("list:a") == ["list:b"]
    packing.sent(stands.operations[0])
    assert packing.left == []
    assert packing.wave() == []
