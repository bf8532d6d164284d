"""The scan of the stamped form: brought by the unit or by the desk that stamped it, and shown to who sees the work."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import ActorRequest, role_required
from core import files
from core.errors import NotAllowed, Refusal
from submissions import policies
from submissions.actions import uploads
from submissions.models import StampedForm
from submissions.views import answers, desk


def _form(request: ActorRequest, pk: int) -> StampedForm:
    return get_object_or_404(StampedForm.objects.visible_to(request.actor).select_related("scan", "achievement"), pk=pk)


@role_required()
@require_POST
def scan(request: ActorRequest, pk: int) -> HttpResponse:
    """JSON for the editor's script; else back to the page that shows form and scan side by side."""
    form = _form(request, pk)
    achievement = desk.open_row(request.actor, form.achievement_id)
    denied = policies.may_stamp(request.actor, achievement)
    if denied:
        raise NotAllowed(denied)
    scripted = "HX-Request" in request.headers
    uploaded = request.FILES.get("scan")
    try:
        if uploaded is None:
            raise Refusal("没有收到扫描件，请重新选择。", "stamped")
        uploads.keep_stamped_scan(request.actor, form, uploaded, request.POST.get("ticket", ""))
    except Refusal as refusal:
        if scripted:
            return answers.refused(refusal)
        messages.error(request, refusal.message)
    if scripted:
        return JsonResponse(answers.state(desk.open_row(request.actor, achievement.pk)))
    return redirect("documents:stamped", form.number)


@role_required()
@require_safe
def scan_file(request: ActorRequest, pk: int) -> HttpResponse:
    form = _form(request, pk)
    if form.scan is None:
        raise Http404
    inline = not request.GET.get("download")
    return files.serve(form.scan, inline=inline, name=f"盖章扫描件-{form.number}")  # type: ignore[return-value]
