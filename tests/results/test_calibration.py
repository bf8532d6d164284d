"""校准件: every expert marks the same works first; what only calibrates is in no result, and nobody can tell which."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import ledger
from core.errors import Refusal
from core.models import Event
from scoring import queries, replay
from scoring.actions import common, filling, reassigning, results, rounds, sheets
from scoring.models import ExtraCall, Result, Round, ScoreSheet
from scoring.policies import CALIBRATE_FIRST
from scoring.queries import board, calibration, cockpit, desk
from scoring.queries import jury as reads
from submissions.models import Member
from tests.access.test_inference import VARIES
from tests.cast import Cast, accepted, scene
from tests.results.jury import client_of, hand_in, judging, marks

WORKS = 4


def prepared(cast: Cast, k: int = 2, works: int = WORKS, common_works: int = 2) -> Round:
    """A draft with its assignment and its common entries, A0001 and A0002."""
    for _ in range(works):
        accepted(cast)
    judging.to_review(cast)
    round_ = judging.drawn_up(cast, k)
    for entry in round_.entries.order_by("code")[:common_works]:
        common.choose(cast["office"], entry.pk)
    return round_


def released(cast: Cast, **more: int) -> Round:
    return rounds.open_round(cast["office"], prepared(cast, **more).pk)


@pytest.fixture
def round_(cast: Cast) -> Round:
    return released(cast)


def own(cast: Cast, username: str, round_: Round) -> list[ScoreSheet]:
    rows = ScoreSheet.objects.visible_to(cast[username]).filter(round=round_)
    return list(rows.select_related("entry", "round__rubric").order_by("entry__code"))


def calibrate(cast: Cast, username: str, round_: Round, total: int) -> None:
    ids = []
    for sheet in own(cast, username, round_):
        if sheet.common and sheet.state == "open":
            sheets.save_marks(cast[username], sheet.pk, marks(sheet, total), revision=sheet.revision)
            ids.append(sheet.pk)
    sheets.hand_in(cast[username], ids)


def counted(round_: Round, code: str) -> list[str]:
    rows = ScoreSheet.objects.assigned().filter(round=round_, entry__code=code).exclude(state="void")
    return sorted(rows.values_list("appointment__expert__user__username", flat=True))


# --- choosing and releasing -------------------------------------------------------------------------------------


def test_two_or_three_are_chosen_and_survive_a_new_assignment(cast: Cast) -> None:
    round_ = prepared(cast, common_works=1)
    with pytest.raises(Refusal, match="校准件须为 2 至 3 项"):
        rounds.open_round(cast["office"], round_.pk)
    for entry in round_.entries.filter(common=None).order_by("code")[:2]:
        common.choose(cast["office"], entry.pk)
    with pytest.raises(Refusal, match="最多 3 项"):
        common.choose(cast["office"], round_.entries.get(common=None).pk)
    before = set(round_.entries.filter(common__isnull=False).values_list("achievement", "common"))
    rounds.plan_assignment(cast["office"], round_.pk, seed=8)
    assert set(round_.entries.filter(common__isnull=False).values_list("achievement", "common")) == before
    common.drop(cast["office"], round_.entries.get(common=1).pk)
    released_ = rounds.open_round(cast["office"], round_.pk)
    with pytest.raises(Refusal, match="评审中"):
        common.drop(cast["office"], released_.entries.get(common=2).pk)
    assert Event.objects.filter(verb="choose_common").count() == 3
    assert ledger.verify() == []


def test_every_expert_has_them_and_the_assignment_stands(cast: Cast) -> None:
    round_ = prepared(cast)
    plan = set(round_.sheets.values_list("entry", "appointment"))
    rounds.open_round(cast["office"], round_.pk)
    assert set(ScoreSheet.objects.assigned().filter(round=round_).values_list("entry", "appointment")) == plan
    for entry in round_.entries.all():
        assert entry.sheets.count() == (4 if entry.common else 2)
    assert Event.objects.get(verb="open_round").payload.count('"calibration":4') == 1


def test_who_must_not_mark_one_gets_none_and_the_evidence_is_shown(cast: Cast) -> None:
    round_ = prepared(cast)
    Member.objects.create(achievement=round_.entries.get(common=1).achievement, order=1, name="沈二")
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    rounds.open_round(cast["office"], round_.pk)
    assert [sheet.common for sheet in own(cast, "expert2", round_) if sheet.common] == [2]
    line = next(line for line in calibration.table(round_).lines if line.name == "沈二")
    assert line.cells[0].words.startswith("回避：")
    assert line.cells[1].words == "待提交"


# --- first the common ones ------------------------------------------------------------------------------------------


def test_the_others_open_when_they_are_handed_in(cast: Cast, round_: Round) -> None:
    other = next(sheet for sheet in own(cast, "expert1", round_) if not sheet.common)
    with pytest.raises(Refusal, match="先评完并提交校准件"):
        sheets.save_marks(cast["expert1"], other.pk, marks(other, 90), revision=0)
    client = client_of(cast, "expert1")
    listed = client.get(reverse("scoring:sheets")).content.decode()
    assert listed.count("· 校准件") == 2
    assert reverse("scoring:sheet", args=[other.pk]) not in listed
    assert CALIBRATE_FIRST in client.get(reverse("scoring:sheet", args=[other.pk])).content.decode()
    calibrate(cast, "expert1", round_, 90)
    sheets.save_marks(cast["expert1"], other.pk, marks(other, 90), revision=0)
    assert CALIBRATE_FIRST not in client.get(reverse("scoring:sheet", args=[other.pk])).content.decode()
    assert reverse("scoring:sheet", args=[other.pk]) in client.get(reverse("scoring:sheets")).content.decode()


def test_they_stand_first_and_the_last_of_them_leads_to_the_hand_in(cast: Cast, round_: Round) -> None:
    steps = desk.batch(cast["expert1"], round_)
    assert [step.common for step in steps] == sorted([step.common for step in steps], reverse=True)
    second = own(cast, "expert1", round_)[1]
    assert second.common == 2
    form = {"revision": 0, "comment": "", "doubt": "", "ineligible": "", "then": "next"}
    for code, given in marks(second, 90).items():
        form |= {f"level-{code}": given.level, f"points-{code}-{given.level}": given.points}
    answer = client_of(cast, "expert1").post(reverse("scoring:sheet", args=[second.pk]), form)
    assert answer["Location"].startswith(reverse("scoring:sheets"))


def test_nobody_can_tell_whether_hers_counts(cast: Cast, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds: in one her sheet of a common entry counts, in the other it only calibrates. The same bytes."""
    sheet, found, now = own(cast, "expert1", round_)[0], [], timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    for calibrates in (False, True):
        with scene():
            ScoreSheet.objects.filter(pk=sheet.pk).update(calibration=calibrates)
            client = client_of(cast, "expert1")
            urls = [reverse("portal:home"), reverse("scoring:sheets"), reverse("scoring:sheet", args=[sheet.pk])]
            found.append([VARIES.sub(b"", client.get(url).content) for url in urls])
    assert found[0] == found[1]


# --- nothing of it is in the result ------------------------------------------------------------------------------


def judge(cast: Cast, round_: Round) -> None:
    """expert4 is 8 points more severe than the others; nobody's gap is large enough to call an expert."""
    for name in judging.EXPERTS:
        less = 8 if name == "expert4" else 0
        calibrate(cast, name, round_, 95 - less)
        hand_in(cast, name, round_, 95 - less)


def test_the_result_is_that_of_the_assigned_experts(cast: Cast) -> None:
    round_ = released(cast, k=3)
    judge(cast, round_)
    round_ = results.close_round(cast["office"], round_.pk)
    for result in Result.objects.filter(entry__round=round_):
        totals = list(ScoreSheet.objects.counting().filter(entry=result.entry_id).values_list("total", flat=True))
        assert (result.sheets_counted, result.score) == (3, round(sum(totals) / 3, 2))
    text = board.season_file(round_)
    assert len(queries.season(round_).sheets) == WORKS * 3
    assert replay.ranking_of(text.encode()) == board.ranking_file(round_).encode()


def test_open_calibration_sheets_hold_no_closing_up(cast: Cast, round_: Round) -> None:
    judge(cast, round_)
    ScoreSheet.objects.filter(round=round_, calibration=True).update(state="open", handed_in_at=None)
    assert cockpit.cockpit(round_).missing == 0
    assert results.close_round(cast["office"], round_.pk).status == "closed"


def test_a_calibration_mark_makes_no_gap(cast: Cast, round_: Round) -> None:
    extra = ScoreSheet.objects.filter(round=round_, calibration=True).first()
    who = extra.appointment.expert.user.username
    for name in judging.EXPERTS:
        calibrate(cast, name, round_, 78 if name == who else 100)
    gaps = set(ExtraCall.objects.values_list("entry", flat=True))
    assert extra.entry_id not in gaps


def test_an_extra_expert_of_a_common_entry_has_marked_it_already(cast: Cast, round_: Round) -> None:
    """The rule chooses by speciality and load, whatever stands on the sheet; it counts from then on."""
    first, _ = counted(round_, "A0001")
    for name in judging.EXPERTS:
        calibrate(cast, name, round_, 78 if name == first else 95)
    call = ExtraCall.objects.get(entry__code="A0001")
    assert call.sheet.common == 1
    assert len(counted(round_, "A0001")) == 3
    assert not call.sheet.calibration
    assert ledger.verify() == []


def test_who_falls_out_is_replaced_by_one_who_calibrates(cast: Cast, round_: Round) -> None:
    gone, stays = counted(round_, "A0001")
    appointment = round_.appointments.get(expert__user__username=gone)
    done = filling.fall_out(cast["office"], appointment.pk, "住院。")
    assert done.why == ""
    assert len(counted(round_, "A0001")) == 2
    assert stays in counted(round_, "A0001")
    assert gone not in counted(round_, "A0001")
    assert not [sheet for sheet in own(cast, gone, round_) if sheet.state == "open"]


def test_the_chair_moves_no_mark_that_she_has_read_into_the_result(cast: Cast, round_: Round) -> None:
    entry = round_.entries.get(code="A0001")
    fresh = sorted(set(judging.EXPERTS) - set(counted(round_, "A0001")))
    calibrate(cast, fresh[0], round_, 90)
    seats = {name: round_.appointments.get(expert__user__username=name).pk for name in fresh}
    with pytest.raises(Refusal, match="已为校准评过"):
        reassigning.add(cast["office"], entry.pk, seats[fresh[0]])
    old = entry.sheets.filter(calibration=False).first()
    swapped = reassigning.swap(cast["office"], old.pk, seats[fresh[1]])
    old.refresh_from_db()
    assert (swapped.calibration, old.calibration, old.state) == (False, True, "open")
    assert len(counted(round_, "A0001")) == 2


def test_a_late_expert_calibrates_first_as_well(cast: Cast) -> None:
    round_ = prepared(cast)
    seat = round_.appointments.get(expert__user__username="expert4")
    expert = seat.expert_id
    seat.delete()
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    rounds.open_round(cast["office"], round_.pk)
    filling.bring_in(cast["office"], round_.pk, expert, None)
    assert [sheet.common for sheet in own(cast, "expert4", round_)] == [1, 2]


# --- what the office sees ---------------------------------------------------------------------------------------


def test_who_deviates_is_named_with_marks_median_and_distance(cast: Cast, round_: Round) -> None:
    judge(cast, round_)
    found = calibration.table(round_)
    line = next(line for line in found.lines if line.name == "杨四")
    assert [(cell.points, cell.apart) for cell in line.cells] == [(87, -8.0)] * 2
    assert (line.severity, line.spread, line.flags) == (-8.0, 0.0, ("偏严",))
    assert [one.name for one in found.deviating] == ["杨四"]
    assert (found.done, found.total, found.medians) == (8, 8, [95.0, 95.0])
    for who in ("office", "supervisor"):
        text = client_of(cast, who).get(reverse("scoring:jury", args=[round_.pk])).content.decode()
        assert "有专家偏离较多" in text
        assert [p for p in round_.appointments.values_list("pseudonym", flat=True) if p in text] == []


def test_common_entries_join_what_shares_no_expert(cast: Cast, round_: Round) -> None:
    """Without them the additive model compares nobody across the parts (rules.md "From sheets to a score")."""
    judge(cast, round_)
    assert reads.jury(round_).groups == 1


def test_the_page_to_choose_on(cast: Cast) -> None:
    round_ = prepared(cast, common_works=0)
    office, url = client_of(cast, "office"), reverse("scoring:calibration", args=[round_.pk])
    entry = round_.entries.get(code="A0003")
    assert office.post(reverse("scoring:calibration_choose", args=[entry.pk])).status_code == 302
    text = office.get(url).content.decode()
    assert "校准件须为 2 至 3 项" in text
    assert "A0003" not in office.get(f"{url}?q=A0001").content.decode().split("可选的成果")[1]
    assert office.post(reverse("scoring:calibration_drop", args=[entry.pk])).status_code == 302
    assert not round_.entries.filter(common__isnull=False).exists()
    assert "定为校准件" not in client_of(cast, "supervisor").get(url).content.decode()


def asked(cast: Cast, who: str, url: str) -> int:
    client = client_of(cast, who)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_with_two_works_and_with_five(cast: Cast) -> None:
    counts = []
    for works in (3, 5):
        with scene():
            draft = prepared(cast, works=works)
            found = [asked(cast, "office", reverse("scoring:calibration", args=[draft.pk]))]
            round_ = rounds.open_round(cast["office"], draft.pk)
            calibrate(cast, "expert1", round_, 90)
            found.append(asked(cast, "office", reverse("scoring:calibration", args=[round_.pk])))
            found.append(asked(cast, "office", reverse("scoring:jury", args=[round_.pk])))
            counts.append([*found, asked(cast, "expert1", reverse("scoring:sheets"))])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20
