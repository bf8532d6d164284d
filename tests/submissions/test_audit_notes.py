"""A return whose notes are pinned to fields: written in the queue, read in the editor, checked at the resubmission."""

import json

import pytest
from django.urls import reverse

from core import ledger
from core.errors import Refusal
from core.models import Event
from submissions.actions import drafting, moves
from submissions.lifecycle import Status
from submissions.models import Achievement, FieldNote
from tests.cast import Cast, assemble, submitted
from tests.submissions.audit_desk import move_url, signed_in, text_of

pytestmark = pytest.mark.django_db
NOTES = {"summary": "停机次数取自哪份台账？", "leader.bio": "请写明工种。", "attachments": "请补鉴定书。"}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Achievement:
    return submitted(cast)


def returned(cast: Cast, work: Achievement, note: str = "", **notes: str) -> Achievement:
    return moves.return_for_changes(cast["auditor_a"], work.pk, note, notes=notes or NOTES)


def audit_page(cast: Cast, work: Achievement, who: str = "auditor_a", **query: str):
    return signed_in(cast[who]).get(reverse("submissions:audit", args=[work.pk]), query)


def press_return(cast: Cast, work: Achievement, **typed: str):
    data = {"seen": moves.seen_token(work)} | typed
    return signed_in(cast["auditor_a"]).post(move_url(work, "return"), data)


def test_the_notes_are_kept_with_the_return_and_the_version_that_was_read(cast, work):
    returned(cast, work)
    rows = list(FieldNote.objects.filter(achievement=work))
    assert {row.key: row.note for row in rows} == NOTES
    assert {row.change.verb for row in rows} == {"return"}
    assert {row.version.number for row in rows} == {1}
    assert {row.change.membership for row in rows} == {cast["auditor_a"].membership}


def test_the_ledger_knows_that_but_not_what_was_said(cast, work):
    returned(cast, work)
    event = Event.objects.latest("pk")
    payload = json.loads(event.payload)
    assert payload["fields"] == {key: ledger.digest(text) for key, text in NOTES.items()}
    assert not any(text in event.payload for text in NOTES.values())
    assert ledger.verify() == []


def test_what_is_said_at_a_field_is_reason_enough(cast, work):
    assert press_return(cast, work, **{"on.title": "名称太长。"}).status_code == 302
    work.refresh_from_db()
    assert work.status == Status.RETURNED
    assert FieldNote.objects.get(achievement=work).key == "title"


def test_nothing_said_anywhere_is_no_return(cast, work):
    answer = press_return(cast, work, **{"note": " ", "on.title": "  "})
    assert answer.status_code == 400
    assert "请写明退回修改的理由" in text_of(answer)
    assert not FieldNote.objects.exists()


@pytest.mark.parametrize(("key", "text", "sentence"), [
    ("title", "长" * 501, "对“项目名称”的意见不超过 500 字，现有 501 字。"),
    ("nonsense", "有话", "没有“nonsense”这一项"),
])  # fmt: skip
def test_a_note_that_cannot_stand_changes_nothing(cast, work, key, text, sentence):
    with pytest.raises(Refusal) as refused:
        returned(cast, work, **{key: text})
    assert sentence in refused.value.message
    assert refused.value.field == key
    assert not FieldNote.objects.exists()


def test_a_refused_return_keeps_every_note_at_its_field(cast, work):
    typed = {"note": "另见各项。", "on.title": "长" * 501, "on.innovation": "新在哪里？\r\n请写明。"}
    answer = press_return(cast, work, **typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "另见各项。" in page
    assert "新在哪里？\n请写明。" in page
    assert 'id="on-title-error"' in page
    assert page.count('<details class="wx-note" open>') == 2


def test_a_note_on_an_old_page_is_shown_and_not_sent(cast, work):
    seen = moves.seen_token(work)
    moves.recommend(cast["auditor_a"], work.pk)
    data = {"seen": seen, "on.title": "名称太长。"}
    answer = signed_in(cast["auditor_a"]).post(move_url(work, "return"), data)
    assert answer.status_code == 403 or "名称太长。" in text_of(answer)
    assert not FieldNote.objects.exists()


def test_the_unit_reads_each_note_beside_its_field(cast, work):
    returned(cast, work)
    page = signed_in(cast["unit_a"]).get(reverse("submissions:edit", args=[work.pk]))
    html = page.content.decode()
    for name, text in {"summary": NOTES["summary"], "leader__bio": NOTES["leader.bio"]}.items():
        field = html.index(f'id="id_{name}"')
        assert html.index(f'id="pin-{name}"') - field < 2500
        assert f"pin-{name}" in html[field - 500 : field + 500]
        assert text in html
    assert 'id="pin-attachments"' in html
    assert html.count("is-noted") == 2
    assert "另有 3 处意见写在各项旁边" in text_of(page)


def test_after_the_resubmission_nothing_is_pinned_in_the_editor(cast, work):
    returned(cast, work)
    moves.submit(cast["unit_a"], work.pk)
    page = signed_in(cast["unit_a"]).get(reverse("submissions:detail", args=[work.pk]))
    assert NOTES["summary"] in text_of(page)
    assert "wx-pin" not in page.content.decode()


def test_on_resubmission_each_note_stands_under_its_field_changed_or_not(cast, work):
    returned(cast, work)
    drafting.save_fields(cast["unit_a"], work.pk, {"summary": "停机 12 次取自调度室台账第 4 号。"}, 99)
    moves.submit(cast["unit_a"], work.pk)
    page = audit_page(cast, work)
    shown = [row.key for s in page.context["sections"] for row in s.facts + s.texts]
    assert shown == ["leader.bio", "summary"]
    words = text_of(page)
    assert f"退回意见 {NOTES['summary']} 本版已改动" in words
    assert f"退回意见 {NOTES['leader.bio']} 本版没有改动" in words
    assert f"退回意见 {NOTES['attachments']} 本版没有改动" in words


def test_the_history_tells_them(cast, work):
    returned(cast, work, note="材料不全。")
    for page in (audit_page(cast, work), signed_in(cast["office"]).get(f"/achievements/{work.pk}/")):
        assert "项目成果简介 停机次数取自哪份台账？" in text_of(page)
        assert "材料不全。" in text_of(page)


@pytest.mark.parametrize("who", ["unit_a", "auditor_a", "office", "supervisor"])
def test_who_sees_the_work_sees_its_notes(cast, work, who):
    returned(cast, work)
    assert FieldNote.objects.visible_to(cast[who]).count() == 3


@pytest.mark.parametrize("who", ["unit_b", "auditor_b", "expert1", "direct2"])
def test_nobody_else_does(cast, work, who):
    returned(cast, work)
    assert not FieldNote.objects.visible_to(cast[who]).exists()


def test_who_may_not_return_is_not_asked_to_write(cast, work):
    assert 'name="on.title"' in audit_page(cast, work).content.decode()
    assert 'name="on.title"' not in audit_page(cast, work, "office").content.decode()
    returned(cast, work)
    assert 'name="on.title"' not in audit_page(cast, work).content.decode()
