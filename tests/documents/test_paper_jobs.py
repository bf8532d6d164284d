"""Papers made by a real Celery worker: text and cells, once, whatever dies on the way."""

import io
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery, Task
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from core import files, jobs, ledger
from core.models import Event, Job, PrivateFile
from documents import actions, making
from documents.catalog import PAPERS
from documents.models import Paper
from documents.tasks import make_paper
from submissions.actions import drafting
from tests.cast import Cast, accepted, assemble, at_host, picture, registered
from tests.core.workshop import LONG_AGO, current, until
from tests.documents.reading import pdf_pages, squeeze

PATIENCE_SECONDS = 60
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, private_files: None) -> Cast:
    return assemble()


class Counted(Task):
    """The portal's own tasks, counted while they run; each leaves no open connection behind."""

    abstract = True
    counting, under_way = threading.Lock(), 0

    def __call__(self, *args: object) -> None:
        self.count(1)
        try:
            self.run(*args)
        finally:
            connection.close()
            self.count(-1)

    @classmethod
    def count(cls, more: int) -> None:
        with cls.counting:
            Counted.under_way += more


@contextmanager
def at_work(worker: Celery) -> Iterator[None]:
    """What is asked for in here is made; leaves when nothing is left to do."""
    with current(worker):
        yield
        until(lambda: not Job.objects.live().exists() and not Counted.under_way, PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def worker() -> Iterator[Celery]:
    """On the run's own broker: Redis beside PostgreSQL, the one in the process beside SQLite."""
    app = Celery("papers", broker=settings.CELERY_BROKER_URL, task_cls=Counted, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_default_queue=f"papers-{os.getpid()}",  # another test process has another database
        worker_hijack_root_logger=False,
    )
    app.finalize()
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        yield app
    app.close()


@pytest.fixture(autouse=True)
def nobody_works() -> Iterator[None]:
    """Outside `at_work` a message lies in a queue that no worker reads."""
    app = Celery("nobody", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.task_default_queue = f"nobody-{os.getpid()}"
    with current(app):
        yield
    app.close()


def browser(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who), backend="accounts.backends.PasswordBackend")
    return client


def ask(cast: Cast, code: str, file_format: str, who: str = "office", scope: str = "host") -> Paper:
    return actions.request_paper(cast[who], code, file_format, cast.enrolments[scope])


def made(paper: Paper) -> bytes:
    paper.refresh_from_db()
    assert paper.job
    assert (paper.job.state, paper.job.error) == ("done", "")
    assert paper.job.result
    return paper.job.result.path.read_bytes()


# --- what is made --------------------------------------------------------------------------------------


def test_the_recommendation_table_holds_labels_and_values(worker: Celery, cast: Cast, tmp_path: Path) -> None:
    titles = [accepted(cast).title, accepted(cast, "unit_b", "auditor_b").title]
    with at_work(worker):
        paper = ask(cast, "recommendation_table", "pdf")
    text = "".join(pdf_pages(made(paper), tmp_path))
    missing = [
        word for word in [*PAPERS[paper.code].labels, *titles, "东山机械厂工会", "煤炭"] if squeeze(word) not in text
    ]
    assert missing == []
    assert paper.job
    assert paper.job.result_name.startswith("附件2“五小”竞赛优秀成果推荐表（晋城市总工会）-")
    assert paper.job.result_name.endswith(".pdf")


def test_batches_are_joined_in_order_and_counted(
    worker: Celery, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 2)
    works = [at_host(cast) for _ in range(5)]
    with at_work(worker):
        paper = ask(cast, "achievement_brief", "pdf", "auditor_a", "county_a")
    pages = pdf_pages(made(paper), tmp_path)
    assert [work.title in page for work, page in zip(works, pages, strict=True)] == [True] * 5
    assert paper.job
    assert (paper.job.done, paper.job.total) == (5, 5)
    assert paper.job.result
    assert paper.job.result.media_type == "application/pdf"


def test_the_workbook_has_one_sheet_a_work_with_its_cells(worker: Celery, cast: Cast) -> None:
    works = [registered(cast), registered(cast)]
    with at_work(worker):
        paper = ask(cast, "leader_profile", "xlsx", "unit_a", "unit_a")
    book = load_workbook(io.BytesIO(made(paper)))
    assert len(book.worksheets) == 2
    for sheet, work in zip(book.worksheets, works, strict=True):
        cells = {squeeze(str(value)) for row in sheet.iter_rows(values_only=True) for value in row if value}
        assert {"姓名", "联系电话", "欧阳技", "13900000001", "中共党员", squeeze(work.title)} <= cells


def test_the_ledger_knows_the_file_and_who_asked(worker: Celery, cast: Cast) -> None:
    accepted(cast)
    with at_work(worker):
        paper = ask(cast, "recommendation_table", "xlsx")
    content = made(paper)
    event = Event.objects.get(verb="make_paper")
    payload = json.loads(event.payload)
    assert (event.chain, event.subject) == (cast.contest.chain, f"paper:{paper.pk}")
    assert (event.actor_id, event.membership_id) == (cast["office"].user_id, cast["office"].membership_id)
    assert payload["sha256"] == PrivateFile(sha256=payload["sha256"]).path.name
    assert PrivateFile.objects.get(sha256=payload["sha256"]).size == len(content)
    assert (payload["paper"], payload["works"]) == ("recommendation_table", 1)
    assert ledger.verify() == []


# --- once ------------------------------------------------------------------------------------------------


def test_a_double_click_makes_one_paper(worker: Celery, cast: Cast) -> None:
    accepted(cast)
    client = browser("office")
    scope = cast.enrolments["host"].pk
    form = {"contest": cast.contest.pk, "code": "recommendation_table", "scope": scope, "file_format": "pdf"}
    first, second = (client.post(reverse("documents:make"), form) for _ in range(2))
    assert first.url == second.url
    Job.objects.update(sent_at=timezone.now() - LONG_AGO)
    with at_work(worker):
        assert jobs.sweep() == 1
    assert (Paper.objects.count(), Job.objects.count()) == (1, 1)
    assert Event.objects.filter(verb="make_paper").count() == 1


def test_another_content_or_organisation_is_another_paper(cast: Cast) -> None:
    accepted(cast)
    mine = ask(cast, "recommendation_table", "pdf", "auditor_a", "county_a")
    offices = ask(cast, "recommendation_table", "pdf", "office", "county_a")
    at_host(cast)
    later = ask(cast, "recommendation_table", "pdf", "auditor_a", "county_a")
    assert len({mine.pk, offices.pk, later.pk}) == 3
    assert ask(cast, "recommendation_table", "pdf", "auditor_a", "county_a") == later


def test_two_colleagues_at_once_get_the_same_paper(cast: Cast) -> None:
    accepted(cast)
    ready, found = threading.Barrier(2), []

    def push(who: str) -> None:
        ready.wait()
        found.append(ask(cast, "recommendation_table", "pdf", who).pk)
        connection.close()

    threads = [threading.Thread(target=push, args=[who]) for who in ("office", "office2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert set(found) == set(Paper.objects.values_list("pk", flat=True))
    assert Paper.objects.count() == 1


def test_a_killed_worker_is_swept_and_the_paper_made_once(worker: Celery, cast: Cast) -> None:
    accepted(cast)
    paper = ask(cast, "recommendation_table", "pdf")
    assert jobs.claim(paper.job_id)
    Job.objects.update(heartbeat_at=timezone.now() - LONG_AGO)
    with at_work(worker):
        assert jobs.sweep() == 1
    made(paper)
    assert paper.job
    assert paper.job.attempts == 2
    make_paper(paper.job_id)  # the broker remembers the old message too
    assert PrivateFile.objects.filter(media_type="application/pdf").count() == 1
    assert Event.objects.filter(verb="make_paper").count() == 1


def test_a_worker_that_was_given_up_leaves_nothing_in_the_ledger(cast: Cast) -> None:
    accepted(cast)
    paper = ask(cast, "recommendation_table", "xlsx")
    old = jobs.claim(paper.job_id)
    assert old
    Job.objects.update(heartbeat_at=timezone.now() - LONG_AGO)
    assert jobs.claim(paper.job_id)
    with pytest.raises(jobs.TakenOver):
        making.make(old)
    assert not Event.objects.filter(verb="make_paper").exists()
    assert Job.objects.get().state == "running"


# --- what goes wrong --------------------------------------------------------------------------------------


def test_a_failing_paper_says_so_and_can_be_made_again(worker: Celery, cast: Cast) -> None:
    """The photo's file is lost on disk; when it is back, the same button makes the paper."""
    work = registered(cast)
    photo = files.store_bytes(picture(), "相片.png", "image/png")
    drafting.set_photo(cast["unit_a"], work.pk, photo, 99)
    away = photo.path.with_suffix(".away")
    photo.path.rename(away)
    with at_work(worker):
        paper = ask(cast, "leader_profile", "pdf", "unit_a", "unit_a")
    client = browser("unit_a")
    page = client.get(reverse("documents:paper", args=[paper.pk])).content.decode()
    assert "请稍后重新发起" in page
    assert "重新生成" in page
    away.rename(photo.path)
    with at_work(worker):
        answer = client.post(reverse("documents:again", args=[paper.pk]))
    page = client.get(answer.url).content.decode()
    assert "文件已生成" in page
    assert "重新生成" not in page
    assert Paper.objects.count() == 2
