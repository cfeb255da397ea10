#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench.sh [SIZE...]: what the commands cost on plans of 1,000, 100,000 and 1,000,000
# addresses, beside /bin/true, wc -l, cp and sync of the same file, and the same
# task in sqlite3 with an integer key: all in this run, for only ratios say something.
# Each figure is the best of a few runs, in milliseconds: as a clock sees it, beside
# that the processors' time, user's and system's, which a busy machine lengthens less.
#
# Memory is the largest resident set of a program, where there is a time(1) that
# tells it.
set -u
ipam=${IPAM:-build/ipam}
here=$(dirname "$0")
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
plan=$tmp/network.ipam db=$tmp/plan.db
runs=5

# best COMMAND...: the least milliseconds by the clock, and of processor time
best() {
	local i start end TIMEFORMAT='%U %S'
	for ((i = 0; i < runs; i++)); do
		start=${EPOCHREALTIME/./}
		{ time "$@" >/dev/null 2>"$tmp/err" || echo "bench: $*: $(head -1 "$tmp/err")" >&3; } 3>&2 2>"$tmp/cpu"
		end=${EPOCHREALTIME/./}
		echo "$((end - start)) $(cat "$tmp/cpu")"
	done | awk '{ took = $1 / 1000; cpu = ($2 + $3) * 1000 }
		NR == 1 || took < least { least = took }
		NR == 1 || cpu < least_cpu { least_cpu = cpu }
		END { printf "%.2f\t%.0f\n", least, least_cpu }'
}

# memory COMMAND...: megabytes, or -
memory() {
	if [ -x /usr/bin/time ] && [ "$(type -t "$1")" = file ]; then
		/usr/bin/time -f %M -o "$tmp/rss" "$@" >/dev/null 2>&1
		awk 'END { printf "%.1f", $1 / 1024 }' "$tmp/rss"
	else
		echo -
	fi
}

# row WHAT COMMAND...
row() {
	local what=$1 took
	shift
	took=$(best "$@")
	printf '%s\t%s\t%s\n' "$what" "$took" "$(memory "$@")" >>"$tmp/rows"
}

# table TITLE: the rows, with their ratio to the first, which is cp and sync
table() {
	echo
	echo "$1"
	awk -F'\t' 'NR == 1 { unit = $2; printf "  %-44s %10s %9s %9s %9s\n", "", "ms", "x cp+sync", "cpu ms", "MB" }
		{ printf "  %-44s %10.2f %9.2f %9d %9s\n", $1, $2, $2 / unit, $3, $4 }' "$tmp/rows"
	: >"$tmp/rows"
}

copy() {
	cp "$plan" "$tmp/copy" && sync "$tmp/copy"
}

# The plan is of an hour ago: the times of a file just written prove nothing.
settle() {
	rm -f "$plan".*
	touch -d '1 hour ago' "$plan"
	"$ipam" -f "$plan" check >/dev/null
}

make_db() {
	rm -f "$db"
	{
		echo 'create table subnet (first integer primary key, last integer, name text);'
		echo 'create table address (ip integer primary key, host text, mac text);'
		echo 'begin;'
		awk '{ split($1, k, "[./]"); v = ((k[1] * 256 + k[2]) * 256 + k[3]) * 256 + k[4] }
			$1 ~ /\/24$/ { printf "insert into subnet values (%d, %d, \"%s\");\n", v, v + 255, $2 }
			$1 ~ /^[0-9.]+$/ { printf "insert into address values (%d, \"%s\", \"%s\");\n", v, $2, $3 }' "$plan"
		echo 'commit;'
	} | sqlite3 "$db"
}

sql() {
	sqlite3 "$db" "$1"
}

one_size() {
	local n=$1 first=$((10 << 24)) free
	free='insert into address (ip, host) select min(ip) + 1, "new" from address a
		where ip >= '$first' and not exists (select 1 from address b where b.ip = a.ip + 1);'
	awk -v addresses="$n" -f "$here/plan.awk" >"$plan"
	settle
	row 'cp and sync' copy
	row '/bin/true' /bin/true
	row 'wc -l' wc -l "$plan"
	row 'show ADDRESS' "$ipam" -f "$plan" show 10.0.0.77
	row 'get ADDRESS domain' "$ipam" -f "$plan" get 10.0.0.77 domain
	row 'check' "$ipam" -f "$plan" check
	sed '/^@zone/d; s/ alias=[^ ]*//' "$plan" >"$tmp/plain"
	row 'check (without zones and aliases)' "$ipam" -f "$tmp/plain" check
	row 'report usage' "$ipam" -f "$plan" report usage
	row 'alloc SUBNET' "$ipam" -f "$plan" alloc 10.0.0.0/24
	row 'alloc NAME' "$ipam" -f "$plan" alloc net-0-1
	awk -v addresses="$n" -f "$here/plan.awk" >"$plan"
	if command -v sqlite3 >/dev/null; then
		make_db
		row 'sqlite3: an address' sql "select * from address where ip = $((first + 77));"
		row 'sqlite3: the next free one' sql "$free"
		row 'sqlite3: addresses of each subnet' sql \
			'select s.name, count(*) from subnet s join address a on a.ip between s.first and s.last group by s.first;'
	fi
	table "$n addresses in $(grep -c '/24 ' "$plan") subnets, $(($(stat -c %s "$plan") / 1000)) kB"
}

# The large cases of one command.
large() {
	local runs=3
	awk 'BEGIN { print "10.0.0.0/8 name=flat"
		for (i = 1; i <= 1000000; i++) printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' >"$plan"
	settle
	row 'cp and sync' copy
	row 'alloc: next free of a /8 with 1,000,000' "$ipam" -f "$plan" alloc flat
	table 'One large subnet'

	awk 'BEGIN { print "2001:db8::/32 name=six status=container"
		for (i = 0; i < 100000; i++) printf "2001:db8:%x:%x00::/56\n", i / 256, i % 256 }' |
		sed 's/:000::/::/; s/:0\([1-9a-f]\)00::/:\100::/' >"$plan"
	"$ipam" -f "$plan" -q fmt
	settle
	row 'cp and sync' copy
	row 'subnet carve: a /56 in a /32 with 100,000' "$ipam" -f "$plan" subnet carve six /56
	table 'Blocks'

	runs=1
	echo '10.0.0.0/8 name=flat domain=example.net' >"$plan"
	awk 'BEGIN { for (i = 0; i < 100000; i++) printf "alloc flat host=h%d\n", i }' >"$tmp/batch"
	settle
	row 'cp and sync (of the plan without them)' copy
	row 'batch: 100,000 allocations' "$ipam" -f "$plan" batch "$tmp/batch"
	settle
	row 'list | set -: 100,000 targets' pipe
	table 'Many at once'
}

pipe() {
	"$ipam" -f "$plan" -o tsv --fields key list type=address | "$ipam" -f "$plan" set - note=bench
}

code() {
	local folder files
	echo
	echo 'Lines of code'
	for folder in src src/cmd src/core src/format src/io tests; do
		files=("$here/../../$folder"/*.[ch])
		[ "$folder" != tests ] || mapfile -t files < <(find "$here/.." -name '*.[ch]' -o -name '*.sh')
		printf '  %-44s %12d\n' "$folder" "$(cat "${files[@]}" | wc -l)"
	done
}

: >"$tmp/rows"
echo "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); $("$ipam" version)"
[ $# -gt 0 ] || set -- 1000 100000 1000000
for size; do
	one_size "$size"
done
large
code
