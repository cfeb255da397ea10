# SPDX-License-Identifier: GPL-3.0-or-later
complete -c ipam -f
complete -c ipam -n __fish_use_subcommand -a "(ipam help 2>/dev/null | sed -n 's/^  ipam \([a-z]*\).*/\1/p' | sort -u)"
complete -c ipam -n 'not __fish_use_subcommand' -a "(ipam list -o tsv --fields key,name type!=object 2>/dev/null | head -n 2000)"
