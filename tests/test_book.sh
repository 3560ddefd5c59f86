#!/bin/sh
# The book, on the small one of tests/book/: as it is, it becomes pages, and those are made
# anew that changed.  What stops it: test_book_stops.sh.
. "$(dirname "$0")/small_book.sh"

lacks() {
    ! grep -rqE -- "$2" "build/book/$1"
    report $? "$3"
}

# ---- The book as it is --------------------------------------------------------------

copy
make_book -j2
report $? "the small book is made"
keep
holds index.html '<span class="number">1</span><a href="alpha.html">Halving, x/2</a>' \
    "the index numbers the chapters"
holds index.html '1 of 2 claims verified' "the index counts what is verified"
holds index.html '<div class="about"> What halves. </div>' \
    "the index says what a chapter is about"
holds index.html 'concordance-TEST-1.html">Here, Halving, lecture 1</a>' \
    "the index names the lectures"
holds index.html 'right;">2</td> <td style="text-align: right;">1</td> <td style="text-align:\
 right;">1</td>' "the index says how much of a lecture is answered, and how much is open"
holds index.html 'TEST-1.html#slide-3">Here, Halving, lecture 1, slide 3</a></p> <p><span>“A \
third.”' "the index shows a claim beside the words of its slide"
holds index.html '<a href="index.html#grade-identity">identity</a>' \
    "a grade leads to what it means"
holds index.html '<div class="part"> <span class="nth">2</span> <p><span class="label">Claim</span> \
<code>al_rate</code>' "and a card part by part"
[ "$(grep -o '<span class="nth">' build/book/index.html | wc -l)" = 6 ]
report $? "of which there are six, as the text beside it says"
lacks index.html 'Half of it is' "a section that is a page of its own leaves the index"
holds notation.html 'Half of it is' "and has its page"
holds beta.html 'Appendix A' "an appendix has a letter"
holds alpha.html '<a href="beta.html" class="next" rel="next">' \
    "a chapter leads to the next one"
holds alpha.html '<title>1. Halving, x/2 · Measured Descent</title>' \
    "a page has a title that can stand alone"
holds alpha.html '<meta name="description" content="Every step halves its error' \
    "a page is described by its first sentence"
holds alpha.html '<details open><summary>Part I: beginnings</summary>' \
    "beside a page are the contents of the book, open at its part"
holds alpha.html 'aria-current="page"><span class="number">1</span> Halving, x/2</a> <ul>' \
    "there the page is marked"
holds alpha.html '<li><a href="#law">The law</a></li>' "and has its sections under it"
holds beta.html '<details><summary>Part I: beginnings</summary>' \
    "other parts are folded"
holds bibliography.html '<a href="bibliography.html" aria-current="page">' \
    "a page of the back matter is among the contents"
holds bibliography.html '<a href="prefixes.html" class="previous" rel="prev">' \
    "and leads to the one before"
holds alpha.html '<form action="search.html" role="search"' "a page asks what to search"
holds source/ref/alpha.c.html 'href="../../style.css"' "a page of code finds its style"
holds alpha.html '<h2 id="law"><a href="#law" class="permalink">The law</a></h2>' \
    "a heading is a link to itself"
holds alpha.html '<span class="label"><a href="#al_rate" class="permalink">Claim</a>' \
    "so is the label of a claim"
holds cards.js '"alpha.html#alpha.c-halve":"<pre><code>double halve(' \
    "the card of a function shows its head"
holds cards.js '<code>al_rate</code>, identity' "the card of a claim shows its grade"
lacks alpha.html 'Report an error' "without an address nobody is asked for reports"
holds alpha.html '<a href="source/ref/alpha.c.html#L-6">ref/alpha.c:6–10</a>' \
    "a listing names its lines, and links to them"
holds alpha.html '<a href="#cb2-6" aria-hidden="true" tabindex="-1"></a><span class="co">/* Half of' \
    "a listing begins with its comment, at the number of its line"
holds alpha.html '<span class="kw">struct</span> halving {' "a struct is shown"
holds beta.html '<span class="kw">enum</span>' "an enum without a name is shown"
holds alpha.html '2.1 × 10<sup>−14</sup>' "a card shows what was measured"
holds alpha.html '<em>p</em> = 0.4' "a card says that a probability is one"
holds alpha.html '<svg class="scale" role="img" aria-label="The evidence uses at most 0.04 of \
its limit; the controls have at least 2.8e+10 times theirs."' "a card draws what was measured"
holds alpha.html '<div class="slides"> Here, Halving, lecture 1, slides <a href="concordance-\
TEST-1.html#slide-1">1–3</a> </div>' "a chapter says which slides it covers"
holds alpha.html '≤ 1.6 × 10<sup>−11</sup>' "a card shows the limit"
holds alpha.html 'rejected</td>' "a card shows that a control was rejected"
holds alpha.html 'not finite' "a number that is not finite is called so"
holds alpha.html 'class="verdict failed">✗ failed' "a claim that failed shows it"
holds alpha.html 'the gap is 3, and may be 1' "a claim that failed says why"
holds alpha.html 'make check CLAIM=al_rate' "a card names the command that reruns it"
holds alpha.html 'CLAIM(al_rate' "a card holds its check"
holds alpha.html '<a href="concordance-TEST-1.html#slide-3">TEST-1, slide 3</a>' \
    "a card links to the slide"
holds alpha.html 'class="permalink">Figure 1.1</a></span>' "figures are numbered"
holds alpha.html 'aria-label="The error is halved at every step."' "and spoken of by caption"
holds alpha.html 'stroke="currentColor"' "figures take the ink of the page"
holds alpha.html '<a href="data/alpha/al_rate.loss.tsv.txt">' "a figure links to its data"
holds alpha.html '<a href="#al_rate"><code>al_rate</code></a>, <a href="source/figures' \
    "a figure links to the claim that measured it"
holds alpha.html '<a href="#alpha_loss">Figure 1.1</a>' "an empty link gets its words"
holds alpha.html '<math display="inline"' "formulas are MathML"
holds alpha.html 'Kelley, C. T. 1999.' "what is cited is listed"
holds alpha.html '<details><summary>Hint</summary>' "a hint is folded"
holds errata.html 'It is a half' "errata are collected"
holds errata.html '· wrong</span></p>' "an erratum says what kind of fault it is"
holds errata.html 'class="permalink">Here, Halving, lecture 1</a></h2> <p>1 wrong.</p>' \
    "errata are sorted by lecture, and counted by kind"
holds errata.html 'id="erratum-TEST-1-3"' "an erratum has the name of its slide"
holds alpha.html 'id="erratum-TEST-1-3"' "and has it in its chapter too"
holds errata.html '<div class="said"> <p><span>“A third.”</span></p> </div> <div class="true"> \
<p>It is a half.</p>' "what the slide says stands beside what is true"
holds concordance-TEST-1.html '#slide-2" class="answered" title="Slide 2: answered" \
aria-label="Slide 2: answered">2</a>' "a lecture begins with a strip of its slides"
holds concordance-TEST-1.html '<details class="assertion"><summary> Errors <math \
display="inline"' "a statement unfolds"
holds concordance-TEST-1.html '<a href="alpha.html#alpha.c-halve">' \
    "the concordance links to functions"
holds concordance-TEST-1.html '>al_rate</code></a> <span class="verdict verified">' \
    "the concordance gives verdicts"
holds claims.html 'id="claims-alpha-node1"' "the claims are drawn as a graph"
holds claims.html '<title>Halving, x/2</title>' "and the chapters are"
holds claims.html '<title>Half a step</title>' "a claim of the graph has its title"
holds subjects.html '<span id="term-halving"><strong>halving</strong></span>' \
    "the index of subjects has the words of the table"
holds subjects.html '<a href="alpha.html">1 · Halving, x/2</a>' "and where they are used"
holds names.html 'A quarter of it.' "the index of functions glosses them"
holds search.html '<input type="search" name="q" aria-label="Search the book"' \
    "a page searches the book"
holds search-index.js '["claim","al_rate","alpha.html#al_rate","1 · Halving, x/2","Each of k \
steps multiplies the error by exactly 1/2."]' "what it finds are claims"
holds search-index.js '["section","The law","alpha.html#law","1 · Halving, x/2","See' "sections"
holds search-index.js '["figure","Figure 1.1","alpha.html#alpha_loss"' "figures"
holds search-index.js '["erratum","Erratum to Here, Halving, lecture 1, slide 3","errata.html\
#erratum-TEST-1-3"' "errata"
holds search-index.js '["exercise","Exercise 1.1, implement","alpha.html#ex_halve"' "exercises"
holds search-index.js '["function","halve_twice","beta.html#alpha.c-halve_twice"' "functions"
holds search-index.js '["slide","Slide 3 · ' "slides"
holds search-index.js '["subject","halving","subjects.html#term-halving"' "and subjects"
lacks search-index.js 'Divide' "but no hints"
holds alpha.html '<details><summary>Solution</summary> <p>The secret.</p>' \
    "a solution is folded"
lacks search-index.js 'The secret' "and not found by search"
make_book SOLUTIONS=no
report $? "who teaches has the book without solutions"
lacks . 'The secret|Solution' "of which nothing is left"
make_book
holds alpha.html 'The secret' "and may have it again"
for answers in maybe "yes no"; do
    ! make_book SOLUTIONS="$answers" &&
        grep -q "SOLUTIONS must be yes or no, got \"$answers\"" log
    report $? "SOLUTIONS=$answers is refused"
done
copy_kept
make_book UNSOLVED=yes
lacks . 'The secret' "no solution leaks into a tree of exercises"
copy_kept
lacks . 'src="https?:|<link [^>]*href="https?:' "nothing is loaded from elsewhere"

# reports WHAT TEXT COMMAND...: after it, the book asks for reports at that address.
reports() {
    copy_kept
    what=$1 address=$2
    shift 2
    "$@"
    make_pages alpha.html
    holds alpha.html "href=\"$address" "$what"
}
reports "the spine may say where" 'https://gitlab.com/a/b/-/issues/new?issue%5Btitle' \
    edit '2areport: https://gitlab.com/a/b' book.md
reports "or to whom" 'mailto:a@example.org?subject=alpha.html%3A%20' \
    edit '2areport: mailto:a@example.org' book.md

remote() { git init -q && git remote add origin "$1"; }
if command -v git >/dev/null; then
    reports "errors are reported to the repository, and at which claim" \
        'https://git.example.org/a/b/issues/new?title=alpha.html%23al_rate%3A%20' \
        remote git@git.example.org:a/b.git
    reports "a password in its address is left out" \
        'https://example.org/a/b/issues/new?title=alpha.html%3A%20' \
        remote https://name:sesame@example.org/a/b.git
    make_book
    lacks . sesame "on all pages"
    for address in file:///srv/book.git /srv/book.git http://localhost:3000/a/b; do
        copy_kept
        remote "$address"
        make_pages alpha.html
        lacks alpha.html 'Report an error' "$address is no address for reports"
    done
else
    count=$((count + 1))
    echo "ok $count - the repository is asked for reports # SKIP there is no git"
fi
copy_kept

# Every link within the book leads to a page, and to a place on it.
dead_links() {
    cd build/book || exit
    grep -roE --include='*.html' 'href="[^"]+"' . | sort -u |
        sed 's/^\(.*\):href="\(.*\)"$/\1 \2/' |
        while read -r page target; do
            file=$(dirname "$page")/${target%%#*}
            [ "${target%%#*}" ] || file=$page
            [ -e "$file" ] || echo "$page: $target"
            case $target in
            *#*) grep -qF "id=\"${target#*#}\"" "$file" || echo "$page: $target" ;;
            esac
        done
}
(dead_links) >log
[ ! -s log ]
report $? "no link is dead"

# A whole file has a place for each of its definitions: their lines.
copy_kept
edit 's/alpha.h#top/alpha.h#all/' chapters/beta.md
edit '/^.struct halving/d' chapters/alpha.md
make_book && (dead_links) >>log
[ ! -s log ]
report $? "no link is dead where a chapter shows a whole file"
holds names.html '<a href="beta.html#alpha.h-5"><code>halving</code></a>' \
    "the index leads to the line of the definition there"
copy_kept

# pages_newer_than FILE: the pages that were made since.
pages_newer_than() {
    find build/book -name '*.html' -newer "$1"
}
touch mark
make_book
[ -z "$(pages_newer_than mark)" ]
report $? "nothing is made twice"

touch mark
append chapters/beta.md 'One more: $x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 = 0$,
and $\dot{\tilde z}_{\mathrm{op}}$, or $z$.'
make_book
[ build/book/beta.html -nt mark ] && [ build/book/alpha.html -ot mark ]
report $? "a word in one chapter leaves the others alone"
holds beta.html '<span class="long"><math' "a long formula can be moved on a narrow page"
holds beta.html '<span class="bound"><math' "the point behind a formula stays on its line"
lacks beta.html '<mstyle mathvariant="normal">' "a name of several letters stands upright"
holds beta.html '<mo stretchy="false">˜</mo></mover><mo stretchy="false">˙</mo></mover>' \
    "an accent over an accent stands over the letter"

soaked='{"claim": "al_rate", "seeds": 30, "what": "x", "control": '
echo "{\"findings\": [$soaked false, \"margin\": 0.25}, $soaked false, \"margin\": 0.5},
    $soaked true, \"margin\": null}, $soaked true, \"margin\": 12}]}" >build/soak.json
holds speed.html 'there was none so far' "that nothing was timed is said"
sizes='{"n": 10, "seconds": 0.002}, {"n": 20, "seconds": 0.004}'
rows='{"name": "here", "seconds": 0.003, "cpu": 0.002}, {"name": "A peer", "seconds": 0.006,
    "cpu": 0.005, "ratio": 2.5, "lowest": 2.25, "highest": 2.75, "gap": 1e-9}'
echo '{"schema": 2, "date": "2026-11-29", "blas": "none", "peers": ["peer 1.0.2"], "contests":
    [{"name": "race", "what": "a race", "rounds": 3, "rows": ['"$rows"'], "absent":
    [{"name": "Nobody", "why": "it is missing"}]}], "loops": [{"name":
    "gd", "what": "steps", "predicted": 1, "exponent": 1.25, "sizes": ['"$sizes"']}]}' \
    >build/bench.json
holds precision.html 'there was none so far' "that nothing ran in single precision is said"
mkdir -p build/float
echo '{"date": "2026-11-29", "totals": {"claims": 9, "verified": 6, "failed": 1}, "claims": [
    {"id": "al_rate", "verdict": "lost", "grade": "identity", "message": "too fine for it"},
    {"id": "al_other", "verdict": "verified", "grade": "rate"}]}' >build/float/ledger.json
make_book
holds precision.html 'of 9 claims 6 are verified, 1 failed. The other 1' "what did is counted"
holds precision.html '>too fine for it</td>' "and what was lost says why"
holds speed.html '>1.25</td>' "what was timed has a page"
holds speed.html '>2.25–2.75</td>' "and so have the races"
holds speed.html 'The others: peer 1.0.2.' "a peer is named with what works for it"
holds speed.html 'Nobody in race (it is missing)' "who could not race is told"
holds alpha.html "over 30 seeds: evidence at most 0.5 of its limit, controls at least \
12 times theirs" "a card shows the thinnest margins of a soak"
touch mark
sed -i 's/^    return/&  /' ref/alpha.c
make_book
[ build/book/alpha.html -nt mark ] && [ build/book/names.html -nt mark ]
report $? "code that a chapter shows makes it anew"

touch mark
append ref/alpha.c '/* A remark. */'
make_book
[ build/book/alpha.html -ot mark ]
report $? "code that it does not show leaves it alone"

touch mark
append figures/alpha_loss.gp '# a remark'
make_book
[ build/book/alpha.html -nt mark ] && [ build/book/beta.html -ot mark ]
report $? "so does the script of its figure, and it alone"

holds margins.html '>al_rate</code></a></td>' "the findings that came nearest have a page"

# ---- Made anew, and made from nothing -----------------------------------------------

# anew WHAT COMMAND...: after the command, the book is made anew.
anew() {
    what=$1
    shift
    touch mark
    "$@"
    make_book && [ "$(pages_newer_than mark)" ]
    report $? "$what makes pages anew"
}

# The book made from nothing beside the one that is there.
make_from_nothing() {
    rm -rf ../cold && cp -r . ../cold && cd ../cold || exit
    find build -mindepth 1 -maxdepth 1 ! -name ledger.json ! -name evidence ! -name live \
        -exec rm -r {} +
    make_book
}

# What is made anew is what is made from nothing.  Before it come a few changes, from
# those that show on many pages to those that show on few: what one has left as it was
# is not covered up by the next.
same() {
    (make_from_nothing) && diff -r build/book ../cold/build/book >>log
    report $? "what is made anew after $1 is what is made from nothing"
}

copy_kept
add_chapter() {
    echo '# Gamma' >chapters/gamma.md
    edit 's,^.*(chapters/beta.md)$,&\n- [Gamma](chapters/gamma.md),' book.md
}
anew "a chapter that is new" add_chapter
same "a new chapter"
remove_chapter() {
    rm chapters/gamma.md
    edit /gamma/d book.md
}
anew "a chapter that is gone" remove_chapter
anew "a work" edit '1,/title/s/title *= *{/&On /' chapters/references.bib
anew "the ledger" edit 's/2.1e-14/2.2e-14/' build/ledger.json
anew "a lecturer" edit 's/Nonymous/Lecturer/' lectures/TEST-1.tsv
anew "a subject" edit '2s/Dividing/Parting/' chapters/terms.tsv
anew "a word" append chapters/beta.md "One more word on halving, for one who is halving."
same "changes beside the text"
anew "a title" edit '1s/Halving, /Halving of /' chapters/alpha.md
anew "a claim's sentence" edit 's/first error is one/first of the errors is one/' \
    chapters/alpha.md
anew "an erratum" edit 's/it is a half/it is one half/' chapters/alpha.md
anew "a line of code" edit '/^double halve_twice/i /* A remark that moves it. */' ref/alpha.c
anew "an answer to a lecture" edit 's/al_rate halve /al_rate /' lectures/TEST-1.tsv
anew "a heading" append chapters/beta.md "## More {#more}"
anew "the preface" edit 's/^A preface/A short preface/' book.md
same "changes of the text"

# ---- Keywords, which are bold, and what only looks like one -----------------------------

copy_kept
code='build/sources/proofs_numeric.stamp build/sources/gone.stamp'
cat >proofs_numeric/quoted.c <<'END'
static char s[] = "if \" for /*"; /* while it
returns */ static int n = '"'; // else
#if 1 / 2
static struct s *t;
END
make_of $code
holds source/proofs_numeric/quoted.c.html 's[] = &quot;if \&quot; for /*&quot;; \
<span class="co">/* while it</span></span> <span id="L-2"><a href="#L-2" aria-hidden="true" \
tabindex="-1"></a><span class="co">returns */</span> static int n = &#39;&quot;&#39;; \
<span class="co">// else</span></span>' "strings and comments have no keywords"
holds source/proofs_numeric/quoted.c.html '</a>#if 1 / 2</span>' "nor has what follows a #"
holds source/proofs_numeric/quoted.c.html '<span class="kw">struct</span> s *t;' "code has"
rm proofs_numeric/quoted.c
make_of $code && [ ! -e build/book/source/proofs_numeric/quoted.c.html ] &&
    [ -e build/book/source/proofs_numeric/alpha.c.html ]
report $? "the page of a file that is gone goes with it"

# ---- A figure that moves ------------------------------------------------------------

copy_kept
append chapters/beta.md '![The error, [if you drag]{.try}.](../figures/alpha_move.gp)'
make_pages alpha.html beta.html
report $? "a figure that moves is made"
holds beta.html '<a href="source/live/alpha_move.c.html#L-1">' "its code is under it"
lacks beta.html 'data-live|live.js' "it stands still where no module was compiled"
mkdir build/book/live && touch build/book/live/alpha_move.js chapters/beta.md
make_pages alpha.html beta.html
holds beta.html 'data-sliders="factor q|0.1|0.9|0.5|8|even"' "the page knows its sliders"
holds beta.html 'data-plots="0:2 0:1"' "and which columns each plot shows"
grep -qE 'data-axes="[0-9.]+ [0-9.]+ 0 2 0;[0-9.]+ [0-9.]+ 0.1 1 1"' build/book/beta.html
report $? "and where its axes are"
holds beta.html '<script defer src="live/alpha_move.js"></script>' "and loads its module"
lacks alpha.html 'live.js' "a page without such a figure loads nothing for it"

# ---- More lectures, and courses: files alone ------------------------------------------

# A lecture of three rows, a course of one chapter for it, and the whole book with both.
another() {
    {
        printf '# %s: %s\n' university There course Thirds number 2 about 'On thirds'
        printf 'slide\ttitle\tassertion\tkind\tchapter\tnote\tanswered_by\n'
        printf '1\tOne\tWhat halves $e$.\tclaim\talpha\t\tal_rate\n'
        printf '2\tTwo\tWhat does not.\tclaim\t-\t\topen\n'
        printf '3\tThree\tThanks.\tmotivation\t-\tmanners\t-\n'
    } >lectures/TEST-2.tsv
    mkdir -p courses/short
    printf '%s\n' --- 'title: A short course' 'lectures: TEST-2' --- '' \
        '::: {.sample #sample claim="al_rate"}' ::: '' '# Week 1' '' \
        '- [Alpha](../../chapters/alpha.md)' >courses/short/book.md
}

short=../courses/short/book
copy_kept
another
make_book
holds index.html 'concordance-TEST-2.html">There, Thirds, lecture 2</a>' \
    "a lecture is added by its file"
holds concordance-TEST-2.html '#slide-2" class="open" title="Slide 2: open"' "and has its page"
holds alpha.html 'There, Thirds, lecture 2, slide <a href="concordance-TEST-2.html#slide-1">' \
    "and its chapters speak of it"
make_book COURSE=short
report $? "a course is made from the same chapters"
holds $short/index.html '<span class="number">1</span><a href="alpha.html">' "in its order"
holds $short/index.html '>There, Thirds, lecture 2, slide 1</a></p> <p>What halves' \
    "with a claim beside its own slide"
holds $short/index.html 'id="grade-identity"' "and with what is said for all courses"
holds $short/alpha.html 'and the appendix shows the rest' \
    "what leads out of a course is no link"
[ ! -e build/courses/short/book/concordance-TEST-1.html ] &&
    [ ! -e build/courses/short/book/beta.html ] && [ -e build/book/beta.html ]
report $? "it has its lectures and its chapters alone, and the book has all"
! make_book COURSE=long && grep -qF 'there is no course "long"; there are: short' log
report $? "a course that there is not"

# stops_course WHAT MESSAGE COMMAND...: after the command that course stops with that line.
stops_course() {
    copy_kept
    another
    what=$1 message=$2
    shift 2
    "$@"
    ! make_book COURSE=short && grep -qxF -- "$message" log
    report $? "$what stops it"
}

stops_course "a chapter that there is not" \
    "courses/short/book.md:11: there is no chapters/gone.md" \
    edit s/alpha.md/gone.md/ courses/short/book.md
stops_course "a lecture that there is not" \
    "book: courses/short/book.md: there is no lectures/TEST-3.tsv" \
    edit s/TEST-2/TEST-3/ courses/short/book.md
stops_course "a course without a title" \
    'courses/short/book.md:1: there is no line "title: ..."' \
    edit '/^title/d' courses/short/book.md
stops_course "a claim that answers none of its slides" \
    "courses/short/book.md:6: al_start answers no slide of a lecture" \
    edit '6s/al_rate/al_start/' courses/short/book.md

echo "1..$count"
[ $failures = 0 ]
