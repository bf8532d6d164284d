"""Planted pairs: a new work made of an old one in a known way, among works of the same trades that are none.

Two backgrounds. `once`: every hand-written text of the demo corpus one time; two fillings of one template would be
near-duplicates by construction. `assembled`: as many as wanted, each put together from the single clauses of the
works of a few neighbouring trades in random order, so that any two share whole clauses and most of their words –
harder than life, where works share words and phrases only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from portal.demo.corpus.places import grown
from portal.demo.corpus.template import Template, filled
from portal.demo.corpus.texts import ALL
from submissions.rules.duplicates.memory import Corpus, Work

_CLAUSE = re.compile(r"[^，。；：\n]+[，。；：\n]?")
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]?")
_TOKEN = re.compile(r"[0-9.]+|[A-Za-z]+|[\u4e00-\u9fff]+|.", re.DOTALL)
_NEIGHBOURS = 8  # templates whose clauses are mixed
_WORD_LENGTHS, _WORD_SHARES = (1, 2, 3), (25, 60, 15)  # of Chinese running text, roughly


def written(template: Template, rng: Random) -> Work:
    words, _ = filled(template, rng)
    parts = (template.summary, template.innovation, template.basis, template.social)
    return Work(template.title.format_map(words), "\n".join(part.format_map(words) for part in parts if part))


def once(rng: Random) -> list[Work]:
    works = [written(template, rng) for template in ALL]
    rng.shuffle(works)
    return works


def assembled(rng: Random, count: int, lengths: tuple[int, int] = (475, 475)) -> list[Work]:
    """Works of `lengths` (from, to) characters; those longer than 2,000 draw on the clauses of all trades."""
    near = sorted(ALL, key=lambda template: (template.trades, template.key))
    groups = [near[at : at + _NEIGHBOURS] for at in range(0, len(near), _NEIGHBOURS)]
    made = []
    for number in range(count):
        length = round(lengths[0] * (lengths[1] / lengths[0]) ** rng.random())
        group = near if length > 2000 else groups[number % len(groups)]
        text = _mixed([written(template, rng) for template in group], length, rng)
        made.append(Work(f"{clauses(text)[0].strip('，。；：')}的改进（{number}）", text))
    rng.shuffle(made)
    return made


def _mixed(works: list[Work], length: int, rng: Random) -> str:
    pool = [clause for work in works for clause in clauses(work.text)]
    rng.shuffle(pool)
    text = ""
    while pool and len(text) < length:
        text += pool.pop()
    return text


def clauses(text: str) -> list[str]:
    return _CLAUSE.findall(text)


def sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def words(text: str, rng: Random) -> list[str]:
    """Numbers and Latin words whole, Chinese in words of one to three characters."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if not "\u4e00" <= token[0] <= "\u9fff":
            found.append(token)
            continue
        at = 0
        while at < len(token):
            size = rng.choices(_WORD_LENGTHS, _WORD_SHARES)[0]
            found.append(token[at : at + size])
            at += size
    return found


def changed(text: str, percent: int, rng: Random, vocabulary: list[str]) -> str:
    """So many percent of the words replaced (half of them), deleted or followed by another word (a quarter each)."""
    found = words(text, rng)
    real = [at for at, word in enumerate(found) if word[0].isalnum()]
    for at in rng.sample(real, round(len(real) * percent / 100)):
        how = rng.choice(("replace", "replace", "delete", "insert"))
        other = "" if how == "delete" else rng.choice(vocabulary)
        found[at] = found[at] + other if how == "insert" else other
    return "".join(found)


def reordered(text: str, rng: Random) -> str:
    found = sentences(text)
    rng.shuffle(found)
    return "".join(found)


def renamed(text: str, rng: Random) -> str:
    """Handed in by another unit: its name in every second sentence, and other figures."""
    unit = rng.choice([place.name for place in grown()])
    texts = [f"{unit}{sentence}" if at % 2 == 0 else sentence for at, sentence in enumerate(sentences(text))]
    return re.sub(r"\d+", lambda number: str(int(number[0]) + rng.randint(1, 9)), "".join(texts))


def section(text: str, rng: Random, least: int = 100, most: int = 250) -> str:
    """A paragraph of so many characters: whole clauses that follow each other."""
    found = clauses(text)
    size = rng.randint(least, most)
    start = rng.randrange(len(found))
    taken = "".join(found[start:])[: size + 20]
    while len(taken) < min(least, len(text)) and start:
        start -= 1
        taken = found[start] + taken
    return taken[:size] if len(taken) > size else taken


def inserted(part: str, into: str, rng: Random) -> str:
    found = sentences(into)
    at = rng.randint(0, len(found))
    return "".join(found[:at]) + part + "".join(found[at:])


@dataclass(frozen=True)
class Plant:
    """A background, what is really new, and how a copy is made: kind -> maker of a new text from an old one."""

    old: list[Work]
    fresh: list[Work]
    kinds: dict[str, Callable[[str], str]]


def plant(works: list[Work], fresh: int, rng: Random) -> Plant:
    new, old = works[:fresh], works[fresh:]
    vocabulary = [
        word for work in rng.sample(old, min(40, len(old))) for word in words(work.text, rng) if word[0].isalnum()
    ]

    def change(percent: int) -> Callable[[str], str]:
        return lambda text: changed(text, percent, rng, vocabulary)

    kinds: dict[str, Callable[[str], str]] = {
        "10 % of the words changed": change(10),
        "30 % of the words changed": change(30),
        "sentences reordered": lambda text: reordered(text, rng),
        "unit renamed, figures changed": lambda text: renamed(text, rng),
        "section copied": lambda text: inserted(section(text, rng), rng.choice(new).text, rng),
    }
    return Plant(old, new, kinds)


Like = Callable[[Work], set[int]]


@dataclass(frozen=True)
class Measure:
    """`recall` by kind; `false_pairs`: pairs shown for a hundred works that are really new."""

    recall: dict[str, float]
    false_pairs: float


def measure(planted: Plant, pairs: int, rng: Random, like: Like | None = None) -> Measure:
    """`like`: the places among the old works of what is shown for a new one; in memory unless told otherwise."""
    like = like or in_memory(planted)
    recall = {}
    for kind, make in planted.kinds.items():
        found = sum(_found(like, planted.old, make, rng) for _ in range(pairs))
        recall[kind] = found / pairs
    shown = sum(len(like(work)) for work in planted.fresh)
    return Measure(recall, 100 * shown / len(planted.fresh))


def in_memory(planted: Plant) -> Like:
    corpus = Corpus(planted.old)
    return lambda work: {int(each.key) for each in corpus.like(work)}


def _found(like: Like, old: list[Work], make: Callable[[str], str], rng: Random) -> bool:
    key = rng.randrange(len(old))
    return key in like(Work(f"新型{old[key].title[2:]}技术", make(old[key].text)))


def lines(works: list[Work], prefix: str) -> Iterator[dict[str, str]]:
    """As find_duplicates reads them."""
    return ({"id": f"{prefix}{at}", "title": work.title, "text": work.text} for at, work in enumerate(works))
