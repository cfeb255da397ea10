# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for ipam: the program itself says what could stand there.

function __ipam_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l answer ($words[1] complete -- (string replace -r '^~/' "$HOME/" -- $words[2..-1]) $word 2>/dev/null)
    if test "$answer" = '<FILE>'
        __fish_complete_path $word
    else if set -q answer[1]
        printf '%s\n' $answer
    end
end

complete -c ipam -f -k -a '(__ipam_complete)'
