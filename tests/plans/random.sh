#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# random.sh [PLANS] [SEED]: random plans, counted and taken through other formats by
# count.py, which shares nothing with the program.
set -u
cd "$(dirname "$0")" || exit 1
command -v ipam >/dev/null || { echo "there is no ipam on PATH (make check)"; exit 1; }
command -v python3 >/dev/null || { echo "no python3 is installed"; exit 77; }
exec python3 count.py "${1:-150}" "${2:-7}"
