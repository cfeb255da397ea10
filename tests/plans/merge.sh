#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# merge.sh [PLANS] [SEED]: random sources imported into random plans, twice, by merge.py.
set -u
cd "$(dirname "$0")" || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
command -v python3 >/dev/null || { echo "no python3 is installed"; exit 77; }
exec python3 merge.py "${1:-40}" "${2:-7}"
