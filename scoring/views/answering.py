"""What the pages of a round have in common: the round in view, and one action with its answer."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from accounts.access import ActorRequest
from accounts.choices import Role
from core.errors import NotAllowed, Refusal
from scoring import policies
from scoring.models import Round

READERS = (Role.OFFICE, Role.SUPERVISOR, Role.AUDITOR)
CHAIRS = (Role.OFFICE, Role.AUDITOR)


def round_in_view(request: ActorRequest, pk: int) -> Round:
    rounds = Round.objects.visible_to(request.actor).select_related("contest", "rubric", "enrolment", "previous")
    return get_object_or_404(rounds, pk=pk)


def chaired(request: ActorRequest, pk: int) -> Round:
    """The round in view, for whoever runs it: whoever only reads it is refused."""
    round_ = round_in_view(request, pk)
    policies.require_chair(request.actor, round_.enrolment)
    return round_


def given(request: ActorRequest) -> QueryDict | None:
    """What was sent, even when nothing was."""
    return request.POST if request.method == "POST" else None


def acted(request: ActorRequest, act: Callable[[], object], done: str) -> bool:
    """An action pressed by a button alone: what became of it is told on the next page."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True


def submitted(
    request: ActorRequest, form: Form, act: Callable[[], object], done: str, onward: str, *arguments: int
) -> HttpResponse | None:
    """An action from a form: on to the next page; None when it was refused, and then the form says why."""
    if not form.is_valid():
        return None
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, done)
    return redirect(onward, *arguments)
