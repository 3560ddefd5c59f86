#!/bin/sh
# The book in print, on the small one of tests/book/: all chapters become one EPUB, whose
# links stay inside of it.
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
epubcheck=/usr/share/java/epubcheck.jar # the command of that name asks for binfmt
unset MAKEFLAGS MAKELEVEL
count=0 failures=0

# A fresh copy of the small book becomes the current directory.
copy() {
    cd "$work" && rm -rf 'a böok' && cp -r "$root/tests/book" 'a böok' && cd 'a böok' ||
        exit
    mkdir build
    mv ledger.json evidence build
    mv curves build/live
    ln -s "$root/tools" tools
}

make_print() {
    make --no-print-directory \
        BOOK_CODE='$(wildcard ref/* proofs_numeric/* live/*)' "$@" >log 2>&1
}

# report STATUS WHAT: a line of TAP; of what failed, also what make said.
report() {
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        failures=$((failures + 1))
        echo "not ok $count - $2"
        sed 's/^/# /' log
    fi
}

# holds TEXT WHAT, lacks TEXT WHAT: what the pages of the EPUB say, each on one line.
holds() {
    cat epub/EPUB/text/ch*.xhtml | tr '\n' ' ' | grep -qF -- "$1"
    report $? "$2"
}

lacks() {
    ! cat epub/EPUB/text/ch*.xhtml | grep -qF -- "$1"
    report $? "$2"
}

# Each link to a place in the EPUB finds it.
links_hold() {
    cd epub/EPUB/text || return
    for link in $(grep -oh 'href="ch[^"]*#[^"]*"' *.xhtml | sort -u | cut -d '"' -f 2); do
        grep -qF "id=\"${link#*#}\"" "${link%%#*}" || return
    done
}

copy
make_print epub
report $? "the small book becomes an EPUB, in a folder with a blank and an umlaut"
unzip -q build/measured-descent.epub -d epub
[ "$(head -c 58 build/measured-descent.epub | tail -c 20)" = application/epub+zip ]
report $? "it says first that it is one"
holds '1 · Halving' "a chapter has its number"
holds 'A · ' "an appendix has a letter"
holds 'A preface with a formula' "the first page is in it"
holds '#alpha:al_rate"' "a link to a claim leads to its chapter"
holds 'Figure 1.1' "figures are numbered"
holds '<svg role="img"' "and drawn"
holds '<svg xmlns="http://www.w3.org/2000/svg" class="scale"' "so are the findings"
holds '<math display="inline"' "formulas are MathML"
holds 'class="hint"' "a hint stands under its exercise"
holds 'The secret' "a solution stands at the end"
lacks '<details' "nothing is folded"
lacks 'source/ref' "no link leads to a page of code"
lacks 'slider' "nothing asks the reader to drag"
lacks 'var(--' "drawings have their inks"
lacks 'make check CLAIM' "no card has the command that runs it"
(links_hold)
report $? "each link finds its place"
if command -v java >/dev/null && [ -e "$epubcheck" ]; then
    java -jar "$epubcheck" build/measured-descent.epub >log 2>&1 &&
        grep -q 'No errors or warnings' log
    report $? "epubcheck finds nothing"
else
    count=$((count + 1))
    echo "ok $count - epubcheck finds nothing # SKIP there is none: ./bootstrap --print"
fi

rm -r epub build/measured-descent.epub
make_print SOLUTIONS=no epub && unzip -q build/measured-descent.epub -d epub
lacks 'The secret' "who teaches leaves the solutions out"

# A book that cannot be made leaves the one that was.
cp build/measured-descent.epub good.epub
sed -i 's/`al_rate`/[](#al_end)/; s/#al_rate)/#al_end)/' chapters/alpha.md
! make_print epub && cmp -s good.epub build/measured-descent.epub
report $? "a link that leads nowhere stops it, and what there was stays"

copy
rm build/evidence/alpha/*
make_print UNSOLVED=yes epub
report $? "a figure without its data does not stop a tree of exercises"

echo "1..$count"
[ $failures = 0 ]
