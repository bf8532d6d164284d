"""The register of experts: kept by the office, engaged for a season, employers matched to the tree by a person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import record_employment
from accounts.models import Alias, Employment, Membership, User
from core import ledger
from core.errors import NotAllowed, Refusal
from scoring.actions import experts, rounds, sheets
from scoring.actions.experts import Knowledge
from scoring.models import Engagement, Expert, Recusal, ScoreSheet
from scoring.queries import cockpit
from tests.cast import Cast, accepted, assemble
from tests.scoring import judging
from tests.scoring.judging import client_of, signed_in

pytestmark = pytest.mark.django_db
KNOWS = Knowledge(("coal",), ("equipment",), 60)


@pytest.fixture
def cast(private_files) -> Cast:
    return assemble()


def fresh(cast: Cast, username: str = "newcomer") -> Expert:
    return experts.register(cast["office"], cast.contest, username, "钱新", KNOWS, "Fresh-Expert-01")


def test_a_new_expert_has_an_account_that_must_change_its_password(cast):
    expert = fresh(cast)
    assert expert.user.must_change_password
    assert Membership.objects.filter(user=expert.user, organization=cast.contest.host, role="expert").exists()
    assert (expert.industries, expert.categories, expert.max_load) == (["coal"], ["equipment"], 60)
    assert signed_in(expert.user).get("/sheets/").url.startswith("/accounts/password/")
    assert ledger.verify() == []


def test_somebody_with_an_account_becomes_an_expert_once(cast):
    user = cast["unit_a"].user
    experts.enlist(cast["office"], cast.contest, user, KNOWS)
    with pytest.raises(Refusal, match="吴山已经在专家库中"):
        experts.enlist(cast["office"], cast.contest, user, KNOWS)


@pytest.mark.parametrize("who", ["auditor_a", "supervisor", "unit_a", "expert1"])
def test_only_the_office_keeps_the_register(cast, who):
    with pytest.raises(NotAllowed):
        experts.register(cast[who], cast.contest, "newcomer", "钱新", KNOWS, "Fresh-Expert-01")
    with pytest.raises(NotAllowed):
        experts.engage(cast[who], cast.contest, [])
    assert not User.objects.filter(username="newcomer").exists()


def test_whoever_is_not_engaged_is_in_no_round(cast):
    expert = fresh(cast)
    assert expert not in cockpit.experts(cast.contest)
    assert experts.engage(cast["office"], cast.contest, [expert.pk]) == 1
    assert experts.engage(cast["office"], cast.contest, [expert.pk]) == 0
    assert expert in cockpit.experts(cast.contest)
    experts.dismiss(cast["office"], cast.contest, expert.pk)
    assert expert not in cockpit.experts(cast.contest)


def test_an_expert_out_of_use_is_not_engaged(cast):
    expert = fresh(cast)
    experts.change(cast["office"], expert.pk, Knowledge(("coal",), (), None, is_active=False))
    assert experts.engage(cast["office"], cast.contest, [expert.pk]) == 0


def test_whoever_sits_in_a_round_is_not_dismissed(cast):
    accepted(cast)
    judging.drafted(cast)
    with pytest.raises(Refusal, match="已编入评审轮次，不能解聘"):
        experts.dismiss(cast["office"], cast.contest, Expert.objects.first().pk)


def test_a_maximum_must_be_one(cast):
    with pytest.raises(Refusal, match="最多份数应在 1 到 2000 之间"):
        experts.change(cast["office"], Expert.objects.first().pk, Knowledge(("coal",), (), 0))


def test_the_maximum_is_kept_by_the_assignment(cast):
    accepted(cast)
    accepted(cast)
    judging.to_review(cast)
    first = Expert.objects.order_by("pk").first()
    experts.change(cast["office"], first.pk, Knowledge(("coal",), (), 1))
    round_ = judging.opened(cast, k=3)
    assert ScoreSheet.objects.filter(round=round_, appointment__expert=first).count() == 1


# --- the pages --------------------------------------------------------------------------------------------


def test_the_office_registers_through_the_pages(cast):
    office = client_of(cast, "office")
    new = reverse("scoring:expert_new")
    refused = office.post(new, {"name": "钱新", "username": "qianxin"})
    assert refused.status_code == 400
    assert "请选择专业行业" in refused.content.decode()
    data = {"name": "钱新", "username": "qianxin", "industries": ["coal"], "max_load": 30, "is_active": "on"}
    made = office.post(new, data).content.decode()
    expert = Expert.objects.get(user__username="qianxin")
    password = made.split("<code>")[1].split("</code>")[0]
    assert expert.user.check_password(password)
    assert "只在这一页显示一次" in made
    again = office.post(new, data).content.decode()
    assert "钱新已经在专家库中" in again
    other = office.post(new, data | {"name": "别人"}).content.decode()
    assert "用户名 qianxin 已是“钱新”的账号" in other
    page = office.get(reverse("scoring:experts"), {"q": "钱新"}).content.decode()
    assert "钱新" in page
    assert "蒋一" not in page
    done = office.post(reverse("scoring:expert_engage"), {"expert": [expert.pk]}, follow=True).content.decode()
    assert "本届新聘任 1 位专家" in done
    assert "请先勾选" in office.post(reverse("scoring:expert_engage"), {}, follow=True).content.decode()


def test_somebody_known_keeps_her_account(cast):
    data = {"name": "吴山", "username": "unit_a", "industries": ["coal"], "is_active": "on"}
    page = client_of(cast, "office").post(reverse("scoring:expert_new"), data, follow=True).content.decode()
    assert "吴山已加入专家库，用原来的账号登录" in page


def test_employers_are_kept_on_her_page(cast):
    office, expert = client_of(cast, "office"), Expert.objects.get(user__username="expert1")
    address = reverse("scoring:expert_job", args=[expert.pk])
    both = {"organization": cast.organizations["mine"].pk, "place": "别处", "started_on": "2015-07-01"}
    assert "二者填一项" in office.post(address, both).content.decode()
    office.post(address, {"organization": cast.organizations["mine"].pk, "started_on": "2015-07-01"})
    gone = timezone.localdate() - timedelta(days=365 * 5)
    office.post(address, {"place": "市设计院", "started_on": "2001-07-01", "ended_on": gone.isoformat()})
    page = office.get(reverse("scoring:expert", args=[expert.pk])).content.decode()
    assert "太行二矿工会" in page
    assert "已过期限" in page
    old = Employment.objects.get(organization_name="市设计院")
    office.post(reverse("scoring:expert_job_drop", args=[old.pk]))
    assert not Employment.objects.filter(pk=old.pk).exists()
    assert ledger.verify() == []


def test_her_knowledge_is_changed_on_her_page(cast):
    office, expert = client_of(cast, "office"), Expert.objects.get(user__username="expert1")
    address = reverse("scoring:expert", args=[expert.pk])
    office.post(address, {"industries": ["power"], "categories": ["process"], "is_active": "on"})
    expert.refresh_from_db()
    assert (expert.industries, expert.categories, expert.max_load) == (["power"], ["process"], None)
    supervisor = client_of(cast, "supervisor")
    assert "电力" in supervisor.get(address).content.decode()
    assert supervisor.post(address, {"industries": ["coal"]}).status_code == 403


# --- aliases ----------------------------------------------------------------------------------------------


def written(cast: Cast, text: str, username: str = "expert1") -> None:
    record_employment(None, cast[username].user, text, date(2015, 7, 1))


def test_an_alias_is_proposed_and_nothing_follows_until_a_person_says_so(cast):
    accepted(cast)
    judging.to_review(cast)
    written(cast, "东山机械")  # the short name itself: no person is needed
    written(cast, "东山机械厂", "expert2")
    office = client_of(cast, "office")
    page = office.get(reverse("scoring:aliases")).content.decode()
    assert "东山机械厂</th>" in page
    assert "相近 100%" in page
    round_ = judging.drafted(cast, k=2)
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    assert [r.appointment.expert.user.username for r in Recusal.objects.all()] == ["expert1"]
    unit = cast.organizations["unit_a"]
    data = {"name": "东山机械厂", "organization": unit.pk, "same": "yes"}
    done = office.post(reverse("scoring:alias_judge"), data, follow=True).content.decode()
    assert "已确认“东山机械厂”就是“东山机械厂工会”" in done
    rounds.plan_assignment(cast["office"], round_.pk, seed=1)
    found = {r.appointment.expert.user.username: r.evidence for r in Recusal.objects.all()}
    assert set(found) == {"expert1", "expert2"}
    assert found["expert2"] == "2015年7月至今任职于“东山机械厂”（即东山机械厂工会）；完成单位为东山机械厂工会"


def test_what_was_refused_is_not_proposed_again(cast):
    written(cast, "太行煤业二矿")
    office, mine = client_of(cast, "office"), cast.organizations["mine"]
    address = reverse("scoring:aliases")
    assert mine.name in [o.name for o, _ in office.get(address).context["unmatched"][0].proposals]
    office.post(reverse("scoring:alias_judge"), {"name": "太行煤业二矿", "organization": mine.pk, "same": "no"})
    assert mine.name not in [o.name for o, _ in office.get(address).context["unmatched"][0].proposals]
    alias = Alias.objects.get()
    office.post(reverse("scoring:alias_drop", args=[alias.pk]))
    assert not Alias.objects.exists()


def test_the_supervisor_reads_and_the_auditor_does_not(cast):
    written(cast, "东山机械厂")
    assert "就是</button>" not in client_of(cast, "supervisor").get(reverse("scoring:aliases")).content.decode()
    for name in ("aliases", "experts"):
        assert client_of(cast, "auditor_a").get(reverse(f"scoring:{name}")).status_code == 403


# --- the commitment ---------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast) -> Cast:
    """An open round whose first expert has not accepted the commitment."""
    accepted(cast)
    judging.to_review(cast)
    judging.opened(cast, k=4)
    Engagement.objects.filter(expert__user=cast["expert1"].user).update(committed_at=None, commitment_version=None)
    return cast


def test_no_sheet_opens_before_the_commitment(waiting):
    client, sheet = client_of(waiting, "expert1"), judging.own(waiting, "expert1")[0]
    for address in ("/sheets/", f"/sheets/{sheet.pk}/", f"/sheets/{sheet.pk}/files/1/", f"/sheets/{sheet.pk}/recuse/"):
        assert client.get(address).url == reverse("scoring:commitment"), address
    refused = client.post(f"/sheets/{sheet.pk}/save/", judging.posted(judging.marks(sheet), 0))
    assert refused.status_code == 400
    assert "请先阅读并确认评审承诺" in str(refused.json()["errors"])
    with pytest.raises(Refusal, match="请先阅读并确认评审承诺"):
        sheets.save_marks(waiting["expert1"], sheet.pk, judging.marks(sheet), revision=0)
    with pytest.raises(Refusal, match="请先阅读并确认评审承诺"):
        sheets.hand_in(waiting["expert1"], [sheet.pk])
    assert client_of(waiting, "expert2").get("/sheets/").status_code == 200


def test_she_accepts_what_she_read_once(waiting):
    client, address = client_of(waiting, "expert1"), reverse("scoring:commitment")
    page = client.get(address).content.decode()
    assert "不接受任何单位和个人的请托" in page
    contest = waiting.contest.pk
    assert "请先阅读并勾选" in client.post(address, {"contest": contest, "version": 1}, follow=True).content.decode()
    old = client.post(address, {"contest": contest, "version": 0, "sure": "on"}, follow=True).content.decode()
    assert "刚刚有了新的版本" in old
    done = client.post(address, {"contest": contest, "version": 1, "sure": "on"}, follow=True)
    assert done.redirect_chain[-1][0] == "/sheets/"
    engagement = Engagement.objects.get(expert__user=waiting["expert1"].user)
    assert (engagement.commitment_version, engagement.committed_at is not None) == (1, True)
    at = engagement.committed_at
    assert experts.commit(waiting["expert1"], waiting.contest, 1).committed_at == at
    assert "没有等您确认的承诺" in client.post(address, {"contest": contest}, follow=True).content.decode()
    assert "已承诺" in client.get(address).content.decode()
    assert ledger.verify() == []


def test_only_whoever_is_engaged_commits(cast):
    Engagement.objects.filter(expert__user=cast["expert1"].user).delete()
    with pytest.raises(NotAllowed, match="没有受聘"):
        experts.commit(cast["expert1"], cast.contest, 1)
