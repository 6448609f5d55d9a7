# `make demo` and `make test` need Python 3.11 or newer with venv, and nothing else of yours.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
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
	rm -rf $(VENV) dist site .coverage .pytest_cache .mypy_cache .ruff_cache
