#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# export unbound and export dnsmasq: checked by the servers' checkers, and asked on high ports.
set -u
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
need unbound unbound-checkconf dnsmasq dig
tmp=$(mktemp -d)
pids=()
p=
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
chmod 755 .
export IPAM_FILE=network.ipam

ask() { # PORT ARG...
	local port=$1
	shift
	dig -r @127.0.0.1 -p "$port" +time=2 +tries=1 +noall +answer "$@" |
		awk '{ print $4, $5, $2 }' | sort | tr '\n' ';'
}

expect() { # WANTED PORT ARG...
	local wanted=$1 got
	shift
	got=$(ask "$@")
	[ "$got" = "$wanted" ]
	ok $? "$*: '$got' instead of '$wanted'"
}

cat >network.ipam <<'EOT'
@zone example.net ns=ns1.example.org
@zone 10.0.0.0/24 ns=ns1.example.org
@zone 2001:db8:10::/64 ns=ns1.example.org
@zone 64/26.100.51.198.in-addr.arpa ns=ns1.example.org
10.0.0.0/24 domain=example.net
10.0.0.5 host=www1,db alias=www
10.0.0.6 host=old status=deprecated ttl=60 alias=older
10.0.0.7 host=only dns=reverse
198.51.100.64/26 domain=example.net reverse=64/26.100.51.198.in-addr.arpa
198.51.100.66 host=edge1
2001:db8:10::/64 domain=example.net
2001:db8:10::5 host=www1 alias=www
EOT

ipam export unbound --output plan.conf -q
ok $? 'export unbound'
cat >unbound.conf <<EOF2
server:
	directory: "$tmp"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	interface: 127.0.0.1@19354
	do-ip6: no
remote-control:
	control-enable: no
include: "$tmp/plan.conf"
EOF2
unbound-checkconf unbound.conf >found 2>&1
ok $? "unbound-checkconf: $(cat found)"
ipam export dnsmasq --output dnsmasq.conf -q
ok $? 'export dnsmasq'
dnsmasq --test -C dnsmasq.conf >found 2>&1
ok $? "dnsmasq --test: $(cat found)"

unbound -d -c unbound.conf >unbound.log 2>&1 &
pids+=($!)
dnsmasq -k -C dnsmasq.conf --port=19355 --listen-address=127.0.0.1 --bind-interfaces --no-resolv \
	--no-hosts --pid-file= --user=root --log-facility=- >dnsmasq.log 2>&1 &
pids+=($!)
for port in 19354 19355; do
	for _ in $(seq 100); do
		dig -r @127.0.0.1 -p $port +short +time=1 +tries=1 db.example.net a 2>/dev/null |
			grep -q '^10\.' && break
		sleep 0.1
	done
	expect 'A 10.0.0.5 3600;' $port www1.example.net a
	expect 'AAAA 2001:db8:10::5 3600;' $port www1.example.net aaaa
	expect 'A 10.0.0.5 3600;' $port db.example.net a
	expect 'A 10.0.0.6 60;' $port old.example.net a
	expect 'PTR old.example.net. 60;' $port -x 10.0.0.6
	expect 'PTR edge1.example.net. 3600;' $port -x 198.51.100.66
	expect 'PTR www1.example.net. 3600;' $port -x 2001:db8:10::5
	[ "$(dig -r @127.0.0.1 -p $port +short -x 10.0.0.7)" = only.example.net. ]
	ok $? "$port: the PTR of a name that is not published"
	expect '' $port only.example.net a
done
expect 'A 10.0.0.5 3600;' 19354 www.example.net a
expect 'AAAA 2001:db8:10::5 3600;' 19354 www.example.net aaaa
expect 'A 10.0.0.6 60;' 19354 older.example.net a
expect 'PTR db.example.net. 3600;PTR www1.example.net. 3600;' 19354 -x 10.0.0.5
expect 'A 10.0.0.5 3600;CNAME www1.example.net. 3600;' 19355 www.example.net a
expect 'AAAA 2001:db8:10::5 3600;CNAME www1.example.net. 3600;' 19355 www.example.net aaaa
expect 'A 10.0.0.6 60;CNAME old.example.net. 60;' 19355 older.example.net a
expect 'PTR www1.example.net. 3600;' 19355 -x 10.0.0.5

count
