#!/bin/sh
# A sheet, the tables that belong to it, and what is written of a class; without compiling
# anything.
cd "$(dirname "$0")/../.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

# lua STATEMENTS: what they print or complain; the modules of the kit are there by name.
lua() {
    lua5.4 - "$work" 2>&1 <<END
dofile("tools/path.lua")
files = require "files"
for _, name in ipairs({"class", "csv", "gradebook", "hand", "late", "overlay", "parallel", "predict",
                       "results", "roster", "sheet", "store", "taking"}) do
    _G[name] = require("kit." .. name)
end
work = arg[1]
$1
END
}

echo 1..52

# ---- The sheet -----------------------------------------------------------------------

sheet() { # TITLE'S ATTRIBUTES  FENCES...
    {
        printf '# Descent {#week_1 %s}\n\n' "$1"
        shift
        printf '%s\n\n' "$@"
    } >"$work/sheet.md"
}
complaint() { lua 'sheet.read(work .. "/sheet.md")' | sed 's,.*/sheet.md,sheet.md,'; }

sheet 'deadline="2026-12-04 23:59" late-days=3 late-penalty=10 roster="class.csv"' \
    '::: {.exercise #ex_gd_step points=6}
:::' '::: {.exercise #ex_own kind="derive" points=4}
Show it.

::: hint
Look.
:::

::: solution
So.
:::

::: rubric
Two for the idea.
:::
:::'
ok "a sheet has a title, a deadline and what being late costs" "$(lua '
    one = sheet.read(work .. "/sheet.md")
    print(one.id, one.title, one.deadline, one.late_days, one.late_penalty, #one.exercises)')" \
    "week_1	Descent	2026-12-04 23:59	3	10	2"
ok "paths are told from where the sheet is" \
    "$(lua 'print(sheet.read(work .. "/sheet.md").roster == work .. "/class.csv")')" true
ok "an exercise of the book keeps what the sheet does not say anew" "$(lua '
    e = sheet.read(work .. "/sheet.md").exercises[1]
    print(e.points, e.file, table.concat(e.graded_by, " "), e.text:sub(1, 5))')" \
    "6	ref/gradient_descent.c	gd_rate gd_fixed_point	Write"
ok "one of one's own has a text, hints, a solution and a rubric" "$(lua '
    e = sheet.read(work .. "/sheet.md").exercises[2]
    print(e.text, e.hints[1], e.solution, e.rubric, e.kind)')" \
    "Show it.	Look.	So.	Two for the idea.	derive"
sheet '' '::: {.exercise #ex_gd_stp}
:::'
ok "a wrong name has a line and the nearest" "$(complaint)" \
    "sheet.md:3: no exercise ex_gd_stp is in the book (the nearest: ex_gd_step); one of your own has a kind, points and a text"
sheet '' '::: {.exercise #ex_gd_step point=3}
:::'
ok "so has a wrong attribute" "$(complaint)" \
    "sheet.md:3: nothing is called point here; the nearest: points"
sheet 'deadline="tomorrow"' '::: {.exercise #ex_gd_step}
:::'
ok "a deadline is a moment" "$(complaint)" \
    'sheet.md:1: a deadline is a day and a time, "2026-12-04 23:59", got "tomorrow"'
sheet '' '::: {.exercise #ex_gd_step points=many}
:::'
ok "points are a number" "$(complaint)" 'sheet.md:3: points must be a number, got "many"'
sheet '' '::: {.exercise #ex_gd_step}
:::' '::: {.exercise #ex_gd_step}
:::'
ok "an exercise stands once" "$(complaint)" "sheet.md:6: ex_gd_step stands twice"
sheet '' '::: {.exercise #ex_gd_step}'
ok "a fence has an end" "$(complaint)" "sheet.md:3: this has no end: :::"
sheet '' 'Nothing.'
ok "there is something to do" "$(complaint)" "sheet.md:1: there is no exercise in it"
printf 'Nothing\n' >"$work/sheet.md"
ok "there is a title" "$(complaint)" "sheet.md:1: it has no title: # Descent {#sheet_1}"
sheet '' '::: {.exercise #ex_own kind="implement" points=2}
Write it.
:::'
ok "what is to be written has a place" "$(complaint)" \
    'sheet.md:3: ex_own: kind="implement" goes with implement="ref/file.c:function"'

sheet '' '::: {.exercise #ex_predict_half number="about three"}
:::'
ok "a number is one, or that of a claim" "$(complaint)" \
    'sheet.md:3: number is a number, or "claim: what of its evidence", got "about three"'

ok "students do not get the numbers" "$(lua 'print(overlay.without_numbers(
    "a\n::: {.exercise #ex_a number=\"gd_rate: gap\" points=2}\n::: {.exercise #ex_b number=3}\n:::"))')" \
    "a
::: {.exercise #ex_a points=2}
::: {.exercise #ex_b}
:::"

# ---- Being late ----------------------------------------------------------------------

rule='rule = {deadline = "2026-12-04 23:59", late_days = 3, late_free = 1, late_penalty = 10}'
for case in "2026-12-04 23:58:59 0 0" "2026-12-04 23:59:00 0 0" "2026-12-04 23:59:01 1 0" \
    "2026-12-06 10:00:00 2 0.8" "2026-12-07 10:00:00 3 1.6" "2026-12-09 10:00:00 5 8"; do
    set -- $case
    ok "handed in $1 $2" "$(lua "$rule
        days = late.days(rule, '$1 $2')
        print(days, ('%g'):format(late.penalty(rule, days, 8)))")" "$3	$4"
done
ok "without a deadline nobody is late" "$(lua 'print(late.days({}, "2026-12-09 10:00:00"))')" 0

# ---- Tables --------------------------------------------------------------------------

printf '\357\273\277id,first_name,last_name,email,number\r\nu1,Jürgen,"Müller, jr.",jm@x.org,12\r\nu2,李,明,lm@x.org,\r\nu3,Ada,Lovelace,ada@x.org,\r\nu4,Ada,Lovelace,al@x.org,\n' \
    >"$work/roster.csv"
ok "a table may have quotes, a mark at its beginning and other ends of lines" "$(lua '
    print(csv.read(work .. "/roster.csv", {"id"})[1].last_name)')" "Müller, jr."
ok "a column that is missing is named" "$(lua 'csv.read(work .. "/roster.csv", {"login"})' |
    sed 's,.*/,,')" "roster.csv has no column login; it has id, first_name, last_name, email, number"
joined() { # STUDENT: whose it is
    lua 'list = {{student = "'"$1"'", timestamp = "2"}}
        roster.join(work .. "/roster.csv", list)
        print(list[1].person and list[1].person.id or "nobody")'
}
for case in u1:u1 JM@x.org:u1 jm:u1 mullerjrjurgen:u1 "Jürgen Müller, jr._77:u1" \
    "who_12:u1" 李明:u2 明李:u2 adalovelace:nobody ada:u3 eve:nobody; do
    ok "who hands in as ${case%%:*}" "$(joined "${case%%:*}")" "${case#*:}"
done
ok "of two submissions the later counts, and who hands in nothing has a row" "$(lua '
    list = {{student = "u1", timestamp = "2"}, {student = "jm", timestamp = "1"}}
    rest = roster.join(work .. "/roster.csv", list)
    print(list[1].superseded, list[2].superseded, #rest)')" "nil	u1	3"

# ---- Numbers and points --------------------------------------------------------------

number() { # ANSWER WITHIN
    lua 'e = {id = "x", within = "'"$2"'"}
        print(predict.judge(e, 0.25, "'"$1"'").holds)'
}
ok "a number may be a fraction" "$(number 1/4 1%)" true
ok "near is near enough" "$(number 0.252 1%)" true
ok "and no nearer than that" "$(number 0.253 1%)" false
ok "a word is no number, nor is a hexadecimal one" "$(number many 1%) $(number 0x1p-2 1%)" \
    "false false"
asked='asked = {{id = "ex_a", points = 4, kind = "derive"}, {id = "ex_b", file = "b.c"}}
    list = {{student = "ada"}, {student = "=1"}}'
ok "the table to be filled has those on paper, and no formula" "$(lua "$asked
    hand.write(work .. '/points.csv', asked, list) io.write(files.read(work .. '/points.csv'))")" \
    "student,ex_a,late_days
ada,,
'=1,,"
printf "student,ex_a,late_days\nada,3.5,1\n'=1,,\n" >"$work/points.csv"
ok "it is read as it is filled" "$(lua "$asked
    given = hand.read(work .. '/points.csv', asked, list)
    print(given.ada.points.ex_a, given.ada.late_days, given['=1'].points.ex_a)")" "3.5	1	nil"
sed -i s/3.5/5/ "$work/points.csv"
ok "no more than there are" "$(lua "$asked hand.read(work .. '/points.csv', asked, list)" |
    sed 's,.*/,,')" 'points.csv: ada gets "5" of 4 points for ex_a'

# ---- What is kept --------------------------------------------------------------------

ok "a key is of all parts, each by itself" "$(lua '
    files.scratch = work
    print(store.key("a", "b") == store.key("a", "b"), store.key("a", "b") == store.key("ab"))')" \
    "true	false"
ok "the same result is the same bytes" "$(lua '
    io.write(require "kit.canonical".encode({b = 1, a = {d = 2, c = 3}, z = 0}, {"z"}))' |
    tr -d '\n ')" '{"z":0,"a":{"c":3,"d":2},"b":1}'
ok "what is kept comes back, and only under its key" "$(lua '
    store.put(work, "k", {points = 3})
    print(store.get(work, "k").points, store.get(work, "l"))')" "3	nil"
ok "whatever becomes of one, the others are done" "$(lua '
    files.scratch = work
    parallel.run("x", {"1", "2", "3"}, "sh -c \"[ \\$0 != 2 ] && touch " .. work .. "/done.\\$0\"", 9)' ;
    cd "$work" && echo done.*)" "done.1 done.3"

# ---- The class -----------------------------------------------------------------------

page() { # PATTERN: what of the page of a class of three fits it
    lua 'e = {{id = "ex_a", points = 4, file = "a.c", graded_by = {"c", "d"}}}
        all, list = {}, {}
        for i, name in ipairs({"ada", "<bob>", "cyd"}) do
            all[i] = results.zero(e, {student = name})
            all[i].exercises[1].graders[1].holds = i > 1
            all[i].exercises[1].graders[2].holds = i > 2
            all[i].exercises[1].graders[1].sentence = "A is B."
            results.add_up(all[i])
            list[i] = {student = name, taken = {exercises = {
                {id = "ex_a", alike = i < 3 and "same" or "other", text = "{ x < y; }"}}}}
        end
        all[1].exercises[1].graders[1].findings = {{what = "gap", role = "evidence",
            measured = "3", relation = "<=", limit = "1", holds = false}}
        print(class.page("Week 1", all, list, {c = "slide 3"}):match("'"$1"'"))'
}
ok "a page of the class tells the average" "$(page '3 submissions[^<]*')" \
    "3 submissions, 2 of 4 points on average."
ok "how points are distributed" "$(page '<td class=.number.>4</td><td[^>]*>(%d)</td>')" 1
ok "which sentence was got wrong" "$(page '<code>c</code> ([^<]*)')" "A is B. (slide 3)"
ok "by which numbers" "$(page 'c: gap[^<]*')" "c: gap 3, to be &lt;= 1"
ok "and who wrote the same" "$(page '<summary>([^/]*)</summary>')" \
    "ex_a: 2, ada, &lt;bob&gt;"
exit $failed
