#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The main job on a real network: the private addresses of the Wikimedia
# Foundation on 1 June 2019, from its reverse zone and its table of subnets.
set -eu
data=$(cd "$(dirname "$0")" && pwd)/data/wikimedia-2019
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export IPAM_FILE=$tmp/network.ipam

say() {
	printf '\n\033[1m# %s\033[0m\n' "$*"
}
run() {
	printf '$ %s\n' "$*"
	"$@" || printf '(exit status %d)\n' $?
}

# subnets.csv: prefix,name,note
subnets() {
	awk -F, 'NR > 1 {
		note = $3; gsub(/"/, "\\\"", note)
		printf "%s%s%s\n", $1, $2 ? " name=" $2 : "", note ? " note=\"" note "\"" : ""
	}' "$data/subnets.csv"
}

# PTR records: ADDRESS host=NAME.,NAME.
addresses() {
	awk '
	{ sub(/[ \t]*;.*/, "") }
	$1 == "$ORIGIN" { origin = $2; next }
	{
		for (i = 2; i <= NF; i++) if ($i == "PTR") break
		if (i > NF) next
		owner = $1 ~ /\.$/ ? $1 : $1 "." (origin ? origin : "10.in-addr.arpa.")
		sub(/\.in-addr\.arpa\.$/, "", owner)
		if (split(owner, o, ".") != 4) next
		key = o[4] "." o[3] "." o[2] "." o[1]
		if (!(key in host)) { order[++n] = key; host[key] = $(i + 1) }
		else if (index("," host[key] ",", "," $(i + 1) ",") == 0) host[key] = host[key] "," $(i + 1)
	}
	END { for (i = 1; i <= n; i++) print order[i] " host=" host[order[i]] }
	' "$data/10.in-addr.arpa.zone"
}

say 'A plan is a text file: 72 subnets and all reverse entries of a real network become its lines'
run ipam init
{
	subnets
	addresses
} >>network.ipam
run ipam fmt
run wc -l network.ipam
run sed -n 2,6p network.ipam

say 'Is anything wrong with it? The first five findings, and how many of which kind'
ipam check >findings || true
run head -n 5 findings
sed -n 's/.*\[\(.*\)\]$/\1/p' findings | sort | uniq -c | sort -rn

say 'How full is it?'
run ipam subnet tree 10.64.0.0/12

say 'An address for a new host, as a script would ask for it'
cp network.ipam before
# shellcheck disable=SC2016 # shown as it is typed
printf '$ ip=$(ipam alloc private1-a-eqiad host=demo1001.eqiad.wmnet. owner=netops)\n'
ip=$(ipam alloc private1-a-eqiad host=demo1001.eqiad.wmnet. owner=netops)
run echo "$ip"
run ipam show "$ip"
printf '$ diff before network.ipam\n'
diff before network.ipam || true

say 'And back'
run ipam release "$ip"
run cmp before network.ipam

say 'Which subnets are nearly full?'
run ipam report usage --over 80 --fields prefix,name,size,used,free,percent,note
