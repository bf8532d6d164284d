"""Which earlier works resemble one: this season and all before it at the same host (domain.md O2). A hint, no verdict.

Costs four queries, whose size depends on the length of the text and not on the number of works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, models
from django.db.models import Count

from accounts.actor import Actor
from submissions.models import Achievement, DuplicateMark, DuplicateVerdict, Fingerprint
from submissions.rules.duplicates import passages, pictures, similarity
from submissions.rules.duplicates.passages import Passage
from submissions.rules.duplicates.shortlist import POSTINGS, shortlist
from submissions.rules.duplicates.texts import plain

TEXT = ("title", "summary", "innovation", "benefit_basis", "social_benefit")

_Kind = DuplicateMark.Kind
_CERTAIN = (_Kind.PATENT, _Kind.FILE, _Kind.PICTURE)
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
    return _joined(getattr(achievement, name) for name in TEXT)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def find(achievement: Achievement) -> list[Hit]:
    """What an auditor is shown beside the work: exact signals first, then the most alike."""
    text = text_of(achievement)
    marks = _marks_shared(achievement)
    listed = shortlist(
        plain(text), lambda grams: _counts(achievement, grams), lambda grams: _postings(achievement, grams)
    )
    texts = _texts(achievement, [*listed, *marks])
    found = similarity.compare(text, texts)
    titled, led = (_with(marks, kind) for kind in (_Kind.TITLE, _Kind.LEADER))
    shown = {each.key for each in similarity.shown(found, titled, led)}
    certain = {key for kind in _CERTAIN for key in _with(marks, kind)}
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


def _texts(achievement: Achievement, keys: list[int]) -> dict[int, str]:
    """Of this season and of earlier ones only."""
    rows = Achievement.objects.filter(pk__in=set(keys), contest__year__lte=achievement.contest.year)
    return {pk: _joined(parts) for pk, *parts in rows.values_list("pk", *TEXT)}


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
    """A hit as a hat may see it. Of another branch's work an auditor learns title, year and the common passages.

    `open_id` and `unit_name` are empty unless the hat sees the other work anyway; `common` holds pairs of the own
    passage and the other's, as written.
    """

    title: str
    year: int
    similarity: float
    signals: tuple[str, ...]
    common: list[tuple[str, str]]
    hit_id: int
    open_id: int | None = None
    unit_name: str = ""
    verdict: DuplicateVerdict | None = field(default=None, compare=False)

    @property
    def labels(self) -> list[str]:
        return [LABELS[code] for code in self.signals]


def seen_by(actor: Actor | None, achievement: Achievement) -> list[Seen]:
    """The hits of a work for who audits it or sees the whole contest; nothing for anybody else."""
    if not may_see(actor, achievement):
        return []
    hits = find(achievement)
    ids = [hit.other_id for hit in hits]
    others = Achievement.objects.select_related("contest", "unit").in_bulk(ids)
    visible = set(Achievement.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    verdicts = _verdicts(achievement, ids)
    return [
        _seen(hit, achievement, others[hit.other_id], hit.other_id in visible, verdicts.get(hit.other_id))
        for hit in hits
    ]


def may_see(actor: Actor | None, achievement: Achievement) -> bool:
    """Auditors, the office and the supervisor, of works that they see."""
    if actor is None or not (actor.is_auditor or actor.is_office or actor.is_supervisor):
        return False
    return bool(Achievement.objects.visible_to(actor).filter(pk=achievement.pk).exists())


def _seen(
    hit: Hit, achievement: Achievement, other: Achievement, visible: bool, verdict: DuplicateVerdict | None
) -> Seen:
    own, theirs = text_of(achievement), text_of(other)
    common = [(own[p.start : p.end], theirs[p.other_start : p.other_end]) for p in hit.passages]
    open_id, unit_name = (other.pk, other.unit.name) if visible else (None, "")
    return Seen(
        other.title,
        other.contest.year,
        hit.similarity,
        hit.signals,
        common,
        hit.other_id,
        open_id,
        unit_name,
        verdict,
    )


def _verdicts(achievement: Achievement, ids: list[int]) -> dict[int, DuplicateVerdict]:
    """The newest of each pair."""
    rows = DuplicateVerdict.objects.filter(achievement=achievement, other__in=ids).order_by("pk")
    return {row.other_id: row for row in rows}
