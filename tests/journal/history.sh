#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# history.sh [CHANGES [SEED]]
#
# Random commands, hand edits, undos, commits and merges of git, rotations.  Then: --at of
# every moment gives the records of the file that was saved then; `log --verify` finds
# nothing; and every undo in reverse order leads back to the first file.  And each of some
# hundred random changes to the journal and its archives, of a byte, a line or a block, is
# found.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
changes=${1:-150} RANDOM=${2:-4711}
tamperings=200
tmp=$(mktemp -d)
trap '[ -n "${KEEP-}" ] || rm -rf "$tmp"' EXIT
passed=0
failed=0
mkdir "$tmp/tree"
export TZ=UTC HOME=$tmp GIT_CONFIG_NOSYSTEM=1 IPAM_FILE=$tmp/tree/network.ipam IPAM_NOW
export GIT_AUTHOR_NAME=Alice GIT_AUTHOR_EMAIL=alice@example.net
export GIT_COMMITTER_NAME=Alice GIT_COMMITTER_EMAIL=alice@example.net
now=1790000000
unset IPAM_USER PAGER GIT_DIR GIT_WORK_TREE
has_git=
! command -v git >/dev/null || has_git=1

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}
records() { grep -v '^$\|^#' "$1" | sort; }
# pick N: a random number below it, in $picked (no subshell, which would not go on in the row)
pick() { picked=$(((RANDOM * 32768 + RANDOM) % $1)); }
# address: a random one, in $ip
address() {
	pick 2; ip=10.0.$picked
	pick 40; ip=$ip.$((picked + 1))
}
in_git() { git -C "$tmp/tree" "$@" >/dev/null 2>&1; }

# hand_edit [OLD]: a line that goes, a line that comes or is another one, comments, or the OLD
# file (which is younger than the journal then): a valid file in the end.
hand_edit() {
	address
	pick $(($# + 3))
	case $picked in
	0) sed -i "/^${ip//./\\.}\( \|$\)/d" "$IPAM_FILE" ;;
	1) grep -q "^${ip//./\\.}\( \|$\)" "$IPAM_FILE" || echo "$ip note=\"by hand $RANDOM\"" >>"$IPAM_FILE" ;;
	2) sed -i "s/^${ip//./\\.}\( \|$\).*/$ip   note=$RANDOM # hand/; 1i # comment $RANDOM" "$IPAM_FILE" ;;
	3)
		until touch "$tmp/tick" && [ "$tmp/tick" -nt "$IPAM_FILE.log" ]; do :; done
		cp "$1" "$IPAM_FILE"
		;;
	esac
	touch -d "@$now" "$IPAM_FILE"
}

# A commit of two hand edits; some with a branch that is merged, some of an amended one.
commit() {
	in_git commit -q -a -m "of ipam"
	pick 4
	if [ "$picked" = 0 ]; then
		ipam log --record
		hand_edit
		in_git commit -q -a --amend -m "amended $RANDOM"
		return
	fi
	[ "$picked" != 1 ] || { in_git checkout -q -b side; hand_edit; in_git commit -q -a -m "side $RANDOM"; in_git checkout -q main; }
	hand_edit
	hand_edit
	in_git commit -q -a -m "by hand $RANDOM"
	in_git merge -q -X theirs --no-edit side || in_git merge --abort
	in_git branch -q -D side
	ipam check >/dev/null 2>&1 || in_git reset -q --hard ORIG_HEAD
	touch -d "@$now" "$IPAM_FILE"
}

change() {
	address
	pick 10
	case $picked in
	0 | 1 | 2) pick 2; ipam alloc "10.0.$picked.0/24" host="h$RANDOM" ;;
	3 | 4) ipam release "$ip" ;;
	5) ipam set "$ip" note="n $RANDOM" ;;
	6) ipam batch - <<<"alloc 10.0.0.0/24
set 10.0.0.0/24 note=$RANDOM" ;;
	7) ipam undo ;;
	8) pick 30; ipam undo $((picked + 2)) ;;
	9) local old=$ip; address; ipam renumber "$old" "$ip" ;;
	esac
}

# rotate: what was archived before may be packed
rotate() {
	pick 2
	[ "$picked" = 0 ] || gzip -q "$IPAM_FILE".log.*[0-9] 2>/dev/null
	ipam log --rotate
}

cd "$tmp/tree" || exit 1
[ -z "$has_git" ] || in_git init -q -b main
ipam init >/dev/null && printf '%s\n' 10.0.0.0/24 '@owner x note=y' 10.0.1.0/24 >>"$IPAM_FILE"
cp "$IPAM_FILE" "$tmp/first"
before=$tmp/first last=$tmp/first
[ -z "$has_git" ] || { in_git add .; in_git commit -q -m first; }
for ((i = 0; i < changes; i++)); do
	now=$((now + 10))
	printf -v IPAM_NOW '%(%FT%TZ)T' "$now"
	export GIT_AUTHOR_DATE="$now +0000" GIT_COMMITTER_DATE="$now +0000"
	pick 40
	case $picked in
	0 | 1 | 2 | 3 | 4)
		# what was changed before, and not recorded, would be told as of now
		[ ! -e "$IPAM_FILE.log" ] || { ipam log --record; hand_edit "$before"; }
		pick 2
		[ "$picked" = 0 ] || [ ! -e "$IPAM_FILE.log" ] || ipam log --record
		;;
	5 | 6 | 7) [ -z "$has_git" ] || [ ! -e "$IPAM_FILE.log" ] || { ipam log --record; commit; } ;;
	8) [ ! -e "$IPAM_FILE.log" ] || rotate >/dev/null ;;
	*) change >/dev/null 2>&1 ;;
	esac
	before=$last last=$tmp/at.$IPAM_NOW
	cp "$IPAM_FILE" "$last"
done
ipam log --record
mapfile -t ids < <(ipam log --oneline -o tsv | cut -f1)
echo "${#ids[@]} blocks: $(ipam log -o tsv | cut -f1,3 | uniq | cut -f2 | sort | uniq -c | tr -s '\n ' ' '); $(find . -name '*.log.[0-9]*' | wc -l) archives"

begin=$(ipam log -o tsv | tail -n 1 | cut -f2)
# told FILE...: their records behind the name's end, sorted
told() {
	awk 'FNR == 1 { t = FILENAME; sub(/.*\//, "", t) } !/^$|^#|^@ipam/ { print t, $0 }' "$@" | sort
}
mkdir "$tmp/was" "$tmp/is"
for file in "$tmp"/at.*; do
	t=${file#"$tmp"/at.}
	[[ ! $t < $begin ]] || continue
	mv "$file" "$tmp/was/$t"
	if ipam list --at "$t" -o ipam >"$tmp/is/$t"; then ok; else no "--at $t"; fi
done
told "$tmp"/was/* >"$tmp/was.all"
told "$tmp"/is/* >"$tmp/is.all"
cmp -s "$tmp/was.all" "$tmp/is.all" || no "--at: $(diff "$tmp/was.all" "$tmp/is.all" | head -n 20)"
if ipam log --verify; then ok; else no 'a journal that nobody touched'; fi

# --- tampering
mkdir "$tmp/whole"
cp "$IPAM_FILE".log* "$tmp/whole"
mapfile -t logs < <(cd "$tmp/whole" && ls)
# found WHAT: and puts the file back
found() {
	if ! cmp -s "$log" "$tmp/whole/$log"; then
		case $log in *.gz) # its head has a time and a name that nobody reads
			! cmp -s <(gzip -dc "$log" 2>&1) <(gzip -dc "$tmp/whole/$log") || return 0 ;;
		esac
		if ipam log --verify >"$tmp/said" 2>&1; then no "not found: $log: $*"; else ok; fi
		cp "$tmp/whole/$log" "$log"
	fi
}
byte() {
	pick "$(wc -c <"$log")"; at=$picked
	pick 256
	printf '%b' "\\x$(printf %02x "$picked")" | dd of="$log" bs=1 seek="$at" conv=notrunc status=none
	found "byte $at"
}
# lines: one goes, comes twice, is longer, two change places
line() {
	local lines a b
	lines=$(wc -l <"$log")
	pick "$lines"; a=$((picked + 1))
	pick "$lines"; b=$((picked + 1))
	pick 4
	case $picked in
	0) sed "${a}d" ;;
	1) sed "${a}p" ;;
	2) sed "${a}s/\$/x/" ;;
	3) awk -v a="$a" -v b="$b" '{ l[NR] = $0 } END { t = l[a]; l[a] = l[b]; l[b] = t
		for (i = 1; i <= NR; i++) print l[i] }' ;;
	esac <"$tmp/whole/$log" >"$log"
	found "line $a $b ($picked)"
}
# blocks: one goes, comes twice, two change places, one with a line that fits
block() {
	local blocks a b
	blocks=$(grep -c '^seal' "$log")
	pick "$blocks"; a=$((picked + 2))
	pick "$blocks"; b=$((picked + 2))
	pick 4
	awk -v RS= -v ORS='\n\n' -v a="$a" -v b="$b" -v how="$picked" '{ l[NR] = $0 } END {
		if (how == 0) delete l[a]
		if (how == 1) l[a] = l[a] "\n\n" l[a]
		if (how == 2) { t = l[a]; l[a] = l[b]; l[b] = t }
		if (how == 3) sub(/\nresult/, "\n+ 10.0.1.254 note=inserted&", l[a])
		for (i = 1; i <= NR; i++) if (i in l) print l[i] }' "$tmp/whole/$log" | sed '$ d' >"$log"
	found "block $a $b ($picked)"
}
for ((i = 0; i < tamperings; i++)); do
	for how in byte line block; do
		pick ${#logs[@]}; log=${logs[picked]}
		case $how-$log in *-*.gz) byte ;; *) $how ;; esac
	done
done
if ipam log --verify; then ok; else no 'put back'; fi

# --- all the way back
for id in "${ids[@]}"; do
	[ "$id" = 1 ] || ipam undo "$id" >/dev/null 2>"$tmp/err" || no "undo $id: $(cat "$tmp/err")"
done
if cmp -s <(records "$IPAM_FILE") <(records "$tmp/first"); then ok; else
	no "back at the first file: $(diff <(records "$IPAM_FILE") <(records "$tmp/first"))"
fi
if ipam log --verify; then ok; else no 'after all undos'; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
