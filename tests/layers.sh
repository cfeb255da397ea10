#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# layers.sh BUILD [SRC]
#
# The arrows of the code point one way, and the pure part is pure:
#
#   - main -> cmd -> format, io, core; format -> core; io -> core (includes)
#   - inside core/ a file includes its own layer and lower ones
#   - core/ and format/ include no header that meets the system, and call
#     nothing outside a short list (undefined symbols of their archives)
#   - core/, format/ and cmd/ have no variables that can change
#   - only main.c ends the process
set -u
build=$1
src=${2:-src}
checks=0
problems=0

# What each folder may include files of.
declare -A sees=([main]='cmd format io core' [cmd]='cmd format io core' [format]='format core'
	[io]='io core' [core]='core')

# The layers of core/ from bottom to top, one a line.  x_y.c belongs to x; a new
# module is added where it belongs.
core_layers='
env source word
buf
hex name
needle
glyph sort sum lines trend
diag
bytes mac when ip count arpa
kea extents
key
schema text
journal gitlog
tree plain
db index edit excerpt look freemap pointers replay
target
query usage dns place gaps space
choose
alloc check diff
fmt fact totals seen runs scan growth
plan
merge dhcp
'

# System headers that pure code may include, and symbols that it may need; what
# a compiler makes of these (fortified twins, bcmp for memcmp, 128-bit division)
# is the same.  Not among them, although they begin with str: what depends on
# the locale, keeps a state or reads errno.
pure_headers='stdarg stdbool stddef stdint stdio stdlib string limits inttypes'
pure_symbols='mem[a-z]*|str[a-z]*|malloc|calloc|realloc|free|qsort|snprintf|vsnprintf'
pure_symbols+='|bcmp|__[a-z]+_chk|__stack_chk_fail|__u?(div|mod)ti3|_GLOBAL_OFFSET_TABLE_'
impure_symbols='strerror.*|strsignal|strcoll.*|strxfrm.*|str[fp]time.*|strtok|strto[a-z]*|strn?casecmp.*'
impure_symbols+='|__(v?f?printf|f?gets|read|recv|longjmp|syslog|vsyslog|realpath|getcwd)_chk'
# The libraries that formats are read with.
format_headers='libzscanner/scanner jansson'
format_symbols='zs_[a-z_]*|json_[a-z_]*|jansson_[a-z_]*'
enders='exit|_exit|_Exit|quick_exit|abort|err|errx|verr|verrx|error'

problem() {
	echo "$*"
	problems=$((problems + 1))
}

# layer MODULE: its number from the bottom, or nothing
layer() {
	awk -v module="${1%%_*}" '{ for (i = 1; i <= NF; i++) if ($i == module) print NR }' <<<"$core_layers"
}

# check_include FILE FOLDER INCLUDED: an include of one of our own headers
check_include() {
	local file=$1 folder=$2 included=$3
	local into=$folder mine theirs
	case $included in
	*/*) into=${included%%/*} ;;
	esac
	if [ ! -e "$src/$included" ] && [ ! -e "$(dirname "$file")/$included" ]; then
		problem "$file: includes $included, which is not in $src"
	elif [[ " ${sees[$folder]} " != *" $into "* ]]; then
		problem "$file: $folder must not include $into ($included)"
	elif [ "$folder" = core ]; then
		mine=$(layer "$(basename "${file%.*}")") theirs=$(layer "$(basename "$included" .h)")
		if [ -n "$theirs" ] && [ -n "$mine" ] && [ "$theirs" -gt "$mine" ]; then
			problem "$file: includes $included of a higher layer"
		fi
	fi
}

# check_system_include FILE FOLDER HEADER
check_system_include() {
	local allowed
	case $2 in
	core) allowed=$pure_headers ;;
	format) allowed="$pure_headers $format_headers" ;;
	*) return ;;
	esac
	[[ " $allowed " == *" ${3%.h} "* ]] || problem "$1: $2 must not include <$3>"
}

check_file() {
	local file=$1 folder=$2 kind name
	checks=$((checks + 1))
	if [ "$folder" = core ] && [ -z "$(layer "$(basename "${file%.*}")")" ]; then
		problem "$file: in no layer (the table is in tests/layers.sh)"
	fi
	while read -r kind name; do
		case $kind in
		'"') check_include "$file" "$folder" "$name" ;;
		'<') check_system_include "$file" "$folder" "$name" ;;
		esac
	done < <(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\(["<]\)\([^">]*\).*/\1 \2/p' "$file")
}

# check_pure NAME ALLOWED ARCHIVE [LOWER]: what an archive needs that neither it nor LOWER has
check_pure() {
	local name=$1 allowed=$2 archive=$3 symbol
	shift 2
	checks=$((checks + 1))
	for symbol in $(comm -23 <(nm -u "$archive" | awk 'NF == 2 { print $2 }' | sort -u) \
		<(nm -g --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u)); do
		if [[ ! $symbol =~ ^($allowed)$ || $symbol =~ ^(__isoc23_)?($impure_symbols)$ ]]; then
			problem "$name needs $symbol:" \
				"$(nm -A -u "$archive" | awk -F: -v s="$symbol" '$3 ~ " " s "$" { print $2 }' | xargs)"
		fi
	done
}

# check_constant ARCHIVE: all its data is read-only once it is relocated
check_constant() {
	checks=$((checks + 1))
	while read -r name section; do
		problem "$(basename "$1"): $name can change (it is in $section)"
	done < <(nm -f sysv "$1" | awk -F'|' '{ gsub(/ /, "") }
		$4 == "OBJECT" || $4 == "TLS" || $7 == "*COM*" {
			if ($7 ~ /^(\.t?data|\.t?bss|\.s?data|\.s?bss|\*COM\*)/ && $7 !~ /^\.data\.rel\.ro/) print $1, $7
		}')
}

check_enders() {
	local archive
	for archive; do
		checks=$((checks + 1))
		while read -r where; do
			problem "$where (only main.c ends the process)"
		done < <(nm -A -u "$archive" | grep -E " U ($enders)\$")
	done
}

for file in "$src"/main.[ch] "$src"/*/*.[ch]; do
	folder=$(basename "$(dirname "$file")")
	[ "$(dirname "$file")" != "$src" ] || folder=main
	if [ ! -e "$file" ]; then
		continue
	elif [ -z "${sees[$folder]-}" ]; then
		problem "$file: no folder of the architecture"
	else
		check_file "$file" "$folder"
	fi
done
core=$build/libipamcore.a format=$build/libipamformat.a
check_pure core/ "$pure_symbols" "$core"
check_pure format/ "$pure_symbols|$format_symbols" "$format" "$core"
for folder in core format cmd; do
	check_constant "$build/libipam$folder.a"
done
check_enders "$core" "$format" "$build/libipamio.a" "$build/libipamcmd.a"

echo "$((checks > problems ? checks - problems : 0)) passed, $problems failed"
[ "$problems" -eq 0 ]
