import datetime as dt

import pytest
from django.db import transaction

from accounts import actions
from accounts.actor import Actor
from accounts.choices import Level, Nature, Role
from accounts.models import Employment, Membership, Organization, User
from core.errors import NotAllowed, Refusal
from core.ledger import SITE, verify
from core.models import Event
from tests.accounts.conftest import PASSWORD, Town, acting, person

pytestmark = pytest.mark.django_db
DAY = dt.date(2019, 5, 6)


def last_event() -> Event:
    return Event.objects.filter(chain=SITE).order_by("-seq")[0]


def test_every_write_is_one_event_without_a_name(town: Town, office: Actor) -> None:
    before = Event.objects.count()
    unit = actions.create_organization(office, town.zezhou, " 沁河水电站 ", Level.GRASSROOTS, Nature.ENTERPRISE)
    user = actions.create_user(office, "linqing", "林 青", "Qinhe-2021-dian", phone="13900000000")
    hat = actions.grant_membership(office, user, unit, Role.UNIT_OPERATOR)
    actions.record_employment(office, user, unit, DAY)
    actions.change_password(user, "Shuidian-2021-xin", actor=Actor.wearing(hat))
    events = list(Event.objects.filter(chain=SITE).order_by("seq"))[before:]
    assert [event.verb for event in events] == [
        "create_organization",
        "create_user",
        "grant_membership",
        "record_employment",
        "change_password",
    ]
    assert [event.actor_id for event in events] == [office.user_id] * 4 + [user.pk]
    told = "".join(f"{event.subject}{event.payload}" for event in events)
    assert not any(secret in told for secret in ("沁河", "林", "13900000000", "linqing", "2021"))
    assert (unit.name, unit.pinyin, user.pinyin) == ("沁河水电站", "qin he shui dian zhan", "lin qing")
    assert verify(SITE) == []


@pytest.mark.parametrize(
    ("role", "place"), [(Role.AUDITOR, "zezhou"), (Role.SUPERVISOR, "host"), (Role.EXPERT, "host")]
)
def test_only_the_office_writes(town: Town, role: str, place: str) -> None:
    actor = acting("someone", getattr(town, place), role)
    other = person("other")
    with pytest.raises(NotAllowed):
        actions.create_organization(actor, town.zezhou, "新单位", Level.GRASSROOTS, Nature.OTHER)
    with pytest.raises(NotAllowed):
        actions.create_user(actor, "nobody", "无名氏", PASSWORD)
    with pytest.raises(NotAllowed):
        actions.grant_membership(actor, other, town.mine, Role.UNIT_OPERATOR)
    with pytest.raises(NotAllowed):
        actions.record_employment(actor, other, town.mine, DAY)
    assert not Organization.objects.filter(name="新单位").exists()
    assert not Employment.objects.exists()


def test_an_office_keeps_to_its_own_tree(town: Town, office: Actor) -> None:
    other = actions.create_organization(None, None, "邻市总工会", Level.HOST, Nature.UNION_BODY)
    with pytest.raises(NotAllowed):
        actions.create_organization(office, other, "新单位", Level.GRASSROOTS, Nature.OTHER)
    with pytest.raises(NotAllowed):
        actions.create_organization(office, None, "第三市总工会", Level.HOST, Nature.UNION_BODY)
    with pytest.raises(NotAllowed):
        actions.grant_membership(office, office.user, other, Role.OFFICE)


def test_everybody_may_tell_where_she_works(town: Town) -> None:
    expert = acting("expert", town.host, Role.EXPERT)
    job = actions.record_employment(expert, expert.user, " 省建设厅 ", DAY)
    assert (job.organization_name, job.organization) == ("省建设厅", None)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": "北岩煤矿"}, "", "该上级组织下已有同名组织，请换一个名称。"),
        ({"uscc": "91110000600037341M"}, "uscc", "统一社会信用代码不正确，请核对 18 位代码（含最后一位校验码）。"),
        (
            {"nature": Nature.UNIVERSITY, "ownership": "state"},
            "",
            "只有企业才填写所有制，请清空所有制或把单位性质改为企业。",
        ),
    ],
)
def test_a_refused_organization_is_a_sentence_at_its_field(
    town: Town, office: Actor, fields: dict, field: str, sentence: str
) -> None:
    given = {"name": "新单位", "level": Level.GRASSROOTS, "nature": Nature.ENTERPRISE} | fields
    events = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        actions.create_organization(office, town.zezhou, **given)
    assert (refusal.value.field, refusal.value.message) == (field, sentence)
    assert Event.objects.count() == events


def test_an_orphan_below_the_host_is_refused_in_words(town: Town) -> None:
    with pytest.raises(Refusal, match="只有主办单位可以没有上级组织"):
        actions.create_organization(None, None, "无主县", Level.COUNTY, Nature.OTHER)


def test_a_taken_username_is_refused_in_any_case(town: Town, office: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.create_user(office, "OFFICE", "另一个人", PASSWORD)
    assert "已被使用" in refusal.value.message
    assert User.objects.count() == 1


def test_a_weak_first_password_is_refused_when_a_person_sets_it(town: Town, office: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.create_user(office, "newcomer", "新同事", "1234567890")
    assert refusal.value.field == "password"
    assert not User.objects.filter(username="newcomer").exists()


def test_a_user_without_a_password_cannot_sign_in(town: Town) -> None:
    user = actions.create_user(None, "nopass", "无密码")
    assert not user.has_usable_password()


def test_a_membership_once_given_is_refused_and_once_closed_comes_back(town: Town, office: Actor) -> None:
    user = person("auditor", (town.zezhou, Role.AUDITOR))
    with pytest.raises(Refusal, match="已有这一身份"):
        actions.grant_membership(office, user, town.zezhou, Role.AUDITOR)
    Membership.objects.filter(user=user).update(is_active=False)
    again = actions.grant_membership(office, user, town.zezhou, Role.AUDITOR)
    assert again.is_active
    assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.parametrize(
    ("place", "role"), [("zezhou", Role.OFFICE), ("mine", Role.SUPERVISOR), ("team", Role.AUDITOR), ("mine", "king")]
)
def test_a_role_in_the_wrong_place_is_refused(town: Town, office: Actor, place: str, role: str) -> None:
    with pytest.raises(Refusal):
        actions.grant_membership(office, person("someone"), getattr(town, place), role)
    assert Membership.objects.count() == 1


def test_a_hat_is_chosen_among_ones_own_usable_ones(town: Town) -> None:
    user = person("twohats", (town.mine, Role.UNIT_OPERATOR), (town.zezhou, Role.AUDITOR))
    stranger = acting("stranger", town.hospital, Role.UNIT_OPERATOR)
    hat = Membership.objects.get(user=user, role=Role.AUDITOR)
    assert actions.choose_hat(user, hat.pk).organization == town.zezhou
    Organization.objects.filter(pk=town.zezhou.pk).update(is_active=False)
    for closed in (hat.pk, stranger.membership_id, 0):
        with pytest.raises(Refusal):
            actions.choose_hat(user, closed)


def test_a_change_of_password_that_fails_later_leaves_no_trace(town: Town) -> None:
    user = person("fickle", must_change_password=True)
    events = Event.objects.count()
    with transaction.atomic():
        actions.change_password(user, "Shuidian-2021-xin")
        transaction.set_rollback(True)
    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password(PASSWORD)
    assert Event.objects.count() == events


def test_the_present_password_is_no_new_one(town: Town) -> None:
    user = person("fickle", must_change_password=True)
    with pytest.raises(Refusal, match="不能与现在的密码相同"):
        actions.change_password(user, PASSWORD)
    actions.change_password(user, "Shuidian-2021-xin")
    user.refresh_from_db()
    assert not user.must_change_password
    assert (last_event().actor_id, last_event().membership_id) == (user.pk, None)
