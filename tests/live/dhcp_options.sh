# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034
#
# A value for each DHCP option that a plan can name, as NAME=VALUE; the texts, which are a
# tricky one each, apart.  For the tests of this folder.

ips=10.9.0.1,10.9.0.2
text='"a b,c:d;e#f \"g\" \\ h{}'"'"'i $(j) `k` %n"'
four="subnet-mask=255.255.255.0 time-offset=-7200 routers=$ips time-servers=$ips name-servers=$ips
	domain-name-servers=$ips log-servers=$ips cookie-servers=$ips lpr-servers=$ips impress-servers=$ips
	resource-location-servers=$ips boot-size=65535 domain-name=example.org swap-server=10.9.0.1
	ip-forwarding=true non-local-source-routing=false max-dgram-reassembly=576 default-ip-ttl=255
	interface-mtu=68 all-subnets-local=true broadcast-address=10.9.0.255 perform-mask-discovery=false
	mask-supplier=true router-discovery=true router-solicitation-address=10.9.0.1
	trailer-encapsulation=true arp-cache-timeout=4294967295 ieee802-3-encapsulation=false
	default-tcp-ttl=1 tcp-keepalive-interval=0 tcp-keepalive-garbage=true nis-servers=$ips
	ntp-servers=$ips vendor-encapsulated-options=01:02:ff netbios-name-servers=$ips
	netbios-dd-server=$ips netbios-node-type=8 font-servers=$ips x-display-manager=$ips smtp-server=$ips
	pop-server=$ips nntp-server=$ips www-server=$ips finger-server=$ips irc-server=$ips
	domain-search=a.example,b.example,xn--bcher-kva.example next-server=10.9.0.1"
six='sip-server-dns=a.example,b.example sip-server-addr=2001:db8::1,2001:db8::2
	dns-servers=2001:db8::1,2001:db8::2 domain-search=a.example nis-servers=2001:db8::1
	nisp-servers=2001:db8::1 nis-domain-name=a.example nisp-domain-name=b.example
	sntp-servers=2001:db8::1 information-refresh-time=86400 bootfile-url=tftp://[2001:db8::1]/a?b,c#d'

# attributes NAME=VALUE...: as a plan has them
attributes() {
	printf 'option.%s ' "$@"
}
