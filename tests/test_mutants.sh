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
cat >ref/loops.c <<'END'
#include "pair.h"
static int loops(int n, int m)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += i;
    for (int i = m + 1; i < 2 * n && s; i += 8)
        s += i;
    for (int i = n - 1; i >= 0; --i)
        s += i;
    for (int i = n; i-- > m;)
        s += i;
    for (int i = 1; i < n; i *= 2)
        s += i;
    for (; m < n; m++)
        s += m;
    return s;
}
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
all: ;
check: ; @$(CC) $(CFLAGS) check.c ref/*.c -o run && ./run
END

lua5.4 "$mutants" --list ref/checked.c >list
changes() { # LINE: what may become of it
    sed -n "s/^$1: .* → //p" list
}

lua5.4 "$mutants" --list ref/loops.c >list.loops
bounds() { # LINE: the conditions that may break the loop there
    sed -n "s/^$1: .* → for (.*; \(.*[-+] (.*\);.*/\1/p" list.loops |
        grep ' <= \|64\| < 1'
}
rm ref/loops.c
sound=$(cat ref/*)

echo 1..19
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

ok "a loop loses its last round, or its only one" "$(bounds 5)" \
    "i < n - (n > 64)
i < n - (n <= 1)"
ok "in steps, and before a connective" "$(bounds 7)" \
    "i < (2 * n) - ((2 * n) - (m + 1) > 64 * 8 ? 8 : 0) && s
i < (2 * n) - ((2 * n) - (m + 1) <= 8 ? 8 : 0) && s"
ok "down to a bound that is reached" "$(bounds 9)" \
    "i >= 0 + ((n - 1) > 64)
i >= 0 + ((n - 1) < 1)"
ok "down, before the round" "$(bounds 11)" \
    "i-- > m + (n - m > 64)
i-- > m + (n - m <= 1)"
ok "other loops stay as they are" "$(bounds '1[3-6]')" ""

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

said=$(FILE="ref/unchecked.c ref/checked.c" N=1 lua5.4 "$mutants" | grep caught)
ok "two files, and the tree is copied once" "$said" \
    "ref/unchecked.c                  0 of   1 caught: too few
ref/checked.c                    1 of   1 caught"

said=$(FILE=ref/unchequed.c lua5.4 "$mutants" 2>&1)
ok "a file that is not there" "$? $said" \
    "2 mutants: no file ref/unchequed.c; the nearest: ref/unchecked.c"

cat >ref/counted.c <<'END'
#include "pair.h"
int unchecked(int x)
{
    for (int i = 0; i < x; i++)
        say("counted", ' ', ' ');
    return x + 1;
}
END
rm ref/unchecked.c
cat >Makefile <<END
all: ;
check: build/tests/test_counted ; @echo all \$(CHAPTER) >>$tree/order
build/tests/test_counted:
	@mkdir -p build/tests build/claims && touch build/claims/counted
	@echo 'echo own >>$tree/order' >\$@ && chmod +x \$@
END
said=$(FILE=ref/counted.c LOOPS=1 lua5.4 "$mutants")
ok "LOOPS=1 breaks loops and nothing else" "$(echo "$said" | grep -c '→ for') $(
    echo "$said" | tail -n 1)" "2 ref/counted.c                    0 of   2 caught: too few"
rm order
FILE=ref/counted.c N=1 lua5.4 "$mutants" >said
ok "sound by all; then by the file's own test, its chapter's claims, all tests, and all" \
    "$(tr '\n' ' ' <order)" "all own all counted own all "

echo 'check: ; false' >Makefile
said=$(FILE=ref/checked.c N=1 lua5.4 "$mutants" 2>&1)
ok "checks that fail before anything is broken" "$? $said" \
    "2 mutants: the checks fail before anything is broken: see build/mutants/0.log"
exit $failed
