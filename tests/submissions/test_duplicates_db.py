"""Repeated works in the database: what is found, by which sign, across seasons, and what an auditor may see of it."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from contests.actions.enrol import enrol
from contests.models import Contest
from core import files, ledger
from core.errors import NotAllowed, Refusal
from core.models import Event
from submissions.actions import drafting, entering, indexing, moves
from submissions.actions.judging_pairs import judge_pair
from submissions.models import Achievement, DuplicateMark, DuplicateVerdict, Fingerprint, Leader, SuspectPair
from submissions.queries import duplicates
from submissions.rules.duplicates.memory import Work
from tests.cast import Cast, assemble, draft, registered, submitted
from tests.rules.submissions.planted import assembled, changed, measure, once, plant, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast() -> Cast:
    return assemble()


WORKS = once(Random("database"))


def registered_as(cast: Cast, work: Work, who: str = "unit_a", leader: str = "", **changes: Any) -> Achievement:
    """In the pool with this text alone: no attachment, and a leader of its own."""
    actor = cast[who]
    made = drafting.start_draft(actor, cast.enrolments[who])
    fields = {"title": work.title, "summary": work.text, "leader.name": leader} | changes
    drafting.save_fields(actor, made.pk, fields, 0)
    return moves.register(actor, made.pk)


def copy_of(work: Work, percent: int = 30) -> Work:
    rng = Random("copy")
    return Work("另起的名称", changed(work.text, percent, rng, words(WORKS[-1].text, rng)))


def found(work: Achievement) -> dict[int, tuple[str, ...]]:
    return {hit.other_id: hit.signals for hit in duplicates.find(work)}


def test_a_changed_copy_from_another_county_is_found(cast):
    works = [registered_as(cast, work) for work in WORKS[:12]]
    copy = registered_as(cast, copy_of(WORKS[3]), "unit_b")
    [hit] = duplicates.find(copy)
    assert hit.other_id == works[3].pk
    assert "text" in hit.signals
    assert 0.3 < hit.similarity < 0.7
    text, other = duplicates.text_of(copy), duplicates.text_of(works[3])
    assert len(hit.passages) >= 3
    assert all(text[p.start : p.end] == other[p.other_start : p.other_end] for p in hit.passages[:1])


def test_works_of_one_trade_are_not_taken_for_each_other(cast):
    works = [registered_as(cast, work) for work in WORKS[:25]]
    assert [found(work) for work in works] == [{}] * 25


def test_a_copied_section_is_found(cast):
    old = registered_as(cast, WORKS[0])
    mixed = Work("新项目", WORKS[1].text + WORKS[0].text[100:230])
    assert "passage" in found(registered_as(cast, mixed))[old.pk]


def test_the_index_follows_the_text(cast):
    old = registered_as(cast, WORKS[0])
    copy = registered_as(cast, copy_of(WORKS[0]))
    assert set(found(copy)) == {old.pk}
    drafting.save_fields(cast["unit_a"], old.pk, {"summary": WORKS[5].text, "title": WORKS[5].title}, old.revision)
    indexing.reindex(old)
    assert found(copy) == {}
    again = registered_as(cast, copy_of(WORKS[5]))
    assert set(found(again)) == {old.pk, copy.pk}  # the copies bear one title


def rows() -> tuple[list[Any], list[Any]]:
    marks = DuplicateMark.objects.order_by("pk").values_list("pk", "achievement", "kind", "value", "detail")
    grams = Fingerprint.objects.order_by("achievement", "gram").values_list("achievement", "gram")
    return list(marks), list(grams)


def test_indexing_again_changes_nothing(cast):
    work, other = submitted(cast), registered_as(cast, WORKS[0])
    before = rows()
    assert before[0]
    assert len(before[1]) > 64
    indexing.reindex(work)
    assert indexing.reindex_many([work.pk, other.pk]) == 2
    assert rows() == before


def test_many_are_indexed_as_each_one_would_be(cast):
    works = [registered_as(cast, work) for work in WORKS[:6]]
    _, before = rows()
    Fingerprint.objects.all().delete()
    DuplicateMark.objects.all().delete()
    indexing.reindex_many(work.pk for work in works)
    assert rows()[1] == before


def test_a_draft_is_nobodys_duplicate(cast):
    drafted = draft(cast, summary=WORKS[0].text)
    assert not Fingerprint.objects.filter(achievement=drafted.pk).exists()
    assert found(registered_as(cast, WORKS[0], "unit_b")) == {}


def test_a_thrown_away_work_leaves_the_index(cast):
    work = registered_as(cast, WORKS[0])
    work.history.all().delete()
    work.delete()
    assert rows() == ([], [])


def test_an_ngram_of_very_many_works_is_listed_no_more(cast, monkeypatch):
    monkeypatch.setattr(duplicates, "POSTINGS", 3)
    works = [registered_as(cast, WORKS[0]) for _ in range(5)]
    listed = [Fingerprint.objects.filter(achievement=work.pk).count() for work in works]
    assert listed[0] == listed[2] > 60
    assert listed[3:] == [0, 0]


# --- exact signs --------------------------------------------------------------------------------------


def test_the_same_title_and_a_related_text(cast):
    rng = Random("title")
    old = registered_as(cast, WORKS[0])
    related = changed(WORKS[0].text, 55, rng, words(WORKS[1].text, rng))
    assert "title" in found(registered_as(cast, Work(f"{WORKS[0].title}！", related)))[old.pk]


def test_the_same_title_is_a_sign_until_many_bear_it(cast):
    """With text that has nothing in common: up to similarity.RARE other works, after that it names a trade."""
    old = registered_as(cast, WORKS[0])
    title = f"{WORKS[0].title[:3]} {WORKS[0].title[3:]}！"
    others = [registered_as(cast, Work(title, WORKS[number].text)) for number in (2, 4, 6)]
    assert found(others[0]) == {work.pk: ("title",) for work in (old, *others[1:])}
    fourth = registered_as(cast, Work(title, WORKS[8].text))
    assert found(fourth) == {}


def test_the_same_title_in_a_pool_that_knows_little_more(cast):
    old = registered_as(cast, Work("皮带机自动纠偏装置", ""))
    new = registered_as(cast, Work("皮带机 自动纠偏装置", WORKS[0].text), "unit_b")
    assert found(new) == {old.pk: ("title",)}


def test_the_same_leader_and_a_related_text(cast):
    rng = Random("leader")
    old = registered_as(cast, WORKS[0], leader="欧阳技")
    related = changed(WORKS[0].text, 55, rng, words(WORKS[1].text, rng))
    assert "leader" in found(registered_as(cast, Work("别的", related), leader="欧阳 技"))[old.pk]
    assert found(registered_as(cast, WORKS[2], leader="欧阳技")) == {}


def test_the_same_patent(cast):
    patent = {
        "kind": "utility_model",
        "number": "ZL201720601862.3",
        "status": "applied",
        "granted_on": None,
        "owner": "",
    }
    works = []
    for text in WORKS[:2]:
        work = registered_as(cast, text)
        drafting.set_patents(cast["unit_a"], work.pk, [patent], 9)
        indexing.reindex(work)
        works.append(work)
    assert found(works[1]) == {works[0].pk: ("patent",)}


def attached(cast: Cast, work: Achievement, data: bytes, kind: str = "photo") -> Achievement:
    file = files.store_bytes(data, "现场.jpg", "image/jpeg")
    drafting.attach(cast["unit_a"], work.pk, kind, file, "现场.jpg")
    indexing.reindex(work)
    return work


def photograph(quality: int = 90, size: tuple[int, int] = (400, 300)) -> bytes:
    out = BytesIO()
    rng = Random("photograph")
    image = Image.frombytes("RGB", (8, 6), rng.randbytes(8 * 6 * 3)).resize((400, 300), Image.Resampling.BICUBIC)
    image.resize(size).save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_the_same_file_and_the_same_picture(cast):
    one, two, three = (registered_as(cast, work) for work in WORKS[:3])
    attached(cast, one, photograph())
    attached(cast, two, photograph())
    attached(cast, three, photograph(40, (200, 150)))
    assert found(two) == {one.pk: ("file", "picture"), three.pk: ("picture",)}


def test_a_paper_that_everybody_attaches_is_no_sign(cast):
    works = [attached(cast, registered_as(cast, WORKS[0]), photograph()) for _ in range(2)]
    many = [attached(cast, registered_as(cast, work), photograph()) for work in WORKS[1:12]]
    assert found(many[0]) == {}
    assert "file" not in found(works[0])[works[1].pk]


def test_a_file_that_is_gone_does_not_hold_up_the_work(cast):
    work = draft(cast)
    work.attachments.get().file.path.unlink()
    moves.register(cast["unit_a"], work.pk)
    assert not DuplicateMark.objects.filter(kind="picture").exists()


# --- seasons ------------------------------------------------------------------------------------------


def next_season(cast: Cast) -> Contest:
    """The same host a year later, with the same units."""
    contest = Contest.objects.get(pk=cast.contest.pk)
    contest.pk, contest.year = None, contest.year + 1
    contest.save()
    for key in ("host", "county_a", "unit_a"):
        above = {"county_a": "host", "unit_a": "county_a"}.get(key)
        organization = cast.enrolments[key].organization
        recommender = contest.enrolments.get(organization=cast.enrolments[above].organization) if above else None
        enrol(None, contest, organization, recommender)
    return contest


def test_earlier_seasons_are_searched_and_later_ones_are_not(cast):
    old = registered_as(cast, WORKS[0])
    later = next_season(cast)
    cast.enrolments["unit_a"] = later.enrolments.get(organization=cast.enrolments["unit_a"].organization)
    new = registered_as(cast, copy_of(WORKS[0]))
    assert new.contest_id == later.pk
    assert set(found(new)) == {old.pk}
    assert found(old) == {}


# --- what may be seen ---------------------------------------------------------------------------------


def pair(cast: Cast) -> tuple[Achievement, Achievement]:
    """An old work of western county, and its copy that lies with the auditor of the eastern one."""
    old = registered_as(cast, WORKS[0], "unit_b")
    copy = copy_of(WORKS[0], 10)
    moves.submit(cast["unit_b"], submittable(cast, "unit_b", old).pk)
    return old, submitted(cast, title=copy.title, summary=copy.text)


def submittable(cast: Cast, who: str, work: Achievement) -> Achievement:
    whole = draft(cast, who, title=work.title, summary=work.summary)
    Achievement.objects.filter(pk=work.pk).update(status="withdrawn", holder=None)
    return moves.register(cast[who], whole.pk)


def first_pair(work: Achievement) -> SuspectPair:
    return SuspectPair.objects.filter(later=work).order_by("pk").first()


def test_of_another_branch_an_auditor_sees_title_and_year_only(cast):
    _, copy = pair(cast)
    seen = duplicates.seen_by(cast["auditor_a"], copy)
    assert seen
    for each in seen:
        assert (each.other_id, each.unit_name, each.year) == (None, "", cast.contest.year)
    assert "文字相近" in seen[0].labels


def test_the_office_may_open_the_other_work(cast):
    _, copy = pair(cast)
    seen = duplicates.seen_by(cast["office"], copy)
    assert {each.unit_name for each in seen} == {"西河化工厂工会"}
    assert all(each.other_id for each in seen)


@pytest.mark.parametrize("who", ["unit_a", "unit_b", "auditor_b", "expert1"])
def test_nobody_else_learns_anything(cast, who):
    _, copy = pair(cast)
    assert duplicates.seen_by(cast[who], copy) == []
    assert duplicates.seen_by(None, copy) == []
    with pytest.raises(NotAllowed, match="只有审核该成果的单位"):
        judge_pair(cast[who], first_pair(copy).pk, copy.pk, "same", "相同")


def test_a_verdict_is_kept_with_its_reason_and_stands_in_the_ledger(cast):
    _, copy = pair(cast)
    suspect = first_pair(copy)
    judge_pair(cast["auditor_a"], suspect.pk, copy.pk, "continued", " 第二代，新增自动纠偏。 ")
    row = judge_pair(cast["office"], suspect.pk, copy.pk, "same", "说明与旧作一致。")
    assert DuplicateVerdict.objects.count() == 2
    [seen] = [each for each in duplicates.seen_by(cast["auditor_a"], copy) if each.pair == suspect]
    assert seen.pair.verdict == row
    event = Event.objects.filter(verb="judge_pair").order_by("seq").first()
    assert event.subject == f"achievement:{copy.pk}"
    assert ledger.digest("第二代，新增自动纠偏。") in event.payload
    assert ledger.verify(cast.contest.chain) == []


@pytest.mark.parametrize(
    ("verdict", "reason", "sentence"),
    [
        ("maybe", "理由", "请选择"),
        ("same", "  ", "请写明认定的理由"),
        ("same", "长" * 1001, "理由不超过 1000 字，现有 1001 字"),
    ],
)
def test_a_verdict_without_its_parts_is_refused(cast, verdict, reason, sentence):
    _, copy = pair(cast)
    with pytest.raises(Refusal, match=sentence):
        judge_pair(cast["auditor_a"], first_pair(copy).pk, copy.pk, verdict, reason)
    assert not DuplicateVerdict.objects.exists()


def test_the_database_refuses_a_work_beside_itself(cast):
    work = registered(cast)
    actor = cast["auditor_a"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateVerdict.objects.create(
            achievement=work, other=work, verdict="same", reason="x", judged_by=actor.user, membership=actor.membership
        )


# --- size ---------------------------------------------------------------------------------------------


def filled(cast: Cast, works: list[Work]) -> list[Achievement]:
    """Works in bulk, as an import leaves them."""
    unit = cast.enrolments["unit_b"]
    shared = {"contest": cast.contest, "unit": unit, "holder": unit, "status": "registered"}
    user, now = cast["unit_b"].user, timezone.now()
    made = Achievement.objects.bulk_create(
        (Achievement(**shared, title=w.title, summary=w.text, created_by=user, created_at=now) for w in works),
        batch_size=50,
    )
    Leader.objects.bulk_create((Leader(achievement=work) for work in made), batch_size=50)
    indexing.reindex_many(work.pk for work in made)
    return made


def test_the_table_finds_as_much_as_the_engine_in_memory(cast, at_full_length):
    """The planted set again, through the index in the database: recall ≥ 0.95 at ≤ 2 false pairs per 100 entries."""
    rng = Random("planted/table")
    planted = plant(once(rng), 30, rng)
    places = {work.pk: place for place, work in enumerate(filled(cast, planted.old))}

    def like(work: Work) -> set[int]:
        (row,) = filled(cast, [work])
        shown = {places[pk] for pk in found(row)}
        row.delete()
        return shown

    done = measure(planted, 200 if at_full_length else 6, rng, like)
    assert min(done.recall.values()) >= 0.95
    assert done.false_pairs <= 2


def asked(work: Achievement) -> int:
    with CaptureQueriesContext(connection) as queries:
        duplicates.find(work)
    return len(queries)


def test_one_check_asks_the_same_of_a_large_pool_as_of_a_small_one(cast, at_full_length):
    works = assembled(Random("pool"), 100_000 if at_full_length else 600)
    old = registered_as(cast, WORKS[0])
    copy = registered_as(cast, copy_of(WORKS[0]))
    filled(cast, works[:100])
    few = asked(copy)
    filled(cast, works[100:])
    assert asked(copy) == few
    assert set(found(copy)) == {old.pk}


def test_nobody_waits_for_a_draft_s_search(cast):
    """Handed in from the draft in one press: all of the search comes before the first event, which holds the chain."""
    work = draft(cast)
    with CaptureQueriesContext(connection) as asked:
        entering.hand_in(cast["unit_a"], work.pk)
    statements = [query["sql"] for query in asked]
    first_event = next(n for n, sql in enumerate(statements) if sql.startswith('INSERT INTO "core_event"'))
    searched = [n for n, sql in enumerate(statements) if "submissions_fingerprint" in sql]
    assert searched
    assert max(searched) < first_event
