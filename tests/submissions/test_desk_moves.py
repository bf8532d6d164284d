"""The buttons of an achievement's page: one press, one move; the second press is told what happened."""

import pytest

from submissions.actions import moves
from submissions.models import Achievement
from tests.cast import Cast, assemble, at_host, draft, registered, submitted
from tests.submissions.unit_desk import signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def press(actor, work, verb, note="", seen=None):
    data = {"note": note, "seen": moves.seen_token(work) if seen is None else seen}
    return signed_in(actor).post(url("move", work, verb), data)


def status(work: Achievement) -> str:
    return Achievement.objects.get(pk=work.pk).status


def test_the_page_offers_what_the_table_allows(cast):
    work = registered(cast)
    page = signed_in(cast["unit_a"]).get(url("detail", work)).content.decode()
    assert url("move", work, "submit") in page
    assert url("move", work, "withdraw") in page
    assert url("move", work, "accept") not in page
    assert url("move", work, "submit") not in signed_in(cast["auditor_a"]).get(url("detail", work)).content.decode()


def test_a_move_is_made_and_told(cast):
    work = registered(cast)
    answer = press(cast["unit_a"], work, "submit")
    assert answer["Location"] == url("detail", work)
    assert status(work) == "submitted"
    assert press(cast["auditor_a"], work, "return", "请补充数据。").status_code == 302
    assert status(work) == "returned"


def test_a_move_without_its_reason_is_refused_at_the_field(cast):
    work = registered(cast)
    answer = press(cast["unit_a"], work, "withdraw", "  ")
    assert answer.status_code == 400
    assert "请写明撤回的理由，对方会看到。" in answer.content.decode()
    assert status(work) == "registered"


def test_a_reason_that_is_too_long_stays_in_the_box(cast):
    work = registered(cast)
    note = "缘由" * 600
    answer = press(cast["unit_a"], work, "withdraw", note)
    assert answer.status_code == 400
    assert note in answer.content.decode()
    assert "理由不超过 1000 字，现有 1200 字。" in answer.content.decode()


def test_the_second_press_is_told_what_happened(cast):
    work = submitted(cast)
    seen = moves.seen_token(work)
    press(cast["auditor_a"], work, "return", "请补充数据。", seen)
    second = press(cast["auditor_a"], work, "return", "请补充数据。", seen)
    assert second.status_code == 409
    assert "东山县总工会已于" in second.content.decode()
    assert "退回修改" in second.content.decode()
    assert work.history.filter(verb="return").count() == 1


def test_an_incomplete_submit_leads_to_the_editor_with_the_sentences(cast):
    work = registered(cast, **{"leader.phone": "", "social_benefit": "留着的文字"})
    answer = press(cast["unit_a"], work, "submit")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请补填“联系电话”。" in page
    assert "留着的文字" in page
    assert status(work) == "registered"


def test_control_characters_in_a_reason_are_left_out(cast):
    work = registered(cast)
    assert press(cast["unit_a"], work, "withdraw", "不再\x00申报\r\n第二行").status_code == 302
    assert work.history.last().note == "不再申报\n第二行"


@pytest.mark.parametrize("verb", ["register", "submit", "withdraw", "recommend", "return", "accept", "discard"])
def test_moves_are_only_posted(cast, verb):
    work = draft(cast)
    path = url("discard", work) if verb == "discard" else url("move", work, verb)
    assert signed_in(cast["unit_a"]).get(path).status_code == 405


def test_who_sees_but_may_not_gets_403_and_who_does_not_see_404(cast):
    work = submitted(cast)
    assert press(cast["unit_a"], work, "recommend").status_code == 403
    assert press(cast["auditor_a"], work, "withdraw", "x").status_code == 403
    assert press(cast["supervisor"], work, "accept").status_code == 403
    assert press(cast["auditor_b"], work, "recommend").status_code == 404
    assert press(cast["unit_b"], work, "withdraw", "x").status_code == 404
    assert status(work) == "submitted"


@pytest.mark.parametrize("verb", ["freeze", "unfreeze", "nonsense"])
def test_a_verb_without_a_button_does_not_exist(cast, verb):
    assert press(cast["office"], at_host(cast), verb).status_code == 404


def test_the_office_accepts_on_the_page_of_the_work(cast):
    work = at_host(cast)
    assert press(cast["office"], work, "accept").status_code == 302
    assert status(work) == "accepted"


def test_a_draft_may_be_thrown_away_and_a_registered_work_not(cast):
    work, kept = draft(cast, title="不要的草稿"), registered(cast)
    client = signed_in(cast["unit_a"])
    answer = client.post(url("discard", work))
    assert "草稿“不要的草稿”已删除。" in client.get(answer["Location"]).content.decode()
    assert not Achievement.objects.filter(pk=work.pk).exists()
    refused = client.post(url("discard", kept))
    assert "不能删除" in client.get(refused["Location"]).content.decode()
    assert status(kept) == "registered"
    assert signed_in(cast["unit_b"]).post(url("discard", kept)).status_code == 404


def test_pressing_discard_twice_is_no_fault_of_the_server(cast):
    work = draft(cast)
    client = signed_in(cast["unit_a"])
    client.post(url("discard", work))
    assert client.post(url("discard", work)).status_code == 404
