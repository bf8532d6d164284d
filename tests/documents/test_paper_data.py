"""From the rows to the printed words: what each official form says of a work, and which works stand on it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from core import files
from core.spec import Form, Line, Section, Table
from documents import queries
from documents.catalog import PAPERS
from documents.policies import UNIT_FORMS
from documents.queries import Work
from documents.render.html import render_html
from submissions.actions import drafting, moves
from submissions.models import Achievement
from tests.cast import Cast, accepted, at_host, draft, fields, picture, registered, submitted
from tests.documents.reading import squeeze

NAMES = {("industry", "coal"): "煤炭", ("category", "equipment"): "设备类", ("kind", "small_invention"): "小发明"}
GRANTED = {"number": "ZL201710601862.3", "status": "granted", "granted_on": "2019-05-07"}
SECOND = {"number": "ZL202020318862.9", "status": "granted", "granted_on": "2020-12-01"}
APPLIED = {"number": "202110601862.1", "status": "applied", "granted_on": None}


def work(**changes: Any) -> Work:
    leader = {"name": "欧阳技", "gender": "female", "political_status": "masses", "skill_level": "none"}
    content = {
        "title": "皮带机纠偏装置",
        "unit_name": "东山机械厂",
        "industry": "coal",
        "category": "equipment",
        "kind": "small_invention",
        "implemented_from": "2025-03-01",
        "implemented_to": "2025-11-30",
        "summary": "跑偏停机由 12 次降到 1 次。",
        "innovation": "机械反馈。",
        "benefit_wan": "126.50",
        "benefit_basis": "每次损失 0.96 万元。",
        "social_benefit": "",
        "filled_by": "吴山",
        "responsible_person": "何厂长",
        "patents": [],
    }
    return Work(content | {"leader": leader} | changes, NAMES, date(2026, 9, 10))


# --- words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patents", "printed"),
    [
        ([], "否"),
        ([APPLIED], "否"),
        ([GRANTED], "ZL201710601862.3（2019.05.07）"),
        ([GRANTED, APPLIED, SECOND], "ZL201710601862.3（2019.05.07）\nZL202020318862.9（2020.12.01）"),
    ],
)
def test_only_granted_patents_are_printed_one_a_line(patents: list[dict[str, Any]], printed: str) -> None:
    filled = work(patents=patents)
    assert queries.table_row(filled, 1)["patents"] == printed
    assert queries.brief(filled)["patents"] == printed


def test_codes_become_the_words_of_the_notice() -> None:
    row = queries.table_row(work(), 7)
    assert row == {
        "number": 7,
        "industry": "煤炭",
        "category": "设备类",
        "title": "皮带机纠偏装置",
        "leader": "欧阳技",
        "sex": "女",
        "patents": "否",
        "unit": "东山机械厂",
    }
    profile = queries.profile(work())
    assert (profile["sex"], profile["political_status"], profile["skill_level"]) == ("女", "群众", "无")


def test_times_are_written_as_the_forms_write_them() -> None:
    filled = queries.brief(work())
    assert (filled["dated_on"], filled["period"]) == (date(2026, 9, 10), "2025.03–2025.11")
    assert "2026年9月10日" in render_html(PAPERS["achievement_brief"], filled)
    assert queries.brief(work(implemented_to=None))["period"] == "2025.03 至今"


def test_the_county_form_holds_the_amount_as_a_number() -> None:
    filled = queries.application(work())
    assert (filled["kind"], filled["benefit_wan"]) == ("小发明", Decimal("126.50"))
    assert filled["summary"].split("\n") == ["跑偏停机由 12 次降到 1 次。", "机械反馈。"]
    assert queries.application(work(benefit_wan=None))["benefit_wan"] is None


def keys_of(form: Form) -> set[str]:
    """Every key that a form prints."""
    keys: set[str] = set()
    for line in (*form.head, *form.foot):
        assert isinstance(line, Line)
        keys |= {slot.key for slot in (line.left, line.middle, line.right)}
    for block in form.body:
        if isinstance(block, Section):
            keys |= {getattr(cell, "key", "") for row in block.rows for cell in row.cells}
        if isinstance(block, Table):
            keys |= {column.key for column in block.columns}
    return keys - {""}


@pytest.mark.parametrize("code", sorted(PAPERS.keys() - UNIT_FORMS))
def test_every_place_of_every_form_is_filled(code: str) -> None:
    """A key that a form prints and no query gives would stay empty for ever, and nobody would notice."""
    by_hand = {"unit_opinion", "county_opinion", "signature", "seal"}
    given = queries.table_row(work(), 1) if code in queries.LISTS else queries.ONE_A_WORK[code](work())
    assert keys_of(PAPERS[code]) - by_hand == set(given)


# --- versions and drafts -------------------------------------------------------------------------------


def test_a_draft_prints_as_it_stands_and_a_submitted_work_as_it_was_submitted(cast: Cast) -> None:
    rough, sent = draft(cast, title="草稿一"), submitted(cast, title="送审一")
    Achievement.objects.filter(pk=sent.pk).update(title="改过的题目")
    names = queries.names_of(cast.contest)
    titles = [queries.brief(one)["title"] for one in queries.works([sent.pk, rough.pk], names)]
    assert titles == ["送审一", "草稿一"]


def test_the_preview_shows_what_the_unit_types_and_the_auditor_what_was_sent(cast: Cast) -> None:
    sent = submitted(cast, title="送审二")
    back = moves.return_for_changes(cast["auditor_a"], sent.pk, "请补充数据。")
    drafting.save_fields(cast["unit_a"], back.pk, {"title": "正在修改"}, 99)
    back.refresh_from_db()
    seen = {who: queries.preview_work(cast[who], back).content["title"] for who in ("unit_a", "auditor_a", "office")}
    assert seen == {"unit_a": "正在修改", "auditor_a": "送审二", "office": "送审二"}


def test_the_supervisor_previews_without_the_whole_phone_number(cast: Cast) -> None:
    sent = submitted(cast)
    phones = {
        who: queries.preview_work(cast[who], sent).leader("phone") for who in ("unit_a", "auditor_a", "supervisor")
    }
    assert phones == {"unit_a": "13900000001", "auditor_a": "13900000001", "supervisor": "139****0001"}


def test_the_photo_and_the_day_of_the_recommendation_come_along(cast: Cast) -> None:
    work_ = draft(cast)
    photo = files.store_bytes(picture("red"), "相片.png", "image/png")
    drafting.set_photo(cast["unit_a"], work_.pk, photo, 99)
    moves.submit(cast["unit_a"], moves.register(cast["unit_a"], work_.pk).pk)
    names = queries.names_of(cast.contest)
    (before,) = queries.works([work_.pk], names, photos=True)
    assert before.recommended_on is None
    moves.verify_benefit(cast["auditor_a"], work_.pk, Decimal("126.50"), "economic", "")
    moves.recommend(cast["auditor_a"], work_.pk)
    (after,) = queries.works([work_.pk], names, photos=True)
    assert after.recommended_on == timezone.localdate()
    assert after.photo
    assert (after.photo.mime, after.photo.content[:4]) == ("image/png", b"\x89PNG")
    assert queries.works([work_.pk], names)[0].photo is None


def test_a_whole_work_is_on_its_forms(cast: Cast) -> None:
    filled = fields(cast)
    sent = submitted(cast, title=filled["title"])
    (found,) = queries.works([sent.pk], queries.names_of(cast.contest))
    for code, keys in {
        "achievement_brief": ["title", "summary"],
        "leader_profile": ["leader.bio", "leader.phone"],
    }.items():
        page = squeeze(render_html(PAPERS[code], queries.ONE_A_WORK[code](found)))
        assert [key for key in keys if squeeze(filled[key]) not in page] == []


# --- which works ----------------------------------------------------------------------------------------


def test_a_recommenders_list_is_in_her_order_without_what_ended(cast: Cast) -> None:
    first, second, third = (at_host(cast) for _ in range(3))
    at_host(cast, "unit_b", "auditor_b")
    submitted(cast)
    moves.decline(cast["office"], second.pk, "不符合时间范围。")
    rows = cast.enrolments["county_a"].recommendations
    rows.filter(achievement=first).update(order=9)
    assert queries.listed(cast["auditor_a"], cast.enrolments["county_a"]) == [third.pk, first.pk]
    assert queries.listed(cast["office"], cast.enrolments["county_a"]) == [third.pk, first.pk]


def test_the_whole_contest_is_what_was_accepted_recommender_by_recommender(cast: Cast) -> None:
    b, a1, a2 = accepted(cast, "unit_b", "auditor_b"), accepted(cast), accepted(cast)
    at_host(cast)
    cast.enrolments["county_a"].recommendations.filter(achievement=a1).update(order=5)
    assert queries.listed(cast["office"], cast.enrolments["host"]) == [a2.pk, a1.pk, b.pk]


def test_a_units_own_works_are_those_in_the_pool(cast: Cast) -> None:
    mine, gone = registered(cast), registered(cast)
    moves.withdraw(cast["unit_a"], gone.pk, "不再申报。")
    draft(cast)
    registered(cast, "unit_b")
    assert queries.listed(cast["unit_a"], cast.enrolments["unit_a"]) == [mine.pk]


def test_a_contest_offers_only_papers_that_can_be_made(cast: Cast) -> None:
    """The preset names 附件6 too, which comes with a later issue; the pledge has no number."""
    assert cast.contest.paperkind_set.filter(code="statistics_one").exists()
    offered = {who: [row.annex for row in queries.kinds(cast[who], cast.contest)] for who in ("office", "unit_a")}
    assert offered == {"office": ["附件2", "附件3", "附件4", "附件5", ""], "unit_a": ["附件3", "附件4", "附件5", ""]}


def test_the_office_picks_among_recommenders_everybody_else_has_her_own(cast: Cast) -> None:
    names = {
        who: [row.name for row in queries.scopes(cast[who], cast.contest)] for who in ("office", "auditor_b", "mine")
    }
    assert names["office"] == [
        cast.contest.host.name,
        "东山县总工会",
        "西河县总工会",
        "太行煤业集团工会",
        "市第三人民医院工会",
    ]
    assert (names["auditor_b"], names["mine"]) == (["西河县总工会"], ["太行二矿工会"])
