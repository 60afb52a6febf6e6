# Postern: what one does with it. `make help` lists the targets.

SWIFT    ?= swift
PREFIX   ?= /usr/local
DESTDIR  ?=
CONFIG   ?= debug
PORT     ?= 8443
SECONDS  ?= 60
DEATHS   ?= 100

# The Swift runtime is linked in, so that the binary runs where no toolchain is installed.
RELEASE  := -c release --static-swift-stdlib --product postern
BINARY    = $(shell $(SWIFT) build $(RELEASE) --show-bin-path)/postern

.DEFAULT_GOAL := help
.PHONY: help demo test crash fuzz build install uninstall lint format clean requirements test-requirements

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: requirements ## a whole working scene on loopback, with commands to paste (PORT=8443)
	@echo "building (the first time takes a minute or two) ..."
	@$(SWIFT) build --product postern --quiet
	@exec "$$($(SWIFT) build --show-bin-path)/postern" demo --port $(PORT)

test: requirements test-requirements ## every test
	$(SWIFT) build --build-tests --quiet
	$(SWIFT) test --skip-build --parallel

crash: requirements test-requirements ## kill -9 under load, again and again (DEATHS=100)
	$(SWIFT) build --build-tests --quiet
	POSTERN_DEATHS=$(DEATHS) $(SWIFT) test --skip-build --filter CrashTests

fuzz: requirements ## the fuzz targets, one after the other (SECONDS=60 each)
	Fuzz/run.sh $(SECONDS)

build: requirements ## the release binary
	$(SWIFT) build $(RELEASE)
	@echo "built $(BINARY)"

install: build ## the release binary, example configuration and policies (DESTDIR, PREFIX)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -d "$(DESTDIR)$(PREFIX)/share/postern/deploy" "$(DESTDIR)$(PREFIX)/share/postern/policies"
	install -m 755 "$(BINARY)" "$(DESTDIR)$(PREFIX)/bin/postern"
	install -m 644 deploy/postern.conf "$(DESTDIR)$(PREFIX)/share/postern/deploy/postern.conf"
	install -m 644 policies/*.policy "$(DESTDIR)$(PREFIX)/share/postern/policies"

uninstall: ## what install put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/postern"
	rm -rf "$(DESTDIR)$(PREFIX)/share/postern"

lint: ## formatting and documentation, strictly
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz
	@echo "lint: clean"

format: ## format every file in place
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

clean: ## remove everything that was built
	rm -rf .build .build-fuzz

# What building needs besides Swift, and what the tests need besides that: installed where that is
# allowed, else the exact command is said.
requirements:
	@./.ci/require swift
	@./.ci/require headers

test-requirements:
	@./.ci/require tests
