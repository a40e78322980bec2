# The few commands a stranger needs. Each is safe to run twice and installs what is missing first;
# everything it writes stays below .build/ and .sitegen/. The work itself is in Tests/install,
# Tests/check and Package.swift: nothing but names is kept here.

PORT ?= 8080
SWIFT := $(shell command -v swift 2>/dev/null || echo /opt/swift/usr/bin/swift)
FORMATTED := $(wildcard Package.swift Sources Tests Examples site components Benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo build test format clean

help:
	@echo "make demo [PORT=8080]   build sitegen and serve the demo site on 127.0.0.1"
	@echo "make build              build the sitegen program, optimised, in .build/release"
	@echo "make test               lint, build, unit tests and end-to-end tests, as CI does"
	@echo "make format             lay the Swift sources out by .swift-format"
	@echo "make clean              remove what was built and the demo's data"

# exec: the shell becomes sitegen, so Ctrl-C and SIGTERM reach it and its servers stop with it.
demo: build
	@exec .build/release/sitegen demo --port $(PORT)

build:
	@Tests/install runtime
	$(SWIFT) build -c release --product sitegen

test:
	@Tests/install all
	@Tests/check

format:
	$(SWIFT) format format --in-place --parallel --recursive $(FORMATTED)

clean:
	rm -rf .build .sitegen dist
