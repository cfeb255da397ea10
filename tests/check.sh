#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check.sh BUILD SUITE...
#
# Runs the tests of the suites named and adds up what they say.  A test is a
# program: the last line "N passed, N failed" that it prints (or cmocka's own)
# counts, without one its exit status; 77 is "skipped".  One line for each, the
# whole output only of those that fail; all of it is kept in BUILD/log/.
#
#   layers   tests/layers.sh: the arrows between the folders of src/
#   unit     tests/unit/test_*.c
#   cli      tests/cli/*.test
#   bad      tests/bad: a broken file for each check rule
#   fault    tests/fault/*.sh
#   live     tests/live/*.sh, one after the other: they share the ports
#   scripts  the *.sh of the other folders in tests/, but for bench/
set -u
cd "$(dirname "$0")/.." || exit 1
build=$1
shift
log=$build/log
rm -rf "$log"
mkdir -p "$log"
trap 'trap - TERM; kill 0' INT TERM

# verdict STATUS LOG: prints "PASSED FAILED SKIPPED"
verdict() {
	awk -v status="$1" '
	function number(s) { match(s, /[0-9]+/); return substr(s, RSTART, RLENGTH) + 0 }
	/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { plain = 1; p = $1; f = $3; s = $5 + 0 }
	/^\[  PASSED  \] [0-9]+ test/ { cp += number($0); c = 1 }
	/^\[  FAILED  \] [0-9]+ test/ { cf += number($0); c = 1 }
	/^\[  SKIPPED \] [0-9]+ test/ { cs += number($0); c = 1 }
	END {
		if (status == 77) { print 0, 0, 1; exit }
		if (!plain && c) { p = cp; f = cf; s = cs }
		if (!plain && !c && status == 0) p = 1
		if (status != 0 && f == 0) f = 1
		print p + 0, f + 0, s + 0
	}' "$2"
}

# run NAME COMMAND...: runs one test and reports it
run() {
	local name=$1 passed failed skipped
	local out=$log/${name//\//-}
	shift
	timeout -k 10 900 "$@" >"$out.log" 2>&1 </dev/null
	read -r passed failed skipped < <(verdict $? "$out.log")
	echo "$passed $failed $skipped" >"$out.count"
	if [ "$failed" -gt 0 ]; then
		printf 'FAIL  %s\n%s\n' "$name" "$(sed 's/^/    /' "$out.log")"
	elif [ "$skipped" -gt 0 ]; then
		printf 'skip  %-32s %s\n' "$name" "$(tail -n 1 "$out.log")"
	else
		printf 'ok    %-32s %6d\n' "$name" "$passed"
	fi
}

# spawn NAME COMMAND...: the same beside what runs already, as many as there are processors
jobs=$(nproc 2>/dev/null || echo 2)
spawn() {
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	run "$@" &
}

# each FOLDER: spawns the scripts in it
each() {
	local script
	for script in tests/"$1"/*.sh; do
		[ ! -x "$script" ] || spawn "${script#tests/}" "$script"
	done
}

for suite; do
	case $suite in
	layers) spawn layers tests/layers.sh "$build" ;;
	unit)
		for test in tests/unit/test_*.c; do
			name=$(basename "$test" .c)
			[ ! -e "$test" ] || spawn "unit/$name" "$build/unit/$name"
		done
		;;
	cli)
		if compgen -G 'tests/cli/*.test' >/dev/null; then
			spawn cli "$build/clirun" -p "$build/ipam" tests/cli/*.test
		fi
		;;
	bad | fault) each "$suite" ;;
	scripts)
		for folder in tests/*/; do
			case $(basename "$folder") in
			unit | cli | bad | fault | live | fuzz | bench) ;;
			*) each "$(basename "$folder")" ;;
			esac
		done
		;;
	live) live=1 ;;
	*)
		echo "check: no suite is called $suite" >&2
		exit 2
		;;
	esac
done
wait
if [ -n "${live-}" ]; then
	jobs=1
	each live
	wait
fi

cat "$log"/*.count 2>/dev/null | awk '
	{ p += $1; f += $2; s += $3 }
	END { printf "%d passed, %d failed%s\n", p, f, s ? ", " s " skipped" : ""; exit f > 0 || p == 0 }'
