# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -v addresses=N -f plan.awk: a plan of about N IPv4 addresses, 244 in each
# /24, in order.  A tenth of the lines has a comment, a note or a list.
BEGIN {
	print "# a plan for measuring\n"
	print "@ipam 1"
	print "@zone example.net ns=ns1.example.net mbox=hostmaster\n"
	print "10.0.0.0/8 name=corp status=container owner=netops domain=example.net"
	for (n = 0; n < addresses; n += 244) {
		net = n / 244
		a = int(net / 256)
		b = net % 256
		if (b == 0)
			printf "10.%d.0.0/16 name=site%d status=container site=s%d\n", a, a, a
		printf "10.%d.%d.0/24 name=net-%d-%d vlan=%d gw=10.%d.%d.1\n", a, b, a, b, 1 + net % 4094, a, b
		for (i = 1; i <= 244 && n + i <= addresses; i++)
			line(a, b, i + 1, n + i)
	}
}
function line(a, b, c, n) {
	printf "10.%d.%d.%d host=h%d", a, b, c, n
	printf " mac=52:54:%02x:%02x:%02x:%02x", a, b, c, n % 256
	if (n % 10 == 0)
		printf " note=\"rack %d, unit %d\"", n % 97, n % 42
	else if (n % 10 == 5)
		printf " alias=www%d,ftp%d tag=web,%s", n, n, n % 20 == 5 ? "prod" : "test"
	printf n % 50 == 0 ? " # to be moved\n" : "\n"
}
