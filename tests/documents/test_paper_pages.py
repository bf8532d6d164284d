"""The pages of papers: who sees what, what is offered, what is refused, and how far it is."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core import jobs
from core.errors import NotAllowed, Refusal
from core.models import Job
from documents import actions, making
from documents.models import Paper
from tests.cast import Cast, accepted, at_host, draft, registered, submitted

READERS = {"office", "auditor_a", "auditor_b", "unit_a", "unit_b", "supervisor"}


def browser(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who), backend="accounts.backends.PasswordBackend")
    return client


def ask(cast: Cast, who: str, scope: str, code: str = "achievement_brief", file_format: str = "xlsx") -> Paper:
    return actions.request_paper(cast[who], code, file_format, cast.enrolments[scope])


def finished(paper: Paper) -> Paper:
    jobs.run(paper.job_id, making.make)
    paper.refresh_from_db()
    assert paper.job
    assert paper.job.state == "done"
    return paper


def form(cast: Cast, scope: str, **changes: Any) -> dict[str, Any]:
    values = {"contest": cast.contest.pk, "code": "achievement_brief", "scope": cast.enrolments[scope].pk}
    return values | {"file_format": "pdf"} | changes


# --- who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["paper", "download"])
def test_another_countys_paper_is_not_there(cast: Cast, page: str) -> None:
    at_host(cast)
    paper = finished(ask(cast, "auditor_a", "county_a"))
    url = reverse(f"documents:{page}", args=[paper.pk])
    codes = {who: browser(who).get(url).status_code for who in sorted(READERS)}
    assert codes == {
        "office": 200,
        "supervisor": 200,
        "auditor_a": 200,
        "auditor_b": 404,
        "unit_a": 404,
        "unit_b": 404,
    }
    assert browser("expert1").get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_another_countys_work_has_no_preview(cast: Cast) -> None:
    work, rough = submitted(cast), draft(cast)
    codes = {
        who: [
            browser(who).get(reverse("documents:preview", args=["achievement_brief", pk])).status_code
            for pk in (work.pk, rough.pk)
        ]
        for who in sorted(READERS)
    }
    assert codes == {
        "office": [200, 404],
        "supervisor": [200, 404],
        "auditor_a": [200, 404],
        "auditor_b": [404, 404],
        "unit_a": [200, 200],
        "unit_b": [404, 404],
    }


@pytest.mark.parametrize("code", ["recommendation_table", "achievement_application", "winner_unit_form", "nothing"])
def test_there_is_a_preview_only_of_the_contests_forms_of_one_work(cast: Cast, code: str) -> None:
    url = reverse("documents:preview", args=[code, submitted(cast).pk])
    assert browser("unit_a").get(url).status_code == 404


@pytest.mark.parametrize(
    ("who", "scope", "code"),
    [
        ("auditor_a", "county_b", "achievement_brief"),
        ("auditor_a", "host", "achievement_brief"),
        ("unit_a", "county_a", "achievement_brief"),
        ("unit_a", "unit_a", "recommendation_table"),
        ("supervisor", "host", "achievement_brief"),
    ],
)
def test_nobody_asks_for_what_is_not_hers(cast: Cast, who: str, scope: str, code: str) -> None:
    accepted(cast)
    with pytest.raises(NotAllowed):
        ask(cast, who, scope, code)
    answer = browser(who).post(reverse("documents:make"), form(cast, scope, code=code))
    assert answer.status_code in (400, 403)
    assert not Paper.objects.exists()


def test_phone_numbers_do_not_go_to_the_supervisor(cast: Cast) -> None:
    registered(cast)
    paper = finished(ask(cast, "unit_a", "unit_a", "leader_profile"))
    client = browser("supervisor")
    url = reverse("documents:download", args=[paper.pk])
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("documents:paper", args=[paper.pk])).content.decode()
    page = client.get(reverse("documents:papers")).content.decode()
    assert paper.title in page
    assert url not in page
    assert url in browser("office").get(reverse("documents:papers")).content.decode()


# --- asking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("office", {"recommendation_table", "achievement_brief", "leader_profile", "winner_unit_form"}),
        ("auditor_a", {"recommendation_table", "achievement_brief", "leader_profile", "winner_unit_form"}),
        ("unit_a", {"achievement_brief", "leader_profile", "winner_unit_form"}),
        ("supervisor", set()),
    ],
)
def test_the_form_offers_what_can_be_made(cast: Cast, who: str, offered: set[str]) -> None:
    page = browser(who).get(reverse("documents:papers")).content.decode()
    codes = {"recommendation_table", "achievement_brief", "leader_profile", "winner_unit_form", "statistics_one"}
    assert {code for code in codes if f'value="{code}"' in page} == offered


def test_asking_leads_to_the_progress_and_the_file(cast: Cast) -> None:
    at_host(cast)
    client = browser("auditor_a")
    answer = client.post(reverse("documents:make"), form(cast, "county_a", file_format="xlsx"))
    paper = Paper.objects.get()
    assert answer.url == reverse("documents:paper", args=[paper.pk])
    waiting = client.get(answer.url).content.decode()
    assert "等待中" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert client.get(reverse("documents:download", args=[paper.pk])).status_code == 404
    finished(paper)
    piece = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "hx-trigger" not in piece
    assert paper.job.result.sha256 in piece
    download = client.get(reverse("documents:download", args=[paper.pk]))
    assert b"".join(download.streaming_content)[:4] == b"PK\x03\x04"
    assert "attachment" in download["Content-Disposition"]


def test_the_running_paper_shows_its_counts_and_the_list_its_share(cast: Cast) -> None:
    at_host(cast)
    paper = ask(cast, "auditor_a", "county_a")
    job = jobs.claim(paper.job_id)
    assert job
    jobs.progress(job, 35, 140)
    client = browser("auditor_a")
    page = client.get(reverse("documents:paper", args=[paper.pk])).content.decode()
    assert "35 / 140" in page
    assert "进行中" in page
    assert "25%" in client.get(reverse("documents:papers")).content.decode()


def test_one_work_alone_can_be_printed_even_a_draft_by_its_unit(cast: Cast) -> None:
    registered(cast)
    rough = draft(cast, title="只印这一项")
    client = browser("unit_a")
    answer = client.post(reverse("documents:make"), form(cast, "unit_a", achievement=rough.pk))
    paper = Paper.objects.get()
    assert (answer.status_code, paper.achievement_ids) == (302, [rough.pk])
    assert paper.title == "“五小”竞赛优秀成果简介（只印这一项）"
    other = draft(cast, "unit_b")
    refused = client.post(reverse("documents:make"), form(cast, "unit_a", achievement=other.pk))
    assert refused.status_code == 400
    assert "请选择成果" in refused.content.decode()


def test_the_office_comes_from_one_work_to_its_form(cast: Cast) -> None:
    work = accepted(cast)
    url = f"{reverse('documents:papers')}?achievement={work.pk}&code=leader_profile"
    page = browser("office").get(url).content.decode()
    assert f"只要这一项：{work.title}" in page
    with pytest.raises(Refusal, match="不能只选一项"):
        actions.request_paper(cast["office"], "recommendation_table", "pdf", cast.enrolments["host"], work)


def test_a_reload_after_a_refusal_is_the_list(cast: Cast) -> None:
    answer = browser("office").get(reverse("documents:make"), {"page": 2})
    assert (answer.status_code, answer.url) == (302, f"{reverse('documents:papers')}?page=2")


@pytest.mark.parametrize(
    ("who", "scope", "sentence"),
    [
        ("office", "host", "所选范围内还没有成果"),
        ("auditor_a", "county_a", "请先在“审核”中推荐"),
        ("unit_a", "unit_a", "还没有登记入库的成果"),
    ],
)
def test_an_empty_list_is_refused_with_the_next_step(cast: Cast, who: str, scope: str, sentence: str) -> None:
    answer = browser(who).post(reverse("documents:make"), form(cast, scope, code="leader_profile"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert re.search(r'value="leader_profile"[^>]* checked', page)
    assert not Job.objects.exists()


def test_a_workbook_of_too_many_sheets_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_SHEETS", 1)
    at_host(cast), at_host(cast)
    with pytest.raises(Refusal, match="请选择 PDF") as refused:
        ask(cast, "auditor_a", "county_a")
    assert refused.value.field == "file_format"
    assert ask(cast, "auditor_a", "county_a", file_format="pdf")
    assert ask(cast, "auditor_a", "county_a", "recommendation_table")


# --- the preview -----------------------------------------------------------------------------------------


def test_the_preview_is_a_fragment_for_htmx_and_a_page_else(cast: Cast) -> None:
    work = registered(cast)
    url = reverse("documents:preview", args=["leader_profile", work.pk])
    client = browser("unit_a")
    piece = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "css/paper-preview.css" in piece
    assert all(word in piece for word in ("曾获最高", "欧阳技", work.title))
    assert "style=" not in piece
    assert "<html" in client.get(url).content.decode()


# --- cost ------------------------------------------------------------------------------------------------


QUERIES = 10


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # the session is written once
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_with_one_row_and_with_three(cast: Cast) -> None:
    at_host(cast)
    client = browser("auditor_a")
    url = reverse("documents:papers")
    finished(ask(cast, "auditor_a", "county_a"))
    one = queries_of(client, url)
    finished(ask(cast, "auditor_a", "county_a"))
    ask(cast, "auditor_a", "county_a", "leader_profile")
    assert client.get(url).content.decode().count('<th scope="row">') == 3
    assert (one, queries_of(client, url)) == (QUERIES, QUERIES)
