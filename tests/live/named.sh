# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# A named(8) of a test's own, on loopback: set $port, then read this file.  The test goes on in
# an empty directory, $tmp, which goes with it, and so does the server, $pid.

# shellcheck source=tests/live/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need named tsig-keygen dig
tmp=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid"; wait 2>/dev/null; rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
chmod 755 .
tsig-keygen -a hmac-sha256 ipam-key >key

named_conf() { # WHO MAY TRANSFER [OPTION;...]: all of named.conf but the zones
	cat >named.conf <<EOF
include "$tmp/key";
options { directory "$tmp"; listen-on port ${port:?} { 127.0.0.1; }; listen-on-v6 { none; };
	pid-file none; recursion no; allow-transfer { $1 }; notify no; ${2-}
	session-keyfile "$tmp/session.key"; };
controls { };
EOF
}

named_zone() { # ZONE FILE [OPTION;...]
	echo "zone \"$1\" { type primary; file \"$2\"; ${3-} };" >>named.conf
}

named_start() {
	named -g -c named.conf -u root >named.log 2>&1 &
	pid=$!
	for _ in $(seq 400); do
		grep -q 'running$' named.log && return
		sleep 0.05
	done
	echo "named does not run: $(cat named.log)"
}

named_stop() {
	kill "$pid" && wait "$pid"
	pid=
}
