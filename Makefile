# Two commands for a fresh machine that has Python 3.11 or newer and make:
#
#   make serve   builds the release if it is missing or older than its inputs, then serves the API and GraphiQL
#   make test    lint, types, schema drift and the fast tests; with CI=true the slow ones too, and Neo4j is demanded
#
# Both make `.venv` from the hash-locked requirements; a stamp beside each lock that was installed makes the next time
# instant. The packages `api`, `graph` and `seed` are run from the checkout and bear common names: give them an
# environment of their own, as here.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PEACEGRAPH := $(PY) peacegraph.py

# The oldest Python that the locks, ruff and mypy are set to.
PYTHON_OLDEST := 3.11

ifeq ($(CI),true)
SUITE :=
else
SUITE := -m "not slow"
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test bench lint types pytest schema schema-check docs lock clean
.NOTPARALLEL:

help:
	@echo "make serve    build the release if needed and serve it"
	@echo "make test     lint, types, schema drift, fast tests (CI=true: all tests, Neo4j demanded)"
	@echo "make bench    build the synthetic graphs and measure the service against a bare one"
	@echo "make schema   write schema.graphql"
	@echo "make docs     write the generated pages of docs/ and the JSON Schema of curated files"
	@echo "make lock     write requirements/*.txt from requirements/*.in (make lock UPGRADE=--upgrade to take new versions)"
	@echo "make clean    remove the environment and every cache"

serve: $(VENV)/runtime.stamp
	@$(PEACEGRAPH) load --if-needed
	@exec $(PEACEGRAPH) serve

test: lint types schema-check pytest

lint: $(VENV)/dev.stamp
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet || { echo "Not formatted as ruff does; run: $(PY) -m ruff format"; exit 1; }

types: $(VENV)/dev.stamp
	@$(PY) -m mypy --no-error-summary

schema-check: $(VENV)/dev.stamp
	@$(PEACEGRAPH) schema --check

pytest: $(VENV)/dev.stamp
	@$(PY) -m pytest $(SUITE)

bench: $(VENV)/dev.stamp
	@$(PEACEGRAPH) bench

schema: $(VENV)/runtime.stamp
	@$(PEACEGRAPH) schema

docs: $(VENV)/runtime.stamp
	@$(PEACEGRAPH) docs

# --- the environment --------------------------------------------------------------------------------------------------

PIP := $(PY) -m pip --disable-pip-version-check --quiet

define check_python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < tuple(map(int, "$(PYTHON_OLDEST)".split("."))))' 2>/dev/null || { \
	  echo "Peacegraph needs Python $(PYTHON_OLDEST) or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not there)." >&2; \
	  echo "Name one that is: make PYTHON=/path/to/python$(PYTHON_OLDEST)" >&2; exit 1; }
endef

# A changed runtime lock makes the environment anew, so that nothing stays that the lock no longer names.
$(VENV)/runtime.stamp: requirements/runtime.txt
	$(check_python)
	@echo "Making $(VENV) from requirements/runtime.txt"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r $<
	@touch $@

# On top of the runtime, so that a service that runs from this environment is not pulled from under its feet.
$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	@echo "Adding requirements/dev.txt to $(VENV)"
	@$(PIP) install --require-hashes -r $<
	@touch $@

# --- the locks --------------------------------------------------------------------------------------------------------

# No index address and no folder of packages is written: where packages come from is the affair of the machine.
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version $(PYTHON_OLDEST) --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

# A lock that comes out as it was keeps its time, so that no environment is made anew for it.
define write_lock
	@cp requirements/$(1).txt requirements/$(1).pins
	@$(COMPILE) requirements/$(1).in --output-file requirements/$(1).pins
	@{ printf '%s\n' "# Written by \`make lock\` from requirements/$(1).in, for every Python from $(PYTHON_OLDEST) on and every platform; do not edit." \
	     "# Wheels alone: nothing of a package is run while it is installed." "--only-binary :all:"; cat requirements/$(1).pins; } > requirements/$(1).new
	@rm requirements/$(1).pins
	@cmp -s requirements/$(1).new requirements/$(1).txt && rm requirements/$(1).new || mv requirements/$(1).new requirements/$(1).txt
endef

lock: $(VENV)/dev.stamp
	$(call write_lock,runtime)
	$(call write_lock,dev)

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
