#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# journal.sh [BLOCKS]: what a long journal costs (1,000,000 blocks), beside wc -l of it in
# the same run.  Each figure is the best of three runs, in milliseconds.
set -u
cd "$(dirname "$0")/../.." || exit 1
ipam=$(realpath "${IPAM:-build/ipam}")
blocks=${1:-1000000}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
plan=$tmp/network.ipam

# shellcheck disable=SC2046  # flags are words
"${CC:-cc}" -std=gnu17 -O2 -D_GNU_SOURCE -Isrc -o "$tmp/journal" tests/bench/journal.c src/io/hash.c \
	"$(dirname "$ipam")/libipamcore.a" $(pkg-config --cflags --libs nettle) || exit 1
"$tmp/journal" "$blocks" 200000 "$plan" || exit 1
touch -d '1 hour ago' "$plan"

row() { # WHAT COMMAND...
	local what=$1 start took least=
	shift
	for _ in 1 2 3; do
		start=${EPOCHREALTIME/./}
		"$@" >/dev/null 2>"$tmp/err" || echo "bench: $*: exit $?: $(head -n 1 "$tmp/err")" >&2
		took=$((${EPOCHREALTIME/./} - start))
		if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
	done
	printf '  %-44s %12d.%02d\n' "$what" $((least / 1000)) $((least / 10 % 100))
}
first() { "$ipam" -f "$plan" log --oneline | head -n 20; }
by_hand() {
	echo "10.200.0.$((++n))" >>"$plan"
	touch -d "$((100 - n)) minutes ago" "$plan"
	"$ipam" -f "$plan" log --record
}

echo
echo "A journal of $blocks blocks, $(($(stat -c %s "$plan.log") / 1000000)) MB; a plan of $(wc -l <"$plan") records"
"$ipam" -f "$plan" log --record || exit 1
row 'wc -l of the journal' wc -l "$plan.log"
row 'wc -l of the plan' wc -l "$plan"
row 'log 10.1.2.3' "$ipam" -f "$plan" log 10.1.2.3
row 'log 10.1.2.0/28' "$ipam" -f "$plan" log 10.1.2.0/28
row 'log HOST' "$ipam" -f "$plan" log h123456
row 'log --oneline | head' first
row 'log --since yesterday' "$ipam" -f "$plan" log --since yesterday
row 'list' "$ipam" -f "$plan" list
row 'list --at an hour ago' "$ipam" -f "$plan" list --at '1 hour ago'
row 'list --at half a year ago' "$ipam" -f "$plan" list --at '26 weeks ago'
row 'alloc' "$ipam" -f "$plan" alloc all
n=0
row 'log --record of a hand edit' by_hand
row 'log --verify' "$ipam" -f "$plan" log --verify
