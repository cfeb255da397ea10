/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prometheus' text format, for the textfile collector of its node exporter: gauges
 * without timestamps, for with one it would read nothing of the file.
 */
#include "core/usage.h"
#include "format.h"

static struct count
size_of(const struct usage *u)
{
	return u->size;
}

static struct count
used_of(const struct usage *u)
{
	return u->used;
}

static struct count
reserved_of(const struct usage *u)
{
	return u->reserved;
}

static struct count
dhcp_of(const struct usage *u)
{
	return u->dhcp;
}

static struct count
free_of(const struct usage *u)
{
	return u->free;
}

static struct count
busy_of(const struct usage *u)
{
	return u->busy;
}

static const struct gauge {
	const char *name, *help;
	struct count (*count)(const struct usage *u); /* NULL: the share given away */
} gauges[] = {
	{ "ipam_subnet_addresses", "Addresses that a subnet has.", size_of },
	{ "ipam_subnet_addresses_used", "Addresses in use, or covered by child subnets.", used_of },
	{ "ipam_subnet_addresses_reserved", "Addresses set apart.", reserved_of },
	{ "ipam_subnet_addresses_dhcp", "Addresses of DHCP ranges.", dhcp_of },
	{ "ipam_subnet_addresses_free", "Addresses left.", free_of },
	{ "ipam_subnet_addresses_busy", "Addresses really taken, also in child subnets.", busy_of },
	{ "ipam_subnet_utilisation_ratio", "Share of the addresses that is given away.", NULL },
};

static void
put_label(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, "%s=\"", name);
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\n')
			buf_z(b, "\\n");
		else if (value.p[i] == '"' || value.p[i] == '\\')
			buf_fmt(b, "\\%c", value.p[i]);
		else
			buf_char(b, value.p[i]);
	buf_char(b, '"');
}

/* What no double has exactly is rounded to one. */
static void
put_count(struct buf *b, struct count n)
{
	char text[COUNT_TEXT];

	if (count_fits_double(n))
		buf_fmt(b, "%s\n", count_fmt(text, n));
	else
		buf_fmt(b, "%.17g\n", count_double(n));
}

static void
put_ratio(struct buf *b, const struct usage *u)
{
	double size = count_double(u->size), taken = count_double(count_sub(u->size, u->free));

	buf_fmt(b, "%.6g\n", size > 0 ? taken / size : 0);
}

static void
put_sample(const struct format_request *q, struct buf *b, const struct gauge *g,
    const struct usage *u)
{
	struct str name;

	buf_fmt(b, "%s{", g->name);
	put_label(b, "subnet", db_key(q->db, u->subnet));
	buf_char(b, ',');
	put_label(b, "name", db_own(q->db, u->subnet, "name", &name) ? name : STR_NONE);
	buf_fmt(b, ",family=\"%d\"} ", (int)u->subnet->family);
	if (g->count)
		put_count(b, g->count(u));
	else
		put_ratio(b, u);
}

static void
put_head(struct buf *b, const char *name, const char *help)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

enum status
prometheus_write(const struct format_request *q, struct buf *text, struct diags *d)
{
	struct usage *u;
	size_t all = usage_all(q->db, &u), n = 0;

	(void)d;
	/* both are in the order of the plan */
	for (size_t i = 0; i < all && n < q->recs; i++)
		if (u[i].subnet == q->rec[n])
			u[n++] = u[i];
	for (size_t i = 0; n && i < ARRAY_LEN(gauges); i++) {
		put_head(text, gauges[i].name, gauges[i].help);
		for (size_t k = 0; k < n; k++)
			put_sample(q, text, &gauges[i], &u[k]);
	}
	put_head(text, "ipam_data_file_mtime_seconds", "When the data file was changed last.");
	buf_fmt(text, "ipam_data_file_mtime_seconds %lld\n", (long long)q->file_time);
	put_head(text, "ipam_build_info", "The program that has written this.");
	buf_z(text, "ipam_build_info{");
	put_label(text, "version", str_from(q->version));
	buf_z(text, "} 1\n");
	return STATUS_OK;
}
