"""Files that come with an achievement: checked by content, stored, and tied to it in one step."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image

from accounts.actor import Actor
from contests.models import Contest
from core import files
from core.errors import Refusal
from core.models import PrivateFile
from submissions.actions import drafting, stamping, tickets
from submissions.models import Achievement, Attachment, StampedForm
from submissions.rules.codes import ATTACHMENT_KINDS, MAX_PHOTO_BYTES, PICTURES

PHOTO_MM = (35, 49)  # 免冠2寸, 002 附件4
PHOTO_PIXELS = (827, 1157)  # the same at 600 dpi
PHOTO_LEAST = (413, 579)  # pixels: the same at 300 dpi (domain.md 3.8)
_JPEG_QUALITY = 92


def max_attachment_bytes(contest: Contest) -> int:
    """The contest's limit, as far as the server takes uploads at all."""
    return min(contest.settings.max_attachment_mb << 20, settings.UPLOAD_MAX_BYTES)


@transaction.atomic
def keep_attachment(
    actor: Actor, achievement: Achievement, kind: str, uploaded: UploadedFile, ticket: str = ""
) -> Attachment:
    """Store one uploaded file and attach it; Refusal names the file and the rule that it breaks."""
    rule = ATTACHMENT_KINDS.get(kind)
    if rule is None:
        raise Refusal(f"请先选择“{files.clean_name(uploaded.name or '')}”的材料类型。", "kind")
    limit = max_attachment_bytes(achievement.contest)
    stored = files.store_upload(uploaded, allowed=set(rule.allowed), max_bytes=limit)
    began = tickets.begun_at(actor, achievement, ticket)
    return drafting.attach(actor, achievement.pk, kind, stored, stored.original_name, began)


@transaction.atomic
def keep_photo(
    actor: Actor, achievement: Achievement, uploaded: UploadedFile, revision: int, ticket: str = ""
) -> Achievement:
    """The leader's photo, cut to 35×49 round its middle."""
    stored = files.store_upload(uploaded, allowed=set(PICTURES), max_bytes=MAX_PHOTO_BYTES)
    cut = files.store_bytes(portrait(stored), stored.original_name, files.JPEG)
    return drafting.set_photo(actor, achievement.pk, cut, revision, tickets.begun_at(actor, achievement, ticket))


@transaction.atomic
def keep_stamped_scan(actor: Actor, form: StampedForm, uploaded: UploadedFile, ticket: str = "") -> StampedForm:
    limit = settings.UPLOAD_MAX_BYTES
    stored = files.store_upload(uploaded, allowed=stamping.ALLOWED, max_bytes=limit)
    return stamping.keep_scan(actor, form.pk, stored, tickets.begun_at(actor, form.achievement, ticket))


def portrait(picture: PrivateFile) -> bytes:
    """JPEG of the largest 35:49 part, horizontally centred; of the height the upper part, where the face is."""
    with picture.open() as content, Image.open(content) as image:
        width, height = image.size
        _refuse_small(width, height)
        wide = min(width, max(1, height * PHOTO_MM[0] // PHOTO_MM[1]))
        high = min(height, max(1, wide * PHOTO_MM[1] // PHOTO_MM[0]))
        left, top = (width - wide) // 2, (height - high) // 3
        cut = _on_white(image.crop((left, top, left + wide, top + high)))
    cut.thumbnail(PHOTO_PIXELS, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def ground_hint(photo: PrivateFile) -> str:
    """A sentence when the border does not look red (002 附件4 “红底”), else "". A hint: nothing is refused for it."""
    with photo.open() as content, Image.open(content) as image:
        small = image.convert("RGB").resize((35, 49), Image.Resampling.BOX)
    border = [small.getpixel((x, y)) for x in range(35) for y in range(30) if y < 3 or x < 3 or x >= 32]
    red = sum(r > 120 and r > 1.6 * g and r > 1.6 * b for r, g, b in border)  # type: ignore[misc]
    return "" if red > 0.6 * len(border) else "提示：相片背景看来不是红色，附件4 要求红底；可以更换，也可以就用这一张。"


def _refuse_small(width: int, height: int) -> None:
    if width < PHOTO_LEAST[0] or height < PHOTO_LEAST[1]:
        least = "×".join(map(str, PHOTO_LEAST))
        raise Refusal(f"相片只有 {width}×{height} 像素，印不清楚；请上传不小于 {least} 像素的相片。", "photo", "small")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
