#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The runner of the command tests (tests/cli/run.c) has teeth: what must pass
# passes, what must fail fails and says why, and what is no case is refused.
set -u
cd "$(dirname "$0")" || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/count.sh
. ../count.sh

# The text is no file of cases, and the message is this.
refused() { # MESSAGE TEXT
	printf '%s\n' "$2" >"$tmp/cases"
	clirun -p /bin/true "$tmp/cases" >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 2 ] && [ "$(cat "$tmp/err")" = "$tmp/cases:$1" ]
	ok $? "not refused with \"$1\": $(cat "$tmp/out" "$tmp/err")"
}

clirun -p /bin/true must-pass.cases >"$tmp/out" 2>&1
ok $? "must-pass.cases: $(cat "$tmp/out")"

clirun -j 2 -p /bin/true must-fail.cases >"$tmp/out" 2>&1
[ $? -eq 1 ]
ok $? "must-fail.cases: exit status"
diff -u must-fail.expected "$tmp/out"
ok $? "must-fail.cases: the reports"

clirun -p /bin/true -k 'fail.*byte|LF' must-fail.cases >"$tmp/out" 2>&1
[ "$(tail -n 1 "$tmp/out")" = '0 passed, 2 failed' ]
ok $? "-k: $(cat "$tmp/out")"

clirun -p /bin/true -k 'no such case' must-pass.cases >/dev/null
[ $? -eq 1 ]
ok $? "no case at all passes"

refused '1: neither a comment nor part of a case' 'x'
refused '1: a section outside any case' '--- run'
refused '2: neither a comment nor part of a case' '=== a
x'
refused '2: there is no section of this kind: "runs"' '=== a
--- runs'
refused '2: there is no section of this kind: "file"' '=== a
--- file~'
refused '2: out without a run before it' '=== a
--- out'
refused '4: out without a run before it' '=== a
--- run
--- file
--- out'
refused '5: a second out' '=== a
--- run
--- out
--- err
--- out*'
refused '3: a second file' '=== a
--- file x
--- file x
--- run'
refused '3: "4x" is no exit status' '=== a
--- run
--- status 4x'
refused '5: the status has a text' '=== a
--- run
--- status 4
x
--- out'
refused '5: no regular expression, in the section above: "("' '=== a
--- run
--- out~
(
--- err'
refused '2: run with "x"' '=== a
--- run x'
refused '3: "a" has nothing to run at its end' '=== a
--- run
--- file'
refused '2: "a" has nothing to run at its end' '=== a
=== b'

count
