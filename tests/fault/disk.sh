#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# disk.sh [KIND COMMAND...]
#
# A change on a full and on a read-only disk, of an immutable and of a
# bind-mounted file, with a limit on the size of files, with a full, broken or
# closed standard output: the file is as the exit status and the words say, and
# no temporary file stays.
#
# Without arguments: for tests/fault/writer.c and for ipam alloc.  What needs
# root is left out for others.
# shellcheck source=tests/fault/lib.sh disable=SC2154
. "$(dirname "$0")/lib.sh"

# Mounts are made where nobody else sees them.
if [ -z "${MOUNTS-}" ]; then
	export MOUNTS=no
	rm -rf "$tmp"
	if unshare -m --propagation private true 2>/dev/null; then
		MOUNTS=yes exec unshare -m --propagation private "$0" "$@"
	fi
	exec "$0" "$@"
fi

# expect WHAT STATUS old|new WORDS: how the change just made must have ended
expect() {
	local is=torn want=$3
	! cmp -s "$dir/plan" "$tmp/old" || is=old
	! cmp -s "$dir/plan" "$tmp/new" || is=new
	if [ "$status-$is" != "$2-$want" ]; then
		no "$kind, $1: exit $status, the file is $is: $(cat "$tmp/err")"
	elif [ -n "$(temp_files "$dir")" ]; then
		no "$kind, $1: stays: $(temp_files "$dir")"
	elif [ -n "$4" ] && ! grep -q -- "$4" "$tmp/err"; then
		no "$kind, $1: the message is: $(cat "$tmp/err")"
	else
		ok
	fi
}

# change [COMMAND...]: makes the change in $dir, below a command that starts it
change() {
	command_for "$dir/plan" "${words[@]}"
	"$@" "${command[@]}" >"${out:-$tmp/out}" 2>"$tmp/err"
	status=$?
}

# fresh: a new $dir with the old file
fresh() {
	dir=$tmp/d
	rm -rf "$dir"
	mkdir "$dir"
	cp -p "$tmp/old" "$dir/plan"
}

standard_output() {
	fresh
	out=/dev/full change
	expect 'a full standard output' 7 new 'was written'
	fresh
	change bash -c '"$@" >&-' bash
	expect 'no standard output' 7 new 'was written'
	fresh
	change bash -c '"$@" > >(exec <&-; true)' bash # may be quicker than the reader's end
	[ "$status" -eq 0 ] && : >"$tmp/err"
	expect 'a broken standard output' "$status" new ''
	fresh
	change bash -c '"$@" <&- 2>&-' bash
	expect 'nothing but standard output' 0 new ''
}

limit() {
	fresh
	change bash -c 'ulimit -f 8; "$@"' bash
	expect 'ulimit -f' 7 old 'File too large; nothing was written'
}

# mounted OPTIONS: a file system of its own at $dir
mounted() {
	dir=$tmp/m
	mkdir -p "$dir"
	mount -t tmpfs -o "$1" tmpfs "$dir"
	cp -p "$tmp/old" "$dir/plan"
}

mounts() {
	mounted size=1m
	head -c 2m /dev/zero >"$dir/zeros" 2>/dev/null
	change
	expect 'a full disk' 7 old 'No space left on device; nothing was written'
	rm "$dir/zeros"
	change
	expect 'a disk with room again' 0 new ''
	umount "$dir"

	mounted size=1m
	mount -o remount,ro "$dir"
	change
	expect 'a read-only disk' 7 old 'Read-only file system; nothing was written'
	umount "$dir"

	fresh
	mount --bind "$dir/plan" "$dir/plan"
	change
	expect 'a bind-mounted file' 7 old 'busy; nothing was written'
	umount "$dir/plan"
}

immutable() {
	fresh
	chattr +i "$dir/plan" 2>/dev/null || return
	change
	chattr -i "$dir/plan"
	expect 'an immutable file' 7 old 'not permitted; nothing was written'
	chattr +a "$dir/plan"
	change
	chattr -a "$dir/plan"
	expect 'an append-only file' 7 old 'not permitted; nothing was written'
	chattr +i "$dir"
	change
	chattr -i "$dir"
	expect 'an immutable directory' 7 old 'not permitted; nothing was written'
}

# all KIND COMMAND...
all() {
	kind=$1 words=("${@:2}")
	plan_for "$tmp/old" "$kind" 2000
	fresh
	change
	cp "$dir/plan" "$tmp/new"
	expect 'nothing wrong' 0 new ''
	standard_output
	limit
	[ "$MOUNTS" = no ] || mounts
	[ "$EUID" -ne 0 ] || immutable
}

if [ $# -gt 0 ]; then
	all "$@"
	finish
fi
all writer "$(helper writer)" @
if has_ipam; then
	all ipam "$IPAM" -f @ alloc 10.0.0.0/16 host=www
fi
finish
