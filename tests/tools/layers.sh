#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/layers.sh has teeth: it passes a small tree that is in order, and finds
# each fault that is then put into one.
set -u
layers=$(dirname "$0")/../layers.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
src=$tmp/src
# shellcheck source=tests/count.sh
. "$(dirname "$0")/../count.sh"

# write FILE LINE...: adds lines to a file of the tree
write() {
	local file=$src/$1
	shift
	mkdir -p "${file%/*}"
	printf '%s\n' "$@" >>"$file"
}

# A tree in order.
fresh() {
	rm -rf "$src"
	write core/buf.h 'int buf(void);'
	write core/buf.c '#include "buf.h"' '#include <string.h>' \
		'extern const char *const words[]; const char *const words[] = { "a", "b" };' \
		'int buf(void) { return (int)strlen(words[0]); }'
	write core/ip.h '#include "buf.h"' 'int ip(void);'
	write core/ip_parse.c '#include "ip.h"' 'int ip(void) { return buf(); }'
	write format/zone.c '#include "core/ip.h"' 'int zone(void); int zone(void) { return ip(); }'
	write io/store.h 'int store(void);'
	write io/store.c '#include "core/buf.h"' '#include "store.h"' '#include <unistd.h>' \
		'static int fd; int store(void) { fd = getpid(); return fd; }'
	write cmd/show.h 'int show(void);'
	write cmd/show.c '#include "io/store.h"' '#include "show.h"' 'int show(void) { return store(); }'
	write main.c '#include "cmd/show.h"' '#include <stdlib.h>' 'int main(void) { exit(show()); }'
}

check() {
	local folder
	rm -f "$tmp"/*.a
	for folder in core format io cmd; do
		for file in "$src/$folder"/*.c; do
			"${CC:-cc}" -O1 -w -I"$src" -c -o "${file%.c}.o" "$file" || return 2
		done
		ar rcs "$tmp/libipam$folder.a" "$src/$folder"/*.o
	done
	"$layers" "$tmp" "$src" >"$tmp/out" 2>&1
}

verdict() { # STATUS NAME
	ok "$1" "$2" "$tmp/out"
}

# found MESSAGE FILE LINE...: with these lines in the file, the check says so, and nothing else
found() {
	local message=$1
	shift
	fresh
	write "$@"
	check
	[ $? -eq 1 ] && [ "$(wc -l <"$tmp/out")" -eq 2 ] && grep -qF "$message" "$tmp/out"
	verdict $? "not found: $message"
}

fresh
check
verdict $? 'a tree in order'

found 'core must not include io' core/ip_parse.c '#include "io/store.h"'
found 'core must not include cmd' core/ip_parse.c '#include "cmd/show.h"'
found 'format must not include io' format/zone.c '#include "io/store.h"'
found 'io must not include cmd' io/store.c '#include "cmd/show.h"'
found 'io must not include ..' io/store.c '#include "../cmd/show.h"'
found 'of a higher layer' core/buf.c '#include "ip.h"'
found 'of a higher layer' core/buf.c '#  include "core/ip.h"'
found 'core/plane.c: in no layer' core/plane.c ''
found 'util.h: no folder of the architecture' util/util.h ''
found 'core must not include <time.h>' core/buf.c '#include <time.h>'
found 'format must not include <unistd.h>' format/zone.c '#include <unistd.h>'
found 'core/ needs getpid: buf.o' core/buf.c 'int f(void) { return getpid(); }'
found 'core/ needs printf: buf.o' core/buf.c '#include <stdio.h>' 'void f(int n) { printf("%d", n); }'
found 'core/ needs strerror: buf.o' core/buf.c 'char *f(int n) { return strerror(n); }'
found 'core/ needs __errno_location: buf.o' core/buf.c 'int *f(void) { return __errno_location(); }'
found 'core/ needs show: buf.o' core/buf.c 'int f(void) { return show(); }'
found 'format/ needs fopen: zone.o' format/zone.c '#include <stdio.h>' 'void *f(void) { return fopen("/", "r"); }'
found 'calls can change' core/buf.c 'static int calls; int f(void) { return calls++; }'
found 'calls can change' format/zone.c 'int calls = 3;'
found 'calls can change' cmd/show.c '_Thread_local int calls;'
found 'calls can change' core/buf.c '#include <stddef.h>' 'const char *calls[] = { "a", NULL };'
found 'U exit (only main.c' io/store.c '#include <stdlib.h>' 'void f(void) { exit(1); }'
found 'U _exit (only main.c' cmd/show.c '#include <unistd.h>' 'void f(void) { _exit(1); }'

count
