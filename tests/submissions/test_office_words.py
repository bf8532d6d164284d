"""What the office lets pass (domain.md F5, 3.10), and help with patents (002 五(三))."""

import pytest
from django.urls import reverse

from accounts.actions import create_organization, create_user, grant_membership
from accounts.actor import Actor
from accounts.models import Level, Line, Nature, Role
from contests.actions.enrol import enrol
from core import ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from submissions import queries
from submissions.actions import helping, importing, moves, overruling
from submissions.models import IpHelp, Override, Patent
from tests.cast import PASSWORD, Cast, assemble, registered, submitted
from tests.submissions import books
from tests.submissions.audit_desk import signed_in, text_of

pytestmark = pytest.mark.django_db
FUNDED = {"government_project": True, "dedicated_funds": True}
RIGHT, WRONG = "ZL201710601862.3", "ZL201710601862.4"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def detail(cast: Cast, who: str, pk: int):
    return signed_in(cast[who]).get(reverse("submissions:detail", args=[pk]))


def state(work, code="not_funded"):
    return next(f for f in queries.checklist(work) if f.code == code)


# --- a rule set aside ------------------------------------------------------------------------------------


def test_a_funded_project_goes_in_on_the_offices_word_alone(cast):
    work = registered(cast, **FUNDED)
    with pytest.raises(Refusal, match="不得申报"):
        moves.submit(cast["unit_a"], work.pk)
    for who in ("unit_a", "auditor_a", "auditor_b", "supervisor"):
        with pytest.raises(NotAllowed):
            overruling.overrule(cast[who], work.pk, "not_funded", "经费为企业自筹。")
    overruling.overrule(cast["office"], work.pk, "not_funded", "经费为企业自筹。")
    assert (state(work).state, state(work).overruled) == ("green", True)
    assert moves.submit(cast["unit_a"], work.pk).status == "submitted"
    for who in ("unit_a", "auditor_a", "office", "supervisor"):
        page = text_of(detail(cast, who, work.pk))
        assert "竞赛办公室准予：经费为企业自筹。" in page
        assert "五（七）" in page  # the clause stands beside the rule
    assert "竞赛办公室准予" in text_of(signed_in(cast["auditor_a"]).get(reverse("submissions:audit", args=[work.pk])))
    assert ledger.verify() == []


def test_revoked_it_goes_no_further(cast):
    work = registered(cast, research_centre_topic=True)
    given = overruling.overrule(cast["office"], work.pk, "not_funded", "课题已结题。")
    moves.submit(cast["unit_a"], work.pk)
    with pytest.raises(Refusal, match="请写明撤销的理由"):
        overruling.revoke(cast["office"], given.pk, "")
    overruling.revoke(cast["office"], given.pk, "核实后不符。")
    with pytest.raises(Refusal, match="不得申报"):
        moves.recommend(cast["auditor_a"], work.pk)
    assert state(work).state == "red"
    with pytest.raises(Refusal, match="已经撤销"):
        overruling.revoke(cast["office2"], given.pk, "再撤。")
    overruling.overrule(cast["office"], work.pk, "not_funded", "复核后准予。")
    moves.recommend(cast["auditor_a"], work.pk)
    verbs = [event.verb for event in Event.objects.filter(subject=f"achievement:{work.pk}")]
    assert [verb for verb in verbs if "over" in verb or "revoke" in verb] == ["overrule", "revoke_override", "overrule"]


def test_other_rules_are_nobodys_to_set_aside_and_a_word_is_said_once(cast):
    work = registered(cast, completed_on=None)
    with pytest.raises(Refusal, match="不能由办公室准予"):
        overruling.overrule(cast["office"], work.pk, "window", "差一天。")
    overruling.overrule(cast["office"], work.pk, "not_funded", "企业自筹。")
    with pytest.raises(Refusal, match="已经准予"):
        overruling.overrule(cast["office2"], work.pk, "not_funded", "企业自筹。")
    with pytest.raises(Refusal, match="还不能提交"):
        moves.submit(cast["unit_a"], work.pk)


def patents(cast: Cast, work, number: str):
    data = {"patent_number": number, "patent_status": "granted", "patent_granted_on": "2019-05-07", "patent_owner": ""}
    return signed_in(cast["unit_a"]).post(reverse("submissions:patents", args=[work.pk]), data | {"revision": 99})


def test_a_number_whose_check_fails_is_taken_once_the_office_has_seen_the_certificate(cast):
    work = registered(cast)
    assert patents(cast, work, WRONG).status_code == 422
    with pytest.raises(Refusal):
        overruling.overrule(cast["office"], work.pk, "patent_check", "与证书一致。", "不是专利号")
    overruling.overrule(cast["office"], work.pk, "patent_check", "与证书一致。", "2017 1 0601862.4")
    assert Override.objects.get().detail == WRONG
    assert patents(cast, work, "ZL201710601863.4").status_code == 422
    assert patents(cast, work, WRONG).status_code == 200
    assert Patent.objects.get().number == WRONG
    assert patents(cast, work, RIGHT).status_code == 200


def test_its_word_on_a_number_holds_for_every_work_of_the_unit_and_in_a_workbook(cast):
    given = overruling.overrule(cast["office"], registered(cast).pk, "patent_check", "与证书一致。", WRONG)
    assert patents(cast, registered(cast), WRONG).status_code == 200
    book = books.book([["副井信号装置", f"{WRONG} 2019-05-07"]], head=["项目名称", "专利"])
    for who, rows in (("unit_b", (0, 1)), ("unit_a", (1, 0))):
        heaps = importing.content(importing.receive(cast[who], cast.enrolments[who], books.upload(book))).heaps
        assert (len(heaps.fresh), len(heaps.wrong)) == rows
    overruling.revoke(cast["office"], given.pk, "证书有误。")
    assert patents(cast, registered(cast), WRONG).status_code == 422


def test_the_office_does_it_on_the_page_of_the_work(cast):
    work = registered(cast, **FUNDED)
    url = reverse("submissions:overrule", args=[work.pk])
    office = signed_in(cast["office"])
    refused = office.post(url, {"rule": "patent_check", "detail": "12", "reason": "与证书一致。"})
    assert refused.status_code == 400
    assert "与证书一致。" in refused.content.decode()
    done = office.post(url, {"rule": "not_funded", "reason": "企业自筹。"}, follow=True)
    assert "已准予“非立项专项经费项目”" in text_of(done)
    (row,) = Override.objects.filter(rule="not_funded")
    long = "核实后不符。" * 400
    kept = office.post(reverse("submissions:override_revoke", args=[row.pk]), {"reason": long, "revoke": row.pk})
    assert (kept.status_code, long in kept.content.decode()) == (400, True)
    gone = office.post(
        reverse("submissions:override_revoke", args=[Override.objects.get().pk]), {"reason": "误。"}, follow=True
    )
    assert "撤销：误。" in text_of(gone)
    assert "准予一项条件" not in text_of(detail(cast, "unit_a", work.pk))


# --- help with a patent ----------------------------------------------------------------------------------


def partner(cast: Cast, line: str = Line.SCIENCE_ASSOCIATION, name: str = "市科学技术协会") -> Actor:
    body = create_organization(None, cast.organizations["host"], name, Level.PARTNER, Nature.UNION_BODY, line=line)
    enrol(None, cast.contest, body, cast.enrolments["host"])
    user = create_user(None, f"partner-{line}"[:30], "秦协办", PASSWORD)
    return Actor(user, grant_membership(None, user, body, Role.AUDITOR))


def test_the_partner_bodies_see_the_list_and_answer(cast):
    work, helper = submitted(cast), partner(cast)
    helping.ask(cast["unit_a"], work.pk, "想申请实用新型专利，不会写权利要求。", "0356-2025123")
    page = text_of(signed_in(helper).get("/ip-help/"))
    for words in (work.title, "东山机械厂工会", "不会写权利要求", "0356-2025123"):
        assert words in page
    assert "欧阳技" not in page
    assert "13900000001" not in page
    assert signed_in(helper).get(reverse("submissions:detail", args=[work.pk])).status_code == 404
    row = IpHelp.objects.get()
    url = reverse("submissions:ip_help_answer", args=[row.pk])
    empty = signed_in(helper).post(url, {"answer": " "})
    assert empty.status_code == 400
    assert "请写明答复" in text_of(empty)
    signed_in(helper).post(url, {"answer": "请于周三到科协 302 室，有专利代理师值班。"})
    assert "有专利代理师值班" in text_of(detail(cast, "unit_a", work.pk))
    with pytest.raises(Refusal, match="已答复"):
        helping.answer(cast["office"], row.pk, "再答。")


def test_nobody_elses_partner_county_or_unit_sees_it(cast):
    work = submitted(cast)
    helping.ask(cast["unit_a"], work.pk, "想申请专利。")
    women = partner(cast, Line.WOMEN_FEDERATION, "市妇女联合会")
    for actor in (women, cast["auditor_b"], cast["unit_b"]):
        assert work.title not in text_of(signed_in(actor).get("/ip-help/"))
    for actor in (cast["office"], cast["supervisor"], cast["auditor_a"], cast["unit_a"]):
        assert work.title in text_of(signed_in(actor).get("/ip-help/"))
    for who in ("auditor_a", "supervisor", "unit_a"):
        with pytest.raises(NotAllowed):
            helping.answer(cast[who], IpHelp.objects.get().pk, "请来。")


def test_one_request_at_a_time_by_the_unit_alone_and_it_may_be_taken_back(cast):
    work = registered(cast)
    with pytest.raises(NotAllowed):
        helping.ask(cast["auditor_a"], work.pk, "想申请专利。")
    with pytest.raises(Refusal, match="请写明需要什么帮助"):
        helping.ask(cast["unit_a"], work.pk, " ")
    url = reverse("submissions:ip_help_ask", args=[work.pk])
    asked = signed_in(cast["unit_a"]).post(url, {"need": "想申请专利。", "contact": ""}, follow=True)
    assert "申请已送出" in text_of(asked)
    with pytest.raises(Refusal, match="不需要重复申请"):
        helping.ask(cast["unit_a"], work.pk, "想申请专利。")
    row = IpHelp.objects.get()
    with pytest.raises(NotAllowed):
        helping.take_back(cast["office"], row.pk)
    signed_in(cast["unit_a"]).post(reverse("submissions:ip_help_take_back", args=[row.pk]))
    assert IpHelp.objects.get().status == "closed"
    helping.ask(cast["unit_a"], work.pk, "又想申请专利。")
    assert [e.verb for e in Event.objects.filter(verb__contains="ip_help")] == [
        "ask_ip_help", "close_ip_help", "ask_ip_help"
    ]  # fmt: skip
