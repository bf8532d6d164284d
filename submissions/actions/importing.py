"""A workbook into the pool: taken in, looked at, and every good row registered in one decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.pinyin import sort_key
from contests.models import Enrolment
from core import files, ledger
from core.errors import NotAllowed, Refusal
from submissions import lifecycle, policies
from submissions.actions import import_reading, indexing
from submissions.models import Achievement, Leader, Member, Patent, PoolImport, StatusChange
from submissions.rules.importing import Row

MAX_BYTES = 10 << 20
KEPT_UNCONFIRMED = timedelta(days=1)
"""So long a preview can be gone back to; the person's next upload clears what is older."""
_AT_ONCE = 500
_PARTS = ("members", "patents")


@transaction.atomic
def receive(actor: Actor, unit: Enrolment, uploaded: UploadedFile) -> PoolImport:
    """Keep a workbook that can be read as a table of works. Refused: nothing is kept, not even the file."""
    _refuse_stranger(actor, unit)
    content, _ = files.check_upload(uploaded, allowed={files.XLSX}, max_bytes=max_bytes())
    import_reading.read(unit, content)
    _forget_unconfirmed(actor)
    stored = files.store_upload(uploaded, allowed={files.XLSX}, max_bytes=max_bytes())
    return PoolImport.objects.create(unit=unit, membership=actor.membership, file=stored)


def _forget_unconfirmed(actor: Actor) -> None:
    """Workbooks that she looked at and never took in hold names and phone numbers for nothing (domain.md 3.13)."""
    left = PoolImport.objects.filter(membership=actor.membership, confirmed_at__isnull=True)
    for brought in left.filter(created_at__lt=timezone.now() - KEPT_UNCONFIRMED).select_related("file"):
        brought.delete()
        files.forget(brought.file)


def max_bytes() -> int:
    return min(MAX_BYTES, settings.UPLOAD_MAX_BYTES)


def content(brought: PoolImport) -> import_reading.Content:
    """What the workbook says against the pool of this moment."""
    with brought.file.open() as opened:
        return import_reading.read(brought.unit, opened)


@transaction.atomic
def confirm(actor: Actor, import_id: int, *, only_good: bool) -> PoolImport:
    """Register the workbook's new rows: all of them or, when `only_good`, those without a fault.

    A second press finds it done and changes nothing; so does a second import of the same works.
    """
    brought = PoolImport.objects.select_for_update(no_key=True).get(pk=import_id)
    if brought.membership_id != actor.membership.pk:
        raise NotAllowed("这份文件由他人上传，不能由您导入。")
    if brought.confirmed_at:
        return brought
    Enrolment.objects.select_for_update(no_key=True).get(pk=brought.unit_id)  # two imports of a unit, one by one
    unit = Enrolment.objects.select_related("contest", "recommender", "organization").get(pk=brought.unit_id)
    _refuse_stranger(actor, unit)
    brought.unit = unit
    heaps = content(brought).heaps
    _refuse_nothing(heaps.fresh, heaps.wrong, only_good)
    made = _register(actor, unit, heaps.fresh)
    indexing.reindex_many(work.pk for work in made)
    brought.confirmed_at, brought.registered = timezone.now(), len(made)
    brought.save()
    _record(actor, brought, made)
    return brought


def _refuse_stranger(actor: Actor, unit: Enrolment) -> None:
    """By the right and the calendar of registering one work, which every row of the workbook is."""
    policies.check(actor, "register", Achievement(contest=unit.contest, unit=unit, holder=unit), timezone.now())


def _refuse_nothing(fresh: list[Row], wrong: list[Row], only_good: bool) -> None:
    if wrong and not only_good:
        raise Refusal(
            f"有 {len(wrong)} 行不正确，一行也没有导入；请改好表格后重新上传，或选择“只导入正确的行”。", "mode", "wrong"
        )
    if not fresh:
        raise Refusal("没有可以导入的行：表中的成果都已在库中，或还有错误没有改好。", code="nothing")


def _register(actor: Actor, unit: Enrolment, rows: list[Row]) -> list[Achievement]:
    """Works, leaders, members, patents and histories in a few statements each, as the desk would make them singly."""
    catalogues = {
        key: {row.code: row for row in getattr(unit.contest, f"{key}_set").all()} for key in import_reading.CATALOGUES
    }
    made = Achievement.objects.bulk_create(
        (_achievement(actor, unit, row, catalogues) for row in rows), batch_size=_AT_ONCE
    )
    pairs = list(zip(made, rows, strict=True))
    Leader.objects.bulk_create((_leader(work, unit, row) for work, row in pairs), batch_size=_AT_ONCE)
    Member.objects.bulk_create((m for work, row in pairs for m in _members(work, row)), batch_size=_AT_ONCE)
    Patent.objects.bulk_create((p for work, row in pairs for p in _patents(work, row)), batch_size=_AT_ONCE)
    StatusChange.objects.bulk_create((_history(actor, work, row) for work, row in pairs), batch_size=_AT_ONCE)
    return made


def _achievement(actor: Actor, unit: Enrolment, row: Row, catalogues: dict[str, dict[str, Any]]) -> Achievement:
    plain = {key: value for key, value in row.values.items() if "." not in key and key not in _PARTS}
    chosen = {key: catalogues[key][code] for key, code in plain.items() if key in catalogues}
    return Achievement(
        contest=unit.contest,
        unit=unit,
        holder=unit,
        status=lifecycle.Status.REGISTERED,
        revision=1,
        field_revisions=dict.fromkeys(row.values, 1),
        created_by=actor.user,
        filled_by=actor.user.display_name,
        pinyin=sort_key(row.title),
        **(plain | chosen),
    )


def _leader(work: Achievement, unit: Enrolment, row: Row) -> Leader:
    own = {key.removeprefix("leader."): value for key, value in row.values.items() if key.startswith("leader.")}
    return Leader(achievement=work, employer=unit.name, **own)


def _members(work: Achievement, row: Row) -> list[Member]:
    people = enumerate(row.values.get("members", ()))
    return [Member(achievement=work, order=i, name=name, organization_text=org) for i, (name, org) in people]


def _patents(work: Achievement, row: Row) -> list[Patent]:
    return [Patent(achievement=work, order=i, **patent) for i, patent in enumerate(row.values.get("patents", ()))]


def _history(actor: Actor, work: Achievement, row: Row) -> StatusChange:
    return StatusChange(
        achievement=work,
        verb="register",
        from_status=lifecycle.Status.DRAFT,
        to_status=work.status,
        from_holder=work.holder,
        to_holder=work.holder,
        user=actor.user,
        membership=actor.membership,
        note=f"从表格导入（第 {row.number} 行）",
    )


def _record(actor: Actor, brought: PoolImport, made: list[Achievement]) -> None:
    """One decision, one event: freeze_all does the same."""
    payload = {
        "unit": brought.unit_id,
        "count": len(made),
        "digest": ledger.digest(",".join(str(work.pk) for work in made)),
        "file": brought.file.sha256,
    }
    ledger.record(actor, "import", f"import:{brought.pk}", payload, chain=brought.unit.contest.chain)
