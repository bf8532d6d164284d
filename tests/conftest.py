"""What every test stands on: private files, real services, a real portal, a real browser."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.seeded import demo_portal
from tests.servers import Portal

PROVE = os.environ.get("PROVE") == "1"
WITH_WINDOWS = ("chromium", "chromium-browser")

# Playwright's event loop runs in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis_settings.register_profile("test", max_examples=100, deadline=None)
hypothesis_settings.register_profile("prove", max_examples=5000, deadline=None)
hypothesis_settings.load_profile("prove" if PROVE else "test")


# Whole files go to one process each, the long ones first; a browser waits for much, so beside it goes what computes.
LONG = (
    "test_walk",
    "test_moves",
    "test_desk_runs",
    "test_matrix",
    "test_every_page",
    "test_demo",
    "test_desk_every_page",
    "test_servers",
    "test_scoring_desk",
    "test_lists",
    "test_audit_desk",
    "test_inference",
    "test_desk_pages",
    "test_concurrency",
    "test_walk_sqlite",
    "test_embedded",
    "test_simulate",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session")
def at_full_length() -> bool:
    """Is this `make prove`? A proof is the same code with a larger number then."""
    return PROVE


@pytest.fixture(scope="session", autouse=True)
def unhurried_sessions() -> None:
    """A client's session is renewed by its first request only, however slow the machine: numbers of queries count."""
    from accounts import middleware  # no app may be imported before Django is set up

    middleware.RENEWED_AFTER = 24 * 3600


@pytest.fixture(scope="session", autouse=True)
def light_processes(django_test_environment: None) -> None:
    """What a process of many thousand short tests need not do: look for garbage often, list all static files anew for
    each client, wait for a disk that nothing outlives. Measured, a fifth of the suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    settings.WHITENOISE_AUTOREFRESH = True
    os.fsync = lambda _: None


@pytest.fixture(autouse=True)
def private_files(request: pytest.FixtureRequest) -> None:
    """A test that may touch the database keeps its files in its own folder and hashes passwords quickly."""
    marked = request.node.get_closest_marker("django_db")
    if not marked and not {"db", "transactional_db"} & set(request.fixturenames):
        return
    settings = request.getfixturevalue("settings")
    settings.MEDIA_ROOT = request.getfixturevalue("tmp_path") / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def services() -> dict[str, str]:
    """The URLs of the private PostgreSQL and Redis; without them the test fails, it does not skip."""
    found = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "CELERY_BROKER_URL")}
    if not all(found.values()):
        pytest.fail("needs PostgreSQL and Redis: python scripts/services.py -- python -m pytest …", pytrace=False)
    return found


@pytest.fixture
def broker_url(services: dict[str, str], worker_id: str) -> str:
    return own_redis(services, worker_id)


def own_redis(services: dict[str, str], worker_id: str, further: int = 0) -> str:
    """A Redis number of this test process (and of its further portal) alone: nobody else's worker takes its jobs."""
    number = 1 + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else 8
    return f"{services['CELERY_BROKER_URL'].rpartition('/')[0]}/{number + 4 * further}"


@pytest.fixture(scope="session")
def portal(services: dict[str, str], worker_id: str) -> Iterator[Portal]:
    """The demo season on web, worker and beat of the Procfile, with PostgreSQL, Redis and files of their own."""
    with demo_portal(services["DATABASE_URL"], own_redis(services, worker_id)) as served:
        served.start("web", "worker", "beat")
        yield served


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Ends with its module: its event loop is nothing for the tests that follow in this process."""
    expect.set_options(timeout=20_000)  # milliseconds: the machine has other tests to run
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """Without the share of the work that a window would take."""
    yield from launched(driver, "chromium-headless-shell", *WITH_WINDOWS)


@pytest.fixture(scope="module")
def whole_chromium(driver: Playwright) -> Iterator[Browser]:
    """With what only the whole program has, as its viewer of PDFs."""
    yield from launched(driver, *WITH_WINDOWS)


def launched(driver: Playwright, *programs: str) -> Iterator[Browser]:
    """The first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, programs)), None)
    if not found:
        pytest.fail(f"needs Chromium: apt-get install -y {programs[0]}", pytrace=False)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = driver.chromium.launch(
        executable_path=found, args=[*arguments, "--disable-dev-shm-usage", "--disable-gpu"]
    )
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser, portal: Portal) -> Iterator[BrowserContext]:
    """One person's browser. For a second person in the same test: `chromium.new_context(base_url=portal.url)`."""
    made = chromium.new_context(
        base_url=portal.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900}
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script broke or the content security policy was offended."""
    complaints: list[str] = []

    def on_error(error: Error) -> None:
        complaints.append(str(error))

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    made = context.new_page()
    made.on("pageerror", on_error)
    made.on("console", on_console)
    yield made
    assert not complaints
