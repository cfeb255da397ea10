# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for ipam: the program itself says what could stand there.

_ipam() {
	# bash cuts words at : and =, which belong to keys and attributes: the line is
	# put together again, and what stands before the last cut taken off the answers
	local word words=() i line=${COMP_LINE:0:COMP_POINT} rest cut=
	rest=$line
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i)) && [[ $rest != [[:blank:]]* ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
		rest=${rest#"${rest%%[![:blank:]]*}"}
		((i == COMP_CWORD)) || rest=${rest#"$word"}
	done
	word=${words[-1]}
	# only what stands before the cursor
	[[ $line != *[[:blank:]] ]] || word=
	words[-1]=$word
	[[ $word != *[:=]* ]] || cut=${word%"${word##*[:=]}"}
	for i in "${!words[@]}"; do
		words[i]=${words[i]#[\"\']}
		words[i]=${words[i]/#\~\//$HOME/}
	done

	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		if [[ $word == '<FILE>' ]]; then
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "${words[-1]#"$cut"}")
			return
		fi
		[[ $word != *= ]] || compopt -o nospace
		COMPREPLY+=("${word#"$cut"}")
	done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
}

complete -F _ipam ipam
