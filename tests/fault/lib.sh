# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034
#
# What the scripts here have in common.  A command to be tested is a list of
# words; @ stands for the data file.

set -u
cd "$(dirname "$0")/../.." || exit 1
[ -n "${BUILD-}" ] || BUILD=$([ -n "${IPAM-}" ] && dirname "$IPAM" || echo build)
BUILD=$(realpath -m "$BUILD")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/ipam-fault-XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM HUP
passed=0
failed=0

# skip WHY: there is nothing to test with
skip() {
	echo "$*"
	exit 77
}

# helper NAME [SOURCE FLAG...]: builds BUILD/tests/fault/NAME, by default from tests/fault/NAME.c,
# and prints its path
helper() {
	local out=$BUILD/tests/fault/$1 source=tests/fault/${2:-$1.c} file
	local archives=("$BUILD/libipamio.a" "$BUILD/libipamcore.a")
	ls "${archives[@]}" >/dev/null 2>&1 || make -s B="$BUILD" "${archives[@]}" >&2
	for file in "$source" "${archives[@]}"; do
		[ ! "$out" -nt "$file" ] || continue
		mkdir -p "${out%/*}"
		${CC:-cc} -std=gnu17 -O2 -g -D_GNU_SOURCE -Isrc -o "$out.$$" "${@:3}" "$source" \
			"${archives[@]}" >&2 && mv "$out.$$" "$out" || exit 1
		break
	done
	echo "$out"
}

# ok WHAT, no WHAT: counts
ok() {
	passed=$((passed + 1))
}
no() {
	failed=$((failed + 1))
	echo "FAIL  $*" | head -c 2000
}

# finish: the last line, and the status
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}

# command_for FILE COMMAND...: sets `command`
command_for() {
	local file=$1 word
	shift
	command=()
	for word; do
		[ "$word" != @ ] || word=$file
		command+=("$word")
	done
}

# plan_for FILE KIND [LINES]: a data file for the writer or for ipam, with so many lines of
# comment before and behind the place where lines are added
plan_for() {
	local lines=${3:-0} filler
	filler=$(yes '# ---------------------------------------------------------------------' |
		head -n "$lines")
	case $2 in
	writer) printf '%s\n' '# begin' "$filler" '# here' "$filler" '# end' ;;
	*) printf '%s\n' '@ipam 1' '' "$filler" '' '10.0.0.0/16' "$filler" '10.1.0.0/24' ;;
	esac >"$1"
	touch -d @1700000000 "$1" # old enough for its times to be relied on
}

# added KIND FILE: what the lines that were added say, as the command printed it, sorted
added() {
	case $1 in
	writer) sed -n 's/^entry //p' "$2" ;;
	ipam) sed -n 's/^\(10\.0\.[0-9.]*\)\( .*\)\{0,1\}$/\1/p' "$2" ;;
	esac | sort
}

# reader_for FILE KIND: sets `reading`, a command that reads the file and fails if it is torn
reader_for() {
	case $2 in
	writer) reading=("$(helper writer)" -r "$1") ;;
	ipam) reading=("$IPAM" -f "$1" check) ;;
	esac
}

# has_ipam: whether there is an ipam that allocates
has_ipam() {
	[ -x "${IPAM-}" ] && plan_for "$tmp/try" ipam &&
		"$IPAM" -f "$tmp/try" alloc 10.0.0.0/16 >/dev/null 2>&1 && grep -q '^10\.0\.0\.1' "$tmp/try"
}

# temp_files DIR: what must not stay
temp_files() {
	find "$1" -name '*ipam-tmp*'
}
