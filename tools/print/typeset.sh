#!/bin/sh
# typeset.sh FOLDER -- makes FOLDER/book.pdf of FOLDER/book.tex.
#
# LaTeX learns the numbers of the pages in one run, and prints them in the next; where the
# contents grow by a page, in the one after.
set -eu
cd "$1"

# What LaTeX says first of what went wrong, in one line.
fail() {
    echo "print: $(grep -m 1 -A 1 '^!' book.log | tr '\n' ' ') ($1/book.log)" >&2
    exit 1
}

for run in 1 2 3 4; do
    cp book.aux before.aux 2>/dev/null || : >before.aux
    lualatex --interaction=batchmode --halt-on-error book.tex >/dev/null || fail "$1"
    cmp -s book.aux before.aux && break
done
rm before.aux
