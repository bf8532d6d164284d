"""Starts a private PostgreSQL and Redis, runs one command against them and ends them.

    python scripts/services.py -- pytest -n 2

The command finds DATABASE_URL, CELERY_BROKER_URL, SECRET_KEY and VAR_DIR in its environment. Everything lives in a
temporary folder and on free ports. PostgreSQL refuses to run as root, so root starts it as another user.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import psycopg2
import redis

PATIENCE_SECONDS = 30
USER = DATABASE = "wuxiao"


class CannotStart(Exception):
    """The sentence for the person at the keyboard."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_tool(name: str) -> str:
    """The program of the newest installed version: Debian keeps the server's programs off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise CannotStart("PostgreSQL is missing: apt-get install -y postgresql")
    return found


def unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def wait_until(ready: Callable[[], object], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ready()
            return
        except (psycopg2.OperationalError, redis.ConnectionError):
            time.sleep(0.05)
    raise CannotStart(f"{name} did not start:\n{log.read_text(errors='replace')}")


class Postgres:
    """A cluster of its own; fsync is off because nothing in it outlives the command."""

    def __init__(self, root: Path) -> None:
        self.home = root / "postgres"
        self.log = root / "postgres.log"
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.user = unprivileged_user()
        self.home.mkdir()
        if self.user:
            shutil.chown(self.home, self.user)

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> subprocess.Popen[bytes]:
        self._initdb()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "200",
            "shared_buffers": "256MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        process = self._popen([postgres_tool("postgres"), "-D", "data", *options])
        wait_until(self._connect_to_template, process, "PostgreSQL", self.log)
        self._create_database()
        return process

    def _initdb(self) -> None:
        (self.home / "password").write_text(self.password)
        (self.home / "password").chmod(0o644)
        arguments = ["-D", "data", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256"]
        made = self._popen([postgres_tool("initdb"), *arguments, "--pwfile=password", "--no-sync"])
        if made.wait():
            raise CannotStart(f"initdb failed:\n{self.log.read_text(errors='replace')}")
        (self.home / "password").unlink()

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.home,
                user=self.user,
                extra_groups=[] if self.user else None,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _connect_to_template(self) -> None:
        psycopg2.connect(self.url.removesuffix(DATABASE) + "template1").close()

    def _create_database(self) -> None:
        connection = psycopg2.connect(self.url.removesuffix(DATABASE) + "template1")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        connection.close()


class Redis:
    def __init__(self, root: Path) -> None:
        self.home = root / "redis"
        self.log = root / "redis.log"
        self.port = free_port()
        self.home.mkdir()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> subprocess.Popen[bytes]:
        program = shutil.which("redis-server")
        if not program:
            raise CannotStart("Redis is missing: apt-get install -y redis-server")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [program, *options], cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(redis.Redis.from_url(self.url).ping, process, "Redis", self.log)
        return process


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown, and Redis' too."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(command: list[str], environment: dict[str, str]) -> int:
    """The command's exit status; a signal to us is passed on to it, so that it can end its own children."""
    child = subprocess.Popen(command, env={**os.environ, **environment})

    def pass_on(number: int, frame: FrameType | None) -> None:
        if child.poll() is None:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, lambda number, frame: None)  # the keyboard's reaches the child by itself
    return child.wait()


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(tempfile.mkdtemp(prefix="wuxiao-"))
    root.chmod(0o755)  # the other user must reach its folder
    started: list[subprocess.Popen[bytes]] = []
    try:
        postgres, broker = Postgres(root), Redis(root)
        started += [postgres.start(), broker.start()]
        environment = {
            "DATABASE_URL": postgres.url,
            "CELERY_BROKER_URL": broker.url,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "VAR_DIR": str(root / "var"),
        }
        return run(command, environment)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 3
    finally:
        for process in reversed(started):
            end(process)
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
