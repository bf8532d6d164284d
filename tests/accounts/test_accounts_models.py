import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.choices import Level, Line, Nature, Ownership, Role
from accounts.models import Employment, Membership, Organization, User
from accounts.pinyin import person_key, sort_key
from tests.accounts.conftest import Town, person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = dt.date(2021, 3, 1)


def refused_by_database(name: str, row: object) -> None:
    """The database itself says no: no form and no action stands before this save()."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        row.save()
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("organization_only_host_is_root", {"parent": None, "level": Level.COUNTY}),
        ("organization_ownership_of_enterprise", {"nature": Nature.UNIVERSITY, "ownership": Ownership.STATE}),
        ("organization_line_known", {"line": "army"}),
        ("organization_level_known", {"level": "province"}),
        ("organization_nature_known", {"nature": "shop"}),
        ("organization_ownership_known", {"ownership": "mixed"}),
        ("organization_name_given", {"name": ""}),
        ("organization_uscc_null_not_empty", {"uscc": ""}),
    ],
)
def test_an_impossible_organization_never_reaches_the_table(town: Town, constraint: str, fields: dict) -> None:
    given = {"parent": town.zezhou, "name": "新单位", "level": Level.GRASSROOTS, "nature": Nature.ENTERPRISE}
    refused_by_database(constraint, Organization(**given | fields))


def test_an_organization_is_not_its_own_parent(town: Town) -> None:
    town.mine.parent = town.mine
    refused_by_database("organization_not_own_parent", town.mine)


def test_a_name_is_used_once_under_one_parent_but_may_return_under_another(town: Town) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(
            parent=town.zezhou, name="北岩煤矿", level=Level.GRASSROOTS, nature=Nature.ENTERPRISE
        )
    Organization.objects.create(parent=town.gaoping, name="北岩煤矿", level=Level.GRASSROOTS, nature=Nature.ENTERPRISE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(name="凤台市总工会", level=Level.HOST, nature=Nature.UNION_BODY)


def test_several_units_without_a_credit_code_but_never_one_code_twice(town: Town) -> None:
    code = "91110000600037341L"
    Organization.objects.filter(pk=town.mine.pk).update(uscc=code)
    assert Organization.objects.filter(uscc=None).count() == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=town.hospital.pk).update(uscc=code)


@pytest.mark.parametrize("code", ["91110000600037341M", "91110000600037341", "某单位"])
def test_a_wrong_credit_code_is_refused_in_chinese_at_its_field(town: Town, code: str) -> None:
    town.mine.uscc = code
    with pytest.raises(ValidationError) as error:
        town.mine.full_clean()
    assert any("统一社会信用代码" in m or "字符" in m for m in error.value.message_dict["uscc"])


def test_a_head_count_is_never_negative(town: Town) -> None:
    town.mine.head_count = -1
    with pytest.raises(IntegrityError), transaction.atomic():
        town.mine.save()


def test_the_default_line_is_the_unions(town: Town) -> None:
    assert town.mine.line == Line.UNION


def test_usernames_differ_in_more_than_their_case(town: Town) -> None:
    person("zhangsan")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ZhangSan", display_name="张三")


@pytest.mark.parametrize("name", ["", "张"])
def test_a_display_name_has_two_characters_at_least(town: Town, name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("short", display_name=name)


def test_a_rare_character_is_a_good_name(town: Town) -> None:
    user = User.objects.create_user("rare", display_name="䶮𬭎")
    assert User.objects.get(pk=user.pk).get_full_name() == "䶮𬭎"


def test_a_membership_exists_once_and_in_a_known_role(town: Town) -> None:
    user = person("auditor", (town.zezhou, Role.AUDITOR))
    refused = Membership(user=user, organization=town.zezhou, role=Role.AUDITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        refused.save()
    refused_by_database("membership_role_known", Membership(user=user, organization=town.zezhou, role="king"))


@pytest.mark.parametrize("both", [True, False])
def test_an_employment_names_exactly_one_place(town: Town, both: bool) -> None:
    place = {"organization": town.mine, "organization_name": "省建设厅"} if both else {}
    refused_by_database("employment_one_place", Employment(user=person("expert"), started_on=DAY, **place))


def test_an_employment_ends_on_or_after_its_first_day(town: Town) -> None:
    user = person("expert")
    Employment.objects.create(user=user, organization=town.mine, started_on=DAY, ended_on=DAY)
    before = DAY - dt.timedelta(days=1)
    late = Employment(user=user, organization_name="省建设厅", started_on=DAY, ended_on=before)
    refused_by_database("employment_dates_in_order", late)


def test_names_sort_by_pinyin_not_by_code_point(town: Town) -> None:
    counties = Organization.objects.filter(level=Level.COUNTY)
    assert [county.name for county in counties] == ["高平市总工会", "泽州县总工会"]


@pytest.mark.parametrize(
    ("name", "key"),
    [("长治市", "chang zhi shi"), ("山西洪洞水泥厂", "shan xi hong tong shui ni chang"), ("长子县", "zhang zi xian")],
)
def test_places_are_read_as_people_here_say_them(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_a_surname_is_read_as_a_surname() -> None:
    assert [person_key(name) for name in ("单丽", "解 晓东", "尉迟恭", "李单")] == [
        "shan li",
        "xie xiao dong",
        "yu chi gong",
        "li dan",
    ]
    assert len(sort_key("庄" * 100)) == 255
