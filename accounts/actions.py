"""Every write of people and places. `actor` None is the system: commands that seed or import."""

from datetime import date
from typing import TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.actor import Actor, Person
from accounts.choices import Level, Role
from accounts.models import Alias, Employment, Membership, Organization, Studio, User
from accounts.passwords import one_time_password
from accounts.pinyin import person_key, sort_key
from accounts.policies import may_administer, may_create_users, may_record_employment
from accounts.queries import hats_of
from accounts.rules.names import plain
from core.errors import Conflict, NotAllowed, Refusal
from core.ledger import SITE, digest, record


class OrganizationFields(TypedDict, total=False):
    line: str
    ownership: str
    short_name: str
    uscc: str | None
    head_count: int | None
    is_demonstration: bool
    industry_code: str


class UserFields(TypedDict, total=False):
    phone: str
    email: str
    must_change_password: bool


def choose_hat(user: User, membership_id: int) -> Actor:
    """The actor of one of the user's own usable memberships; nothing is written but the caller's session."""
    for hat in hats_of(user):
        if hat.pk == membership_id:
            return Actor.wearing(hat)
    raise Refusal("这个身份已停用或不属于您，请重新选择。", field="membership", code="hat")


@transaction.atomic
def change_password(user: User, new: str, *, actor: Actor | None = None) -> None:
    """By the user herself, who may not have a hat yet. Ends her other sessions, since their hash no longer fits."""
    _refuse_weak(new, user, field="new_password1")
    if user.has_usable_password() and user.check_password(new):
        raise Refusal("新密码不能与现在的密码相同，请换一个。", field="new_password1", code="password_same")
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(actor or Person(user), "change_password", f"user:{user.pk}", {"user": user.pk}, chain=SITE)


@transaction.atomic
def reset_password(user: User) -> str:
    """By the server's keeper: a one-time password, told once. It must be changed at the next sign-in."""
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(None, "reset_password", f"user:{user.pk}", {"user": user.pk}, chain=SITE)
    return password


@transaction.atomic
def create_organization(
    actor: Actor | None,
    parent: Organization | None,
    name: str,
    level: str,
    nature: str,
    **fields: Unpack[OrganizationFields],
) -> Organization:
    if not may_administer(actor, parent):
        raise NotAllowed("只有主办单位的竞赛办公室可以新增组织。")
    name = name.strip()
    organization = Organization(parent=parent, name=name, pinyin=sort_key(name), level=level, nature=nature, **fields)
    _save(organization)
    payload = {
        "organization": organization.pk,
        "parent": organization.parent_id,
        "line": organization.line,
        "level": organization.level,
        "nature": organization.nature,
    }
    record(actor, "create_organization", f"organization:{organization.pk}", payload, chain=SITE)
    return organization


@transaction.atomic
def create_user(
    actor: Actor | None, username: str, display_name: str, password: str | None = None, **fields: Unpack[UserFields]
) -> User:
    """An account without a membership. Its password is judged unless the system sets it; without one nobody gets in."""
    if not may_create_users(actor):
        raise NotAllowed("只有竞赛办公室可以新增账号。")
    display_name = display_name.strip()
    user = User(username=username, display_name=display_name, pinyin=person_key(display_name), **fields)
    if actor is not None and password is not None:
        _refuse_weak(password, user, field="password")
    user.set_password(password)
    _save(user)
    record(actor, "create_user", f"user:{user.pk}", {"user": user.pk}, chain=SITE)
    return user


@transaction.atomic
def grant_membership(actor: Actor | None, user: User, organization: Organization, role: str) -> Membership:
    """A hat for the user, or her switched-off one back on."""
    if not may_administer(actor, organization):
        raise NotAllowed("只有主办单位的竞赛办公室可以授予身份。")
    _refuse_misplaced(organization, role)
    membership = Membership.objects.filter(user=user, organization=organization, role=role).first()
    if membership and membership.is_active:
        raise Refusal("该用户在此组织已有这一身份。", field="role", code="membership_once")
    membership = membership or Membership(user=user, organization=organization, role=role)
    membership.is_active = True
    _save(membership)
    payload = {"membership": membership.pk, "user": user.pk, "organization": organization.pk, "role": role}
    record(actor, "grant_membership", f"membership:{membership.pk}", payload, chain=SITE)
    return membership


@transaction.atomic
def record_employment(
    actor: Actor | None,
    user: User,
    place: Organization | str,
    started_on: date,
    ended_on: date | None = None,
) -> Employment:
    """Where the person works or worked: a node of the tree, or the name of a place outside it (counts for recusal)."""
    if not may_record_employment(actor, user):
        raise NotAllowed("只有竞赛办公室和本人可以登记任职经历。")
    employment = Employment(user=user, started_on=started_on, ended_on=ended_on)
    if isinstance(place, Organization):
        employment.organization = place
    else:
        employment.organization_name = place.strip()
    _save(employment)
    payload = {"employment": employment.pk, "user": user.pk, "organization": employment.organization_id}
    record(actor, "record_employment", f"user:{user.pk}", payload, chain=SITE)
    return employment


class StudioFields(TypedDict, total=False):
    name: str
    leader_name: str
    level: str
    named_on: date | None
    document: str
    members: str
    closed_on: date | None


@transaction.atomic
def keep_studio(
    actor: Actor | None, organization: Organization, studio: Studio | None = None, **fields: Unpack[StudioFields]
) -> Studio:
    """Enter a studio into the register (None), or write what changed of it. The office keeps the register."""
    if not may_administer(actor, organization):
        raise NotAllowed("创新工作室名册由主办单位的竞赛办公室登记。")
    row = studio or Studio()
    row.organization = organization
    for key, value in fields.items():
        setattr(row, key, value.strip() if isinstance(value, str) else value)
    _save(row)
    payload = {"studio": row.pk, "organization": organization.pk, "level": row.level, "named_on": row.named_on}
    payload |= {"closed_on": row.closed_on, "text": digest(f"{row.name}\n{row.leader_name}\n{row.document}")}
    record(actor, "keep_studio", f"studio:{row.pk}", payload, chain=SITE)
    return row


@transaction.atomic
def mark_demonstration(actor: Actor | None, organization: Organization, yes: bool) -> Organization:
    """Is the organisation a 重点示范单位 now (003: 40 of them)? What it was in a season stands in its enrolments."""
    if not may_administer(actor, organization):
        raise NotAllowed("重点示范单位由主办单位的竞赛办公室确定。")
    organization.is_demonstration = yes
    organization.save(update_fields=["is_demonstration"])
    payload = {"organization": organization.pk, "yes": yes}
    record(actor, "mark_demonstration", f"organization:{organization.pk}", payload, chain=SITE)
    return organization


@transaction.atomic
def remove_employment(actor: Actor | None, employment_id: int) -> None:
    """A wrong row of somebody's work history is taken out; the ledger keeps that it was there."""
    employment = Employment.objects.select_related("user").get(pk=employment_id)
    if not may_record_employment(actor, employment.user):
        raise NotAllowed("只有竞赛办公室和本人可以修改任职经历。")
    user, place = employment.user, employment.organization_id
    payload = {"employment": employment.pk, "user": user.pk, "organization": place}
    employment.delete()
    record(actor, "remove_employment", f"user:{user.pk}", payload, chain=SITE)


@transaction.atomic
def judge_alias(actor: Actor, organization: Organization, name: str, *, same: bool) -> Alias:
    """A person says whether this way of writing means the organisation (简称、曾用名); the last word counts."""
    if not may_administer(actor, organization):
        raise NotAllowed("只有主办单位的竞赛办公室可以确认单位的别名。")
    if not plain(name):
        raise Refusal("请填写单位的简称或曾用名。", field="name")
    alias, _ = Alias.objects.update_or_create(
        organization=organization,
        plain=plain(name),
        defaults={"name": name.strip(), "same": same, "confirmed_by": actor.user},
    )
    payload = {"organization": organization.pk, "same": same, "name": digest(alias.plain)}
    record(actor, "judge_alias", f"organization:{organization.pk}", payload, chain=SITE)
    return alias


@transaction.atomic
def drop_alias(actor: Actor, alias_id: int) -> None:
    alias = Alias.objects.select_related("organization").get(pk=alias_id)
    if not may_administer(actor, alias.organization):
        raise NotAllowed("只有主办单位的竞赛办公室可以撤销单位的别名。")
    payload = {"organization": alias.organization_id, "name": digest(alias.plain)}
    alias.delete()
    record(actor, "drop_alias", f"organization:{alias.organization_id}", payload, chain=SITE)


def _refuse_misplaced(organization: Organization, role: str) -> None:
    if role in (Role.OFFICE, Role.SUPERVISOR) and organization.level != Level.HOST:
        raise Refusal("竞赛办公室和监督员的身份只能设在主办单位。", field="role", code="membership_place")
    if organization.level == Level.TEAM and role != Role.UNIT_OPERATOR:
        raise Refusal("班组只设填报员，请选择其他组织或其他角色。", field="role", code="membership_place")


def _refuse_weak(password: str, user: User, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal("".join(error.messages), field=field, code="password") from error


def _save(row: Model) -> None:
    """Writes what is valid; the first fault becomes the refusal, at its field."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refusal(messages[0], field="" if field == NON_FIELD_ERRORS else field) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("刚刚有人保存了相同的记录，请刷新页面后再试。") from error
