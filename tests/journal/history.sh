#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# history.sh [CHANGES] [SEED]
#
# Random commands, hand edits and undos.  Then: --at of every moment gives the
# records of the file that was saved then; `log --verify` finds nothing; and every
# undo in reverse order leads back to the first file.  And each of some hundred
# random changes to the journal, of a byte or a line, is found.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
changes=${1:-150} RANDOM=${2:-4711}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
export IPAM_FILE=$tmp/network.ipam IPAM_NOW
now=1790000000
unset IPAM_USER PAGER

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}
records() { grep -v '^$\|^#' "$1" | sort; }
address() { echo "10.0.$((RANDOM % 2)).$((RANDOM % 40 + 1))"; }

# A line that goes, a line that comes or is another one, comments: a valid file in the end.
hand_edit() {
	local victim=$((RANDOM % 3)) ip
	ip=$(address)
	case $victim in
	0) sed -i "/^${ip//./\\.}\( \|$\)/d" "$IPAM_FILE" ;;
	1) grep -q "^${ip//./\\.}\( \|$\)" "$IPAM_FILE" || echo "$ip note=\"by hand $RANDOM\"" >>"$IPAM_FILE" ;;
	2) sed -i "s/^${ip//./\\.}\( \|$\).*/$ip   note=$RANDOM # hand/; 1i # comment $RANDOM" "$IPAM_FILE" ;;
	esac
	touch -d "@$now" "$IPAM_FILE"
}

change() {
	case $((RANDOM % 10)) in
	0 | 1 | 2) ipam alloc "10.0.$((RANDOM % 2)).0/24" host="h$RANDOM" ;;
	3 | 4) ipam release "$(address)" ;;
	5) ipam set "$(address)" note="n $RANDOM" ;;
	6) ipam batch - <<<"alloc 10.0.0.0/24
set 10.0.0.0/24 note=$RANDOM" ;;
	7) ipam undo ;;
	8) ipam undo $((RANDOM % 30 + 2)) ;;
	9) ipam renumber "$(address)" "$(address)" ;;
	esac
}

ipam init >/dev/null && printf '%s\n' 10.0.0.0/24 '@owner x note=y' 10.0.1.0/24 >>"$IPAM_FILE"
cp "$IPAM_FILE" "$tmp/first"
for ((i = 0; i < changes; i++)); do
	now=$((now + 10))
	IPAM_NOW=$(date -u -d "@$now" +%FT%TZ)
	if [ $((RANDOM % 8)) = 0 ] && [ -e "$IPAM_FILE.log" ]; then
		hand_edit
		[ $((RANDOM % 2)) = 0 ] || ipam log --record
	else
		change >/dev/null 2>&1
	fi
	cp "$IPAM_FILE" "$tmp/at.$IPAM_NOW"
done
ipam log --record

begin=$(sed -n 's/^first 1 //p' "$IPAM_FILE.log")
for file in "$tmp"/at.*; do
	t=${file#"$tmp"/at.}
	[[ ! $t < $begin ]] || continue
	if ipam list --at "$t" -o ipam | sort | cmp -s - <(records "$file" | grep -v '^@ipam'); then
		ok
	else
		no "--at $t: $(diff <(ipam list --at "$t" -o ipam | sort) <(records "$file"))"
	fi
done
if ipam log --verify; then ok; else no 'a journal that nobody touched'; fi

# --- tampering
cp "$IPAM_FILE.log" "$tmp/whole"
size=$(wc -c <"$tmp/whole") lines=$(wc -l <"$tmp/whole")
found() { # WHAT
	cmp -s "$IPAM_FILE.log" "$tmp/whole" && return
	if ipam log --verify >"$tmp/said" 2>&1; then no "not found: $*"; else ok; fi
}
for ((i = 0; i < 200; i++)); do
	at=$(((RANDOM * 32768 + RANDOM) % size))
	cp "$tmp/whole" "$IPAM_FILE.log"
	printf '%b' "\\x$(printf %02x $((RANDOM % 256)))" |
		dd of="$IPAM_FILE.log" bs=1 seek=$at conv=notrunc status=none
	found "byte $at"
	line=$(((RANDOM * 32768 + RANDOM) % lines + 1)) other=$(((RANDOM * 32768 + RANDOM) % lines + 1))
	case $((RANDOM % 4)) in
	0) sed "${line}d" ;;
	1) sed "${line}p" ;;
	2) sed "${line}s/\$/x/" ;;
	3) awk -v a=$line -v b=$other '{ l[NR] = $0 } END { t = l[a]; l[a] = l[b]; l[b] = t
		for (i = 1; i <= NR; i++) print l[i] }' ;;
	esac <"$tmp/whole" >"$IPAM_FILE.log"
	found "line $line $other"
done
cp "$tmp/whole" "$IPAM_FILE.log"

# --- all the way back
mapfile -t ids < <(ipam log --oneline -o tsv | cut -f1)
for id in "${ids[@]}"; do
	[ "$id" = 1 ] || ipam undo "$id" >/dev/null 2>"$tmp/err" || no "undo $id: $(cat "$tmp/err")"
done
if cmp -s <(records "$IPAM_FILE") <(records "$tmp/first"); then ok; else
	no "back at the first file: $(diff <(records "$IPAM_FILE") <(records "$tmp/first"))"
fi
if ipam log --verify; then ok; else no 'after all undos'; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
