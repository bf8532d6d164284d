#!/bin/sh
# Serves the demo season on SQLite with its worker inside the web process; Ctrl-C ends everything.
set -eu
cd "$(dirname "$0")/.."

# Empty, not unset: a .env file for a server must not reach the demo.
export DATABASE_URL= CELERY_BROKER_URL= SECRET_KEY= SECRET_KEY_FALLBACKS= HTTPS= DEBUG=0 WUXIAO_DEMO=1
export FILES_DIR= STATIC_DIR= STATIC_COLLECTED= ALLOWED_HOSTS= CSRF_TRUSTED_ORIGINS= FORWARDED_ALLOW_IPS=
export EMAIL_URL= EMAIL_FROM= UPLOAD_MAX_MB= SESSION_IDLE_MINUTES= JOB_QUEUED_SECONDS= JOB_STALE_SECONDS=
export VAR_DIR="${DEMO_DIR:-$PWD/var/demo}" LOG_LEVEL=WARNING DEMO_PASSWORD="${DEMO_PASSWORD:-Wuxiao-demo-2021}"
PORT=${PORT:-8000}
python=.venv/bin/python

"$python" scripts/port_is_free.py "$PORT"
(umask 077 && mkdir -p "$VAR_DIR")
if ! "$python" manage.py migrate --verbosity 0 >"$VAR_DIR/migrate.log" 2>&1; then
    echo "演示数据来自更早的版本，不能升级到这一版（原因见 $VAR_DIR/migrate.log）；请运行 make demo-reset 重新装入。" >&2
    exit 1
fi
"$python" manage.py seed_demo

cat <<SIGN_INS

  五小竞赛演示系统   http://127.0.0.1:$PORT

  密码（全部相同）  $DEMO_PASSWORD
  竞赛办公室        office  office2
  监督             supervisor
  县（市、区）工会   county
  产业（集团）工会   group
  合作单位          partner
  基层单位          unit  direct  direct2
  评审专家          expert1 … expert9

  按 Ctrl-C 停止；数据保留在 ${DEMO_DIR:-var/demo}，make demo-reset 重新开始。

SIGN_INS

exec .venv/bin/gunicorn wuxiao.wsgi --bind "127.0.0.1:$PORT" --worker-class gthread --workers 1 --threads 8 \
    --timeout 120 --graceful-timeout 10 --no-control-socket --log-level warning
