"""Reads: which works a paper holds, and their content as the mappings that the declarations print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.actor import Actor
from contests.models import Contest, Enrolment, PaperKind
from contests.queries import enrolment_of
from core import pictures
from core.models import PrivateFile
from core.spec import Picture
from core.templatetags.wording import masked_phone
from documents.catalog import PAPERS
from documents.catalog.declarations import pledge
from documents.catalog.formats import patent_lines, period, sealed
from documents.models import Paper
from documents.policies import LISTS, UNIT_FORMS
from submissions.lifecycle import ENDED, Status
from submissions.models import Achievement, AchievementVersion, Recommendation, UnitNomination
from submissions.policies import sees_phone, works_for_unit
from submissions.queries import content as live_content
from submissions.queries import latest_version, nominations
from submissions.queries.sending import places_sent
from submissions.rules.fields import code_label
from submissions.rules.nominations import Step

PHOTO_SIDE = 700  # pixels: 53 mm at 300 dpi and some more
_ACCEPTED = (Status.ACCEPTED, Status.FROZEN)
_AT_UNIT_OR_ENDED = (Status.DRAFT, *sorted(ENDED))

# --- what one work prints ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """One work as a paper sees it: `content` by `submissions.queries.content`, `names` the catalogues' words by code,

    `recommended_on` the day that stands beside the recommender's seal.
    """

    content: dict[str, Any]
    names: dict[tuple[str, str], str]
    recommended_on: date | None = None
    photo: Picture | None = None

    def name(self, key: str) -> str:
        return self.names.get((key, self.content.get(key, "")), "")

    def leader(self, key: str) -> str:
        """A field of the leader; codes in words."""
        return code_label(key, self.content.get("leader", {}).get(key, ""))

    @property
    def patents(self) -> str:
        """Granted ones only, since the form asks for the 授权公告日 (002 附件2, 附件3)."""
        granted = [row for row in self.content.get("patents", []) if row["status"] == "granted"]
        return patent_lines((row["number"], _day(row["granted_on"])) for row in granted)

    @property
    def period(self) -> str:
        return period(_day(self.content.get("implemented_from")), _day(self.content.get("implemented_to")))


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def table_row(work: Work, number: int) -> dict[str, Any]:
    """One row of 附件2; `number` is the rank of the recommendation."""
    return {
        "number": number,
        "industry": work.name("industry"),
        "category": work.name("category"),
        "title": work.content["title"],
        "leader": work.leader("name"),
        "sex": work.leader("gender"),
        "patents": work.patents,
        "unit": work.content["unit_name"],
    }


def brief(work: Work) -> dict[str, Any]:
    """附件3."""
    return {
        "dated_on": work.recommended_on,
        "title": work.content["title"],
        "unit": work.content["unit_name"],
        "leader": work.leader("name"),
        "period": work.period,
        "patents": work.patents,
        "summary": work.content["summary"],
        "filled_by": work.content["filled_by"],
        "responsible_person": work.content["responsible_person"],
    }


def profile(work: Work) -> dict[str, Any]:
    """附件4."""
    return {
        "name": work.leader("name"),
        "sex": work.leader("gender"),
        "birth_month": work.leader("birth_month"),
        "photo": work.photo,
        "title": work.content["title"],
        "unit": work.leader("employer"),
        "industry": work.name("industry"),
        "joined_work_in": work.leader("work_started"),
        "political_status": work.leader("political_status"),
        "professional_title": work.leader("professional_title"),
        "skill_level": work.leader("skill_level"),
        "education_level": work.leader("education_level"),
        "phone": work.leader("phone"),
        "highest_honour": work.leader("top_honour"),
        "biography": work.leader("bio"),
        "deeds": work.leader("deeds"),
    }


def application(work: Work) -> dict[str, Any]:
    """新乡县 2015; the two opinions are written by hand."""
    amount, content = work.content["benefit_wan"], work.content
    return {
        "title": content["title"],
        "unit": content["unit_name"],
        "kind": work.name("kind"),
        "leader": work.leader("name"),
        "phone": work.leader("phone"),
        "period": work.period,
        "benefit_wan": Decimal(amount) if amount else None,
        "summary": "\n".join(filter(None, [content["summary"], content["innovation"]])),
        "benefit": "\n".join(filter(None, [content["benefit_basis"], content["social_benefit"]])),
    }


ONE_A_WORK: dict[str, Callable[[Work], dict[str, Any]]] = {
    "achievement_brief": brief,
    "leader_profile": profile,
    "achievement_application": application,
    "truth_pledge": lambda work: pledge(work.content, work.leader("name"), work.name("kind")),
}


def nomination_form(row: UnitNomination) -> dict[str, Any]:
    """附件5; an opinion prints with its date, for the seal."""
    opinions = {opinion.step: opinion for opinion in row.opinions.all() if opinion.voided_at is None}
    data: dict[str, Any] = {
        key: getattr(row, key) for key in ("unit_name", "legal_representative", "nature_text", "phone", "brief")
    }
    data |= {"head_count": row.head_count, "rate": f"{row.rate}%" if row.rate is not None else ""}
    data |= {"filled_by": row.filled_by, "responsible_person": row.responsible_person}
    for step in Step:
        opinion = opinions.get(step)
        data[f"{step}_opinion"] = opinion.text if opinion else ""
        data[f"{step}_opinion_tail"] = sealed(opinion.dated_on if opinion else None)
    return data


# --- the works themselves ------------------------------------------------------------------------------


def names_of(contest: Contest) -> dict[tuple[str, str], str]:
    catalogues: dict[str, Any] = {
        "kind": contest.kind_set,
        "category": contest.category_set,
        "industry": contest.industry_set,
    }
    return {(key, row.code): row.name for key, rows in catalogues.items() for row in rows.all()}


def works(ids: Sequence[int], names: dict[tuple[str, str], str], *, photos: bool = False) -> list[Work]:
    """In the order of `ids`, each from its latest version, or as it stands while it was never submitted."""
    contents = _contents(ids)
    days = _recommended_on(ids)
    found = _photos([_photo_hash(content) for content in contents.values()]) if photos else {}
    return [Work(contents[pk], names, days.get(pk), found.get(_photo_hash(contents[pk]))) for pk in ids]


def _recommended_on(ids: Sequence[int]) -> dict[int, date]:
    """The last recommendation's: the one that brought the work furthest up."""
    rows = Recommendation.objects.filter(achievement__in=ids).order_by("recommended_at")
    return {pk: timezone.localtime(at).date() for pk, at in rows.values_list("achievement", "recommended_at")}


def _contents(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    versions = AchievementVersion.objects.filter(achievement__in=ids).order_by("number")
    contents: dict[int, dict[str, Any]] = dict(versions.values_list("achievement", "content"))
    drafts = Achievement.objects.with_row_data().filter(pk__in=[pk for pk in ids if pk not in contents])
    return contents | {row.pk: live_content(row) for row in drafts.select_related("leader__photo")}


def _photo_hash(content: dict[str, Any]) -> str:
    return str(content.get("leader", {}).get("photo", ""))


def _photos(hashes: Sequence[str]) -> dict[str, Picture]:
    rows = PrivateFile.objects.filter(sha256__in=[sha256 for sha256 in hashes if sha256], max_side__isnull=True)
    return {row.sha256: _picture(row) for row in rows}


def _picture(row: PrivateFile) -> Picture:
    """As large as print needs: fifty photos from telephones would not fit into a worker's memory."""
    with row.open() as file:
        return Picture(pictures.redrawn(file, row.original_name, PHOTO_SIDE), row.media_type)


def preview_work(actor: Actor, achievement: Achievement) -> Work:
    """As its unit types it, while it may; to everybody else as it was last submitted. Phone masked where it must be."""
    typing = achievement.is_editable and works_for_unit(actor, achievement)
    version = None if typing else latest_version(achievement)
    content = version.content if version else live_content(achievement)
    if not sees_phone(actor, achievement):
        content["leader"]["phone"] = masked_phone(content["leader"].get("phone", ""))
    photo = _photos([_photo_hash(content)]).get(_photo_hash(content))
    days = _recommended_on([achievement.pk])
    return Work(content, names_of(achievement.contest), days.get(achievement.pk), photo)


# --- what may be asked for -----------------------------------------------------------------------------


def kinds(actor: Actor, contest: Contest) -> list[PaperKind]:
    """The contest's papers that are declared and filled here; units make no lists."""
    declared = [row for row in contest.paperkind_set.all() if row.code in PAPERS]
    known = [row for row in declared if row.code in LISTS | UNIT_FORMS or row.code in ONE_A_WORK]
    return [row for row in known if row.code not in LISTS or not actor.is_unit_operator]


def scopes(actor: Actor, contest: Contest) -> list[Enrolment]:
    """Whose list a paper may hold: the office's are the whole contest (the host) and each recommender's."""
    if not actor.is_office:
        own = enrolment_of(actor, contest)
        return [own] if own else []
    rows = Enrolment.objects.visible_to(actor).filter(contest=contest, audits=True).order_by("pk")
    return [row for row in rows.select_related("recommender") if row.is_host or row.recommender.is_host]


def subjects(actor: Actor, scope: Enrolment, code: str) -> list[int]:
    """The ids that a paper is about: works, or nominations for a form of units."""
    return nominated(actor, scope) if code in UNIT_FORMS else listed(actor, scope)


def nominated(actor: Actor, scope: Enrolment) -> list[int]:
    """The nominations of a unit, or of everybody below a recommender, that nobody has declined."""
    rows = UnitNomination.objects.visible_to(actor).filter(enrolment__path__startswith=scope.path)
    rows = rows.filter(contest=scope.contest_id).exclude(status="declined")
    return list(rows.order_by("enrolment__path").values_list("pk", flat=True))


def listed(actor: Actor, scope: Enrolment) -> list[int]:
    """The works of a scope in their order: a unit's own, a recommender's list, or all that the host accepted."""
    if actor.is_unit_operator:
        own = Achievement.objects.visible_to(actor).filter(contest=scope.contest_id)
        return list(own.exclude(status__in=_AT_UNIT_OR_ENDED).order_by("pk").values_list("pk", flat=True))
    if scope.is_host:
        return _accepted(scope)
    rows = scope.recommendations.exclude(achievement__status__in=_AT_UNIT_OR_ENDED)
    return list(rows.values_list("achievement", flat=True))


def _accepted(host: Enrolment) -> list[int]:
    """Grouped by the recommender next to the host, each group in that recommender's own order, as sent if it was."""
    rows = Achievement.objects.filter(contest=host.contest_id, status__in=_ACCEPTED)
    ranks = dict(
        Recommendation.objects.filter(enrolment__recommender=host, achievement__in=rows).values_list(
            "achievement", "order"
        )
    )
    ranks |= places_sent(host.contest)
    roads = rows.order_by("pk").values_list("pk", "unit__path")
    places = {pk: (int(path.split(".")[1]), pk not in ranks, ranks.get(pk, 0), pk) for pk, path in roads}
    return sorted(places, key=lambda pk: places[pk])


def editions(ids: Sequence[int], code: str = "") -> list[tuple[int, int, int | None]]:
    """(id, revision, latest version) in the order asked: when one of them changes, it is another paper."""
    if code in UNIT_FORMS:
        return [(row.pk, row.revision, None) for row in nominations.with_all(list(ids))]
    rows = Achievement.objects.filter(pk__in=ids).annotate(latest=Max("versions__number")).order_by()
    found = {pk: (pk, revision, latest) for pk, revision, latest in rows.values_list("pk", "revision", "latest")}
    return [found[pk] for pk in ids]


def made(actor: Actor, contest: Contest) -> Any:
    """The papers of a contest that the hat may see, newest first, with all that a row shows."""
    rows = Paper.objects.visible_to(actor).filter(contest=contest)
    return rows.select_related("job__result", "membership__user", "membership__organization")
