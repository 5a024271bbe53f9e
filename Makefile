# `make help` lists the targets. scripts/ holds what they do.

# `make test PYTHON=python3.13` has a virtual environment of its own.
ifeq ($(origin PYTHON),command line)
VENV ?= .venv-$(notdir $(PYTHON))
endif
VENV ?= .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
TRAINING_NEWEST := 13

.DEFAULT_GOAL := help
.PHONY: help run test boot-test lint bench bench-check dist pictures recordings install uninstall clean

help:
	@echo "make run         set everything up, and listen to the microphone, or to a recording without one"
	@echo "make test        set everything up, and run all checks and tests"
	@echo "make lint        run the checks alone: formatting, lint, types, import order"
	@echo "make boot-test   as root: boot a machine with the service installed, and test the service there"
	@echo "make bench       measure speed and memory, write docs/benchmarks.md, and keep the costs"
	@echo "make bench-check name what became slower by more than 10 % since the last run on this machine"
	@echo "make dist        build the packages and their bill of materials in dist/"
	@echo "make pictures    draw docs/pictures/watch.svg and web-*.png anew; takes eight minutes"
	@echo "make recordings  compose the bundled recording and those of the tests anew"
	@echo "make install     as root: install the service in /opt/moodstream, and start it"
	@echo "make uninstall   as root: remove the service, but not its settings"
	@echo "make clean       remove the virtual environment and what was built"
	@echo
	@echo "PYTHON=python3.13 uses this Python, in a virtual environment of its own."
	@echo "VENV=folder puts the virtual environment there. DATA=folder: with the corpora, make bench"
	@echo "also measures the training."

run: $(VENV)/runtime
	@$(BIN)/moodstream demo

test: $(VENV)/development lint
	@scripts/system-packages require chromium chromium-driver ffmpeg fluidsynth \
		libasound2-plugins libfaketime mosquitto mosquitto-clients npm prometheus pulseaudio \
		pulseaudio-utils systemd timgm6mb-soundfont
	$(BIN)/pytest

# With BOOT=--where-possible, a machine that cannot boot another one is no failure.
boot-test: $(VENV)/development
	@PATH=/usr/bin:/bin scripts/system-packages require libasound2-plugins libportaudio2 mosquitto \
		mosquitto-clients pulseaudio pulseaudio-utils python3-venv systemd-container
	$(BIN)/python -m tests.boot $(BOOT)

lint: $(VENV)/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/development
	@scripts/system-packages require libasound2-plugins mosquitto pulseaudio pulseaudio-utils
	$(BIN)/python -m benchmarks --write docs/benchmarks.md --keep benchmarks/results $(if $(DATA),--data $(DATA))

bench-check: $(VENV)/development
	$(BIN)/python -m benchmarks.compare

dist:
	@scripts/system-packages require python3-venv
	scripts/build-distributions

pictures: $(VENV)/development
	@scripts/system-packages require chromium chromium-driver fonts-inter mosquitto
	$(BIN)/python scripts/picture_of_watch.py
	$(BIN)/python scripts/pictures_of_web.py

recordings: $(VENV)/development
	$(BIN)/python scripts/compose_demo.py
	$(BIN)/python scripts/compose_rooms.py

install:
	scripts/install-service

uninstall:
	scripts/install-service --uninstall

clean:
	rm -rf $(VENV) build dist

$(VENV)/runtime: pyproject.toml constraints.txt
	@scripts/system-packages require libportaudio2 python3-venv
	@scripts/virtual-environment $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[broker,web]'
	@touch $@

$(VENV)/development: pyproject.toml train/pyproject.toml constraints.txt
	@scripts/system-packages require libportaudio2 python3-venv
	@scripts/virtual-environment $(VENV) $(TRAINING_NEWEST)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[beets,broker,cluster,plot,tags,test,web]' --editable ./train
	@touch $@ $(VENV)/runtime
