"""Writing an achievement while it lies at its unit. Drafts and autosaves are not ledger events (model.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.actor import Actor
from accounts.models import Studio
from accounts.pinyin import sort_key
from contests.models import Contest, Enrolment
from core.errors import Conflict, NotAllowed, Refusal
from core.models import PrivateFile
from submissions import policies
from submissions.actions import indexing
from submissions.lifecycle import Status
from submissions.models import Achievement, Attachment, Commendation, Leader, Member, Patent
from submissions.rules.codes import ATTACHMENT_KINDS, MAX_COMMENDATIONS, MAX_PATENTS
from submissions.rules.fields import FIELDS, label


class StaleFields(Conflict):
    """Somebody else wrote the same fields since the page was loaded; `keys` names them, nothing was written."""

    def __init__(self, keys: list[str]) -> None:
        names = "、".join(f"“{label(key)}”" for key in keys)
        super().__init__(f"{names}刚刚被他人修改过，您的内容还没有保存；请对照两份文字后再保存。", code="stale")
        self.keys = keys


def locked(achievement_id: int) -> Achievement:
    """The row under lock, with what policies read. Call inside a transaction.

    Read once the lock is held: a join in the locking query would lose the desk that the first of two has just changed.
    """
    Achievement.objects.select_for_update(no_key=True).get(pk=achievement_id)
    return Achievement.objects.select_related("contest", "unit__recommender", "holder").get(pk=achievement_id)


def open_for_edit(actor: Actor, achievement_id: int) -> Achievement:
    achievement = locked(achievement_id)
    denied = policies.may_edit(actor, achievement)
    if denied:
        raise NotAllowed(denied)
    return achievement


@transaction.atomic
def start_draft(actor: Actor, unit: Enrolment, fields: Mapping[str, Any] | None = None) -> Achievement:
    """A new draft of a unit or of its team, with its one leader row."""
    achievement = Achievement(contest=unit.contest, unit=unit, holder=unit, created_by=actor.user)
    if not policies.works_for_unit(actor, achievement):
        raise NotAllowed("只有申报单位的填报员可以新建成果。")
    achievement.filled_by = actor.user.display_name
    achievement.save()
    Leader.objects.create(achievement=achievement, employer=unit.name)
    return save_fields(actor, achievement.pk, fields, 0) if fields else achievement


@transaction.atomic
def blank_draft(actor: Actor, unit: Enrolment) -> Achievement:
    """The draft that she has begun and not yet touched, or a new one: pressing twice makes one."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=unit.pk)
    untouched = unit.achievements.filter(status="draft", revision=0, created_by=actor.user, holder=unit)
    return untouched.first() or start_draft(actor, unit)


@transaction.atomic
def save_fields(actor: Actor, achievement_id: int, changes: Mapping[str, Any], revision: int) -> Achievement:
    """Write cleaned values by the keys of FIELDS. `revision` is the one the page was loaded with; else StaleFields."""
    achievement = open_for_edit(actor, achievement_id)
    stale = [key for key in changes if achievement.field_revisions.get(key, 0) > revision]
    if stale:
        raise StaleFields(stale)
    leader = achievement.leader
    for key, value in changes.items():
        _assign(achievement, leader, key, value)
    _refuse_backwards(achievement)
    leader.save()
    return _touch(achievement, changes)


def _assign(achievement: Achievement, leader: Leader, key: str, value: Any) -> None:
    if key not in FIELDS:
        raise Refusal(f"没有“{key}”这一项。")
    owner: Any = leader if key.startswith("leader.") else achievement
    setattr(owner, key.removeprefix("leader."), value)
    if key == "title":
        achievement.pinyin = sort_key(value)


def _refuse_backwards(achievement: Achievement) -> None:
    first, last = achievement.implemented_from, achievement.implemented_to
    if first and last and first > last:
        raise Refusal("项目实施时间的结束不能早于开始，请核对两个日期。", "implemented_to")


def _touch(achievement: Achievement, keys: Any) -> Achievement:
    achievement.revision += 1
    achievement.field_revisions |= dict.fromkeys(keys, achievement.revision)
    achievement.save()
    if achievement.status == Status.REGISTERED and not indexing.READ.isdisjoint(keys):
        indexing.reindex(achievement)  # what lies in the pool is read by others as it stands
    return achievement


@transaction.atomic
def set_members(actor: Actor, achievement_id: int, members: list[tuple[str, str]], revision: int) -> Achievement:
    """Replace the ordered (name, organisation) list. The leader counts towards the maximum (domain.md F4)."""
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "members", revision)
    most = achievement.contest.settings.max_members
    if 1 + len(members) > most:
        raise Refusal(f"带头人与成员合计不超过 {most} 人，请减少成员。", "members")
    achievement.members.all().delete()
    Member.objects.bulk_create(
        Member(achievement=achievement, order=i, name=name, organization_text=org)
        for i, (name, org) in enumerate(members)
    )
    return _touch(achievement, ["members"])


@transaction.atomic
def set_patents(actor: Actor, achievement_id: int, patents: list[dict[str, Any]], revision: int) -> Achievement:
    """Replace the patents: dicts of kind, canonical number, status, granted_on, owner (checked by the form)."""
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "patents", revision)
    if len(patents) > MAX_PATENTS:
        raise Refusal(f"专利不超过 {MAX_PATENTS} 项。", "patents")
    if len({p["number"] for p in patents}) < len(patents):
        raise Refusal("同一专利号填写了两次，请删去一个。", "patents")
    achievement.patents.all().delete()
    Patent.objects.bulk_create(Patent(achievement=achievement, order=i, **p) for i, p in enumerate(patents))
    return _touch(achievement, ["patents"])


@transaction.atomic
def set_commendations(actor: Actor, achievement_id: int, awards: list[dict[str, Any]], revision: int) -> Achievement:
    """Replace the awards that the unit typed: dicts of the model's fields; `proof` is the id of an own attachment."""
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "commendations", revision)
    if len(awards) > MAX_COMMENDATIONS:
        raise Refusal(f"基层表彰不超过 {MAX_COMMENDATIONS} 项。", "commendations")
    own = set(achievement.attachments.values_list("pk", flat=True))
    achievement.commendations.filter(given_by__isnull=True).delete()
    Commendation.objects.bulk_create(
        Commendation(
            achievement=achievement,
            order=i,
            **(award | {"proof_id": award["proof_id"] if award["proof_id"] in own else None}),
        )
        for i, award in enumerate(awards)
    )
    return _touch(achievement, ["commendations"])


@transaction.atomic
def order_attachments(actor: Actor, achievement_id: int, ids: list[int], revision: int) -> Achievement:
    """Bring the attachments into the order of `ids`; those that are not named follow as they stood."""
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "attachments", revision)
    rows = {row.pk: row for row in achievement.attachments.all()}
    wanted = [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]
    rest = [row for row in rows.values() if row not in wanted]
    for place, row in enumerate([*wanted, *rest]):
        row.order = place
    Attachment.objects.bulk_update([*wanted, *rest], ["order"])
    return _touch(achievement, ["attachments"])


def _refuse_stale(achievement: Achievement, key: str, revision: int) -> None:
    if achievement.field_revisions.get(key, 0) > revision:
        raise StaleFields([key])


@transaction.atomic
def attach(
    actor: Actor, achievement_id: int, kind: str, file: PrivateFile, name: str, begun_at: datetime | None = None
) -> Attachment:
    """Add one stored file. The same content under the same kind again is the same attachment."""
    achievement = open_for_edit(actor, achievement_id)
    if kind not in ATTACHMENT_KINDS:
        raise Refusal("请选择材料类型。", "kind")
    same = achievement.attachments.filter(kind=kind, file__sha256=file.sha256).first()
    if same:
        return same
    _refuse_too_many(achievement)
    order = (achievement.attachments.aggregate(last=Max("order"))["last"] or 0) + 1
    row = Attachment.objects.create(
        achievement=achievement,
        kind=kind,
        file=file,
        name=name,
        order=order,
        uploaded_by=actor.user,
        begun_at=begun_at,
    )
    _touch(achievement, ["attachments"])
    return row


def _refuse_too_many(achievement: Achievement) -> None:
    most = achievement.contest.settings.max_attachments
    if achievement.attachments.count() >= most:
        raise Refusal(f"每项成果的附件不超过 {most} 个；请先删去不需要的。", "file")


@transaction.atomic
def detach(actor: Actor, achievement_id: int, attachment_id: int) -> Achievement:
    achievement = open_for_edit(actor, achievement_id)
    gone, _ = achievement.attachments.filter(pk=attachment_id).delete()
    if not gone:
        raise Refusal("该成果没有这个附件，可能已被移除；请刷新页面查看。", "attachments", "gone")
    return _touch(achievement, ["attachments"])


@transaction.atomic
def set_photo(
    actor: Actor, achievement_id: int, photo: PrivateFile | None, revision: int, begun_at: datetime | None = None
) -> Achievement:
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "leader.photo", revision)
    Leader.objects.filter(achievement=achievement).update(photo=photo, photo_begun_at=begun_at)
    return _touch(achievement, ["leader.photo"])


@transaction.atomic
def set_studio(actor: Actor, achievement_id: int, studio_id: int | None, revision: int) -> Achievement:
    """The 创新工作室 that the work came from, or none: one that the unit sees and that was not closed."""
    achievement = open_for_edit(actor, achievement_id)
    _refuse_stale(achievement, "studio", revision)
    found = Studio.objects.visible_to(actor).standing().filter(pk=studio_id).first() if studio_id else None
    if studio_id and found is None:
        raise Refusal("没有这个创新工作室，或已撤销；请重新选择。", "studio")
    achievement.studio = found
    return _touch(achievement, ["studio"])


@transaction.atomic
def discard_draft(actor: Actor, achievement_id: int) -> None:
    """Only a draft that was never registered may be thrown away; everything later is kept."""
    achievement = open_for_edit(actor, achievement_id)
    if achievement.history.exists():
        raise Refusal("该成果已登记入库，不能删除；如不再申报，请撤回。")
    achievement.delete()


def contest_unit(actor: Actor, contest: Contest, organization_id: int) -> Enrolment:
    """The enrolment that a new achievement of this contest belongs to; Refusal when the unit does not take part."""
    unit = Enrolment.objects.visible_to(actor).filter(contest=contest, organization=organization_id).first()
    if unit is None:
        raise Refusal("本单位未参加本届竞赛；请联系推荐单位登记参赛。")
    return unit
