# Comity: two commands are enough: make run, make test.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
BIN    := $(VENV)/bin
TWO    := -n 2 --dist loadfile -p no:cacheprovider  # one worker a core
export COMITY_PORT := $(PORT)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without its bytecode every process compiles the house and its tests anew: 8 s a worker of pytest.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run test check bench soak lint lock clean doctor

help: ## what can be made here
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## install, load, compile the Council reports, serve at http://localhost:8000 (PORT=8001 for another port)
	@$(BIN)/comity setup
	@$(BIN)/comity report compile >/dev/null
	@$(BIN)/comity serve --links

test: $(VENV)/.test ## everything, on SQLite and on a real PostgreSQL
	@$(BIN)/comity doctor --quiet >/dev/null || true
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest $(TWO) -m "not browser and not soak"
	$(BIN)/python -m pytest -m browser
	$(BIN)/python -m tests.on_postgresql $(TWO) -m "not browser and not soak"

check: $(VENV)/.test ## an answer within a minute: lint, types, the quick tests on SQLite
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -m "not browser and not slow and not soak" $(TWO) --hypothesis-profile=quick

lint: $(VENV)/.test ## ruff, mypy, import contracts
	$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

bench: $(VENV)/.test ## the figures of every benchmark
	@for file in bench/*.py; do $(BIN)/python $$file || exit 1; done

soak: $(VENV)/.test ## the long runs
	$(BIN)/python -m pytest -m soak

doctor: $(VENV)/.run ## what is missing on this machine
	@$(BIN)/comity doctor

lock: ## pin the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra build --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-test.lock
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements-test.lock -o requirements.lock

clean: ## remove the environment and what tests left; var/ (your data) stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Comity needs Python 3.11 or newer; this is $$($(PYTHON) -V). Name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Comity needs (100 MB to fetch, 450 MB on disk, about a minute) …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-test.lock
	@touch $@
