# SPDX-License-Identifier: GPL-3.0-or-later
#
#   make deps demo    install what the build needs (Debian, Ubuntu), build, show it at work
#   make deps check   the same with what the tests need, and run all tests
#   make install      into PREFIX (/usr/local), below DESTDIR if that is set
#
# all deps demo check bench asan lint fuzz tests install uninstall clean; everything made goes to
# build/.  V=1 shows the commands, WITH_ZONE=0 and WITH_JSON=0 do without an optional library,
# SHARED=1 links the libraries as shared ones, WERROR=1 turns warnings into errors,
# SUITES='unit cli' checks a part.

RELEASE = 0.1.0

PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
WITH_ZONE ?= 1
WITH_JSON ?= 1
FUZZ_SECONDS ?= 60
# Further libFuzzer options: -seed=1 -runs=5000 does the same each time.
FUZZ_FLAGS ?=
SUITES ?= layers unit cli bad scripts fault live

# Packages by Debian's names; a/b is the first of them that a release has.
BUILD_PKGS = gcc make libc6-dev pkg-config nettle-dev \
	$(if $(filter 1,$(WITH_ZONE)),libknot-dev) $(if $(filter 1,$(WITH_JSON)),libjansson-dev)
TEST_PKGS = libcmocka-dev jq strace mandoc tmux xfsprogs acl attr sqlite3 shellcheck clang clang-tidy \
	clang-format libclang-rt-dev/libclang-common-14-dev/clang valgrind bash zsh fish python3
# What tests/live talks to; servers that come as services are not left running.
LIVE_PKGS = git fping nmap iproute2 nftables kea-dhcp4-server kea-dhcp6-server kea-admin \
	isc-dhcp-server isc-dhcp-client dnsmasq-base bind9 bind9-utils bind9-dnsutils nsd \
	knot-dnssecutils unbound chromium nodejs prometheus ansible-core

.DEFAULT_GOAL = all
goals := $(or $(MAKECMDGOALS),all)

ifneq ($(filter deps,$(goals)),)
# The other goals wait for deps and are then made by a make that sees what was installed.

rest := $(filter-out deps,$(goals))

.PHONY: deps $(rest)
deps:
	@.ci/deps $(BUILD_PKGS) $(if $(filter asan bench check fuzz lint tests,$(rest)),\
		$(TEST_PKGS) --services $(LIVE_PKGS))

ifneq ($(rest),)
$(firstword $(rest)): deps
	+@$(MAKE) --no-print-directory $(rest)
$(wordlist 2,$(words $(rest)),$(rest)): $(firstword $(rest))
	@:
endif

else

# Each configuration has its own folder, so that objects never mix.
B ?= build

VERSION := $(or $(if $(wildcard .git),$(shell git describe --tags --match 'v[0-9]*' --dirty \
	2>/dev/null | sed s/^v//)),$(RELEASE))

# Libraries: NAME is pkg-config's name and the archive's.  Their archives are linked where there
# are any: a command that needs none of them then pays nothing for loading them.
modules := $(if $(filter 1,$(WITH_ZONE)),libzscanner) $(if $(filter 1,$(WITH_JSON)),jansson) nettle
archive = $(wildcard $(shell pkg-config --variable=libdir $(1) 2>/dev/null)/lib$(1:lib%=%).a)
library = $(or $(if $(filter 1,$(SHARED)),,$(archive)),$(shell pkg-config --libs $(1) 2>/dev/null))
lacking = $(foreach m,$(1),$(shell pkg-config --exists $(m) 2>/dev/null || echo $(m)))
without = $(if $(filter libzscanner,$(1)),; WITH_ZONE=0 builds without libzscanner)$(if \
	$(filter jansson,$(1)),; WITH_JSON=0 builds without jansson)

LIBS := -Wl,--as-needed $(foreach m,$(modules),$(call library,$(m))) -lm

includes := $(shell pkg-config --cflags $(modules) 2>/dev/null)
ALL_CFLAGS = -std=gnu17 -Wall -Wextra -Wshadow -Wconversion $(if $(filter 1,$(WERROR)),-Werror) \
	-D_GNU_SOURCE -DWITH_ZONE=$(WITH_ZONE) -DWITH_JSON=$(WITH_JSON) -Isrc \
	$(includes) $(CPPFLAGS) $(CFLAGS)
compile = $(CC) $(ALL_CFLAGS) -MMD -MP
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $@;)

.PHONY: all deps demo check bench asan lint fuzz tests install uninstall clean FORCE
.SECONDEXPANSION:
.DELETE_ON_ERROR:
all: $(B)/ipam

# The settings that everything in $(B) was built with: another setting builds it anew.
settings := $(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LIBS)
installed = $(shell command -v $(1) 2>/dev/null)
missing := $(strip $(if $(call installed,$(firstword $(CC))),,$(firstword $(CC))) \
	$(if $(call installed,pkg-config),$(call lacking,$(modules)),pkg-config))
$(B)/settings: export settings := $(settings)
$(B)/settings: FORCE
	@if [ -n "$(missing)" ]; then \
		echo "make: missing: $(missing) ('make deps$(if $(filter clang,$(missing)), \
			check)' installs it$(call without,$(missing)))" >&2; \
		exit 1; fi
	@mkdir -p $(@D)
	@printf '%s\n' "$$settings" | cmp -s - $@ || printf '%s\n' "$$settings" >$@

$(B)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

sources := $(wildcard src/main.c src/*/*.c)
versioned := $(patsubst src/%.c,$(B)/%.o,$(shell grep -ls IPAM_VERSION $(sources) /dev/null))
$(versioned): $(B)/version
$(versioned): CPPFLAGS += -DIPAM_VERSION='"$(VERSION)"'

$(B)/%.o: src/%.c $(B)/settings
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -c -o $@ $<

# One archive for each folder; a program names them from the top down.
folders := cmd io format core
objects = $(patsubst src/%.c,$(B)/%.o,$(wildcard src/$(1)/*.c))
archives = $(patsubst %,$(B)/libipam%.a,$(1))
$(call archives,$(folders)): $(B)/libipam%.a: $$(call objects,$$*) $(B)/settings
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(filter %.o,$^)

$(B)/ipam: $(B)/main.o $(call archives,$(folders))
	$(call say,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)

# Unit tests see the core alone, test_format_x, test_io_x and test_cmd_x what their folder may see.
unit := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/unit/test_*.c))
helpers := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
sees_cmd := cmd io format core
sees_io := io core
sees_format := format core
seen = $(call archives,$(or $(sees_$(word 2,$(subst _, ,$(1)))),core))
$(unit): $(B)/%: tests/%.c $(helpers) $$(call seen,$$(@F))
	@$(if $(call lacking,cmocka),echo "make: missing: cmocka ('make deps check' installs it)" >&2; exit 1)
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -MF $@.d -MT $@ $(LDFLAGS) -o $@ \
		$(filter %.c %.a,$^) -lcmocka $(LIBS)

$(B)/clirun: $(wildcard tests/cli/*.c tests/cli/*.h) $(B)/settings
	$(call say,CC)$(CC) $(filter-out $(CFLAGS),$(ALL_CFLAGS)) -O1 -g -o $@ $(filter %.c,$^)

tests: all $(unit) $(B)/clirun

# Programs that run the built ipam find it as $IPAM and first on PATH.
with_ipam = PATH="$(abspath $(B)):$$PATH" IPAM="$(abspath $(B))/ipam"
each = $(or $(wildcard $(1)),$(error there is no $(1)))

check: $(if $(filter unit,$(SUITES)),$(unit)) $(if $(filter-out unit,$(SUITES)),all $(B)/clirun)
	@$(with_ipam) tests/check.sh $(B) $(SUITES)

demo: all
	@$(with_ipam) $(call each,tests/demo.sh)

bench: all
	@$(with_ipam); export PATH IPAM; for s in $(sort $(call each,tests/bench/*.sh)); do $$s || exit 1; done

sanitize := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

asan:
	@rm -f build/asan/report.*
	@ASAN_OPTIONS=exitcode=99:log_path=$(CURDIR)/build/asan/report \
	UBSAN_OPTIONS=print_stacktrace=1 \
	$(MAKE) --no-print-directory B=build/asan CFLAGS='-O1 -g $(sanitize)' \
		SUITES='$(if $(filter command line,$(origin SUITES)),$(SUITES),unit cli bad)' check
	@if ls build/asan/report.* >/dev/null 2>&1; then cat build/asan/report.*; exit 1; fi

# libFuzzer on each harness in turn; what it finds is kept in build/fuzz/corpus.
fuzzers := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
fuzz:
	@$(MAKE) --no-print-directory B=build/fuzz CC=clang \
		CFLAGS='-O1 -g $(sanitize) -fsanitize=fuzzer-no-link' \
		$(patsubst %,build/fuzz/%,$(or $(fuzzers),$(error there is no tests/fuzz/*.c)))
	@set -e; for f in $(fuzzers); do \
		echo "fuzz: $$f for $(FUZZ_SECONDS) s"; \
		mkdir -p build/fuzz/corpus/$$f; \
		build/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -verbosity=0 $(FUZZ_FLAGS) \
			-print_final_stats=1 -artifact_prefix=build/fuzz/$$f- build/fuzz/corpus/$$f \
			$$(ls -d tests/fuzz/$$f 2>/dev/null); \
	done

$(patsubst %,$(B)/%,$(fuzzers)): $(B)/%: tests/fuzz/%.c $(call archives,$(folders))
	$(call say,CC)$(compile) -MF $@.d -MT $@ -fsanitize=fuzzer $(LDFLAGS) -o $@ \
		$(filter %.c %.a,$^) $(LIBS)

lint:
	@tests/lint.sh $(ALL_CFLAGS) -DIPAM_VERSION='""'

# What is installed, as FROM:TO:MODE.
product := $(B)/ipam:bin/ipam:755 \
	$(foreach m,$(wildcard man/*.[1-8]),$(m):share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m)):644) \
	$(if $(wildcard completions/ipam.bash),completions/ipam.bash:share/bash-completion/completions/ipam:644) \
	$(if $(wildcard completions/_ipam),completions/_ipam:share/zsh/site-functions/_ipam:644) \
	$(if $(wildcard completions/ipam.fish),completions/ipam.fish:share/fish/vendor_completions.d/ipam.fish:644)
part = $(word $(2),$(subst :, ,$(1)))
target = "$(DESTDIR)$(PREFIX)/$(call part,$(1),2)"

install: all
	@set -e; $(foreach f,$(product),echo "  INSTALL "$(call target,$(f)); \
		install -D -m $(call part,$(f),3) $(call part,$(f),1) $(call target,$(f));)

uninstall:
	rm -f $(foreach f,$(product),$(call target,$(f)))

clean:
	rm -rf build

-include $(patsubst src/%.c,$(B)/%.d,$(sources)) $(unit:=.d)

endif
