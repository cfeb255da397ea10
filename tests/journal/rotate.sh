#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rotate.sh: journals that were archived, once and more, packed or not: the log, --at,
# undo and --verify go on across them, and what was changed or taken away is found.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
unset IPAM_USER IPAM_FILE PAGER
export IPAM_NOW
now=1790000000

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL $*"
}
same() { if [ "$2" = "$3" ]; then ok; else no "$1: $(diff <(echo "$3") <(echo "$2"))"; fi; }
tick() {
	now=$((now + 60))
	IPAM_NOW=$(date -u -d "@$now" +%FT%TZ)
}
records() { grep -v '^$\|^#\|^@ipam' "$1" | sort; }
verify() { if ipam log --verify; then ok; else no "$1: log --verify"; fi; }
found() { # WHAT MESSAGE
	ipam log --verify >"$tmp/said" 2>&1
	same "$1" "$? $(grep -c "$2" "$tmp/said")" '1 1'
}
# moments WHAT: --at of each is what was saved then
moments() {
	local file t
	for file in "$tmp"/at.*; do
		t=${file#"$tmp"/at.}
		same "$1: --at $t" "$(ipam list --at "$t" -o ipam | sort)" "$(records "$file")"
	done
}
alloc() {
	tick
	ipam alloc web host="$1" >/dev/null
	cp network.ipam "$tmp/at.$IPAM_NOW"
}

cd "$tmp" || exit 1
tick
ipam init >/dev/null
printf '%s\n' '# a plan' '10.0.0.0/24 name=web' '10.0.0.9' >>network.ipam
ipam log --rotate 2>err
same 'no journal' "$? $(cat err)" '1 ipam: network.ipam: there is no journal'

alloc a; alloc b; alloc c
head=$(ipam log --head)
tick
echo '10.0.0.200 host=hand' >>network.ipam; touch -d "@$now" network.ipam
cp network.ipam "$tmp/at.$IPAM_NOW"
same 'dry run' "$(ipam log --rotate -n)" network.ipam.log.1
if [ -e network.ipam.log.1 ]; then no 'a dry run writes'; else ok; fi
same name "$(ipam log --rotate)" network.ipam.log.1
same 'nothing new' "$(ipam log --rotate; ls network.ipam.log*)" 'network.ipam.log
network.ipam.log.1'
same 'number and records' "$(sed -n 's/^\(archive [0-9]*\) .*/\1/p' network.ipam.log) $(grep -c '^+ ' network.ipam.log)" \
	'archive 6 7'
same 'no other file' "$(find . -name '.*-tmp')" ''
same 'nothing was lost' "$(ipam log --oneline -o tsv | cut -f1 | tr '\n' ' ')" '5 4 3 2 1 '
verify once
alloc d; alloc e
verify more
same second "$(ipam log --rotate)" network.ipam.log.2
alloc f
same 'all of them' "$(ipam log --oneline -o tsv | cut -f1 | tr '\n' ' ')" '10 8 7 5 4 3 2 1 '
same 'one address' "$(ipam log 10.0.0.1 --oneline -o tsv | cut -f1,4)" $'2\tipam alloc web host=a'
moments plain
if ipam log --verify --head "$head"; then ok; else no 'a seal in an archive'; fi
if ipam log --verify "--head=$head"; then ok; else no '--head=SEAL'; fi

gzip network.ipam.log.1
moments packed
verify packed
tick
same 'undo of what is archived' "$(ipam undo 2)" 10.0.0.1
tick
same 'undo of that' "$(ipam undo)" 10.0.0.1
ipam log --rotate >/dev/null
tick
same 'undo, with all archived' "$(ipam undo)" 10.0.0.1
gzip network.ipam.log.2 network.ipam.log.3
verify 'all packed'
moments 'all packed'
mkdir "$tmp/whole"
cp network.ipam* "$tmp/whole"

# --- what was taken away, or changed
restore() { rm -f network.ipam*; cp "$tmp"/whole/network.ipam* .; }
rm network.ipam.log.2.gz
found 'an archive is gone' 'network.ipam.log.2: is not there: the blocks before are not known'
same 'the rest is shown' "$(ipam log --oneline -o tsv 2>err | cut -f1 | tail -n 1) $(grep -c 'is not there' err)" '10 1'
ipam list --at 2026-09-21T14:00:00Z 2>err
same '--at before' "$? $(grep -c 'network.ipam.log.2: is not there: nothing is known of before' err)" '1 1'
same '--at behind' "$(ipam list --at "$IPAM_NOW" -o ipam | wc -l)" "$(ipam list -o ipam | wc -l)"
restore
gunzip network.ipam.log.2.gz
sed -i 's/host=d/host=D/' network.ipam.log.2
found 'an archive was changed' 'network.ipam.log.2:[0-9]*: the seal is not right'
restore
gunzip network.ipam.log.2.gz
head -n -14 network.ipam.log.2 >part && mv part network.ipam.log.2
found 'an archive was cut' 'ipam.log\(.2\)\?:[0-9]*: '
restore
cp network.ipam.log.3.gz network.ipam.log.2.gz
found 'the wrong archive' 'ipam.log.*:[0-9]*: '
ipam log >/dev/null 2>err
same 'the wrong archive, to read' "$? $(grep -c 'does not end where the journal goes on' err)" '7 1'
restore
gunzip network.ipam.log.2.gz
sed -i '$ s/.$/_/; $ y/_/0/' network.ipam.log.2
cmp -s network.ipam.log.2 <(gzip -dc "$tmp/whole/network.ipam.log.2.gz") && sed -i '$ s/.$/1/' network.ipam.log.2
ipam list --at "$(sed -n 's/^first 1 //p' <(gzip -dc network.ipam.log.1.gz))" 2>err
same 'another last seal' "$? $(grep -c 'does not end where the journal goes on' err)" '7 1'
restore
printf 'no gzip' >network.ipam.log.2.gz
ipam log --verify 2>err
same 'no gzip' "$? $(grep -c 'network.ipam.log.2.gz: cannot be unpacked: ' err)" '1 1'
restore
sed -i 's|^archive network.ipam.log.3|archive ../network.ipam.log.3|' network.ipam.log
found 'another folder' 'network.ipam.log:[0-9]*: not a value'

# --- a rotation that was killed between its two steps
restore
tick; ipam alloc web host=x >/dev/null
ln network.ipam.log network.ipam.log.4
tick; ipam alloc web host=y >/dev/null
verify 'a link that was left'
same 'is used again' "$(ipam log --rotate)" network.ipam.log.4
same 'one file each' "$(stat -c %h network.ipam.log network.ipam.log.4 | tr '\n' ' ')" '1 1 '
verify 'after that'
moments 'after that'
touch network.ipam.log.5.gz
tick; ipam alloc web host=z >/dev/null
same 'a name that is taken' "$(ipam log --rotate)" network.ipam.log.6
verify 'in the end'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
