# Verbs of this project; `make` alone lists them. Written for GNU make 3.81 and bash 3.2, which macOS ships.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8501
ARGS ?=

VENV := .venv
JOURNEYS := $(shell grep -l mark.browser tests/test_*.py)
PY := $(VENV)/bin/python
APP_READY := $(VENV)/.requirements-installed
DEV_READY := $(VENV)/.requirements-dev-installed
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input

# scikit-learn, the yardstick of tests and benchmarks, is ten times slower where its threads wait by spinning.
export OMP_WAIT_POLICY := passive

.PHONY: help app test quick journeys lint types format sample screenshots bench clean

help: ## List these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

app: $(APP_READY) ## Start the app on http://127.0.0.1:8501 (PORT=8600 for another port)
	@echo "Starting at http://127.0.0.1:$(PORT) - Ctrl+C stops it."
	@exec $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

test: quick journeys ## Run all tests

quick: $(DEV_READY) ## Run all tests but the journeys, three files at a time (ARGS='-k NAME' for some of them)
	$(PY) -m pytest -m "not browser" --numprocesses 3 --dist loadfile --no-loadscope-reorder $(ARGS)

journeys: $(DEV_READY) ## Run the journeys through the app in a real browser, two at a time
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && \
	    $(PY) -m pytest -m browser --numprocesses 2 --dist loadfile $(ARGS) $(JOURNEYS)

lint: $(DEV_READY) ## Check style, format and who imports whom
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-logo

types: $(DEV_READY) ## Check the types of segkit
	$(PY) -m mypy

format: $(DEV_READY) ## Bring all files into the project's format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

sample: $(APP_READY) ## Make the sample data again
	$(PY) data/make_sample.py $(ARGS)

screenshots: $(DEV_READY) ## Take the pictures of the documentation again
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && $(PY) docs/make_screenshots.py $(ARGS)

BENCHMARKS := run limits kpis advice buying end_to_end scale exports deck report workbook pages load
ONLY := $(BENCHMARKS)

bench: $(DEV_READY) ## Measure how long things take, all of it in 40 minutes; ONLY="run load" for some, ARGS= for their options
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && for one in $(ONLY); do \
		printf "\n# benchmarks/%s.py\n" $$one; $(PY) benchmarks/$$one.py $(ARGS) || missed="$$missed $$one"; \
	done; test -z "$$missed" || { echo "Missed a goal, or failed:$$missed"; exit 1; }

clean: ## Remove caches and build results (the environment in .venv stays)
	rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# A new environment starts empty, so that nothing of one made with another Python is left in it.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "Install one and name it, for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	    exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(APP_READY): requirements.txt | $(PY)
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt requirements.txt | $(PY)
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
