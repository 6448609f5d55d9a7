# `make demo` and `make test` need Python 3.11 or newer with venv, and nothing else of yours.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
AUDIT := .venv-audit
JUDGING := posecoach/kinematics/*,posecoach/assessment/*,posecoach/coaching/*

.PHONY: demo test docs fuzz sbom audit test-lowest clean

demo: $(VENV)/.installed
	$(BIN)/posecoach demo

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/posecoach model fetch
	$(BIN)/pytest --cov --cov-report=
	@echo 'Coverage of what judges, and of everything:'
	$(BIN)/coverage report --include='$(JUDGING)' --fail-under=95
	$(BIN)/coverage report --format=total

# Thousands of damaged inputs, for half an hour or more; SEED makes other ones, and FUZZ passes further options.
SEED := 1
fuzz: $(VENV)/.installed-test
	$(BIN)/posecoach model fetch
	$(BIN)/python -m tests.support.fuzz --seed $(SEED) $(FUZZ)

# The tests with the lowest versions that pyproject.toml allows; `make test` takes the newest.
test-lowest:
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct --editable '.[test]'
	$(LOWEST)/bin/posecoach model fetch
	$(LOWEST)/bin/pytest $(TESTS)

# What an installed posecoach consists of, in sbom.json (CycloneDX), and whether anything of it has known holes.
sbom: $(AUDIT)/.installed
	$(AUDIT)/bin/python -m venv --clear $(AUDIT)/bare
	$(AUDIT)/bare/bin/python -m pip install --quiet --constraint constraints.txt '.[web,cluster,parquet]'
	$(AUDIT)/bin/cyclonedx-py environment --no-validate --pyproject pyproject.toml --output-reproducible --output-file sbom.json $(AUDIT)/bare/bin/python

audit: sbom
	$(AUDIT)/bin/pip-audit --path $$($(AUDIT)/bare/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

$(AUDIT)/.installed:
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet cyclonedx-bom pip-audit
	@touch $@

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo 'The documentation is in site/index.html.'

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("posecoach needs Python 3.11 or newer: name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo 'Installing posecoach and what it needs into $(VENV), once ...'
	@$(BIN)/python -m pip install --quiet --editable '.[web]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	@echo 'Installing posecoach, what it needs and its tests into $(VENV), once ...'
	@$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: pyproject.toml | $(BIN)/python
	@echo 'Installing posecoach and what its documentation needs into $(VENV), once ...'
	@$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) $(LOWEST) $(AUDIT) sbom.json dist site .coverage .pytest_cache .mypy_cache .ruff_cache
