# Everything from nothing: needs git, make and Python 3.11 or newer with venv and pip.
#   make demo          build six demo portfolios, scan them, compare them
#   make test          all tests
#   make lint types    style; types
#   make bench REPOS="PATH …"   benchmarks against clones of yours
#   make campaign      long runs: kills during scans, every fault at every request
#   make lock          write both lock files anew (needs uv)

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
RUN := $(VENV)/.run
DEV := $(VENV)/.dev

.PHONY: demo test lint format types bench campaign lock clean

demo: $(RUN)
	$(BIN)/shiptrace demo

test: $(DEV)
	$(BIN)/python -m pytest -n auto

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
types: $(DEV)
	$(BIN)/pyright

bench: $(DEV)
	$(BIN)/python -m tests.benchmarks.bench $(REPOS)

campaign: $(DEV)
	SHIPTRACE_KILLS=20 SHIPTRACE_PEOPLE=5 $(BIN)/python -m pytest -s tests/store/test_kill.py
	SHIPTRACE_FAULTS=all $(BIN)/python -m pytest -s tests/collect tests/demo/test_simulator_matrix.py

# A stamp is written last, so that an installation that broke off is done again.
$(RUN): $(BIN)/python pyproject.toml requirements.lock
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

$(BIN)/python:
	@command -v git >/dev/null || { echo "git is missing: install git 2.39.4 or newer, then run make again." >&2; exit 1; }
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found: install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is missing or older than 3.11: name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) has no venv or pip: install them (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

# No file may name a registry or a folder of this machine, so both locks are made without the machine's settings.
COMPILE = env -u PIP_FIND_LINKS -u UV_FIND_LINKS uv --no-config --quiet pip compile pyproject.toml --universal \
	--python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade
lock:
	@command -v uv >/dev/null || { echo "uv is missing: pip install uv" >&2; exit 1; }
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) shiptrace-demo.duckdb* shiptrace-demo-reports build dist .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
