"""The portal as a server runs it: the Procfile's own commands, ended by their process ids."""

import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
_KEPT = tempfile.TemporaryDirectory(prefix="wuxiao-tables-")  # of this process, gone with it


def procfile() -> dict[str, str]:
    """Name → command of every line."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, command in (line.split(":", 1) for line in lines if line.strip())}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_database(url: str) -> Iterator[str]:
    """The URL of a fresh UTF-8 database beside the given one; dropped at the end."""
    with copied_database(url, "template0") as made:
        yield made


@contextmanager
def copied_database(url: str, original: str) -> Iterator[str]:
    """The same with all that `original` holds, whom nobody may be talking to."""
    name = f"portal_{secrets.token_hex(4)}"
    made = create_database(url, name, original)
    try:
        yield made
    finally:
        _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def create_database(url: str, name: str, original: str = "template0") -> str:
    """Its URL."""
    _execute(url, f"CREATE DATABASE {name} TEMPLATE {original} ENCODING 'UTF8'")
    return url.rpartition("/")[0] + f"/{name}"


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


class Portal:
    """Processes of one portal. `root` takes its files and logs; keywords are further environment variables."""

    def __init__(self, root: Path, **environment: str) -> None:
        self.root = root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        inherited = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        self.environment = inherited | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PORT": str(self.port),
            "VAR_DIR": str(root / "var"),
            "SECRET_KEY": secrets.token_urlsafe(64),
            "WUXIAO_DEMO": "1",
            **environment,
        }
        if environment.get("CELERY_BROKER_URL", "").startswith("redis"):
            redis.Redis.from_url(environment["CELERY_BROKER_URL"]).flushdb()

    def manage(self, *arguments: str) -> str:
        """The output of one management command; AssertionError with what it said when it failed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def migrate(self) -> None:
        """Every table; on SQLite a copy of those that the first portal of this run made."""
        if self.environment.get("DATABASE_URL"):
            self.manage("migrate", "--noinput")
            return
        own = Path(self.environment["VAR_DIR"]) / "wuxiao.sqlite3"
        kept = Path(_KEPT.name) / own.name
        if not kept.exists():
            self.manage("migrate", "--noinput")
            shutil.copy(own, kept)
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, own)

    def start(self, *names: str) -> None:
        """Starts the named lines of the Procfile and waits until web and worker are ready."""
        for name in names:
            self.start_command(name, procfile()[name])
        if "web" in names:
            self.wait_for_web()
        if "worker" in names:
            self.wait_for_log("worker", r"celery@\S+ ready")

    def start_command(self, name: str, command: str) -> None:
        with (self.root / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.root / f"{name}.log").read_text(errors="replace")

    def get(self, path: str) -> http.client.HTTPResponse:
        """The answer to a GET with its body unread."""
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.url).port, timeout=10)
        connection.request("GET", path)
        return connection.getresponse()

    def wait_for_web(self) -> None:
        def answered() -> bool:
            try:
                return self.get("/healthz").status == http.HTTPStatus.OK
            except OSError:
                return False

        self._wait("web", answered)

    def wait_for_log(self, name: str, pattern: str) -> None:
        self._wait(name, lambda: bool(re.search(pattern, self.log(name))))

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.processes[name].poll() is None:
            if ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"{name} is not ready:\n{self.log(name)}")

    def stop(self, name: str | None = None, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends one process, or all, and what they started: each leads a process group of its own."""
        for each in [name] if name else list(self.processes):
            process = self.processes.pop(each)
            process.send_signal(number)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def kill(self, name: str) -> None:
        """As a power cut would: the whole process group, with no chance to tidy up."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
