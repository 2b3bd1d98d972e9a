# Two commands do everything on a fresh machine: `make demo` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements.lock

.PHONY: help setup demo test lint docs lock bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# The virtual environment is made anew when the lock or the project file changes.
.venv/ready: $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is no Python 3.11 or newer with venv (Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "setting up .venv (once)" >&2
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q kg # start-up counts, and not every machine writes bytecode as it goes
	@touch $@

setup: .venv/ready ## make the virtual environment, nothing outside it

demo: .venv/ready ## the main job on the real graph
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/demo.sh

test: .venv/ready lint ## format, lint, types, docs up to date, tests, the data's own check
	@$(BIN)/python -m pytest -n auto
	@$(BIN)/kg validate

lint: .venv/ready
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/kg fmt --check
	@$(BIN)/python docs/build.py --check

docs: .venv/ready ## write the generated parts of docs/ again
	@$(BIN)/python docs/build.py

bench: .venv/ready ## the benchmarks beside their peers, which bench/install-peers.sh installs
	@sh bench/install-peers.sh
	@$(BIN)/python -m bench.startup
	@$(BIN)/python -m bench.queries
	@$(BIN)/python -m bench.hostile
	@$(BIN)/python -m bench.validate
	@$(BIN)/python -m bench.newfile

lock: ## resolve the dependencies again into the lock files
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	@.venv-lock/bin/uv pip compile --quiet --universal --extra dev pyproject.toml --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o $(LOCK)
	@.venv-lock/bin/uv pip compile --quiet --universal --extra bench pyproject.toml -c $(LOCK) --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o bench/requirements.lock
	@rm -rf .venv-lock

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache dist
