#!/bin/sh
# What `make mutants` promises, on a tree of two functions of which one is checked.
. "$(dirname "$0")/tap.sh"
mutants=$(cd "$(dirname "$0")/.." && pwd)/tools/mutants.lua
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit
unset FILE N SEED MAKEFLAGS MAKELEVEL

mkdir ref
cat >ref/pair.h <<'END'
struct pair { int rows, cols; };
void say(const char *text, char a, char b);
double checked(struct pair p, double x, double y);
int unchecked(int x);
END
cat >ref/checked.c <<'END'
#include "pair.h"
#define LIMIT \
    (10 - 1)
/* Not - a + place. */
double checked(struct pair p, double x, double y)
{
    say("one - \"two\"", '\'', '-'); // < three
    if (p.cols > 0x0F && !p.rows)
        x = -y;
    return 1e-3 * x;
}
END
cat >ref/unchecked.c <<'END'
#include "pair.h"
int unchecked(int x) { return x + 0; }
END
cat >check.c <<'END'
#include "pair.h"
static int said;
void say(const char *text, char a, char b) { said = *text + a + b; }
int main(void)
{
    struct pair p[] = {{0, 15}, {0, 16}, {1, 16}};
    return checked(p[0], 2, 3) != 2e-3 || checked(p[1], 2, 3) != -3e-3 ||
           checked(p[2], 2, 3) != 2e-3 || !said;
}
END
cat >Makefile <<'END'
CFLAGS = -O2 -Wall -Wextra -Werror -Iref
check: ; @$(CC) $(CFLAGS) check.c ref/*.c -o run && ./run
END
sound=$(cat ref/*)

lua5.4 "$mutants" --list ref/checked.c >list
changes() { # LINE: what may become of it
    sed -n "s/^$1: .* → //p" list
}

echo 1..11
ok "comments and directives stay as they are" "$(changes '[1-4]')" ""
ok "quotations do too, but the call may go" "$(changes 7)" "{} // < three"
ok "comparisons, connectives, fields, numbers and negations" "$(changes 8)" \
    "if (p.rows > 0x0F && !p.rows)
if (p.cols >= 0x0F && !p.rows)
if (p.cols > (0x0F + 1) && !p.rows)
if (p.cols > 0x0F || !p.rows)
if (p.cols > 0x0F && p.rows)
if (p.cols > 0x0F && !p.cols)"
ok "variables of one type, a statement, a sign" "$(changes 9)" "y = -y;
{}
x = y;
x = -x;"
ok "an exponent belongs to its number" "$(changes 10)" "{}
return (1e-3 / 2) * x;
return 1e-3 / x;
return 1e-3 * y;"

said=$(FILE=ref/checked.c N=4 lua5.4 "$mutants")
ok "caught by the checks" "$? $said" \
    "0 ref/checked.c                    4 of   4 caught"

said=$(FILE=ref/unchecked.c lua5.4 "$mutants")
ok "what survives is shown; what compiles to the same or not at all is not counted" \
    "$? $said" "1 survived: ref/unchecked.c:2: int unchecked(int x) { return x + 0; }
    → int unchecked(int x) { return x + (0 + 1); }
ref/unchecked.c                  0 of   1 caught: too few"
ok "the report" "$(tr -d '\n ' <build/mutants.json)" "$(tr -d '\n ' <<'END'
{"schema": 1, "seed": 1, "files": [{"file": "ref/unchecked.c", "mutants": 1,
 "caught": 0, "survivors": [{"line": 2, "from": "int unchecked(int x) { return x + 0; }",
                "to": "int unchecked(int x) { return x + (0 + 1); }"}]}]}
END
)"
ok "the tree itself is left whole" "$(cat ref/*)" "$sound"

said=$(FILE=ref/unchequed.c lua5.4 "$mutants" 2>&1)
ok "a file that is not there" "$? $said" \
    "2 mutants: no file ref/unchequed.c; the nearest: ref/unchecked.c"

echo 'check: ; false' >Makefile
said=$(FILE=ref/checked.c N=1 lua5.4 "$mutants" 2>&1)
ok "checks that fail before anything is broken" "$? $said" \
    "2 mutants: the checks fail before anything is broken: see build/mutants/0.log"
exit $failed
