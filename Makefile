# tamis: `make run` is all a new user needs; `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: setup run test gate setup-lake test-lake bench-lake lint bench lock clean help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
export DO_NOT_TRACK := 1

# The first of these that runs and is new enough; name another with: make setup PYTHON=/path/to/python
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14
FIND_PYTHON = python=; for each in $(PYTHONS); do \
	if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; done; \
	if [ -z "$$python" ]; then \
	echo "tamis needs Python 3.11 or newer, and none of these is: $(PYTHONS). Install one (python.org, your" >&2; \
	echo "package manager, or: uv python install 3.12), then: make setup PYTHON=/path/to/python3" >&2; exit 2; fi

setup: $(READY) ## make .venv/ with the command tamis in it

# The stamp is the last thing written: a set-up that was interrupted starts again from nothing.
$(READY): requirements.lock pyproject.toml
	@$(FIND_PYTHON); fresh=; [ -e $(READY) ] || fresh=--clear; rm -f $(READY); \
	if command -v uv >/dev/null; then \
		uv venv -q --allow-existing $$fresh --python "$$python" $(VENV); \
		install="uv pip install -q --python $(BIN)/python"; \
	else \
		"$$python" -m venv $$fresh $(VENV); \
		install="$(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check"; \
	fi; \
	echo "setting up $(VENV) (about a minute the first time)"; \
	$$install --no-deps --require-hashes -r requirements.lock; \
	$$install --no-deps -e .
	@touch $(READY)

run: setup ## clean the seed texts into data/tamis.duckdb and show what came of it
	@$(BIN)/tamis ingest seeds
	@$(BIN)/tamis show

test: setup ## run the tests, without those that take long
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not gate"

gate: setup ## run the tests that take long: quality floors, many kills, a deployed run
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m gate

# DuckDB's extensions are wheels of one version: what needs them has an environment of its own.
LAKE := .venv-lake
setup-lake: ## make .venv-lake/ with a tamis whose warehouse may lie on DuckLake
	@$(MAKE) --no-print-directory VENV=$(LAKE) setup
	@[ $(LAKE)/lake -nt requirements-lake.lock ] && [ $(LAKE)/lake -nt $(LAKE)/ready ] || { \
		if command -v uv >/dev/null; then install="uv pip install -q --python $(LAKE)/bin/python"; \
		else install="$(LAKE)/bin/python -m pip install -qq --disable-pip-version-check"; fi; \
		$$install --no-deps --require-hashes -r requirements-lake.lock; touch $(LAKE)/lake; }

test-lake: setup-lake ## run the tests of DuckLake, against TAMIS_TEST_POSTGRES or a PostgreSQL of this machine's
	TAMIS_TEST_LAKE=required $(LAKE)/bin/python -m pytest -rs tests/lake $(ONLY)

bench-lake: setup-lake ## what a lake costs beside a file
	@$(LAKE)/bin/python tests/bench/lake.py

lint: setup ## formatting, lint, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## CPU time a document of tamis clean, over the seeds and the fixtures
	@$(BIN)/python tests/bench/speed.py

lock: setup ## pin the newest versions that pyproject.toml allows (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 2; }
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --extra dev \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["lake"], sep="\n")' \
		| uv pip compile -q --no-deps --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links - -o requirements-lake.lock

clean: ## remove .venv/, caches and builds; data/ stays
	rm -rf $(VENV) $(LAKE) build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12
