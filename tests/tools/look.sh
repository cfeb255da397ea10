#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# look.sh: `show` and `get` say the same with a state file as without one: of a
# file in order (and then without reading it all), of one that was changed behind
# the state file's back, of one out of order, and with another file's state.
set -u
ipam=${IPAM:-build/ipam}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
plan=$tmp/network.ipam
# shellcheck source=tests/count.sh
. "$(dirname "$0")/../count.sh"

result() { # WHAT: the exit status of what came before says how it went
	ok $? "$1"
}

plan() {
	echo '# the plan'
	echo '@vrf blue'
	echo '10.0.0.0/16 name=all domain=example.net owner=me'
	for net in 0 1 2 3 4 5 6 7; do
		echo "10.0.$net.0/24 name=net$net gw=10.0.$net.1"
		for ((i = 2; i < 60; i++)); do
			echo "10.0.$net.$i host=h$net-$i"
		done
		echo "10.0.$net.100-10.0.$net.120 role=dhcp"
		echo "10.0.$net.110 host=in-range-$net"
	done
	echo '2001:db8::/32 name=six'
	echo '2001:db8::5 host=six5'
	awk -v n="${1:-0}" 'BEGIN { for (i = 0; i < n; i++) printf "2001:db8:1::%x\n", 4096 + i }'
	echo '10.0.0.0/16%blue owner=blue'
	echo '10.0.2.3%blue host=b'
}

# Some time ago: a file changed just now is not trusted to be known by its times.
settle() {
	touch -d "@$(($(date +%s) - ${1:-60}))" "$plan"
}

targets='10.0.0.0/16 10.0.2.0/24 10.0.3.2 10.0.3.59 10.0.3.60 10.0.7.110 10.0.7.111 10.0.7.100-10.0.7.120
10.0.4.1 10.0.5.0 10.0.5.255 10.0.2.3%blue 10.0.2.4%blue 10.0.2.4%red 10.9.9.9 2001:db8::5 2001:db8::6
192.0.2.1 net3 h3-7 @vrf/blue @vrf/red 10.0.2.0/25 10.0.3.256 nobody'

answers() {
	local t
	for t in $targets; do
		"$ipam" -f "$plan" show "$t"
		echo "$t: $?"
		"$ipam" -f "$plan" -o json get "$t" owner
		echo "$t: $?"
		"$ipam" -f "$plan" --vrf blue show "$t"
		echo "$t: $?"
	done 2>&1
}

# compare WHAT: with the state file as it is, and without
compare() {
	answers >"$tmp/with"
	rm -f "$plan.state"
	answers >"$tmp/without"
	cmp -s "$tmp/with" "$tmp/without"
	result "$1: $(diff "$tmp/with" "$tmp/without" | head -3)"
}

check() {
	"$ipam" -f "$plan" -q check >/dev/null
}

plan >"$plan"
settle
check
grep -q '^order yes$' "$plan.state"
result 'check writes what it found'
reads() { # how many bytes of the plan a look-up reads
	strace -y -e trace=pread64,read "$ipam" -f "$plan" show 10.0.5.7 2>&1 >/dev/null |
		sed -n 's/^p\?read[0-9]*([0-9]*<[^>]*network\.ipam>.* = \([0-9]*\)$/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}
if command -v strace >/dev/null; then
	plan 60000 >"$plan"
	settle
	check
	n=$(reads)
	[ "$n" -gt 0 ] && [ "$n" -lt $(($(stat -c %s "$plan") / 4)) ]
	result "a look-up reads $n bytes"
fi
compare 'in order'

# another line is there, of the same length, and the state is of before
plan >"$plan"
settle
check
sed -i 's/^10\.0\.3\.59 host=h3-59$/10.0.3.60 host=h3-60/' "$plan"
settle 50
compare 'changed'

# out of order, with a state that says so, and with the one of a file in order
plan >"$plan"
settle
check
cp "$plan.state" "$tmp/state"
{ plan | sed -n 1,3p; plan | sed 1,3d | sort -r; } >"$plan"
settle
check
grep -q '^order no$' "$plan.state"
result 'out of order'
compare 'out of order'
cp "$tmp/state" "$plan.state"
compare 'with the state of another file'

# broken lines: nothing is remembered
plan | sed 's/^10.0.3.7 .*/nonsense/' >"$plan"
settle
check
[ ! -e "$plan.state" ]
result 'an invalid file leaves no state'
compare 'an invalid file'

# where no state can be written
if [ "$(id -u)" -ne 0 ]; then
	plan >"$plan"
	settle
	chmod a-w "$tmp"
	check
	result 'a directory that cannot be written'
	chmod u+w "$tmp"
fi

count
