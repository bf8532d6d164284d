"""Settings are driven by environment alone: listed, strict, and safe in production."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from wuxiao import env

ROOT = Path(__file__).resolve().parents[2]
READERS = (
    r"env\.(?:flag|text|number|choice|words|origins|networks|folder|database|broker|mail|secret)\(\s*\"([A-Z_]+)\""
)
LONG_KEY = "k9" * 30


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py …` with nothing in its environment but these variables."""
    surroundings = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_lists_every_variable_that_the_settings_read():
    read = set(re.findall(READERS, (ROOT / "wuxiao" / "settings.py").read_text()))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == listed
    assert len(read) > 10


def test_nobody_else_reads_the_environment():
    readers = [
        str(path.relative_to(ROOT))
        for app in ("accounts", "contests", "core", "documents", "portal", "scoring", "submissions")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    ]
    assert readers == []


def test_the_example_is_a_valid_environment(tmp_path):
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    done = start(tmp_path, "check", **{**example, "VAR_DIR": str(tmp_path / "var")})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("WUXIAO_DEMO", "2"),
        ("EMAIL_URL", "mail.example.cn:25"),
        ("EMAIL_URL", "smtp://mail.example.cn:port"),
        ("DATABASE_URL", "mysql://root@localhost/wuxiao"),
        ("DATABASE_URL", "postgres://wuxiao@localhost:port/wuxiao"),
        ("DATABASE_URL", "postgres://wuxiao@localhost"),
        ("CELERY_BROKER_URL", "amqp://localhost"),
        ("SECRET_KEY", "short"),
        ("UPLOAD_MAX_MB", "0"),
        ("SESSION_IDLE_MINUTES", "half an hour"),
        ("FORWARDED_ALLOW_IPS", "proxy"),
        ("CSRF_TRUSTED_ORIGINS", "wuxiao.example.cn"),
        ("LOG_LEVEL", "loud"),
        ("VAR_DIR", str(ROOT / "manage.py")),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(tmp_path, name, value):
    done = start(tmp_path, "check", **{name: value})
    assert done.returncode == 3
    assert done.stderr.startswith(f"配置错误：环境变量 {name}")
    assert done.stderr.count("\n") == 1


def test_a_password_in_the_database_url_is_never_printed(tmp_path):
    done = start(tmp_path, "check", DATABASE_URL="postgres://wuxiao:topsecret@localhost:port/wuxiao")
    assert "topsecret" not in done.stdout + done.stderr


def test_servers_must_be_given_the_key(tmp_path):
    done = start(tmp_path, "check", DATABASE_URL="postgres://wuxiao@localhost/wuxiao")
    assert done.returncode == 3
    assert "SECRET_KEY" in done.stderr


def test_what_an_earlier_key_signed_still_holds(tmp_path):
    """A session, and the phone of a ban (decision 30)."""
    sign = "from django.core.signing import dumps; print(dumps('13900000001'))"
    signed = start(tmp_path, "shell", "--no-imports", "-c", sign, SECRET_KEY=LONG_KEY).stdout.strip()
    read = f"from django.core.signing import loads; print(loads('{signed}'))"
    later = {"SECRET_KEY": LONG_KEY[::-1], "SECRET_KEY_FALLBACKS": f"{'x' * 60},{LONG_KEY}"}
    assert start(tmp_path, "shell", "--no-imports", "-c", read, **later).stdout == "13900000001\n"
    del later["SECRET_KEY_FALLBACKS"]
    assert "BadSignature" in start(tmp_path, "shell", "--no-imports", "-c", read, **later).stderr


def test_what_a_server_has_in_its_env_does_not_reach_the_demo():
    """scripts/demo.sh says of every variable what it is in the demo."""
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    script = (ROOT / "scripts" / "demo.sh").read_text()
    exported = " ".join(re.findall(r"^export ((?:.*\\\n)*.*)$", script, re.MULTILINE))
    assert set(re.findall(r"\b([A-Z_]+)=", exported)) >= listed


def test_the_containers_are_given_what_a_server_may_set():
    """docker compose reads .env for itself: what it does not pass on never arrives."""
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    passed = set(re.findall(r"^ {4}([A-Z_]+): ", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE))
    no_server = {"DEBUG", "WUXIAO_DEMO", "DEMO_PASSWORD", "STATIC_DIR", "FILES_DIR"}
    assert listed - passed == no_server


def test_sqlite_makes_its_key_once_and_for_itself_alone(tmp_path):
    question = "from django.conf import settings; print(settings.SECRET_KEY)"
    first = start(tmp_path, "shell", "--no-imports", "-c", question).stdout
    again = start(tmp_path, "shell", "--no-imports", "-c", question).stdout
    kept = tmp_path / "var" / "secret_key"
    assert first == again == kept.read_text() + "\n"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_production_passes_every_check_of_the_framework(tmp_path):
    production = {
        "SECRET_KEY": LONG_KEY + "abcdefghij",
        "DATABASE_URL": "sqlite:///" + str(tmp_path / "db.sqlite3"),
        "ALLOWED_HOSTS": "wuxiao.example.cn",
        "HTTPS": "1",
    }
    done = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **production)
    assert done.returncode == 0, done.stderr


def test_the_migrations_are_complete(tmp_path):
    done = start(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_our_options_of_postgresql_stand_beside_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c jit=off")
    assert env.postgres_options("random_page_cost=1.1") == "-c jit=off -c random_page_cost=1.1"
    monkeypatch.delenv("PGOPTIONS")
    assert env.postgres_options("random_page_cost=1.1") == "-c random_page_cost=1.1"


@pytest.mark.django_db
def test_rows_cost_the_same_wherever_they_stand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW random_page_cost")
        assert cursor.fetchone() == ("1.1",)
