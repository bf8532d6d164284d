#!/bin/sh
# Prepares the environment: system libraries through apt when it may, Python packages with hashes in .venv,
# front-end files and fonts.
#
#   scripts/setup.sh [runtime|test|prove]     each includes the one before it; default: runtime
#
# Run again it only looks; what is there already is not fetched again.
set -eu
cd "$(dirname "$0")/.."
scope=${1:-runtime}
missing=
wanted=

say() { printf '%s\n' "$*" >&2; }

quietly() { # what it says is shown only when it failed; what is then missing is said at the end
    heard=$("$@" 2>&1) || say "$heard"
}

need() { # need PACKAGE COMMAND…: the package is missing when the command fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

want() { # the same for what only makes the tests quicker: left out where it cannot be had
    package=$1
    shift
    "$@" >/dev/null 2>&1 || wanted="$wanted $package"
}

library() { /sbin/ldconfig -p | grep -q "$1"; }
postgres() { ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; }
a_chromium() { command -v chromium || command -v chromium-browser; }

look_for_system_packages() {
    missing=
    wanted=
    need python3 command -v python3
    need python3-venv python3 -c 'import ensurepip, venv'
    need libpango-1.0-0 library libpango-1.0.so.0
    need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
    need libharfbuzz-subset0 library libharfbuzz-subset.so.0
    need fonts-noto-cjk test -e /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc
    [ "$scope" = runtime ] && return 0
    need make command -v make
    need chromium a_chromium
    want chromium-headless-shell command -v chromium-headless-shell
    need libatomic1 library libatomic.so.1
    need redis-server command -v redis-server
    need postgresql postgres
    need poppler-utils command -v pdftotext
    [ "$scope" = test ] && return 0
    need libreoffice-calc-nogui command -v soffice
}

install_system_packages() {
    if [ "$(id -u)" = 0 ]; then
        as_root=env
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n env"
    else
        return 0
    fi
    command -v apt-get >/dev/null || return 0
    say "Installing$missing$wanted …"
    quietly $as_root DEBIAN_FRONTEND=noninteractive apt-get update
    for package in $wanted; do
        apt-cache show "$package" >/dev/null 2>&1 && missing="$missing $package"
    done
    # RUNLEVEL=1: the tests start servers of their own, so those of the packages need not run.
    # shellcheck disable=SC2086  # a list of words
    quietly $as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends $missing
    look_for_system_packages
}

same() { # same NAME FILE…: were these files the same when NAME was last made?
    name=$1
    shift
    [ -e ".venv/.made-$name" ] && [ "$(cat "$@" | sha256sum)" = "$(cat ".venv/.made-$name")" ]
}

made() {
    name=$1
    shift
    cat "$@" | sha256sum >".venv/.made-$name"
}

packages() { # packages NAME FILE…
    name=$1
    shift
    same "$name" "$@" && return 0
    arguments=
    for file in "$@"; do arguments="$arguments -r $file"; done
    say "Installing the Python packages of $* …"
    # shellcheck disable=SC2086
    .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check --root-user-action ignore \
        --require-hashes --no-deps $arguments
    made "$name" "$@"
}

case $scope in
runtime | test | prove) ;;
*)
    say "usage: scripts/setup.sh [runtime|test|prove]"
    exit 2
    ;;
esac

look_for_system_packages
[ -z "$missing$wanted" ] || install_system_packages
if [ -n "$missing" ]; then
    say "缺少系统组件，请先安装： apt-get install -y --no-install-recommends$missing"
    exit 3
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "需要 Python 3.11 或更新的版本，当前是 $(python3 --version)。"
    exit 3
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
packages runtime requirements.txt
[ "$scope" = runtime ] || packages test requirements.txt requirements-dev.txt
.venv/bin/python scripts/vendor.py
.venv/bin/python scripts/fonts.py
