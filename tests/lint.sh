#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lint.sh COMPILER-FLAG...
#
# Layout (clang-format), bugs in src/ that a compiler does not see (clang-tidy),
# scripts (shellcheck), manual pages (mandoc), a licence line in every file but test data.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
failed=0
shopt -s nullglob globstar

code=(src/**/*.[ch] tests/**/*.[ch])
units=(src/**/*.c)
scripts=(.ci/* tests/**/*.sh completions/*.bash)
manuals=(man/*.[1-9])
others=(.clang-* .gitignore Makefile completions/* tests/**/*.{awk,cases,js,py,test})

# lint NAME TOOL COUNT COMMAND...: says how it went; without files there is nothing to do
lint() {
	local name=$1 tool=$2 count=$3 start=$SECONDS
	shift 3
	if [ "$count" -eq 0 ]; then
		return
	elif ! command -v "$tool" >/dev/null; then
		echo "lint: missing: $tool ('make deps lint' installs it)" >&2
	elif "$@"; then
		printf 'ok    %-12s %4d files, %d s\n' "$name" "$count" $((SECONDS - start))
		return
	else
		echo "FAIL  $name"
	fi
	failed=$((failed + 1))
}

layout() {
	clang-format --dry-run -Werror "${code[@]}"
}

bugs() {
	# shellcheck disable=SC2016  # meant for the inner shell
	printf '%s\0' "${units[@]}" | xargs -0 -n 4 -P "$(nproc)" \
		sh -c 'flags=$1; shift; eval "exec clang-tidy --quiet \"\$@\" -- $flags" 2>&1' sh "$flags" |
		grep -vE '^[0-9]+ warnings? generated|^Suppressed |^Use -header-filter|^$'
	[ "${PIPESTATUS[1]}" -eq 0 ]
}

licence() {
	local file
	local good=0
	for file in "${code[@]}" "${scripts[@]}" "${manuals[@]}" "${others[@]}"; do
		if ! head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later'; then
			echo "$file: no SPDX-License-Identifier"
			good=1
		fi
	done
	return $good
}

# What a merge leaves behind; test cases about it have it on purpose.
markers() {
	! grep -nE '^(<{7} |={7}$|>{7} )' README.md Makefile "${manuals[@]}" "${code[@]}" "${scripts[@]}" completions/*
}

# The flags as a shell would read them.
flags=$(printf '%q ' "$@")

lint licence head $((${#code[@]} + ${#others[@]})) licence
lint layout clang-format "${#code[@]}" layout
lint scripts shellcheck "${#scripts[@]}" shellcheck -x "${scripts[@]}"
lint markers grep $((${#code[@]} + ${#scripts[@]} + ${#manuals[@]})) markers
lint manuals mandoc "${#manuals[@]}" mandoc -Tlint -Wwarning "${manuals[@]}"
lint bugs clang-tidy "${#units[@]}" bugs
[ "$failed" -eq 0 ]
