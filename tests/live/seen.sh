#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Evidence from real programs, in a network namespace of its own: a link with a
# few live addresses that `ipam scan` finds, with their MACs, and one that
# answers ARP alone; neighbour tables, nmap and fping as they print them; kea-dhcp4
# that perfdhcp asks for 1,000 leases, imported from its file while it writes,
# and from its control socket.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/live/wire.sh
need unshare nsenter ip fping nmap kea-dhcp4 perfdhcp
enter
own kea-dhcp4
plan=$tmp/network.ipam
export IPAM_FILE=$plan
unset IPAM_NOW

# --- a link ---------------------------------------------------------------

wire 10.20.0.1/21 2001:db8:10::1/64 || { ok 1 'a wire'; exit 1; }
client ip link set there down
client ip link set there address 52:54:00:aa:00:02 up
for a in 10.20.0.2 10.20.0.5 10.20.7.254; do
	client ip addr add "$a/21" dev there
done
client ip -6 addr add 2001:db8:10::5/64 dev there nodad
until_true fping -q -c 1 -t 500 10.20.0.2 >/dev/null 2>&1
# .5 answers no ping
if command -v nft >/dev/null; then
	client nft 'add table inet t; add chain inet t in { type filter hook input priority 0; };
		add rule inet t in ip daddr 10.20.0.5 icmp type echo-request drop'
fi

cat >"$plan" <<-'END'
	10.20.0.0/21 name=office gw=10.20.0.1
	10.20.0.2 host=two mac=52:54:00:aa:00:02
	10.20.0.3 host=dead
	10.20.1.0-10.20.6.255 name=dyn role=dhcp
	2001:db8:10::/120
END

# --- scan -----------------------------------------------------------------

ipam scan 10.20.0.0/29 10.20.7.254 2001:db8:10::/125 --rate 500 -o tsv >"$tmp/out" 2>"$tmp/err"
ok $? scan
is "$(cut -f1,5 "$tmp/out" | tr '\t\n' ' ;')" \
	'10.20.0.1 gw;10.20.0.2 recorded;10.20.0.5 unknown;10.20.7.254 unknown;2001:db8:10::1 unknown;2001:db8:10::5 unknown;' \
	'what a scan finds'
is "$(awk -F'\t' '$1 == "10.20.0.2" || $1 == "2001:db8:10::5" { print $3 }' "$tmp/out" | sort -u)" \
	52:54:00:aa:00:02 'its MAC'
if command -v nft >/dev/null; then
	is "$(awk -F'\t' '$1 == "10.20.0.5" { print $4 }' "$tmp/out")" neigh 'who answers ARP alone'
fi
is "$(ipam report unknown -o tsv --fields key 10.20.0.0/21 | xargs)" '10.20.0.5 10.20.7.254' unknown
is "$(ipam report stale -o tsv --fields key | xargs)" 10.20.0.3 stale
is "$(ipam report mismatch -o tsv --fields key,finding 10.20.0.2)" \
	"$(printf '10.20.0.2\tshared-mac')" 'one MAC at many addresses'
ipam scan 10.21.0.0/24 2>/dev/null
is $? 1 'not outside the plan'

# --- other programs ---------------------------------------------------------

rm "$plan.seen"
for form in 'ip neigh' 'ip -s neigh' 'ip -j neigh' 'ip -s -j neigh'; do
	rm -f "$plan.seen"
	fping -q -c 1 10.20.0.2 >/dev/null 2>&1
	$form | ipam -q seen import neigh
	is "$(ipam seen list 10.20.0.2 -o tsv --fields mac)" 52:54:00:aa:00:02 "$form"
done
rm "$plan.seen"
ipam -q seen import arp /proc/net/arp
is "$(ipam seen list 10.20.0.2 -o tsv --fields mac)" 52:54:00:aa:00:02 /proc/net/arp
nmap -n -sn -oX - 10.20.0.0/30 2>/dev/null | ipam -q seen import nmap
is "$(ipam seen list by~nmap 10.20.0.0/30 -o tsv --fields key | xargs)" '10.20.0.1 10.20.0.2' nmap
fping -C 1 -q 10.20.0.2 10.20.0.3 2>&1 | ipam -q seen import fping
is "$(ipam seen list by~fping -o tsv --fields key | xargs)" 10.20.0.2 'fping -C'

# --- Kea --------------------------------------------------------------------

hook=$(find /usr/lib -name libdhcp_lease_cmds.so 2>/dev/null | head -n 1)
hooks=''
[ -z "$hook" ] || hooks="\"hooks-libraries\": [ { \"library\": \"$hook\" } ],"
mkdir -p "$tmp/kea"
cat >"$tmp/kea/kea.json" <<-END
	{ "Dhcp4": {
	  "interfaces-config": { "interfaces": [ "here" ] },
	  "control-socket": { "socket-type": "unix", "socket-name": "$tmp/kea/socket" },
	  $hooks
	  "lease-database": { "type": "memfile", "persist": true, "name": "$tmp/kea/leases", "lfc-interval": 3 },
	  "valid-lifetime": 3600, "multi-threading": { "enable-multi-threading": false },
	  "subnet4": [ { "id": 1, "subnet": "10.20.0.0/21", "pools": [ { "pool": "10.20.1.0 - 10.20.6.255" } ] } ] } }
END
export KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$tmp/kea
start kea-dhcp4 -c "$tmp/kea/kea.json" >"$tmp/kea/log" 2>&1
if ! until_true test -S "$tmp/kea/socket"; then
	tail -n 5 "$tmp/kea/log"
	ok 1 'kea-dhcp4 runs'
else
	# 1,000 clients, a lease each; imported all the while
	start nsenter -t "$other" -n perfdhcp -4 -r 200 -R 1000 -n 1000 -l there >"$tmp/perf" 2>&1
	perf=$started
	imports=0
	until ! kill -0 "$perf" 2>/dev/null; do
		ipam -q seen import kea "$tmp/kea/leases" 2>>"$tmp/err" || ok 1 'an import while Kea writes'
		imports=$((imports + 1))
	done
	wait "$perf"
	[ "$imports" -gt 3 ]
	ok $? "imports while Kea writes: $imports"
	ipam -q seen import kea "$tmp/kea/leases"
	# what Kea has is what is in its files now
	cat "$tmp"/kea/leases{.2,.1,} 2>/dev/null | awk -F, '$1 ~ /^10/ { v[$1] = $4 }
		END { for (a in v) if (v[a] > 0) print a }' | sort >"$tmp/wanted"
	ipam seen list by~lease:kea lease=active -o tsv --fields key | sort >"$tmp/got"
	[ "$(wc -l <"$tmp/wanted")" -ge 900 ] && cmp -s "$tmp/wanted" "$tmp/got"
	ok $? "leases: $(wc -l <"$tmp/wanted") wanted, $(wc -l <"$tmp/got") got"
	leased=$(wc -l <"$tmp/got")
	is "$(ipam report leases -o tsv --fields leased,peak)" "$(printf '%d\t%d' "$leased" "$leased")" \
		'report leases'
	if [ -n "$hook" ]; then
		cp "$plan.seen" "$tmp/by-file"
		rm "$plan.seen"
		ipam -q seen import kea --socket "$tmp/kea/socket"
		ok $? 'the control socket'
		ipam seen list lease=active -o tsv --fields key | sort | cmp -s - "$tmp/got"
		ok $? 'the control socket says the same'
	fi
fi

count
