"""Prepared queries: the rows that the plain queryset gives, at every call anew, from a statement that was made once."""

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from inspect import Parameter, signature
from itertools import product

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Value
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.models import Level, Membership, Nature, Organization, Role, User
from core.prepared import Prepared, as_prefetched

pytestmark = pytest.mark.sqlite

HOUSE = ("accounts", "contests", "core", "documents", "portal", "scoring", "submissions")


def hats(user: int):
    return Membership.objects.usable().filter(user=user).select_related("organization").order_by("pk")


@pytest.fixture
def people(db) -> list[User]:
    """Two hats, one hat, none."""
    users = [User.objects.create(username=f"p{n}", display_name=f"人{n}") for n in range(3)]
    places = [
        Organization.objects.create(name=f"单位{n}", level=Level.HOST, nature=Nature.ENTERPRISE) for n in range(2)
    ]
    for user, place in ((users[0], places[0]), (users[0], places[1]), (users[1], places[1])):
        Membership.objects.create(user=user, organization=place, role=Role.UNIT_OPERATOR)
    return users


def test_each_call_gives_the_rows_of_its_own_keys(people) -> None:
    asked = Prepared(hats)
    for _ in range(2):
        for user in people:
            assert asked(user=user.pk) == list(hats(user.pk))
    assert [len(asked(user=user.pk)) for user in people] == [2, 1, 0]


def test_a_call_is_one_statement_and_brings_what_the_queryset_brings_along(people) -> None:
    asked = Prepared(hats)
    asked(user=people[1].pk)
    with CaptureQueriesContext(connection) as seen:
        names = [hat.organization.name for hat in asked(user=people[0].pk)]
    assert (names, len(seen)) == (["单位0", "单位1"], 1)
    assert str(people[0].pk) in seen[0]["sql"]


def test_what_changed_in_between_is_seen(people) -> None:
    asked = Prepared(hats)
    assert len(asked(user=people[0].pk)) == 2
    Membership.objects.filter(organization__name="单位1").update(is_active=False)
    assert [hat.organization.name for hat in asked(user=people[0].pk)] == ["单位0"]


def test_rows_of_one_call_do_not_change_those_of_another(people) -> None:
    asked = Prepared(hats)
    first = asked(user=people[0].pk)
    first[0].organization.name = "改了"
    first.clear()
    assert [hat.organization.name for hat in asked(user=people[0].pk)] == ["单位0", "单位1"]


def test_keys_may_be_texts(people) -> None:
    asked = Prepared(lambda name: User.objects.filter(username=name))
    assert [asked(name=f"p{n}") for n in range(3)] == [[user] for user in people]
    assert asked(name="p1' OR '1'='1") == []


def test_one_key_may_stand_in_several_places(people) -> None:
    def beside(user: int):
        mine = Membership.objects.filter(user=user).values("organization")
        return Membership.objects.filter(organization__in=mine).exclude(user=user)

    asked = Prepared(beside)
    for user in people:
        assert asked(user=user.pk) == list(beside(user.pk))
    assert len(asked(user=people[1].pk)) == 1


def test_values_annotations_and_unions_are_those_of_the_queryset(people) -> None:
    def counted(user: int):
        active = Membership.objects.filter(user=OuterRef("pk"), is_active=True)
        rows = User.objects.filter(pk=user).annotate(n=Count("memberships"), any=Exists(active))
        return rows.values_list("username", "n", "any")

    def named(user: int):
        hats_of = Membership.objects.filter(user=user).order_by()
        rows = [hats_of.values_list(Value(kind), "organization__name") for kind in ("a", "b")]
        return rows[0].union(rows[1], all=True)

    for user in people:
        assert Prepared(counted)(user=user.pk) == list(counted(user.pk))
        assert sorted(Prepared(named)(user=user.pk)) == sorted(named(user.pk))


def test_what_decides_the_shape_makes_a_statement_of_its_own(people) -> None:
    def build(user: int, *, active: bool):
        return Membership.objects.filter(user=user, is_active=True) if active else Membership.objects.filter(user=user)

    asked = Prepared(build)
    Membership.objects.filter(organization__name="单位1").update(is_active=False)
    counts = [len(asked(user=people[0].pk, active=active)) for active in (True, False, True)]
    assert counts == [1, 2, 1]


@pytest.mark.django_db
def test_a_key_that_is_no_value_of_the_statement_is_refused() -> None:
    def build(user: int, wanted: int):
        return Membership.objects.filter(user=user) if wanted else Membership.objects.none()

    with pytest.raises(TypeError, match="each of its keys"):
        Prepared(build)(user=1, wanted=1)


@pytest.mark.django_db
def test_a_call_names_all_keys_and_no_others() -> None:
    for wrong in ({}, {"user": 1, "pk": 2}):
        with pytest.raises((KeyError, TypeError)):
            Prepared(hats)(**wrong)


locking = Prepared(lambda pk: User.objects.filter(pk=pk).select_for_update())


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_only() -> None:
    user = User.objects.create(username="locked", display_name="某人")
    for _ in range(2):  # the second time the statement is ready
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            assert locking(pk=user.pk) == [user]
        assert ("FOR UPDATE" in seen[0]["sql"]) == (connection.vendor == "postgresql")
        with pytest.raises(TransactionManagementError):
            locking(pk=user.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    users = [User.objects.create(username=f"t{n}", display_name=f"人{n}") for n in range(8)]
    asked, found = Prepared(lambda pk: User.objects.filter(pk=pk)), {}

    def ask(user: User) -> None:
        try:
            found[user.pk] = [asked(pk=user.pk) for _ in range(20)]
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == {user.pk: [[user]] * 20 for user in users}


def test_held_rows_are_read_no_second_time(people) -> None:
    rows = [Membership(role=Role.AUDITOR)]
    as_prefetched(people[2], "memberships", rows)
    with CaptureQueriesContext(connection) as seen:
        assert list(people[2].memberships.all()) == rows
    assert not seen
    assert list(people[2].memberships.filter(role=Role.AUDITOR)) == []  # asked otherwise, the database answers


# --- those of the house ---------------------------------------------------------------------------------


def of_the_house() -> Iterator[tuple[str, Prepared]]:
    for app in HOUSE:
        package = importlib.import_module(apps.get_app_config(app).name)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" in module.name or ".management" in module.name:
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Prepared):
                    yield f"{module.name}.{name}", value


@pytest.mark.django_db
def test_every_prepared_query_of_the_house_asks_what_its_queryset_asks() -> None:
    seen = dict(of_the_house())
    assert len(seen) > 12
    for asked in seen.values():
        parameters = signature(asked.build).parameters.values()
        keys = {one.name: 7 for one in parameters if one.kind is not Parameter.KEYWORD_ONLY}
        shapes = [one.name for one in parameters if one.kind is Parameter.KEYWORD_ONLY]
        for values in product((True, False), repeat=len(shapes)):
            shape = dict(zip(shapes, values, strict=True))
            with CaptureQueriesContext(connection) as prepared:
                asked(**keys, **shape)
            with CaptureQueriesContext(connection) as plain:
                list(asked.build(**keys, **shape))
            assert [query["sql"] for query in prepared] == [query["sql"] for query in plain]
