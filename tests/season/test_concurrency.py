"""Two persons press at once, in threads and connections of their own: it happens once, and the other is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.actions import create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Role
from contests.actions.quotas import set_quotas
from contests.models import Quota
from core import ledger
from core.errors import Conflict, NotAllowed, Refusal
from core.models import Event
from scoring import queries
from scoring.actions import common, filling, paper, recusing, results, rounds, rubric_versions, sheets
from scoring.models import Award, ExtraCall, PaperEntry, Result, Round, Rubric, ScoreSheet
from scoring.rules.readings import Reading
from submissions.actions import drafting, moves
from submissions.actions.sending import send, take_back
from submissions.models import Achievement, Dispatch, Recommendation, SuspectPair
from tests.cast import PASSWORD, Cast, accepted, assemble, at_host, draft, registered, submitted
from tests.season.judging import EXPERTS, drawn_up, filled, opened, score, to_review
from tests.season.situations import NOTE
from tests.submissions import sending

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def cast() -> Iterator[Cast]:
    made = assemble()
    yield made
    assert ledger.verify() == []
    for chain in ledger.chains():
        numbers = list(Event.objects.filter(chain=chain).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs the calls together; what each returned, or the refusal that it raised. Anything else is an error."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        try:
            barrier.wait(20)
            answers[place] = calls[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refusal):
            raise answer
    return answers


def the_refused(answers: list[Any]) -> Refusal:
    """Of two answers exactly one is a refusal, and a sentence."""
    (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(answers) == 2
    assert refused.message.endswith("。")
    return refused


def colleague(cast: Cast, organization: str, role: str) -> Actor:
    user = create_user(None, f"colleague_{organization}", "魏同", PASSWORD)
    return Actor(user, grant_membership(None, user, cast.organizations[organization], role))


# --- one work ------------------------------------------------------------------------------------


def test_two_recommend(cast: Cast) -> None:
    work, second = submitted(cast), colleague(cast, "county_a", Role.AUDITOR)
    seen = moves.seen_token(work)
    refused = the_refused(
        at_once(
            lambda: moves.recommend(cast["auditor_a"], work.pk, seen=seen),
            lambda: moves.recommend(second, work.pk, seen=seen),
        )
    )
    assert isinstance(refused, Conflict)
    assert "“审核推荐”了该成果" in refused.message
    assert work.history.filter(verb="recommend").count() == 1
    assert work.recommendations.count() == 1


def test_two_recommend_who_carry_no_token(cast: Cast) -> None:
    work = submitted(cast)
    refused = the_refused(at_once(*[lambda: moves.recommend(cast["auditor_a"], work.pk)] * 2))
    assert isinstance(refused, NotAllowed)
    assert work.history.filter(verb="recommend").count() == 1


def test_two_of_one_county_recommend_two_works(cast: Cast) -> None:
    """Both are listed, and no two have the same place on the list."""
    works, second = [submitted(cast), submitted(cast)], colleague(cast, "county_a", Role.AUDITOR)
    answers = at_once(
        lambda: moves.recommend(cast["auditor_a"], works[0].pk), lambda: moves.recommend(second, works[1].pk)
    )
    assert all(isinstance(answer, Achievement) for answer in answers)
    places = Recommendation.objects.order_by("order").values_list("order", flat=True)
    assert list(places) == [1, 2]


def test_two_accept(cast: Cast) -> None:
    work = at_host(cast)
    refused = the_refused(at_once(*[lambda who=who: moves.accept(cast[who], work.pk) for who in ("office", "office2")]))
    assert "当前为“已受理”" in refused.message
    assert work.history.filter(verb="accept").count() == 1
    assert Event.objects.filter(verb="accept").count() == 1


def test_recommended_and_withdrawn_at_once(cast: Cast) -> None:
    """Whoever comes second starts from where the first one left the work."""
    for _ in range(5):
        work = submitted(cast)
        at_once(
            lambda pk=work.pk: moves.recommend(cast["auditor_a"], pk),
            lambda pk=work.pk: moves.withdraw(cast["unit_a"], pk, NOTE),
        )
        *_, before, last = work.history.all()
        assert (last.from_status, last.from_holder_id) == (before.to_status, before.to_holder_id)


def test_submitted_twice_by_a_double_click(cast: Cast) -> None:
    work = registered(cast)
    refused = the_refused(at_once(*[lambda: moves.submit(cast["unit_a"], work.pk)] * 2))
    assert "当前为“待审核”" in refused.message
    assert work.versions.count() == 1


def test_many_works_at_once_and_one_ledger(cast: Cast) -> None:
    works = [draft(cast).pk for _ in range(4)]
    answers = at_once(*[lambda pk=pk: moves.register(cast["unit_a"], pk) for pk in works])
    assert all(isinstance(answer, Achievement) for answer in answers)


def test_two_works_alike_are_submitted_at_once(cast: Cast) -> None:
    """Each finds the other; the pair is one row, and nobody's submit fails for it."""
    works = [registered(cast), registered(cast, "unit_b")]
    answers = at_once(
        lambda: moves.submit(cast["unit_a"], works[0].pk), lambda: moves.submit(cast["unit_b"], works[1].pk)
    )
    assert all(isinstance(answer, Achievement) for answer in answers)
    assert SuspectPair.objects.get().other_of(works[0].pk) == works[1]


# --- lists and numbers ---------------------------------------------------------------------------


def test_two_send_the_same_list(cast: Cast) -> None:
    """One version of it, and the other is told: nothing is sent twice under two numbers."""
    at_host(cast)
    sending.report(cast)
    seen, second = sending.token(cast), colleague(cast, "county_a", Role.AUDITOR)
    the_refused(at_once(*[lambda who=who: send(who, cast.contest, seen=seen) for who in (cast["auditor_a"], second)]))
    assert Dispatch.objects.get().entries.count() == 1


def test_a_list_is_sent_while_one_more_work_is_recommended(cast: Cast) -> None:
    """What was sent is what its page showed, or it was not sent."""
    at_host(cast)
    late = submitted(cast)
    sending.report(cast)
    seen, second = sending.token(cast), colleague(cast, "county_a", Role.AUDITOR)
    sent, listed = at_once(
        lambda: send(cast["auditor_a"], cast.contest, seen=seen), lambda: moves.recommend(second, late.pk)
    )
    assert isinstance(listed, Achievement)
    assert isinstance(sent, Conflict) or [row.achievement_id for row in sent.entries.all()] != [late.pk]
    assert sum(dispatch.entries.count() for dispatch in Dispatch.objects.all()) == isinstance(sent, Dispatch)


def test_taken_back_and_accepted_at_once(cast: Cast) -> None:
    """Nothing of a list that is void is accepted, and nothing accepted is void."""
    ask_for_lists(cast)
    work = at_host(cast)
    sent = sending.send_list(cast)
    at_once(
        lambda: take_back(cast["auditor_a"], sent.pk, NOTE),
        lambda: moves.accept(cast["office"], work.pk),
    )
    is_void = Dispatch.objects.get().taken_back_at is not None
    assert is_void != (Achievement.objects.get(pk=work.pk).status == "accepted")


def ask_for_lists(cast: Cast) -> None:
    cast.contest.settings_data |= {"require_dispatch": True}
    cast.contest.save()


def test_two_offices_set_the_same_number(cast: Cast) -> None:
    """The second one finds the first one's row, also where there was none."""
    key = (cast.enrolments["county_a"].pk, Quota.Scope.TOTAL, None)
    answers = at_once(
        lambda: set_quotas(cast["office"], cast.contest, {key: 3}),
        lambda: set_quotas(cast["office2"], cast.contest, {key: 5}),
    )
    assert answers == [1, 1]
    assert Quota.objects.get().limit in (3, 5)


def test_the_last_place_of_a_quota_is_given_once(cast: Cast) -> None:
    set_quotas(cast["office"], cast.contest, {(cast.enrolments["county_a"].pk, Quota.Scope.TOTAL, None): 1})
    works, second = [submitted(cast), submitted(cast)], colleague(cast, "county_a", Role.AUDITOR)
    refused = the_refused(
        at_once(lambda: moves.recommend(cast["auditor_a"], works[0].pk), lambda: moves.recommend(second, works[1].pk))
    )
    assert "名额" in refused.message
    assert Recommendation.objects.count() == 1


# --- two editors ---------------------------------------------------------------------------------


def test_two_save_the_same_field(cast: Cast) -> None:
    work = draft(cast)
    seen = Achievement.objects.get(pk=work.pk).revision
    texts = ("甲的文字", "乙的文字")
    answers = at_once(
        *[lambda text=text: drafting.save_fields(cast["unit_a"], work.pk, {"summary": text}, seen) for text in texts]
    )
    refused = the_refused(answers)
    assert isinstance(refused, drafting.StaleFields)
    assert refused.keys == ["summary"]
    written = texts[0] if answers[1] is refused else texts[1]
    assert Achievement.objects.get(pk=work.pk).summary == written


def test_two_save_different_fields(cast: Cast) -> None:
    work = draft(cast)
    seen = Achievement.objects.get(pk=work.pk).revision
    answers = at_once(
        lambda: drafting.save_fields(cast["unit_a"], work.pk, {"summary": "甲写简介"}, seen),
        lambda: drafting.save_fields(cast["unit_a"], work.pk, {"leader.name": "乙改姓名"}, seen),
        lambda: drafting.set_members(cast["unit_a"], work.pk, [("成员丙", "")], seen),
    )
    assert all(isinstance(answer, Achievement) for answer in answers)
    saved = Achievement.objects.get(pk=work.pk)
    assert (saved.summary, saved.leader.name, saved.members.get().name) == ("甲写简介", "乙改姓名", "成员丙")
    assert saved.revision == seen + 3


def test_an_edit_and_a_submit(cast: Cast) -> None:
    """The version holds the edit, or the edit is refused: it is never lost silently."""
    work = registered(cast)
    answers = at_once(
        lambda: drafting.save_fields(cast["unit_a"], work.pk, {"innovation": "最后一刻"}, 99),
        lambda: moves.submit(cast["unit_a"], work.pk),
    )
    in_version = work.versions.get().content["innovation"] == "最后一刻"
    assert in_version != isinstance(answers[0], NotAllowed)
    assert in_version == (Achievement.objects.get(pk=work.pk).innovation == "最后一刻")


# --- the judgement -------------------------------------------------------------------------------


@pytest.fixture
def judged(cast: Cast) -> Round:
    accepted(cast)
    accepted(cast)
    to_review(cast)
    return opened(cast)


def test_two_hand_in_the_same_sheet(cast: Cast, judged: Round) -> None:
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).first()
    sheets.save_marks(cast["expert1"], sheet.pk, filled(sheet), revision=0)
    refused = the_refused(at_once(*[lambda: sheets.hand_in(cast["expert1"], [sheet.pk])] * 2))
    assert "已经提交" in refused.message
    assert Event.objects.filter(verb="hand_in").count() == 1


def test_two_tabs_save_one_sheet(cast: Cast, judged: Round) -> None:
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).first()
    refused = the_refused(
        at_once(
            *[
                lambda p=p: sheets.save_marks(cast["expert1"], sheet.pk, filled(sheet, p), revision=0)
                for p in ("high", "low")
            ]
        )
    )
    assert isinstance(refused, Conflict)
    assert ScoreSheet.objects.get(pk=sheet.pk).revision == 1


def test_a_save_that_is_sent_twice_is_no_conflict(cast: Cast, judged: Round) -> None:
    """Her tab was closed before the answer came; the same marks come again with the revision of before."""
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).first()
    given = filled(sheet)
    answers = at_once(*[lambda: sheets.save_marks(cast["expert1"], sheet.pk, given, comment="好", revision=0)] * 2)
    assert [answer.revision for answer in answers] == [1, 1]
    with pytest.raises(Conflict):
        sheets.save_marks(cast["expert1"], sheet.pk, given, comment="很好", revision=0)


def test_all_experts_hand_in_at_once(cast: Cast, judged: Round) -> None:
    score(cast, hand_in=False)
    own = {name: list(ScoreSheet.objects.visible_to(cast[name]).values_list("pk", flat=True)) for name in EXPERTS}
    busy = [name for name in EXPERTS if own[name]]
    at_once(*[lambda name=name: sheets.hand_in(cast[name], own[name]) for name in busy])
    assert set(ScoreSheet.objects.values_list("state", flat=True)) == {"handed_in"}
    assert Event.objects.filter(verb="hand_in").count() == 6


def test_two_type_one_paper(cast: Cast, judged: Round) -> None:
    """And then two others check it."""
    printed = paper.issue(cast["office"], judged.pk)[0]
    reading = Reading({code: (one.level, one.points or 0) for code, one in filled(printed.sheet).items()})
    pairs = [lambda who=who: paper.type_in(cast[who], printed.code, reading) for who in ("office", "office2")]
    refused = the_refused(at_once(*pairs))
    assert isinstance(refused, Conflict)
    assert "录入，不能重复录入；请打开“核对”" in refused.message
    typist = PaperEntry.objects.get().typed_by_id
    assert Event.objects.filter(verb="type_paper").count() == 1
    checkers = [a for a in (cast["office"], cast["office2"]) if a.user.pk != typist] + [
        colleague(cast, "host", Role.OFFICE)
    ]
    refused = the_refused(at_once(*[lambda who=who: paper.check(who, printed.code, reading) for who in checkers]))
    assert "提交，不能重复录入" in refused.message
    assert Event.objects.filter(verb="hand_in").count() == 1


def test_two_close_the_round(cast: Cast, judged: Round) -> None:
    score(cast)
    refused = the_refused(
        at_once(*[lambda who=who: results.close_round(cast[who], judged.pk) for who in ("office", "office2")])
    )
    assert "当前为“已截止”" in refused.message
    assert Event.objects.filter(verb="close_round").count() == 1
    assert Result.objects.count() == 2


def test_closed_while_an_expert_hands_in(cast: Cast, judged: Round) -> None:
    """Her sheets are in the ranking or still open: the stored ranking is always that of the stored sheets."""
    score(cast, hand_in=False)
    own = list(ScoreSheet.objects.visible_to(cast["expert1"]).values_list("pk", flat=True))
    answers = at_once(
        lambda: sheets.hand_in(cast["expert1"], own),
        lambda: results.close_round(cast["office"], judged.pk, waive="其余专家请假。"),
    )
    handed_in = ScoreSheet.objects.filter(state="handed_in").count()
    assert handed_in == (0 if isinstance(answers[0], Refusal) else len(own))
    counted = sum(Result.objects.values_list("sheets_counted", flat=True))
    assert counted == handed_in
    payload = Event.objects.get(verb="close_round").payload
    assert ledger.digest(queries.ranking_download(judged)) in payload


def after_a_lock(take: Callable[[], Any], then: Callable[[], Any], other: Callable[[], Any]) -> list[Any]:
    """`take` locks and `then` goes on in one transaction, while `other` comes in between."""
    taken = threading.Event()

    def first() -> Any:
        with transaction.atomic():
            take()
            taken.set()
            time.sleep(1)
            return then()

    def second() -> Any:
        taken.wait(20)
        return other()

    return at_once(first, second)


def test_closed_against_the_last_hand_in_that_calls_one_more(cast: Cast, judged: Round) -> None:
    """The sheet that the hand-in adds is not there yet when the closing begins to wait for the others."""
    score(cast, hand_in=False)
    own = {name: list(ScoreSheet.objects.visible_to(cast[name])) for name in EXPERTS}
    busy = [name for name in EXPERTS if own[name]]
    for sheet in own[busy[0]]:
        sheets.save_marks(cast[busy[0]], sheet.pk, filled(sheet, "low"), revision=1)
    for name in busy[1:]:
        sheets.hand_in(cast[name], [sheet.pk for sheet in own[name]])
    answers = after_a_lock(
        lambda: sheets.hand_in(cast[busy[0]], [sheet.pk for sheet in own[busy[0]]]),
        lambda: None,
        lambda: results.close_round(cast["office"], judged.pk),
    )
    assert "没有提交" in the_refused(answers).message
    assert ScoreSheet.objects.filter(state="open").count() == len(own[busy[0]])


@pytest.mark.parametrize("act", ["bar", "fall_out", "fill"])
def test_the_office_takes_a_sheet_while_it_is_handed_in(cast: Cast, judged: Round, act: str) -> None:
    """Both wait for the sheet first and for the ledger afterwards, so neither holds what the other wants."""
    score(cast, hand_in=False)
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).order_by("pk")[0]
    other = {
        "bar": lambda: recusing.bar(cast["office"], sheet.appointment_id, sheet.entry_id, "师徒。"),
        "fall_out": lambda: filling.fall_out(cast["office"], sheet.appointment_id, "请假。"),
        "fill": lambda: filling.fill(cast["office"], judged.pk),
    }[act]
    answers = after_a_lock(
        lambda: ScoreSheet.objects.select_for_update().get(pk=sheet.pk),
        lambda: sheets.hand_in(cast["expert1"], [sheet.pk]),
        other,
    )
    assert answers[0].count == 1


def test_the_rubric_is_revised_during_a_first_saving(cast: Cast, judged: Round) -> None:
    """The page had shown nobody as affected; the saving that was waited for is counted all the same."""
    sheet = ScoreSheet.objects.visible_to(cast["expert1"]).order_by("pk")[0]
    definition = {"criteria": [dict(one) for one in judged.rubric.definition["criteria"]]}
    definition["criteria"][0]["name"] = "创新"
    answers = after_a_lock(
        lambda: sheets.save_marks(cast["expert1"], sheet.pk, filled(sheet), revision=0),
        lambda: None,
        lambda: rubric_versions.revise(cast["office"], judged.pk, definition, "按会议决定。", affected=0),
    )
    assert "受影响，现在是 1 份" in the_refused(answers).message


def test_another_season_revises_the_same_rubric(cast: Cast, judged: Round) -> None:
    """Both seasons judge by the notice's rubric; each gets a version of its own, whoever comes second."""
    old = judged.rubric
    definition = {"criteria": [dict(one) for one in old.definition["criteria"]]}
    definition["criteria"][0]["name"] = "创新"
    answers = after_a_lock(
        lambda: Rubric.objects.select_for_update(no_key=True).get(pk=old.pk),
        lambda: Rubric.objects.create(code=old.code, version=2, name=old.name, definition=old.definition),
        lambda: rubric_versions.revise(cast["office"], judged.pk, definition, "按会议决定。", affected=0),
    )
    assert [rubric.version for rubric in answers] == [2, 3]


def test_two_confirm_the_awards(cast: Cast, judged: Round) -> None:
    score(cast)
    results.close_round(cast["office"], judged.pk)
    refused = the_refused(
        at_once(*[lambda who=who: results.confirm_awards(cast[who], judged.pk) for who in ("office", "office2")])
    )
    assert "当前为“已定等次”" in refused.message
    assert Award.objects.count() == 2


def test_an_extra_expert_is_called_while_others_hand_in_what_calibrates(cast: Cast) -> None:
    """The rule takes a calibration sheet into the result under the ledger's lock, which those who hand in wait for."""
    for _ in range(2):
        accepted(cast)
    to_review(cast)
    round_ = drawn_up(cast, k=2)
    for entry in round_.entries.order_by("code"):
        common.choose(cast["office"], entry.pk)
    rounds.open_round(cast["office"], round_.pk)
    for place, name in enumerate(EXPERTS):
        for sheet in ScoreSheet.objects.visible_to(cast[name]):
            given = filled(sheet, "low" if place == 0 else "high")
            sheets.save_marks(cast[name], sheet.pk, given, revision=sheet.revision)
    own = {name: list(ScoreSheet.objects.visible_to(cast[name]).values_list("pk", flat=True)) for name in EXPERTS}
    at_once(*[lambda name=name: sheets.hand_in(cast[name], own[name]) for name in EXPERTS])
    assert set(ScoreSheet.objects.values_list("state", flat=True)) == {"handed_in"}
    (severe,) = ScoreSheet.objects.counting().filter(appointment__expert__user=cast[EXPERTS[0]].user)
    call = ExtraCall.objects.get()
    assert (call.entry_id, call.gap, call.sheet.calibration) == (severe.entry_id, 25, False)
    counted = {entry.pk: ScoreSheet.objects.counting().filter(entry=entry).count() for entry in round_.entries.all()}
    assert sorted(counted.values()) == [2, 3]
    assert counted[call.entry_id] == 3
