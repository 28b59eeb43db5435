# Two commands are enough: `make run` and `make test`. `make help` lists the others.
# Each step leaves a stamp named after the contents it was made from: what has not changed is not done again.

.DEFAULT_GOAL := help
.NOTPARALLEL:  # prerequisites are made in the order in which they stand
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# $(call stamp,NAME,FILES): changes with the files, and with the folder, because a virtual environment cannot be moved.
stamp = .stamps/$(1)-$(shell { pwd; cat $(2); } | cksum | tr ' ' '-')
TOOLS := Makefile tools/setup tools/native.py src/takeback/native/quick.c requirements/tools.lock pyproject.toml
RUN := $(call stamp,run,requirements/run.lock $(TOOLS))
DEV := $(call stamp,dev,requirements/dev.lock $(TOOLS))
ASSETS := $(call stamp,assets,package.json package-lock.json tools/assets.py)

.PHONY: help setup run test lint bench drill docs lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

setup: $(RUN) $(ASSETS)  ## install what run needs, and nothing more

run: setup  ## set up, serve the console, fill an empty database with the demo world
	@exec $(BIN)/takeback serve --demo $(ARGS)

test: $(DEV) $(ASSETS)  ## all tests; the browser's run where Chromium is found or can be installed
	@tools/browser $(BIN)/python -m pytest -n auto $(ARGS)

lint: $(DEV)  ## style, types, import rules, tenants in SQL
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/tenant_lint.py

bench: $(DEV) $(ASSETS)  ## the quick benches: one line of JSON each
	@for file in bench/[a-z]*.py; do $(BIN)/python -m bench.$$(basename $$file .py) --quick $(ARGS) || exit 1; done

drill: $(DEV) $(ASSETS)  ## the long tests: full counts of kills, seeds and sizes
	@TAKEBACK_DRILL=1 tools/browser $(BIN)/python -m pytest -n auto -m drill $(ARGS)

docs: $(DEV)  ## rewrite the pages of docs/reference and the files that are made from code and tables
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/extension.py

lock: $(DEV)  ## rewrite requirements/*.lock from pyproject.toml
	@tools/lock

clean:  ## remove what was installed and built here; data (TAKEBACK_HOME) stays
	rm -rf $(VENV) .stamps node_modules src/takeback/native/*.so src/takeback/web/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN):
	@tools/setup $(VENV) requirements/run.lock $@

$(DEV):
	@tools/setup $(VENV) requirements/dev.lock $@

$(ASSETS):
	@rm -f .stamps/assets-*
	@$(BIN)/python tools/assets.py
	@touch $@
