#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The names that a real dhcpd puts into a real named's zones, for a pool that the plan does not know:
# dns diff calls them dynamic, the PTR too, and dns push leaves them alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/live/wire.sh
need unshare nsenter ip named tsig-keygen dig nsupdate dhcpd dhclient
enter
own named dhcpd dhclient
export IPAM_FILE=$tmp/network.ipam
serves() { [ -n "$(names "$@")" ]; }
names() { dig -r @10.99.0.1 +noall +answer +time=1 +tries=1 "$@" | awk '{ print $1, $4 }'; }

cat >"$IPAM_FILE" <<'EOF'
@zone example.org ns=ns1
@zone 10.99.0.0/24 ns=ns1.example.org
10.99.0.0/24 domain=example.org
10.99.0.1 host=ns1
10.99.0.5 host=gone
EOF
tsig-keygen -a hmac-sha256 ipam-key >key
ipam -q export zone --all . && ipam -q >/dev/null release gone
ok $? 'the zones'
{
	cat key
	echo "options { directory \"$tmp\"; listen-on { 10.99.0.1; }; listen-on-v6 { none; }; pid-file none;
		recursion no; notify no; allow-transfer { key ipam-key; }; session-keyfile \"$tmp/session.key\"; };
	controls { };"
	for zone in example.org 0.99.10.in-addr.arpa; do
		echo "zone \"$zone\" { type primary; file \"$zone.zone\"; allow-update { key ipam-key; }; };"
	done
} >named.conf
{
	sed 's/"ipam-key"/ipam-key/' key
	cat <<'EOF'
ddns-update-style standard;
ddns-domainname "example.org.";
update-static-leases on;
zone example.org. { primary 10.99.0.1; key ipam-key; }
zone 0.99.10.in-addr.arpa. { primary 10.99.0.1; key ipam-key; }
subnet 10.99.0.0 netmask 255.255.255.0 { range 10.99.0.50 10.99.0.60; }
EOF
} >dhcpd.conf
: >leases; : >client.leases
echo 'send host-name "laptop";' >dhclient.conf
wire 10.99.0.1/24 || { ok 1 'a wire'; exit 1; }
start named -g -c named.conf -u root >named.log 2>&1
until_true serves example.org soa
serve 67 dhcpd -4 -f -cf dhcpd.conf -lf leases -pf dhcpd.pid here
start nsenter -t "$other" -n dhclient -d -cf dhclient.conf -lf client.leases -pf client.pid \
	-sf /bin/true there >client.log 2>&1
until_true serves -x 10.99.0.50
[ "$(names laptop.example.org dhcid)" = 'laptop.example.org. DHCID' ]
ok $? "dhcpd gave no name: $(cat server.log client.log)"

ipam -o tsv dns diff --server 10.99.0.1 --key key >found 2>&1
[ $? = 1 ] && [ "$(cut -f 1,3 found | tr '\t\n' ' ,')" = \
	'extra 5.0.99.10.in-addr.arpa,dynamic 50.0.99.10.in-addr.arpa,extra gone.example.org,dynamic laptop.example.org,' ]
ok $? "dns diff: $(cat found)"
ipam -q -o tsv dns push --server 10.99.0.1 --key key >found 2>&1
ok $? 'the status of dns push'
[ "$(cut -f 1,3 found | tr '\t\n' ' ,')" = \
	'delete 5.0.99.10.in-addr.arpa,delete gone.example.org,' ]
ok $? "dns push: $(cat found)"
ipam -q dns diff --server 10.99.0.1 --key key >/dev/null
ok $? 'dns diff after push'
[ "$(names -x 10.99.0.50) $(names laptop.example.org a)" = '50.0.99.10.in-addr.arpa. PTR laptop.example.org. A' ]
ok $? "what dhcpd has: $(names -x 10.99.0.50) $(names laptop.example.org a)"
ipam import zone --from 10.99.0.1 --key key example.org 10.99.0.0/24 >found 2>&1
ok $? 'import' && ! grep -q 10.99.0.50 "$IPAM_FILE"
ok $? "what dhcpd has in the plan: $(cat found)"

count
