"""Every person × every state × every verb, against tables that were written by hand from rules.md and model.md.

In the tables `+` is done, `=` nothing left to do, `r` refused for now (the state or the calendar says no: 400), `.` not
hers (403). A person who has no line in a table may do nothing at all. office2 is the office, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from submissions import lifecycle
from submissions.actions import drafting, moves
from submissions.models import Achievement, StatusChange
from tests.cast import Cast, scene
from tests.season.situations import NOTE, ROADS, SITUATIONS, everything, watched

HEAD = "register submit recommend return decline withdraw accept freeze unfreeze disqualify reopen bar | edit verify"
COUNTY_ROAD = """
draft        unit_a     +  r  .  .  .  r  .  .  .  .  .  .  |  +  .
draft        office     .  .  .  .  .  .  r  r  r  r  r  r  |  .  .
registered   unit_a     r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
registered   office     .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
desk1        unit_a     r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
desk1        auditor_a  .  .  +  +  +  .  .  .  .  .  .  .  |  .  +
desk1        office     .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
held         unit_a     r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
held         auditor_a  .  .  r  r  r  .  .  .  .  .  .  .  |  .  .
held         office     .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
host         unit_a     r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
host         office     .  .  r  +  +  .  +  r  r  r  r  +  |  .  +
returned     unit_a     r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
returned     office     .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
accepted     unit_a     r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
accepted     office     .  .  r  r  +  .  r  +  r  r  r  +  |  .  .
frozen       unit_a     r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
frozen       office     .  .  r  r  r  .  r  r  +  +  r  +  |  .  .
declined     unit_a     r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
declined     office     .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
withdrawn    unit_a     r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
withdrawn    office     .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
disqualified unit_a     r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
disqualified office     .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
"""
# A team's work: its own operator, and that of the mine above it; the mine's operator also sits at the mine's desk.
TEAM_ROAD = """
draft        team           +  r  .  .  .  r  .  .  .  .  .  .  |  +  .
draft        mine           +  r  .  .  .  r  .  .  .  .  .  .  |  +  .
draft        office         .  .  .  .  .  .  r  r  r  r  r  r  |  .  .
desk1        team           r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
desk1        mine           r  r  +  +  +  +  .  .  .  .  .  .  |  .  +
desk1        office         .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
desk2        team           r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
desk2        mine           r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
desk2        auditor_group  .  .  +  +  +  .  .  .  .  .  .  .  |  .  +
desk2        office         .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
host         team           r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
host         mine           r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
host         office         .  .  r  +  +  .  +  r  r  r  r  +  |  .  +
returned     team           r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
returned     mine           r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
returned     office         .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
registered   team           r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
registered   mine           r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
registered   office         .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
accepted     team           r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
accepted     mine           r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
accepted     office         .  .  r  r  +  .  r  +  r  r  r  +  |  .  .
frozen       team           r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
frozen       mine           r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
frozen       office         .  .  r  r  r  .  r  r  +  +  r  +  |  .  .
declined     team           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
declined     mine           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
declined     office         .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
withdrawn    team           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
withdrawn    mine           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
withdrawn    office         .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
disqualified team           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
disqualified mine           r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
disqualified office         .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
"""
# A direct unit keeps its own work for a second person (domain.md A5): direct2 is its auditor.
DIRECT_ROAD = """
draft        direct   +  r  .  .  .  r  .  .  .  .  .  .  |  +  .
draft        direct2  .  .  r  r  r  .  .  .  .  .  .  .  |  .  .
draft        office   .  .  .  .  .  .  r  r  r  r  r  r  |  .  .
desk1        direct   r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
desk1        direct2  .  .  +  +  +  .  .  .  .  .  .  .  |  .  +
desk1        office   .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
host         direct   r  r  .  .  .  +  .  .  .  .  .  .  |  .  .
host         office   .  .  r  +  +  .  +  r  r  r  r  +  |  .  +
returned     direct   r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
returned     direct2  .  .  r  r  r  .  .  .  .  .  .  .  |  .  .
returned     office   .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
registered   direct   r  +  .  .  .  +  .  .  .  .  .  .  |  +  .
registered   direct2  .  .  r  r  r  .  .  .  .  .  .  .  |  .  .
registered   office   .  .  .  .  .  .  r  r  r  r  r  +  |  .  .
accepted     direct   r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
accepted     office   .  .  r  r  +  .  r  +  r  r  r  +  |  .  .
frozen       direct   r  r  .  .  .  r  .  .  .  .  .  .  |  .  .
frozen       office   .  .  r  r  r  .  r  r  +  +  r  +  |  .  .
declined     direct   r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
declined     office   .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
withdrawn    direct   r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
withdrawn    office   .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
disqualified direct   r  r  .  .  .  r  .  .  .  .  .  =  |  .  .
disqualified office   .  .  .  .  .  .  r  r  r  r  +  =  |  .  .
"""
TABLES = {"unit_a": COUNTY_ROAD, "team": TEAM_ROAD, "direct": DIRECT_ROAD}

VERBS: dict[str, Callable[[Cast, str, int], object]] = {
    "register": lambda cast, who, pk: moves.register(cast[who], pk),
    "submit": lambda cast, who, pk: moves.submit(cast[who], pk),
    "recommend": lambda cast, who, pk: moves.recommend(cast[who], pk),
    "return": lambda cast, who, pk: moves.return_for_changes(cast[who], pk, NOTE),
    "decline": lambda cast, who, pk: moves.decline(cast[who], pk, NOTE),
    "withdraw": lambda cast, who, pk: moves.withdraw(cast[who], pk, NOTE),
    "accept": lambda cast, who, pk: moves.accept(cast[who], pk),
    "freeze": lambda cast, who, pk: moves.freeze(cast[who], pk),
    "unfreeze": lambda cast, who, pk: moves.unfreeze(cast[who], pk),
    "disqualify": lambda cast, who, pk: moves.disqualify(cast[who], pk, NOTE),
    "reopen": lambda cast, who, pk: moves.reopen(cast[who], pk, NOTE),
    "bar": lambda cast, who, pk: moves.bar(cast[who], Achievement.objects.get(pk=pk), NOTE),
    "edit": lambda cast, who, pk: drafting.save_fields(cast[who], pk, {"innovation": "另写"}, 99),
    "verify": lambda cast, who, pk: moves.verify_benefit(cast[who], pk, Decimal("126.50"), "economic", ""),
}
# Where a work stands after a move: its status and whose desk it lies on ("unit", "next", "host", "nobody").
AFTER = {
    "register": ("registered", "unit"),
    "submit": ("submitted", "next"),
    "recommend": ("submitted", "next"),
    "return": ("returned", "unit"),
    "decline": ("declined", "nobody"),
    "withdraw": ("withdrawn", "nobody"),
    "accept": ("accepted", "host"),
    "freeze": ("frozen", "host"),
    "unfreeze": ("accepted", "host"),
    "disqualify": ("disqualified", "nobody"),
    "reopen": ("submitted", "host"),
    "bar": ("disqualified", "nobody"),
}
# Withdrawn from the pool it has no version: nothing that a desk could read, so its unit submits it first.
UNSENT_AFTER = {("withdrawn", "reopen"): ("returned", "unit")}


def expectations(table: str) -> dict[str, dict[tuple[str, str], str]]:
    """Situation → (person, verb) → sign."""
    verbs = HEAD.replace("|", "").split()
    found: dict[str, dict[tuple[str, str], str]] = {}
    for line in table.strip().splitlines():
        situation, person, *signs = line.replace("|", "").split()
        row = dict(zip(verbs, signs, strict=True))
        for who in ("office", "office2") if person == "office" else (person,):
            found.setdefault(situation, {}).update({(who, verb): sign for verb, sign in row.items()})
    return found


SUBMITTED = re.compile("desk1|desk2|host|held")
CASES = [(work, situation) for work, table in TABLES.items() for situation in expectations(table)]


def outcome(cast: Cast, who: str, verb: str, pk: int) -> str:
    """What really happens, as a sign of the table; a refusal must be one Chinese sentence."""
    was_ended = Achievement.objects.filter(pk=pk, status__in=lifecycle.ENDED).exists()
    try:
        VERBS[verb](cast, who, pk)
    except Refusal as error:
        sign = {NotAllowed: ".", Refusal: "r"}[type(error)]
        return sign if error.message.endswith("。") else f"no sentence: {error.message}"
    return "=" if verb == "bar" and was_ended else "+"


def test_the_table_names_every_verb_and_every_status() -> None:
    assert set(HEAD.replace("|", "").split()) == set(VERBS)
    assert set(lifecycle.MOVES) <= set(VERBS)
    assert set(lifecycle.MOVES) == set(AFTER)
    for table in TABLES.values():
        assert {SUBMITTED.sub("submitted", situation) for situation in expectations(table)} == set(lifecycle.Status)


@pytest.mark.parametrize(("work", "situation"), CASES, ids=[f"{work}-{situation}" for work, situation in CASES])
def test_who_may_do_what(cast: Cast, work: str, situation: str) -> None:
    expected = expectations(TABLES[work])[situation]
    pk = SITUATIONS[situation](cast, work)
    before, wrong = everything(), []
    for who in cast.actors:
        for verb in VERBS:
            with scene(), watched() as wrote:
                sign = outcome(cast, who, verb, pk)
                if sign != expected.get((who, verb), nobodys(situation, verb)):
                    wrong.append(f"{who} {verb}: {sign}")
                elif sign != "+" and wrote and everything() != before:
                    wrong.append(f"{who} {verb}: refused, yet something was written")
                elif sign == "+" and verb in AFTER:
                    check_move(cast, work, situation, verb, pk)
    assert wrong == []


def nobodys(situation: str, verb: str) -> str:
    """What a verb comes to for whoever has no line: a case finds a work that has ended as it ended."""
    return "=" if verb == "bar" and situation in lifecycle.ENDED else "."


def check_move(cast: Cast, work: str, situation: str, verb: str, pk: int) -> None:
    """The new place, one line of history, one event."""
    achievement = Achievement.objects.get(pk=pk)
    status, desk = UNSENT_AFTER.get((situation, verb)) or AFTER[verb]
    holder = {"unit": work, "host": "host", "nobody": "", "next": next_desk(work, situation)}[desk]
    assert achievement.status == status
    assert achievement.holder == (cast.enrolments[holder] if holder else None)
    change = StatusChange.objects.filter(achievement=pk).latest("pk")
    assert (change.verb, change.to_status, change.to_holder) == (verb, status, achievement.holder)
    assert change.note == (NOTE if verb in ("return", "decline", "withdraw", "disqualify", "reopen", "bar") else "")
    event = Event.objects.latest("pk")
    assert (event.verb, event.subject, event.chain) == (verb, f"achievement:{pk}", cast.contest.chain)
    assert event.actor_id == change.user_id
    assert NOTE not in event.payload


def next_desk(work: str, situation: str) -> str:
    road = [desk for desk, _ in ROADS[work]]
    return road[int(situation[-1])] if situation.startswith("desk") else road[0]


def test_the_ledger_is_whole_after_all_of_it(cast: Cast) -> None:
    for work in TABLES:
        for build in SITUATIONS.values():
            if not (build is SITUATIONS["desk2"] and len(ROADS[work]) < 3) and not (
                build is SITUATIONS["held"] and work != "unit_a"
            ):
                build(cast, work)
    assert ledger.verify() == []
    assert Event.objects.filter(chain=cast.contest.chain).count() > 100


def test_freezing_many_is_one_decision(cast: Cast) -> None:
    works = [SITUATIONS["accepted"](cast, "unit_a") for _ in range(3)]
    events = Event.objects.count()
    assert moves.freeze_all(cast["office"], cast.contest, works) == 3
    assert Event.objects.count() == events + 1
    assert set(Achievement.objects.filter(pk__in=works).values_list("status", flat=True)) == {"frozen"}
    assert StatusChange.objects.filter(achievement__in=works, verb="freeze", to_status="frozen").count() == 3


def test_one_work_that_may_not_be_frozen_holds_back_all(cast: Cast) -> None:
    works = [SITUATIONS["accepted"](cast, "unit_a"), SITUATIONS["host"](cast, "unit_a")]
    before = everything()
    with pytest.raises(Refusal, match="待审核"), scene():
        moves.freeze_all(cast["office"], cast.contest, works)
    assert everything() == before


def test_a_work_that_was_never_submitted_is_reopened_at_its_unit_and_goes_the_whole_way(cast: Cast) -> None:
    pk = SITUATIONS["withdrawn"](cast, "unit_a")
    assert moves.reopen(cast["office"], pk, NOTE).status == "returned"
    assert moves.submit(cast["unit_a"], pk).versions.count() == 1


@pytest.mark.parametrize(
    ("verb", "who", "desk"), [("accept", "office", "host"), ("recommend", "auditor_a", "county_a")]
)
def test_nothing_goes_up_without_a_version(cast: Cast, verb: str, who: str, desk: str) -> None:
    """Such rows stem from before reopen sent them back."""
    pk = SITUATIONS["registered"](cast, "unit_a")
    placed = {"status": "submitted", "holder": cast.enrolments[desk], "verified_wan": Decimal(1)}
    Achievement.objects.filter(pk=pk).update(**placed)
    with pytest.raises(Refusal, match="还没有提交过"), scene():
        VERBS[verb](cast, who, pk)


def test_a_verification_stands_in_the_history_and_moves_the_token(cast: Cast) -> None:
    pk = SITUATIONS["desk1"](cast, "unit_a")
    work = Achievement.objects.get(pk=pk)
    seen, holder = moves.seen_token(work), work.holder
    moves.verify_benefit(cast["auditor_a"], pk, Decimal("90"), "economic", "扣除折旧。", seen=seen)
    line = work.history.latest("pk")
    assert (line.past, line.note, line.to_status, line.to_holder) == ("核定效益", "扣除折旧。", "submitted", holder)
    with pytest.raises(Conflict, match="“核定效益”了该成果"), scene():
        moves.verify_benefit(cast["auditor_a"], pk, Decimal("80"), "economic", "另算。", seen=seen)
    assert Achievement.objects.get(pk=pk).verified_wan == Decimal("90")
