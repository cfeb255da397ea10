#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `make install` puts everything in its place, `make uninstall` takes away just
# that, and what the Makefile says of what is missing is one clear line.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS
build=$(dirname "$IPAM")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/count.sh
. tests/count.sh

said() { # STATUS NAME: of what has said $tmp/out
	ok "$1" "$2" "$tmp/out"
}

# The files of the program as they were before and after, to the last byte.
tree() {
	(cd "$tmp/root" && find . -type f | sort)
}

install_to() { # TARGET
	make -s --no-print-directory B="$build" DESTDIR="$tmp/root" PREFIX=/usr "$1" >"$tmp/out" 2>&1
}

expected() {
	echo ./usr/bin/ipam
	[ ! -e completions/ipam.bash ] || echo ./usr/share/bash-completion/completions/ipam
	[ ! -e completions/_ipam ] || echo ./usr/share/zsh/site-functions/_ipam
	[ ! -e completions/ipam.fish ] || echo ./usr/share/fish/vendor_completions.d/ipam.fish
	for page in man/*.[1-8]; do
		[ ! -e "$page" ] || echo "./usr/share/man/man${page##*.}/${page##*/}"
	done
}

mkdir -p "$tmp/root/usr/bin"
echo other >"$tmp/root/usr/bin/other"
install_to install
said $? 'make install'
diff <({ echo ./usr/bin/other; expected; } | sort) <(tree) >"$tmp/out"
said $? 'what make install installed'
cmp "$IPAM" "$tmp/root/usr/bin/ipam" >"$tmp/out" 2>&1 && [ -x "$tmp/root/usr/bin/ipam" ]
said $? 'the installed program'
install_to uninstall
said $? 'make uninstall'
[ "$(tree)" = ./usr/bin/other ]
said $? 'what make uninstall left'

# complains MESSAGE VARIABLE...: the build stops with this line and make's own
complains() {
	local message=$1
	shift
	! env "$@" make -s --no-print-directory B="$tmp/build" "$tmp/build/settings" >"$tmp/out" 2>&1 &&
		[ "$(grep -vc '^make: \*\*\*' "$tmp/out")" -eq 1 ] && grep -qF "$message" "$tmp/out"
	said $? "expected: $message"
}

complains "make: missing: no-such-cc ('make deps' installs it)" CC=no-such-cc
complains "libzscanner jansson nettle ('make deps' installs it; WITH_ZONE=0 builds without libzscanner; WITH_JSON=0 builds without jansson)" \
	PKG_CONFIG_LIBDIR="$tmp"
complains "make: missing: nettle ('make deps' installs it)" PKG_CONFIG_LIBDIR="$tmp" WITH_ZONE=0 WITH_JSON=0
mkdir "$tmp/bin"
for tool in sh make sed grep git mkdir cmp printf ${CC:-cc}; do
	ln -s "$(command -v "$tool")" "$tmp/bin/"
done
complains "make: missing: pkg-config ('make deps' installs it)" PATH="$tmp/bin"

count
