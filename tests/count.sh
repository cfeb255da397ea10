# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# What a test counts; tests in shell read this file.  Their last line is count.

passed=0
failed=0

ok() { # STATUS NAME [FILE]: what the file has is shown of a failure
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $2"
		[ -z "${3-}" ] || sed 's/^/    /' "$3"
	fi
	return "$1"
}

is() { # GOT WANTED NAME
	[ "$1" = "$2" ]
	ok $? "$3: got '$1' instead of '$2'"
}

count() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
