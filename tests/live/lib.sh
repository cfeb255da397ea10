# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the tests of this folder count, and what they need; they read this file.

# shellcheck source=tests/count.sh
. "$(dirname "${BASH_SOURCE[0]}")/../count.sh"

PATH=$PATH:/usr/sbin:/sbin
need() {
	local program missing=
	for program; do
		command -v "$program" >/dev/null || missing="$missing $program"
	done
	if [ -n "$missing" ]; then
		echo "skipped: not installed:$missing"
		exit 77
	fi
}
