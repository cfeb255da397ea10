# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for ipam: commands, options, and the keys and names of the plan.

_ipam_words() {
	ipam help 2>/dev/null | sed -n 's/^  ipam \([a-z]*\)\( [a-z][a-z]*\)\{0,1\}.*/\1\2/p'
}

_ipam() {
	local cur=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]} words
	COMPREPLY=()
	if [[ $cur == -* ]]; then
		words=$(ipam help "$first" 2>/dev/null | grep -o -- '--[a-z0-9-]*')
	elif [ "$COMP_CWORD" -eq 1 ]; then
		words=$(_ipam_words | cut -d' ' -f1 | sort -u)
	elif [ "$COMP_CWORD" -eq 2 ] && _ipam_words | grep -q "^$first "; then
		words=$(_ipam_words | sed -n "s/^$first //p")
	elif [[ $cur != *:* ]]; then
		words=$(ipam list -o tsv --fields key,name type!=object 2>/dev/null | head -n 2000 | tr '\t' '\n')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _ipam ipam
