# Everything people do here, by name. `make` alone lists it.
# Each target first makes the environment that it needs, once; where packages come from is pip's own setting.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
# The files of tests are shared out among the processors; one file stays on one.
PYTEST := $(BIN)/pytest -n auto --dist loadfile
SET_UP := PYTHON="$(PYTHON)" scripts/set-up "$(VENV)"
MADE_OF := pyproject.toml constraints.txt scripts/set-up

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check format bench gallery golden preview sandbox server setup schema findings constraints picture clean distclean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'ARGS="..." adds arguments, as in: make test ARGS="-k month". PYTHON=python3.12 names another Python (3.11 or later).'

demo: $(VENV)/.run  ## Make the report of an invented organization, in demo/
	$(BIN)/tabnine-report demo --output demo $(ARGS)

test: $(VENV)/.dev  ## Run the tests
	$(PYTEST) $(ARGS)

check: $(VENV)/.dev  ## Check everything, as CI does: format, lint, types, import walls, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

format: $(VENV)/.dev  ## Format the code and mend what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.dev  ## Measure what a report costs
	$(BIN)/python benchmarks/run.py $(ARGS)

gallery: $(VENV)/.dev  ## Draw every case that a report must look good in, in gallery/made/; needs poppler-utils
	$(BIN)/python gallery/make_gallery.py $(ARGS)

golden: $(VENV)/.dev  ## Renew the kept documents in tests/golden/, after a change of them that was meant
	$(BIN)/python tests/support/golden.py

preview: $(VENV)/.dev  ## Show a report in a browser, made again whenever a template changes
	$(BIN)/python gallery/preview.py $(ARGS)

sandbox: $(VENV)/.run  ## Serve the stand-in Usage Metrics API
	$(BIN)/tabnine-report sandbox $(ARGS)

server: $(VENV)/.run  ## Start a Prefect server with its UI
	$(BIN)/prefect server start $(ARGS)

setup: $(VENV)/.dev  ## Make the environment only

schema: $(VENV)/.run  ## Write the JSON Schema of report.json, after a change of the model
	$(BIN)/python -c 'import json; from tabnine_report.model.report import json_schema; print(json.dumps(json_schema(), indent=1))' > docs/report.schema.json

findings: $(VENV)/.run  ## Write docs/findings.md, after a change of the rules
	$(BIN)/python -c 'from tabnine_report.analysis.rules.findings_page import findings_page; print(findings_page(), end="")' > docs/findings.md

constraints: $(VENV)/.dev  ## Pin the installed versions, after a change of dependencies in pyproject.toml
	@$(SET_UP) '.[dev,gs,az]'
	$(BIN)/pip freeze --exclude-editable | LC_ALL=C sort -f > constraints.txt

picture: demo  ## Draw the README's picture, docs/page1.png, from the demo's first page; needs poppler-utils
	pdftoppm -r 110 -f 1 -l 1 -singlefile -png "$$(ls demo/reports/demo/*/r*/report.pdf | tail -n 1)" docs/page1

clean:  ## Remove the demo, builds and caches; reports and their ledger stay
	rm -rf demo gallery/made build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path "./$(VENV)" -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## Remove the environment too
	rm -rf "$(VENV)"

# The two files say when the environment was made: to run the project, and to work on it, which includes running it.
$(VENV)/.run: $(MADE_OF)
	@$(SET_UP) .
	@touch $@

$(VENV)/.dev: $(MADE_OF)
	@$(SET_UP) '.[dev]'
	@touch $(VENV)/.run $@
