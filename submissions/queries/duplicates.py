"""Which earlier works resemble one: this season and all before it at the same host (domain.md O2). A hint, no verdict.

Costs a fixed number of queries, whose size depends on the length of the text and not on the number of works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Count, Exists, OuterRef, Q

from accounts.actor import Actor
from contests.models import Contest
from submissions.lifecycle import Status
from submissions.models import (
    Achievement,
    AchievementVersion,
    DuplicateMark,
    DuplicateVerdict,
    Fingerprint,
    StatusChange,
    SuspectPair,
)
from submissions.queries.conflicts import HANDED_IN, pairs_of
from submissions.querysets import PairQuerySet
from submissions.rules.duplicates import passages, pictures, similarity
from submissions.rules.duplicates.passages import Passage
from submissions.rules.duplicates.shortlist import POSTINGS, shortlist
from submissions.rules.duplicates.texts import plain

TEXT = ("title", "summary", "innovation", "benefit_basis", "social_benefit")

_Kind = DuplicateMark.Kind
CERTAIN = (_Kind.PATENT, _Kind.FILE, _Kind.PICTURE)
_MAY_BE_UNSENT = (Status.RETURNED, Status.WITHDRAWN, Status.DISQUALIFIED)
_BY_UNIT = Q(status__in=_MAY_BE_UNSENT)
"""Its unit may have edited such a work after its last version: it is returned, or was when it ended."""
_MARKED_AT_MOST = 20
_MARKS_AT_MOST = 2000
_TEXT, _PASSAGE = "text", "passage"
LABELS: dict[str, str] = {str(_Kind(kind)): str(_Kind(kind).label) for kind in _Kind} | {
    _TEXT: "文字相近",
    _PASSAGE: "有相同段落",
}


@dataclass(frozen=True)
class Hit:
    """`similarity`: 0…1 of the shorter text; `signals`: codes of LABELS; `passages` have their places in `text_of`."""

    other_id: int
    similarity: float
    signals: tuple[str, ...]
    passages: list[Passage]


def text_of(achievement: Achievement) -> str:
    return texts_of([achievement.pk])[achievement.pk]


def texts_of(keys: Iterable[int], until: int | None = None) -> dict[int, str]:
    return {pk: joined(parts) for pk, parts in parts_of(keys, until).items()}


def parts_of(keys: Iterable[int], until: int | None = None) -> dict[int, list[str]]:
    """The texts of TEXT as everybody but their units reads them: what was written on a returned work is not sent yet,

    whatever has become of it since.

    `until`: of this year's season and of earlier ones only, and none that was withdrawn: nobody claims it any more.
    """
    rows = Achievement.objects.filter(pk__in=set(keys))
    if until is not None:
        rows = rows.filter(contest__year__lte=until).exclude(status=Status.WITHDRAWN)
    reopened = Exists(StatusChange.objects.filter(achievement=OuterRef("pk"), verb="reopen"))
    found = {pk: (edited, parts) for pk, edited, *parts in rows.values_list("pk", _BY_UNIT | reopened, *TEXT)}
    unsent = [pk for pk, (edited, _) in found.items() if edited]
    sent = AchievementVersion.objects.filter(achievement__in=unsent).order_by("number") if unsent else []
    read = {version.achievement_id: [version.content[name] for name in TEXT] for version in sent}
    return {pk: parts for pk, (_, parts) in found.items()} | read


def joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def find(achievement: Achievement) -> list[Hit]:
    """What an auditor is shown beside the work: exact signals first, then the most alike."""
    text = text_of(achievement)
    marks = _marks_shared(achievement)
    listed = shortlist(
        plain(text), lambda grams: _counts(achievement, grams), lambda grams: _postings(achievement, grams)
    )
    texts = texts_of([*listed, *marks], until=achievement.contest.year)
    found = similarity.compare(text, texts)
    titled, led = (_with(marks, kind) for kind in (_Kind.TITLE, _Kind.LEADER))
    shown = {each.key for each in similarity.shown(found, titled, led)}
    certain = {key for kind in CERTAIN for key in _with(marks, kind)}
    hits = [_hit(each, text, texts, marks, each.key in shown) for each in found if each.key in shown | certain]
    return sorted(hits, key=lambda hit: (hit.other_id not in certain, -hit.similarity, hit.other_id))


def _hit(
    likeness: similarity.Likeness, text: str, texts: dict[int, str], marks: dict[int, set[str]], alike: bool
) -> Hit:
    signals = [kind for kind in _Kind.values if kind in marks.get(likeness.key, ())]
    if alike:
        signals += [_TEXT] if likeness.similarity >= similarity.ALIKE else []
        signals += [_PASSAGE] if likeness.passage >= similarity.COPIED else []
    common = passages.common(text, texts[likeness.key])
    return Hit(likeness.key, likeness.similarity, tuple(signals), common)


def _with(marks: dict[int, set[str]], kind: str) -> set[int]:
    return {key for key, kinds in marks.items() if kind in kinds}


def _counts(achievement: Achievement, grams: list[int]) -> dict[int, int]:
    return _listed(_index(achievement.contest.host_id).exclude(achievement=achievement.pk), grams)


def _postings(achievement: Achievement, grams: list[int]) -> Iterator[tuple[int, int]]:
    rows = _index(achievement.contest.host_id).exclude(achievement=achievement.pk)
    for some in chunks(grams):
        yield from rows.filter(gram__in=some).values_list("gram", "achievement_id")


def full_grams(host_id: int, grams: list[int]) -> set[int]:
    """Those that so many works have that the index lists no more of them."""
    return {gram for gram, works in _listed(_index(host_id), grams).items() if works >= POSTINGS}


def _listed(index: models.QuerySet[Fingerprint], grams: list[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for some in chunks(grams):
        rows = index.filter(gram__in=some).order_by().values("gram").annotate(works=Count("achievement_id"))
        counts |= {row["gram"]: row["works"] for row in rows}
    return counts


def _index(host_id: int) -> models.QuerySet[Fingerprint]:
    return Fingerprint.objects.filter(host=host_id)


def chunks(values: list[int]) -> Iterator[list[int]]:
    """As many values as one query takes."""
    size = (connection.features.max_query_params or 20_000) - 9  # some for the rest of the query
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _marks_shared(achievement: Achievement) -> dict[int, set[str]]:
    """Other works by what they have in common exactly; what very many have in common tells nothing."""
    own = list(DuplicateMark.objects.filter(achievement=achievement.pk))
    if not own:
        return {}
    others = DuplicateMark.objects.filter(host=achievement.contest.host_id, kind__in={mark.kind for mark in own})
    others = others.filter(value__in={mark.value for mark in own}).exclude(achievement=achievement.pk)
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for other in others.order_by("-achievement")[:_MARKS_AT_MOST]:
        for mark in own:
            if _same(mark, other):
                holders[mark.kind, mark.detail or mark.value].add(other.achievement_id)
    return _by_work(holders)


def _same(mark: DuplicateMark, other: DuplicateMark) -> bool:
    if (mark.kind, mark.value) != (other.kind, other.value):
        return False
    return mark.kind != _Kind.PICTURE or pictures.near(mark.detail, other.detail)


def _by_work(holders: dict[tuple[str, str], set[int]]) -> dict[int, set[str]]:
    marks: dict[int, set[str]] = defaultdict(set)
    for (kind, _), works in holders.items():
        if kind == _Kind.PATENT or len(works) <= similarity.COMMON:
            for work in sorted(works, reverse=True)[:_MARKED_AT_MOST]:
                marks[work].add(kind)
    return dict(marks)


# --- what may be seen of it -------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A pair beside one of its works, as a hat may see it.

    Of another branch's work an auditor learns title, year and, on the page of the pair, the common passages:
    `other_id` and `unit_name` are empty unless the hat sees that work anyway.
    """

    pair: SuspectPair
    title: str
    year: int
    other_id: int | None
    unit_name: str

    @property
    def labels(self) -> list[str]:
        return [LABELS[code] for code in self.pair.signals.split(",") if code in LABELS]


def seen_by(actor: Actor | None, achievement: Achievement) -> list[Seen]:
    """The pairs of a work for who audits it or sees the whole contest; nothing for anybody else."""
    if actor is None or not audits(actor):
        return []
    pairs = pairs_of([achievement.pk])[achievement.pk]
    ids = [pair.other_of(achievement.pk).pk for pair in pairs] + [achievement.pk]
    visible = set(Achievement.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    titles = titles_of(pairs)
    return [beside(pair, achievement.pk, visible, titles) for pair in pairs] if achievement.pk in visible else []


def pairs_in_view(actor: Actor, contest: Contest, *, judged: bool = False) -> PairQuerySet:
    """The season's pairs that still matter, the newest first: those that wait for a person, or the judged ones."""
    rows = SuspectPair.objects.visible_to(actor).filter(later__contest=contest, verdict__isnull=not judged)
    live = Q(earlier__status__in=HANDED_IN) | Q(later__status__in=HANDED_IN)
    if not judged:
        rows = rows.filter(live).exclude(earlier__status=Status.WITHDRAWN).exclude(later__status=Status.WITHDRAWN)
    return rows.order_by("-pk")


def titles_of(pairs: Iterable[SuspectPair]) -> dict[int, str]:
    """As everybody but the unit reads them: what is typed on a returned work is nobody else's yet."""
    works = {work.pk: work for pair in pairs for work in (pair.earlier, pair.later)}
    unsent = [pk for pk, work in works.items() if work.status in _MAY_BE_UNSENT]
    sent = parts_of(unsent) if unsent else {}
    return {pk: work.title for pk, work in works.items()} | {pk: parts[0] for pk, parts in sent.items()}


def beside(pair: SuspectPair, achievement_id: int, visible: set[int], titles: dict[int, str]) -> Seen:
    other = pair.other_of(achievement_id)
    unit, key = (other.unit.name, other.pk) if other.pk in visible else ("", None)
    return Seen(pair, titles[other.pk], other.contest.year, key, unit)


def may_see(actor: Actor | None, achievement: Achievement) -> bool:
    """Auditors, the office and the supervisor, of works that they see."""
    if actor is None or not audits(actor):
        return False
    return bool(Achievement.objects.visible_to(actor).filter(pk=achievement.pk).exists())


def audits(actor: Actor) -> bool:
    return actor.is_auditor or actor.is_office or actor.is_supervisor


def verdicts_on(pair: SuspectPair) -> models.QuerySet[DuplicateVerdict]:
    """All of a pair, the newest first."""
    both = (pair.earlier_id, pair.later_id)
    rows = DuplicateVerdict.objects.filter(achievement__in=both, other__in=both)
    return rows.select_related("judged_by", "membership__organization").order_by("-pk")
