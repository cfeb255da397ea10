#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dns push against named with TSIG on a high port: what is changed, what is left alone, what
# can go wrong.
set -u
port=19356
# shellcheck source=tests/live/named.sh
. "$(dirname "$0")/named.sh"
need nsupdate
export IPAM_FILE=network.ipam

push() { ipam dns push --server 127.0.0.1:$port --key key "$@"; }

same() { # WHAT: the plan and the server agree, but for what a DHCP server has
	ipam -o tsv dns diff --server 127.0.0.1:$port --key key >found 2>&1
	ok $? "$1: $(cat found)"
}

served() { # all zones, less their SOAs, sorted
	local zone
	for zone in $(ipam export zone --list); do
		dig -r -k key @127.0.0.1 -p $port "$zone" axfr +noall +answer
	done | awk '$4 != "SOA" { $1 = $1; print }' | sort -u
}

expect() { # WHAT STATUS PATTERN...: the last run's status, and lines of what it said
	local what=$1 wanted=$2 pattern
	shift 2
	[ "$status" = "$wanted" ]
	ok $? "$what: status $status: $(cat found)"
	for pattern; do
		grep -Eq -- "$pattern" found
		ok $? "$what: no '$pattern' in: $(cat found)"
	done
}

run() { # ARG...
	"$@" >found 2>&1
	status=$?
}

cat >network.ipam <<'EOF'
@zone example.org ns=ns1.example.org,ns2.example.org mbox=hostmaster
@zone 10.0.0.0/24 ns=ns1.example.org
@zone 10.0.5.0/24 ns=ns1.example.org
@zone 64/26.100.51.198.in-addr.arpa ns=ns1.example.org
@zone 2001:db8:10::/64 ns=ns1.example.org
10.0.0.0/24 name=web domain=example.org gw=10.0.0.1
10.0.0.2 host=ns1
10.0.0.3 host=ns2
10.0.0.10 host=www alias=web,shop
10.0.0.11 host=www
10.0.0.12 host=old
10.0.0.13 host=mover
10.0.0.14 host=both
10.0.0.200-10.0.0.250 role=dhcp
198.51.100.64/26 name=edge domain=example.org reverse=64/26.100.51.198.in-addr.arpa
198.51.100.66 host=edge1
2001:db8:10::/64 name=web6 domain=example.org
2001:db8:10::14 host=both
EOF
tsig-keygen -a hmac-sha256 ipam-key >wrong-secret
tsig-keygen -a hmac-sha256 other-key >wrong-name
echo 'no key' >garbage
named_conf 'key ipam-key; 127.0.0.2;'
mkdir zones && ipam -q export zone --all zones
for zone in $(ipam export zone --list); do
	named_zone "$zone" "zones/$(tr / _ <<<"$zone").zone" 'allow-update { key ipam-key; };'
done
named_start

# What others have there.
nsupdate -v -k key <<EOF
server 127.0.0.1 $port
zone example.org.
update add example.org. 3600 IN MX 10 www.example.org.
update add example.org. 3600 IN TXT "v=spf1 -all"
update add old.example.org. 3600 IN TXT "stays"
update add _sip._tcp.example.org. 3600 IN SRV 0 0 5060 www.example.org.
update add _acme-challenge.example.org. 60 IN CNAME acme.example.net.
update add *.example.org. 60 IN A 10.0.0.99
update add sub.example.org. 3600 IN NS ns.sub.example.org.
update add ns.sub.example.org. 3600 IN A 192.0.2.1
update add laptop.example.org. 30 IN A 10.0.0.201
update add laptop.example.org. 30 IN DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=
update add static.example.org. 30 IN A 10.0.0.77
update add static.example.org. 30 IN DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=
send
zone 0.0.10.in-addr.arpa.
update add 201.0.0.10.in-addr.arpa. 30 IN PTR laptop.example.org.
update add 77.0.0.10.in-addr.arpa. 30 IN PTR static.example.org.
update add 78.0.0.10.in-addr.arpa. 30 IN PTR stale.example.org.
update add net.0.0.10.in-addr.arpa. 30 IN A 255.255.255.0
send
EOF
ok $? 'the records of others'
served >others
serial() { dig -r @127.0.0.1 -p $port +short example.org soa | cut -d' ' -f3; }

# what no DHCP server has; without the forward zone, it is asked for the names
run ipam -o tsv dns diff 10.0.0.0/24 --server 127.0.0.1:$port --key key
expect 'a reverse zone alone' 1 '^extra.*	78\.0\.0\.10' '^dynamic.*	77\.0\.0\.10' '^dynamic.*	201\.0\.0\.10'
run ipam -o tsv dns diff 10.0.0.0/24 --server 127.0.0.1:$port
expect 'and without a transfer' 1 '^extra.*	78\.0\.0\.10' '^dynamic.*	77\.0\.0\.10'
run push -q 10.0.0.0/24 -o tsv
[ "$status" = 0 ] && [ "$(cut -f1,3 found)" = "delete	78.0.0.10.in-addr.arpa" ]
ok $? "a stale PTR: $(cat found)"
same 'as exported'
before=$(serial)
run push
expect 'nothing to do' 0 'nothing to change'
run push --undo nothing
[ ! -e nothing ]
ok $? 'a way back from nothing'
[ "$(serial)" = "$before" ]
ok $? 'the serial moved'

# add, change, rename, release
ipam -q alloc web host=new alias=fresh >/dev/null
ipam -q alloc web6 host=new >/dev/null
ipam -q alloc edge host=edge2 >/dev/null
ipam -q >/dev/null renumber 10.0.0.13 10.0.0.113
ipam -q >/dev/null set 10.0.0.14 host=renamed && ipam -q >/dev/null set 2001:db8:10::14 host=renamed
ipam -q >/dev/null release 10.0.0.12 && ipam -q >/dev/null release 10.0.0.11
ipam -q >/dev/null set 10.0.0.10 alias=web,store
served >before
run push -n
expect 'push -n' 0 '^prereq nxdomain new\.example\.org\.$' '^update add new\.example\.org\. 3600 IN A 10\.0\.0\.4$' \
	'^update delete old\.example\.org\. IN A 10\.0\.0\.12$' \
	'^prereq yxrrset www\.example\.org\. IN A 10\.0\.0\.11$' '^prereq nxrrset old\.example\.org\. IN DHCID$'
served | cmp -s - before
ok $? 'push -n changed something'
cp found script
run push --undo back -o tsv
expect 'push' 0 '^ipam: back: written$'
sed -i '/^ipam: back/d' found
[ "$(grep -c '^update add' script)" = "$(grep -c '^add' found)" ] &&
	[ "$(grep -c '^update delete' script)" = "$(grep -c '^delete' found)" ]
ok $? "push: reported: $(cat found)"
awk -F'\t' '{ print ($1 == "add" ? "add" : "delete"), ($2 ~ /arpa$/ ? "ptr" : "name") }' found | uniq >order
# a name that changes loses something in its first turn
[ "$(grep -v '^delete' order | uniq | tr '\n' ,)" = 'add name,add ptr,' ] &&
	[ "$(tail -n 2 order | tr '\n' ,)" = 'delete ptr,delete name,' ]
ok $? "the order: $(cat order)"
same 'after push'
served >after
nsupdate -v -k key back >undone 2>&1
ok $? "the way back: $(cat undone)"
served | diff before - >undone
ok $? "taken back: $(cat undone)"
run push
expect 'push again' 0 'this takes it back'
served | cmp -s - after
ok $? 'push again'
run nsupdate -v -k key script
expect 'a script that was run before' 2 'YXDOMAIN|NXRRSET|YXRRSET'
same 'and changed nothing'

# what others have is there as it was
grep -E ' (MX|TXT|SRV|DHCID) |_acme|^\*|sub\.|laptop|static|^net' others >theirs
served | grep -E ' (MX|TXT|SRV|DHCID) |_acme|^\*|sub\.|laptop|static|^net' | diff theirs - >found
ok $? "what others have: $(cat found)"

# renumber the /24
ipam -q >/dev/null renumber 10.0.0.0/24 10.0.5.0/24
run push -q
expect 'renumbered' 0
same 'renumbered'
[ "$(dig -r @127.0.0.1 -p $port +short -x 10.0.5.10)" = www.example.org. ]
ok $? 'the PTR of a new address'
ipam -q >/dev/null renumber 10.0.5.0/24 10.0.0.0/24
run push -q
expect 'and back' 0
named_stop
named_start
same 'after a restart'
served | grep -E ' (MX|TXT|SRV|DHCID) |_acme|^\*|sub\.|laptop|static|^net' | diff theirs - >missed
ok $? "what others have, after all: $(cat missed)"

# TTLs of what stays, and a name server too many
printf 'server 127.0.0.1 %s\nzone example.org.\nupdate delete www.example.org. A\nupdate add www.example.org. 77 A 10.0.0.10\nupdate add example.org. 3600 NS ns9.example.org.\nsend\n' $port |
	nsupdate -v -k key
ipam -q alloc 10.0.0.15 host=www --force >/dev/null
run push -o tsv -q
expect 'a second address' 0 '^add	example\.org	www\.example\.org	77	A	10\.0\.0\.15$' \
	'^delete	example\.org	example\.org	3600	NS	ns9\.example\.org$'
same 'a second address'

# a name that somebody else has
ipam -q alloc 10.0.0.16 host=static >/dev/null
run push -q
expect 'a name with a DHCID' 8 'static\.example\.org: left as it is: a DHCP server has this name'
[ "$(dig -r @127.0.0.1 -p $port +short static.example.org)" = 10.0.0.77 ]
ok $? 'a name with a DHCID was touched'
is "$(dig -r @127.0.0.1 -p $port +short -x 10.0.0.16)" '' 'the PTR of an address that a name does not get'
ipam -q >/dev/null release 10.0.0.16
printf 'server 127.0.0.1 %s\nzone example.org.\nupdate add taken.example.org. 60 TXT "x"\nsend\n' $port | nsupdate -v -k key
ipam -q >/dev/null set 10.0.0.15 alias=taken
run push -q
expect 'an alias beside a TXT' 8 'taken\.example\.org: left as it is: an alias in the plan'
ipam -q >/dev/null set 10.0.0.15 alias=
run push -q
expect 'clean' 0

# keys
ipam -q alloc 10.0.0.20 host=late >/dev/null
served >before
run ipam dns push --server 127.0.0.1:$port
expect 'no key' 2 '--key is wanted'
run ipam dns push --server 127.0.0.1:$port --key nowhere
expect 'no key file' 7 'nowhere: No such file'
run ipam dns push --server 127.0.0.1:$port --key garbage
expect 'garbage' 2 'garbage: no TSIG key in it'
for key in wrong-secret wrong-name; do
	run ipam dns push --server 127.0.0.1:$port --key $key
	expect "$key" 8
	[ "$(wc -l <found)" = 2 ]
	ok $? "$key: $(cat found)"
done
# the transfer is let through, the update is not
mkdir bin
real=$(command -v nsupdate)
cat >bin/nsupdate <<EOF
#!/bin/sh
sed 's/^key .*/key hmac-sha256:ipam-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/' | $real "\$@"
EOF
chmod 755 bin/nsupdate
PATH=$tmp/bin:$PATH run push
expect 'BADSIG' 8 'the update was refused: NOTAUTH\(BADSIG\); made: 0, not made: 2'
served | cmp -s - before
ok $? 'without a key something was changed'

# somebody else was faster
cat >bin/nsupdate <<EOF
#!/bin/sh
printf 'server 127.0.0.1 $port\nzone example.org.\nupdate add late.example.org. 60 A 10.0.0.21\nsend\n' | $real -v -k $tmp/key
exec $real "\$@"
EOF
PATH=$tmp/bin:$PATH run push
expect 'a prerequisite' 8 'zone example\.org: a name is not as it was just before \(YXDOMAIN\); made: 0, not made: 2'
[ "$(dig -r @127.0.0.1 -p $port +short late.example.org)" = 10.0.0.21 ]
ok $? 'somebody else lost'
run push -q
expect 'and then' 0
same 'and then'

# the server goes in the middle
ipam -q alloc 10.0.0.30 host=one >/dev/null
served >before
ipam -q alloc 2001:db8:10::30 host=one >/dev/null
cat >bin/nsupdate <<EOF
#!/bin/sh
if [ -e $tmp/second ]; then
	kill -9 $pid
	while kill -0 $pid 2>/dev/null && [ "\$(cut -d' ' -f3 /proc/$pid/stat)" != Z ]; do sleep 0.01; done
fi
touch $tmp/second
exec $real "\$@"
EOF
PATH=$tmp/bin:$PATH run push --undo back
expect 'gone' 8 'no answer to an update; made: 1, perhaps: 1, not made: 1' '^add +example\.org +one\.example\.org'
wait "$pid" 2>/dev/null
named_start
run nsupdate -v -k key back
served | diff before - >found
ok $? "the way back from the middle: $(cat found)"
run push
expect 'gone, and again' 0
same 'gone, and again'
named_stop
run push
expect 'no server' 8
[ "$(wc -l <found)" = 1 ]
ok $? "no server: $(cat found)"

count
