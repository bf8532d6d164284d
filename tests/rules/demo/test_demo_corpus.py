"""The invented season: never the same work twice, sums that add up, numbers that hold, names that can be printed."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from time import process_time

import pytest
from PIL import Image

from contests.rules import preset
from contests.rules.identifiers import normalise_phone, parse_patent, validate_name
from portal.demo.corpus import pictures
from portal.demo.corpus.marks import Choice, marks
from portal.demo.corpus.names import HARD
from portal.demo.corpus.places import TRADES, demo_places, grown
from portal.demo.corpus.template import Formula, blanks_of
from portal.demo.corpus.texts import ALL, suited
from portal.demo.corpus.works import season, work
from scoring.rules.rubric import level_for_amount, levels_for, shipped
from submissions.rules import codes
from submissions.rules.eligibility import Season, blocks
from submissions.rules.fields import FIELDS

WINDOW = (date(2019, 10, 1), date(2021, 9, 30))
MANY = 20_000
PRESET = preset.named("jincheng-2021")


@pytest.fixture(scope="module")
def many():
    """Works of the simulator's tree, and how long they took."""
    places = [place for place in grown(219, 7) if place.competes]
    begun = process_time()
    works = [work(i, places[i % len(places)], 7, WINDOW) for i in range(MANY)]
    return works, process_time() - begun


# --- the texts ---------------------------------------------------------------------------------------


def test_there_are_many_texts_and_each_has_its_own_title():
    assert len(ALL) >= 75
    assert len({template.key for template in ALL}) == len(ALL)
    assert len({template.title for template in ALL}) == len(ALL)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.key)
def test_every_blank_is_filled_and_every_filling_used(template):
    written = " ".join((template.title, template.summary, template.innovation, template.basis, template.social))
    asked = set(re.findall(r"\{(\w+)\}", written))
    blanks = dict(blanks_of(template.blanks))
    formulas = " ".join(repr(blank) for blank in blanks.values() if isinstance(blank, Formula))
    needed = {name for name in blanks if f"'{name}'" in formulas} | {"wan"}
    assert asked <= set(blanks)
    assert set(blanks) - asked - needed == set()
    assert bool(template.basis) != bool(template.social)
    assert ("wan" in blanks) == bool(template.basis)
    assert bool(template.note) == (template.category == "other")


def test_the_codes_are_those_of_the_preset():
    listed = {name: {row.code for row in getattr(PRESET, name)} for name in ("kinds", "categories", "industries")}
    assert {template.kind for template in ALL} == listed["kinds"]
    assert {template.category for template in ALL} == listed["categories"]
    assert {industry for industry, _, _ in TRADES.values()} == listed["industries"]


@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_has_texts(trade):
    assert len(suited(trade)) >= 2


# --- the works ---------------------------------------------------------------------------------------


def test_no_work_twice_and_made_quickly(many):
    works, seconds = many
    assert len({made.summary for made in works}) == MANY
    assert seconds < MANY / 5000


def test_the_same_number_is_the_same_work():
    place = demo_places()[-1]
    assert work(11, place, 7, WINDOW) == work(11, place, 7, WINDOW)
    assert work(11, place, 7, WINDOW).summary != work(11, place, 8, WINDOW).summary


def test_a_summary_has_the_length_and_the_figures_of_a_real_one(many):
    for made in many[0]:
        assert 250 <= len(made.summary) <= 500, made.template
        assert len(re.findall(r"\d+", made.summary)) >= 6, made.template
        assert 30 <= len(made.innovation) <= 200, made.template
        assert len(made.title) <= 40, made.title
        assert not re.search(r"[{}]", made.title + made.summary + made.innovation), made.template


def test_the_reckoning_ends_with_the_yearly_amount(many):
    for made in (made for made in many[0] if made.benefit_path == "economic"):
        assert made.benefit_wan is not None
        assert made.benefit_wan > 0
        last = re.findall(r"(\d+(?:\.\d+)?)万元", made.benefit_basis)[-1]
        assert Decimal(last) == made.benefit_wan, made.template


def test_the_social_road_has_no_amount(many):
    for made in (made for made in many[0] if made.benefit_path == "social"):
        assert made.benefit_wan is None
        assert len(made.social_benefit) >= 40


def test_every_level_of_benefit_turns_up():
    amounts = [made.benefit_wan for _, made in season(demo_places(), 60, 2021, WINDOW)]
    floors = Counter(next((f for f in (100, 50, 10, 0) if amount >= f), 0) for amount in amounts if amount is not None)
    assert floors[100] >= 10
    assert floors[50] >= 6
    assert floors[10] >= 10
    assert 6 <= amounts.count(None) <= 20


def test_the_dates_follow_one_another(many):
    for made in many[0]:
        assert made.implemented_from < made.implemented_to <= made.completed_on < made.applied_from <= WINDOW[1]
        assert WINDOW[0] <= made.completed_on <= WINDOW[1] - timedelta(days=90)  # time to have shown a benefit


def test_no_text_for_the_experts_names_a_person_or_a_unit(many):
    units = {word for place in (*demo_places(), *grown(219, 7)) for word in (place.name, place.short_name)}
    for made in many[0][:3000]:
        blind = made.title + made.summary + made.innovation + made.benefit_basis + made.social_benefit
        assert not any(unit in blind for unit in units), made.template
        assert made.leader.name not in blind


def test_patents_pass_the_check_digit_and_are_granted_in_time(many):
    patents = [patent for made in many[0] for patent in made.patents]
    assert len(patents) > MANY // 10
    for patent in patents:
        number = parse_patent(patent.number)
        assert number.canonical == patent.number
        assert number.type_name == dict(codes.PATENT_TYPE)[patent.kind]
        assert number.year <= patent.granted_on.year
        assert patent.granted_on <= WINDOW[1]


def test_persons_fill_the_form(many):
    lists = {"gender": codes.GENDER, "political_status": codes.POLITICAL_STATUS, "skill_level": codes.SKILL_LEVEL,
             "education_level": codes.EDUCATION_LEVEL}  # fmt: skip
    for made in many[0]:
        person = made.leader
        assert all(getattr(person, field) in dict(listed) for field, listed in lists.items())
        for name in (person.name, made.filled_by, made.responsible_person, *(member.name for member in made.members)):
            assert validate_name(name) == name
        assert re.fullmatch(r"1390000\d{4}", normalise_phone(person.phone))
        assert 18 <= int(person.work_started[:4]) - int(person.birth_month[:4]) <= 24
        assert len(made.members) <= 4
        assert person.name not in {member.name for member in made.members}


def test_hard_names_turn_up(many):
    assert {name for name, _ in HARD} <= {made.leader.name for made in many[0]}


def test_the_story_fits_the_field_and_names_the_work(many):
    for made in many[0][:2000]:
        assert 60 <= len(made.bio) <= 2000
        assert 120 <= len(made.deeds) <= 3000
        assert made.title.split("“")[0] in made.deeds
        assert "{" not in made.bio + made.deeds


def test_a_work_may_enter_as_it_is():
    rules = Season(*WINDOW, explained_categories=frozenset({"other"}))
    for _, made in season(demo_places(), 120, 5, WINDOW):
        flat = made.flat()
        assert set(flat) == set(FIELDS) - {"leader.photo"}
        leader = {key.removeprefix("leader."): value for key, value in flat.items() if key.startswith("leader.")}
        content = {key: value.isoformat() if isinstance(value, date) else value for key, value in flat.items()}
        content |= {"leader": leader, "members": made.members, "attachments": [{"kind": "photo"}]}
        assert blocks(content, rules) == []


def test_two_seasons_of_the_demo_repeat_no_title():
    used = Counter[str]()
    titles = [made.title for seed in (2020, 2021) for _, made in season(demo_places(), 60, seed, WINDOW, used)]
    assert len(set(titles)) == 120


# --- the places --------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [demo_places(), grown(219, 7), grown(2190, 3)], ids=["demo", "219", "2190"])
def test_the_tree_hangs_together(places):
    keys = [place.key for place in places]
    assert len(set(keys)) == len(keys)
    assert len({(place.parent_key, place.name) for place in places}) == len(places)
    assert [place.key for place in places if not place.parent_key] == ["host"]
    for place in places:
        assert place.parent_key in {"", *keys[: keys.index(place.key)]}
        assert (place.ownership != "") == (place.nature == "enterprise")
        assert place.competes == bool(place.industry)
        assert 0 <= place.participants <= place.head_count


def test_the_demo_has_every_kind_of_place():
    places = demo_places()
    levels = Counter(place.level for place in places)
    assert levels["county"] == 6
    assert levels["industry_group"] == 4
    assert levels["partner"] == levels["direct"] == 3
    assert levels["grassroots"] >= 30
    assert levels["team"] >= 3
    natures = {place.nature for place in places}
    assert natures >= {"enterprise", "public_institution", "university", "vocational_college", "rural_e_station",
                       "government"}  # fmt: skip
    assert {place.ownership for place in places} == {"", "state", "non_public", "collective"}


def test_a_line_goes_down_unbroken():
    by_key = {place.key: place for place in demo_places()}
    for place in by_key.values():
        above = by_key.get(place.parent_key)
        if above is not None and above.level != "host":
            assert place.line == above.line


def test_grown_has_as_many_units_as_asked():
    assert sum(place.competes for place in grown(500, 1)) == 500
    with pytest.raises(ValueError, match="20 000"):
        grown(20_001)


# --- the marks ---------------------------------------------------------------------------------------


def open_levels(path, amount):
    """What the demo opens for an entry: the verified amount binds the economic level."""
    rubric, found = shipped("jincheng-2021", 1), {}
    for criterion in rubric.criteria:
        bound = level_for_amount(criterion, amount) if path == "economic" else None
        levels = [bound] if bound else levels_for(criterion, path)
        found[criterion.code] = [Choice(level.code, level.low, level.high) for level in levels]
    return found


def sheets(number, made, seed, experts=5):
    levels = open_levels(made.benefit_path, made.benefit_wan)
    return [marks(number, f"expert{expert}", levels, seed) for expert in range(1, experts + 1)]


def test_marks_stay_inside_their_levels():
    for number, (_, made) in enumerate(season(demo_places(), 120, 3, WINDOW)):
        levels = open_levels(made.benefit_path, made.benefit_wan)
        for sheet in sheets(number, made, 3):
            assert set(sheet) == set(levels)
            for criterion, (level, points) in sheet.items():
                chosen = {choice.level: choice for choice in levels[criterion]}[level]
                assert chosen.low <= points <= chosen.high


@pytest.mark.parametrize("year", range(2021, 2031))
def test_a_judged_season_fills_its_tiers(year):
    scores, gaps = [], 0
    for number, (_, made) in enumerate(season(demo_places(), 60, year, WINDOW), start=1):
        totals = sorted(sum(points for _, points in sheet.values()) for sheet in sheets(number, made, year))
        scores.append(sum(totals[1:-1]) / 3)
        gaps += totals[-1] - totals[0] >= 15
    floors = (101, 95, 90, 85, 80, 0)
    tiers = [sum(low <= score < high for score in scores) for high, low in pairwise(floors)]
    assert 1 <= tiers[0] <= 7
    assert all(2 <= count <= 18 for count in tiers[1:4])
    assert 15 <= tiers[4] <= 45
    assert 1 <= gaps <= 12


# --- the files ---------------------------------------------------------------------------------------


def test_files_are_small_valid_and_always_the_same():
    for draw, kind, size in (
        (pictures.schematic, "PNG", (800, 520)),
        (pictures.portrait, "JPEG", (413, 579)),
    ):
        content = draw("a", 1)
        assert content == draw("a", 1)
        assert len({draw("a", number) for number in range(12)}) > 6
        assert len(content) < 60_000
        with Image.open(BytesIO(content)) as image:
            assert (image.format, image.size) == (kind, size)


def test_the_certificate_is_a_one_page_pdf():
    content = pictures.certificate("a", 1)
    assert content == pictures.certificate("a", 1)
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert len(content) < 150_000
