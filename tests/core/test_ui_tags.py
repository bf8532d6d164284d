"""What pages say about time, money and state; and that a field's label, help and errors belong together."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags import shapes, wording

CLOSES = datetime(2026, 9, 10, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Beijing


class Sheet(forms.Form):
    title = forms.CharField(label="项目名称", help_text="与证书上的名称一致。")
    kind = forms.ChoiceField(label="五小类别", choices=[("a", "小发明"), ("b", "小革新")], widget=forms.RadioSelect)
    amount = forms.DecimalField(label="年经济效益", required=False)
    agreed = forms.BooleanField(label="所填数据真实")
    count = forms.IntegerField(widget=forms.HiddenInput)


class Ids(HTMLParser):
    """The ids of a page, and what its attributes point at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"for", "aria-describedby"}:
                self.pointed.extend((value or "").split())


def page(source: str, request: Any = None, **context: Any) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context, request)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=5), "还有 3 天 4 小时"),
        (timedelta(days=2), "还有 2 天"),
        (timedelta(hours=4, minutes=12, seconds=59), "还有 4 小时 12 分"),
        (timedelta(hours=1), "还有 1 小时 0 分"),
        (timedelta(minutes=1), "还有 1 分"),
        (timedelta(seconds=59), "还有不到 1 分钟"),
        (timedelta(0), "还有不到 1 分钟"),
        (timedelta(seconds=-1), "已截止"),
        (timedelta(microseconds=-1), "已截止"),
    ],
)
def test_what_is_left_until_the_closing_second(left: timedelta, words: str) -> None:
    assert wording.time_left(CLOSES, CLOSES - left) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_time_left_never_promises_more_than_there_is(left: timedelta) -> None:
    words = wording.time_left(CLOSES, CLOSES - left)
    if words == "还有不到 1 分钟":
        assert left < timedelta(minutes=1)
        return
    days, hours, minutes = (re.search(rf"(\d+) {unit}", words) for unit in ("天", "小时", "分"))
    said = timedelta(
        days=int(days[1]) if days else 0, hours=int(hours[1]) if hours else 0, minutes=int(minutes[1]) if minutes else 0
    )
    assert timedelta(0) <= left - said < timedelta(hours=1 if left.days else 0, minutes=0 if left.days else 1)


def test_moments_are_written_in_beijing_time() -> None:
    assert page("{{ at|bj }} / {{ at|bj_day }} / {{ at|bj_short }} / {{ at|bj_time }}", at=CLOSES) == (
        "2026年9月10日 23:59 / 2026年9月10日 / 9月10日 23:59 / 23:59:59"
    )
    assert page("{{ d|bj_day }}", d=date(2026, 10, 8)) == "2026年10月8日"
    late_evening_in_utc = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert page("{{ at|bj_day }}", at=late_evening_in_utc) == "2027年1月1日"


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ v|wan }}", Decimal("1234567.5"), "1,234,567.50"),
        ("{{ v|wan }}", Decimal("0"), "0.00"),
        ("{{ v|num }}", 10163, "10,163"),
        ("{{ v|num:1 }}", Decimal("82.65"), "82.6"),
        ("{{ v|pct }}", Decimal("0.905"), "90.5%"),
        ("{{ v|mask_phone }}", "139 0000 1234", "139****1234"),
        ("{{ v|mask_phone }}", "0356-2011234", "035****1234"),
        ("{{ v|mask_phone }}", "2011234", "****"),
    ],
)
def test_figures_as_written(source: str, value: object, words: str) -> None:
    assert page(source, v=value) == words


@pytest.mark.parametrize("name", ["wan", "num", "pct", "bj", "bj_day", "bj_short", "bj_time", "until", "mask_phone"])
def test_what_is_missing_is_a_dash_and_never_zero(name: str) -> None:
    assert page("{{ v|" + name + " }}", v=None) == "–"


def test_a_state_is_word_shape_and_colour() -> None:
    chip = page('{% status_chip "已退回" "bad" %}')
    assert 'class="wx-st is-bad chip"' in chip
    assert shapes.SHAPES["bad"] in chip
    assert "已退回" in chip
    assert len(set(shapes.SHAPES.values())) == len(shapes.SHAPES), "two states would look the same without colour"


def test_labels_are_text_not_markup() -> None:
    spoken = page("{% status_chip label %}{% icon label %}{% bar 1 label=label %}", label='"><script>')
    assert "<script>" not in spoken


def test_every_tier_has_its_own_look() -> None:
    seen = {page("{% tier_badge '奖' code %}", code=code) for code in shapes.TIERS}
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("value", "total", "width"), [(68, 100, "68.0"), (300, 200, "100.0"), (-5, 100, "0.0"), (3, 0, "0.0")]
)
def test_a_bar_stays_inside_its_track(value: int, total: int, width: str) -> None:
    assert f'class="v" d="M0 1h{width}v6H0z"' in page("{% bar value total %}", value=value, total=total)


def test_a_bar_with_a_label_speaks_and_one_without_is_silent() -> None:
    assert 'role="img" aria-label="完成 68%"' in page('{% bar 68 label="完成 68%" mark=80 %}')
    assert 'aria-hidden="true"' in page("{% bar 68 %}")


def test_the_closing_time_counts_from_the_servers_clock() -> None:
    due = page('{% due at "推荐截止" %}', at=CLOSES, server_now=CLOSES - timedelta(hours=2))
    assert "推荐截止 9月10日 23:59:59" in due
    assert "还有 2 小时 0 分" in due
    assert f'data-due="{int(CLOSES.timestamp() * 1000)}"' in due


FIELDS = "{% for bound in form %}{% field bound %}{% endfor %}"


def test_every_label_help_and_error_is_bound_to_its_control() -> None:
    form = Sheet({"title": "", "count": "1", "amount": "很多"})
    found = Ids(page("{% form_errors form %}" + FIELDS, form=form))
    assert set(found.pointed) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert {"id_title_error", "id_title_helptext", "id_kind_error", "id_amount_error", "id_agreed_error"} <= set(
        found.pointed
    )


def test_what_was_typed_stays_and_is_escaped() -> None:
    form = Sheet({"title": "<b>摇臂</b>", "kind": "b", "count": "x"})
    shown = page("{% form_errors form %}" + FIELDS, form=form)
    assert "&lt;b&gt;摇臂&lt;/b&gt;" in shown
    assert 'value="b"' in shown
    assert "checked" in shown
    assert "其余内容都还在" in shown


def test_only_required_fields_carry_the_mark() -> None:
    assert "（必填）" in page("{% field form.title %}", form=Sheet())
    assert "（必填）" not in page("{% field form.amount %}", form=Sheet())


def test_a_fault_in_a_hidden_field_is_said_aloud() -> None:
    form = Sheet({"title": "a", "kind": "a", "agreed": "on", "count": "x"})
    assert "输入" in page("{% form_errors form %}", form=form)


def test_paging_keeps_the_filters() -> None:
    request = RequestFactory().get("/", {"q": "采煤 机", "page": "2"})
    shown = page("{% pager page_obj %}", request, page_obj=Paginator(range(231), 20).page(2))
    assert "?q=%E9%87%87%E7%85%A4+%E6%9C%BA&amp;page=3" in shown
    assert "&amp;page=1" in shown
    assert "第 <b>2</b> / 12 页，共 231 项" in shown


def test_one_page_says_only_how_many() -> None:
    shown = page("{% pager page_obj %}", page_obj=Paginator(range(3), 20).page(1))
    assert "共 3 项" in shown
    assert "下一页" not in shown


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_stand_without_a_request(code: str) -> None:
    shown = engines["django"].get_template(f"{code}.html").render()
    assert "回到首页" in shown
    assert "五小" in shown


def test_no_component_carries_inline_style_or_script() -> None:
    shown = page(
        '{% progress_bar 3 10 %}{% empty_state "空" %}{% banner "好" "ok" %}{% bar 3 %}' + FIELDS, form=Sheet()
    )
    assert " style=" not in shown
    assert "<script" not in shown
    assert " onclick" not in shown


def test_a_piece_is_drawn_once_for_several_places():
    page = '{% load ui %}{% drawn "components/nav_links.html" as links %}<i>{{ links }}</i><b>{{ links }}</b>'
    nav = [{"label": "成果 <1>", "url": "/works/", "active": True}]
    shown = engines["django"].from_string(page).render({"nav": nav})
    piece = '<a href="/works/" aria-current="page">成果 &lt;1&gt;</a>'
    assert shown.count(piece) == 2
    assert shown.index(piece) < shown.index("</i>") < shown.rindex(piece)
