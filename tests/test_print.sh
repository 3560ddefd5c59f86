#!/bin/sh
# The book in print, on the small one of tests/book/: all chapters become one EPUB, whose
# links stay inside of it, and one PDF, whose pages have their numbers.
. "$(dirname "$0")/small_book.sh"
epubcheck=/usr/share/java/epubcheck.jar # the command of that name asks for binfmt

copy() { copy_to 'a böok'; }

make_print() {
    make --no-print-directory \
        BOOK_CODE='$(wildcard ref/* proofs_numeric/* live/*)' "$@" >log 2>&1
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
grep -q 'was measured on 2024-01-02' epub/EPUB/text/title_page.xhtml
report $? "its title page says of which run it is"
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
[ "$(cat epub/EPUB/text/ch*.xhtml | grep -c 'make check CLAIM')" = 1 ]
report $? "the command that runs a claim is only on the card that is explained"
(links_hold)
report $? "each link finds its place"
if command -v java >/dev/null && [ -e "$epubcheck" ]; then # compiled little, it takes half
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$epubcheck" \
        build/measured-descent.epub >log 2>&1 &&
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

# ---- As a PDF -----------------------------------------------------------------------

# says TEXT WHAT, conceals TEXT WHAT: what the PDF shows, in one line.
says() {
    pdftotext build/measured-descent.pdf - | tr '\n' ' ' | grep -qF -- "$1"
    report $? "$2"
}

conceals() {
    ! pdftotext build/measured-descent.pdf - | grep -qF -- "$1"
    report $? "$2"
}

# never TEXT WHAT: what LaTeX must not have had to say.
never() {
    ! grep -F -- "$1" build/print/book.log >log
    report $? "$2"
}

pdf() {
    copy
    make_print pdf
    report $? "the small book becomes a PDF, in a folder with a blank and an umlaut"
    says '1 Halving' "a chapter has its number"
    says 'A The rest' "an appendix has a letter"
    says 'Figure 1.1 The error' "figures are numbered"
    says 'al_rate ✓ verified' "a claim has its verdict"
    says 'TEST-1, slide 2' "its slides stand beside it"
    says 'Hint. Divide' "a hint stands under its exercise"
    says 'Exercise 1.1 (3) The secret' "a solution stands at the end, with the page of its exercise"
    says 'was measured on 2024-01-02' "the pages say of which run they are"
    conceals '??' "what names a page has its number"
    never 'Missing character' "no letter is missing"
    never 'Overfull' "nothing is wider than its line"
    [ "$(grep -c BKM@entry build/print/book.aux)" -gt 4 ]
    report $? "there are bookmarks"
    make_print SOLUTIONS=no build/print/book.tex && ! grep -q 'The secret' build/print/book.tex
    report $? "who teaches leaves the solutions out of the PDF"

    cp build/measured-descent.pdf good.pdf
    sed -i 's/\$k\$/$\\nothing$/' chapters/alpha.md
    ! make_print pdf && grep -q '^print: ! Undefined' log && cmp -s good.pdf build/*.pdf
    report $? "what LaTeX cannot set is told in a line, and what there was stays"

    copy
    rm build/evidence/alpha/*
    make_print UNSOLVED=yes build/print/book.tex && grep -q '\\waiting' build/print/book.tex
    report $? "a figure without its data does not stop a PDF of a tree of exercises"
}

if command -v lualatex >/dev/null && command -v pdftotext >/dev/null; then
    pdf
else
    count=$((count + 1))
    echo "ok $count - the PDF # SKIP there is no LuaLaTeX: ./bootstrap --print"
fi

copy
mkdir bin && ln -s /usr/bin/* bin && rm -f bin/lualatex
! PATH=$PWD/bin make_print -B pdf && grep -qx 'print: there is no lualatex.*' log
report $? "without LuaLaTeX there is no PDF, and a line that says what brings it"

echo "1..$count"
[ $failures = 0 ]
