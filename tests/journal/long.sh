#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# long.sh: a journal of some thousand blocks, which comes in parts and is searched before it
# is read: all of it comes, in each format, and a search finds what one by hand does.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
ipam=$(command -v ipam)
blocks=9000
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
unset IPAM_USER IPAM_NOW PAGER
export IPAM_FILE=$tmp/network.ipam

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL $*"
}
same() { if [ "$2" = "$3" ]; then ok; else no "$1: $(diff <(echo "$3") <(echo "$2") | head)"; fi; }

# shellcheck disable=SC2046  # flags are words
"${CC:-cc}" -std=gnu17 -O1 -D_GNU_SOURCE -Isrc -o "$tmp/journal" tests/bench/journal.c src/io/hash.c \
	"$(dirname "$ipam")/libipamcore.a" $(pkg-config --cflags --libs nettle) ||
	{ echo 'the generator cannot be built'; exit 77; }
"$tmp/journal" $blocks 600 "$IPAM_FILE" || exit 1
# and some that are not alike
{
	ipam batch - <<-'E'
		subnet add 2001:db8::/32 name=Six
		alloc 2001:db8::5 host=Mixed.Case
		object add owner Ops note=x
	E
	ipam set 2001:db8::5 note=' -10.0.0.7 '
	printf '%s\n' '2001:DB8:0:0::6 host=other' $'\t10.0.9.9  host=tab' >>"$IPAM_FILE"
	ipam log --record
	IPAM_USER=carol ipam set @owner/ops note=y
} >/dev/null
all=$((blocks + 4))

# search CONDITION: the numbers of the blocks with a line that awk's condition holds for
search() {
	awk '/^[a-z]+ [0-9]+ [0-9T:-]+Z$/ { id = $2; is = 0 }
		/^[-+] / { line = $0; sub(/^. [ \t]*/, "", line); split(line, w, /[ \t]+/); key = w[1]; if ('"$1"') is = 1 }
		/^seal/ && is { print id }' "$IPAM_FILE.log" | sort -rn
}
# found TARGET CONDITION
found() {
	same "log $1" "$(ipam log "$1" -o tsv | cut -f1 | uniq)" "$(search "$2")"
}
numbers() { seq "$all" -1 1; }

same 'oneline' "$(ipam log --oneline | awk 'NR > 1 { print $1 }')" "$(numbers)"
same 'one head' "$(ipam log --oneline | grep -c '^ *id  time')" 1
same 'in columns' "$(ipam log --oneline | awk '{ print match($0, /20[0-9][0-9]-/) }' | sed 1d | sort -u | wc -l)" 1
same 'tsv, oneline' "$(ipam log --oneline -o tsv | cut -f1)" "$(numbers)"
same 'json, oneline' "$(ipam log --oneline -o json | jq -r '.[].id')" "$(numbers)"
same 'tsv' "$(ipam log -o tsv | cut -f10,11 | sort)" \
	"$(grep '^[-+] ' "$IPAM_FILE.log" | sed 's/^\(.\) /\1\t/; s/ $//; s/\t\t/\t /' | sort)"
same 'json' "$(ipam log -o json | jq length)" "$(grep -c '^[-+] ' "$IPAM_FILE.log")"
same 'blocks' "$(ipam log | sed -n 's/^[a-z]* \([0-9]*\)  20.*/\1/p')" "$(numbers)"
found 10.0.0.7 'key == "10.0.0.7"'
found 10.0.1.1 'key == "10.0.1.1"'
found 10.0.9.9 'key == "10.0.9.9"'
found 10.0.0.0/28 'key ~ /^10\.0\.0\.([0-9]|1[0-5])$/'
found 10.0.0.100-10.0.0.120 'key ~ /^10\.0\.0\.1([01][0-9]|20)$/'
found 10.0.2.0/23 'key ~ /^10\.0\.[23]\./'
found 10.0.0.0/8 'key ~ /^10\./'
found h777 '/ host=h777 /'
found H4321 '/ host=h4321 /'
found mixed.case 'key == "2001:db8::5"'
found 2001:db8::5 'key == "2001:db8::5"'
found 2001:db8::6 'tolower(key) ~ /^2001:db8.*6$/'
found 2001:db8::/120 'tolower(key) ~ /^2001:db8.*[56]$/'
found six 'tolower(key) ~ /^2001:db8/'
found @owner/ops 'key == "@owner"'
# blocks that lie across the borders of what is read at a time
size=$(stat -c %s "$IPAM_FILE.log")
for ((at = size - (1 << 20); at > 0; at -= 1 << 20)); do
	for before in 0 200 400; do
		host=$(tail -c +$((at - before)) "$IPAM_FILE.log" | grep -oam 1 'host=h[0-9]*' | head -n 1)
		same "log ${host#host=}, at a border" "$(ipam log "${host#host=}" -o tsv | grep -w "$host" | cut -f1 | uniq)" \
			"$(search "(line \" \") ~ / $host /")"
	done
done
ipam log 10.77.0.1 >"$tmp/out" 2>&1
same 'none' "$? $(cat "$tmp/out")" '1 '
same 'user' "$(ipam log --user bob --oneline -o tsv | wc -l)" $(((blocks - 1) / 5))
same 'IPAM_USER' "$(ipam log --user carol --oneline -o tsv | cut -f1)" "$all"
time=$(sed -n 's/^change 5000 //p' "$IPAM_FILE.log")
same 'until' "$(ipam log --until "$time" --oneline -o tsv | cut -f1)" "$(seq 5000 -1 1)"
same 'since' "$(ipam log --since "$time" --oneline -o tsv | cut -f1)" "$(seq "$all" -1 5000)"
same 'since, an address' "$(ipam log 10.0.0.7 --since "$time" -o tsv | cut -f1 | uniq)" \
	"$(search 'key == "10.0.0.7"' | awk '$1 >= 5000')"

# a change that never came, right behind one that did
plan=$(cat "$IPAM_FILE")
ipam set 10.0.9.9 note=void >/dev/null
echo "$plan" >"$IPAM_FILE"
touch "$IPAM_FILE.log" # the file is older
ipam set 2001:db8::6 note=next >/dev/null
same 'one that never came' "$(ipam log 10.0.9.9 -o tsv | cut -f1)" "$((blocks + 3))"

ipam log --oneline 2>/dev/null | head -n 3 >/dev/null
same 'a reader that had enough' "${PIPESTATUS[*]}" '141 0'
if command -v script >/dev/null; then
	# on_terminal PAGER: the log with it, on a terminal
	on_terminal() {
		PAGER=$1 SHELL=/bin/sh script -qec 'ipam --color never log --oneline' /dev/null | tr -d '\r'
	}
	lines=$((all + 2)) # two blocks more, and the head, but for the one that never came
	same 'a pager that had enough' "$(on_terminal 'head -n 2' | wc -l)" 2
	same 'a pager for all' "$(on_terminal 'grep -c .')" $lines
	same 'no such pager' "$(on_terminal /none | wc -l)" $lines
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
