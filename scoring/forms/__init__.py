"""What is typed on the pages of the judgement, parsed; the actions decide."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from core.errors import Refusal
from scoring.actions.sheets import Given
from scoring.lifecycle import WORDS
from scoring.models import ScoreSheet
from scoring.queries import one_sheet
from scoring.queries.assignment import Shortfall
from scoring.rules.rubric import Criterion, Level, level_for_amount, levels_for
from scoring.rules.rubric import Rubric as Rules

MOST_SEED = 2**31 - 1
INTEGER = re.compile(r"-?[0-9]{1,9}")


def _words(label: str, most: int, named: str = "") -> forms.CharField:
    """What she may write beside her marks, at most so many characters."""
    too_long = {"max_length": f"{named or label}最多 {most} 字，请精简。"}
    return forms.CharField(label=label, max_length=most, required=False, widget=_area(2), error_messages=too_long)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AssignForm(forms.Form):
    seed = forms.IntegerField(
        label="随机种子",
        min_value=0,
        max_value=MOST_SEED,
        help_text="同一个种子得到同样的分配，任何人都可以重算。",
        error_messages={"required": "请填写随机种子。", "invalid": "请填写整数。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"seed": secrets.randbelow(10**6)}
        super().__init__(*args, **kwargs)


class OpenForm(forms.Form):
    """`plan` is the assignment that was on the page."""

    plan = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sure = forms.BooleanField(
        label="我已核对成果数、专家数和分配结果", error_messages={"required": "请先核对并勾选确认。"}
    )


class CloseForm(forms.Form):
    waive = forms.CharField(
        label="缺评说明",
        max_length=500,
        required=False,
        widget=_area(3),
        help_text="写明为什么不再等待，存入评审记录。",
    )
    sure = forms.BooleanField(
        label="我确认截止评分；截止后专家不能再打分，需要恢复的须写明理由重新开放",
        error_messages={"required": "请先勾选确认。"},
    )

    def __init__(self, shortfall: Shortfall, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.awaited, self.lacking, self.unfinished = shortfall.awaited, shortfall.lacking, shortfall.codes
        if not (self.awaited or self.lacking):
            del self.fields["waive"]


class ConfirmForm(forms.Form):
    sure = forms.BooleanField(
        label="我确认按上列等次和名单定奖，定奖后结果锁定", error_messages={"required": "请先核对并勾选确认。"}
    )


class HandInForm(forms.Form):
    """`shown` is the number of sheets that the expert was shown; another number means that the page was old."""

    round = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="我已核对，交卷后不能再修改", error_messages={"required": "请先核对，勾选“我已核对”后再交卷。"}
    )


@dataclass(frozen=True)
class LevelChoice:
    """One level on the sheet: `columns` is the class of its row of points."""

    level: Level
    ident: str
    chosen: bool
    open: bool
    points: int | None

    @property
    def values(self) -> range:
        return range(self.level.low, self.level.high + 1)

    @property
    def columns(self) -> str:
        return next((f"n{most}" for most in (5, 6, 10) if len(self.values) <= most), "n11")


@dataclass(frozen=True)
class CriterionChoice:
    """One criterion on the sheet; `bound` is the level that the verified amount fixes."""

    criterion: Criterion
    levels: tuple[LevelChoice, ...]
    points: int | None
    fault: str
    bound: Level | None
    paths: bool

    @property
    def most(self) -> int:
        return self.levels[0].level.high


@dataclass(frozen=True)
class Clash:
    """One place of a sheet that was saved otherwise elsewhere, in words."""

    label: str
    mine: str
    theirs: str


def _mark_words(names: dict[str, str], given: Given | None) -> str:
    if given is None:
        return "（未评）"
    points = "未选分" if given.points is None else f"{given.points} 分"
    return f"{names.get(given.level, given.level)}，{points}"


class SheetForm(forms.Form):
    """Level and points of every criterion as plain fields `level-<criterion>` and `points-<criterion>-<level>`.

    Each level has its own row of points, so that without any script the points of the chosen level are the ones sent.
    """

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = _words("评语", 1000)
    doubt = _words("数据存疑", 500, "数据存疑的理由")
    ineligible = _words("不符合申报条件", 500, "不符合申报条件的理由")

    def __init__(self, sheet: ScoreSheet, rules: Rules, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"revision": sheet.revision} | {key: getattr(sheet, key) for key in WORDS}
        super().__init__(*args, **kwargs)
        self.sheet, self.rules = sheet, rules
        self.faults: dict[str, str] = {}
        self.refused: Refusal | None = None

    def given(self) -> dict[str, Given]:
        """What was chosen; a criterion without a level is left out. Points that are no integer count as none."""
        chosen = {code: self.data.get(f"level-{code}", "") for code in self.rules.codes}
        return {code: Given(level, self._points(code, level)) for code, level in chosen.items() if level}

    def _points(self, code: str, level: str) -> int | None:
        text = self.data.get(f"points-{code}-{level}", "")
        return int(text) if INTEGER.fullmatch(text) else None

    def clean(self) -> dict[str, Any]:
        for code in self.rules.codes:
            text = self.data.get(f"points-{code}-{self.data.get(f'level-{code}', '')}", "")
            if text and not INTEGER.fullmatch(text):
                self.faults[code] = "请填写整数。"
        return self.cleaned_data

    def fault(self, field: str, message: str) -> None:
        """A refusal at its criterion, at its field, or over the form."""
        if field in self.rules.codes:
            self.faults[field] = message
        else:
            self.add_error(field if field in self.fields else None, message)

    def clashes(self) -> list[Clash]:
        """Where what was sent and what is stored by now differ; the sheet is read anew for it."""
        self.sheet.refresh_from_db()
        stored, mine = one_sheet.marks(self.sheet), self.given()
        found = []
        for criterion in self.rules.criteria:
            theirs = stored.get(criterion.code)
            kept = Given(theirs.level, theirs.points) if theirs else None
            if mine.get(criterion.code) != kept:
                names = {level.code: level.text for level in levels_for(criterion, self.sheet.entry.path)}
                words = [_mark_words(names, one) for one in (mine.get(criterion.code), kept)]
                found.append(Clash(criterion.name, *words))
        for key in WORDS:
            typed = str(self.data.get(key, "")).strip()
            if typed != getattr(self.sheet, key):
                found.append(
                    Clash(str(self.fields[key].label), typed or "（未填）", getattr(self.sheet, key) or "（未填）")
                )
        return found

    def renewed(self) -> SheetForm:
        """The same answers on top of what is stored by now: sent again, they go through."""
        data = {name: self.data[name] for name in self.data} | {"revision": str(self.sheet.revision)}
        again = SheetForm(self.sheet, self.rules, data)
        again.is_valid()
        again.add_error(None, self.refused.message if self.refused else "")
        return again

    def panel(self) -> list[CriterionChoice]:
        """The right half of the sheet, as it was sent or as it is stored."""
        stored = {code: Given(m.level, m.points) for code, m in one_sheet.marks(self.sheet).items()}
        shown = self.given() if self.is_bound else stored
        return [self._choice(criterion, shown.get(criterion.code)) for criterion in self.rules.criteria]

    def _choice(self, criterion: Criterion, given: Given | None) -> CriterionChoice:
        path, amount = self.sheet.entry.path, self.sheet.entry.benefit_wan
        bound = self._bound(criterion, path, amount)
        level = bound.code if bound else given.level if given else ""
        points = given.points if given and given.level == level else None
        levels = tuple(
            LevelChoice(
                one,
                f"{criterion.code}-{one.code}",
                one.code == level,
                bound is None or one == bound,
                points if one.code == level else None,
            )
            for one in levels_for(criterion, path)
        )
        return CriterionChoice(
            criterion, levels, points, self.faults.get(criterion.code, ""), bound, bool(criterion.paths)
        )

    @staticmethod
    def _bound(criterion: Criterion, path: str, amount: Decimal | None) -> Level | None:
        if path != "economic" or not criterion.paths or amount is None:
            return None
        return level_for_amount(criterion, amount)
