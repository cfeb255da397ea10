/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	return fuzz_evidence("dhcpd", data, n);
}
