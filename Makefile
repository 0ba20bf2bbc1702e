# `make demo` and `make test` need make and a Python 3.12 or newer, nothing else.
# The environment lives in .venv and comes from the hash-locked requirements.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPARED := status_quo prolonged_conflict negotiated_settlement
WORLDS := 300

.PHONY: help demo test lint bench plausibility thesis odd schema picture screenshots lock clean
.DELETE_ON_ERROR:

help:
	@echo "make demo    compare three scenarios and write the report"
	@echo "make test    run the tests"
	@echo "make lint    formatting, lint and types"
	@echo "make bench   measure speed, as ratios taken in one run"
	@echo "make plausibility  run status_quo and invasion_2022, write the tables of docs/validation.md"
	@echo "make thesis  test the six hypotheses, write the verdicts of docs/thesis.md (minutes)"
	@echo "make odd     write the tables of docs/ODD.md and docs/model.md anew from the code"
	@echo "make schema  write docs/scenario.schema.json anew, after a change to priors or levers"
	@echo "make picture take the documents' pictures of the demo's report anew (needs chromium)"
	@echo "make screenshots take the pictures of the explorer anew (needs chromium)"
	@echo "make lock    resolve the dependencies anew (needs uv; UPGRADE=1 for newer releases)"
	@echo "make clean   remove the environment, caches and builds; runs in results/ stay"

demo: $(VENV)/.runtime
	@$(BIN)/fulcrum compare $(COMPARED) --baseline status_quo --worlds $(WORLDS) --workers 2

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -rs -n auto --dist loadgroup

lint: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks

plausibility: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.validation

thesis: $(VENV)/.dev
	@$(BIN)/fulcrum thesis --engine numba --workers 2
	@$(BIN)/fulcrum thesis --engine numba --workers 2 --source posterior_2023
	@$(BIN)/python -m benchmarks.thesis

odd: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.odd

schema: $(VENV)/.dev
	@$(BIN)/fulcrum schema > docs/.schema.part && mv docs/.schema.part docs/scenario.schema.json

picture: $(VENV)/.dev
	@report=$$($(BIN)/fulcrum compare $(COMPARED) --baseline status_quo --worlds $(WORLDS) --engine numba --json \
		| $(BIN)/python -c 'import json, sys; print(json.load(sys.stdin)["report"])') && \
	$(BIN)/python -m benchmarks.pictures "$$report"

screenshots: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.screenshots

# Stamps, not the files themselves, so that an interrupted set-up starts over.
$(VENV)/.made:
	@python=$$(.ci/find-python) && echo "Making $(VENV) with $$python" \
		&& "$$python" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what requirements.lock names (once; about half a minute)"
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what requirements-dev.lock names (once; about half a minute)"
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# One lock for Linux and macOS, Python 3.12 and up. Existing pins stay unless UPGRADE=1.
COMPILE = uv pip compile pyproject.toml --quiet --universal --python-version 3.12 \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH"; exit 1; }
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find agents sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
