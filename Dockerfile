# The image of web, worker, beat and release: the same code, another command.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Pango and HarfBuzz draw the papers, Noto CJK is their 宋体 and 黑体; npm fetches the front-end files below.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk npm \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/wuxiao

COPY requirements.txt ./
RUN pip install --require-hashes --no-deps -r requirements.txt

COPY . .

RUN apt-get update \
    && python scripts/vendor.py \
    && python scripts/fonts.py \
    && rm -rf node_modules ~/.npm /var/lib/apt/lists/*

RUN STATIC_COLLECTED=1 VAR_DIR=/tmp/var python manage.py collectstatic --noinput \
    && rm -rf /tmp/var \
    && useradd --system --home-dir /srv/wuxiao --shell /usr/sbin/nologin wuxiao \
    && install -d -o wuxiao -g wuxiao -m 700 /srv/wuxiao/var

USER wuxiao
VOLUME /srv/wuxiao/var
EXPOSE 8000
CMD ["gunicorn", "wuxiao.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "12", "--timeout", "120", "--no-control-socket"]
