/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of evidence: real files give exactly the tables beside them, and
 * each pitfall of their formats is a case. */
#include "unit.h"

#include "format/evidence.h"

enum { FILE_MAX = 65536, TEXT_MAX = 8192 };

static char *
read_whole(const char *path, size_t *n)
{
	char name[256], *p = malloc(FILE_MAX);
	FILE *f;

	snprintf(name, sizeof(name), "tests/data/seen/%s", path);
	f = fopen(name, "rb");
	check(f != NULL, "%s", name);
	*n = fread(p, 1, FILE_MAX, f);
	fclose(f);
	return p;
}

static const char *
or_dash(struct str s, char *buf, size_t size)
{
	snprintf(buf, size, "%.*s", STR_FMT(s.n ? s : STR("-")));
	return buf;
}

/* A lease as in *.expected.tsv: address, state, MAC, identifier, name, end. */
static size_t
print_lease(char *out, size_t size, const struct sighting *s)
{
	char span[SPAN_TEXT], mac[MAC_TEXT], id[400], host[256], end[32];

	if (s->kind == SIGHTING_GONE)
		return 0;
	snprintf(end, sizeof(end), "%lld", (long long)s->lease_end);
	if (s->lease_end == SEEN_NEVER)
		strcpy(end, "never");
	if (s->lease_end == SEEN_UNKNOWN)
		strcpy(end, "-");
	return (size_t)snprintf(out, size, "%s\t%s\t%s\t%s\t%s\t%s\n", span_fmt(span, s->span),
	    s->lease, s->has_mac ? mac_fmt(mac, s->mac) : "-",
	    or_dash(s->client.n ? s->client : s->duid, id, sizeof(id)),
	    or_dash(s->host, host, sizeof(host)), end);
}

/* Another sighting: address, MAC, name, seconds ago, "old" if nobody knows. */
static size_t
print_other(char *out, size_t size, const struct sighting *s, int64_t now)
{
	char span[SPAN_TEXT], mac[MAC_TEXT], host[256], when[32];

	snprintf(when, sizeof(when), "%lld",
	    s->last == SEEN_UNKNOWN ? 0LL : (long long)(now - s->last));
	return (size_t)snprintf(out, size, "%s %s %s %s\n", span_fmt(span, s->span),
	    s->has_mac ? mac_fmt(mac, s->mac) : "-", or_dash(s->host, host, sizeof(host)),
	    s->kind == SIGHTING_OLD ? "old" : when);
}

struct result {
	char text[TEXT_MAX];
	size_t errors, warnings, left_out;
};

static void
read_into(struct result *r, const char *format, int64_t now, const struct str *source, size_t n)
{
	const struct evidence_format *f = evidence_find(str_from(format));
	struct env env = env_plain;
	struct sightings s;
	struct diags d;
	size_t at = 0;
	char *bytes[4];

	memset(r, 0, sizeof(*r));
	env.now = now;
	assert_non_null(f);
	sightings_init(&s, &env, f->by);
	diags_init(&d, &env);
	for (size_t i = 0; i < n; i++) {
		bytes[i] = exact(source[i]);
		struct text_source in = { "test", bytes[i], source[i].n };
		f->read(&in, &s, &d);
	}
	sightings_settle(&s);
	for (size_t i = 0; i < s.sighting.n; i++) {
		const struct sighting *one = &s.sighting.v[i];
		at += one->lease ? print_lease(r->text + at, TEXT_MAX - at, one)
		                 : print_other(r->text + at, TEXT_MAX - at, one, now);
	}
	r->errors = d.errors;
	r->warnings = d.warnings;
	r->left_out = s.left_out;
	sightings_release(&s);
	diags_release(&d);
	for (size_t i = 0; i < n; i++)
		free(bytes[i]);
}

static void
test_fixtures(void **state)
{
	static const struct {
		const char *format;
		int64_t now;
		const char *file[2], *expected;
	} cases[] = {
		{ "dhcpd", 1795469060, { "dhcpd.leases" }, "dhcpd.leases.expected.tsv" },
		{ "dhcpd", 1795469250, { "dhcpd6.leases" }, "dhcpd6.leases.expected.tsv" },
		{ "kea", 1795469450, { "kea-leases4.csv" }, "kea-leases4.csv.expected.tsv" },
		{ "kea", 1795469450, { "kea-leases4.csv.2" }, "kea-leases4.csv.2.expected.tsv" },
		/* the older file first: then nothing else comes of it */
		{ "kea", 1795469450, { "kea-leases4.csv.2", "kea-leases4.csv" },
		    "kea-leases4.csv.expected.tsv" },
		{ "kea", 1795469665, { "kea-leases4-escapes.csv" },
		    "kea-leases4-escapes.csv.expected.tsv" },
		{ "dnsmasq", 1795470000, { "dnsmasq.leases" }, "dnsmasq.leases.expected.tsv" },
	};
	struct result *r = malloc(sizeof(*r));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in[2] = { { NULL, 0 } }, wanted;
		char *text[2] = { NULL }, *expected;
		size_t n = 0;
		for (; n < 2 && cases[i].file[n]; n++) {
			text[n] = read_whole(cases[i].file[n], &in[n].n);
			in[n].p = text[n];
		}
		expected = read_whole(cases[i].expected, &wanted.n);
		wanted.p = expected;
		read_into(r, cases[i].format, cases[i].now, in, n);
		check(r->errors == 0 && r->warnings == 0, "%s: problems", cases[i].file[0]);
		check(str_eq(str_from(r->text), wanted), "%s:\n%s", cases[i].file[0], r->text);
		free(text[0]);
		free(text[1]);
		free(expected);
	}
	free(r);
}

static void
test_discovery(void **state)
{
	static const struct {
		const char *format, *file, *expected;
		size_t left_out;
	} cases[] = {
		{ "arp", "arp-an.txt",
		    "10.20.0.1 42:da:8a:dc:ad:c9 - 0\n10.20.3.254 42:da:8a:dc:ad:c9 - 0\n", 0 },
		{ "arp", "proc-net-arp.txt",
		    "10.20.0.1 42:da:8a:dc:ad:c9 - 0\n10.20.3.254 42:da:8a:dc:ad:c9 - 0\n", 0 },
		{ "neigh", "ip-neigh.txt",
		    "10.20.0.1 42:da:8a:dc:ad:c9 - 0\n10.20.3.254 42:da:8a:dc:ad:c9 - 0\n"
		    "2001:db8:10:1::1 42:da:8a:dc:ad:c9 - 0\n",
		    1 },
#if WITH_JSON
		{ "neigh", "ip-j-neigh.json",
		    "10.20.0.1 42:da:8a:dc:ad:c9 - 0\n10.20.3.254 42:da:8a:dc:ad:c9 - 0\n"
		    "2001:db8:10:1::1 42:da:8a:dc:ad:c9 - 0\n",
		    1 },
		/* on several links: the latest word */
		{ "neigh", "ip-js-neigh.json", "10.20.0.1 42:da:8a:dc:ad:c9 - 355\n", 4 },
#endif
		{ "fping", "fping-a.txt", "10.20.0.1 - - 0\n", 0 },
		{ "fping", "fping-C.txt", "10.20.0.1 - - 0\n", 0 },
		{ "nmap", "nmap-sn.xml",
		    "10.20.0.1 42:da:8a:dc:ad:c9 - 230\n10.20.3.254 42:da:8a:dc:ad:c9 - 230\n", 0 },
	};
	struct result *r = malloc(sizeof(*r));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in;
		char *text = read_whole(cases[i].file, &in.n);
		in.p = text;
		read_into(r, cases[i].format, 1795470000, &in, 1);
		check(r->errors == 0 && r->warnings == 0, "%s: problems", cases[i].file);
		check_text(r->text, cases[i].expected, cases[i].file);
		check(r->left_out == cases[i].left_out, "%s: %zu left out", cases[i].file,
		    r->left_out);
		free(text);
	}
	free(r);
}

#define KEA4 "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname"
#define KEA6                                                                                       \
	"address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,"   \
	"fqdn_fwd,fqdn_rev,hostname"
#define LLT "00:01:00:01:32:97:6c:29:52:54:00:aa:00:01"
#define NMAP(body, end)                                                                            \
	"<?xml version=\"1.0\"?>\n<!-- a > in -- a comment <host> -->\n<nmaprun start=\"900\">\n"  \
	"<host><status state=\"up\" reason=\"arp-response\"/>" body "</host>\n" end
#define NMAP_END "<runstats><finished time=\"990\" exit=\"success\"/></runstats></nmaprun>\n"

/* now is 1000 in all of them */
static const struct {
	const char *about, *format, *text, *expected;
	size_t errors, warnings;
} pitfalls[] = {
	/* --- Kea --- */
	{ "the first schema has no state", "kea",
	    KEA4 "\n10.0.0.5,52:54:00:00:00:05,,600,1500,1,0,0,www.\n",
	    "10.0.0.5\tactive\t52:54:00:00:00:05\t-\twww\t1500\n", 0, 0 },
	{ "a schema of tomorrow", "kea",
	    KEA4 ",state,user_context,pool_id,what\n10.0.0.5,,,600,1500,1,0,0,,0,,0,x\n",
	    "10.0.0.5\tactive\t-\t-\t-\t1500\n", 0, 0 },
	{ "an old row under a new header", "kea",
	    KEA4 ",state,user_context\n10.0.0.5,,,600,1500,1,0,0,www\n",
	    "10.0.0.5\tactive\t-\t-\twww\t1500\n", 0, 0 },
	{ "columns in another order", "kea",
	    "hostname,expire,valid_lifetime,address\nwww,1500,600,10.0.0.5\n",
	    "10.0.0.5\tactive\t-\t-\twww\t1500\n", 0, 0 },
	{ "no header", "kea", "10.0.0.5,,,600,1500,1,0,0,www\n", "", 1, 0 },
	{ "a header and no more", "kea", KEA4 "\n", "", 0, 0 },
	{ "the last row counts", "kea",
	    KEA4 "\n10.0.0.5,,,600,1500,1,0,0,a\n10.0.0.5,,,600,1600,1,0,0,b\n",
	    "10.0.0.5\tactive\t-\t-\tb\t1600\n", 0, 0 },
	{ "a lifetime of 0 deletes", "kea",
	    KEA4 "\n10.0.0.5,,,600,1500,1,0,0,a\n10.0.0.5,,,0,900,1,0,0,a\n", "", 0, 0 },
	{ "deleted and given again", "kea",
	    KEA4 "\n10.0.0.5,,,0,900,1,0,0,a\n10.0.0.5,,,600,1500,1,0,0,a\n",
	    "10.0.0.5\tactive\t-\t-\ta\t1500\n", 0, 0 },
	{ "a lease for ever", "kea", KEA4 "\n10.0.0.5,,,4294967295,4294968200,1,0,0,a\n",
	    "10.0.0.5\tactive\t-\t-\ta\tnever\n", 0, 0 },
	{ "state 0 with its end in the past", "kea", KEA4 ",state\n10.0.0.5,,,60,1000,1,0,0,,0\n",
	    "10.0.0.5\texpired\t-\t-\t-\t1000\n", 0, 0 },
	{ "states", "kea",
	    KEA4 ",state\n10.0.0.1,,,60,1001,1,0,0,,1\n10.0.0.2,,,60,1001,1,0,0,,2\n"
		 "10.0.0.3,,,60,1001,1,0,0,,3\n10.0.0.4,,,60,1001,1,0,0,,9\n",
	    "10.0.0.1\tdeclined\t-\t-\t-\t1001\n10.0.0.2\texpired\t-\t-\t-\t1001\n"
	    "10.0.0.3\treleased\t-\t-\t-\t1001\n",
	    0, 1 },
	{ "escapes", "kea", KEA4 "\n10.0.0.5,,,600,1500,1,0,0,a&#x2Cb&#x26c&#xzzd&\n",
	    "10.0.0.5\tactive\t-\t-\ta,b&c&#xzzd&\t1500\n", 0, 0 },
	{ "an unfinished last row", "kea", KEA4 "\n10.0.0.5,,,600,1500,1,0,0,a\n10.0.0.6,,,600,15",
	    "10.0.0.5\tactive\t-\t-\ta\t1500\n", 0, 1 },
	{ "an unfinished header", "kea", "address,hwaddr,clie", "", 0, 1 },
	{ "bad rows", "kea",
	    KEA4 "\n10.0.0.5,,,x,1500,1,0,0,a\n10.0.0.6\n10.0.0.300,,,600,1500,1,0,0,a\n"
		 "10.0.0.7,,,600,1500,1,0,0,a,b,c\n10.0.0.8,,,600,1500,1,0,0,a\n",
	    "10.0.0.8\tactive\t-\t-\ta\t1500\n", 0, 4 },
	{ "CR LF", "kea", KEA4 "\r\n10.0.0.5,,,600,1500,1,0,0,a\r\n",
	    "10.0.0.5\tactive\t-\t-\ta\t1500\n", 0, 0 },
	{ "IPv6: the MAC of the DUID", "kea",
	    KEA6 "\n2001:db8::5," LLT ",600,1500,1,300,0,7,128,0,0,www.example.net.\n",
	    "2001:db8::5\tactive\t52:54:00:aa:00:01\t" LLT "\twww.example.net\t1500\n", 0, 0 },
	{ "IPv6: the MAC of its column", "kea",
	    KEA6 ",hwaddr,state\n2001:db8::5," LLT
		 ",600,1500,1,300,0,7,128,0,0,,52:54:00:00:00:07,0\n",
	    "2001:db8::5\tactive\t52:54:00:00:00:07\t" LLT "\t-\t1500\n", 0, 0 },
	{ "IPv6: a delegated prefix", "kea",
	    KEA6 "\n2001:db8:1::," LLT ",600,1500,1,300,2,7,56,0,0,\n",
	    "2001:db8:1::/56\tactive\t52:54:00:aa:00:01\t" LLT "\t-\t1500\n", 0, 0 },
	{ "IPv6: a declined one has no DUID", "kea",
	    KEA6 ",hwaddr,state\n2001:db8::5,00:00:00,600,1500,1,300,0,7,128,0,0,,,1\n",
	    "2001:db8::5\tdeclined\t-\t-\t-\t1500\n", 0, 0 },
#if WITH_JSON
	{ "lease4-get-all", "kea",
	    "[ { \"arguments\": { \"leases\": [ { \"client-id\": \"01:52:54:00:00:00:05\","
	    "\"cltt\": 900, \"fqdn-fwd\": false, \"hostname\": \"www.\","
	    "\"hw-address\": \"52:54:00:00:00:05\", \"ip-address\": \"10.0.0.5\", \"state\": 0,"
	    "\"subnet-id\": 1, \"valid-lft\": 600 } ] }, \"result\": 0 } ]",
	    "10.0.0.5\tactive\t52:54:00:00:00:05\t01:52:54:00:00:00:05\twww\t1500\n", 0, 0 },
	{ "lease6-get-all", "kea",
	    "{ \"arguments\": { \"leases\": [ { \"duid\": \"" LLT "\", \"cltt\": 900,"
	    "\"ip-address\": \"2001:db8:1::\", \"prefix-len\": 56, \"type\": \"IA_PD\","
	    "\"state\": 0, \"valid-lft\": 60 } ] }, \"result\": 0 }",
	    "2001:db8:1::/56\texpired\t52:54:00:aa:00:01\t" LLT "\t-\t960\n", 0, 0 },
	{ "no leases there", "kea", "{ \"result\": 3, \"text\": \"0 IPv4 lease(s) found.\" }", "",
	    0, 0 },
	{ "Kea's error", "kea", "{ \"result\": 2, \"text\": \"unsupported\" }", "", 1, 0 },
	{ "no JSON", "kea", "{ \"result\": ", "", 1, 0 },
#endif
	/* --- dhcpd --- */
	{ "dates: epoch, never, with an offset", "dhcpd",
	    "lease 10.0.0.1 {\n  starts epoch 900; # Mon\n  ends epoch 1500; # Mon Nov\n"
	    "  binding state active;\n}\n"
	    "lease 10.0.0.2 { ends never; binding state active; }\n"
	    "lease 10.0.0.3 { ends 4 1970/01/01 00:20:00 -60; binding state active; }\n",
	    "10.0.0.1\tactive\t-\t-\t-\t1500\n10.0.0.2\tactive\t-\t-\t-\tnever\n"
	    "10.0.0.3\tactive\t-\t-\t-\t1140\n",
	    0, 0 },
	{ "the last entry counts, whatever its state", "dhcpd",
	    "lease 10.0.0.1 { ends epoch 1500; binding state active; }\n"
	    "lease 10.0.0.1 { ends epoch 950; binding state free; uid \"\\001ab\"; }\n",
	    "10.0.0.1\tfree\t-\t01:61:62\t-\t950\n", 0, 0 },
	{ "next and rewind are no state", "dhcpd",
	    "lease 10.0.0.1 { next binding state free; binding state active;"
	    " rewind binding state free; }\n",
	    "10.0.0.1\tactive\t-\t-\t-\t-\n", 0, 0 },
	{ "escapes of uid: octal has three digits", "dhcpd",
	    "lease 10.0.0.1 { binding state active; uid \"\\0012\\\"\\\\\\x41\\n#;}\"; }\n",
	    "10.0.0.1\tactive\t-\t01:32:22:5c:41:0a:23:3b:7d\t-\t-\n", 0, 0 },
	{ "uid in hexadecimal", "dhcpd",
	    "lease 10.0.0.1 { binding state active; uid 01:52:54:0:aa:00:09; }\n",
	    "10.0.0.1\tactive\t-\t01:52:54:00:aa:00:09\t-\t-\n", 0, 0 },
	{ "an abandoned lease has nobody's name", "dhcpd",
	    "lease 10.0.0.1 { binding state abandoned; client-hostname \"cam\"; }\n",
	    "10.0.0.1\tabandoned\t-\t-\t-\t-\n", 0, 0 },
	{ "a name of DDNS, where the client has none", "dhcpd",
	    "lease 10.0.0.1 { binding state active;"
	    " set ddns-fwd-name = \"a.example.net.\"; set vendor = \"x\"; set n = %5; }\n"
	    "lease 10.0.0.2 { binding state active; set ddns-fwd-name = \"a.example.net.\";"
	    " client-hostname \"b\"; }\n",
	    "10.0.0.1\tactive\t-\t-\ta.example.net\t-\n10.0.0.2\tactive\t-\t-\tb\t-\n", 0, 0 },
	{ "statements with braces and other entries are skipped", "dhcpd",
	    "host a { dynamic; hardware ethernet 52:54:00:00:00:01; }\n"
	    "failover peer \"x\" state { my state normal at 1 2026/11/23 21:24:11; }\n"
	    "lease 10.0.0.1 { on expiry { set a = \"}\"; if b { c; } } binding state active;"
	    " option agent.circuit-id \"x;y\"; reserved; }\n",
	    "10.0.0.1\tactive\t-\t-\t-\t-\n", 0, 0 },
	{ "hardware that is no Ethernet", "dhcpd",
	    "lease 10.0.0.1 { hardware token-ring 52:54:00:00:00:01; binding state active; }\n",
	    "10.0.0.1\tactive\t-\t-\t-\t-\n", 0, 0 },
	{ "an unfinished last lease", "dhcpd",
	    "lease 10.0.0.1 { binding state active; }\nlease 10.0.0.2 { binding state act",
	    "10.0.0.1\tactive\t-\t-\t-\t-\n", 0, 1 },
	{ "unfinished within a string", "dhcpd",
	    "lease 10.0.0.1 { binding state active; }\nlease 10.0.0.1 { uid \"\\0",
	    "10.0.0.1\tactive\t-\t-\t-\t-\n", 0, 1 },
	{ "nothing but comments", "dhcpd", "# The format of this file\n", "", 0, 0 },
	{ "something else", "dhcpd", "what is this\n", "", 1, 1 },
	{ "IPv6: the last entry of an association, as a whole", "dhcpd",
	    "ia-na \"\\001\\000\\252\\000\\000\\003\\000\\001RT\\000\\252\\000\\001\" {\n"
	    "  cltt epoch 900;\n"
	    "  iaaddr 2001:db8::1 { binding state active; ends epoch 1500; }\n"
	    "  iaaddr 2001:db8::2 { binding state active; ends epoch 1500; }\n}\n"
	    "ia-na 01:00:aa:00:00:03:00:01:52:54:00:aa:00:01 {\n  cltt epoch 910;\n"
	    "  iaaddr 2001:db8::2 { binding state active; ends epoch 1600; }\n}\n",
	    "2001:db8::2\tactive\t52:54:00:aa:00:01\t00:03:00:01:52:54:00:aa:00:01\t-\t1600\n", 0,
	    0 },
	{ "IPv6: associations of another type are others", "dhcpd",
	    "ia-na \"abcdX\" { iaaddr 2001:db8::1 { binding state active; } }\n"
	    "ia-pd \"abcdX\" { iaprefix 2001:db8:1::/56 { binding state active; } }\n",
	    "2001:db8::1\tactive\t-\t58\t-\t-\n2001:db8:1::/56\tactive\t-\t58\t-\t-\n", 0, 0 },
	/* --- dnsmasq --- */
	{ "an expiry of 0 is never", "dnsmasq", "0 52:54:00:00:00:01 10.0.0.1 * *\n",
	    "10.0.0.1\tactive\t52:54:00:00:00:01\t-\t-\tnever\n", 0, 0 },
	{ "a length instead of a time", "dnsmasq", "43200 52:54:00:00:00:01 10.0.0.1 www *\n",
	    "10.0.0.1\tactive\t52:54:00:00:00:01\t-\twww\t-\n", 0, 0 },
	{ "hardware that is no Ethernet has a prefix", "dnsmasq",
	    "2000000000 06-52:54:00:00:00:01 10.0.0.1 www 01:02\n",
	    "10.0.0.1\tactive\t-\t01:02\twww\t2000000000\n", 0, 0 },
	{ "a temporary IPv6 address", "dnsmasq",
	    "duid 00:01\n2000000000 T42 2001:db8::7 * 00:03:00:01:52:54:00:aa:00:01\n",
	    "2001:db8::7\tactive\t52:54:00:aa:00:01\t00:03:00:01:52:54:00:aa:00:01\t-"
	    "\t2000000000\n",
	    0, 0 },
	{ "half of a line", "dnsmasq",
	    "2000000000 52:54:00:00:00:01 10.0.0.1 a *\n2000000000 52:54:00:00:00:02 10.0.0.2 b",
	    "10.0.0.1\tactive\t52:54:00:00:00:01\t-\ta\t2000000000\n", 0, 1 },
	{ "a line that is none", "dnsmasq", "2000000000 52:54:00:00:00:01 10.0.0.1 a *\nwhat\n",
	    "10.0.0.1\tactive\t52:54:00:00:00:01\t-\ta\t2000000000\n", 0, 1 },
	{ "something else", "dnsmasq", "what is this\n", "", 1, 1 },
	{ "empty", "dnsmasq", "", "", 0, 0 },
	/* --- neighbours --- */
	{ "STALE without an age", "neigh", "10.0.0.1 dev e lladdr 52:54:00:00:00:01 STALE\n",
	    "10.0.0.1 52:54:00:00:00:01 - old\n", 0, 0 },
	{ "STALE with an age", "neigh",
	    "10.0.0.1 dev e lladdr 52:54:00:00:00:01 used 30/200/5 probes 1 STALE \n",
	    "10.0.0.1 52:54:00:00:00:01 - 200\n", 0, 0 },
	{ "a router, and words of `ip -s`", "neigh",
	    "2001:db8::1 dev e lladdr 52:54:00:00:00:01 ref 1 used 0/0/0 probes 1 router "
	    "REACHABLE\n",
	    "2001:db8::1 52:54:00:00:00:01 - 0\n", 0, 0 },
	{ "DELAY and PROBE are there, NOARP is configured", "neigh",
	    "10.0.0.1 dev e lladdr 52:54:00:00:00:01 DELAY\n"
	    "10.0.0.2 dev e lladdr 52:54:00:00:00:02 PROBE\n10.0.0.3 dev lo NOARP\n",
	    "10.0.0.1 52:54:00:00:00:01 - 0\n10.0.0.2 52:54:00:00:00:02 - 0\n", 0, 0 },
	{ "proxied", "neigh", "10.0.0.1 dev e proxy\n", "", 0, 0 },
	{ "a device that is called like a state", "neigh", "10.0.0.1 dev STALE FAILED\n", "", 0,
	    0 },
	{ "multicast and link-local", "neigh",
	    "ff02::1 dev e lladdr 33:33:00:00:00:01 REACHABLE\n"
	    "fe80::1%e dev e lladdr 52:54:00:00:00:01 REACHABLE\n",
	    "", 0, 0 },
	{ "known somewhere now, elsewhere long ago", "neigh",
	    "10.0.0.1 dev a lladdr 52:54:00:00:00:01 REACHABLE\n"
	    "10.0.0.1 dev b lladdr 52:54:00:00:00:02 STALE\n",
	    "10.0.0.1 52:54:00:00:00:01 - 0\n", 0, 0 },
	{ "something else", "neigh", "what is this\n", "", 1, 1 },
#if WITH_JSON
	{ "an empty table", "neigh", "[]\n", "", 0, 0 },
	{ "proxied, in JSON", "neigh", "[{\"dst\":\"10.0.0.1\",\"dev\":\"e\",\"proxy\":null}]", "",
	    0, 0 },
	{ "half of it", "neigh", "[{\"dst\":\"10.0.0.1\",\"dev\":\"e\",\"st", "", 1, 0 },
#endif
	{ "arp -a has names, BSD no leading zeros", "arp",
	    "gw.example.net (10.0.0.1) at 52:54:0:0:0:1 on en0 ifscope [ethernet]\n"
	    "? (10.0.0.2) at (incomplete) on en0 ifscope [ethernet]\n"
	    "? (10.0.0.3) at 52:54:0:0:0:3 on en0 permanent [ethernet]\n",
	    "10.0.0.1 52:54:00:00:00:01 gw.example.net 0\n", 0, 0 },
	{ "published", "arp",
	    "IP address       HW type     Flags       HW address            Mask     Device\n"
	    "10.0.0.1         0x1         0xa         52:54:00:00:00:01     *        e\n",
	    "", 0, 0 },
	{ "something else", "arp", "what is this\n", "", 1, 1 },
	/* --- scans --- */
	{ "fping says it in several ways", "fping",
	    "10.0.0.1 is alive\n10.0.0.2 is unreachable\nwww (10.0.0.3)\n10.0.0.4 (0.05 ms)\n"
	    "10.0.0.5 : - 0.04 -\n10.0.0.6 : duplicate for [0], 96 bytes, 0.2 ms\n2001:db8::1\n",
	    "10.0.0.1 - - 0\n10.0.0.3 - www 0\n10.0.0.4 - - 0\n10.0.0.5 - - 0\n2001:db8::1 - - 0\n",
	    0, 1 },
	{ "ICMP errors are no answers", "fping",
	    "ICMP Host Unreachable from 10.0.0.9 for ICMP Echo sent to 10.0.0.1\n10.0.0.2\n",
	    "10.0.0.2 - - 0\n", 0, 1 },
	{ "nmap: upper case MAC, names, quotes", "nmap",
	    NMAP("<address addr='10.0.0.1' addrtype='ipv4'/>"
		 "<address addr=\"52:54:00:AA:00:01\" addrtype=\"mac\" vendor=\"a &gt; &quot;b\"/>"
		 "<hostnames><hostname name=\"www.example.net\" type=\"PTR\"/>"
		 "<hostname name=\"two\" type=\"user\"/></hostnames>",
		NMAP_END),
	    "10.0.0.1 52:54:00:aa:00:01 www.example.net 10\n", 0, 0 },
	{ "nmap: a host that is down", "nmap",
	    "<nmaprun><host><status state=\"down\"/><address addr=\"10.0.0.1\" addrtype=\"ipv4\"/>"
	    "</host>" NMAP_END,
	    "", 0, 0 },
	{ "nmap: cut off", "nmap", NMAP("<address addr=\"10.0.0.1\" addrtype=\"ipv4\"/>", ""),
	    "10.0.0.1 - - 100\n", 1, 0 },
	{ "nmap: ended by an error", "nmap",
	    NMAP("<address addr=\"10.0.0.1\" addrtype=\"ipv4\"/>",
		"<runstats><finished time=\"990\" exit=\"error\"/></runstats></nmaprun>"),
	    "10.0.0.1 - - 10\n", 1, 0 },
	{ "nmap: not XML", "nmap", "# Nmap 7.93 scan initiated\nHost: 10.0.0.1 ()\tStatus: Up\n",
	    "", 1, 0 },
};

static void
test_pitfalls(void **state)
{
	struct result *r = malloc(sizeof(*r));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pitfalls); i++) {
		struct str in = str_from(pitfalls[i].text);
		read_into(r, pitfalls[i].format, 1000, &in, 1);
		check_text(r->text, pitfalls[i].expected, pitfalls[i].about);
		check(r->errors == pitfalls[i].errors && r->warnings == pitfalls[i].warnings,
		    "%s: %s: %zu errors, %zu warnings", pitfalls[i].format, pitfalls[i].about,
		    r->errors, r->warnings);
	}
	free(r);
}

/* Cut anywhere, nothing is read that is not there, and nothing is invented. */
static void
test_every_cut(void **state)
{
	struct result *r = malloc(sizeof(*r));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pitfalls); i++)
		for (size_t n = 0; n < strlen(pitfalls[i].text); n++) {
			struct str in = { pitfalls[i].text, n };
			read_into(r, pitfalls[i].format, 1000, &in, 1);
		}
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixtures),
		cmocka_unit_test(test_discovery),
		cmocka_unit_test(test_pitfalls),
		cmocka_unit_test(test_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
