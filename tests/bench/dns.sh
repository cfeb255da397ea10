#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dns.sh: what zones cost: export of 100,000 records, import of 500,000, a diff against named of
# 100,000, by transfer and by questions, a push of 10,000 changes.  Milliseconds of one run: all of
# it, and the program's own processor time with what it starts.
set -u
cd "$(dirname "$0")/../.." || exit 1
ipam=$(realpath "${IPAM:-build/ipam}")
port=19359
# shellcheck source=tests/live/named.sh
. tests/live/named.sh
export IPAM_FILE=network.ipam
TIMEFORMAT='%R %U %S'

row() { # WHAT COMMAND...
	local what=$1 took
	shift
	took=$({ time "$@" >out 2>err || [ $? = 1 ] || head -n 1 err >&3; } 2>&1) 3>&2
	awk -v what="$what" '{ printf "  %-44s %8d ms %8d ms\n", what, $1 * 1000, ($2 + $3) * 1000 }' <<<"$took"
}

plan() { # HOSTS
	awk -v n="$1" 'BEGIN {
		print "@ipam 1\n@zone example.org ns=ns1.example.org\n@zone 10.0.0.0/8 ns=ns1.example.org"
		print "10.0.0.0/8 domain=example.org\n10.0.0.53 host=ns1"
		for (i = 0; i < n; i++)
			printf "10.%d.%d.%d host=h%d\n", i / 65536 + 1, i / 256 % 256, i % 256, i }'
}

serve() { # WHO MAY TRANSFER
	named_conf "$1"
	for zone in example.org 10.in-addr.arpa; do
		named_zone $zone "zones/$zone.zone" 'allow-update { key ipam-key; };'
	done
	named_start
}

mkdir zones
plan 50000 >network.ipam
printf '  %-44s %11s %11s\n' '' 'all' 'processor'
row 'export zone --all: 100,000 records' "$ipam" export zone --all zones
serve 'key ipam-key;'
row 'dns diff by transfer: 100,000' "$ipam" dns diff --server 127.0.0.1:$port --key key
named_stop
serve 'none;'
row 'dns diff by questions: 100,000' "$ipam" dns diff --server 127.0.0.1:$port --key key
named_stop
serve 'key ipam-key;'
sed 's/^\(10\.1\.[0-9]\.[0-9]*\) host=h/\1 host=new/; s/^\(10\.1\.1[0-9]\.[0-9]*\) host=h/\1 host=new/' \
	network.ipam >renamed && mv renamed network.ipam
row "dns push -n: $("$ipam" dns diff --server 127.0.0.1:$port --key key | wc -l) differences" \
	"$ipam" dns push --server 127.0.0.1:$port --key key -n
grep -c '^update' out | sed 's/^/    updates: /; a\    transactions: '"$(grep -c '^send' out)"
row 'dns push' "$ipam" dns push --server 127.0.0.1:$port --key key --undo back
row 'dns diff, and then' "$ipam" dns diff --server 127.0.0.1:$port --key key
[ "$(wc -l <out)" = 0 ] || echo "still different: $(head -n 3 out)"
named_stop

plan 250000 >network.ipam
"$ipam" -q export zone --all zones --force
printf '@ipam 1\n10.0.0.0/8 domain=example.org\n' >network.ipam
rm -f zones/*.jnl
row 'import zone: 500,000 records' "$ipam" import zone zones/example.org.zone zones/10.in-addr.arpa.zone
tail -n 3 err | sed 's/^/    /' | head -n 1
printf '@ipam 1\n10.0.0.0/8 domain=example.org\n' >network.ipam
serve 'key ipam-key;'
row 'import zone --from: 500,000 records' "$ipam" import zone --from 127.0.0.1:$port --key key example.org 10.0.0.0/8
tail -n 3 err | sed 's/^/    /' | head -n 1
named_stop
