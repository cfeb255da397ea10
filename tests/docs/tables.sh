#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manuals name all that the program knows: each command has its item
# (.It Ic COMMAND or .It Cm COMMAND) in ipam(1); each option of it is in that
# item or in a page of its area; the global options, exit
# statuses and variables are in ipam(1); attributes, check rules and fields in
# ipam(5) or ipam(1).  And the pages name no command that does not exist.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/count.sh
. tests/count.sh
plan=tests/docs/plan/network.ipam

# A page's words: macros that only change the look are gone, \- is -
plain() {
	sed -e 's/\bFl 46\b/Fl 4 , Fl 6/g' -e 's/\\-/-/g' -e 's/\\&//g' -e 's/\bFl Fl /--/g' -e 's/\bFl \([a-z0-9]\)\b/-\1/g' "$@"
}

# The item of a command in a page: from its .It, and .It lines directly below it, to the next item of
# a command or section.
item() { # COMMAND PAGE
	plain "$2" | awk -v command="$1" -v nouns="$nouns" '
		function is_item() { return $1 == ".It" && ($2 == "Ic" || $2 == "Cm") && index(nouns, " " $3 " ") }
		/^\.S[hs]/ { in_it = 0 }
		is_item() && !heads && index($0, ".It " $2 " " command " ") != 1 { in_it = 0 }
		is_item() && index($0 " ", ".It " $2 " " command " ") == 1 { in_it = 1 }
		{ heads = is_item() }
		in_it'
}

mapfile -t commands < <(ipam help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p')
nouns=" $(printf '%s\n' "${commands[@]%% *}" | sort -u | tr '\n' ' ')"
plain man/*.[1-8] >"$tmp/all"

for command in "${commands[@]}"; do
	item "$command" man/ipam.1 >"$tmp/item"
	[ -s "$tmp/item" ]
	ok $? "ipam.1 has no item for '$command'"
	for page in man/*.[1-8]; do
		[ "$page" = man/ipam.1 ] || ! plain "$page" | grep -qE "(Ic|Cm) (ipam )?${command%% *}( |\$)" ||
			plain "$page" >>"$tmp/item"
	done
	# shellcheck disable=SC2086 # the command's words
	while IFS=', ' read -r letter option; do
		grep -qE -- "(^|[^-a-z])(${letter:-$option}|$option)\b" "$tmp/item"
		ok $? "ipam.1, or the page of its area, says of '$command' nothing of $option"
	done < <(ipam help $command | sed -n 's/^  \(..\)\(, \|  \)\(--[a-z0-9-]*\).*/\1,\3/p')
done

plain man/ipam.1 >"$tmp/ipam.1"
for option in $(ipam help | sed -n '/^options/,$p' | grep '^  *-' | grep -o -- '  *--*[a-z-]*' | sort -u); do
	grep -q -- "\(^\|[^-a-z]\)$option\b" "$tmp/ipam.1"
	ok $? "ipam.1 says nothing of the option $option"
done
for status in 0 1 2 3 4 5 6 7 8; do
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/p' "$tmp/ipam.1" | grep -q "^\.It $status\b"
	ok $? "ipam.1 says nothing of exit status $status"
done
while read -r variable; do
	grep -q "Ev $variable\b" "$tmp/all"
	ok $? "the manuals say nothing of the variable $variable"
done < <(grep -rhoE 'getenv\("[A-Z_]+"' src | grep -oE 'IPAM_[A-Z]+|NO_COLOR|PAGER' | sort -u)

for field in $(ipam -f "$plan" list --fields help -o tsv | cut -f 1); do
	grep -qE "^\.It (Cm|Ic|Va) (.* , )?$field\b" "$tmp/all"
	ok $? "ipam.5 and ipam.1 have no item for the attribute or field '$field'"
done
plain man/ipam.5 >"$tmp/ipam.5"
for rule in $(ipam help check | sed -n 's/^  \(error\|warning\)  *\([a-z0-9-]*\) .*/\2/p'); do
	grep -qE "^\.It Cm $rule\b" "$tmp/ipam.5"
	ok $? "ipam.5 has no item for the rule '$rule'"
done

# The other way round: items and usage of commands that are none
while read -r _ _ _ noun; do
	[[ $nouns == *" $noun "* ]]
	ok $? "a manual names the command '$noun', which does not exist"
done < <(grep -ohE '^\.Nm ipam (Ic|Cm) [a-z]+' man/*.1 | sort -u)
{ ipam help; for command in "${commands[@]}"; do
	# shellcheck disable=SC2086 # its words
	ipam help $command
done; } >"$tmp/help"
while read -r option; do
	grep -q -- "$option\b" "$tmp/help"
	ok $? "a manual names the option $option, which does not exist"
done < <(grep -hE -- '^(\$ |\.Dl |    \$ )?ipam |(Nm|Ic|Cm).* --' "$tmp/all" README.md | grep -oE -- ' --[a-z][a-z0-9-]+' | sort -u)

for page in man/*.[1-8]; do
	mandoc -Tlint -Wwarning "$page" >"$tmp/lint" 2>&1
	cat "$tmp/lint"
	[ ! -s "$tmp/lint" ]
	ok $? "mandoc -Tlint $page"
	grep -q "man/${page#man/}" README.md
	ok $? "README.md has no link to $page"
done

count
