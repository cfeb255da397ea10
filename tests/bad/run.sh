#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each NAME.ipam here is a plan with something wrong, NAME.out what `ipam check
# NAME.ipam` prints of it: every problem, where it is, and no other.  Each check
# rule has a file of its name that it is found in.
set -u
cd "$(dirname "$0")" || exit 1
export IPAM_NOW=2026-11-23T12:00:00Z LC_ALL=C.UTF-8
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

fail() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}

# The names of the rules, from their table.
rules() {
	sed -n 's/^[[:space:]]*\(ERROR\|WARNING\)([A-Z0-9_]*, "\([a-z0-9-]*\)".*/\2/p' ../../src/core/diag.c
}

try() {
	local name=$1 want=0 got
	cp "$name.ipam" "$tmp"
	(cd "$tmp" && ipam -f "$name.ipam" check) >"$tmp/out" 2>"$tmp/err"
	got=$?
	grep -q '^[^ ]*: error: ' "$name.out" && want=5
	if ! diff -au --label "$name.out" --label got "$name.out" "$tmp/out"; then
		fail "$name: not as expected"
	elif [ "$got" -ne "$want" ]; then
		fail "$name: exit status $got, expected $want"
	elif [ -s "$tmp/err" ]; then
		fail "$name: standard error: $(cat "$tmp/err")"
	elif ! cmp "$name.ipam" "$tmp/$name.ipam"; then
		fail "$name: the file was changed"
	else
		passed=$((passed + 1))
	fi
}

[ "$(rules | wc -l)" -ge 20 ] || fail 'the table of rules was not found'
for rule in $(rules); do
	grep -qs "\\[$rule\\]\$" "$rule.out" || fail "no $rule.out with the rule $rule"
done
for file in *.ipam; do
	[ ! -e "$file" ] || try "${file%.ipam}"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
