#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# order.sh [KIND COMMAND...]
#
# The order of the system calls of a change, as reliability asks for it:
#
#   lock; open the data file; make the temporary file; write it; fsync it;
#   the journal: write, fsync; rename; fsync the directory, then the new file;
#   unlock; close the old file; print
#
# Without arguments: for tests/fault/writer.c, for ipam alloc, and for a writer
# whose fsync(2), or flock(2), does nothing, which must be found out.
# shellcheck source=tests/fault/lib.sh disable=SC2154
. "$(dirname "$0")/lib.sh"
command -v strace >/dev/null || skip 'strace is not installed'
strace -qq -o /dev/null true 2>/dev/null || skip 'strace does not work here'

# order KIND [-E VAR=VALUE]... COMMAND...: says what is wrong, if anything
order() {
	local kind=$1 options=()
	shift
	while [ "$1" = -E ]; do
		options+=(-E "$2")
		shift 2
	done
	rm -rf "$tmp/d"
	mkdir "$tmp/d"
	plan_for "$tmp/d/plan" "$kind" 2000
	command_for "$tmp/d/plan" "$@"
	strace -qq -f -yy -o "$tmp/trace" "${options[@]}" "${command[@]}" >/dev/null ||
		echo "exit $?"
	# Each line of the trace as the step that it is, if it is one; then each step
	# must be behind the last of the one before it.
	awk -v dir="$tmp/d" '
		function step(name) { last[name] = NR; if (!(name in first)) first[name] = NR }
		function after(name, before) {
			if (!(name in first)) print "missing: " name
			else if (!(before in last)) print "missing: " before
			else if (first[name] < last[before]) print name " before " before
		}
		{ sub(/^[0-9]+ +/, ""); failed = / = -1 /; fd = "" }
		match($0, /^[a-z0-9_]+\([0-9]+<[^>]*>/) { fd = substr($0, RSTART, RLENGTH); sub(/.*</, "", fd); sub(/>.*/, "", fd) }
		failed { next }
		/^flock\(.*LOCK_EX/ { step("lock") }
		/^flock\(.*LOCK_UN/ { step("unlock") }
		/^openat\(.*"plan", O_RDONLY/ { step("open"); old = $NF; sub(/<.*/, "", old) }
		/^openat\(.*ipam-tmp", .*O_EXCL/ && !/\.(state|seen)\./ { step("make"); new = $NF; sub(/<.*/, "", new) }
		/^(write|writev|pwrite64)\(/ && fd ~ /plan\.ipam-tmp$/ { step("write") }
		/^copy_file_range\(/ && /ipam-tmp/ { step("write") }
		/^(fchown|fchmod|fsetxattr)\(/ && fd ~ /plan\.ipam-tmp$/ { step("attributes") }
		/^fsync\(/ && fd ~ /plan\.ipam-tmp$/ { step("sync") }
		/^write\(/ && fd ~ /\.log$/ { step("journal") }
		/^f(data)?sync\(/ && fd ~ /\.log$/ { step("sync the journal") }
		/^renameat2?\(/ && /plan\.ipam-tmp/ { step("rename") }
		/^fsync\(/ && fd == dir && "rename" in first { step("sync the directory") }
		/^fsync\(/ && fd == dir "/plan" { step("sync the new file") }
		old != "" && index($0, "close(" old "<") == 1 && "unlock" in first { step("close the old file") }
		/^write\(1</ { step("print") }
		END {
			n = split("lock,open,make,write,attributes,sync," \
				("journal" in first ? "journal,sync the journal," : "") \
				"rename,sync the directory,sync the new file,unlock,print", steps, ",")
			for (i = 2; i <= n; i++) after(steps[i], steps[i - 1])
			if ("close the old file" in first) after("close the old file", "unlock")
		}' "$tmp/trace"
}

# right KIND COMMAND...
right() {
	local said
	said=$(order "$@")
	if [ -z "$said" ]; then ok; else no "$1: $said"; fi
}

# wrong WHAT KIND...: a variant that must be found out
wrong() {
	local said
	said=$(order "${@:2}")
	if [ -n "$said" ]; then ok; else no "without $1 nothing is seen"; fi
}

if [ $# -gt 0 ]; then
	right "$@"
	finish
fi
writer=$(helper writer)
right writer "$writer" @
if has_ipam; then
	right ipam "$IPAM" -f @ alloc 10.0.0.0/16 host=www
fi
shim=$(helper shim.so shim.c -shared -fPIC)
for call in fsync flock fdatasync; do
	wrong "$call" writer -E LD_PRELOAD="$shim" -E SHIM="$call" "$writer" @
done
finish
