"""Short forms beside the score sheets: a place let pass, a doubt answered, a receipt checked."""

from __future__ import annotations

from typing import Any

from django import forms


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PassForm(forms.Form):
    """Why a doubtful place may be read; `finding` is the place, so that the page shows the sentence beside it."""

    reason = forms.CharField(
        label="放行理由", max_length=300, widget=_area(2), error_messages={"required": "请写明放行的理由。"}
    )

    def __init__(self, finding: int, *args: Any) -> None:
        super().__init__(*args)
        self.auto_id = f"id_%s_{finding}"
        self.finding = finding


class FlagForm(forms.Form):
    """What becomes of a sheet whose expert raised a doubt; `flag` is the row on the page."""

    decision = forms.ChoiceField(
        label="处理办法",
        choices=[("keep", "维持评分"), ("return", "退回专家修改"), ("void", "作废该份")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择处理办法。", "invalid_choice": "请选择处理办法。"},
    )
    resolution = forms.CharField(
        label="处理说明",
        max_length=500,
        widget=_area(2),
        error_messages={"required": "请写明处理的理由。", "max_length": "处理说明最多 500 字，请精简。"},
    )

    def __init__(self, flag: int, *args: Any) -> None:
        super().__init__(*args)
        self.auto_id = f"id_%s_{flag}"
        self.flag = flag


class ReceiptForm(forms.Form):
    given = forms.CharField(
        label="回执",
        max_length=20_000,
        strip=True,
        widget=_area(4),
        help_text="粘贴 64 位回执编号，或下载的回执文件的全部内容。",
        error_messages={"required": "请粘贴回执编号或回执文件的内容。", "max_length": "内容过长，不是一份回执。"},
    )
