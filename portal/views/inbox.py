"""消息: what was written to the person on the site. Looking changes nothing; she says herself that she has read it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from core import outbox
from core.models import Outbox

PAGE = 20
_DIGITS = 18


@require_safe
@role_required()
def messages(request: ActorRequest) -> HttpResponse:
    own = Outbox.objects.visible_to(request.actor).order_by("-pk")
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/messages.html", {"page": page, "unread": [m.pk for m in page if not m.read_at]})


@require_POST
@role_required()
def read(request: ActorRequest) -> HttpResponse:
    named = request.POST.getlist("message")
    ids = [int(word) for word in named if word.isascii() and word.isdecimal() and len(word) <= _DIGITS]
    outbox.mark_read(request.actor.user.pk, ids)
    return redirect("portal:messages")
