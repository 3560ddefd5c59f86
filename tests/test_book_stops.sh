#!/bin/sh
# The small book of tests/book/ with one thing wrong: it stops with the file and the line,
# and leaves no page behind.
. "$(dirname "$0")/small_book.sh"

# waits WHAT COMMAND...: after it a tree of exercises has its book, and a figure waits.
waits() {
    copy
    what=$1
    shift
    "$@"
    make_book UNSOLVED=yes
    report $? "$what does not stop a tree of exercises"
    holds alpha.html 'This figure waits for an exercise' "its figure waits"
}

# stops WHAT MESSAGE COMMAND...: after the command, the book stops with that one line.
# Of the copy that is kept the pages alone are still to be made.
stops() {
    copy_kept
    what=$1 message=$2
    shift 2
    "$@"
    ! make_book && grep -qxF -- "$message" log && [ ! -e build/book/index.html ]
    report $? "$what"
}

# The same where nothing has been read yet.
unread() {
    copy
    "$@"
}

copy
make_book -j2
report $? "the small book is made"
keep && find ../kept/build/book -type f -delete

copy
! make_book PAGE_LIMIT=1000 &&
    grep -q 'alpha.html: has [0-9]* bytes compressed, and may have 1000$' log
report $? "a page that is too heavy stops the book"
[ ! -e build/book/alpha.html ]
report $? "and is not there"
stops "a link to a file that there is not" \
    "chapters/beta.md:9: there is no file ref/gamma.c" \
    edit 's,ref/alpha.c#halve_twice,ref/gamma.c#halve_twice,' chapters/beta.md
stops "a link to a definition that there is not" \
    "chapters/beta.md:9: ref/alpha.c defines no halve_thrice" \
    edit 's,#halve_twice,#halve_thrice,' chapters/beta.md
stops "a link to a place that there is not" \
    "chapters/alpha.md:4: chapters/beta.md has no ruin" \
    edit 's,beta.md#rest,beta.md#ruin,' chapters/alpha.md
stops "a link to a chapter that there is not" \
    "chapters/alpha.md:4: there is no chapter gamma" \
    edit 's,beta.md#rest,gamma.md#rest,' chapters/alpha.md
for page in alpha beta; do
    stops "a dead link that is written as the book's own, in $page.md" \
        "build/book/$page.html: beta.html has no place ruin" \
        append chapters/$page.md '[ruined](beta.html#ruin)'
done
stops "a dead link in the spine" \
    "build/book/index.html: there is no page gamma.html" \
    edit 's/^A preface/[gone](gamma.html) &/' book.md
stops "a dead link in the back matter" \
    "build/book/claims.html: alpha.html has no place ruin" \
    edit 's/^The first error is one/[&](alpha.html#ruin)/' chapters/alpha.md
stops "a citation on a page of the back matter, where none is set" \
    "book: notation.html cites: see BOOK_TOGETHER in tools/book.mk" \
    edit 's/^Half of it is/As [@kelley1999] says, half is/' book.md
stops "a definition shown in two chapters" \
    "chapters/beta.md:11: halve of ref/alpha.c is shown already in chapters/alpha.md" \
    append chapters/beta.md '[halve](../ref/alpha.c#halve)'
stops "a definition shown twice in one" \
    "chapters/alpha.md:48: halve of ref/alpha.c is shown already in chapters/alpha.md" \
    append chapters/alpha.md '[halve](../ref/alpha.c#halve)'
stops "a definition shown with its whole file" \
    "chapters/beta.md:11: halving of ref/alpha.h is shown already in \
chapters/alpha.md" \
    append chapters/beta.md '[alpha.h](../ref/alpha.h#all)'
stops "a function shown nowhere" \
    "ref/alpha.c:12: no chapter shows halve_twice" \
    edit '/halve_twice/d' chapters/beta.md
stops "a struct shown nowhere" \
    "ref/alpha.h:5: no chapter shows halving" \
    edit '/alpha.h#halving/d' chapters/alpha.md
stops "an enum shown nowhere" \
    "ref/alpha.c:3: no chapter shows START" \
    edit '/START/d' chapters/beta.md
stops "a claim that no program argues" \
    "chapters/alpha.md:48: proofs_numeric has no claim al_more of alpha" \
    append chapters/alpha.md '::: {.claim #al_more lecture="TEST-1/1"}
:::'
stops "a claim that the ledger does not know" \
    "chapters/alpha.md:16: the ledger has no claim al_start" \
    edit 's/"al_start"/"al_other"/' build/ledger.json
stops "a claim of the ledger that stands in no chapter" \
    "proofs_numeric/alpha.c:10: the claim al_start stands in no chapter" \
    edit '16d' chapters/alpha.md
stops "a claim that stands twice" \
    "chapters/beta.md:11: al_rate stands already in chapters/alpha.md" \
    append chapters/beta.md '::: {.claim #al_rate lecture="TEST-1/1"}
:::'
stops "a claim that uses what there is not" \
    "chapters/alpha.md:12: uses names al_end, which is no claim" \
    edit 's/uses="al_start"/uses="al_end"/' chapters/alpha.md
stops "a claim of a lecture that there is not" \
    "chapters/alpha.md:12: no row of lectures/ is of the slide TEST-2/3" \
    edit '12s,TEST-1/3,TEST-2/3,' chapters/alpha.md
stops "an erratum of a slide that has no row" \
    "chapters/alpha.md:26: no row of lectures/ is of the slide TEST-1/4" \
    edit '26s,TEST-1/3,TEST-1/4,' chapters/alpha.md
stops "an erratum measured by what there is not" \
    "chapters/alpha.md:26: claim names al_end, but nothing is called so" \
    edit '26s/al_rate/al_end/' chapters/alpha.md
stops "an erratum of no kind" \
    "chapters/alpha.md:26: loose is no kind of erratum: wrong, condition or misprint" \
    edit '26s/kind="wrong"/kind="loose"/' chapters/alpha.md
stops "a sample of what there is not" \
    "book.md:7: claim names al_end, but nothing is called so" \
    edit '7s/al_rate/al_end/' book.md
stops "a card of what there is not, part by part" \
    "book.md:26: claim names al_end, but nothing is called so" \
    edit '26s/al_rate/al_end/' book.md
stops "a word that its chapter does not use" \
    "chapters/terms.tsv:2: the chapter alpha does not speak of thirds" \
    edit '2s/halving|halves/thirds/' chapters/terms.tsv
stops "a word of a chapter that there is not" \
    "chapters/terms.tsv:2: the chapter gamma does not speak of halving" \
    edit '2s/alpha/gamma/' chapters/terms.tsv
stops "a lecture of which nothing is known" \
    'book: lectures/TEST-1.tsv:1: there is no line "# university: ..."' \
    edit 1d lectures/TEST-1.tsv
stops "a lecture without what answers it" \
    "book: lectures/TEST-1.tsv:7: there is no column answered_by" \
    edit s/answered_by/answer/ lectures/TEST-1.tsv
stops "a lecture that says nothing" "book: lectures/TEST-1.tsv:1: there are no rows" \
    edit '8,$d' lectures/TEST-1.tsv
stops "a slide without a number" \
    'book: lectures/TEST-1.tsv:9: "two" is no number of a slide' \
    edit 's/^2~/two/' lectures/TEST-1.tsv
stops "a lecture of the spine that there is not" \
    "book: book.md: there is no lectures/TEST-2.tsv" edit 's/^title:.*/&\nlectures: TEST-2/' book.md
stops "an exercise graded by what there is not" \
    "chapters/alpha.md:36: graded-by names al_end, but nothing is called so" \
    edit 's/graded-by="al_rate"/graded-by="al_end"/' chapters/alpha.md
stops "an exercise on a function that there is not" \
    "chapters/alpha.md:36: ref/alpha.c defines no third" \
    edit 's/alpha.c:halve"/alpha.c:third"/' chapters/alpha.md
stops "an exercise of no kind" \
    "chapters/alpha.md:36: no kind is no kind of exercise: implement, derive, predict \
or break" \
    edit '36s/implement="[^"]*"//' chapters/alpha.md
stops "a figure without a script" \
    "chapters/alpha.md:20: there is no figure figures/alpha_loss.gp" \
    unread rm figures/alpha_loss.gp
stops "a figure without data" \
    "chapters/alpha.md:20: figures/alpha_loss.gp has no data: no claim recorded \
build/evidence/alpha/al_rate.loss.tsv" \
    unread rm build/evidence/alpha/al_rate.loss.tsv
stops "a figure whose data are only names" \
    "chapters/alpha.md:20: figures/alpha_loss.gp has no data: no claim recorded \
build/evidence/alpha/al_rate.loss.tsv" \
    unread edit '2,$d' build/evidence/alpha/al_rate.loss.tsv
orphan() {
    mv build/evidence/alpha/al_rate.loss.tsv build/evidence/alpha/al_gone.loss.tsv
    edit 's/al_rate.loss/al_gone.loss/' figures/alpha_loss.gp
}
stops "a figure of what no claim recorded" \
    "chapters/alpha.md:20: figures/alpha_loss.gp draws what al_gone recorded, which is \
no claim" \
    orphan
stops "a figure that reads no evidence" \
    "chapters/alpha.md:20: figures/alpha_loss.gp reads no evidence" \
    edit 's/evidence\."al_rate.loss.tsv"/"other.tsv"/' figures/alpha_loss.gp
stops "a figure of a column that there is not" \
    "chapters/alpha.md:20: figures/alpha_loss.gp: line 6: warning: no column with \
header \"third\"" \
    edit 's/"k":"error"/"k":"third"/' figures/alpha_loss.gp
stops "a figure that moves by what its program does not say" \
    "chapters/beta.md:11: figures/alpha_move.gp: line 8: warning: no column with header \
\"law\"" \
    eval "append chapters/beta.md '![](../figures/alpha_move.gp)'
        edit s/law/lore/ build/live/alpha_move.tsv"
waits "a figure without data" rm build/evidence/alpha/al_rate.loss.tsv
waits "a figure of a series that its script computes" \
    append figures/alpha_loss.gp 'name = "lost.tsv"; plot evidence.name'
stops "a formula that is none" \
    "chapters/beta.md:11: no formula: \\frac{1" \
    append chapters/beta.md '$\frac{1$'
stops "a citation of what there is not" \
    "chapters/alpha.md:3: chapters/references.bib has no knuth1968" \
    edit 's/@kelley1999/@knuth1968/' chapters/alpha.md
stops "a chapter that the spine does not name" \
    "chapters/gamma.md:1: book.md does not name this chapter" \
    append chapters/gamma.md '# Gamma'
stops "a chapter that there is not" \
    "book.md:20: there is no chapters/beta.md" \
    rm chapters/beta.md
stops "a row of the concordance answered by what there is not" \
    "lectures/TEST-1.tsv:9: answered_by names al_end, but nothing is called so" \
    edit 's/al_rate/al_end/' lectures/TEST-1.tsv
stops "a row of the concordance in a chapter that there is not" \
    "lectures/TEST-1.tsv:9: there is no chapter gamma" \
    edit 's/\talpha\t\tal_rate/\tgamma\t\tal_rate/' lectures/TEST-1.tsv
stops "a row of the concordance with a field too many" \
    "book: lectures/TEST-1.tsv:9: has 8 fields, the head has 7" \
    edit 's/al_rate/al_rate\textra/' lectures/TEST-1.tsv
stops "a ledger that is none" \
    "build/ledger.json:1: this is no ledger: value expected at line 1, column 1;\
 remove it, then make check" \
    edit '1,$d' build/ledger.json
for none in '{}' '[]' 3; do
    stops "a ledger that is $none" \
        "build/ledger.json:1: this is no ledger: it has no claims; remove it, then make\
 check" eval "echo '$none' >build/ledger.json"
done
stops "a claim without an id" \
    "build/ledger.json:1: this is no ledger: a claim has no id; remove it, then make\
 check" edit 's/"id"/"name"/' build/ledger.json

echo "1..$count"
[ $failures = 0 ]
