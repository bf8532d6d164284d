"""A whole season from a preset file: every app loads the sections that it owns, in one transaction."""

from __future__ import annotations

from django.db import transaction

from accounts.actions import create_organization
from accounts.actor import Actor
from accounts.models import Level, Nature, Organization
from contests.actions.enrol import enrol
from contests.actions.load import load_contest
from contests.models import Contest
from contests.rules.preset import Preset, PresetError
from scoring.actions.rubrics import ensure_rubric, policy_from_section, rubric_from_section
from scoring.rules.policy import PolicyError
from scoring.rules.rubric import RubricError


@transaction.atomic
def create_contest(actor: Actor | None, preset: Preset, host: Organization | None = None) -> Contest:
    """Contest, catalogues, rubric, policy, host's enrolment. A PresetError leaves nothing written."""
    check_sections(preset)
    host = host or _host(actor, preset)
    contest = load_contest(actor, preset, host)
    if "rubric" in preset.sections:
        ensure_rubric(preset.sections["rubric"], f"{preset.host_name}“五小”竞赛评分标准")
    enrol(actor, contest, host, None)
    return contest


def check_sections(preset: Preset) -> None:
    """The sections that other apps own."""
    try:
        if "rubric" in preset.sections:
            rubric_from_section(preset.sections["rubric"])
        if "policy" in preset.sections:
            policy_from_section(preset.sections["policy"])
    except RubricError as error:
        raise PresetError(preset.file, f"rubric.{error.key}", error.reason.rstrip("。")) from error
    except PolicyError as error:
        raise PresetError(preset.file, f"policy.{error.key}", error.reason.rstrip("。")) from error


def _host(actor: Actor | None, preset: Preset) -> Organization:
    """The organisation of the notice's name at the root of the tree; made when the tree has none yet."""
    found = Organization.objects.filter(parent__isnull=True, name=preset.host_name).first()
    if found:
        return found
    short = "市总工会" if preset.host_level == "city" else "县总工会"
    return create_organization(actor, None, preset.host_name, Level.HOST, Nature.UNION_BODY, short_name=short)
