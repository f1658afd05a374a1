# Every target makes its own set-up: python3 (>= 3.11) and git are all a machine has to have.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8080
workers ?= 2
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR):$(CURDIR)/functions
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

setup = @$(PYTHON) -m infra.build.environment
existing = $(wildcard $(1))
pytest = $(if $(call existing,$(1)),pytest $(2) $(call existing,$(1)),@echo "no tests in $(1) yet")
python_sources = $(call existing,shared functions infra tests)

.PHONY: help run dev reset test lint types unit contract integration infrastructure browser letters storms bench chaos deploy organisation format openapi reference schemas

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

run: ## the whole portal on http://127.0.0.1:8080 (PORT= moves it); Ctrl-C stops it, the data stay in .local/
	$(setup) web
	@exec python -m infra.local run --port $(PORT)

dev: ## the same with hot reload of functions and site
	$(setup) web
	@exec python -m infra.local dev --port $(PORT)

reset: ## forget the data of the local portal
	$(setup) dev
	@python -m infra.local reset

# The running portal waits as much as it works, so what needs none runs beside it. What both would write is made before.
test: ## everything: lint, types, unit, contract, infrastructure, integration and browser tests
	$(setup) web sam checkov chromium
	python -m infra.build.site
	@$(MAKE) --jobs=2 workers=0 integration lint types unit contract infrastructure storms

lint: ## ruff, import rules, biome
	$(setup) web
	ruff check $(python_sources)
	ruff format --check $(python_sources)
	lint-imports
	cd web && npm run --silent lint

types: ## mypy --strict, tsc
	$(setup) web
	mypy
	cd web && npm run --silent check

unit: ## rules, stores and services alone, on both cores
	$(setup) web
	$(call pytest,tests/unit,-n $(workers))
	cd web && npm run --silent test

contract: ## routes, template, OpenAPI, events and texts agree
	$(setup) dev
	$(call pytest,tests/contract,-n $(workers))

infrastructure: ## templates: cfn-lint, sam validate, sam build, checkov; the emulator's patches
	$(setup) dev sam checkov
	$(call pytest,tests/infrastructure tests/local_cloud,-n $(workers) --dist loadfile)

storms: ## small storms: functions killed, tables throttled, transactions cut (large ones: chaos)
	$(setup) dev
	$(call pytest,tests/chaos)

integration: ## the running portal through its API and in a browser (one portal for both)
	$(setup) web chromium
	python -m infra.build.site
	cd web && npm run --silent size
	$(call pytest,tests/integration tests/e2e)

browser: ## only the browser tests
	$(setup) web chromium
	$(call pytest,tests/e2e)

letters: ## pictures of three notices as e-mail, light and dark, wide and narrow, in .build/letters
	$(setup) dev chromium
	python -m tests.letters

bench: ## measurements, as a table and as JSON
	$(setup) web
	python -m tests.load.bench

chaos: ## a bank import and 2,000 online payments under fire: functions killed, tables throttled, the cloud restarted
	$(setup) web
	LOKUM_CHAOS_TRANSFERS=$(or $(TRANSFERS),10000) LOKUM_CHAOS_PAYMENTS=$(or $(PAYMENTS),2000) pytest tests/chaos -s

deploy: ## to AWS: sam build, sam deploy, the site's files (samconfig.toml; see README)
	$(setup) web sam
	python -m infra.build.publish

organisation: ## on AWS: an organisation and its administrator (PROFILE=, ADMINISTRATOR= JSON files)
	$(setup) dev
	python -m infra.build.provision $(PROFILE) $(ADMINISTRATOR)

format: ## put all files into the checked form
	$(setup) web
	ruff check --fix-only -q $(python_sources)
	ruff format $(python_sources)
	cd web && npm run --silent format

openapi: ## derive web/openapi.json from the routes
	$(setup) dev
	python -m infra.build.openapi

reference: ## derive docs/errors.md, docs/events.md and docs/whatsapp-templates.md
	$(setup) dev
	python -m infra.build.reference

schemas: ## derive events/schemas from the catalogue
	$(setup) dev
	python -m infra.build.event_schemas
