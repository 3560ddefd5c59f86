#!/bin/sh
# The rules of the house: kept by this tree, and broken by one in which each is broken.
cd "$(dirname "$0")/.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

lua5.4 tools/rules.lua >"$work/rules"
ok "the tree keeps the rules" "$(grep '^not ok' "$work/rules")" ""
ok "all of them were looked at" "$(grep -c -e '^ok' -e '^# not kept' "$work/rules")" 12

root=$PWD
cd "$work" && mkdir -p ref/ground proofs_numeric tests || exit
ln -s "$root/tools" tools
ln -s "$root/tools/book.ctags" book.ctags
cat >book.md <<'END'
| stem | prefix |
|---|---|
| `early` | `ea` |
| late | `la_` |

[Early](chapters/early.md), [Late](chapters/late.md)
END
echo 'void la_step(double rate);' >ref/late.h
printf '#include "late.h"\nvoid ea_go(int n, double *x)\n{\n    (void)n, (void)x;\n}\n' \
    >ref/early.c
printf 'static void own(void) {}\nvoid la_step(double alpha) {}\nvoid bare(void) {}\n' \
    >ref/late.c
echo '#include "late.h"' >ref/ground/dense.c
lines() { yes '    ;' | head -n "$1"; }
{ printf 'void la_long(void)\n{\n' && lines 500 && echo '}'; } >>ref/late.c
{
    printf '\nCLAIM(la_short, IDENTITY, "So")\n{\n}\n'
    printf '\nLONG_CLAIM(wrong, RATE,\n      "%s "\n      "%s")\n{\n' \
        "$(printf '%050d' 0)" "$(printf '%050d' 0)"
    lines 800
    echo '}'
} >proofs_numeric/late.c
mkdir -p proofs_numeric/ground
{ printf 'static void t(void)\n{\n' && lines 60 && echo '}'; } >proofs_numeric/ground/slow.c

# broken: the faults that are found, with their places.
broken() { lua5.4 tools/rules.lua --all "$@" | sed -n 's/^not ok [0-9]* - //p'; }
broken >found
while read -r fault; do
    ok "found: $fault" "$(grep -xF -e "$fault" found)" "$fault"
done <<'END'
ref/ground/dense.c:1: the ground includes a room, ref/late.h
ref/early.c:1: ref/late.h is of a later room
ref/late.c:3: bare has not the prefix la_
proofs_numeric/late.c:6: wrong has not the prefix la_
ref/late.h:1: la_step(double rate), but ref/late.c:2 has (double alpha)
proofs_numeric/late.c:6: wrong has 805 lines
ref/late.c:4: la_long has 503 lines
proofs_numeric/ground/slow.c:1: t has 63 lines
ref/late.c:1: 506 lines
proofs_numeric/late.c:1: 810 lines
proofs_numeric/late.c:6: the title of wrong has 101 letters
END
ok "and nothing else" "$(wc -l <found)" 11
ok "of one chapter, only its own" "$(broken early)" \
    "ref/early.c:1: ref/late.h is of a later room"

echo "1..$count"
exit $failed
