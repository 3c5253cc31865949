# The verbs of the project. Everything they need is set up by themselves: Python 3.11 or newer with venv, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROFILE ?= skopje

.DEFAULT_GOAL := help
.PHONY: help demo test check check-all deploy-check bench faults fuzz assets locales format lock wheel release clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/.ready: deploy/requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Consult needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

assets: $(BIN)/.ready ## Build style sheets, scripts and fonts into consult/web/static
	$(BIN)/python -m consult.web.assets

demo: assets ## Run the platform with demonstration data (PROFILE=skopje or telavi)
	$(BIN)/consult demo --profile $(PROFILE)

test: assets ## Run all tests, three files at a time
	$(BIN)/python -m tests.browsers
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 25

check: $(BIN)/.ready ## Linters, types, import contracts, catalogues, texts
	$(BIN)/ruff format --check consult tests
	$(BIN)/ruff check consult tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.checks.catalogues
	$(BIN)/python -m tests.checks.letter_case

check-all: check test ## Everything, with what is too slow for every change
	$(BIN)/python -m pytest -m slow -n 3 --dist loadfile --no-loadscope-reorder

deploy-check: $(BIN)/.ready ## Examine deploy/ with the tools that will read it (those that are here)
	$(BIN)/python -m tests.deploy

bench: assets ## Measure the cost of a page and of a stored answer beside their limits
	$(BIN)/python -m tests.bench

faults: assets ## Kill, fill, cut off and confuse the platform under load; count what was lost (PARTS="kills disk"; city: 460,000 answers)
	$(BIN)/python -m tests.faults $(PARTS)

fuzz: assets ## Look for inputs that a reader cannot stand, guided by the code it runs (TARGET=markdown SECONDS=600)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-fuzz.txt
	$(BIN)/python -m tests.fuzz $(or $(TARGET),all) --seconds $(or $(SECONDS),600)

locales: $(BIN)/.ready ## Gather the sentences of the code into locales/ (new ones are left to translate)
	$(BIN)/python -m tests.checks.catalogues --update

format: $(BIN)/.ready ## Put the code into its common shape
	$(BIN)/ruff check --fix consult tests
	$(BIN)/ruff format consult tests

lock: $(BIN)/.ready ## Lock the dependencies anew, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra oidc pyproject.toml -o deploy/requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev pyproject.toml -o deploy/requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group fuzz -o deploy/requirements-fuzz.txt

wheel: assets ## Build the wheel into dist/, with assets, catalogues, profiles and surveys inside
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

release: assets ## Build dist/ from the last commit: wheel (twice, to the same bytes), deploy/, SBOM, licences, checksums (RELEASE_KEY=~/.ssh/… signs)
	$(BIN)/python -m tests.release

clean: ## Remove what was built (the data in var/ stay)
	rm -rf $(VENV) consult/web/static consult/web/frontend/node_modules dist build .mypy_cache .ruff_cache .pytest_cache
