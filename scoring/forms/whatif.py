"""Other rules for the what-if page, typed into a GET form; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from contests.models import AwardTier
from scoring.rules.policy import MEAN, MEDIAN, TRIMMED_MEAN
from scoring.rules.tiers import Tier
from scoring.rules.whatif import Scenario

AS_RULED = "rubric"
NO_TIES = "none"
MOST = 9999
_WRONG = ("required", "invalid", "min_value", "max_value", "max_digits")


def _whole(label: str, low: int, high: int, *, required: bool = True) -> forms.IntegerField:
    wrong = dict.fromkeys(_WRONG, f"请填写 {low} 到 {high} 的整数。")
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=required, error_messages=wrong)


class WhatIfForm(forms.Form):
    """Starts at the round's own rules, so that what is changed stands out."""

    aggregate = forms.ChoiceField(
        label="汇总方法",
        choices=[(TRIMMED_MEAN, "去掉最高最低后平均"), (MEAN, "平均分"), (MEDIAN, "中位数")],
    )
    trim_from = _whole("满几份才去最高最低", 3, 1000)
    minimum_sheets = _whole("最少计分份数", 1, 1000)
    decimals = forms.TypedChoiceField(
        label="取整",
        coerce=int,
        choices=[(2, "保留两位小数"), (1, "保留一位小数"), (0, "先四舍五入到整数")],
    )
    tie = forms.ChoiceField(label="同分先比")

    def __init__(self, own: Scenario, tiers: Sequence[AwardTier], *args: Any, **kwargs: Any) -> None:
        self.own, self.tiers = own, [tier for tier in tiers if tier.floor is not None]
        kwargs["initial"] = self._own_values()
        super().__init__(*args, **kwargs)
        firsts = [(one.code, f"{one.name}优先") for one in own.rubric.tie_order[1:]]
        order = "、".join(one.name for one in own.rubric.tie_order)
        self.fields["tie"].choices = [  # type: ignore[attr-defined]
            (AS_RULED, f"按规则（{order}）"),
            *firsts,
            (NO_TIES, "不再比较，同分并列"),
        ]
        if own.policy.decimals not in (0, 1, 2):
            choice = (own.policy.decimals, f"保留 {own.policy.decimals} 位小数")
            self.fields["decimals"].choices = [choice, *self.fields["decimals"].choices]  # type: ignore[attr-defined]
        for tier in self.tiers:
            self._add_tier(tier)

    def _own_values(self) -> dict[str, Any]:
        policy = self.own.policy
        values: dict[str, Any] = {key: getattr(policy, key) for key in ("aggregate", "trim_from", "decimals")}
        values |= {"minimum_sheets": policy.minimum_sheets, "tie": AS_RULED}
        for tier in self.tiers:
            values |= {f"floor_{tier.code}": tier.floor, f"quota_{tier.code}": self.own.quotas.get(tier.name)}
        return values

    def _add_tier(self, tier: AwardTier) -> None:
        wrong = dict.fromkeys((*_WRONG, "max_decimal_places", "max_whole_digits"), "请填写 0 到 100 的分数，如 85.00。")
        self.fields[f"floor_{tier.code}"] = forms.DecimalField(
            label=f"{tier.name}下限", min_value=0, max_value=100, max_digits=5, decimal_places=2, error_messages=wrong
        )
        self.fields[f"quota_{tier.code}"] = _whole(f"{tier.name}名额", 0, MOST, required=False)

    def tier_fields(self) -> list[tuple[AwardTier, Any, Any]]:
        return [(tier, self[f"floor_{tier.code}"], self[f"quota_{tier.code}"]) for tier in self.tiers]

    def clean(self) -> dict[str, Any]:
        """Floors fall from tier to tier, as the contest's own do."""
        above: Decimal | None = None
        for tier in self.tiers:
            floor = self.cleaned_data.get(f"floor_{tier.code}")
            if above is not None and floor is not None and floor >= above:
                self.add_error(f"floor_{tier.code}", "应低于上一等次的下限。")
            above = floor if floor is not None else above
        return self.cleaned_data

    def scenario(self) -> Scenario:
        """The scenario asked for; the round's own while nothing valid was typed."""
        if not self.is_bound or not self.is_valid():
            return self.own
        data = self.cleaned_data
        keys = ("aggregate", "trim_from", "minimum_sheets", "decimals")
        quotas = {tier.name: data[f"quota_{tier.code}"] for tier in self.tiers}
        return replace(
            self.own,
            policy=replace(self.own.policy, **{key: data[key] for key in keys}),
            tiers=tuple(Tier(tier.name, data[f"floor_{tier.code}"]) for tier in self.tiers),
            ties=self._ties(data["tie"]),
            quotas={name: most for name, most in quotas.items() if most is not None},
        )

    def _ties(self, first: str) -> tuple[Any, ...]:
        order = self.own.rubric.tie_order
        if first == NO_TIES:
            return ()
        return tuple(sorted(order, key=lambda one: one.code != first))  # stable: the others keep their order
