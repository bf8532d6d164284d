"""An expert's receipts: each handed-in sheet with its hash, checked again whenever she likes, and to take away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from scoring.forms.desk import ReceiptForm
from scoring.queries import receipts


@never_cache
@require_GET
@role_required(Role.EXPERT)
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """One click on a receipt: what was handed in, and whether rows and ledger still say the same."""
    standing = receipts.standing(get_object_or_404(receipts.own_with_receipt(request.actor), pk=pk))
    found = receipts.verdict(standing)
    return render(request, "scoring/receipt.html", {"standing": standing, "check": found})


@never_cache
@require_GET
@role_required(Role.EXPERT)
def download(request: ActorRequest, pk: int) -> HttpResponse:
    """The very bytes that were hashed."""
    sheet = get_object_or_404(receipts.own_with_receipt(request.actor), pk=pk)
    response = HttpResponse(receipts.standing(sheet).text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{sheet.entry.code}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EXPERT)
def check(request: ActorRequest) -> HttpResponse:
    """Paste a hash or the text of a downloaded receipt; nothing is written."""
    form = ReceiptForm(request.POST or None)
    found = receipts.check(request.actor, form.cleaned_data["given"]) if form.is_valid() else None
    status = 400 if form.errors else 200
    return render(request, "scoring/receipt_check.html", {"form": form, "check": found}, status=status)
