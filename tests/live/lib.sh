# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the tests of this folder count, and what they need; they read this file.

PATH=$PATH:/usr/sbin:/sbin
passed=0
failed=0

ok() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $2"
	fi
	return "$1"
}

is() { # GOT WANTED NAME
	[ "$1" = "$2" ]
	ok $? "$3: got '$1' instead of '$2'"
}

count() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

need() {
	local program missing=
	for program; do
		command -v "$program" >/dev/null || missing="$missing $program"
	done
	if [ -n "$missing" ]; then
		echo "skipped: not installed:$missing"
		exit 77
	fi
}
