# `make` lists what there is to make.
.DEFAULT_GOAL := help
.PHONY: help setup run test faults bench lint format lock pictures

export PORT
SCALE ?= 1

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is needed, build fonts and translations (nothing is started)
	@scripts/setup

run: ## set up, load the demo agency and serve http://127.0.0.1:8000 (make run PORT=8001)
	@scripts/run

test: ## the whole suite: on SQLite, then on PostgreSQL and Redis with the browser tests (FULL=1: every page in every look)
	@scripts/setup --tests
	@scripts/test $(if $(FULL),--full)

faults: ## kill, stop and flood everything, and count what came of it (make faults SHORT=1: in three minutes)
	@scripts/setup --tests
	@scripts/faults $(if $(SHORT),--short)

lint: ## code, types, templates, migrations, production settings, translations
	@scripts/setup --develop
	@scripts/lint

format: ## put code and templates into their common form
	@scripts/setup --develop
	@.venv/bin/ruff check --quiet --fix . || true
	@.venv/bin/ruff format --quiet .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} + || true

lock: ## pin requirements*.in anew, with hashes
	@scripts/setup --develop
	@scripts/lock

bench: ## measure how fast it is against docs/performance.md (make bench SCALE=10: ten times the data as well)
	@scripts/setup --tests
	@scripts/bench --scale $(SCALE)

pictures: ## take the pictures of docs/ anew, of a demo agency of their own
	@scripts/setup --tests
	@PYTHONPATH="$(CURDIR)/scripts:$(CURDIR)" .venv/bin/python -m pictures
