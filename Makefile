# Everything happens in this folder: the environment is .venv, and nothing outside it is changed.
# `make PYTHON=python3.12 repro` takes another Python; `make setup` alone makes the environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RECIPE ?= recipes/seed.yaml
ARGS ?= --smoke
# DVC runs the stages as `python -m stages.<name>`: the environment's python comes first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup repro test lint type sweep celeba track ui deps clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F '\t' '{printf "make %-8s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make the environment .venv with the exact versions of constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "visage needs Python 3.11 or newer, $(PYTHON) is not: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { \
		echo "The venv could not be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,serve,dev]'
	@touch $(STAMP)

repro: setup  ## run the whole pipeline and show the figures
	$(BIN)/dvc repro
	-@$(BIN)/visage track  # in a clone whose results equal dvc.lock, DVC skips the stage of that name
	@$(BIN)/visage show

test: setup lint type  ## format, lint, types, layers and the fast tests: at most 10 minutes
	$(BIN)/pytest -n 2

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache --no-logo

type: setup
	$(BIN)/mypy

sweep: setup  ## run a recipe; make sweep RECIPE=recipes/seed.yaml ARGS='-S data.root=/my/faces'
	$(BIN)/visage run $(RECIPE) $(ARGS)

celeba: setup  ## the CelebA study in small, on generated faces
	$(BIN)/visage run recipes/celeba-gender.yaml --smoke

track: setup  ## write the present state to MLflow again, and note its commit
	$(BIN)/visage track

ui: setup  ## show all runs in MLflow's user interface
	$(BIN)/visage ui

deps: setup  ## write what is derived: the modules in dvc.yaml, params.schema.json
	$(BIN)/visage deps
	$(BIN)/visage schema

clean:  ## remove the environment and caches of tools; results and DVC's cache stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dvc_plots build dist src/*.egg-info
	find src stages tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
