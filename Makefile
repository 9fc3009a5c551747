# Each command sets up what it needs first. See README.md.
PYTHON ?= $(or $(shell command -v python3.11),$(shell command -v python3),$(error Tunewright needs Python 3.11 or newer: install it first))
.PHONY: run test test-fast test-services lint bench screenshots bench-speed bench-gallery bench-music train-all setup

run:; @$(PYTHON) -m webapp.ops run
test:; @$(PYTHON) -m webapp.ops test
test-fast:; @$(PYTHON) -m webapp.ops test-fast
test-services:; @$(PYTHON) -m webapp.ops test-services
lint:; @$(PYTHON) -m webapp.ops lint
bench:; @$(PYTHON) -m webapp.ops bench
bench-speed:; @$(PYTHON) -m webapp.ops bench-speed
bench-gallery:; @$(PYTHON) -m webapp.ops bench-gallery
bench-music:; @$(PYTHON) -m webapp.ops bench-music
train-all:; @$(PYTHON) -m webapp.ops train-all
screenshots:; @$(PYTHON) -m webapp.ops screenshots
setup:; @$(PYTHON) -m webapp.ops setup
