# The order desk: two commands to know are `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
CORES := $(shell nproc 2>/dev/null || echo 2)

.PHONY: help run demo setup setup-dev test test-faults test-chaos check studio bench format clean

help:
	@echo "make run     everything: environment, database, demo company, sample inbox, then the desk until Ctrl-C"
	@echo "make demo    the same, and exit"
	@echo "make test    install what tests need and run them"
	@echo "make test-faults  what models can do wrong, and where an order then ends (part of make test)"
	@echo "make test-chaos  kill, cut off, fill up and shift whatever can be, and count orders afterwards (LONG=1: hours)"
	@echo "make setup   prepare the environment only"
	@echo "make check   format, lint, types, import order"
	@echo "make studio  LangGraph Server and Studio over the same database"
	@echo "make bench   what an order costs, what a broken model costs, and what workers get done (LONG=1: long)"

run: setup
	@$(BIN)/orderdesk up --demo

demo: setup
	@$(BIN)/orderdesk up --demo --exit

setup: $(VENV)/.ready

setup-dev: $(VENV)/.ready-dev

# uv comes first, from pip, into the environment itself; it then installs exactly what the lock file names.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.7"

$(VENV)/.ready: $(UV) requirements.lock pyproject.toml
	@test -e $(VENV)/.ready-dev || $(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@$(UV) pip install --quiet --no-deps --python $(BIN)/python -e .
	@touch $@

$(VENV)/.ready-dev: $(UV) requirements-dev.lock pyproject.toml
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.lock
	@$(UV) pip install --quiet --no-deps --python $(BIN)/python -e .
	@touch $@ $(VENV)/.ready

test: setup-dev
	@tools_dir=$(VENV) sh tests/install_browser.sh
	@$(BIN)/python tests/browser/get_axe.py
	@$(BIN)/python tests/integration/effects/get_debian_mail_server.py
	@$(BIN)/python -m pytest -n $(CORES) --dist worksteal -q --ignore=tests/faults --ignore=tests/chaos
	@$(MAKE) --no-print-directory test-faults

# With Node also against a chat server double by others.
test-faults: setup-dev
	@$(BIN)/python tests/faults/get_aimock.py
	@$(BIN)/python -m pytest tests/faults -n $(CORES) --dist worksteal -q --fault-table

# One process, as most of these tests keep both cores busy themselves. Seeds are printed; ORDERDESK_CHAOS_SEED repeats.
test-chaos: setup-dev
	@ORDERDESK_CHAOS_LONG=$(LONG) $(BIN)/python -m pytest tests/chaos -q -rP

check: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports

format: setup-dev
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

# Binds to loopback only: the development server has routes without authentication.
studio: setup-dev
	@LANGGRAPH_CLI_NO_ANALYTICS=1 LANGGRAPH_NO_VERSION_CHECK=true \
		$(BIN)/langgraph dev --host 127.0.0.1 --port $(or $(PORT),2024) --no-browser --no-reload --n-jobs-per-worker 4

bench: setup-dev
	@$(BIN)/orderdesk bench
	@$(BIN)/python -m tests.bench.model_faults
	@for part in throughput takeover priority backlog memory; do \
		$(BIN)/python -m tests.bench.$$part $(if $(LONG),--long) || exit 1; done

lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --all-extras pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .orderdesk .langgraph_api .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
