# Every command of the project. `make help` lists them.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
DEMO = .demo
BENCH = benchmarks/.cache/venv
CONSTRAINTS = .ci/constraints.txt
# Everything that the tests need runs on two cores in under ten minutes; the long ones are for .ci/run.
QUICK = not slow and not gpu and not elastic

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow lint types layers wheel docs check bench bench-foundation bench-matching fmt clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed-app: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable '.[app]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable '.[dev]'
	@touch $@ $(VENV)/.installed-app

setup: $(VENV)/.installed-dev ## install everything for development into .venv

demo: $(VENV)/.installed-app ## index the real code of this environment, check a sample against it, serve the page
	$(BIN)/codewhence index build installed stdlib --output $(DEMO)/demo
	$(BIN)/python -m codewhence.app.sample $(DEMO)/demo $(DEMO)/generated.py
	$(BIN)/codewhence check $(DEMO)/generated.py --index $(DEMO)/demo
	@if [ -t 1 ]; then $(BIN)/codewhence serve --index $(DEMO)/demo; \
	else echo 'The page: $(BIN)/codewhence serve --index $(DEMO)/demo'; fi

test: $(VENV)/.installed-dev ## run the tests (under ten minutes)
	$(BIN)/python -m pytest -q -m '$(QUICK)'

test-slow: $(VENV)/.installed-dev ## run the long tests: memory, many kills
	$(BIN)/python -m pytest -q -m 'slow' --timeout 900

lint: $(VENV)/.installed-dev ## style, and formatting as ruff has it
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## the type checker
	$(BIN)/ty check

layers: $(VENV)/.installed-dev ## imports go down the stairs
	$(BIN)/lint-imports

wheel: $(VENV)/.installed-dev ## build the wheel and look into it
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . > /dev/null
	$(BIN)/check-wheel-contents dist/*.whl

docs: $(VENV)/.installed-dev ## write the command reference and the outputs in the README anew
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/refresh_outputs.py

check: lint types layers wheel test ## everything that must hold before a commit

bench: bench-foundation bench-matching ## measure the figures of benchmarks/README.md again (about 35 minutes)

bench-foundation: $(VENV)/.installed-dev ## build, memory, verbatim copies, latency
	$(BIN)/python benchmarks/foundation.py

# The tools that ours is compared with live in an environment of their own.
$(BENCH)/.installed: benchmarks/requirements.txt pyproject.toml
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --requirement benchmarks/requirements.txt --editable .
	@touch $@

bench-matching: $(BENCH)/.installed ## touched copies and false alarms, beside ten other tools (BENCH_OPTIONS=--small)
	$(BENCH)/bin/python -m benchmarks.matching $(BENCH_OPTIONS)

fmt: $(VENV)/.installed-dev ## format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

clean: ## remove what the commands made
	rm -rf $(VENV) $(DEMO) dist build .pytest_cache .ruff_cache .hypothesis
