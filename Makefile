# Two commands are enough: `make run` to look at the demo clinic, `make test` for what every commit must pass.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PYTEST ?= $(BIN)/pytest -n 2 --dist worksteal
PORT ?= 8000
FONTS := src/shoshin/design/static/design/fonts/fonts.css

.NOTPARALLEL:
.PHONY: run test check test-sqlite test-postgres test-scale chaos wording fonts bench lock audit-dependencies clean

# --- look at it -------------------------------------------------------------------------------------------------
run: export SHOSHIN_DEMO := 1
run: export SHOSHIN_HOME := $(or $(SHOSHIN_HOME),var/demo)
run: .venv/.base fonts
	@$(BIN)/shoshin setup
	@$(BIN)/shoshin measures wording || echo "Going on without it."
	@$(BIN)/shoshin demo --if-empty
	@exec $(BIN)/shoshin serve --demo --no-setup --port $(PORT)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Shoshin needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)."; \
	  echo "Install a newer one, or name it: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/.base: $(BIN)/python requirements/base.txt pyproject.toml
	@echo "Installing Shoshin into .venv (once; a minute or two)."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	@echo "Installing what the tests need."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

fonts:
	@[ -f $(FONTS) ] || [ ! -f tools/fetch_fonts.py ] || $(PYTHON) tools/fetch_fonts.py

# --- what every commit must pass --------------------------------------------------------------------------------
test: check test-sqlite test-postgres

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config .importlinter
	$(BIN)/python manage.py makemigrations --check --dry-run

test-sqlite: .venv/.dev fonts wording
	@tests/system_packages.sh
	$(PYTEST)

test-postgres: .venv/.dev fonts wording
	@tests/system_packages.sh
	tests/postgres.sh $(PYTEST) --ignore=tests/science

# Long fault runs on both databases, about an hour: kills, restarts, a full disk, a phone on a train, hostile input. Then the figures.
chaos: .venv/.dev fonts wording
	@tests/system_packages.sh
	$(BIN)/pytest -m chaos
	DURABLE=1 tests/postgres.sh $(BIN)/pytest -m chaos tests/chaos
	tests/postgres.sh $(BIN)/pytest -m rest tests/chaos tests/hostile tests/house
	$(BIN)/python bench/trust.py

# What needs Spark, and Java 17 or newer for it: the same sums on another engine.
test-scale: .venv/.dev requirements/scale.txt
	@command -v java >/dev/null || { echo "Spark needs Java 17 or newer: apt-get install openjdk-17-jre-headless"; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/scale.txt
	$(BIN)/pytest -m scale tests/mart

# The wording of three public-domain questionnaires, for tests that read the real package.
wording: .venv/.dev
	@$(BIN)/shoshin measures wording --fetch-only || echo "Going on without it."

# --- now and then -----------------------------------------------------------------------------------------------
bench: .venv/.dev
	@for figure in bench/[a-z]*.py; do \
	  case $$figure in bench/fit_*|bench/trust.py) continue;; esac; echo; $(BIN)/python $$figure || exit 1; done

# Known weaknesses in what we build on. Needs the network; where it cannot look, it fails instead of being green.
audit-dependencies: .venv/.dev
	@$(BIN)/python tools/audit_dependencies.py

lock:
	@command -v uv >/dev/null || { echo "Locking needs uv: pip install uv"; exit 1; }
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml -o requirements/base.txt
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra postgres -o requirements/postgres.txt
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra analytics --group dev -o requirements/dev.txt
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra analytics -o requirements/analytics.txt
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra analytics --extra spark --group dev \
	  -o requirements/scale.txt

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
