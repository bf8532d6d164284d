"""A workbook of experts into the register: taken in, looked at, and every good row registered in one decision."""

from __future__ import annotations

import io
import secrets
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.actions import record_employment
from accounts.actor import Actor
from accounts.models import Organization, User
from accounts.queries import meant
from accounts.rules.names import plain
from contests.models import Contest
from core import files, ledger
from core.errors import NotAllowed, Refusal
from core.workbook import Heading
from core.workbook_blank import BlankColumn, write_blank
from core.workbook_read import ROWS_MAX, Line, Table, read_table
from scoring.actions.experts import Knowledge, enlist, register
from scoring.models import Expert, ExpertImport
from scoring.rules import expert_rows as rules

MAX_BYTES = 5 << 20


@dataclass
class Heaps:
    """What becomes of each row: a new account, an expert made of a known account, already there, or wrong."""

    fresh: list[rules.Row] = field(default_factory=list)
    accounts: list[rules.Row] = field(default_factory=list)
    known: list[rules.Row] = field(default_factory=list)
    wrong: list[rules.Row] = field(default_factory=list)

    @property
    def good(self) -> int:
        return len(self.fresh) + len(self.accounts)


@dataclass(frozen=True)
class Made:
    """A new account with the password that is shown once and must be changed."""

    username: str
    name: str
    password: str


def template(contest: Contest) -> bytes:
    """The blank workbook: drop-downs for the first industry and category, the rules in words."""
    words = _choices(contest)
    columns = [BlankColumn(Heading(rules.NUMBER, 8), "只供编号，不读取。", False, (), rules.EXAMPLE)]
    columns += [
        BlankColumn(Heading(c.label, 22), _note(c, words), c.required, tuple(words.get(c.key, ())), c.example)
        for c in rules.COLUMNS.values()
    ]
    target = io.BytesIO()
    write_blank(target, rules.SHEET, columns, ROWS_MAX)
    return target.getvalue()


def _note(column: rules.Column, words: dict[str, dict[str, str]]) -> str:
    listed = f"可填：{'、'.join(words[column.key])}。" if column.key in words else ""
    return column.note + listed


def _choices(contest: Contest) -> dict[str, dict[str, str]]:
    return {
        "industries": dict(contest.industry_set.values_list("name", "code")),
        "categories": dict(contest.category_set.values_list("name", "code")),
    }


@transaction.atomic
def receive(actor: Actor, contest: Contest, uploaded: UploadedFile) -> ExpertImport:
    """Keep a workbook that can be read as a table of experts. Refused: nothing is kept."""
    _refuse_stranger(actor, contest)
    content, _ = files.check_upload(uploaded, allowed={files.XLSX}, max_bytes=MAX_BYTES)
    read(actor, contest, content)
    stored = files.store_upload(uploaded, allowed={files.XLSX}, max_bytes=MAX_BYTES)
    return ExpertImport.objects.create(contest=contest, membership=actor.membership, file=stored)


def _refuse_stranger(actor: Actor, contest: Contest) -> None:
    if not (actor.is_office and contest.host_id == actor.organization.pk):
        raise NotAllowed("只有竞赛办公室可以导入专家。")


def heaps_of(brought: ExpertImport) -> Heaps:
    """What the workbook says against the register of this moment."""
    with brought.file.open() as opened:
        return read(Actor(brought.membership.user, brought.membership), brought.contest, opened)


def read(actor: Actor, contest: Contest, content: BinaryIO) -> Heaps:
    """Raises Refusal for a file that is no such table; wrong rows are no reason to refuse it."""
    table = read_table(content, known=rules.COLUMNS["name"].label, sheet=rules.SHEET)
    places, wrong = rules.match_head(table.head)
    if wrong:
        raise Refusal("".join(wrong[:5]), "file", "head")
    words, today = _choices(contest), timezone.localdate()
    rows = []
    for line in _filled(table, places):
        cells = {column.key: line.at(place) for place, column in places.items()}
        faults = {places[place].key: reason for place, reason in line.faults.items() if place in places}
        rows.append(rules.parse(line.number, cells, faults, words, today))
    if not rows:
        raise Refusal("列名下面没有内容（示例行不算），请逐行填写后再上传。", "file", "empty")
    rules.twice(rows)
    return _sorted(actor, rows)


def _filled(table: Table, places: dict[int, rules.Column]) -> Iterator[Line]:
    number = table.head.index(rules.NUMBER) if rules.NUMBER in table.head else None
    for line in table.lines:
        example = number is not None and line.at(number) == rules.EXAMPLE
        if not example and any(line.at(place) is not None or place in line.faults for place in places):
            yield line


def _sorted(actor: Actor, rows: list[rules.Row]) -> Heaps:
    accounts = _accounts(row.username for row in rows)
    own = set(User.objects.visible_to(actor).filter(pk__in=[user.pk for user in accounts.values()]))
    experts = set(Expert.objects.filter(user__in=own).values_list("user", flat=True))
    heaps = Heaps()
    for row in rows:
        account = accounts.get(row.username.lower())
        if fault := _fault_of(row, account, known=account in own):
            row.faults.append((rules.COLUMNS["username"].label, fault))
        heap = heaps.wrong if row.faults else heaps.fresh if not account else heaps.accounts
        (heaps.known if not row.faults and account and account.pk in experts else heap).append(row)
    return heaps


def _accounts(usernames: Iterable[str]) -> dict[str, User]:
    """By user name in small letters: no two accounts differ in the size of a letter alone."""
    wanted = {username.lower() for username in usernames}
    rows = User.objects.annotate(small=Lower("username")).filter(small__in=wanted)
    return {user.username.lower(): user for user in rows}


def _fault_of(row: rules.Row, account: User | None, *, known: bool) -> str:
    if account and not known:
        return f"用户名 {row.username} 已被别的单位的账号使用，请换一个用户名。"
    if account and row.name and account.display_name != row.name:
        return f"用户名 {row.username} 已是“{account.display_name}”的账号，请换一个用户名或改正姓名。"
    return ""


@transaction.atomic
def confirm(actor: Actor, import_id: int, *, only_good: bool) -> tuple[ExpertImport, list[Made]]:
    """Register the workbook's new experts; (the import, the new accounts with their passwords).

    A second press, and the same file once more, find everybody there and make nothing.
    """
    brought = ExpertImport.objects.select_for_update(of=("self",)).select_related("contest__host").get(pk=import_id)
    if brought.membership_id != actor.membership.pk:
        raise NotAllowed("这份文件由他人上传，不能由您导入。")
    if brought.confirmed_at:
        return brought, []
    _refuse_stranger(actor, brought.contest)
    heaps = heaps_of(brought)
    if heaps.wrong and not only_good:
        raise Refusal(
            f"有 {len(heaps.wrong)} 行不正确，一行也没有导入；请改好表格后重新上传，或选择“只导入正确的行”。", "mode"
        )
    if not heaps.good:
        raise Refusal("没有可以导入的行：表中的专家都已在库中，或还有错误没有改好。", code="nothing")
    made, experts = _register(actor, brought.contest, heaps)
    brought.confirmed_at, brought.registered = timezone.now(), len(experts)
    brought.save()
    payload = {"experts": [expert.pk for expert in experts], "file": brought.file.sha256}
    ledger.record(actor, "import_experts", f"expert_import:{brought.pk}", payload, chain=ledger.SITE)
    return brought, made


def _register(actor: Actor, contest: Contest, heaps: Heaps) -> tuple[list[Made], list[Expert]]:
    places = _places([stay.place for row in heaps.fresh + heaps.accounts for stay in row.stays])
    made, experts = [], []
    for row in heaps.fresh:
        password = new_password()
        experts.append(register(actor, contest, row.username, row.name, _knowledge(row), password))
        made.append(Made(row.username, row.name, password))
    accounts = _accounts(row.username for row in heaps.accounts)
    for row in heaps.accounts:
        experts.append(enlist(actor, contest, accounts[row.username.lower()], _knowledge(row)))
    for expert, row in zip(experts, heaps.fresh + heaps.accounts, strict=True):
        if row.phone and not expert.user.phone:
            User.objects.filter(pk=expert.user_id).update(phone=row.phone)
        for stay in row.stays:
            place = places.get(plain(stay.place), stay.place)
            record_employment(actor, expert.user, place, stay.started_on, stay.ended_on)
    return made, experts


def _knowledge(row: rules.Row) -> Knowledge:
    return Knowledge(row.industries, row.categories, row.max_load)


def _places(names: list[str]) -> dict[str, Organization]:
    """Plain form → the one organisation that is called exactly so; a name of two stays a text."""
    found = {form: pks for form, pks in meant(names).items() if len(pks) == 1}
    rows = Organization.objects.in_bulk([pk for pks in found.values() for pk in pks])
    return {form: rows[next(iter(pks))] for form, pks in found.items()}


def new_password() -> str:
    """Fourteen characters of three kinds; shown once, changed at the first sign-in."""
    alphabet = string.ascii_letters + string.digits
    while True:
        word = "".join(secrets.choice(alphabet) for _ in range(14))
        if all(
            any(c in kind for c in word) for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        ):
            return word
