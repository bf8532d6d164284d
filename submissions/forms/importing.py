"""Uploading a workbook, and saying which of its rows to take."""

from __future__ import annotations

from typing import Any

from django import forms

from core.workbook_read import ROWS_MAX
from submissions.actions.importing import max_bytes

_NO_FILE, _EMPTY = "请选择填好的 Excel 文件。", "文件是空的，请重新选择。"
ALL, GOOD = "all", "good"


class UploadForm(forms.Form):
    """`units`: those for which the hat may register; a unit without teams is not asked."""

    use_required_attribute = False
    unit: Any = forms.ModelChoiceField(
        None,
        label="完成单位",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择完成单位。", "invalid_choice": "请从列出的单位和班组中选择。"},
    )
    file = forms.FileField(
        label="填好的表格",
        help_text=f"Excel（xlsx）文件，一次最多 {ROWS_MAX} 行、{max_bytes() >> 20} MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _NO_FILE, "missing": _NO_FILE, "invalid": _NO_FILE, "empty": _EMPTY},
    )

    def __init__(self, units: Any, data: Any = None, files: Any = None) -> None:
        first = units.first()
        super().__init__(data, files, initial={"unit": first})
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = units
        if len(units) == 1:
            field.disabled, field.widget = True, forms.HiddenInput()


class ConfirmForm(forms.Form):
    """All or none, or the right rows alone. Asked only when there are wrong ones."""

    use_required_attribute = False
    mode = forms.ChoiceField(label="怎样导入", widget=forms.RadioSelect)

    def __init__(self, good: int, wrong: int) -> None:
        super().__init__(initial={"mode": ALL})
        field = self.fields["mode"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (ALL, f"全部正确才导入：现有 {wrong} 行不正确，先不导入，改好后重新上传"),
            (GOOD, f"只导入正确的行：登记 {good} 项，不正确的 {wrong} 行以后再补"),
        ]
