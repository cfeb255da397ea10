#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dns diff against named, with and without a zone transfer: missing, extra, different, dynamic,
# disagreeing; PTRs behind the CNAMEs of RFC 2317.
set -u
port=19357
# shellcheck source=tests/live/named.sh
. "$(dirname "$0")/named.sh"
export IPAM_FILE=network.ipam

start() { # WHO MAY TRANSFER
	named_conf "$1" 'allow-query { key ipam-key; };'
	named_zone example.org forward
	named_zone 0.0.10.in-addr.arpa reverse
	named_zone 100.51.198.in-addr.arpa parent
	named_zone 64/26.100.51.198.in-addr.arpa child
	named_start
}

expect() { # WHAT STATUS LINES [ARG...]
	local what=$1 wanted=$2 lines=$3 status
	shift 3
	ipam -o tsv dns diff --server 127.0.0.1:$port --key key "$@" >found 2>said
	status=$?
	[ "$status" = "$wanted" ] && diff <(printf '%s' "$lines" | tr '|' '\t') found >differs
	ok $? "$what: status $status: $(cat differs said)"
}

head=$'$TTL 3600\n@ SOA ns1.example.org. hostmaster.example.org. 1 7200 3600 1209600 300\n@ NS ns1.example.org.\n'
cat >network.ipam <<'EOF'
@zone example.org ns=ns1.example.org
@zone 10.0.0.0/24 ns=ns1.example.org
@zone 198.51.100.0/24 ns=ns1.example.org
@zone sub.example.org ns=ns.sub.example.org
10.0.0.0/24 domain=example.org
10.0.0.1 host=a alias=alias
10.0.0.2 host=b
10.0.0.3 host=c
10.0.0.4 host=d
10.0.0.5 host=lap
10.0.0.53 host=ns1
10.0.0.200-10.0.0.250 role=dhcp
198.51.100.0/24 domain=example.org
198.51.100.66 host=edge1
198.51.100.67 host=edge2
203.0.113.1 host=ns.sub.example.org.
EOF
cat >forward <<EOF
$head
ns1 A 10.0.0.53
a A 10.0.0.1
alias CNAME a
b A 10.0.0.99
d A 10.0.0.4
d A 10.0.0.44
d MX 10 a
lap A 10.0.0.5
lap A 10.0.0.110
lap DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=
edge1 A 198.51.100.66
edge2 A 198.51.100.67
sub NS ns.sub
ns.sub A 203.0.113.1
x A 10.0.0.1
y A 10.0.0.220
EOF
cat >reverse <<EOF
$head
1 PTR a.example.org.
2 PTR b.example.org.
3 PTR other.example.org.
4 PTR d.example.org.
5 PTR lap.example.org.
53 PTR ns1.example.org.
77 PTR a.example.org.
220 PTR y.example.org.
221 PTR a.example.org.
EOF
{
	echo "$head"
	echo '64/26 NS ns1.example.org.'
	for n in $(seq 64 127); do echo "$n CNAME $n.64/26"; done
} >parent
printf '%s\n66 PTR edge1.example.org.\n67 PTR wrong.example.org.\n' "$head" >child

forward='missing|example.org|c.example.org|A|10.0.0.3|
'
changed='extra|example.org|d.example.org|A||10.0.0.44
dynamic|example.org|lap.example.org|A||10.0.0.110
'
reverse='different|0.0.10.in-addr.arpa|3.0.0.10.in-addr.arpa|PTR|c.example.org|other.example.org
'
stale='extra|0.0.10.in-addr.arpa|77.0.0.10.in-addr.arpa|PTR||a.example.org
dynamic|0.0.10.in-addr.arpa|220.0.0.10.in-addr.arpa|PTR||y.example.org
dynamic|0.0.10.in-addr.arpa|221.0.0.10.in-addr.arpa|PTR||a.example.org
'
disagree='disagree|0.0.10.in-addr.arpa|2.0.0.10.in-addr.arpa|PTR||b.example.org, whose A is 10.0.0.99
disagree|0.0.10.in-addr.arpa|77.0.0.10.in-addr.arpa|PTR||a.example.org, whose A is 10.0.0.1
disagree|0.0.10.in-addr.arpa|221.0.0.10.in-addr.arpa|PTR||a.example.org, whose A is 10.0.0.1
'
parent='different|100.51.198.in-addr.arpa|67.100.51.198.in-addr.arpa|PTR|edge2.example.org|wrong.example.org
'
different='different|example.org|b.example.org|A|10.0.0.2|10.0.0.99
'
zones='example.org 10.0.0.0/24 198.51.100.0/24'

start 'none;'
# shellcheck disable=SC2086
expect 'by questions' 1 "$reverse$stale$parent$different$forward$changed$disagree" $zones
grep -q 'no transfer; asked name by name' said
ok $? "by questions: $(cat said)"
expect 'by questions, the parent' 1 "$parent" 198.51.100.0/24
expect 'a zone that is not served' 8 '' sub.example.org
ipam dns diff example.org --server 127.0.0.1:$port >found 2>&1
[ $? = 8 ] && grep -q 'example.org SOA: REFUSED' found
ok $? "by questions, without the key: $(cat found)"
named_stop

start 'key ipam-key;'
# shellcheck disable=SC2086
expect 'by transfers' 1 "$reverse$stale$parent$different$forward$changed"'extra|example.org|x.example.org|A||10.0.0.1
dynamic|example.org|y.example.org|A||10.0.0.220
'"$disagree"'disagree|example.org|x.example.org|A||10.0.0.1, whose PTR is a.example.org
' $zones
[ ! -s said ]
ok $? "by transfers: $(cat said)"
named_stop
expect 'no server' 8 ''

count
