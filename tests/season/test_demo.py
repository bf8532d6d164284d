"""The demo's two seasons, and proof 4: the replay of the finished one equals the portal's ranking byte for byte."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client, override_settings
from django.urls import resolve, reverse

from accounts.models import Role, User
from contests.models import Contest, Quota
from core import ledger
from core.models import Event
from scoring import queries
from scoring.models import Award, Result, Round, ScoreSheet
from submissions.models import Achievement, Recommendation, StampedForm
from submissions.queries import content_hash
from tests.cast import scene, stage
from tests.seeded import bring_demo
from tests.servers import ROOT
from wuxiao.settings import PASSWORD_HASHERS

SIGN_INS = {
    "office": Role.OFFICE, "office2": Role.OFFICE, "supervisor": Role.SUPERVISOR, "county": Role.AUDITOR,
    "group": Role.AUDITOR, "partner": Role.AUDITOR, "unit": Role.UNIT_OPERATOR, "direct": Role.UNIT_OPERATOR,
    "direct2": Role.AUDITOR, **{f"expert{n}": Role.EXPERT for n in range(1, 10)},
}  # fmt: skip


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any, files_root: Path, services: dict[str, str]) -> Iterator[None]:
    """What the command made in a portal of its own."""
    with stage(django_db_blocker, files_root), override_settings(WUXIAO_DEMO=True):
        bring_demo(services["DATABASE_URL"], files_root)
        yield


@pytest.fixture
def demo(db: None, private_files: None, seeded: None, files_root: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = files_root
    settings.WUXIAO_DEMO = True
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    with scene():
        yield


def seasons() -> tuple[Contest, Contest]:
    """Last year's and this year's."""
    last, this = Contest.objects.order_by("year")
    return last, this


def finished() -> Round:
    return Round.objects.get(contest=seasons()[0])


def replayed(season: Path) -> bytes:
    command = [sys.executable, "-m", "scoring.replay", str(season)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), "accounts.backends.PasswordBackend")
    return client


def test_the_replay_equals_the_ranking_byte_for_byte(demo: None, tmp_path: Path) -> None:
    round_, file = finished(), tmp_path / "season.json"
    call_command("export_season", contest=round_.contest_id, out=file)
    ranking = replayed(file)
    assert ranking == queries.ranking_download(round_).encode()
    assert ranking.count(b"\n") == 1 + round_.entries.count() > 50
    for person in ("office", "supervisor"):
        download = signed_in(person).get(reverse("scoring:ranking_csv", args=[round_.pk]))
        assert download.content == ranking
        assert download["Content-Type"] == "text/csv; charset=utf-8"


def test_the_season_file_is_the_same_by_command_and_by_download(demo: None, tmp_path: Path) -> None:
    round_, file = finished(), tmp_path / "season.json"
    call_command("export_season", round=round_.pk, out=file)
    download = signed_in("supervisor").get(reverse("scoring:season_json", args=[round_.pk]))
    assert download.content == file.read_bytes()


def test_a_hand_on_the_stored_result_would_show(demo: None, tmp_path: Path) -> None:
    """The proof can fail: one stored score changed behind the portal's back no longer equals its recomputation."""
    round_, file = finished(), tmp_path / "season.json"
    Result.objects.filter(entry__round=round_, position=5).update(score_text="99.99")
    call_command("export_season", round=round_.pk, out=file)
    assert replayed(file) != queries.ranking_download(round_).encode()


def test_the_season_file_names_nobody(demo: None, tmp_path: Path) -> None:
    file = tmp_path / "season.json"
    call_command("export_season", round=finished().pk, out=file)
    text = file.read_text(encoding="utf-8")
    for name in User.objects.values_list("display_name", flat=True):
        assert name not in text
    assert "expert" not in text.replace('"expert":', "")


def test_two_contests_of_sixty(demo: None) -> None:
    last, this = seasons()
    assert this.year == last.year + 1
    assert [last.achievements.count(), this.achievements.count()] == [60, 60]
    counties = last.enrolments.filter(recommender__recommender=None, organization__level="county")
    assert counties.count() == 6
    assert last.enrolments.filter(organization__level="partner").exists()
    assert last.enrolments.filter(organization__level="team").exists()


def test_this_year_shows_every_state_that_it_can_have(demo: None) -> None:
    """Not frozen, nor disqualified: nothing is in judgement yet."""
    _, this = seasons()
    states = {"draft", "registered", "submitted", "returned", "accepted", "declined", "withdrawn"}
    assert set(this.achievements.values_list("status", flat=True)) == states
    desks = this.achievements.filter(status="submitted").values("holder").annotate(n=Count("pk"))
    assert len(desks) > 5


def test_last_year_is_finished(demo: None) -> None:
    round_ = finished()
    assert round_.status == "awarded"
    assert set(ScoreSheet.objects.filter(round=round_).values_list("state", flat=True)) == {"handed_in"}
    per_work = ScoreSheet.objects.assigned().filter(round=round_).values("entry").annotate(n=Count("pk"))
    assert {row["n"] for row in per_work} == {5, 6}  # one more where the gap called another expert
    for entry in round_.entries.filter(common__isnull=False):
        assert entry.sheets.count() + entry.recusals.count() == round_.appointments.count()
    special = Award.objects.get(by_hand=True)
    assert special.tier.name == "特等奖"
    assert special.reason
    assert Award.objects.values("tier").distinct().count() >= 4
    assert round_.recusals.exists()


def test_the_office_and_the_seal_have_left_their_marks(demo: None) -> None:
    """An award with its proof, a number that the office let pass, a stamped form, numbers of two recommenders."""
    assert Quota.objects.filter(enrolment__contest=seasons()[1]).values("enrolment").distinct().count() == 2
    form = StampedForm.objects.get()
    work = form.achievement
    assert work.commendations.get().proof
    let_pass = work.overrides.get().detail
    assert work.patents.filter(number=let_pass).exists()
    page = signed_in("unit").get(reverse("documents:stamped", args=[form.number])).content.decode()
    assert "这一份与现在的内容一致" in page
    assert "盖章扫描件" in page
    assert signed_in("unit").get(reverse("submissions:edit", args=[work.pk])).status_code == 200


def test_each_sign_in_works_with_the_demo_password(demo: None, settings: Any) -> None:
    for username, role in SIGN_INS.items():
        user = User.objects.get(username=username)
        assert user.check_password(settings.DEMO_PASSWORD), username
        assert not user.must_change_password
        assert [hat.role for hat in user.memberships.all()] == [role], username
    client = Client()
    answer = client.post("/accounts/login/", {"username": "unit", "password": settings.DEMO_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


class _Links(HTMLParser):
    """What a page leads to or shows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        asked = {"a": "href", "img": "src", "iframe": "src"}.get(tag)
        self.found += [value for name, value in attrs if name == asked and value]


def dead_links(username: str, most: int = 2) -> tuple[int, list[str]]:
    """How many pages were opened from the home on, and those that did not answer; `most` addresses of each kind."""
    client, seen, dead = signed_in(username), {"/"}, []
    asked: Counter[str] = Counter()
    waiting = deque([("/", "/")])
    while waiting:
        address, where = waiting.popleft()
        answer = client.get(address, follow=True)
        if answer.status_code != HTTPStatus.OK:
            dead.append(f"{where} → {address}: {answer.status_code}")
        elif answer["Content-Type"].startswith("text/html"):
            page = answer.request["PATH_INFO"]
            for link in (urljoin(address, found) for found in _Links(answer.content.decode()).found):
                plain = link.partition("#")[0]
                if plain in seen or not plain.startswith("/") or plain.startswith("/static/"):
                    continue
                seen.add(plain)
                kind = resolve(plain.partition("?")[0]).view_name
                asked[kind] += 1
                if asked[kind] <= most:
                    waiting.append((plain, page))
        elif answer.streaming:
            assert sum(map(len, answer.streaming_content)), address
    return sum(min(n, most) for n in asked.values()), dead


@pytest.mark.parametrize(
    ("username", "least"),
    [
        ("office", 40),
        ("supervisor", 27),
        ("county", 20),
        ("partner", 14),
        ("unit", 17),
        ("direct2", 14),
        ("expert1", 6),
    ],
)
def test_no_link_is_dead(demo: None, username: str, least: int) -> None:
    opened, dead = dead_links(username)
    assert dead == []
    assert opened >= least


def test_a_second_seeding_changes_nothing(demo: None) -> None:
    before = (Event.objects.count(), Achievement.objects.count())
    call_command("seed_demo", verbosity=0)
    assert (Event.objects.count(), Achievement.objects.count()) == before


def test_outside_the_demo_there_is_no_seeding(demo: None, settings: Any) -> None:
    settings.WUXIAO_DEMO = False
    with pytest.raises(CommandError, match="WUXIAO_DEMO=1"):
        call_command("seed_demo")


def test_it_was_all_done_by_the_rules(demo: None) -> None:
    """What the actions would have left behind is there: ledger, versions, lists in order, a number once accepted."""
    assert ledger.verify() == []
    entered = Achievement.objects.exclude(status__in=["draft", "registered", "withdrawn"])
    for work in entered.prefetch_related("versions", "history"):
        version = list(work.versions.all())[-1]
        assert version.content_hash == content_hash(version.content)
        assert list(work.history.all())[-1].to_status == work.status
    assert not Achievement.objects.filter(status__in=["accepted", "frozen"], number="").exists()
    lists: dict[int, list[int]] = {}
    for row in Recommendation.objects.order_by("enrolment", "order"):
        lists.setdefault(row.enrolment_id, []).append(row.order)
    assert all(orders == list(range(1, len(orders) + 1)) for orders in lists.values())


def test_titles_and_texts_are_not_twice_in_the_demo(demo: None) -> None:
    titles = list(Achievement.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles)) == 120
