# Two commands do everything, each on its own: `make deck` builds the talks, `make test` checks the project.
# Both install what is missing first, and only then say so.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The first Python that the pinned packages are made for; `make PYTHON=/path/to/python3.12 deck` overrides.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo "$$python" && break; done)
# Where packages are installed; `make PYTHON=python3.13 VENV=.venv-3.13 quick` leaves the other Python's alone.
VENV ?= .venv
RUN := $(VENV)/bin/python -m
# Tests start this package some hundred times, which each time would translate all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: deck
deck: setup-deck ## Build every talk of presentations/ and say how to open it
	@$(RUN) astrai_slides build

.PHONY: parts
parts: setup-deck ## Draw the examples of docs/parts.md in every theme into build/parts
	@$(VENV)/bin/python scripts/part_pictures.py build/parts

.PHONY: site
site: setup-test ## Build the documents and a gallery of decks that run, into build/site
	@$(VENV)/bin/python scripts/website.py build/site

.PHONY: test
test: setup-test lint unit ## Check everything: style, types and the whole test-suite

.PHONY: quick
quick: setup-quick ## Run what needs no browser, office suite, screen or stock manim: under a minute
	$(RUN) pytest -n 2 --dist loadscope --lane quick

.PHONY: wide
wide: setup-wide ## Run what `make test` leaves out: installs, LaTeX, 4K, properties at ten times the examples
	$(RUN) pytest -n 2 --dist loadscope --lane wide

.PHONY: lint
lint: setup-test ## Check style and types only
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(VENV)/bin/oxlint astrai_slides/export/player astrai_slides/export/embed astrai_slides/present/page
	$(VENV)/bin/lint-imports --no-cache

.PHONY: unit
unit: setup-test ## Run the test-suite only
	$(RUN) pytest -n 4 --dist loadscope --lane test

.PHONY: format
format: setup-test ## Rewrite the sources in the project's style
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

.PHONY: bench
bench: setup-test ## Measure this project against stock manim-slides (takes long)
	$(RUN) benchmarks

.PHONY: setup-deck setup-quick setup-test setup-wide
setup-deck setup-quick setup-test setup-wide: python
	@"$(PYTHON)" scripts/setup.py --venv "$(VENV)" $(@:setup-%=%)

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12, 3.13 or 3.14 is needed; install one," \
		"or name it: make PYTHON=/path/to/python3.12 deck" >&2; exit 1; }

.PHONY: clean
clean: ## Remove what was built, rendered and cached; keep .venv
	rm -rf build dist media slides/files slides/*.json .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	for talk in presentations/*.toml; do \
		for kind in html pptx pdf notes.md notes.pdf mp4 gif webp; do rm -f "$${talk%.toml}.$$kind"; done; done
	find . -name __pycache__ -type d -not -path './.venv*/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove .venv too, and those of other Pythons
	rm -rf .venv .venv-*
