"""简称、曾用名: likeness proposes, a person decides, and only what she said counts."""

import pytest

from accounts.actions import drop_alias, judge_alias
from accounts.models import Alias
from accounts.queries import meant
from accounts.rules.names import alike, core_of, plain, share
from core import ledger
from core.errors import NotAllowed, Refusal


@pytest.mark.parametrize(
    ("one", "other"),
    [("太行煤业（集团）二矿", "太行煤业(集团) 二矿"), ("ＡＢ厂", "ab厂")],
)
def test_one_plain_form(one, other):
    assert plain(one) == plain(other)


def test_the_endings_of_bodies_do_not_count_for_likeness():
    assert core_of("东山机械厂工会委员会") == core_of("东山机械厂有限责任公司") == "东山机械厂"
    assert share("东山机械厂", "东山机械厂工会") == 1
    assert core_of("总工会") == "总工会"  # nothing is left to compare but the ending itself


def test_likeness_proposes_and_orders():
    names = {1: ("太行二矿工会", "太行二矿"), 2: ("太行三矿工会", ""), 3: ("西河化工厂工会", "")}
    assert [one.id for one in alike("太行二矿", names)] == [1]
    assert alike("晋城市图书馆", names) == []
    assert share("", "太行二矿") == 0


@pytest.mark.django_db
class TestWhatAPersonSaid:
    @pytest.fixture
    def cast(self, private_files):
        from tests.cast import assemble

        return assemble()

    def test_only_exact_names_mean_an_organisation(self, cast):
        mine = cast.organizations["mine"].pk
        assert meant(["太行二矿工会", "太行二矿", "太行煤业二矿"]) == {"太行二矿工会": {mine}, "太行二矿": {mine}}

    def test_an_alias_counts_once_a_person_said_so(self, cast):
        mine = cast.organizations["mine"]
        alias = judge_alias(cast["office"], mine, "煤业二矿", same=True)
        assert meant(["煤业 二矿"]) == {"煤业二矿": {mine.pk}}
        judge_alias(cast["office"], mine, "煤业二矿", same=False)
        assert Alias.objects.count() == 1
        assert meant(["煤业二矿"]) == {}
        drop_alias(cast["office"], alias.pk)
        assert not Alias.objects.exists()
        assert ledger.verify() == []

    def test_the_office_alone_says_so(self, cast):
        with pytest.raises(NotAllowed):
            judge_alias(cast["auditor_a"], cast.organizations["unit_a"], "东机", same=True)
        with pytest.raises(Refusal, match="请填写单位的简称或曾用名"):
            judge_alias(cast["office"], cast.organizations["unit_a"], "（）", same=True)
