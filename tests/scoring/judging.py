"""A round of the tests: works accepted, experts appointed and assigned, all through the real actions."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import User
from contests.actions.dates import shift_phases
from scoring import queries
from scoring.actions import rounds, sheets
from scoring.actions.sheets import Given
from scoring.models import Expert, Round, Rubric, ScoreSheet
from scoring.rules.rubric import level_for_amount, levels_for
from tests import kept
from tests.cast import Cast, accepted, assemble

EXPERTS = ("expert1", "expert2", "expert3", "expert4")
CRITERIA = ("innovation", "technology", "benefit", "role")


def signed_in(user: User, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client


def client_of(cast: Cast, username: str, *, csrf: bool = False) -> Client:
    return signed_in(cast[username].user, csrf=csrf)


def to_review(cast: Cast) -> None:
    review = cast.contest.phases.get(kind="review")
    shift_phases(None, cast.contest, timezone.now() - timedelta(hours=1) - review.opens_at)


def drafted(cast: Cast, k: int = 3, name: str = "终评") -> Round:
    return rounds.create_round(
        cast["office"],
        cast.contest,
        name=name,
        rubric=Rubric.objects.get(),
        sheets_per_achievement=k,
        expert_ids=list(Expert.objects.values_list("pk", flat=True)),
    )


def opened(cast: Cast, k: int = 3, name: str = "终评") -> Round:
    round_ = drafted(cast, k, name)
    rounds.plan_assignment(cast["office"], round_.pk, seed=7)
    return rounds.open_round(cast["office"], round_.pk)


def season(works: int, k: int = 3, **changes: object) -> tuple[Cast, Round]:
    """An open round of so many works."""
    return kept.built(lambda: _season(works, k, **changes), "season", str(works), str(k), repr(sorted(changes.items())))


def _season(works: int, k: int, **changes: object) -> tuple[Cast, Round]:
    cast = assemble()
    for _ in range(works):
        accepted(cast, **changes)
    to_review(cast)
    return cast, opened(cast, k)


def marks(sheet: ScoreSheet, points: str = "high", step: int = 0) -> dict[str, Given]:
    """The best (or lowest) points of the highest level that is open, `step` points less."""
    found = {}
    for criterion in queries.rubric_of(sheet.round).criteria:
        amount = sheet.entry.benefit_wan
        bound = level_for_amount(criterion, amount) if criterion.paths and amount else None
        level = bound or levels_for(criterion, sheet.entry.path)[0]
        found[criterion.code] = Given(level.code, max(level.low, getattr(level, points) - step))
    return found


def own(cast: Cast, username: str) -> list[ScoreSheet]:
    return list(ScoreSheet.objects.visible_to(cast[username]).filter(state="open").order_by("entry__code"))


def complete(cast: Cast, username: str, step: int = 0) -> list[int]:
    """Mark all own sheets; they are not handed in."""
    rows = own(cast, username)
    for sheet in rows:
        sheets.save_marks(cast[username], sheet.pk, marks(sheet, step=step), revision=sheet.revision)
    return [sheet.pk for sheet in rows]


def score_all(cast: Cast, step: int = 0) -> None:
    for place, username in enumerate(EXPERTS):
        ids = complete(cast, username, step=step * place)
        if ids:
            sheets.hand_in(cast[username], ids)


def posted(given: dict[str, Given], revision: int, **more: object) -> dict[str, object]:
    """The fields that the page's form sends."""
    data: dict[str, object] = {"revision": revision, "comment": "", "doubt": ""}
    for code, one in given.items():
        data[f"level-{code}"] = one.level
        data[f"points-{code}-{one.level}"] = one.points
    return data | more
