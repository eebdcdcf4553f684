"""The judge: facts, policy and a day in, every verdict out. Pure, and blind to the order of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from provisioner.core import collector
from provisioner.sync.admission import request_case, workspace_case
from provisioner.sync.answers import delivered_stamp, linked_documents
from provisioner.sync.cases import PlacedDocument, RequestCase, WaiverCase
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.leavers import gone_cases
from provisioner.sync.policy import Policy
from provisioner.sync.rules.registers import at_fault
from provisioner.sync.sitting import Sitting
from provisioner.sync.stamped import WaiverStamp
from provisioner.sync.waivers import Settled


def judge(facts: EvidenceFacts, policy: Policy, today: date) -> Judgement:
    """Every verdict of a day, and what should stand on each document, item and waiver.

    Depends on its arguments alone; the order of documents, items, periods, waivers and requests plays no
    part. Ids and keys must be unique among their own.
    """
    with collector.at_rest():
        return _judge(facts, policy, today)


def _judge(facts: EvidenceFacts, policy: Policy, today: date) -> Judgement:
    sitting = Sitting(facts, policy, today)
    sitting.hear()
    hearing, items = sitting.hearing, sitting.expected
    visible = sitting.veil.visible(sitting.gone)
    gone = gone_cases(visible, facts.periods, items, sitting.placements, policy, today)
    for left in gone.values():
        sitting.note(hearing.gone(left))
    requests = _requests(facts, sitting.linked, policy, today)
    for request in requests:
        sitting.note(hearing.request(request))
    for register in facts.registers:
        for row in at_fault(register, policy, today):
            sitting.note(hearing.row(row))
    sitting.note(hearing.plain(workspace_case(facts.periods, policy, today, facts.libraries)))
    settled = sitting.granted.all()
    for one in settled:
        rules = sitting.granted.open_rules(one.waiver)
        sitting.note(hearing.plain(WaiverCase(one.waiver, one.changed, rules, policy, today)))
    windows = [period for period in facts.periods if period.judged and period.days is not None]
    return Judgement(
        today=today,
        policy=policy.digest,
        windows=tuple(sorted(windows, key=lambda one: one.id)),
        verdicts=tuple(sitting.verdicts()),
        documents=sitting.documents,
        items=sitting.items,
        waiver_stamps=_new_stamps(settled),
        request_stamps={
            one.request.id: one.stamp
            for one in requests
            if one.stamp is not None and one.stamp != one.request.stamp
        },
    )


def _requests(
    facts: EvidenceFacts, linked: Mapping[str, PlacedDocument], policy: Policy, today: date
) -> list[RequestCase]:
    """The audit requests, with what answers them and what was delivered."""
    made = []
    for request in facts.requests:
        answers = linked_documents(request, linked, today)
        stamp = delivered_stamp(request, answers)
        made.append(request_case(request, policy, today, answers, stamp))
    return made


def _new_stamps(settled: Sequence[Settled]) -> dict[str, WaiverStamp]:
    return {
        one.waiver.id: one.stamp
        for one in settled
        if one.stamp is not None and one.stamp != one.waiver.stamp
    }
