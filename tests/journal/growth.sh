#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# growth.sh [CHANGES] [SEED]
#
# Random changes over some weeks, by commands and by hand.  Then what `report growth`
# tells of each subnet at the end of each day is what `report usage` said of it then,
# asked with --at: for subnets that were there, and counted in the same way (a size of
# today: space of a container, else addresses).  And added less released is the change.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
changes=${1:-240} RANDOM=${2:-815}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
export IPAM_FILE=$tmp/network.ipam IPAM_NOW
export LC_ALL=C
unset IPAM_USER PAGER
now=$(date -u -d 2026-03-02T05:00:00Z +%s)

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}

change() {
	local vrf='' n a states=(used reserved deprecated)
	[ $((RANDOM % 3)) != 0 ] || vrf=%blue
	n=10.0.$((RANDOM % 6)).0/24$vrf
	a=10.0.$((RANDOM % 6)).$((RANDOM % 30 + 1))$vrf
	case $((RANDOM % 19)) in
	0 | 1 | 2 | 3 | 4) ipam alloc "$n" --count $((RANDOM % 9 + 1)) ;;
	5 | 6) ipam release "$a" ;;
	7) ipam release "$a" --quarantine 3d ;;
	8) ipam set "$a" status="${states[RANDOM % 3]}" ;;
	9) ipam subnet carve "10.0.0.0/16$vrf" /24 ;;
	10) ipam subnet rm "$n" -r ;;
	11) ipam subnet carve "$n" /28 ;;
	12) ipam subnet join "$n" ;;
	13) ipam subnet carve 2001:db8::/32 "/$((RANDOM % 3 + 47))" ;;
	14) ipam undo ;;
	15) printf 'subnet add %s\nalloc %s --count 3\n' "$n" "$n" | ipam batch - ;;
	16) sed -i "/^${n%/24*}\//d" "$IPAM_FILE" && ipam log --record ;;
	17) ipam subnet resize "$n" /$((RANDOM % 3 + 22)) ;;
	18) sed -i "/^10.0.$((RANDOM % 6)).$((RANDOM % 30))/d" "$IPAM_FILE" && echo "$a note=hand" >>"$IPAM_FILE" ;;
	esac
}

ipam init >/dev/null && printf '%s\n' '@vrf blue' '10.0.0.0/16 status=container' \
	'10.0.0.0/16%blue status=container' 10.0.1.0/24 10.0.2.0/24%blue \
	'2001:db8::/32 status=container' >>"$IPAM_FILE"
for ((i = 0; i < changes; i++)); do
	now=$((now + RANDOM % 20000))
	IPAM_NOW=$(date -u -d "@$now" +%FT%TZ)
	cp "$IPAM_FILE" "$tmp/before"
	change >/dev/null 2>&1
	ipam check >/dev/null 2>&1 || cp "$tmp/before" "$IPAM_FILE"
	touch -d "@$now" "$IPAM_FILE"
done
ipam log --record

ipam -q report growth --every day --since 2026-03-01 -o tsv \
	--fields prefix,size,used,added,released,change,series >"$tmp/growth"
ipam report usage -o tsv --fields prefix,size,used >"$tmp/usage"
if [ -s "$tmp/usage" ] && cmp -s "$tmp/usage" <(cut -f1-3 "$tmp/growth"); then ok; else
	no "today: $(diff "$tmp/usage" <(cut -f1-3 "$tmp/growth"))"
fi

# "DAY|PREFIX|SIZE USED", from the report and from the plan of then.
awk -F'\t' '{ n = split($7, day, ",")
	for (i = 1; i < n; i++) { split(day[i], v, "="); print v[1] "|" $1 "|" $2, v[2] } }' \
	"$tmp/growth" | sort >"$tmp/told"
cut -d'|' -f1 "$tmp/told" | uniq | while read -r day; do
	ipam --at "$day" report usage -o tsv --fields prefix,size,used |
		awk -F'\t' -v day="$day" '{ print day "|" $1 "|" $2, $3 }'
done | sort >"$tmp/was"
join "$tmp/told" "$tmp/was" >"$tmp/both"
wrong=$(awk '$2 != $3' "$tmp/both")
if [ -z "$wrong" ] && [ "$(wc -l <"$tmp/both")" -gt 50 ]; then ok; else
	no "$(wc -l <"$tmp/both") compared; told, and was:
$(head -n 20 <<<"$wrong")"
fi

wrong=$(awk -F'\t' '$1 !~ /:/ && $4 - $5 != $6' "$tmp/growth")
if [ -z "$wrong" ]; then ok; else no "added less released: $wrong"; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
