#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# parallel.sh [KIND COMMAND...]
#
# Eight processes at once run a command that adds a line and prints what it
# added, 200 times each, while others read: every line that was printed is in
# the file, once, and none was printed twice.  Then the same with each run
# killed after 1 to 19 ms, or not: what was printed is there, nothing is torn.
#
# Without arguments: for tests/fault/writer.c, for ipam alloc, and for a writer
# whose flock(2) does nothing, which must be found out.
# shellcheck source=tests/fault/lib.sh disable=SC2154,SC2317
. "$(dirname "$0")/lib.sh"

# repeat NUMBER: what one of the processes does; stops at a failure
repeat() {
	local i
	for ((i = 0; i < times; i++)); do
		"${command[@]}" || {
			echo "exit $?" >&2
			return
		}
	done >"$tmp/said.$1" 2>"$tmp/err.$1"
}

# kill_often NUMBER: the same, but most of them are killed
kill_often() {
	local i
	RANDOM=$1
	for ((i = 0; i < times; i++)); do
		timeout -s KILL "0.0$((RANDOM % 2))$((1 + RANDOM % 9))" "${command[@]}" 2>>"$tmp/err.$1" ||
			case $? in
			124 | 137) echo >>"$tmp/killed.$1" ;;
			*) echo "exit $?" >>"$tmp/err.$1" ;;
			esac
	done >"$tmp/said.$1"
} 2>/dev/null # where bash tells of the killed

# look: readers, until there is $tmp/done
look() {
	while [ ! -e "$tmp/done" ]; do
		"${reading[@]}" >/dev/null || echo "a reader: exit $?"
	done
} >"$tmp/look" 2>&1

# parallel HOW KIND COMMAND...: eight processes do HOW; says what is wrong, if anything
parallel() {
	local how=$1 kind=$2 i pids=() reader
	shift 2
	rm -rf "$tmp/d" "$tmp"/said.* "$tmp"/err.* "$tmp/done" "$tmp"/killed.*
	mkdir "$tmp/d"
	plan_for "$tmp/d/plan" "$kind"
	command_for "$tmp/d/plan" "$@"
	reader_for "$tmp/d/plan" "$kind"
	look &
	reader=$!
	for ((i = 0; i < processes; i++)); do
		"$how" "$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	: >"$tmp/done"
	wait "$reader"
	cat "$tmp/look" "$tmp"/err.*
	cat "$tmp"/said.* | sort >"$tmp/printed"
	added "$kind" "$tmp/d/plan" >"$tmp/there"
	[ -z "$(uniq -d "$tmp/printed")" ] || echo "printed twice: $(uniq -d "$tmp/printed" | xargs)"
	[ -z "$(uniq -d "$tmp/there")" ] || echo "there twice: $(uniq -d "$tmp/there" | xargs)"
	[ -z "$(comm -23 "$tmp/printed" "$tmp/there")" ] ||
		echo "lost: $(comm -23 "$tmp/printed" "$tmp/there" | xargs)"
	if [ "$how" = repeat ]; then
		cmp -s "$tmp/printed" "$tmp/there" || echo 'not all that is there was printed'
		[ "$(wc -l <"$tmp/printed")" -eq $((processes * times)) ] || echo 'not all were printed'
	else
		"${command[@]}" >/dev/null || echo "the last run: exit $?"
	fi
	[ -z "$(temp_files "$tmp/d")" ] || echo "stays: $(temp_files "$tmp/d")"
}

# right KIND COMMAND...
right() {
	local said
	said=$(parallel repeat "$@")
	if [ -z "$said" ]; then ok; else no "$1: $said"; fi
	said=$(parallel kill_often "$@")
	if [ -z "$said" ]; then ok; else no "$1, killed: $said"; fi
	echo "$1: $(wc -l <"$tmp/printed") printed, $(cat "$tmp"/killed.* | wc -l) killed"
}

processes=8 times=200
if [ $# -gt 0 ]; then
	right "$@"
	finish
fi
writer=$(helper writer)
right writer "$writer" @
if has_ipam; then
	right ipam "$IPAM" -f @ alloc 10.0.0.0/16
fi
times=20
said=$(LD_PRELOAD=$(helper shim.so shim.c -shared -fPIC) SHIM=flock parallel repeat writer "$writer" @)
if [ -n "$said" ]; then ok; else no 'without a lock nothing is lost'; fi
finish
