# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# A wire of their own for the tests of this folder, which read this file:
#
#     . tests/live/wire.sh
#     need PROGRAM...     or the test is skipped
#     enter               from here on in namespaces of its own, in the folder $tmp
#     wire ADDRESS/LEN... two ends: `here`, with these addresses, and `there`
#     client COMMAND...   does something at the other end
#     start COMMAND...    a program that runs beside the test, as $started
#
# Nothing outlives the test: with its first process all others die, and the
# namespaces with them.  Where only networks can be had, the trap ends what started.

# shellcheck source=tests/live/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

# until_true COMMAND...: for 20 s at most
until_true() {
	local end=$((SECONDS + 20))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

enter() {
	local how
	if [ -n "${WIRE_TMP-}" ]; then
		tmp=$WIRE_TMP
		cd "$tmp" || exit 1
		trap stop EXIT
		return
	fi
	for how in '-n -p -f --kill-child --mount-proc' -n; do
		# shellcheck disable=SC2086  # words on purpose
		unshare $how ip link add here type veth peer name there 2>/dev/null || continue
		tmp=$(mktemp -d)
		chmod 755 "$tmp"
		trap 'rm -rf "$tmp"' EXIT
		# shellcheck disable=SC2086
		WIRE_TMP=$tmp unshare $how "$0"
		exit
	done
	echo 'skipped: no namespaces here for servers and clients (dhcp_check.sh has the servers check)'
	exit 77
}

pids=()
start() {
	"$@" &
	started=$!
	pids+=("$started")
}

stop() {
	local pid
	for pid in "${pids[@]}"; do
		kill -9 "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	pids=()
}

# Programs as files of the test's own, for which a machine's AppArmor has no rules.
own() {
	local program
	mkdir -p "$tmp/bin"
	for program; do
		cp "$(command -v "$program")" "$tmp/bin/"
	done
	PATH=$tmp/bin:$PATH
}

is_other_net() {
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

client() {
	nsenter -t "$other" -n "$@"
}

wire() {
	local address
	ip link set lo up
	start unshare -n sleep 900
	other=$started
	until_true is_other_net "$other" || return 1
	ip link add here type veth peer name there && ip link set there netns "$other" || return 1
	echo 0 >/proc/sys/net/ipv6/conf/here/accept_dad
	client sh -c 'echo 0 >/proc/sys/net/ipv6/conf/there/accept_dad' 2>/dev/null
	for address; do
		case $address in
		*:*) ip addr add "$address" dev here nodad ;;
		*) ip addr add "$address" dev here ;;
		esac || return 1
	done
	ip link set here up
	client ip link set lo up
	client ip link set there up
}

# Whether a server listens on a UDP port.
listens() {
	[ -n "$(ss -Hlun "sport = :$1")" ]
}

is_serving() {
	listens "$1" || ! kill -0 "$server" 2>/dev/null
}

# serve PORT COMMAND...: a server, from when it listens on
serve() {
	local port=$1
	shift
	start "$@" >server.log 2>&1
	server=$started
	until_true is_serving "$port"
	listens "$port" || { tail -n 20 server.log; ok 1 "$1 listens on port $port"; }
}

unserve() {
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	! listens 67 && ! listens 547
}
