"""What an import leaves behind: the works that the desk would have made one by one, once, in few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event, PrivateFile
from submissions import policies
from submissions.actions import drafting, importing, moves
from submissions.models import Achievement, Leader, Member, Patent, PoolImport, StatusChange
from tests.cast import Cast, assemble, registered
from tests.submissions import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def brought(cast: Cast, content: bytes, who: str = "unit_a", unit: str | None = None) -> PoolImport:
    return importing.receive(cast[who], cast.enrolments[unit or who], books.upload(content))


def imported(cast: Cast, content: bytes, who: str = "unit_a", only_good: bool = False) -> PoolImport:
    return importing.confirm(cast[who], brought(cast, content, who).pk, only_good=only_good)


def plain(model, **where):
    """Rows without what is of one row alone."""
    own = {"id", "achievement_id", "created_at", "updated_at", "at", "note", "revision", "field_revisions"}
    rows = model.objects.filter(**where).order_by("pk").values()
    return [{key: value for key, value in row.items() if key not in own} for row in rows]


@pytest.mark.sqlite
def test_an_imported_work_is_the_same_as_one_registered_at_the_desk(cast):
    content = books.book(
        [["皮带机纠偏装置", "小发明", "欧阳技", "男", "李四（西河化工）", "ZL201710601862.3 2018-05-04", "2021-06-30"]],
        head=["项目名称", "五小类别", "带头人姓名", "带头人性别", "其他成员", "专利", "完成日期"],
    )
    imported(cast, content)
    actor, unit = cast["unit_a"], cast.enrolments["unit_a"]
    first = Achievement.objects.get()
    typed = {"title": first.title, "kind": first.kind, "completed_on": first.completed_on}
    work = drafting.start_draft(actor, unit, typed | {"leader.name": "欧阳技", "leader.gender": "male"})
    drafting.set_members(actor, work.pk, [("李四", "西河化工")], 1)
    drafting.set_patents(
        actor, work.pk, list(Patent.objects.values("kind", "number", "status", "granted_on", "owner")), 2
    )
    moves.register(actor, work.pk)
    pairs = [plain(model) for model in (Achievement, Leader, Member, Patent, StatusChange)]
    assert [len(pair) for pair in pairs] == [2] * 5
    assert all(one == two for one, two in pairs)
    first.refresh_from_db()
    assert first.revision == max(first.field_revisions.values()) == 1
    assert first.history.get().note == "从表格导入（第 2 行）"


def test_it_can_be_edited_and_withdrawn_like_any_other(cast):
    imported(cast, books.book([books.row("皮带机纠偏装置")]))
    work = Achievement.objects.select_related("unit__recommender", "contest", "holder").get()
    assert policies.may_edit(cast["unit_a"], work) == ""
    drafting.save_fields(cast["unit_a"], work.pk, {"title": "新名称"}, work.revision)
    assert moves.withdraw(cast["unit_a"], work.pk, "不再申报").status == "withdrawn"


@pytest.mark.sqlite
def test_a_year_of_a_large_mine_in_one_go(cast):
    """928 rows: 阳煤二矿's real year. SQLite takes fewer values a statement."""
    row = brought(cast, books.season(928), "mine")
    with CaptureQueriesContext(connection) as made:
        assert importing.confirm(cast["mine"], row.pk, only_good=False).registered == 928
    assert len(made) <= (40 if connection.vendor == "postgresql" else 140)
    assert Achievement.objects.filter(status="registered", unit=cast.enrolments["mine"]).count() == 928
    assert Leader.objects.count() == StatusChange.objects.count() == 928
    assert len(importing.content(brought(cast, books.season(928), "mine")).heaps.known) == 928


def test_the_whole_import_is_one_event_with_count_and_digest(cast):
    before = Event.objects.count()
    row = imported(cast, books.book([books.row("甲装置"), books.row("乙装置")]))
    event = Event.objects.order_by("pk").last()
    ids = ",".join(map(str, Achievement.objects.order_by("pk").values_list("pk", flat=True)))
    assert Event.objects.count() == before + 1
    assert (event.verb, event.subject, event.chain) == ("import", f"import:{row.pk}", cast.contest.chain)
    assert '"count":2' in event.payload
    assert ledger.digest(ids) in event.payload
    assert "装置" not in event.payload
    assert ledger.verify() == []


def test_all_or_none_and_only_the_right_rows(cast):
    content = books.book([books.row("甲装置"), books.row("乙装置", _3="昨天"), books.row("丙装置")])
    row = brought(cast, content)
    with pytest.raises(Refusal, match="有 1 行不正确，一行也没有导入"):
        importing.confirm(cast["unit_a"], row.pk, only_good=False)
    assert not Achievement.objects.exists()
    assert importing.confirm(cast["unit_a"], row.pk, only_good=True).registered == 2
    assert set(Achievement.objects.values_list("title", flat=True)) == {"甲装置", "丙装置"}


def test_a_second_press_and_the_same_file_again_make_nothing_twice(cast):
    content = books.book([books.row("甲装置"), books.row("乙装置"), books.row("甲 装置")])
    row = imported(cast, content)
    again = importing.confirm(cast["unit_a"], row.pk, only_good=False)
    assert (again.registered, again.confirmed_at) == (2, row.confirmed_at)
    with pytest.raises(Refusal, match="没有可以导入的行"):
        imported(cast, content)
    assert Achievement.objects.count() == 2


def test_the_corrected_file_adds_only_what_was_wrong(cast):
    imported(cast, books.book([books.row("甲装置"), books.row("乙装置", _5="无")]), only_good=True)
    imported(cast, books.book([books.row("甲装置"), books.row("乙装置")]))
    assert Achievement.objects.count() == 2


def test_what_the_desk_registered_is_known_and_another_units_is_not(cast):
    row = books.row("皮带机纠偏装置", _3=None)
    registered(cast, "unit_b", title="皮带机纠偏装置", completed_on=None)
    registered(cast, title="皮带机，纠偏装置", completed_on=None)
    [(_, why)] = importing.content(brought(cast, books.book([row]))).heaps.known
    assert why == "成果库里已有“皮带机，纠偏装置”。"


def test_a_colleagues_row_between_look_and_press_is_not_doubled(cast):
    mine = brought(cast, books.book([books.row("甲装置"), books.row("乙装置")]))
    imported(cast, books.book([books.row("甲装置")]))
    assert importing.confirm(cast["unit_a"], mine.pk, only_good=False).registered == 1
    assert Achievement.objects.count() == 2


def test_a_unit_imports_for_its_team_and_nobody_for_strangers(cast):
    assert brought(cast, books.book([books.row("甲装置")]), "mine", "team").unit == cast.enrolments["team"]
    for who, unit in [("unit_a", "unit_b"), ("team", "mine"), ("auditor_a", "unit_a"), ("office", "unit_a")]:
        with pytest.raises(NotAllowed):
            brought(cast, books.book([books.row("甲装置")]), who, unit)
    row = brought(cast, books.book([books.row("甲装置")]))
    with pytest.raises(NotAllowed, match="由他人上传"):
        importing.confirm(cast["unit_b"], row.pk, only_good=False)
    assert not Achievement.objects.exists()


def test_a_refused_file_is_not_kept(cast, settings):
    for content in (books.book([], head=["项目名称"]), books.book([["甲"]], head=["备注"]), b"MZ\x90\x00"):
        with pytest.raises(Refusal):
            brought(cast, content)
    assert not PrivateFile.objects.exists()
    assert not settings.MEDIA_ROOT.exists()
