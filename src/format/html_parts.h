/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What html.c is made of: html_assets.c has its style and script. */
#ifndef IPAM_HTML_PARTS_H
#define IPAM_HTML_PARTS_H

extern const char html_style[];
extern const char html_script[];

#endif
