"""评审编号 sort as the numbers they are, whatever the size of the round, late works included."""

import pytest

from scoring.rules.entry_code import digits_for, entry_code, last_of


@pytest.mark.parametrize(("works", "late"), [(1, 0), (30, 3), (9_090, 909), (9_091, 909), (10_163, 1_016), (99_999, 9)])
def test_codes_sort_as_numbers(works, late):
    digits = digits_for(works)
    codes = [entry_code(place, digits) for place in range(1, works + 1)]
    last, digits = last_of(codes)
    codes += [entry_code(place, digits) for place in range(last + 1, last + late + 1)]
    assert codes == sorted(codes)
    assert len(set(codes)) == works + late
    assert len(codes[0]) <= 12  # the column


def test_the_codes_of_an_ordinary_round_have_four_digits():
    assert [entry_code(place, digits_for(1_068)) for place in (1, 1_068)] == ["A0001", "A1068"]
    assert last_of([]) == (0, 4)
