#!/bin/sh
# typeset.sh FOLDER -- makes FOLDER/book.pdf of FOLDER/book.tex.
#
# LaTeX learns the numbers of the pages in one run and prints them in the next, and has to
# be run again until they stay.  What it learned is kept for the next time.
set -eu
cd "$1"

# What LaTeX says first of what went wrong, in one line.
fail() {
    echo "print: $(grep -m 1 -A 1 '^!' book.log | tr '\n' ' ') ($1/book.log)" >&2
    exit 1
}

# Where everything stands that is named, and where the notes in the margin stand.
places() {
    grep -s -e '^\\newlabel' -e '^\\newmarginnote' book.aux | cksum
}

trap 'rm -f book.aux' EXIT # what a run learned that did not end
trap 'exit 1' HUP INT TERM
for run in 1 2 3 4; do
    before=$(places)
    lualatex --interaction=batchmode --halt-on-error book.tex >/dev/null || fail "$1"
    [ "$(places)" != "$before" ] || break
done
trap - EXIT
