#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Exported configurations before the servers' own checks (kea -t, dhcpd -t,
# dnsmasq --test): a table of plans, with what there is of features, names that
# are strange but legal, and values that somebody means ill with.  What ipam
# writes, the server takes; what no server could be told, ipam refuses.  No
# namespace, interface or port is needed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/live/wire.sh
. tests/live/dhcp_options.sh
need jq kea-dhcp4 kea-dhcp6 dhcpd dnsmasq
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
own kea-dhcp4 kea-dhcp6 dhcpd dnsmasq
cd "$tmp" || exit 1
mkdir kea
: >leases
export KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$tmp/kea KEA_DHCP_DATA_DIR=$tmp/kea
export IPAM_FILE=$tmp/network.ipam IPAM_NOW=2026-01-01T00:00:00Z

# takes FORMAT FILE: whether its server takes the file
takes() {
	case $1 in
	kea*)
		jq ".Dhcp${1#kea}.\"interfaces-config\".interfaces = [] |
			.Dhcp${1#kea}.\"lease-database\".persist = false |
			if .Dhcp6 then del(.. | .interface?) else . end" "$2" >"$2.json" &&
			timeout 20 "kea-dhcp${1#kea}" -t "$2.json"
		;;
	dhcpd) timeout 20 dhcpd -4 -t -cf "$2" -lf leases ;;
	dhcpd6) timeout 20 dhcpd -6 -t -cf "$2" -lf leases ;;
	dnsmasq-dhcp) timeout 20 dnsmasq --test -C "$2" ;;
	esac
}

# plan NAME [FORMATS THAT IPAM REFUSES...]: the plan is standard input
plan() {
	local name=$1 format refused=" ${*:2} " status
	cat >network.ipam
	for format in kea4 kea6 dhcpd dhcpd6 dnsmasq-dhcp; do
		ipam -q export $format >$format.conf 2>log
		status=$?
		if [[ $refused == *" $format "* ]]; then
			[ $status -eq 5 ] && [ -s log ]
			ok $? "$name: $format is refused, with a word" || cat log
		else
			[ $status -eq 0 ] && takes $format $format.conf >>log 2>&1
			ok $? "$name: $format" || tail -n 5 log
		fi
	done
}

plan 'nothing' </dev/null

plan 'every feature' <<'END'
@ipam 1
@vrf blue
10.0.0.0/8 name=corp status=container domain=example.org nameserver=10.0.0.53,2001:db8::53 ntp=10.0.0.123,2001:db8::123
10.1.0.0/24 name=lan gw=10.1.0.1 lease-time=12h link=office
10.1.0.1 host=gw
10.1.0.5 host=printer mac=52:54:00:00:00:05
10.1.0.6 host=both mac=52:54:00:00:00:06 client-id=01:52:54:00:00:00:06
10.1.0.7 host=id client-id=ff:00
10.1.0.8 host=duid duid=00:01:00:01:2a:bb:cc:dd:52:54:00:00:00:08
10.1.0.10-10.1.0.99 name=dyn role=dhcp option.interface-mtu=1400
10.1.0.10 host=first mac=52:54:00:00:00:10
10.1.0.50 host=static
10.1.0.60 status=quarantine
10.1.0.99 mac=52:54:00:00:00:99
10.2.0.0/24 gw=10.2.0.1 link=office
10.2.0.5 host=printer mac=52:54:00:00:00:05
10.3.0.0/31 name=p2p lease-time=5m
10.3.0.0 mac=52:54:00:00:03:00
10.3.0.1-10.3.0.1 role=dhcp
10.4.0.1/32
10.4.0.1 mac=52:54:00:00:04:01
10.5.0.0/24 usable=all
10.5.0.0-10.5.0.255 role=dhcp
10.6.0.0/24
10.6.0.0-10.6.0.255 role=dhcp
2001:db8::/32 name=six status=container domain=example.org nameserver=2001:db8::53
2001:db8:1::/64 name=lan6 lease-time=12h link=office
2001:db8:1::5 host=printer duid=00:03:00:01:52:54:00:00:00:05
2001:db8:1::6 host=two duid=00:03:00:01:52:54:00:00:00:06
2001:db8:1::7 host=two duid=00:03:00:01:52:54:00:00:00:06
2001:db8:1::8 host=mac mac=52:54:00:00:00:08
2001:db8:1::1000-2001:db8:1::1fff role=dhcp
2001:db8:1::1000 host=first6 duid=00:03:00:01:52:54:00:00:00:10
2001:db8:1::1800 host=static6
2001:db8:100::/48 name=delegate pd=/56 via=lan6
2001:db8:100:100::/56 duid=00:03:00:01:52:54:00:00:00:05
2001:db8:100:ff00::/56 mac=52:54:00:00:00:08
10.7.0.0/24%blue
10.7.0.9%blue mac=52:54:00:00:00:09
END

plan 'the same prefix in two VRFs' kea4 dhcpd dnsmasq-dhcp <<'END'
@vrf blue
10.0.0.0/24
10.0.0.5 mac=52:54:00:00:00:05
10.0.0.6-10.0.0.9 role=dhcp
10.0.0.0/24%blue
10.0.0.5%blue mac=52:54:00:00:00:05
10.0.0.6-10.0.0.9%blue role=dhcp
END

# --- options: all that there are ----------------------------------------------

# shellcheck disable=SC2086  # words on purpose
plan 'all IPv4 options' <<END
10.9.0.0/24 $(attributes $four)
10.9.0.5 mac=52:54:00:00:00:05 $(attributes $four)
10.9.0.10-10.9.0.20 role=dhcp $(attributes ${four% next-server*})
END
# shellcheck disable=SC2086
plan 'all IPv6 options' <<END
2001:db8:9::/64 $(attributes $six)
2001:db8:9::5 duid=00:01:02:03 $(attributes $six)
2001:db8:9::10-2001:db8:9::20 role=dhcp $(attributes $six)
END
plan 'a preference' <<'END'
2001:db8:9::/64 option.preference=255
2001:db8:9::10-2001:db8:9::20 role=dhcp
END
for name in merit-dump root-path extensions-path nis-domain netbios-scope tftp-server-name \
	boot-file-name server-hostname; do
	pool=''
	case $name in boot-file-name | server-hostname) ;; *) pool=" option.$name=$text" ;; esac
	plan "a tricky text as $name" <<END
10.9.0.0/24 option.$name=$text
10.9.0.5 mac=52:54:00:00:00:05 option.$name=$text
10.9.0.10-10.9.0.20 role=dhcp$pool
END
	plan "a long $name, and one beyond ASCII" <<END
10.9.0.0/24 option.$name=$(printf '%063d' 0)
10.9.0.5 mac=52:54:00:00:00:05 option.$name=ü
END
done
plan 'a tricky URL' <<END
2001:db8:9::/64 option.bootfile-url=$text
2001:db8:9::5 duid=00:01:02:03 option.bootfile-url=$text
2001:db8:9::10-2001:db8:9::20 role=dhcp option.bootfile-url=$text
END

# --- names ----------------------------------------------------------------------

plan 'keywords and odd names of hosts, subnets and links' <<'END'
10.0.0.0/24 name=subnet link=shared-network domain=range.example
10.0.0.1 host=host mac=52:54:00:00:00:01
10.0.0.2 host=if mac=52:54:00:00:00:02
10.0.0.3 host=0 mac=52:54:00:00:00:03
10.0.0.4 host=1h mac=52:54:00:00:00:04
10.0.0.5 host=infinite mac=52:54:00:00:00:05
10.0.0.6 host=ignore mac=52:54:00:00:00:06
10.0.0.7 host=deprecated mac=52:54:00:00:00:07
10.0.0.8 host=pool.a.b.example. mac=52:54:00:00:00:08
10.0.0.9 host=dead mac=52:54:00:00:00:09
10.0.0.10 host=1234 mac=52:54:00:00:00:10
10.0.0.11 host=un_derscore mac=52:54:00:00:00:12
10.0.0.12 host=sixty-three-letters-are-the-most-that-a-label-of-the-dns-can-have mac=52:54:00:00:00:13
10.0.0.13 host=xn--bcher-kva mac=52:54:00:00:00:14
10.0.1.0/24 name=9.-_a link=9.-_a
10.0.1.5 host=a mac=52:54:00:00:00:05
10.0.2.0/24 name=known
10.0.2.5 mac=52:54:00:00:00:05
10.0.2.9-10.0.2.20 role=dhcp
2001:db8::/64 name=known-othernet
2001:db8::1 host=host duid=00:01:02:03
2001:db8::2 host=host duid=00:01:02:04
2001:db8::3 duid=00:01:02:05
END

# --- what no server can be told ----------------------------------------------------

plan 'values of another kind' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24 gw=10.0.0.1 option.routers=10.0.0.300
END
plan 'an address of the other family' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24 gw=10.0.0.1 option.log-servers=2001:db8::1
END
plan 'more in a value than a value' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24 gw=10.0.0.1 option.interface-mtu="1500; include \"/etc/passwd\""
END
plan 'a domain that is none' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24 gw=10.0.0.1 option.domain-search="a.example\"; }"
END
plan 'a name that is no option' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24 gw=10.0.0.1 option.no-such-option=1
END
plan 'a text longer than its field' kea4 dhcpd dnsmasq-dhcp <<END
10.0.0.0/24 gw=10.0.0.1 option.server-hostname=$(printf '%064d' 0)
END
plan 'one client twice in a subnet' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/24
10.0.0.5 mac=52:54:00:00:00:05
10.0.0.6 mac=52:54:00:00:00:05
END
plan 'pools of a subnet inside another' kea4 dhcpd dnsmasq-dhcp <<'END'
10.0.0.0/16
10.0.0.10-10.0.0.20 role=dhcp
10.0.5.0/24
10.0.5.10-10.0.5.20 role=dhcp
END
plan 'delegated prefixes wider than their pool' kea6 dhcpd6 dnsmasq-dhcp <<'END'
2001:db8:1::/64 name=lan6
2001:db8:1::5 duid=00:01:02
2001:db8:100::/56 pd=/48 via=lan6
END
plan 'a wide IPv6 subnet' dnsmasq-dhcp <<'END'
2001:db8::/48
2001:db8::10-2001:db8::20 role=dhcp
END
plan 'subnets of one id' kea4 <<'END'
10.0.0.0/24 kea-id=7
10.0.0.5 mac=52:54:00:00:00:05
10.0.1.0/24 kea-id=7
10.0.1.5 mac=52:54:00:00:00:06
END

count
