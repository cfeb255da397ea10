#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ignore.sh: `init` in a git work tree leaves what is beside the plan to .gitignore,
# and keeps what that says; elsewhere there is none.
set -u
ipam=$(realpath "${IPAM:-build/ipam}")
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/count.sh
. "$(dirname "$0")/../count.sh"
cd "$tmp" || exit 1

same() { # WHAT FILE: has the lines of standard input
	diff - "$2"
	ok $? "$1"
}

lines() {
	printf '%s\n' "/$1.log" "/$1.log.*" "/$1.seen" "/$1.state" "/$1.lock" "/.$1.*-tmp"
}

mkdir -p plain tree/.git tree/deep/er
"$ipam" -f plain/network.ipam init >out
same 'no work tree, no .gitignore' <(ls plain/.gitignore 2>/dev/null) </dev/null

"$ipam" -f tree/network.ipam init >out
same 'a new .gitignore' tree/.gitignore < <(lines network.ipam)

printf '*.o' >tree/deep/er/.gitignore
(cd tree/deep/er && "$ipam" -f lab.ipam init >/dev/null)
same 'a last line without its end' tree/deep/er/.gitignore < <(echo '*.o' && lines lab.ipam)

"$ipam" -f tree/deep/er/more.ipam init >out
same 'a second plan' tree/deep/er/.gitignore < <(echo '*.o' && lines lab.ipam && lines more.ipam)

count
