#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What other programs make of exports: promtool of the metrics, ansible of its inventories.
set -u
promtool=$(command -v promtool) || promtool=
ansible=$(command -v ansible-inventory) || ansible=
[ -n "$promtool$ansible" ] || { echo "neither promtool nor ansible is installed"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8 HOME=$tmp IPAM_FILE=$tmp/plan ANSIBLE_LOCALHOST_WARNING=False
# shellcheck source=tests/count.sh
. "$(dirname "$0")/../count.sh"

is() { # NAME WANTED GOT
	[ "$2" = "$3" ]
	ok $? "$1: got '$3' instead of '$2'"
}

cat >"$IPAM_FILE" <<'PLAN'
@vrf blue
10.0.0.0/8 name=corp status=container domain=example.net owner="net \"ops\""
10.0.0.0/24 name=web-lan vlan=10 site="head quarter"
10.0.0.5 host=www1 tag=prod,web note="{{ lookup('pipe', 'id') }}"
10.0.0.6 host=www2 note="plain \\ text"
10.0.0.7 host=old status=quarantine
10.0.0.0/24%blue name=blue-lan
10.0.0.5%blue host=b.blue.
192.0.2.9 host=lone.
2001:db8::/32 domain=example.net
2001:db8::5 host=www1
PLAN
ipam -q fmt

if [ -n "$promtool" ]; then
	is 'promtool check metrics' '0 ' "$(ipam export prometheus | promtool check metrics 2>&1; echo "${PIPESTATUS[1]} ")"
	: >"$tmp/empty"
	is 'of a plan without subnets' '0 ' \
		"$(ipam -f "$tmp/empty" export prometheus | promtool check metrics 2>&1; echo "${PIPESTATUS[1]} ")"
	is 'no series twice' '' "$(ipam export prometheus | grep -v '^#' | sed 's/ [^ ]*$//' | sort | uniq -d)"
fi

if [ -n "$ansible" ]; then
	ipam -q export ansible --output "$tmp/inventory.json" 2>/dev/null
	printf '#!/bin/sh\nexec ipam export ansible --dynamic "$@"\n' >"$tmp/inventory"
	chmod +x "$tmp/inventory"
	for kind in inventory.json inventory; do
		ansible-inventory -i "$tmp/$kind" --graph >"$tmp/$kind.graph" 2>"$tmp/$kind.err"
		is "$kind is read" 0 $?
		is "$kind: nothing is said against it" '' "$(cat "$tmp/$kind.err")"
		is "$kind: the web is in the corporation" '  |--@subnet_corp:   |  |--@subnet_web_lan:' \
			"$(grep -A1 subnet_corp "$tmp/$kind.graph" | tr '\n' ' ' | sed 's/ $//')"
		is "$kind: hosts of all" 'b.blue lone www1.example.net www2.example.net' \
			"$(ansible all -i "$tmp/$kind" --list-hosts 2>/dev/null | sed 1d | sort | xargs)"
		is "$kind: a group" 'www1.example.net' "$(ansible 'tag_prod:&site_head_quarter' -i "$tmp/$kind" \
			--list-hosts 2>/dev/null | sed 1d | xargs)"
		is "$kind: where to connect" '10.0.0.5' "$(ansible-inventory -i "$tmp/$kind" --host www1.example.net |
			sed -n 's/.*"ansible_host": "\(.*\)".*/\1/p')"
		is "$kind: a template is a text" "{{ lookup('pipe', 'id') }}" "$(ansible www1.example.net -i "$tmp/$kind" \
			-c local -m debug -a 'msg={{ ipam_note }}' 2>/dev/null | sed -n 's/.*"msg": "\(.*\)".*/\1/p')"
	done
	is 'both are the same inventory' '' "$(diff "$tmp/inventory.json.graph" "$tmp/inventory.graph")"
fi

count
