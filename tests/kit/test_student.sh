#!/bin/sh
# What `make exercises` promises, and what a student can do without compiling anything.
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL PICK EX SEED STUDENT
cd "$root" && tar -c --exclude=./build --exclude=./.git . | tar -x -C "$work" || exit
cd "$work" || exit
# What a body may call is found out from the book's own objects, if OBJECTS names them.
mkdir -p build/kit && cp -R "$root/build/ref" build && cp "$root/build/kit/names" build/kit
sound=$(cat ref/gradient_descent.c)
line=$(grep -n '^void gd_step(' ref/gradient_descent.c | cut -d: -f1)

. tests/tap.sh

exercises() { # PICK
    PICK=$1 lua5.4 tools/exercises.lua build 2>&1
}

student() { # COMMAND [EX]
    (cd build/exercises/student && lua5.4 tools/kit/student.lua "$1" build "$2" 2>&1)
}

echo 1..31
ok "an exercise is chosen by its name" "$(exercises ex_gd_step)" \
    "1 exercises, 4 points: build/exercises/student and build/exercises/instructor"
ok "its body has become one line" \
    "$(diff ref/gradient_descent.c build/exercises/student/ref/gradient_descent.c |
        grep -c '^>.*exercise ex_gd_step is not solved yet')" 1
ok "there are no solutions in the student's chapters" \
    "$(grep -rl '::: *solution$\|\.solution' build/exercises/student/chapters)" ""
ok "the instructor has them" \
    "$(grep -c '::: solution' build/exercises/instructor/chapters/gradient_descent.md)" \
    "$(grep -c '::: solution' chapters/gradient_descent.md)"
ok "what makes exercises is not given away" \
    "$(ls build/exercises/student/tools/exercises.lua 2>/dev/null)" ""
ok "there is an archive of each" "$(cd build/exercises && ls -- *.tar.gz)" \
    "instructor.tar.gz
student.tar.gz"
ok "the tree itself stays as it is" "$(cat ref/gradient_descent.c)" "$sound"

ok "the exercise is listed" "$(student list | sed -n 2p)" \
    "  1.1   ex_gd_step                   implement   4 points  open"
ok "the next one is told, with the line" "$(student next | tail -1)" \
    "Write gd_step, in ref/gradient_descent.c:$line; then: make check EX=ex_gd_step"
ok "a hint" "$(student hint ex_gd_step | cut -c1-12)" "Hint 1 of 1:"
ok "nothing written yet" "$(student check ex_gd_step; echo $?)" \
    "ex_gd_step: still to be written, in ref/gradient_descent.c:$line
1"
ok "no such exercise" "$(student check ex_gdstep; echo $?)" \
    "exercises: no exercise ex_gdstep; the nearest: ex_gd_step
2"
ok "no exercise named" "$(student hint; echo $?)" \
    "exercises: say which: make hint EX=ex_gd_step
2"
# What EX= holds is data, from the command line or the environment.
for nasty in "'; touch hacked; echo '" '$(shell touch hacked)`touch hacked`' \
    'ex_gd_step
touch hacked'; do
    for goal in hint check; do
        ok "EX= runs nothing: make $goal EX=$(echo "$nasty" | tr '\n' ' ')" "$(
            cd build/exercises/student
            make -o build/check $goal EX="$nasty" 2>&1 | grep -v '^make' | cut -c 1-21
            EX=$nasty make $goal 2>&1 | grep -v '^make' | cut -c 1-21
            ls hacked 2>/dev/null)" "exercises: EX takes a
exercises: EX takes a"
    done
done
cp ref/gradient_descent.c build/exercises/student/ref
ok "what is written is seen" "$(student list | sed -n 2p)" \
    "  1.1   ex_gd_step                   implement   4 points  begun"
ok "it can be taken back" "$(student reset ex_gd_step)" \
    "ex_gd_step is as it was given; yours is kept in .kit/backup/ref_gradient_descent.c.1"
ok "and what was written is kept" \
    "$(cat build/exercises/student/.kit/backup/ref_gradient_descent.c.1)" "$sound"
ok "a submission is the student's files alone" \
    "$(STUDENT=ada student submit && tar -tzf build/exercises/student/submission.tar.gz |
        grep -v '/$' | sort)" \
    "submission.tar.gz: 1 files, as ada (another name: STUDENT=…)
submission/ref/gradient_descent.c
submission/submission.json"

# What compiles here and not where it is graded is told before.
sed '/^void gd_step(/,/^}/d' ref/gradient_descent.c >"$work/others.c"
submitted() { # BODY [BEFORE IT]: of gd_step, what submit says of it
    printf '%s\n%s\n{\n    assert(w.n > 0);\n    %s\n}\n' "$2" \
        'void gd_step(struct quadratic q, double alpha, vec w, vec grad)' "$1" |
        cat "$work/others.c" - >build/exercises/student/ref/gradient_descent.c
    student submit | sed -n 's/^ex_gd_step will earn nothing: //p' | sed 's/.*error: //'
}
ok "a body will be taken, with its assert" \
    "$(submitted 'gd_update(alpha, grad, w); own(w);' 'static void own(vec w) { (void)w; }
')" ""
ok "a call of what is not offered will not" "$(
    submitted 'w.at[0] = strtod("1", NULL);' | cut -d' ' -f1-5)" "strtod cannot be used here:"
ok "a macro will not" "$(submitted 'w.at[0] = HALF;' '#define HALF 0.5
' | sed 's/ (first.*//')" "‘HALF’ undeclared"
ok "nor a function that is not static" "$(submitted 'own(w);' 'void own(vec w) { (void)w; }
')" "own is not static; a function of your own must be"

ok "any function with claims behind it is an exercise" \
    "$(exercises wolfe >/dev/null; student list | sed -n 2p | cut -c1-46)" \
    "  -     ex_fn_wolfe                  implement"
ok "a chapter" "$(exercises mlp | sed 's/:.*//')" "7 exercises, 27 points"
ok "neither one nor the other" "$(exercises gd_stp; echo $?)" \
    "exercises: no exercise, chapter or function gd_stp; the nearest: gd_step
2"
printf '\n/* quadratic_gradient(q, w, grad); gd_update(alpha, grad, w); */\n' >>ref/ground/ode.h
ok "a leak that was planted is found" "$(exercises ex_gd_step | sed 's/:[^:]*$//')" \
    "exercises: the body of ex_gd_step can be read in ./ref/ground/ode.h"
exit $failed
