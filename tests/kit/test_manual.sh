#!/bin/sh
# What an instructor gets beside the code: the solution manual and the grading key.
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL PICK
cd "$root" && tar -c --exclude=./build --exclude=./.git . | tar -x -C "$work" || exit
cd "$work" || exit
student=build/exercises/student
instructor=build/exercises/instructor
page=$instructor/solutions.html
key=$instructor/grading_key.tsv

. tests/tap.sh

exercises() { # PICK
    PICK=$1 lua5.4 tools/exercises.lua build 2>&1
    echo $?
}

# The words of the manual, without its marks; a space that must not break is one too.
words() {
    sed 's/<[^>]*>//g; s/\xc2\xa0/ /g' $page |
        sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
}

# says TEXT: the manual holds the text, line for line.
says() {
    case $(words) in *"$1"*) echo yes ;; *) echo no ;; esac
}

# The links of the manual that lead to no name of its own.
dead_links() {
    grep -o ' id="[^"]*"' $page | sed 's/ id="\(.*\)"/href="#\1"/' | sort >names
    grep -o 'href="[^"]*"' $page | grep -v '"https:' | sort -u | grep -vxF -f names
}

# By exercise, where the points of the key are not those of exercises.json.
wrong_points() {
    awk -F'\t' 'NR > 1 { sum[$1] += $8 }
        END { for (id in sum) printf "%s %.6f\n", id, sum[id] }' $key | sort >got
    lua5.4 -e 'local text = io.open(arg[1]):read("a")
        for _, exercise in ipairs(require("dkjson").decode(text).exercises) do
            print(("%s %.6f"):format(exercise.id, exercise.points))
        end' /dev/null $instructor/exercises.json | sort | diff got -
}

echo 1..19
: >solutions.html # as in an instructor's tree, where exercises may be made again
: >grading_key.tsv
step=$(sed -n '/^.. One step on a quadratic/,/^}/p' ref/gradient_descent.c)
ok "of all exercises" "$(exercises "" | tail -1)" 0
ok "the function that solves ex_gd_step is there, with its comment" \
    "$(says "$step")" yes
ok "every exercise has a solution" "$(grep -c 'class="solution"' $page)" \
    "$(grep -c '"id":' $instructor/exercises.json)"
ok "one on paper too" "$(says "this is power")" yes
ok "a claim that grades, and what it gives" "$(says "gd_rate, 2 points")" yes
ok "its sentence" "$(says "Along each eigenvector of")" yes
ok "a unit test that grades" \
    "$(says "Forward moments are sums over all signs")" yes
ok "no link is dead" "$(dead_links)" ""
ok "nothing is fetched" "$(grep -E '<(link|script|img)|url\(|src=|@import' $page)" ""
ok "chapters are linked" "$(grep -c '<li><a href="#gradient_descent"' $page)" 1
ok "the points of the key add up" "$(wrong_points)" ""
ok "on paper, nobody but the instructor grades" "$(grep '^ex_two_thirds' $key)" \
    "$(printf 'ex_two_thirds\tgradient_descent\t1.4\tderive\t\t\t\t3')"
ok "nothing of it is in the student's tree" \
    "$(find $student -name 'solutions*' -o -name '*key*' -o -name '*manual*')" ""
ok "nor in the archive" \
    "$(tar -tzf $student.tar.gz | grep -E 'solutions|key|manual')" ""
ok "nothing else is left" "$(ls build/exercises $instructor | grep -E '\.d$|\.new$')" ""

exercises wolfe >/dev/null
ok "of a bare function" "$(says "static void wolfe(")" yes
ok "one chapter needs no contents" "$(grep -c 'class="margin contents"' $page)" 0

sed -i 's/^Compute the gradient at the old/Compute $\\foo$/' chapters/gradient_descent.md
ok "what is no formula" "$(exercises ex_gd_step | sed 's/manual: .*: no/manual: no/')" \
    "exercises: no solution manual: no formula: \\foo
2"
sed -i 's/graded-by="gd_rate gd/graded-by="gd_wrong gd/' chapters/gradient_descent.md
ok "a grader that is none" "$(exercises ex_gd_step)" \
    "exercises: ex_gd_step names gd_wrong, which is no claim of a chapter and no test
2"
exit $failed
