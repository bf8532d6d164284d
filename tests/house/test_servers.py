"""The servers' side: Procfile and compose file say the same, and what they say runs."""

import json
import re
import signal
from pathlib import Path

import psycopg2
import pytest
import redis
import yaml

from tests.servers import Portal, new_database, procfile

ROOT = Path(__file__).resolve().parents[2]
RELEASE, WEB = "release", "web"


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_runs_the_commands_of_the_procfile(compose):
    ours = {name: service["command"] for name, service in compose["services"].items() if "build" in service}
    assert ours == procfile()


def test_compose_has_postgresql_and_redis_with_volumes_and_health_checks(compose):
    services = compose["services"]
    assert {"postgres", "redis", "web", "worker", "beat", "release"} == set(services)
    assert services["postgres"]["image"] == "postgres:15"
    assert services["redis"]["image"] == "redis:7"
    for name in ("postgres", "redis", "web", "worker"):
        assert services[name]["healthcheck"]["test"]
    mounted = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert mounted == set(compose["volumes"])


def test_every_process_waits_for_the_migration(compose):
    for name in ("web", "worker", "beat"):
        waits_for = compose["services"][name]["depends_on"]
        assert waits_for[RELEASE] == {"condition": "service_completed_successfully"}
        assert waits_for["postgres"] == waits_for["redis"] == {"condition": "service_healthy"}


def test_compose_gives_only_variables_that_the_settings_read(compose):
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(compose["services"]["web"]["environment"]) <= listed


def test_no_secret_has_a_default_in_compose():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(:[^}}]*)\}}", text)) == {f":?set {name} in .env"}


def test_the_image_runs_the_web_command_without_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_user = [line for line in lines if line.startswith("USER ")][-1]
    command = json.loads(next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD "))
    assert last_user == "USER wuxiao"
    assert " ".join(command) == procfile()[WEB].replace("${PORT:-8000}", "8000")


@pytest.mark.servers
def test_the_procfile_runs_on_postgresql_and_redis(services, broker_url, tmp_path):
    with new_database(services["DATABASE_URL"]) as database_url:
        portal = Portal(tmp_path, DATABASE_URL=database_url, CELERY_BROKER_URL=broker_url, WUXIAO_DEMO="0")
        try:
            portal.start_command(RELEASE, procfile()[RELEASE])
            assert portal.processes.pop(RELEASE).wait(timeout=120) == 0, portal.log(RELEASE)
            portal.start("web", "worker", "beat")
            answer = portal.get("/healthz")
            assert answer.status == 200
            assert answer.getheader("Content-Type") == "application/json"
            assert json.loads(answer.read())
            portal.wait_for_log("beat", "Scheduler: Sending due task sweep-jobs|beat: Starting")
        finally:
            portal.stop()
    assert "Traceback" not in portal.log("web") + portal.log("worker") + portal.log("beat")


@pytest.mark.servers
def test_the_web_process_ends_at_once_when_it_is_told_to(services, broker_url, tmp_path):
    with new_database(services["DATABASE_URL"]) as database_url:
        portal = Portal(tmp_path, DATABASE_URL=database_url, CELERY_BROKER_URL=broker_url)
        portal.migrate()
        portal.start("web")
        web = portal.processes["web"]
        portal.stop("web", signal.SIGTERM)
        assert web.returncode == 0
        with pytest.raises(OSError, match="refused"):
            portal.get("/healthz")


@pytest.mark.servers
def test_the_private_services_are_the_real_ones(services):
    with psycopg2.connect(services["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding'), current_setting('server_version_num')::int")
        assert cursor.fetchone()[0] == "UTF8"
    assert redis.Redis.from_url(services["CELERY_BROKER_URL"]).ping()
