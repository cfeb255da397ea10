#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# git.sh: a plan under git.  Its commits are taken over into the journal one by one, a
# clone makes its journal from them, and git is asked, and does, no more than that.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
command -v git >/dev/null || { echo 'skip: git is not installed'; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
unset IPAM_USER IPAM_FILE PAGER GIT_DIR GIT_WORK_TREE
export IPAM_NOW HOME=$tmp GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Alice GIT_AUTHOR_EMAIL=alice@example.net
export GIT_COMMITTER_NAME=Alice GIT_COMMITTER_EMAIL=alice@example.net
git config --global init.defaultBranch main
git config --global advice.detachedHead false
now=1790000000

ok() { passed=$((passed + 1)); }
no() {
	failed=$((failed + 1))
	echo "FAIL $part: $*"
}
# same WHAT GOT WANTED
same() { if [ "$2" = "$3" ]; then ok; else no "$1: $(diff <(echo "$3") <(echo "$2"))"; fi; }
# tick: a minute later, for ipam and for git
tick() {
	now=$((now + 60))
	IPAM_NOW=$(date -u -d "@$now" +%FT%TZ)
	export GIT_AUTHOR_DATE="$now +0000" GIT_COMMITTER_DATE="$now +0000"
	[ ! -e network.ipam ] || touch -d "@$now" network.ipam
}
records() { grep -v '^$\|^#\|^@ipam' | sort; }
# part NAME: a repository of its own, with a plan of one commit
part() {
	part=$1
	rm -rf "$tmp/work"
	mkdir "$tmp/work"
	cd "$tmp/work" || exit 1
	git init -q
	tick
	ipam init >/dev/null
	printf '%s\n' '# a plan' '10.0.0.0/24 name=web' >>network.ipam
	git add . && git commit -q -m first
}
# commit MESSAGE
commit() {
	touch -d "@$now" network.ipam
	git commit -q -a -m "$1"
}
# blocks: each block of the journal as "kind: its lines"
blocks() {
	awk '/^[a-z]+ [0-9]+ [0-9T:-]+Z$/ { if (n++) print ""; printf "%s:", $1 }
		/^[-+] / { printf " %s%s", $1, $2 } END { print "" }' "${1:-network.ipam.log}"
}
verify() { if ipam log --verify; then ok; else no "log --verify"; fi; }
# at_commits RANGE...: --at of each commit of the mainline is the file of that commit
at_commits() {
	local id time
	while read -r id time; do
		same "--at commit $id" "$(ipam list --at "$(date -u -d "@$time" +%FT%TZ)" -o ipam | sort)" \
			"$(git show "$id:./network.ipam" | records)"
	done < <(git log --first-parent --format='%H %ct' "$@" -- network.ipam)
}

part 'one by one'
tick; ipam alloc web host=a >/dev/null
commit 'by ipam'; base=$(git rev-parse HEAD)
tick; echo '10.0.0.7 host=seven' >>network.ipam
GIT_AUTHOR_NAME='Bob "B" Otto' commit 'seven

for "ticket" \ 7'
tick; sed -i 's/seven/sieben/; s/# a plan/# the plan/' network.ipam; commit german
tick; sed -i 's/# the plan/# plan/' network.ipam; commit 'a comment alone'
tick; ipam fmt; echo '10.0.0.8 host=hand' >>network.ipam
tick; ipam alloc web host=b >/dev/null
same blocks "$(blocks)" "first: +@ipam +10.0.0.0/24
change: +10.0.0.1
commit: +10.0.0.7
commit: -10.0.0.7 +10.0.0.7
outside: +10.0.0.8
change: +10.0.0.2"
same author "$(sed -n 's/^user Bob/Bob/p' network.ipam.log)" 'Bob "B" Otto <alice@example.net>'
same message "$(grep '^reason seven' network.ipam.log)" 'reason seven\x0a\x0afor "ticket" \\ 7'
same 'log by author' "$(ipam log --user 'Bob "B" Otto' --oneline -o tsv | cut -f1)" 3
same 'message in lines' "$(ipam log 10.0.0.7 | grep -c '^    for "ticket" \\ 7$')" 1
same commit "$(sed -n 's/^commit \([0-9a-f]*\)$/\1/p' network.ipam.log)" \
	"$(git log --reverse --format=%H "$base.." -- network.ipam | head -2)"
same 'commits for a program' "$(ipam -o tsv log --fields commit,date | grep T | uniq)" \
	"$(TZ=UTC git log --reverse --date=format-local:%FT%TZ --format='%H%x09%ad' "$base.." -- network.ipam |
		head -2 | tac)"
verify
at_commits "$base.."
same 'undo of a commit' "$(ipam undo 4)" 10.0.0.7
verify

part 'a reader sees them, and records nothing'
tick; ipam alloc web host=a >/dev/null; commit a
tick; echo '10.0.0.7' >>network.ipam; commit b
tick; echo '10.0.0.8' >>network.ipam; commit c
before=$(cksum <network.ipam.log)
at_commits HEAD~2..
same '--record -n' "$(ipam log --record -n 2>&1)" '+10.0.0.7
+10.0.0.8'
if ipam log --verify 2>/dev/null; then no 'a journal that lacks commits'; else ok; fi
same 'undo -n' "$(ipam undo -n 3 2>&1)" '-10.0.0.7
10.0.0.7'
ipam alloc nothing 2>/dev/null
same journal "$(cksum <network.ipam.log)" "$before"
ipam log --record
same recorded "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.7
commit: +10.0.0.8'
verify

part 'a merge that was pulled'
tick; ipam alloc web host=a >/dev/null; commit base
git checkout -q -b side
tick; echo '10.0.0.20 host=x' >>network.ipam; GIT_AUTHOR_NAME=Bob commit side1
tick; sed -i 's/host=x/host=y/' network.ipam; GIT_AUTHOR_NAME=Bob commit side2
git checkout -q main
tick; sed -i '2i 10.0.1.0/24 name=new' network.ipam; commit main1
tick; git merge -q side -m merge >/dev/null || { sed -i '/^[<=>]\{7\}/d' network.ipam; git commit -q -a -m merge; }
tick; echo '10.0.0.30' >>network.ipam; commit after
tick; ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" "commit: +10.0.1.0/24
commit: +10.0.0.20
commit: -10.0.0.20 +10.0.0.20
commit: +10.0.0.30"
same 'who of the side' "$(grep -c '^user Bob' network.ipam.log)" 2
verify
at_commits HEAD~3..
mv network.ipam.log before
ipam log --rebuild
verify
at_commits
same 'the same, rebuilt' "$(blocks | tail -n 4)" "$(blocks before | tail -n 4)"

part 'a merge of what was done here and elsewhere'
git clone -q . "$tmp/other"
tick; ipam alloc web host=here >/dev/null; commit here
(cd "$tmp/other" && echo '10.0.0.99 host=there' >>network.ipam && GIT_AUTHOR_NAME=Bob commit there)
tick; git pull -q --no-rebase --no-edit "$tmp/other" main >/dev/null 2>&1 ||
	{ sed -i '/^[<=>]\{7\}/d' network.ipam; git commit -q -a -m merge; }
tick; ipam alloc web host=more >/dev/null
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.99
change: +10.0.0.2'
rm -rf "$tmp/other"
verify

part 'not committed here, pulled from there'
git clone -q . "$tmp/other"
tick; ipam alloc web host=here >/dev/null
(cd "$tmp/other" && sed -i '2i 10.0.9.0/24 name=there' network.ipam && GIT_AUTHOR_NAME=Bob commit there)
tick; git stash -q; git pull -q --ff-only "$tmp/other" main; git stash pop -q >/dev/null
tick; ipam alloc web host=more >/dev/null
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.9.0/24
change: +10.0.0.2'
rm -rf "$tmp/other"
verify

part 'known by its name alone'
git clone -q . "$tmp/other"
# there LINE: comes there, is committed, and comes here without a commit of what is here
there() {
	tick
	(cd "$tmp/other" && sed -i "2i $1" network.ipam && GIT_AUTHOR_NAME=Bob commit there)
	cp network.ipam mine
	git checkout -q network.ipam
	git pull -q --ff-only "$tmp/other" main
	sed "2i $1" mine >network.ipam
	touch -d "@$now" network.ipam
}
tick; ipam alloc web host=here >/dev/null
there '10.0.9.0/24 name=there'
ipam log --record
tick; ipam subnet rm there >/dev/null
there '10.0.8.0/24 name=too'
ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.9.0/24
change: -10.0.9.0/24
commit: +10.0.8.0/24'
rm -rf "$tmp/other"
verify

part 'changed here and there'
tick; ipam alloc web host=a >/dev/null; commit a
git clone -q . "$tmp/other"
tick; ipam set 10.0.0.1 host=here >/dev/null
(cd "$tmp/other" && sed -i 's/host=a/host=there/; 2i 10.0.9.0/24 name=new' network.ipam && GIT_AUTHOR_NAME=Bob commit there)
tick; cp network.ipam mine; git checkout -q network.ipam; git pull -q --ff-only "$tmp/other" main
sed '2i 10.0.9.0/24 name=new' mine >network.ipam
tick; ipam log --record
same blocks "$(blocks | sed -n '4,$ p')" 'commit: +10.0.9.0/24'
rm -rf "$tmp/other" mine
verify

part 'amended'
tick; ipam alloc web host=a >/dev/null; commit a
tick; echo '10.0.0.7 host=seven' >>network.ipam; commit seven
tick; ipam log --record
tick; sed -i 's/10.0.0.7 host=seven/10.0.0.8 host=eight/' network.ipam
git commit -q -a --amend -m eight
tick; ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.7
commit: -10.0.0.7 +10.0.0.8'
verify

part 'rebased'
tick; ipam alloc web host=a >/dev/null; commit a
git checkout -q -b topic
tick; echo '10.0.0.70 host=topic' >>network.ipam; commit topic
tick; ipam log --record
git checkout -q main
tick; sed -i '2i 10.0.7.0/24 name=new' network.ipam; commit new
git checkout -q topic
tick; git rebase -q main
tick; ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.70
commit: +10.0.7.0/24'
verify

part 'back to an older commit'
tick; ipam alloc web host=a >/dev/null; commit a
tick; ipam alloc web host=b >/dev/null; commit b
tick; git reset -q --hard HEAD~1; tick
ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'change: +10.0.0.2
outside: -10.0.0.2'
verify

part 'taken back with git'
tick; ipam alloc web host=a >/dev/null; commit a
tick; ipam alloc web host=b >/dev/null; commit b
tick; GIT_AUTHOR_NAME=Bob git revert --no-edit HEAD >/dev/null; tick
ipam log --record
tick; GIT_AUTHOR_NAME=Eve git revert --no-edit HEAD >/dev/null; tick
ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'change: +10.0.0.2
commit: -10.0.0.2
commit: +10.0.0.2'
same authors "$(sed -n 's/^user \(.*\) <.*/\1/p' network.ipam.log)" $'Bob\nEve'
verify
at_commits HEAD~3..

part 'a merge that ends with the side'
tick; ipam alloc web host=a >/dev/null; commit a
git checkout -q -b side
tick; ipam set 10.0.0.1 note=side >/dev/null; commit side
git checkout -q main
tick; ipam set 10.0.0.1 note=main >/dev/null; commit main
tick; git merge -q side >/dev/null 2>&1; git checkout -q --theirs network.ipam
git add network.ipam; GIT_AUTHOR_NAME=Bob git commit -q -m merged
tick; ipam log --record
same merge "$(ipam log --oneline -o tsv | head -1 | cut -f3,5)" $'Bob <alice@example.net>\tmerged'
verify

part 'done here, given up, pulled'
tick; ipam alloc web host=a >/dev/null; commit a
git clone -q . "$tmp/other"
tick; ipam alloc web host=mine >/dev/null
(cd "$tmp/other" || exit
	echo '10.0.0.2 host=theirs' >>network.ipam; GIT_AUTHOR_NAME=Bob commit theirs
	echo '10.0.0.3 host=more' >>network.ipam; GIT_AUTHOR_NAME=Eve commit more)
git checkout -q network.ipam; git pull -q --ff-only "$tmp/other" main
tick; ipam log --record
same blocks "$(blocks | sed -n '4,$ p')" 'commit: -10.0.0.2 +10.0.0.2
commit: +10.0.0.3'
rm -rf "$tmp/other"
verify

part 'not recorded for a while'
tick; ipam alloc web host=a >/dev/null; ipam object add journal j record=no >/dev/null; commit a
for name in Bob Eve; do
	tick; ipam alloc web host=$name >/dev/null; GIT_AUTHOR_NAME=$name commit $name
done
tick; ipam alloc web host=mine >/dev/null
tick; ipam set @journal/j record=yes >/dev/null
same blocks "$(blocks | sed -n '4,$ p')" 'commit: +10.0.0.2
commit: +10.0.0.3
outside: +10.0.0.4
change: -@journal +@journal'
verify
tick; ipam set @journal/j record=no >/dev/null; ipam alloc web host=more >/dev/null; GIT_AUTHOR_NAME=Bob commit more
tick; ipam log --record
same 'recorded all the same' "$(blocks | tail -n 1)" 'commit: +10.0.0.5'
verify

part 'committed only now and then'
tick; ipam alloc web host=a >/dev/null; commit a
tick; ipam alloc web host=b >/dev/null; ipam alloc web host=c >/dev/null
echo '10.0.0.77 host=hand' >>network.ipam; commit 'all that'
tick; ipam log --record
same blocks "$(blocks | sed -n '5,$ p')" 'commit: +10.0.0.77'
verify

part 'a plan in the middle that is none'
tick; ipam alloc web host=a >/dev/null; commit a
tick; printf '%s\n' 10.0.0.7 'not a record' $'10.0.0.9 note=\x01' 10.0.0.7 >>network.ipam; commit broken
tick; sed -i '/^not\|0\.9/d; $ d' network.ipam; commit mended
tick; ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.7'
verify
rm network.ipam.log
ipam log --rebuild
verify

part 'a clone, with a renamed file'
for i in 1 2 3 4 5; do
	tick; ipam alloc web host="h$i" >/dev/null; commit "h$i"
done
tick; git mv -- network.ipam "-p: *?[x].ipam"; git commit -q -m moved
tick; echo '10.0.0.99' >>"-p: *?[x].ipam"; git commit -q -a -m behind
git clone -q . "$tmp/clone"
cd "$tmp/clone" || exit 1
IPAM_FILE="./-p: *?[x].ipam" ipam -q log --rebuild
same blocks "$(blocks "./-p: *?[x].ipam.log")" 'first:
commit: +@ipam +10.0.0.0/24
commit: +10.0.0.1
commit: +10.0.0.2
commit: +10.0.0.3
commit: +10.0.0.4
commit: +10.0.0.5
commit: +10.0.0.99'
export IPAM_FILE="$tmp/clone/-p: *?[x].ipam"
verify
ipam log --rebuild 2>"$tmp/err"
same 'there is one already' "$? $(grep -c 'is there already' "$tmp/err")" '3 1'
same 'who had it' "$(ipam log 10.0.0.3 --oneline -o tsv | cut -f3,5)" $'Alice <alice@example.net>\th3'
unset IPAM_FILE
cd "$tmp/work" && rm -rf "$tmp/clone"

part 'a shallow clone'
for i in 1 2 3 4; do
	tick; ipam alloc web host="h$i" >/dev/null; commit "h$i"
done
git clone -q --depth 2 "file://$PWD" "$tmp/clone"
cd "$tmp/clone" || exit 1
ipam log --rebuild 2>"$tmp/err"
same warned "$(grep -c 'history is cut here' "$tmp/err")" 1
same blocks "$(blocks)" 'first: +@ipam +10.0.0.0/24 +10.0.0.1 +10.0.0.2 +10.0.0.3
commit: +10.0.0.4'
verify
for i in 5 6 7; do
	(cd "$tmp/work" && tick && ipam alloc web host="h$i" >/dev/null; commit "h$i")
done
tick; tick; tick; tick; tick; tick
git fetch -q --depth 2 && git reset -q --hard origin/main
ipam log --record
same 'cut again' "$(blocks | sed -n '3,$ p')" 'outside: +10.0.0.5 +10.0.0.6
commit: +10.0.0.7'
verify
cd "$tmp/work" && rm -rf "$tmp/clone"

part 'nothing to ask'
mkdir "$tmp/bin"
printf '#!/bin/sh\necho "$*" >>"%s/asked"\nexec "%s" "$@"\n' "$tmp" "$(command -v git)" >"$tmp/bin/git"
chmod +x "$tmp/bin/git"
asked() { # COMMAND...: how often git was called
	rm -f "$tmp/asked"
	PATH="$tmp/bin:$PATH" "$@" >/dev/null 2>&1
	touch "$tmp/asked"
	wc -l <"$tmp/asked"
}
touch -d '2020-01-01' network.ipam
tick; ipam alloc web >/dev/null; commit a
touch -d '1 hour ago' network.ipam
ipam log --record
same 'nothing was changed' "$(asked ipam alloc web)" 0
echo '10.0.0.9' >>network.ipam
if [ "$(asked ipam alloc web)" -gt 0 ]; then ok; else no 'git is not asked at all'; fi

part 'what a merge brought before the file was renamed'
tick; echo '10.0.0.1' >>network.ipam; commit a
git checkout -q -b side
tick; echo '10.0.0.9 host=side' >>network.ipam; commit 'on the side'
git checkout -q main
tick; ipam set web owner=x >/dev/null; commit main
tick; git merge -q -m merged side >/dev/null 2>&1 || {
	printf '@ipam 1\n10.0.0.0/24 name=web owner=x\n10.0.0.1\n10.0.0.9 host=side\n' >network.ipam
	git commit -q -a -m merged
}
mkdir -p 'a sub/-dir'; git mv network.ipam 'a sub/-dir/plän.ipam'; tick; git commit -q -m moved
IPAM_FILE="a sub/-dir/plän.ipam"; export IPAM_FILE
ipam log --rebuild
same 'with the name it had' "$(ipam log --oneline -o tsv --fields reason | head -3 | tr '\n' ' ')" \
	'on the side main a '
if ipam log --verify; then ok; else no '--verify'; fi
unset IPAM_FILE

part 'rebuild: a plan with errors'
sed -i 's/$/\r/' network.ipam; commit crlf
ipam log --rebuild 2>"$tmp/err"
same 'where they are' "$? $(head -1 "$tmp/err")" \
	'5 ipam: network.ipam:1:8: error: CR at the end of the line (ipam fmt removes it) [cr]'

part 'no git'
tick; ipam alloc web >/dev/null; commit a
tick; echo '10.0.0.9' >>network.ipam; commit b; tick
mkdir "$tmp/empty"
PATH="$tmp/empty" "$(command -v ipam)" alloc web >/dev/null 2>"$tmp/err"
same 'exit status, messages' "$? $(cat "$tmp/err")" '0 '
same blocks "$(blocks | sed -n '3,$ p')" 'outside: +10.0.0.9
change: +10.0.0.2'
verify

part 'not under git'
git rm -q --cached network.ipam; git commit -q -m 'no more'
tick; ipam alloc web >/dev/null
echo '10.0.0.9' >>network.ipam; tick
ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'outside: +10.0.0.9'
rm network.ipam.log
ipam log --rebuild 2>"$tmp/err"
same rebuild "$? $(cat "$tmp/err")" "1 ipam: network.ipam: git has no history of it: fatal: path 'network.ipam' exists on disk, but not in 'HEAD'"
PATH="$tmp/empty" "$(command -v ipam)" log --rebuild 2>"$tmp/err"
same 'rebuild without git' "$? $(cat "$tmp/err")" \
	'1 ipam: network.ipam: git has no history of it: git: no such program is installed'
rm -rf .git
ipam log --rebuild 2>"$tmp/err"
same 'rebuild without a repository' "$? $(cat "$tmp/err")" \
	'1 ipam: network.ipam: git has no history of it: it is in no work tree'

part 'nothing of the repository is run'
tick; ipam alloc web >/dev/null; commit a
printf '#!/bin/sh\ntouch %s/ran\n' "$tmp" >"$tmp/evil"
chmod +x "$tmp/evil"
echo 'network.ipam diff=evil filter=evil' >.gitattributes
for key in diff.evil.command diff.evil.textconv diff.external core.pager core.fsmonitor \
	core.sshCommand gpg.program filter.evil.smudge pager.log; do
	git config "$key" "$tmp/evil"
done
git config log.showSignature true
git config color.ui always
git config diff.noprefix true
git config log.showRoot false
git config diff.context 5
git config diff.interHunkContext 9
tick; echo '10.0.0.9' >>network.ipam; git commit -q -a -m b 2>/dev/null
rm -f "$tmp/ran"
GIT_DIR=/nonexistent GIT_EXTERNAL_DIFF="$tmp/evil" GIT_PAGER="$tmp/evil" \
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0="$tmp/evil" ipam log --record
same blocks "$(blocks | sed -n '3,$ p')" 'commit: +10.0.0.9'
if [ -e "$tmp/ran" ]; then no 'something was run'; else ok; fi
rm network.ipam.log
ipam log --rebuild
same 'with its root' "$(blocks | sed -n '2 p')" 'commit: +@ipam +10.0.0.0/24'
if [ -e "$tmp/ran" ]; then no 'something was run to rebuild'; else ok; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
