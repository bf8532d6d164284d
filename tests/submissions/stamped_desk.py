"""A form that was printed, stamped and scanned, for tests that only need one to be there."""

from __future__ import annotations

from core.models import PrivateFile
from submissions.actions import stamping
from submissions.models import Achievement
from tests.cast import Cast


def brought(cast: Cast, work: Achievement, scan: PrivateFile, who: str = "unit_a") -> dict[str, object]:
    """Its row and its number, by the names that the access matrix has for them."""
    form = stamping.print_form(cast[who], work.pk)
    stamping.keep_scan(cast[who], form.pk, scan)
    return {"printed": form.pk, "printed_number": form.number}
