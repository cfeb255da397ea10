#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Exported configurations at work: Kea, dhcpd and dnsmasq serve them in a network
# namespace, and real clients in another are told what the plan says: reserved
# addresses, addresses of the pool, delegated prefixes, options.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/live/wire.sh
. tests/live/dhcp_options.sh
need unshare nsenter ip ss jq kea-dhcp4 kea-dhcp6 dhcpd dnsmasq dhclient
enter
own kea-dhcp4 kea-dhcp6 dhcpd dnsmasq dhclient

cat >network.ipam <<'PLAN'
@ipam 1
10.98.0.0/24 name=second gw=10.98.0.1 link=wire lease-time=2h
10.98.0.7 host=other mac=52:54:00:00:98:07
10.99.0.0/24 name=lan gw=10.99.0.1 domain=example.org nameserver=10.99.0.2,10.99.0.3 link=wire lease-time=1h option.tftp-server-name="a,b \"c\" \\ d" option.domain-search=a.example,b.example
10.99.0.1 host=gw
10.99.0.5 host=printer mac=52:54:00:00:99:05 option.time-offset=-3600
10.99.0.10-10.99.0.20 role=dhcp option.interface-mtu=1400
10.99.0.10 host=first mac=52:54:00:00:99:10
10.99.0.11 host=static
10.99.0.12 client-id=ff:01:02:03:04:05
10.99.0.14 status=reserved
2001:db8:99::/64 name=lan6 domain=example.org nameserver=2001:db8:99::2 lease-time=1h
2001:db8:99::5 host=printer duid=00:03:00:01:52:54:00:00:99:05
2001:db8:99::100-2001:db8:99::1ff role=dhcp
2001:db8:100::/56 pd=/60 via=lan6
2001:db8:100:10::/60 duid=00:03:00:01:52:54:00:00:99:05
PLAN
export IPAM_FILE=$tmp/network.ipam
for f in kea4 kea6 dhcpd dhcpd6 dnsmasq-dhcp; do
	ipam -q export "$f" >"$f.conf"
	ok $? "export $f"
done
wire 10.99.0.1/24 10.98.0.1/24 2001:db8:99::1/64 || { ok 1 'a wire'; exit 1; }

# --- clients -----------------------------------------------------------------

cat >client4 <<'CONF'
timeout 15; retry 1; initial-interval 1; backoff-cutoff 1; select-timeout 0;
request subnet-mask, routers, domain-name, domain-name-servers, host-name, domain-search,
	tftp-server-name, interface-mtu, time-offset;
CONF
{
	cat client4
	echo 'send dhcp-client-identifier ff:01:02:03:04:05;'
} >client4-id
echo 'request dhcp6.name-servers, dhcp6.domain-search;' >client6
# What a client is told, as new_NAME=VALUE, in the file told
cat >tell <<SCRIPT
#!/bin/sh
case \$reason in
BOUND* | REBOOT | RENEW*) env | grep ^new_ >$tmp/told.new && mv $tmp/told.new $tmp/told ;;
esac
SCRIPT
chmod 755 tell

has_link_local() {
	client ip -6 -o addr show dev there scope link | grep -qv tentative
}

is_told() {
	[ -e told ] || ! kill -0 "$asking" 2>/dev/null
}

# ask MAC CONF DHCLIENT-OPTION...: what a client of this MAC is told
ask() {
	local mac=$1 conf=$2
	shift 2
	rm -f told
	: >asked.leases
	client ip link set there down
	client ip link set there address "$mac" up
	until_true has_link_local
	start nsenter -t "$other" -n dhclient "$@" -d -sf "$tmp/tell" -cf "$conf" -lf asked.leases \
		-pf asked.pid there 2>asked.log
	asking=$started
	until_true is_told
	kill -9 "$asking" 2>/dev/null
	wait "$asking" 2>/dev/null
	[ -e told ] && return
	grep -v '^$' asked.log | head -n 20
	: >told
}

# told NAME WANTED TEST: a pattern of awk's
told() {
	local got
	got=$(sed -n "s/^new_$1=//p" told)
	grep -Exq -e "$2" <<<"$got"
	ok $? "$3: $1 is '$got' instead of '$2'"
}

four() { # SERVER
	ask 52:54:00:00:99:05 client4 -4
	told ip_address '10\.99\.0\.5' "$1: reserved"
	told host_name 'printer(\.example\.org)?' "$1: reserved"
	told routers '10\.99\.0\.1' "$1: reserved"
	told domain_name_servers '10\.99\.0\.2 10\.99\.0\.3' "$1: reserved"
	told domain_name 'example\.org' "$1: reserved"
	told domain_search 'a\.example\. b\.example\.' "$1: reserved"
	# as dhclient writes it for a shell
	told tftp_server_name 'a,b \\"c\\" \\\\ d' "$1: reserved"
	told dhcp_lease_time 3600 "$1: reserved"
	told time_offset -3600 "$1: an option of an address"
	ask 52:54:00:00:99:10 client4 -4
	told ip_address '10\.99\.0\.10' "$1: reserved in the pool"
	told time_offset '' "$1: no option of another address"
	ask 52:54:00:00:99:77 client4 -4
	told ip_address '10\.99\.0\.(13|1[5-9]|20)' "$1: nobody's address of the pool"
	told interface_mtu 1400 "$1: an option of the pool"
	told routers '10\.99\.0\.1' "$1: the subnet's option"
	ask 52:54:00:00:99:12 client4-id -4
	told ip_address '10\.99\.0\.12' "$1: reserved for a client-id"
	ask 52:54:00:00:98:07 client4 -4
	told ip_address '10\.98\.0\.7' "$1: reserved in the other subnet of the wire"
	told routers '10\.98\.0\.1' "$1: its own gateway"
	told dhcp_lease_time 7200 "$1: its own lease time"
}

six() { # SERVER
	ask 52:54:00:00:99:05 client6 -6 -D LL
	told ip6_address '2001:db8:99::5' "$1: reserved"
	told dhcp6_name_servers '2001:db8:99::2' "$1: reserved"
	told max_life 3600 "$1: reserved"
	ask 52:54:00:00:99:77 client6 -6 -D LL
	told ip6_address '2001:db8:99::1[0-9a-f]{2}' "$1: of the pool"
}

prefixes() { # SERVER
	ask 52:54:00:00:99:05 client6 -6 -D LL -P
	told ip6_prefix '2001:db8:100:10::/60' "$1: the delegated prefix"
	ask 52:54:00:00:99:77 client6 -6 -D LL -P
	told ip6_prefix '2001:db8:100:([02-9a-f]0)?:*:/60' "$1: a prefix of the pool"
}

# --- servers -----------------------------------------------------------------

mkdir kea
export KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$tmp/kea KEA_DHCP_DATA_DIR=$tmp/kea

# kea VERSION CONF, and so on: the server with this configuration
kea() {
	jq ".Dhcp$1.\"interfaces-config\".interfaces = [\"here\"] |
		.Dhcp$1.\"lease-database\".persist = false |
		if $1 == 6 then .Dhcp6.\"data-directory\" = \"$tmp/kea\" |
			.Dhcp6.subnet6[].interface = \"here\" else . end" "$2" >"kea$1.live"
	serve $(($1 == 4 ? 67 : 547)) "kea-dhcp$1" -c "kea$1.live"
}

isc() {
	: >"leases$1"
	serve $(($1 == 4 ? 67 : 547)) dhcpd "-$1" -f -q -cf "$2" -lf "leases$1" -pf dhcpd.pid here
}

masq() {
	serve 67 dnsmasq -k -C "$2" -p 0 -u root --no-ping --pid-file --log-facility=- \
		--dhcp-leasefile="$tmp/dnsmasq.leases" --interface=here
}

kea 4 kea4.conf
four Kea
unserve
kea 6 kea6.conf
six Kea
prefixes Kea
unserve
isc 4 dhcpd.conf
four dhcpd
unserve
isc 6 dhcpd6.conf
six dhcpd
prefixes dhcpd
unserve
masq 4 dnsmasq-dhcp.conf
four dnsmasq
six dnsmasq
unserve

# --- all options: a client is told the same, whichever the server ---------------

# Texts that look like something else.
texts='merit-dump=123 root-path=1.2.3.4 extensions-path=0x41 nis-domain=ab:cd netbios-scope=10
	tftp-server-name=a,b boot-file-name=12 vendor-encapsulated-options=01:01:10'
export IPAM_FILE=$tmp/all.ipam
# shellcheck disable=SC2086  # words on purpose
{
	echo "10.99.0.0/24 $(attributes ${four/vendor-encapsulated-options=01:02:ff/} $texts)"
	echo '10.99.0.5 mac=52:54:00:00:99:05'
	echo "2001:db8:99::/64 $(attributes $six)"
	echo '2001:db8:99::5 duid=00:03:00:01:52:54:00:00:99:05'
} >all.ipam
for f in kea4 kea6 dhcpd dhcpd6 dnsmasq-dhcp; do
	ipam -q export "$f" >"all-$f.conf"
	ok $? "all options: export $f"
done
for v in 4 6; do
	echo 'timeout 15; retry 1; initial-interval 1; backoff-cutoff 1; select-timeout 0;'
	[ $v = 6 ] || echo 'send dhcp-max-message-size 1480;'
	echo "request $(sed -n 's/^ *option \([^ ]*\) .*/\1/p' all-dhcpd${v#4}.conf | paste -sd,);"
	echo
done | awk -v RS= '{ print > "client" (NR == 1 ? 4 : 6) "-all" }'

# all SERVER: what the clients of both families are told, but for times and the server itself
all() {
	grep -vE '^new_(expiry|dhcp_(server_identifier|message_type|lease_time|re.*_time)|(max|preferred)_life|renew|rebind|iaid|life_starts|starts|next_server|dhcp6_(server_id|status_code))=' |
		sort >"told.$1"
}
ask_all() { # SERVER
	{
		"$1" 4 "all-$2.conf"
		ask 52:54:00:00:99:05 client4-all -4
		cat told
		[ "$1" = masq ] || { unserve; "$1" 6 "all-${2%4}6.conf"; }
		ask 52:54:00:00:99:05 client6-all -6 -D LL
		cat told
		unserve
	} | all "$1"
}
ask_all kea kea4
ask_all isc dhcpd
ask_all masq dnsmasq-dhcp
told=$(wc -l <told.isc)
[ "$told" -ge 60 ]
ok $? "all options: a client is told of $told"
for server in kea masq; do
	diff -u told.isc told.$server
	ok $? "all options: $server says what dhcpd says"
done

count
