#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# examples.sh [PAGE...]
#
# Runs every example of README.md and of the manual pages, and compares.  What
# is run:
#
#   - in README.md an indented or fenced block with lines `$ command`, in a page
#     a display (.Bd) with such lines: what follows a command up to the next is
#     what it prints, standard output and error together; lines `> ` directly
#     after it go on with the command
#   - .Dl command, and .Dl $ command: it must end with status 0 or 1
#   - a display that begins with `@ipam 1` or `# network.ipam` is a data file:
#     `ipam check` must be silent
#
# The sections of a page (.Sh, .Ss, ##) are sessions of one shell each, in a
# directory of its own: an empty one if the first command is `ipam init`, else a
# copy of tests/docs/plan.  The time is IPAM_NOW=2026-11-23T12:00:00Z.
#
# What cannot be run here (a server, root) says so in the line above:
#     .\" not run: REASON            <!-- not run: REASON -->
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
here=$PWD/tests/docs
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
export IPAM_NOW=2026-11-23T12:00:00Z LC_ALL=C.UTF-8 TZ=UTC HOME=$tmp
unset IPAM_FILE IPAM_USER NO_COLOR PAGER

# Prints the examples of a page as lines KIND US LINE US TEXT:
# S section, X not run, C command, M more of it, O output, D command whose status counts, F line of a file
# shellcheck disable=SC2016 # awk's $
examples='
function say(kind, text) { print kind "\037" FNR "\037" text }
function plain(s) {
	gsub(/\\&/, "", s); gsub(/\\-/, "-", s); gsub(/\\\(aq/, "\047", s); gsub(/\\\(dq/, "\"", s)
	gsub(/\\\(ha/, "^", s); gsub(/\\\(ti/, "~", s); gsub(/\\\(ga/, "`", s); gsub(/\\\(em/, "\342\200\224", s); gsub(/\\e/, "\\", s)
	return s
}
function line(s) {
	if (first) { first = 0; file = s ~ /^(@ipam 1|# network.ipam)/ }
	if (skip) return
	if (file) say("F", s)
	else if (s ~ /^\$ /) { command = 1; say("C", substr(s, 3)) }
	else if (command == 1 && s ~ /^> ?/) say("M", substr(s, 3))
	else if (command) { command = 2; say("O", s) }
}
function begin() { first = 1; file = 0; command = 0; skip = unwanted; if (skip) say("X", skip); unwanted = "" }
FNR == 1 { mdoc = FILENAME ~ /\.[1-8]$/; block = 0 }
mdoc && /^\.\\" not run:/ { unwanted = $0; next }
mdoc && /^\.S[hs] / { say("S", $0); next }
mdoc && /^\.Dl / {
	if (unwanted) { say("X", unwanted); unwanted = ""; next }
	s = plain(substr($0, 5)); sub(/^\$ /, "", s)
	if (s ~ /^"/) { sub(/^"/, "", s); sub(/"$/, "", s) }
	say("D", s); next
}
mdoc && /^\.Bd / { block = 1; begin(); next }
mdoc && /^\.Ed/ { block = 0; next }
mdoc { if (block && $0 !~ /^\./) line(plain($0)); next }
/^<!-- not run:/ { unwanted = $0; next }
/^#+ / && !fence { say("S", $0) }
/^```/ { fence = !fence; if (fence) begin(); block = 0; next }
fence { line($0); next }
/^    / { if (!block) begin(); block = 1; line(substr($0, 5)); next }
/^$/ { next }
{ block = 0; unwanted = "" }
'

# A session: runs the numbered commands of its directory in one shell.
cat >"$tmp/session" <<'END'
	rc=0
	for n in $(seq "$1"); do
		(exit "$rc")
		eval "$(<"$SESSION/$n.command")" >"$SESSION/$n.out" 2>&1
		rc=$?
		echo "$rc" >"$SESSION/$n.status"
	done
END

complain() { # PAGE LINE WHAT
	failed=$((failed + 1))
	echo "FAIL: $1:$2: $3"
}

# Runs what is in $tmp/session.d and compares.
session() { # PAGE
	local page=$1 n
	[ "$count" -gt 0 ] || return 0
	rm -rf "$tmp/work"
	mkdir "$tmp/work"
	[ "$(<"$SESSION/1.command")" = 'ipam init' ] || cp -r "$here/plan/." "$tmp/work"
	(cd "$tmp/work" && timeout 60 bash "$tmp/session" "$count" </dev/null)
	for n in $(seq "$count"); do
		if [ ! -e "$SESSION/$n.status" ]; then
			complain "$page" "$(<"$SESSION/$n.line")" "did not end: $(<"$SESSION/$n.command")"
		elif [ -e "$SESSION/$n.strict" ] && [ "$(<"$SESSION/$n.status")" -gt 1 ]; then
			complain "$page" "$(<"$SESSION/$n.line")" "status $(<"$SESSION/$n.status"): $(<"$SESSION/$n.command")"
			sed 's/^/    /' "$SESSION/$n.out"
		elif [ -e "$SESSION/$n.expected" ] &&
			! diff -u --label 'in the page' --label 'in truth' "$SESSION/$n.expected" "$SESSION/$n.out" >"$tmp/diff"; then
			complain "$page" "$(<"$SESSION/$n.line")" "$(<"$SESSION/$n.command")"
			sed 's/^/    /' "$tmp/diff"
		else
			passed=$((passed + 1))
		fi
	done
}

begin_session() {
	count=0
	rm -rf "$SESSION"
	mkdir "$SESSION"
}

add() { # LINE COMMAND
	count=$((count + 1))
	printf '%s\n' "$2" >"$SESSION/$count.command"
	echo "$1" >"$SESSION/$count.line"
}

check_file() { # PAGE
	[ -e "$tmp/example.ipam" ] || return 0
	if ipam -f "$tmp/example.ipam" check >"$tmp/out" 2>&1 && [ ! -s "$tmp/out" ]; then
		passed=$((passed + 1))
	else
		complain "$1" "$file_line" 'the data file that it shows'
		sed 's/^/    /' "$tmp/out"
	fi
	rm -f "$tmp/example.ipam"
}

run_page() { # PAGE
	local page=$1 kind line text file_line=
	begin_session
	awk "$examples" "$page" >"$tmp/examples"
	while IFS=$'\037' read -r kind line text; do
		[ "$kind" = F ] || check_file "$page"
		case $kind in
		S)
			session "$page"
			begin_session
			;;
		X) echo "$page:$line: $text" ;;
		C)
			add "$line" "$text"
			: >"$SESSION/$count.expected"
			;;
		M) printf '%s\n' "$text" >>"$SESSION/$count.command" ;;
		O) printf '%s\n' "$text" >>"$SESSION/$count.expected" ;;
		D)
			add "$line" "$text"
			: >"$SESSION/$count.strict"
			;;
		F)
			[ -e "$tmp/example.ipam" ] || file_line=$line
			printf '%s\n' "$text" >>"$tmp/example.ipam"
			;;
		esac
	done <"$tmp/examples"
	check_file "$page"
	session "$page"
}

SESSION=$tmp/session.d
export SESSION
[ $# -gt 0 ] || set -- README.md man/*.[1-8]
for page; do
	run_page "$page"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
