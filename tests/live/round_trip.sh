#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# From a plan to zones, served by named, transferred, imported into an empty plan: the same hosts,
# aliases and addresses.  Likewise the zones of a large site, and what of them no plan can hold.
set -u
data=$(cd "$(dirname "$0")/../data/wikimedia-2019" && pwd)
port=19358
# shellcheck source=tests/live/named.sh
. "$(dirname "$0")/named.sh"

serve() { # DIR ZONE...: each from DIR/ZONE.zone
	local dir=$1 zone
	shift
	named_conf 'key ipam-key;'
	for zone; do
		named_zone "$zone" "$dir/$(tr / _ <<<"$zone").zone"
	done
	named_start
}

names() { # PLAN: each address with all its complete names, in whatever order they stand
	ipam -f "$1" export hosts | awk '!/^#/ { for (i = 2; i <= NF; i++) if ($i ~ /\.(org|wmnet)$/) print $1, $i }' |
		sort
}

# back PLAN COPY ZONE...: imports the zones that are served into a plan with nothing but its
# subnets and zones, and compares
back() {
	local plan=$1 copy=$2 zone
	shift 2
	grep -E '^@|^[^ ]*/' "$plan" >"$copy"
	ipam -f "$copy" import zone --from 127.0.0.1:$port --key key "$@" --orphans 2>said
	ok $? "$copy: import --from: $(head -n 3 said)"
	for zone; do
		diff <(ipam -f "$plan" export zone "$zone" --records) \
			<(ipam -f "$copy" export zone "$zone" --records) >found
		ok $? "$copy: $zone: $(head found)"
	done
	diff <(names "$plan") <(names "$copy") >found
	ok $? "$copy: the names of addresses: $(head found)"
	diff <(ipam -f "$plan" -o tsv list type=address --fields key | sort) \
		<(ipam -f "$copy" -o tsv list type=address --fields key | sort) >found
	ok $? "$copy: the addresses: $(head found)"
	ipam -f "$copy" dns diff --server 127.0.0.1:$port --key key >found 2>&1
	ok $? "$copy: dns diff: $(head found)"
}

cat >plan <<'EOF'
@ipam 1
@zone example.org ns=ns1,ns2.example.org
@zone lab.example.org ns=ns1.example.org
@zone 10.0.0.0/23 ns=ns1.example.org
@zone 64/26.100.51.198.in-addr.arpa ns=ns1.example.org
@zone 2001:db8:10::/64 ns=ns1.example.org
10.0.0.0/24 domain=example.org
10.0.0.1 host=ns1 alias=ntp
10.0.0.2 host=ns2
10.0.0.5 host=www1,db alias=www,shop.lab.example.org.
10.0.0.6 host=www1
10.0.0.7 host=only ttl=60
10.0.1.0/24 domain=lab.example.org
10.0.1.9 host=bench
198.51.100.64/26 domain=example.org reverse=64/26.100.51.198.in-addr.arpa
198.51.100.66 host=edge1
2001:db8:10::/64 domain=example.org
2001:db8:10::5 host=www1 alias=www
EOF
mkdir zones real copies && ipam -f plan -q export zone --all zones
mapfile -t names < <(ipam -f plan export zone --list)
serve zones "${names[@]}"
back plan again "${names[@]}"
ipam -f again import zone --from 127.0.0.1:$port --key key nowhere.example >found 2>&1
[ $? = 8 ] && grep -q '^ipam: 127.0.0.1: zone nowhere.example: no transfer: Transfer failed' found
ok $? "a zone that is not served: $(cat found)"
ipam -f again import zone --from 127.0.0.1:$port example.org >found 2>&1
[ $? = 8 ]
ok $? "without the key: $(cat found)"
before=$(sha256sum <again)
ipam -f again import zone --from 127.0.0.1:$port --key key example.org 10.0.0.0/23 >found 2>&1
grep -q 'import: 0 added, 0 changed' found && [ "$(sha256sum <again)" = "$before" ]
ok $? "a second time: $(cat found)"
printf 'import zone --from 127.0.0.1:%s --key key example.org\n' $port | ipam -f again batch >found 2>&1
ok $? "in a batch: $(cat found)"
named_stop

# The zones as they were published: over 8,900 PTRs.
cp "$data"/*.zone real/
serve real wmnet 10.in-addr.arpa
ipam -f site init >/dev/null && ipam -f site -q import csv "$data/subnets.csv"
ok $? 'the subnets'
ipam -f site import zone --from 127.0.0.1:$port --key key wmnet 10.in-addr.arpa --orphans 2>said
ok $? "the zones: $(tail -n 1 said)"
for zone in wmnet 10.in-addr.arpa; do
	ipam -f site -q object add zone $zone ns=ns0.wikimedia.org,ns1.wikimedia.org,ns2.wikimedia.org \
		mbox=hostmaster.wikimedia.org >/dev/null
done
# What a plan does not hold is said, and is all that differs: SRV records, aliases of hosts that
# are none of the plan's.  An address has its name in both directions, or dns= says otherwise.
ipam -f site -o tsv dns diff --server 127.0.0.1:$port --key key >found 2>&1
awk -F'\t' '$1 == "missing" { n++ } $1 == "extra" && $4 == "CNAME" { alias++ }
	$1 != "missing" && $4 != "CNAME" && $1 != "disagree" { bad = bad "\n" $0 }
	END { printf "%d missing, %d aliases%s\n", n, alias, bad }' found >differs
[ "$(cat differs)" = '86 missing, 9 aliases' ]
ok $? "what no plan holds: $(head -n 5 differs)"
[ "$(grep -c 'no A or AAAA\|no PTR\|which has the PTR' said)" -ge 80 ] && grep -q 'SRV: a plan holds no such record' said
ok $? 'what no plan holds is said'
named_stop

ipam -f site -q export zone --all copies
ok $? 'the zones of the site'
[ "$(grep -c 'IN.PTR' copies/10.in-addr.arpa.zone)" -gt 8900 ]
ok $? 'all of its PTRs'
serve copies wmnet 10.in-addr.arpa
back site site-again wmnet 10.in-addr.arpa
named_stop

count
