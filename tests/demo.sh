#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The main job on a real network: the private addresses of the Wikimedia
# Foundation on 1 June 2019, from its table of subnets, its reverse zone and a
# forward one.
set -eu
data=$(cd "$(dirname "$0")" && pwd)/data/wikimedia-2019
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$data"/* "$tmp"
cd "$tmp"
unset IPAM_FILE

say() {
	if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
		printf '\n\033[1m# %s\033[0m\n' "$*"
	else
		printf '\n# %s\n' "$*"
	fi
}
# run COMMAND: as it is typed
run() {
	printf '$ %s\n' "$1"
	eval "$1" || printf '(exit status %d)\n' $?
}

say 'A real network: its table of 72 subnets, and its zones, become one text file'
run 'ipam init'
run 'ipam import csv subnets.csv'
run 'ipam import zone 10.in-addr.arpa.zone wmnet.zone 2>findings; tail -n 3 findings'
run 'wc -l network.ipam'
run 'sed -n "/private1-a-eqiad/,+3p" network.ipam'

say 'Is it sound? What is odd, by rule'
run "ipam check | sed 's/.*\\[//; s/]$//' | sort | uniq -c"

say 'What do its zones disagree about? (each finding has its file and line)'
# the digest of them: how many of a kind, and the first three
digest() {
	awk '
	/ warning: / {
		kind = "cannot be held: " $NF
		if (match($0, /lies in no subnet|forward only|reverse only|forward and reverse disagree|no host of the plan|holds no such record/))
			kind = substr($0, RSTART, RLENGTH)
		sub(/^ipam: /, "")
		sub(/ warning:/, "")
		if (n[kind]++ < 3) first[kind] = first[kind] "\t" $0
	}
	END { for (kind in n) printf "%5d  %s%s\n", n[kind], kind, first[kind] }' findings |
		sort -rn | sed 's/\t/\n       /g'
}
run digest

say 'How full is it?'
run 'ipam subnet tree 10.64.0.0/12 --fields prefix,name,size,free,percent'

say 'An address for a new host, as a script asks for it; and the one line that changes'
cp network.ipam before
# shellcheck disable=SC2016 # shown as it is typed
run 'ip=$(ipam alloc private1-a-eqiad host=demo1001.eqiad.wmnet. owner=netops); echo $ip'
run 'diff before network.ipam || :'
# shellcheck disable=SC2016 # the same
run 'ipam show $ip'
# shellcheck disable=SC2016 # the same
run 'ipam release $ip && cmp before network.ipam && echo "as it was, byte for byte"'

say 'The subnet as a picture'
run 'ipam map private1-a-eqiad'

say 'Which subnets are nearly full? (exit status 1: for cron)'
run 'ipam report usage --over 80 --fields prefix,name,size,used,free,percent'
