# Everything that a person or a robot runs here. `make` alone lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT   ?= 8000
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
LOCK   := uv pip compile setup.cfg - --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-header --no-annotate --quiet
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-needs check check-face bench storm screenshots look lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.installed ## install, migrate, load the demo and serve it (PORT, default 8000)
	$(BIN)/yuantou demo
	exec $(BIN)/yuantou serve

test: .venv/.tools test-needs .venv/.face check ## everything that CI runs
	$(BIN)/pytest -n 2

test-fast: .venv/.tools ## the suite without browsers, storms and slow tests
	$(BIN)/pytest -n 2 -m "not journey and not storm and not slow"

test-needs: # a browser, Chinese fonts, a PostgreSQL server, node
	@deploy/install-test-needs.sh

check: .venv/.tools ## style, types, contracts, templates
	@deploy/check.sh

check-face: .venv/.tools test-needs .venv/.face ## the figures of the face: access, widths, targets, weights, Lighthouse
	$(BIN)/python -m tests.face.check

bench: .venv/.tools test-needs .venv/.face ## benchmarks, as ratios to a baseline on the same machine
	$(BIN)/python -m benchmarks

storm: .venv/.tools test-needs ## the long sweeps, of which the suite runs a sample
	STORM=1 HYPOTHESIS_PROFILE=storm $(BIN)/pytest -n 2 -m storm

screenshots: .venv/.tools test-needs ## take every page again, for docs/screenshots
	$(BIN)/python -m tests.support.book

look: .venv/.tools test-needs ## take the pictures that components are compared with again
	LOOK=1 $(BIN)/pytest -m journey tests/journeys/test_components_keep_their_look.py

lock: .venv/.tools ## resolve the dependencies again
	$(PIP) install uv
	echo 'setuptools>=75' | $(BIN)/$(LOCK) --upgrade --output-file requirements.lock
	echo 'setuptools>=75' | $(BIN)/$(LOCK) --upgrade --extra dev --constraint requirements.lock \
	    --output-file requirements-dev.lock
	cd tests/face/check && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --silent
	$(BIN)/python -c 'import json, pathlib; file = pathlib.Path("tests/face/check/package-lock.json"); \
	    lock = json.loads(file.read_text()); [one.pop("funding", 0) for one in lock["packages"].values()]; \
	    file.write_text(json.dumps(lock, indent=2) + "\n")'

clean: ## remove what can be made again (var/, your data, stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .grimp_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: requirements.lock setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yuantou needs Python 3.11 or newer")'
	@echo "Installing into .venv (once; a minute or so) ..."
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# axe and Lighthouse live in the environment, where no law walks; without node the tests that need them are skipped.
.venv/.face: .venv/.installed tests/face/check/package-lock.json | test-needs
	@mkdir -p .venv/face && cp tests/face/check/package.json tests/face/check/package-lock.json .venv/face
	@if command -v npm >/dev/null; then \
	    npm ci --prefix .venv/face --ignore-scripts --no-audit --no-fund --silent && touch $@; fi

.venv/.tools: .venv/.installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
