#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The page of `report html` in a real browser: it loads without an error in its console, search,
# sorting and maps work, and a hostile plan stays text.
set -u
cd "$(dirname "$0")" || exit 1
# shellcheck source=tests/count.sh
. ../count.sh
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
	echo "no chromium is installed"
	exit 77
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export IPAM_NOW=2026-11-23T12:00:00Z LC_ALL=C.UTF-8 HOME=$tmp

is() { # NAME WANTED GOT
	[ "$2" = "$3" ]
	ok $? "$1: got '$3' instead of '$2'"
}

# visit PAGE: loads it, runs html.js in it, which leaves its findings in the title's place
visit() {
	sed -e "/<\/body>/{r html.js
d}" "$1" >"$tmp/visit.html"
	timeout -k 5 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
		--user-data-dir="$tmp/profile" --enable-logging=stderr --dump-dom \
		"file://$tmp/visit.html" >"$tmp/dom" 2>"$tmp/log"
}

found() { # WHAT
	sed -n "s/^$1: //p" "$tmp/found"
}

cat >"$tmp/plan" <<'PLAN'
@vrf blue
10.0.0.0/8 name=corp status=container owner="a'b\"c&d<e>"
10.0.0.0/24 name=web gw=10.0.0.1 owner="<script>document.title='x'</script>"
10.0.0.5 host="<img/src=x/onerror=document.title=1>" expires=2026-11-30
10.0.0.100-10.0.0.254 role=dhcp
10.0.1.0/30 name=tiny
10.0.1.1
10.0.1.2
9.0.0.0/24 name=nine
2001:db8::/64 name=six
10.0.0.0/24%blue name=bb
PLAN
ipam -f "$tmp/plan" report html --output "$tmp/out" 2>/dev/null
is 'exit status' 0 $?
is 'one file' index.html "$(ls "$tmp/out")"
before=$(stat -c %Y.%i "$tmp/out/index.html")
ipam -f "$tmp/plan" report html --output "$tmp/out" 2>/dev/null
is 'not written again unless it changes' "$before" "$(stat -c %Y.%i "$tmp/out/index.html")"
is 'standard output is the same page' '' "$(ipam -f "$tmp/plan" report html | cmp - "$tmp/out/index.html" 2>&1)"

visit "$tmp/out/index.html"
grep '^found ' "$tmp/dom" | sed 's/^found //' >"$tmp/found"
is 'errors in the console' '' "$(grep CONSOLE "$tmp/log")"
is 'the title is the file' plan "$(found title)"
is 'no element of the plan'\''s making' 0 "$(found hostile)"
is 'the owner is text' "<script>document.title='x'</script>" \
	"$(found owner | sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g')"
is 'all rows at first' '6 of 6' "$(found all)"
is 'search' '10.0.1.0/30' "$(found search)"
is 'search for two words' '10.0.0.0/24%blue' "$(found two)"
is 'fullest first' '10.0.1.0/30 10.0.0.0/24' "$(found percent)"
is 'the order of the plan again' "$(found plan)" "$(found prefix)"
is 'says how it sorts' ascending "$(found aria)"
is 'a map' '256 10.0.0.0: unusable 10.0.0.5: used 10.0.0.255: unusable' "$(found map)"
is 'and away again' 0 "$(found closed)"
is 'IPv6 addresses' '2001:db8::: free' "$(found six)"

# what the journal tells
cat >"$tmp/grown" <<'PLAN'
10.0.0.0/22 name=corp status=container
10.0.0.0/24 name=web domain=example.net
10.0.1.0/24 name=db domain=example.net
PLAN
for d in 07 14 21 28; do
	IPAM_NOW=2026-09-$d ipam -f "$tmp/grown" alloc web --count 10
	IPAM_NOW=2026-09-$d ipam -f "$tmp/grown" alloc db --count 20
done >/dev/null
IPAM_NOW=2026-10-05 IPAM_USER="<b>x</b>'" ipam -f "$tmp/grown" -m '<script>document.title=1</script> <img src=x onerror=alert(1)>' \
	alloc web host=www note='</pre><b>"bold"' >/dev/null
IPAM_NOW=2026-10-05T12:00:00Z ipam -f "$tmp/grown" report html >"$tmp/grown.html"
visit "$tmp/grown.html"
grep '^found ' "$tmp/dom" | sed 's/^found //; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >"$tmp/found"
is 'errors in the console with a journal' '' "$(grep CONSOLE "$tmp/log")"
is 'the title with a journal' grown "$(found title)"
is 'a curve, its forecast and its range' '2 8' "$(found curves)"
is 'what a curve says' 'used: 20 on 2026-09-07, 80 now' "$(found curve)"
is 'what grew most comes first' '10.0.1.0/24 10.0.0.0/24' "$(found grown)"
is 'and in the order of the plan' '10.0.0.0/24 10.0.1.0/24' "$(found grownplan)"
is 'when they are full' 'grows 2027-04-19, grows 2026-12-27' "$(found dates)"
is 'changes' 10 "$(found changes)"
is 'a user is text' "<b>x</b>'" "$(found user)"
is 'a reason is text' '<script>document.title=1</script> <img src=x onerror=alert(1)>' "$(found reason)"
is 'a line is text' '+ 10.0.0.41 host=www note="</pre><b>\"bold\""' "$(found lines)"
is 'nothing of it is markup' 0 "$(found inside)"

# many subnets
{
	for i in $(seq 0 39); do for j in $(seq 0 249); do echo "10.$i.$j.0/24 name=n$i-$j"; done; done
} >"$tmp/large"
ipam -f "$tmp/large" report html >"$tmp/large.html"
visit "$tmp/large.html"
grep '^found ' "$tmp/dom" | sed 's/^found //' >"$tmp/found"
is 'ten thousand subnets' '10000 of 10000' "$(found all)"
is 'errors in its console' '' "$(grep CONSOLE "$tmp/log")"

count
