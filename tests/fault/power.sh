#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# power.sh [KIND COMMAND...]
#
# A power cut while changes are made, on ext4 and XFS: the file system is shut
# down without what it has not flushed, and mounted again.  What was printed is
# there, and the file is whole.  Needs root, a loop device and xfs_io.
#
# Without arguments: for tests/fault/writer.c, for ipam alloc, and for a writer
# whose fsync(2) does nothing, which must be found out.
# shellcheck source=tests/fault/lib.sh disable=SC2154
. "$(dirname "$0")/lib.sh"
[ "$EUID" -eq 0 ] || skip 'needs root'
for tool in xfs_io mkfs.ext4 mkfs.xfs unshare; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done

# Mounts are made where nobody else holds them.
if [ -z "${MOUNTS-}" ]; then
	rm -rf "$tmp"
	unshare -m --propagation private true 2>/dev/null || skip 'needs unshare(2)'
	MOUNTS=yes exec unshare -m --propagation private "$0" "$@"
fi
trap 'umount "$tmp/m" 2>/dev/null; rm -rf "$tmp"' EXIT
mkdir "$tmp/m"
rounds=4

# make TYPE: an image with an empty file system
make_image() {
	rm -f "$tmp/image"
	truncate -s 320M "$tmp/image"
	case $1 in
	ext4) mkfs.ext4 -q -F "$tmp/image" ;;
	xfs) mkfs.xfs -q -f "$tmp/image" ;;
	esac
}

# work: makes changes until the first that fails; exit 0 is what counts
work() {
	local answer
	while answer=$("${command[@]}"); do
		echo "$answer"
	done
} >"$tmp/printed" 2>"$tmp/err"

# cut_power: one round; says what is wrong, if anything
cut_power() {
	local plan=$tmp/m/plan worker
	mount -o loop "$tmp/image" "$tmp/m" || return
	plan_for "$plan" "$kind"
	sync -f "$plan"
	command_for "$plan" "${words[@]}"
	if [ -n "$SHIM" ]; then command=(env LD_PRELOAD="$shim" SHIM="$SHIM" "${command[@]}"); fi
	work &
	worker=$!
	sleep "0.$((RANDOM % 3))$((1 + RANDOM % 9))"
	xfs_io -x -c shutdown "$tmp/m"
	wait "$worker"
	umount "$tmp/m" && mount -o loop "$tmp/image" "$tmp/m" || return
	"${reading[@]}" >/dev/null 2>"$tmp/read.err" || echo "torn: $(tail -n 1 "$tmp/read.err")"
	added "$kind" "$plan" >"$tmp/there"
	sort -o "$tmp/printed" "$tmp/printed"
	[ -z "$(comm -23 "$tmp/printed" "$tmp/there")" ] ||
		echo "lost: $(comm -23 "$tmp/printed" "$tmp/there" | xargs)"
	total=$((total + $(wc -l <"$tmp/printed")))
	umount "$tmp/m"
}

# all TYPE KIND COMMAND...: some rounds; what they say is in $tmp/said
all() {
	local type=$1 i
	kind=$2 words=("${@:3}") total=0
	reader_for "$tmp/m/plan" "$kind"
	make_image "$type" || return
	for ((i = 0; i < rounds; i++)); do
		cut_power
	done >"$tmp/said" 2>&1
}

# right KIND COMMAND...
right() {
	local type
	for type in ext4 xfs; do
		SHIM='' all "$type" "$@"
		if [ -s "$tmp/said" ]; then no "$1 on $type: $(cat "$tmp/said")"; else ok; fi
		echo "$1 on $type: $rounds power cuts, $total changes printed"
	done
}

RANDOM=$$
make_image ext4
mount -o loop "$tmp/image" "$tmp/m" 2>"$tmp/err" || skip "no loop mount: $(cat "$tmp/err")"
umount "$tmp/m"
if [ $# -gt 0 ]; then
	right "$@"
	finish
fi
right writer "$(helper writer)" @
if has_ipam; then
	right ipam "$IPAM" -f @ alloc 10.0.0.0/16
fi
shim=$(helper shim.so shim.c -shared -fPIC)
for type in ext4 xfs; do
	SHIM=fsync all "$type" writer "$(helper writer)" @
	echo "without fsync on $type: $(head -c 60 "$tmp/said" | head -n 1)..."
	if [ -s "$tmp/said" ]; then ok; else no "without fsync nothing is lost on $type"; fi
done
finish
