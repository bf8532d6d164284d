"""Two windows on one sheet: whoever saves second sees both, and nothing she typed is lost."""

import pytest
from django.urls import reverse

from scoring.models import ScoreSheet
from tests.cast import Cast
from tests.scoring import judging
from tests.scoring.judging import client_of, marks, own, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return judging.season(1, k=4)[0]


@pytest.fixture
def sheet(cast) -> ScoreSheet:
    return own(cast, "expert1")[0]


def saved_elsewhere(cast: Cast, sheet: ScoreSheet) -> None:
    data = posted(marks(sheet), 0, comment="第一个窗口的评语")
    assert client_of(cast, "expert1").post(f"{page(sheet)}save/", data).status_code == 200


def page(sheet: ScoreSheet) -> str:
    return reverse("scoring:sheet", args=[sheet.pk])


def test_the_script_is_told_what_differs(cast, sheet):
    saved_elsewhere(cast, sheet)
    mine = posted(marks(sheet, step=2), 0, comment="第二个窗口的评语")
    answer = client_of(cast, "expert1").post(f"{page(sheet)}save/", mine)
    assert answer.status_code == 409
    assert answer.json()["revision"] == 1
    clashes = {label: (ours, theirs) for label, ours, theirs in answer.json()["clashes"]}
    assert clashes["创新思路"] == ("有原创价值，18 分", "有原创价值，20 分")
    assert clashes["评语"] == ("第二个窗口的评语", "第一个窗口的评语")
    assert set(clashes) == {"创新思路", "科技含量", "创造效益", "发挥作用", "评语"}


def test_only_what_differs_is_named(cast, sheet):
    saved_elsewhere(cast, sheet)
    given = marks(sheet) | {"innovation": marks(sheet, step=1)["innovation"]}
    answer = client_of(cast, "expert1").post(f"{page(sheet)}save/", posted(given, 0, comment="第一个窗口的评语"))
    assert [label for label, _, _ in answer.json()["clashes"]] == ["创新思路"]


def test_the_same_again_is_no_conflict(cast, sheet):
    saved_elsewhere(cast, sheet)
    saved_elsewhere(cast, sheet)
    assert ScoreSheet.objects.get(pk=sheet.pk).revision == 1


def test_without_a_script_both_are_shown_and_the_second_press_goes_through(cast, sheet):
    saved_elsewhere(cast, sheet)
    client = client_of(cast, "expert1")
    mine = posted(marks(sheet, step=2), 0, comment="第二个窗口的评语", then="stay")
    answer = client.post(page(sheet), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("第一个窗口的评语", "第二个窗口的评语", "有原创价值，18 分", "有原创价值，20 分", "保留本页的"):
        assert shown in text
    assert 'name="revision" value="1"' in text
    assert 'id="p-innovation-original-18" checked' in text
    again = client.post(page(sheet), mine | {"revision": 1}, follow=True)
    assert "已保存。" in again.content.decode()
    stored = ScoreSheet.objects.get(pk=sheet.pk)
    assert (stored.comment, stored.revision, stored.total) == ("第二个窗口的评语", 2, 92)


def test_or_she_takes_what_is_stored(cast, sheet):
    saved_elsewhere(cast, sheet)
    client = client_of(cast, "expert1")
    text = client.post(page(sheet), posted(marks(sheet, step=2), 0)).content.decode()
    assert f'href="{page(sheet)}">改用已保存的' in text
    assert "第一个窗口的评语" in client.get(page(sheet)).content.decode()


def test_what_is_left_on_a_shared_device_bears_its_owner(cast, sheet):
    text = client_of(cast, "expert1").get(page(sheet)).content.decode()
    assert f'data-owner="{cast["expert1"].user.pk}"' in text
