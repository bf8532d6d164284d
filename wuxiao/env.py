"""Strict readers of environment variables: a bad value stops the start with one sentence.

The exit status is 3 because gunicorn takes a worker that ends so for one that cannot boot and
stops, where any other status would make it try again for ever.
"""

import ipaddress
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import unquote, urlsplit

import environ

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
SHORTEST_SECRET = 50


def stop(name: str, reason: str) -> NoReturn:
    print(f"配置错误：环境变量 {name} {reason}", file=sys.stderr)
    raise SystemExit(3)


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; set but empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    word = text(name).lower()
    if not word:
        return default
    if word in TRUE | FALSE:
        return word in TRUE
    stop(name, f"的值「{word}」不对，请写 1 或 0。")


def number(name: str, default: int, low: int, high: int) -> int:
    word = text(name)
    if not word:
        return default
    if word.isascii() and word.isdigit() and low <= int(word) <= high:
        return int(word)
    stop(name, f"的值「{word}」不对，请写 {low} 到 {high} 之间的整数。")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    word = text(name, default)
    if word in allowed:
        return word
    stop(name, f"的值「{word}」不对，只能是 {'、'.join(allowed)} 之一。")


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins(name: str) -> list[str]:
    listed = words(name)
    for origin in listed:
        if not origin.startswith(("https://", "http://")):
            stop(name, f"中的「{origin}」不对，每项要以 https:// 开头，例如 https://wuxiao.example.cn。")
    return listed


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses or networks such as 10.0.0.0/8, separated by commas."""
    listed = words(name)
    try:
        return [ipaddress.ip_network(word) for word in listed]
    except ValueError:
        stop(name, f"的值「{','.join(listed)}」不对，请写用逗号分开的 IP 地址或网段。")


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).absolute()
    if path.exists() and not path.is_dir():
        stop(name, f"指向的 {path} 不是文件夹。")
    return path


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database setting from postgres://user:password@host:port/name or sqlite:///path."""
    url = text(name, default)
    if not url.startswith(("postgres://", "postgresql://", "sqlite:///")):
        stop(name, "不对，请写 postgres://用户:密码@主机:端口/库名 或 sqlite:///文件路径。")
    try:
        found: Mapping[str, object] = environ.Env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        stop(name, "无法解析，请检查密码中的特殊字符是否已按 %XX 转义。")
    if not found.get("NAME"):
        stop(name, "没有写库名。")
    return dict(found)


def postgres_options(*wanted: str) -> str:
    """Ours behind those of PGOPTIONS, which libpq takes only where a connection names none itself."""
    return " ".join([os.environ.get("PGOPTIONS", ""), *(f"-c {one}" for one in wanted)]).strip()


def broker(name: str, default: str) -> str:
    url = text(name, default)
    if url == "memory://" or url.startswith(("redis://", "rediss://", "unix://")):
        return url
    stop(name, "不对，请写 redis://主机:端口/库号，或 memory://（在网站进程内执行）。")


class Mail(NamedTuple):
    """Where mail goes out; without a host there is none."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False


def mail(name: str) -> Mail:
    """A server from smtp://user:password@host:port, smtp+tls:// or smtp+ssl://."""
    url = text(name)
    if not url:
        return Mail()
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        stop(name, "中的端口不对，请写 1 到 65535 之间的整数。")
    ports = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    if parts.scheme not in ports or not parts.hostname:
        stop(name, "不对，请写 smtp://用户:密码@主机:端口，加密的用 smtp+tls:// 或 smtp+ssl://。")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls, ssl = parts.scheme == "smtp+tls", parts.scheme == "smtp+ssl"
    return Mail(parts.hostname, port or ports[parts.scheme], user, password, tls, ssl)


def secret(name: str, kept_in: Path | None) -> str:
    """The signing key; `kept_in` names the file where one is made on the first start, if it may be."""
    given = text(name)
    if len(given) >= SHORTEST_SECRET:
        return given
    if given:
        stop(name, f"太短，请用至少 {SHORTEST_SECRET} 个随机字符。")
    if kept_in is None:
        stop(name, f"没有设置：使用 PostgreSQL 时必须给出至少 {SHORTEST_SECRET} 个随机字符，各进程相同。")
    return _kept_secret(kept_in)


def _kept_secret(path: Path) -> str:
    """Made in a file of its own and linked into place, so that two first starts agree on one key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
