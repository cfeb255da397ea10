#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The page of `report html` in a real browser: it loads without an error in its console, search,
# sorting and maps work, and a hostile plan stays text.
set -u
cd "$(dirname "$0")" || exit 1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
	echo "no chromium is installed"
	exit 77
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export IPAM_NOW=2026-11-23T12:00:00Z LC_ALL=C.UTF-8 HOME=$tmp
passed=0 failed=0

is() { # NAME WANTED GOT
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAIL: %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
	fi
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

# many subnets
{
	for i in $(seq 0 39); do for j in $(seq 0 249); do echo "10.$i.$j.0/24 name=n$i-$j"; done; done
} >"$tmp/large"
ipam -f "$tmp/large" report html >"$tmp/large.html"
visit "$tmp/large.html"
grep '^found ' "$tmp/dom" | sed 's/^found //' >"$tmp/found"
is 'ten thousand subnets' '10000 of 10000' "$(found all)"
is 'errors in its console' '' "$(grep CONSOLE "$tmp/log")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
