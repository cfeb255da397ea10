#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Leases of real servers, as evidence: dhcpd, dnsmasq and Kea serve what ipam
# exported, hundreds of clients (perfdhcp) ask for addresses and prefixes, and
# the lease files are imported all the while: each import works, and the last has
# exactly what the server's file has.  Kea is asked by its control socket, too.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/live/wire.sh
need unshare nsenter ip ss jq kea-dhcp4 kea-dhcp6 dhcpd dnsmasq perfdhcp
enter
own kea-dhcp4 kea-dhcp6 dhcpd dnsmasq
unset IPAM_NOW
export IPAM_FILE=$tmp/network.ipam
plan=$IPAM_FILE

cat >"$plan" <<'PLAN'
10.99.0.0/21 name=lan gw=10.99.0.1 lease-time=1h
10.99.1.0-10.99.6.255 name=dyn role=dhcp
2001:db8:99::/64 name=lan6 lease-time=1h
2001:db8:99::1000-2001:db8:99::1fff name=dyn6 role=dhcp
2001:db8:100::/48 name=prefixes pd=/60 via=lan6
PLAN
for f in kea4 kea6 dhcpd dhcpd6 dnsmasq-dhcp; do
	ipam -q export "$f" >"$f.conf"
	ok $? "export $f"
done
wire 10.99.0.1/21 2001:db8:99::1/64 || { ok 1 'a wire'; exit 1; }
client ip addr add 10.99.0.2/21 dev there

# imported FORMAT FILE LEAST PERFDHCP-OPTION...: imports the file while so many clients are served
imported() {
	local format=$1 file=$2 imports=0 least=$3
	shift 3
	rm -f "$plan.seen"
	start nsenter -t "$other" -n perfdhcp "$@" -l there >perf.log 2>&1
	while kill -0 "$started" 2>/dev/null; do
		[ -e "$file" ] || continue
		ipam -q seen import "$format" "$file" 2>import.log
		ok $? "$format $*: an import while the server writes" || cat import.log
		imports=$((imports + 1))
	done
	wait "$started"
	[ $imports -gt 0 ]
	ok $? "$format $*: $imports imports while the server writes"
	ipam -q seen import "$format" "$file"
	ok $? "$format $*: the last import"
	[ "$(wc -l <wanted)" -ge "$least" ] || { tail -n 5 perf.log server.log; ok 1 "$format $*: leases"; }
}

# same BY WANTED NAME: the leases that are active are those
same() {
	ipam seen list "by~lease:$1" lease=active -o tsv --fields key | sort >got
	sort -u wanted >wanted.sorted
	diff wanted.sorted got >difference
	ok $? "$2: $(wc -l <wanted.sorted) leases in the file, $(wc -l <got) imported" || head -n 5 difference
}

pools() { # KEY: leased and peak
	ipam report leases "$1" -o tsv --fields leased,peak
}

# --- dhcpd -----------------------------------------------------------------------

# the last word about each address, and what is bound
active4() {
	awk '/^lease/ { a = $2 } /^  binding state/ { state[a] = $3 }
		END { for (a in state) if (state[a] == "active;") print a }' "$1" >wanted
}
active6() {
	awk '/^ia-/ { ia = $2 } /^  ia(addr|prefix)/ { a = $2 } /^    binding state/ { state[a] = $3 }
		END { for (a in state) if (state[a] == "active;") print a }' "$1" >wanted
}

: >leases4
: >leases6
sed '1a ping-check false;' dhcpd.conf >dhcpd4.live
serve 67 dhcpd -4 -f -q -cf dhcpd4.live -lf leases4 -pf dhcpd.pid here
: >wanted
imported dhcpd leases4 0 -4 -r 200 -R 400 -n 400
active4 leases4
[ "$(wc -l <wanted)" -ge 350 ]
ok $? "dhcpd: $(wc -l <wanted) leases"
same dhcpd 'dhcpd, IPv4'
n=$(wc -l <got)
is "$(pools dyn)" "$n	$n" 'dhcpd: report leases'
unserve
serve 547 dhcpd -6 -f -q -cf dhcpd6.conf -lf leases6 -pf dhcpd.pid here
imported dhcpd leases6 0 -6 -r 100 -R 200 -n 200 -e address-and-prefix
active6 leases6
[ "$(wc -l <wanted)" -ge 350 ]
ok $? "dhcpd: $(wc -l <wanted) IPv6 leases"
same dhcpd 'dhcpd, IPv6'
n=$(grep -c / got)
is "$(pools prefixes)" "$n	$n" 'dhcpd: report leases of prefixes'
unserve

# --- dnsmasq, which writes its file anew in place ----------------------------------

serve 67 dnsmasq -k -C dnsmasq-dhcp.conf -p 0 -u root --no-ping --pid-file --log-facility=- \
	--dhcp-leasefile="$tmp/dnsmasq.leases" --interface=here
imported dnsmasq dnsmasq.leases 0 -4 -r 100 -R 300 -n 300
awk '$1 != "duid" { print $3 }' dnsmasq.leases >wanted
[ "$(wc -l <wanted)" -ge 250 ]
ok $? "dnsmasq: $(wc -l <wanted) leases"
same dnsmasq dnsmasq
n=$(wc -l <got)
is "$(pools dyn)" "$n	$n" 'dnsmasq: report leases'
imported dnsmasq dnsmasq.leases 0 -6 -r 50 -R 100 -n 100
awk '$1 != "duid" { print $3 }' dnsmasq.leases >wanted
[ "$(grep -c : wanted)" -ge 80 ]
ok $? "dnsmasq: $(grep -c : wanted) IPv6 leases"
same dnsmasq 'dnsmasq, both families'
unserve

# --- Kea: its files, its control socket --------------------------------------------

mkdir -p kea
export KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$tmp/kea KEA_DHCP_DATA_DIR=$tmp/kea
hook=$(find /usr/lib -name libdhcp_lease_cmds.so 2>/dev/null | head -n 1)
for v in 4 6; do
	jq --arg hook "$hook" ".Dhcp$v |= (.\"interfaces-config\".interfaces = [\"here\"] |
		.\"control-socket\" = { \"socket-type\": \"unix\", \"socket-name\": \"$tmp/kea/socket$v\" } |
		.\"lease-database\" += { \"name\": \"$tmp/kea/leases$v\", \"lfc-interval\": 3 } |
		if \$hook == \"\" then . else .\"hooks-libraries\" = [ { \"library\": \$hook } ] end) |
		if .Dhcp6 then .Dhcp6.\"data-directory\" = \"$tmp/kea\" |
			.Dhcp6.subnet6[].interface = \"here\" else . end" "kea$v.conf" >"kea$v.live"
done
: >wanted

by_socket() { # VERSION: what the file said, the socket says
	local socket=kea/socket$1
	if [ -n "$hook" ]; then
		rm "$plan.seen"
		ipam -q seen import kea --socket "$socket"
		ok $? "Kea: lease$1-get-all"
		same kea "Kea, IPv$1, by the socket"
	fi
	ipam dhcp diff --server "$socket" >difference
	ok $? "Kea: config-get is what the plan says" || cat difference
	ipam -q set lan6 lease-time=2h >/dev/null
	ipam -q set lan lease-time=2h >/dev/null
	is "$(ipam dhcp diff --server "$socket" -o tsv --fields field,plan,server)" \
		'lease-time	7200	3600' "Kea: a difference"
	ipam -q set lan6 lease-time=1h >/dev/null
	ipam -q set lan lease-time=1h >/dev/null
}

serve 67 kea-dhcp4 -c kea4.live
imported kea kea/leases4 0 -4 -r 200 -R 400 -n 400
cat kea/leases4{.2,.1,} 2>/dev/null | awk -F, '$1 ~ /^10/ { v[$1] = $4 }
	END { for (a in v) if (v[a] > 0) print a }' >wanted
same kea 'Kea, IPv4'
by_socket 4
unserve
serve 547 kea-dhcp6 -c kea6.live
imported kea kea/leases6 0 -6 -r 100 -R 200 -n 200 -e address-and-prefix
cat kea/leases6{.2,.1,} 2>/dev/null | awk -F, '$1 ~ /^2001/ { k = $7 == 2 ? $1 "/" $9 : $1; v[k] = $3 }
	END { for (a in v) if (v[a] > 0) print a }' >wanted
[ "$(wc -l <wanted)" -ge 350 ]
ok $? "Kea: $(wc -l <wanted) IPv6 leases"
same kea 'Kea, IPv6'
n=$(grep -c / got)
is "$(pools prefixes)" "$n	$n" 'Kea: report leases of prefixes'
by_socket 6
unserve

count
