#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Zones of a plan, checked by the servers' checkers, served by named with TSIG on a high port,
# asked, and compared with the plan.
set -u
port=19353
# shellcheck source=tests/live/named.sh
. "$(dirname "$0")/named.sh"
need named-checkzone nsd-checkzone kzonecheck
export IPAM_FILE=network.ipam

# Prefixes of all lengths, with their zones and a host in each.
prefixes='10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.4.0/22 192.0.2.0/24 198.51.100.128/25
	203.0.113.8/29 203.0.113.64/31 2001:db8::/32 2001:db9:20::/44 2001:dba:20::/46
	2001:dbb:20::/48 2001:dbc:10:1::/64 2001:dbd:10:1::8/126'
{
	echo '@zone example.org ns=ns1,ns2.example.org mbox=host.master+dns@example.org include=extra'
	for p in $prefixes; do echo "@zone $p ns=ns1.example.org"; done
	n=0
	for p in $prefixes; do
		n=$((n + 1)) reverse=
		case $p in
		198.51.100.128/25) reverse=' reverse=128/25.100.51.198.in-addr.arpa' ;;
		203.0.113.8/29) reverse=' reverse=8/29.113.0.203.in-addr.arpa' ;;
		203.0.113.64/31) reverse=' reverse=64/31.113.0.203.in-addr.arpa' ;;
		esac
		echo "$p name=p$n domain=example.org$reverse"
	done
} >network.ipam
# much of which not all servers read as it is
cat >extra <<'EOF'
@ MX 10 h1
@ TXT "v=spf1 -all"
$GENERATE 1-3 gen$ A 10.9.9.$
$INCLUDE deeper.inc deep
$ORIGIN rel
r A 10.9.9.9
EOF
printf 't.example.org. TXT "caf\303\251" ; \303\251\r\n' >>extra
cat >deeper.inc <<'EOF'
$TTL 60
d AAAA 2001:db8::d
EOF
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	ipam -q alloc "p$n" "host=h$n" >/dev/null
	ok $? "alloc p$n"
done
ipam -q alloc p1 host=ns1 alias=alias >/dev/null && ipam -q alloc p1 host=ns2 >/dev/null
ok $? 'name servers'

mkdir zones && ipam -q export zone --all zones
ok $? 'export zone --all'
named_conf 'key ipam-key;'
for zone in $(ipam export zone --list); do
	file=zones/$(tr / _ <<<"$zone").zone
	named-checkzone -q -k fail -n fail -m fail -r fail -S fail -i local "$zone" "$file"
	ok $? "named-checkzone $zone"
	nsd-checkzone "$zone" "$file" >/dev/null
	ok $? "nsd-checkzone $zone"
	kzonecheck -o "$zone" "$file"
	ok $? "kzonecheck $zone"
	named_zone "$zone" "$file"
done
named_start

for n in 1 2 3 4 5 9 10 11 12 13 14; do
	ip=$(ipam -o tsv list "host=h$n" --fields key)
	[ "$(dig -r @127.0.0.1 -p $port +short -x "$ip")" = "h$n.example.org." ]
	ok $? "dig -x $ip"
done
[ "$(dig -r @127.0.0.1 -p $port +short 129.128/25.100.51.198.in-addr.arpa ptr)" = h6.example.org. ]
ok $? 'the PTR in a zone of RFC 2317'
[ "$(dig -r @127.0.0.1 -p $port +short gen2.example.org r.rel.example.org d.deep.example.org aaaa | tr '\n' ' ')" = \
	'10.9.9.2 10.9.9.9 2001:db8::d ' ]
ok $? 'what an include has'
[ "$(dig -r @127.0.0.1 -p $port +short t.example.org txt)" = '"caf\195\169"' ]
ok $? 'other bytes in an include'
[ "$(dig -r @127.0.0.1 -p $port +short alias.example.org a | head -n 1)" = ns1.example.org. ]
ok $? 'the alias'

ipam dns diff --server 127.0.0.1:$port --key key >found 2>&1
ok $? "dns diff of what was exported: $(cat found)"
ipam dns diff example.org --server 127.0.0.1:$port >found 2>&1 &&
	grep -q 'asked name by name' found
ok $? "dns diff without the key: $(cat found)"
ipam -q alloc p5 host=new >/dev/null && ipam -q release "$(ipam -o tsv list host=h4 --fields key)" >/dev/null
ipam -o tsv dns diff --server 127.0.0.1:$port --key key >found
[ $? = 1 ] && [ "$(cut -f 1,3 found | sort | tr '\t\n' ' ,')" = \
	'extra 1.4.64.100.in-addr.arpa,extra h4.example.org,missing 2.2.0.192.in-addr.arpa,missing new.example.org,' ]
ok $? "dns diff after changes: $(cat found)"
named_stop
ipam dns diff example.org --server 127.0.0.1:$port --key key >found 2>&1
[ $? = 8 ]
ok $? "dns diff without a server: $(cat found)"

count
