"""No page of the desk that no browser test has looked at."""

from django.urls import URLPattern

from documents.urls import urlpatterns as papers
from submissions.urls import urlpatterns as desk
from tests.access.test_matrix import rows
from tests.browser.desk_table import ELSEWHERE, NO_PAGES, PAGES

OF_THE_JUDGEMENT = {"documents:of_round"}


def names(app: str, patterns: list[URLPattern]) -> set[str]:
    return {f"{app}:{pattern.name}" for pattern in patterns}


def test_every_page_of_the_desk_is_looked_at() -> None:
    """A page is what the access matrix asks by GET, unless the answer is a file."""
    known = names("submissions", desk) | names("documents", papers)
    asked = {name for method, name, *_ in rows() if method == "GET"} & known
    visited = {name for name, _, _ in PAGES}
    assert asked - visited - ELSEWHERE - NO_PAGES - OF_THE_JUDGEMENT == set()


def test_the_exceptions_are_still_there() -> None:
    known = names("submissions", desk) | names("documents", papers)
    assert known >= ELSEWHERE | NO_PAGES | OF_THE_JUDGEMENT
    assert not (ELSEWHERE | NO_PAGES) & {name for name, _, _ in PAGES}
