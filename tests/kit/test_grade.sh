#!/bin/sh
# What grading makes of results, records and texts, without compiling anything.  What
# must be compiled is in hostile.sh.
cd "$(dirname "$0")/../.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

# lua STATEMENTS: what they print; the modules of the kit are there by their names.
lua() {
    lua5.4 - "$work" <<END
dofile("tools/path.lua")
files = require "files"
for _, name in ipairs({"bodies", "gate", "gradebook", "lexer", "pages", "reports", "results", "submissions",
                       "transplant"}) do _G[name] = require("kit." .. name) end
work = arg[1]
record = "claim\tc\tidentity\t0\tA sentence\nevidence\tgap\t1\t<=\t2\t1\t0\n" ..
         "control\tworse\t3\t<=\t2\t1\t0\nfinished\nseconds\t0\nverdict\tverified\t\n"
exercises = {{id = "a", file = "a.c", points = 4, graded_by = {"c", "d"}},
             {id = "b", file = "b.c", points = 3, graded_by = {"e"}}}
ada = {student = "ada", timestamp = "now"}
zero = results.zero(exercises, ada)
function full() -- a result in which everything holds
    local result = results.zero(exercises, ada)
    result.state = "graded"
    for _, exercise in ipairs(result.exercises) do
        for _, grader in ipairs(exercise.graders) do grader.holds = true end
    end
    return result
end
function points(measured)
    local result = results.reconcile(zero, measured)
    return ("%g of %g, %s"):format(result.points, result.possible, result.state)
end
$1
END
}

echo 1..51
ok "a record tells that a claim holds" \
    "$(lua 'print(results.read_record(record, "c").holds)')" true
ok "not that another one does" \
    "$(lua 'print(results.read_record(record, "d").holds)')" false
ok "not if it came to its end twice" \
    "$(lua 'print(results.read_record(record .. "finished\n", "c").holds)')" false
for line in finished verdict evidence control; do
    ok "not without its $line" "$(lua 'print(results.read_record(
        record:gsub("'$line'[^\n]*\n", ""), "c").holds)')" false
done
ok "not if a finding went wrong" \
    "$(lua 'print(results.read_record(record:gsub("2\t1", "2\t0"), "c").holds)')" false
ok "not if there is none" "$(lua 'print(results.read_record("", "c").message)')" \
    "it did not run to its end"

# against PATTERN REPLACEMENT: does a record count that differs so from the sound one?
against() {
    lua 'sound = results.read_record(record, "c")
         said = results.read_record((record:gsub("'"$1"'", "'"$2"'", 1)), "c")
         print(results.hold_against(said, sound).holds)'
}
ok "a record like the sound one counts" "$(against 'gap\t1' 'gap\t1.5')" true
ok "also with a limit that was computed in another order" \
    "$(against '<=\t2' '<=\t2.000001')" true
ok "not with another limit" "$(against '<=\t2' '<=\t20')" false
ok "nor one of another sign" "$(against '<=\t2' '<=\t-2')" false
ok "nor with another relation" "$(against '<=' '>=')" false
ok "nor another finding" "$(against gap gaps)" false
ok "nor one more" "$(against '(evidence[^\n]*\n)' '%1%1')" false
ok "nor in another order" "$(against '(evidence[^\n]*\n)(control[^\n]*\n)' '%2%1')" false

ok "all graders hold: all points" "$(lua 'print(points(full()))')" "7 of 7, graded"
ok "no result: none" "$(lua 'print(points(nil))')" "0 of 7, no result"
ok "the result that was written first is none" "$(lua 'print(points(zero))')" \
    "0 of 7, no result"
ok "nor is somebody else's" \
    "$(lua 'r = full() r.student = "bob" print(points(r))')" "0 of 7, no result"
ok "points that were claimed do not count" \
    "$(lua 'r = full() r.points = 99 r.exercises[2].points = 99
            r.exercises[2].graders[1].possible = 99 print(points(r))')" "7 of 7, graded"
ok "an exercise of another name gives none" \
    "$(lua 'r = full() r.exercises[2].id = "a" print(points(r))')" "4 of 7, graded"
ok "nor does a grader that stands twice" \
    "$(lua 'r = full() r.exercises[1].graders[2].name = "c" print(points(r))')" \
    "5 of 7, graded"
ok "nor one more exercise" \
    "$(lua 'r = full() table.insert(r.exercises, r.exercises[1]) print(points(r))')" \
    "0 of 7, no result"

ok "what holds under one seed of three does not hold" "$(lua '
    graders = {{name = "c"}, {name = "d"}}
    for _, holds in ipairs({true, false, true}) do
        results.note(graders, {c = {holds = holds}, d = {holds = true}})
    end
    print(graders[1].holds, graders[2].holds)')" "false	true"

refusal() { # TEXT
    lua "print((select(2, gate.tokens([==[$1]==], {fopen = true}, 1))))"
}
ok "a body may compute" "$(refusal '{ w.at[0] = a[b[1]]; /* asm "#" */ }')" nil
ok "and tell the vectorizer so" "$(refusal '{
#pragma omp simd reduction(+ : sum)
}')" nil
for text in '#include x' 'asm("")' 'fopen("")' '__attribute__' 'x [[a]]' \
    'extern int x;' '_Pragma("")'; do
    ok "it may not: $text" "$(refusal "{ $text }" | cut -c1-9)" "integrity"
done
ok "a literal has an end" "$(refusal '{
 "x }')" "line 2: a literal has no end"
ok "a refusal names the line" "$(refusal '{ /*
*/ asm("") }')" "integrity: line 2: asm has no place in an exercise"
# What was checked is what is compiled: of comments, however they end, nothing is left.
ok "what is compiled are the tokens" "$(lua 'print((gate.tokens(
    "{ x /* \n */ = 1e-5;\n// \r#include <x>\n/* *\\\n/ asm() /**/ y+++z;\n#pragma omp simd\n}",
    {}, 1)))')" "{ x
= 1e-5;


y+++z;
#pragma omp simd
}"
ok "a directive that an honest student writes is no attack" "$(refusal '{
#ifdef DEBUG' | cut -c1-34)" "line 2: #ifdef cannot be used here"

ok "what leans on the rest of its file is told that this is not taken" "$(lua 'print(
    gate.why_not("a.c:3:5: error: '"'x'"' undeclared\n"):match("%(of a file only the body"))')" \
    "(of a file only the body"

# taken C: the helpers that are taken with the body of f, and then the whole as it is
# compiled.
taken() {
    printf 'void f(void)\n{\n}\n' >"$work/book.c"
    printf '%s\n' "$1" >"$work/given.c"
    lua 'book, given = work .. "/book.c", work .. "/given.c"
        exercise = {id = "x", file = book, name = "f"}
        known, text = bodies.find(book), files.read(given)
        taken, problem = transplant.take(exercise, text, bodies.find(given), known)
        taken, problem = gate.tokens_of(taken or error(problem), {})
        source = transplant.put(taken, exercise, files.read(book), known)
        print((source:gsub("#line[^\n]*", ""):gsub("%s+", " ")))'
}
ok "helpers of one line each, one below the other" "$(taken '#include <math.h>
static double sq(double x) { return x * x; }
static double cube(double x) { return sq(x) * x; }
void f(void) { cube(2); }')" " static double sq(double x); static double cube(double x);\
 static double sq(double x) { return x * x; }\
 static double cube(double x) { return sq(x) * x; } void f(void) { cube(2); } "
ok "one of one line that calls itself" "$(taken '
static int deep(int n) { return n > 0 ? deep(n - 1) : 0; }
void f(void) { deep(2); }')" " static int deep(int n);\
 static int deep(int n) { return n > 0 ? deep(n - 1) : 0; } void f(void) { deep(2); } "
ok "two that call each other" "$(taken '
static int odd(int n);
static int even(int n) { return n == 0 || odd(n - 1); }
static int odd(int n)
{ return n != 0 && even(n - 1); }
void f(void) { even(2); }')" " static int even(int n); static int odd(int n);\
 static int even(int n) { return n == 0 || odd(n - 1); }\
 static int odd(int n) { return n != 0 && even(n - 1); } void f(void) { even(2); } "
ok "a brace in quotes is none" "$(lua \
    'print(lexer.closing_brace([[{ char c = "}"[0]; /* } */ } }]], 1))')" 28

mkdir "$work/handed" "$work/handed/ada" "$work/handed/b b" "$work/handed/李明" \
    "$work/handed/bob" "$work/handed/x_7_assignsubmission_file_" "$work/handed/a
b"
tar -czf "$work/handed/bob.tar.gz" -C "$work" handed/ada
touch "$work/handed/cyd.tar.gz" "$work/handed/notes.txt" "$work/handed/.DS_Store"
echo >"$work/handed/eve_1_2_a.c"
echo >"$work/handed/eve_1_3_b.c"
ok "whatever is handed in is a row, by a name of its own" "$(lua '
    for _, one in ipairs(submissions.list(work .. "/handed")) do
        print(one.student, one.id, one.kind or one.problem:sub(1, 16))
    end')" \
    "a?b	a%0Ab	folder
ada	ada	folder
b b	b b	folder
bob	bob	folder
bob.tar.gz	bob.tar.gz	archive
cyd	cyd	it is no archive
eve	eve	files
notes.txt	notes.txt	it is no archive
x_7	x_7	folder
李明	李明	folder"
ok "no name is a formula" "$(lua 'zero.student = "=1+1"
    gradebook.nbgrader(work .. "/f.csv", {results.add_up(zero)})
    print(files.read(work .. "/f.csv"):match("now,([^,]*)"))')" "'=1+1"
ok "pages say what others wrote as they wrote it" "$(lua '
    zero.exercises[1].problem = "<script>[x](y)`"
    zero.exercises[1].name, zero.exercises[1].file, zero.exercises[1].number = "f", "f.c", "1"
    zero.exercises[2] = nil
    print(pages.student(results.add_up(zero), {}, {}):match("No points: [^\n]*"))')" \
    'No points: &lt;script&gt;[x](y)`.</p>'
ok "what is no text becomes text" "$(lua 'print(files.plain("a\255\27[b…c\0"))')" \
    "a??[b???c?"
ok "which has an end" "$(lua 'print(utf8.len(files.plain(("ä"):rep(5000))))')" 1000
ok "and may be long enough" "$(lua 'print(#files.plain(("b"):rep(2000)))')" 2000
ok "the table has nbgrader's columns" "$(lua '
    gradebook.nbgrader(work .. "/grades.csv", {results.reconcile(zero, full())})
    print((files.read(work .. "/grades.csv")))')" \
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,\
late_submission_penalty,score,max_score
measured-descent,,now,ada,,,,7,0,7,7"
exit $failed
