# What a person types: make run, make test, sudo make install.
# scripts/ holds what these do.

VENV ?= .venv
BIN := $(VENV)/bin
SHELL := /bin/sh

.PHONY: help run test boot-test lint bench bench-check demo-recording install uninstall clean
help:
	@echo "make run        set everything up and listen: microphone, or a recording if there is none"
	@echo "make test       set everything up and run all checks and tests"
	@echo "make boot-test  as root: boot a machine with the service installed, check what happens to services"
	@echo "make lint       formatting, lint and types alone"
	@echo "make bench      measure speed and memory, rewrite docs/benchmarks.md and keep the costs; of the training, too: DATA=corpora"
	@echo "make bench-check  name what became slower by more than 10 % since the run before on this machine"
	@echo "make install    as root: install the service under /opt/moodstream and start it"
	@echo "make uninstall  as root: remove it, keeping /etc/moodstream/config.toml"

run: $(VENV)/runtime
	@$(BIN)/moodstream demo

test: $(VENV)/development lint
	@scripts/system-packages require fluidsynth libasound2-plugins libfaketime mosquitto \
		mosquitto-clients pulseaudio pulseaudio-utils systemd timgm6mb-soundfont
	$(BIN)/pytest

# BOOT=--where-possible: no failure where machines cannot be booted.
boot-test: $(VENV)/development
	@PATH=/usr/bin:/bin scripts/system-packages require libasound2-plugins libportaudio2 mosquitto \
		mosquitto-clients pulseaudio pulseaudio-utils python3-venv systemd-container
	$(BIN)/python -m tests.boot $(BOOT)

lint: $(VENV)/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# DATA=DIR: the corpora, to time the training on.
bench: $(VENV)/development
	@scripts/system-packages require libasound2-plugins mosquitto pulseaudio pulseaudio-utils
	$(BIN)/python -m benchmarks --write docs/benchmarks.md --keep benchmarks/results $(if $(DATA),--data $(DATA))

bench-check: $(VENV)/development
	$(BIN)/python -m benchmarks.compare

demo-recording: $(VENV)/development
	$(BIN)/python scripts/compose_demo.py

install:
	scripts/install-service

uninstall:
	scripts/install-service --uninstall

clean:
	rm -rf $(VENV) build dist

$(VENV)/runtime: pyproject.toml constraints.txt
	@scripts/system-packages require libportaudio2 python3-venv
	@scripts/virtual-environment $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[broker]'
	@touch $@

$(VENV)/development: pyproject.toml train/pyproject.toml constraints.txt
	@scripts/system-packages require libportaudio2 python3-venv
	@scripts/virtual-environment $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[broker,test]' --editable ./train
	@touch $@ $(VENV)/runtime
