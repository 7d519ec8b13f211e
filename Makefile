# What a newcomer, a contributor and the gate call. Needs Python 3.11 or newer and make; everything else is
# installed into .venv beside this file, at the exact versions of the lock files. Once .venv is ready no
# network is needed.

# The first of these that runs, is new enough and can make a virtual environment; or: make PYTHON=/path/to/python3
PYTHON ?= python3.13 python3.12 python3.11 python3 python
# Test processes at once; 0 runs everything in one.
WORKERS ?= auto
# Further words for the program behind a target: make demo ARGS="--lang en"
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/mingjia-runtime
TOOLS := $(VENV)/mingjia-tools
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
TEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
UV := uv==0.13.9
COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" --no-annotate

# The tests start the program some hundred times: what the first start has compiled, the next ones find.
unexport PYTHONDONTWRITEBYTECODE

# Scripts in .venv hold absolute paths and the interpreter is a link: a .venv made here is made anew once this
# folder has moved or that interpreter is gone. One made by hand is used as it is.
$(shell [ ! -f $(RUNTIME) ] || { [ -x $(BIN)/python ] && [ "$$(cat $(RUNTIME))" = "$(CURDIR)" ]; } \
	|| rm -f $(RUNTIME) $(TOOLS) $(BIN)/python)

.PHONY: help demo test soak check lint bench pictures messages lock clean

help:
	@echo "make demo      a day in a simulated internet café, before your eyes"
	@echo "make test      the tests"
	@echo "make soak      eight desks on one server, killed and cut off, for three minutes"
	@echo "make check     all that the gate runs: lint, types, import contracts, tests"
	@echo "make bench     the speed figures, one JSON line each"
	@echo "make pictures  draw the pictures of the desk's screens anew, with which the tests compare them"
	@echo "make messages  collect the sentences into the catalogues and compile them"
	@echo "make lock      resolve the lock files anew (needs the network)"
	@echo "make clean     remove .venv and every cache"

demo: $(RUNTIME)
	@$(BIN)/mingjia demo $(ARGS)

test: $(TOOLS)
	$(TEST) $(ARGS)
	@echo
	@echo "Left out here: lint, types, import contracts, and the longer comparison of two ratings (make check);"
	@echo "the speed figures (make bench)."

soak: $(TOOLS)
	@$(BIN)/python -m tests.soak $(ARGS)

# Random price lists on which visits are rated twice, by the rules and by their slow reference.
check: export MINGJIA_REFERENCE_SHOPS ?= 300
check: lint
	$(TEST) $(ARGS)

lint: $(TOOLS)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy --num-workers auto
	$(BIN)/lint-imports --no-cache --no-logo

bench: $(TOOLS)
	@$(BIN)/python -m bench $(ARGS)

# Look at each picture that changes before it is kept: git diff tests/pos/tui/snapshots
pictures: $(TOOLS)
	rm -rf tests/pos/tui/snapshots
	MINGJIA_RENEW_PICTURES=1 $(BIN)/python -m pytest tests/pos/tui/test_screens_keep_their_columns.py $(ARGS)

messages: $(TOOLS)
	@$(BIN)/python pos/locale/update.py $(ARGS)

# setuptools builds the editable install, so its version is locked with the rest.
lock:
	python3 -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check $(UV)
	echo "setuptools>=77" | $(COMPILE) pyproject.toml - --output-file requirements.lock --upgrade
	echo "setuptools>=77" | $(COMPILE) pyproject.toml - --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock --upgrade
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .venv-lock build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHON); do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$python" --version)"; \
			exec "$$python" -m venv --clear $(VENV); \
		fi; \
	done; \
	echo "No Python 3.11 or newer with the venv module among: $(PYTHON)." >&2; \
	echo "Install one (Debian and Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1

# A plain path entry, because the import hook of the other editable mode slows every start by half.
$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the product needs"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@printf '%s' "$(CURDIR)" > $@

$(TOOLS): requirements-dev.lock $(RUNTIME)
	@echo "Installing what the tests and checks need"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
