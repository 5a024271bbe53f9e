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
.PHONY: help run test boot-test lint bench bench-check dist debs homeassistant-app homeassistant-test \
	clean-machine-test image pictures recordings install uninstall clean

help:
	@echo "make run         set everything up, and listen to the microphone, or to a recording without one"
	@echo "make test        set everything up, and run all checks and tests"
	@echo "make lint        run the checks alone: formatting, lint, types, import order"
	@echo "make boot-test   as root: boot a machine with the service installed, and test the service there"
	@echo "make bench       measure speed and memory, write docs/benchmarks.md, and keep the costs"
	@echo "make bench-check name what became slower by more than 10 % since the last run on this machine"
	@echo "make dist        build the packages and their bill of materials in dist/"
	@echo "make debs        build Debian packages for bookworm and trixie, amd64 and arm64, in dist/"
	@echo "make image       build the container image moodstream with podman, docker or buildah"
	@echo "make clean-machine-test as root: install in fresh Debians, each way, after make dist debs"
	@echo "make homeassistant-app build the app for Home Assistant in dist/homeassistant/"
	@echo "make homeassistant-test try it with Home Assistant itself; takes six minutes and python3.13"
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
		icecast2 libasound2-plugins libfaketime mosquitto mosquitto-clients npm prometheus pulseaudio \
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

debs:
	@scripts/system-packages require python3-venv
	packaging/build-debs

image:
	packaging/build-image

homeassistant-app:
	@scripts/system-packages require python3-venv
	packaging/build-homeassistant-app

homeassistant-test: $(VENV)/development
	@scripts/system-packages require libasound2-plugins mosquitto mosquitto-clients pulseaudio \
		pulseaudio-utils
	@PYTHON=$(or $(HOUSE_PYTHON),python3.13) scripts/virtual-environment build/homeassistant/house
	build/homeassistant/house/bin/pip install --quiet 'homeassistant==2025.4.*' 'paho-mqtt==2.1.0'
	$(BIN)/python -m tests.homeassistant build/homeassistant/house/bin/hass

clean-machine-test:
	@scripts/system-packages require mmdebstrap
	packaging/try-on-clean-machine bookworm deb pip pipx make
	packaging/try-on-clean-machine trixie deb pip pipx make

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
