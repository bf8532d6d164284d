# The commands of the house. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo demo-reset test lint types style prove bench lock ci

PY := .venv/bin/python
PYTEST := $(PY) -m pytest
WITH_SERVERS := $(PY) scripts/services.py --
BY_FILE := --dist loadfile --no-loadscope-reorder
# Every table is tiny here: planning a join of ten would cost more than running it.
TINY := env PGOPTIONS="-c join_collapse_limit=1 -c jit=off"
# These start a portal on SQLite of their own, whatever the tests' own database is.
EMBEDDED := tests/season/test_walk_sqlite.py tests/house/test_embedded.py
ON_SQLITE := env DATABASE_URL= CELERY_BROKER_URL= SECRET_KEY=
TEMPLATES := templates $(wildcard */templates)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: ## prepare the environment that the portal runs in (.venv, system libraries, front-end files, fonts)
	@sh scripts/setup.sh runtime

setup-test: ## the same, and what the tests need
	@sh scripts/setup.sh test

demo: setup ## serve the demo season on http://127.0.0.1:8000 (PORT=… changes it); Ctrl-C ends it
	@sh scripts/demo.sh

demo-reset: setup ## throw the demo's data away and start afresh
	@$(PY) scripts/port_is_free.py $(or $(PORT),8000)
	@rm -rf var/demo
	@$(MAKE) --no-print-directory demo

test: setup-test lint ## the whole suite: rules; PostgreSQL + Redis and Chromium side by side; SQLite
	$(PYTEST) -q -n 2 tests/rules
	$(WITH_SERVERS) $(TINY) $(PYTEST) -q -n 2 $(BY_FILE) --durations 25 --ignore tests/rules -m "not prove"
	$(ON_SQLITE) $(PYTEST) -q -n 2 $(BY_FILE) --ignore tests/rules $(EMBEDDED:%=--ignore %) \
		-m "sqlite and not browser and not prove"

lint: ## style, types, templates, floors
	@$(MAKE) --no-print-directory -j2 -Otarget types style

types:
	$(PY) -m mypy

style:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --quiet --lint $(TEMPLATES)
	.venv/bin/lint-imports

prove: ## the proofs at full length and size, LibreOffice included
	@sh scripts/setup.sh prove
	$(WITH_SERVERS) env PROVE=1 $(PYTEST) -q -n 2 $(BY_FILE)

bench: setup-test ## the benchmark: pages at 1,068 and 10,163 achievements beside their floor, one entry against 100,000
	$(WITH_SERVERS) $(PY) scripts/bench.py
	$(WITH_SERVERS) $(PY) scripts/bench_desk.py

lock: setup-test ## write requirements*.txt from the short lists requirements*.in
	$(PY) -m uv pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(PY) -m uv pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(PY) -m uv pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 requirements-node.in -o requirements-node.txt

ci: ## what the build server runs
	@bash .ci/run
