# The few commands a stranger needs. Each is safe to run twice and installs what is missing first;
# everything it writes stays below .build/ and .sitegen/. The work itself is in Tests/install,
# Tests/check and Package.swift: nothing but names is kept here.

PORT ?= 8080
SWIFT := $(shell command -v swift 2>/dev/null || echo /opt/swift/usr/bin/swift)
FORMATTED := $(wildcard Package.swift Sources Tests Examples site components Benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo build install package test format clean

help:
	@echo "make demo [PORT=8080]   build sitegen and serve the demo site on 127.0.0.1"
	@echo "make build              build the tool and the demo's program, optimised, in .build/release"
	@echo "make install            install the tool below PREFIX (/usr/local); it needs no toolchain"
	@echo "make package            make a Debian package of it in .build"
	@echo "make test               lint, build, unit tests, end-to-end tests and fuzzers, as CI does"
	@echo "make format             lay the Swift sources out by .swift-format"
	@echo "make clean              remove what was built and the demo's data"

# exec: the shell becomes sitegen, so Ctrl-C and SIGTERM reach it and its servers stop with it.
demo: build
	@SITEGEN_PROGRAM=.build/release/Site exec .build/release/sitegen demo --port $(PORT)

build:
	@Tests/install runtime
	$(SWIFT) build -c release --product sitegen
	$(SWIFT) build -c release --product Site

# Swift's runtime is part of the program, so it starts where no toolchain is. A folder of its own:
# what is compiled for the one is of no use to the other.
STATIC := .build/static
PREFIX ?= /usr/local
VERSION = $(shell sed -n 's/.*static let version = "\(.*\)"/\1/p' \
	Sources/SitegenCommands/SitegenCommand.swift)

$(STATIC)/sitegen: FORCE
	@Tests/install runtime
	$(SWIFT) build -c release --product sitegen --static-swift-stdlib --scratch-path $(STATIC)/build
	strip -o $@ $(STATIC)/build/release/sitegen
FORCE:

install: $(STATIC)/sitegen
	install -D -m 755 $(STATIC)/sitegen $(DESTDIR)$(PREFIX)/bin/sitegen

# Depends on the packages of the libraries that the program names.
package: $(STATIC)/sitegen
	rm -rf $(STATIC)/deb
	install -D -m 755 $(STATIC)/sitegen $(STATIC)/deb/usr/bin/sitegen
	install -D -m 644 LICENSE $(STATIC)/deb/usr/share/doc/sitegen/copyright
	mkdir -p $(STATIC)/deb/DEBIAN
	libraries=$$(objdump -p $(STATIC)/sitegen | awk '/NEEDED/ { print $$2 }'); \
	depends=$$(for name in $$libraries; do dpkg -S "*/$$name" 2>/dev/null; done \
		| grep -v '^libc6-\|-dev:\|^lib[0-9x]*32' | cut -d: -f1 | sort -u | paste -sd, ); \
	printf '%s\n' "Package: sitegen" "Version: $(VERSION)" \
		"Architecture: $$(dpkg --print-architecture)" \
		"Maintainer: the sitegen founders <sitegen@localhost>" "Depends: $$depends" \
		"Recommends: esbuild, postgresql, redis-server" "Section: web" "Priority: optional" \
		"Description: pages as cheap as files and as fresh as the database" \
		" Serves and watches sites whose pages are rows of PostgreSQL views." \
		> $(STATIC)/deb/DEBIAN/control
	dpkg-deb --root-owner-group --build $(STATIC)/deb .build/sitegen_$(VERSION).deb

test:
	@Tests/install all
	@Tests/check

format:
	$(SWIFT) format format --in-place --parallel --recursive $(FORMATTED)

clean:
	rm -rf .build .sitegen dist
