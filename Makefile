# Every task of the project, by name. `make` lists them.
# Each target first creates the environment that it needs, once. pip decides where packages come from.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
# The test files are distributed over the processors. All tests of one file run in one process. The order stays: the
# slowest folders come first. By default, files with few tests come last, and some of these take longest.
PYTEST := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
SET_UP := PYTHON="$(PYTHON)" scripts/set-up "$(VENV)"
# The extras that the image installs, from packages with known hashes.
IMAGE_EXTRAS := --extra postgresql --extra s3 --extra server
ENVIRONMENT_INPUTS := pyproject.toml constraints.txt scripts/set-up

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test mutate test-faults test-browser test-guide test-scale test-deaths ui-pictures lint coverage check dist format bench soak bench-ledger bench-email gallery golden preview sandbox up down setup schema findings fonts constraints audit sbom picture clean distclean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'ARGS="..." passes arguments on, for example: make test ARGS="-k month".'
	@echo 'PORT=4300 selects another port for make up.'
	@echo 'PYTHON=python3.12 selects another Python (3.11 or later).'

demo: $(VENV)/.run  ## Build a sample report from synthetic data, in demo/
	$(BIN)/tabnine-report demo --output demo $(ARGS)

test: $(VENV)/.dev  ## Run the tests
	$(PYTEST) $(ARGS)

mutate: $(VENV)/.mutation  ## Change the code in small ways, and check that a test notices each change; takes an hour
	$(BIN)/python scripts/mutate.py $(ARGS)

test-faults: $(VENV)/.dev  ## Try every fault with every endpoint and channel, and write docs/reliability.md; takes minutes
	PYTHONPATH=tests/support:. $(BIN)/python tests/support/fault_matrix.py

test-browser: $(VENV)/.browser  ## Test Prefect's pages in a browser: the forms, states and artifacts of a run
	$(BIN)/pytest -m browser $(ARGS)

test-guide: $(VENV)/.dev  ## Type every command of docs/operations.md, against a sandbox
	$(BIN)/pytest -m guide -s $(ARGS)

test-scale: $(VENV)/.scale  ## Measure many organizations on PostgreSQL and Redis, which it installs on Debian
	PYTHONPATH=tests/support $(BIN)/python benchmarks/scale.py $(ARGS)

test-deaths: $(VENV)/.scale  ## Kill what a run needs at random instants, and check that no death is silent; takes half an hour
	PYTHONPATH=tests/support $(BIN)/python benchmarks/deaths.py $(ARGS)

ui-pictures: $(VENV)/.browser  ## Update the pictures of Prefect's pages in docs/ui/
	UI_PICTURES=docs/ui $(BIN)/pytest -m browser tests/browser

lint: $(VENV)/.dev  ## Check formatting, style, spelling, types, import contracts and the container files
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

coverage: $(VENV)/.dev  ## Run the tests, report branch coverage, and fail below the required level
	$(PYTEST) $(ARGS) --cov

check: lint coverage  ## Run every check: lint, and the tests with coverage

dist: $(VENV)/.dev  ## Build the sdist and the wheel in dist/, and try the wheel in an environment of its own
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	PYTHON="$(PYTHON)" scripts/try-wheel dist/*.whl

format: $(VENV)/.dev  ## Format the code and apply the linter's safe fixes
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.dev  ## Measure the time and memory that a report takes
	$(BIN)/python benchmarks/run.py $(ARGS)

soak: $(VENV)/.dev  ## Build a hundred reports in one process, and check that nothing grows
	$(BIN)/python benchmarks/soak.py $(ARGS)

bench-ledger: $(VENV)/.dev  ## Measure how many deliveries a second a PostgreSQL ledger records
	PYTHONPATH=tests/support $(BIN)/python benchmarks/ledger_claims.py $(ARGS)

bench-email: $(VENV)/.dev  ## Measure how long an email to many recipients takes on a slow mail server
	PYTHONPATH=tests/support $(BIN)/python benchmarks/email_recipients.py $(ARGS)

gallery: $(VENV)/.dev  ## Render every sample case for visual review, in gallery/made/; requires poppler-utils
	$(BIN)/python gallery/make_gallery.py $(ARGS)

golden: $(VENV)/.dev  ## Update the expected documents in tests/golden/, after an intended change
	$(BIN)/python tests/support/golden.py

preview: $(VENV)/.dev  ## Show a report in a browser and render it again when a template changes
	$(BIN)/python gallery/preview.py $(ARGS)

sandbox: $(VENV)/.run  ## Serve the sandbox Usage Metrics API
	$(BIN)/tabnine-report sandbox $(ARGS)

up: $(VENV)/.run  ## Start a Prefect server, a worker and the watchdog in the background, and deploy all profiles
	$(BIN)/tabnine-report up $(if $(PORT),--port $(PORT)) $(ARGS)

down: $(VENV)/.run  ## Stop worker, watchdog and server, after the current runs
	$(BIN)/tabnine-report down

setup: $(VENV)/.dev  ## Create the development environment only

schema: $(VENV)/.run  ## Write the JSON Schema of report.json, after a change of the model
	$(BIN)/python -c 'import json; from tabnine_report.model.report import json_schema; print(json.dumps(json_schema(), indent=1))' > docs/report.schema.json

findings: $(VENV)/.run  ## Write docs/findings.md, after a change of the rules
	$(BIN)/python -c 'from tabnine_report.analysis.rules_documentation import findings_page; print(findings_page(), end="")' > docs/findings.md

fonts: $(VENV)/.dev  ## Make the report's font files from the variable font Inter
	$(BIN)/python scripts/make_fonts.py

constraints: $(VENV)/.dev  ## Pin the installed versions, after a change of the dependencies in pyproject.toml
	@$(SET_UP) '.[dev,browser,gs,az,server,release,mutation]'
	$(BIN)/pip freeze --all --exclude pip --exclude wheel --exclude-editable | LC_ALL=C sort -f > constraints.txt
	echo setuptools | $(BIN)/uv pip compile --quiet pyproject.toml - $(IMAGE_EXTRAS) --constraints constraints.txt \
		--python-version "$$(sed -n 's/^FROM python:\([0-9.]*\).*/\1/p' deploy/Dockerfile)" \
		--generate-hashes --no-header --no-annotate --output-file deploy/requirements.txt

audit: $(VENV)/.release  ## Look up the production packages in PyPI's database of vulnerabilities; requires the internet
	$(BIN)/pip-audit --requirement deploy/requirements.txt --strict --disable-pip --progress-spinner off \
		|| { echo "If pip-audit could not reach its data, run make audit on a machine with internet access."; exit 1; }

sbom: $(VENV)/.release  ## Write sbom.json, the production packages in CycloneDX's format
	$(BIN)/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml --output-reproducible \
		--of JSON --output-file sbom.json

picture: demo  ## Render the README's image, docs/page1.png, from the demo's first page; requires poppler-utils
	pdftoppm -r 110 -f 1 -l 1 -singlefile -png "$$(ls demo/reports/demo/*/r*/report.pdf | tail -n 1)" docs/page1

clean:  ## Remove the demo, builds and caches; keep reports and their ledger
	rm -rf demo gallery/made build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f .coverage .coverage.* sbom.json
	find . -path "./$(VENV)" -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## Remove the environment too
	rm -rf "$(VENV)"

# The modification times of these two files record when the environment was created: .run to run the project, .dev to
# work on it, which includes running it.
$(VENV)/.run: $(ENVIRONMENT_INPUTS)
	@$(SET_UP) .
	@touch $@

$(VENV)/.mutation: $(VENV)/.dev
	@$(SET_UP) '.[dev,mutation]'
	@touch $@

$(VENV)/.release: $(VENV)/.dev
	@$(SET_UP) '.[dev,release]'
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	@$(SET_UP) '.[dev,browser]' chromium:chromium
	@touch $@

$(VENV)/.scale: $(VENV)/.dev
	@$(SET_UP) '.[dev,server]' pg_ctlcluster:postgresql redis-server:redis-server
	@touch $@

$(VENV)/.dev: $(ENVIRONMENT_INPUTS)
	@$(SET_UP) '.[dev]'
	@touch $(VENV)/.run $@
