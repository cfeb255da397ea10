#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# inject.sh [KIND COMMAND...]
#
# Runs a command that changes the data file (@ in COMMAND; KIND says what there is before
# it, see prepare) with each of its system calls failing in turn, by each of seven errors,
# and killed and terminated at each of them:
#
#   - the file is the old or the new one, byte for byte
#   - exit 0 means the new one, 1 to 6 the old one, 7 says in words which
#   - an answer is not printed if nothing was written
#   - no temporary file stays; after SIGKILL the next run removes it
#   - after the next change the journal leads to the file, has what was acknowledged, and
#     each address once; a rotation, or the record of what others did, was done, or was not
#
# Without arguments: for tests/fault/writer.c; for ipam alloc, without and with a journal,
# and with one that is off; for ipam log --rotate, --record of a hand edit; and for a writer
# that writes in place, which must be found out.  The kinds commits and rebuild, for ipam log
# --record and --rebuild from git's history, take minutes; git itself runs without faults.
# shellcheck source=tests/fault/lib.sh disable=SC2154
. "$(dirname "$0")/lib.sh"
command -v strace >/dev/null || skip 'strace is not installed'
strace -qq -o /dev/null true 2>/dev/null || skip 'strace does not work here'

errors=(EIO ENOSPC EDQUOT EROFS EACCES EINTR ENOMEM)
faults=()
# Calls that end the process or cannot fail.  (brk(2) says by another value that it did.)
never='execve|exit|exit_group|rt_sigreturn|restart_syscall'
never_fail='brk|getpid|gettid|gete?[ug]id|arch_prctl|set_tid_address'
jobs=$(nproc)

# prepare FILE: what there is before a command of this kind
prepare() {
	plan_for "$1" "$kind" 2000
	case $kind in writer | ipam | rebuild) ;; *) "$IPAM" -f "$1" alloc 10.0.0.0/16 >/dev/null ;; esac
	case $kind in
	record) echo '10.0.0.77 host=hand' >>"$1" ;;
	off) echo '@journal x record=no' >>"$1" ;;
	commits | rebuild)
		in_git init -q -b main --template=
		cp "$1" "$tmp/git/plan" && in_git add plan && in_git commit -q -m first
		echo '10.0.0.77 host=seven' >>"$tmp/git/plan" && in_git commit -q -a -m seven
		echo '10.0.0.78 host=eight' >>"$tmp/git/plan" && in_git commit -q -a -m eight
		cp "$tmp/git/plan" "$1"
		;;
	esac
	touch -d '1 minute ago' "$1"
}

in_git() {
	mkdir -p "$tmp/git"
	HOME=$tmp GIT_CONFIG_NOSYSTEM=1 git -C "$tmp/git" -c user.name=Alice -c user.email=a@example.net "$@"
}

# place DIR FROM: a new directory with FROM as the data file, its journal and git's history
place() {
	rm -rf "$1"
	mkdir "$1"
	case $kind in commits | rebuild) cp -Rp "$tmp/git/.git" "$1/.git" ;; esac
	cp -p "$2" "$1/plan"
	[ ! -e "$2.log" ] || cp -p "$2.log" "$1/plan.log"
}

# clean DIR FROM: a run without faults there
clean() {
	place "$1" "$2"
	command_for "$1/plan" "${words[@]}"
	"${command[@]}" >"$1.out" 2>"$1.err"
}

# calls: each system call from the first that names the data file on, as "NAME NUMBER",
# the number counting the calls of that name from the start
calls() {
	clean "$tmp/first" "$tmp/old" # so that all libraries are loaded the same way
	place "$tmp/trace.d" "$tmp/old"
	command_for "$tmp/trace.d/plan" "${words[@]}"
	strace -qq "${follow[@]}" -o "$tmp/trace" "${command[@]}" >/dev/null 2>&1
	awk -v never="^($never)$" '
		sub(/^[0-9]+ +/, "") + 1 && match($0, /^[a-z0-9_]+\(/) {
			name = $1
			sub(/\(.*/, "", name)
			n[name]++
			if (name != "execve" && /\/plan/) on = 1
			if (on && name !~ never) print name, n[name]
		}' "$tmp/trace"
}

# verdict DIR STATUS FAULT: says what is wrong, if anything
verdict() {
	local dir=$1 status=$2 fault=$3 is left
	is=torn
	! cmp -s "$dir/plan" "$tmp/old" || is=old
	! cmp -s "$dir/plan" "$tmp/new" || is=new
	! cmp -s "$tmp/old" "$tmp/new" || is=${is/new/same}
	left=$(temp_files "$dir")
	case $is-$status in
	torn-*) echo "the file is neither old nor new (exit $status)" ;;
	new-0 | old-[1-6] | old-127 | same-[0-7] | same-127 | *-137) ;;
	*-143) [ "$fault" = signal=SIGTERM ] || echo "exit 143" ;;
	old-7) ! grep -q 'was written, but\|it was written' "$dir.err" || echo 'a lie: it was not written' ;;
	new-7) grep -q 'was written' "$dir.err" || echo 'a lie: it was written' ;;
	*) echo "exit $status, but the file is $is" ;;
	esac
	[ "$status" = 137 ] || [ -z "$left" ] || echo "stays: $left"
	[ "$status" != 7 ] || [ -s "$dir.err" ] || echo 'no message'
	[ "$is-$status" != old-7 ] || [ ! -s "$dir.out" ] || echo "an answer, but nothing was written"
	[ "$status" != 0 ] || cmp -s "$dir.out" "$tmp/new.d.out" || echo 'another output'
	[ "$status" = 137 ] || { agrees "$dir" "$status" && return; }
	command_for "$dir/plan" "${words[@]}"
	[ "$kind" != rebuild ] || [ ! -e "$dir/plan.log" ] || command=("$IPAM" -f "$dir/plan" log --record)
	"${command[@]}" >/dev/null 2>&1 || echo "the next run fails: exit $?"
	cmp -s "$dir/plan" "$tmp/new" || cmp -s "$dir/plan" "$tmp/newer" || echo 'the next run loses something'
	left=$(temp_files "$dir")
	[ -z "$left" ] || echo "stays after the next run: $left"
	agrees "$dir" "$status"
}

# agrees DIR STATUS: says where the journal and the file do not agree after the next change
agrees() {
	local dir=$1 status=$2 ip said
	[ "$kind" != writer ] || return 0
	case $kind in
	rotate) rotated "$dir" "$status" ;;
	record | commits | rebuild) recorded "$dir" "$status" ;;
	off) sed -i '/^@journal/d' "$dir/plan" ;;
	esac
	said=$("$IPAM" -f "$dir/plan" alloc 10.0.0.0/16 2>&1) || echo "the next change fails: $said"
	said=$("$IPAM" -f "$dir/plan" log --verify 2>&1) || echo "log --verify: $said"
	[ "$status" != 0 ] || { [ "$kind" != journal ] && [ "$kind" != ipam ]; } ||
		grep -qF "+ $(cat "$dir.out") " "$dir/plan.log" || echo "not in the journal: $(cat "$dir.out")"
	while read -r ip; do
		said=$("$IPAM" -f "$dir/plan" log "$ip" -o tsv | wc -l)
		[ "$said" = 1 ] || echo "$said times in the journal: $ip"
	done < <(grep -E '^10\.0\.0\.[0-9]+$' "$dir/plan")
	return 0
}

# rotated DIR STATUS: says what is wrong with the archive
rotated() {
	local dir=$1 status=$2 is=old
	! sed -n 3p "$dir/plan.log" | grep -q '^archive ' || is=new
	case $is-$status in
	new-0 | *-137 | *-143 | old-[1-6] | old-127) ;;
	old-7) ! grep -q 'was written, but\|it was written' "$dir.err" || echo 'a lie: it was not archived' ;;
	new-7) grep -q 'was written' "$dir.err" || echo 'a lie: it was archived' ;;
	*) echo "exit $status, but the journal is $is" ;;
	esac
	[ "$is-$status" != old-7 ] || [ ! -e "$dir/plan.log.1" ] || echo 'half an archive stays'
}

# recorded DIR STATUS: says what is wrong with the record of what others did
recorded() {
	local is=old
	! grep -qE '^(outside|commit) ' "$1/plan.log" 2>/dev/null || is=new
	case $is-$2 in
	new-0 | new-7 | old-[1-7] | old-127 | *-137 | *-143) ;;
	*) echo "exit $2, but the journal is $is" ;;
	esac
}

# attempt DIR NAME NUMBER FAULT
attempt() {
	local dir=$1 said status
	place "$dir" "$tmp/old"
	command_for "$dir/plan" "${words[@]}"
	strace -qq "${follow[@]}" -o /dev/null -e trace="$2" -e inject="$2:$4:when=$3" \
		"${command[@]}" >"$dir.out" 2>"$dir.err"
	status=$?
	said=$(verdict "$dir" "$status" "$4")
	if [ -n "$said" ]; then
		echo "FAIL  $2 #$3 $4: $said"
		sed 's/^/      /' "$dir.err"
	else
		echo ok
	fi
} 2>/dev/null

# worker NUMBER: every jobs-th attempt
worker() {
	local i=0 call number fault
	while read -r call number fault; do
		[ $((i++ % jobs)) -ne "$1" ] || attempt "$tmp/$1" "$call" "$number" "$fault"
	done <"$tmp/attempts"
}

# try KIND COMMAND...: all attempts; what they say is in $tmp/said
try() {
	local call number job not=$never_fail
	kind=$1
	shift
	words=("$@")
	rm -rf "$tmp"/*.log "$tmp/git"
	follow=(-f)
	# (A pipe whose end was not closed, as none is that close(2) fails for, never ends.)
	case $kind in commits | rebuild) follow=() not+='|close' ;; esac
	prepare "$tmp/old"
	clean "$tmp/new.d" "$tmp/old" || { no "$kind: exit $? without a fault: $(cat "$tmp/new.d.err")" && return; }
	cp "$tmp/new.d/plan" "$tmp/new"
	[ ! -e "$tmp/new.d/plan.log" ] || cp "$tmp/new.d/plan.log" "$tmp/new.log"
	clean "$tmp/newer.d" "$tmp/new"
	cp "$tmp/newer.d/plan" "$tmp/newer"
	calls >"$tmp/calls"
	while read -r call number; do
		printf "$call $number %s\n" "${faults[@]}"
	done <"$tmp/calls" | grep -E "^(${only:-.*}) " | grep -vE "^($not) .* error" >"$tmp/attempts"
	for ((job = 0; job < jobs; job++)); do
		worker "$job" >"$tmp/said.$job" &
	done
	wait
	cat "$tmp"/said.*
}

# all KIND COMMAND...
all() {
	local good bad
	faults=("${errors[@]/#/error=}" signal=SIGKILL signal=SIGTERM)
	case $1 in commits | rebuild) faults=(error=EIO signal=SIGKILL) ;; esac
	try "$@" >"$tmp/said"
	good=$(grep -c '^ok$' "$tmp/said") bad=$(grep -c '^FAIL' "$tmp/said")
	passed=$((passed + good)) failed=$((failed + bad))
	grep -v '^ok$' "$tmp/said"
	echo "$1: $(wc -l <"$tmp/calls") calls, $good good, $bad bad"
}

if [ $# -gt 0 ]; then
	all "$@"
	finish
fi
all writer "$(helper writer)" @
[ "$passed" -gt 0 ] || no 'nothing was tried'
all writer "$(helper writer)" -r @
if has_ipam; then
	all ipam "$IPAM" -f @ alloc 10.0.0.0/16
	all journal "$IPAM" -f @ alloc 10.0.0.0/16
	all off "$IPAM" -f @ alloc 10.0.0.0/16
	all rotate "$IPAM" -f @ log --rotate
	all record "$IPAM" -f @ log --record
fi

naive=$(helper naive writer.c -DNAIVE)
faults=(signal=SIGKILL) only='write|close'
try writer "$naive" @ >"$tmp/said"
if grep -q 'neither old nor new' "$tmp/said"; then ok; else no 'a writer that writes in place passes'; fi
finish
