# make demo   a disaster and the recovery, played on real servers (sets up what it needs)
# make test   everything, in 20 to 25 minutes on two cores; ends with `N passed, N failed, N skipped`
# make check  what should pass before every commit, in about two minutes
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.cache/tools/bin:$(PATH)

.PHONY: help setup demo test check bench test-mutants format pack clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (asks before sudo)
	@tools/setup.sh

demo: setup ## lose a whole system and bring it back, in about two minutes
	@node demo/demo.ts

test: setup ## format, lint, types, walls, unit, integration, conformance, sabotage, faults
	@node tools/suites.ts $(SUITES)

check: setup ## format, lint, types, walls, unit
	@node tools/suites.ts format lint types walls unit

bench: setup ## side by side with the shell of today's plans and the native tools
	@node bench/bench.ts

test-mutants: setup ## one-line defects, each of which must turn a suite red
	@node tools/suites.ts mutants


format: setup ## write the one true format
	@oxfmt .

pack: setup ## the published package, built, as a tarball in .cache/pack
	@rm -rf .cache/pack && mkdir -p .cache/pack
	@cd packages/reprise && name=$$(npm pack --silent --pack-destination ../../.cache/pack) && echo "$(CURDIR)/.cache/pack/$$name"

clean: ## remove what set-up and builds made
	rm -rf --one-file-system node_modules .cache coverage packages/*/dist
