# One environment for running and testing; made again whenever pyproject.toml changes.
PYTHON ?= python3.11
VENV := .venv
READY := $(VENV)/.ready
SAMPLE ?= hub-and-spoke
# The tests of the editor wait for a terminal half of their time: two for each core.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

.PHONY: run test lint types contracts bench pictures clean

run: $(READY)
	@if [ -t 0 ] && [ -t 1 ]; then $(VENV)/bin/vnet-tui $(SAMPLE); else $(VENV)/bin/vnet-tui check $(SAMPLE); fi

test: lint types contracts
	$(VENV)/bin/pytest -n $(WORKERS) --dist worksteal

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(READY)
	$(VENV)/bin/mypy

contracts: $(READY)
	$(VENV)/bin/lint-imports

bench: $(READY)
	$(VENV)/bin/python -m tests.bench.core
	$(VENV)/bin/python -m tests.bench.editor
	$(VENV)/bin/python -m tests.bench.planner
	$(VENV)/bin/python -m tests.bench.exchange

# Draws the pictures of the README anew; look at them before they are committed.
pictures: $(READY)
	$(VENV)/bin/python -m tests.pictures

$(READY): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(VENV)/bin/python -m compileall -q tui
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
