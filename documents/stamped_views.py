"""The stamped form: printed by who brings the seal, and looked up by its QR."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from core import files
from documents import actions, stamped
from documents.render.html import render_html
from documents.views import MAKERS, READERS
from submissions import policies, queries
from submissions.models import Achievement, StampedForm
from submissions.rules.stamped import printed


@require_POST
@role_required(*MAKERS)
def print_form(request: ActorRequest, pk: int) -> HttpResponse:
    rows = Achievement.objects.visible_to(request.actor).with_row_data()
    achievement = get_object_or_404(rows.select_related("unit__recommender"), pk=pk)

    def address_of(form: StampedForm) -> str:
        return request.build_absolute_uri(reverse("documents:stamped", args=[form.number]))

    return redirect("documents:paper", actions.request_stamped(request.actor, achievement, address_of).pk)


@require_safe
@role_required(*READERS)
def page(request: ActorRequest, number: str) -> HttpResponse:
    """Does this printed version say what the work says now? Form and scan side by side; 404 for who may not see it."""
    rows = StampedForm.objects.visible_to(request.actor).select_related("version", "scan", "scanned_by", "printed_by")
    form = get_object_or_404(rows, number=number)
    works = Achievement.objects.visible_to(request.actor).with_row_data()
    achievement = works.select_related("unit__recommender", "leader__photo").get(pk=form.achievement_id)
    typing = achievement.is_editable and policies.works_for_unit(request.actor, achievement)
    content = queries.content(achievement) if typing else queries.read_content(achievement)[0]
    declaration, data = stamped.filled(form, request.build_absolute_uri(request.path))
    context = {
        "stamped": form,
        "achievement": achievement,
        "is_current": queries.content_hash(printed(content)) == form.content_hash,
        "html": render_html(declaration, data),
        "is_pdf": bool(form.scan and form.scan.media_type == files.PDF),
        "may_stamp": not policies.may_stamp(request.actor, achievement),
    }
    return render(request, "documents/stamped.html", context)
