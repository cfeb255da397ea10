/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	return fuzz_import("json", data, n);
}
