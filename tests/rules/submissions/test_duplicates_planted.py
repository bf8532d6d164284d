"""Recall and false pairs of the duplicates engine on planted pairs (issue: ≥ 0.95 at ≤ 2 pairs per 100 entries)."""

from random import Random

import pytest

from submissions.rules.duplicates.memory import Corpus, Work
from tests.rules.submissions.planted import Plant, assembled, changed, measure, once, plant, renamed, words

RECALL = 0.95
FALSE_PAIRS = 2.0


def backgrounds(rng: Random, full: bool) -> dict[str, Plant]:
    many = 10 if full else 1
    return {
        "every text once": plant(once(rng), 30, rng),
        "works of one trade": plant(assembled(rng, 900 * many), 100 * many, rng),
        "100 to 10,000 characters": plant(assembled(rng, 120 * many, (100, 10_000)), 25 * many, rng),
    }


@pytest.mark.parametrize("background", ["every text once", "works of one trade", "100 to 10,000 characters"])
def test_planted_pairs_are_found_and_little_else(background, at_full_length, record_property):
    rng = Random(f"planted/{background}")
    found = measure(backgrounds(rng, at_full_length)[background], 200 if at_full_length else 20, rng)
    record_property("recall", found.recall)
    record_property("false pairs per 100", found.false_pairs)
    assert {kind: share for kind, share in found.recall.items() if share < RECALL} == {}
    assert found.false_pairs <= FALSE_PAIRS


def test_a_copy_in_another_county_with_everything_done_to_it_is_found():
    rng = Random("everything")
    planted = plant(once(rng), 30, rng)
    corpus = Corpus(planted.old)
    vocabulary = words(planted.fresh[0].text, rng)
    missed = [
        key
        for key, work in enumerate(planted.old)
        if key not in found(corpus, Work("新名称", renamed(changed(work.text, 20, rng, vocabulary), rng)))
    ]
    assert missed == []


def found(corpus: Corpus, work: Work) -> set[int]:
    return {each.key for each in corpus.like(work)}


def test_two_fillings_of_one_template_are_the_same_text_and_shown():
    """The honest limit: only figures differ, so a person has to look."""
    rng = Random("fillings")
    first, second = (once(Random(seed)) for seed in ("one", "two"))
    by_text = sorted(second, key=lambda work: work.text)
    corpus = Corpus(by_text)
    shown = sum(bool(corpus.like(work)) for work in rng.sample(first, 20))
    assert shown == 20


def test_a_busy_family_is_shown_up_to_five():
    work = once(Random("family"))[0]
    corpus = Corpus([work] * 12 + once(Random("others"))[1:40])
    assert len(corpus.like(work)) == 5
    assert {each.similarity for each in corpus.like(work)} == {1.0}


@pytest.mark.parametrize("text", ["", "。", "皮带机", "１２"])
def test_hardly_any_text_is_like_nothing_unless_the_title_is_the_same(text):
    old = [Work("综采工作面超前支架的研制", "缩短移架时间。"), *once(Random("brief"))[:20]]
    corpus = Corpus(old)
    assert corpus.like(Work("另一个名称", text)) == []
    assert found(corpus, Work("综采工作面超前支架的研制", text)) == {0}


def test_a_title_that_many_have_is_no_hint():
    works = [Work("技术改造", work.text) for work in once(Random("titles"))]
    assert Corpus(works[1:]).like(works[0]) == []


def test_an_empty_corpus_has_nothing():
    assert Corpus([]).like(Work("名称", "文字" * 100)) == []
