#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Types command lines into real shells (bash, zsh, fish), lets their completion
# put in all that it knows, and looks whether what is expected is among it:
# every command and option of `ipam help`, and the cases below.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
top=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8 HOME=$tmp
unset IPAM_FILE IPAM_USER
passed=0
failed=0

mkdir "$tmp/plan" "$tmp/none" "$tmp/bad"
cp -r tests/docs/plan/. "$tmp/plan"
cp "$tmp/plan/network.ipam" "$tmp/other.ipam"
echo '10.9.0.0/16 name=elsewhere' >>"$tmp/other.ipam"
echo 'no plan at all' >"$tmp/bad/network.ipam"
touch "$tmp/none/leases.csv" "$tmp/plan/leases.csv"

# FOLDER | LINE | what must be among the answers; `-`: nothing may be
cases() {
	ipam help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' | while read -r noun verb; do
		echo "none|ipam ${noun:0:1}|$noun"
		[ -z "$verb" ] || echo "none|ipam $noun ${verb:0:1}|$verb"
		ipam help "$noun" ${verb:+"$verb"} | sed -n 's/^  ..[, ] \(--[a-z0-9-]*\).*/\1/p' | while read -r option; do
			echo "none|ipam $noun${verb:+ $verb} ${option:0:3}|$option"
		done
	done
	ipam help | sed -n '/^options/,$s/^  ..[, ] \(--[a-z0-9-]*\).*/\1/p' | while read -r option; do
		echo "none|ipam list ${option:0:3}|$option"
	done
	cat <<-'END'
		plan|ipam alloc w|web web6 web-dhcp
		plan|ipam alloc web --strategy |first last random sparse
		plan|ipam alloc web --strategy=sp|sparse
		plan|ipam subnet carve corp --fit b|best
		plan|ipam subnet carve co|corp
		plan|ipam import --conflict |keep update fail
		plan|ipam import |csv hosts ipam zone
		plan|ipam import csv lea|leases.csv
		plan|ipam -o |table tsv json ipam
		plan|ipam map web -o |table svg
		plan|ipam --color |auto always never
		plan|ipam --vrf b|blue
		plan|ipam list --fields key,own|owner
		plan|ipam list ty|type=
		plan|ipam list type=|subnet range address object
		plan|ipam list owner=|netops ann
		plan|ipam set www1 sta|status=
		plan|ipam set www1 status=|used reserved deprecated quarantine
		plan|ipam subnet add 10.9.0.0/16 status=cont|container
		plan|ipam get www1 ow|owner
		plan|ipam show 2001:db8:10::5|5
		plan|ipam show 2001:db8:10::/|/64
		plan|ipam show 10.0.0.9|10.0.0.9
		plan|ipam show db|db1 db2 db
		plan|ipam show @zo|@zone/example.net
		plan|ipam release o|old
		plan|ipam object add zo|zone
		plan|ipam object rm zone ex|example.net
		plan|ipam range rm web|web-dhcp
		plan|ipam help subnet ca|carve
		plan|ipam -f ../other.ipam subnet tree else|elsewhere
		plan|ipam --plan ~/other.ipam subnet tree else|elsewhere
		none|ipam --plan=../other.ipam subnet tree else|elsewhere
		none|ipam -f ../oth|other.ipam
		none|ipam -f ../no-such-plan show w|-
		none|ipam show w|-
		bad|ipam show w|-
	END
}

# Each shell reads the lines typed at it: `cd FOLDER` and, for each line, all
# completions put in, then the line as it is now appended to $tmp/SHELL.

# answered N: waits until the shell has answered the Nth line, but not for ever
answered() {
	for _ in $(seq 500); do
		[ "$(wc -l <"$tmp/$shell")" -lt "$1" ] || return
		sleep 0.01
	done
}

# typed SHELL KEY-ALL KEY-DUMP COMMAND: types the cases into a shell on a terminal
typed() {
	local shell=$1 all=$2 dump=$3 last='' folder line typed=0
	shift 3
	rm -f "$tmp/ready"
	: >"$tmp/$shell"
	{
		for _ in $(seq 600); do
			[ ! -e "$tmp/ready" ] || break
			sleep 0.05
		done
		while IFS='|' read -r folder line _; do
			[ "$folder" = "$last" ] || printf 'cd %s/%s\r' "$tmp" "$folder"
			last=$folder
			printf '%s%b%b' "$line" "$all" "$dump"
			answered $((++typed))
		done <"$tmp/cases"
		printf 'exit\r'
	} | timeout 120 script -qec "$*" "$tmp/$shell.screen" >"$tmp/$shell.log" 2>&1
}

in_bash() {
	cat >"$tmp/bashrc" <<-END
		source $top/completions/ipam.bash
		dump() { printf '%s\n' "\$READLINE_LINE" >>$tmp/bash; READLINE_LINE=; READLINE_POINT=0; }
		bind -x '"\C-xd": dump'
		bind '"\C-xa": insert-completions'
		bind 'set enable-bracketed-paste off'
		PROMPT_COMMAND='touch $tmp/ready'
	END
	typed bash '\x18a' '\x18d' bash --noprofile --rcfile "$tmp/bashrc" -i
}

in_zsh() {
	mkdir -p "$tmp/zsh.d"
	cat >"$tmp/zsh.d/.zshrc" <<-END
		fpath=($top/completions \$fpath)
		autoload -Uz compinit
		compinit -u -d $tmp/zsh.d/dump
		zstyle ':completion:all::::' completer _all_matches _complete
		zstyle ':completion:all:*' old-matches true
		zstyle ':completion:all:*' insert true
		zle -C all complete-word _generic
		bindkey '^Xa' all
		dump() { print -r -- "\$BUFFER" >>$tmp/zsh; BUFFER= }
		zle -N dump
		bindkey '^Xd' dump
		unset zle_bracketed_paste
		zle-line-init() { touch $tmp/ready }
		zle -N zle-line-init
	END
	ZDOTDIR=$tmp/zsh.d typed zsh '\x18a' '\x18d' zsh -i
}

# fish says itself what it would offer
in_fish() {
	local folder line
	while IFS='|' read -r folder line _; do
		(cd "$tmp/$folder" && fish --no-config -c \
			"source $top/completions/ipam.fish; complete -C '$line'" | cut -f 1 | tr '\n' ' ')
		echo
	done <"$tmp/cases" >"$tmp/fish"
}

# judge SHELL ANSWERS: one line of answers for each case
judge() {
	local shell=$1 folder line words word answer
	exec 3<"$2"
	while IFS='|' read -r folder line words; do
		IFS= read -r answer <&3 || answer='(no answer)'
		answer=${answer#"${line% *} "}
		answer=${answer%% }
		if [ "$words" = - ]; then
			[ "$answer" = "${line##* }" ] || [ -z "$answer" ] || words='NOTHING'
		fi
		for word in $words; do
			if [ "$word" = - ] || [[ " ${answer//[=\/,]/ } " == *" ${word//[=\/,]/ } "* ]] ||
				[[ " ${answer//[=\/,:]/ } " == *" ${word//[=\/,:]/ } "* ]]; then
				passed=$((passed + 1))
			else
				failed=$((failed + 1))
				echo "FAIL: $shell, in $folder: '$line': no '$word' in '$answer'"
			fi
		done
	done <"$tmp/cases"
	exec 3<&-
}

cases >"$tmp/cases"
in_bash
judge bash "$tmp/bash"
in_zsh
judge zsh "$tmp/zsh"
in_fish
judge fish "$tmp/fish"
[ "$failed" -eq 0 ] || tail -n 5 "$tmp"/*.log
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
