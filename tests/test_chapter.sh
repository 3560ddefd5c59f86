#!/bin/sh
# `make chapter`: what it writes compiles, keeps the rules and says what to replace, and
# it writes over nothing.
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" && . tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" && mkdir chapters figures proofs_numeric ref tests || exit
ln -s "$root" tree # by a name without blanks
ln -s tree/tools tree/template .
cat >book.md <<'END'
| stem | prefix |
|---|---|
| `old` | `ol` |

# Part I

1. [Old](chapters/old.md)

# Appendix

1. [Ground](chapters/ground.md)
END

chapter() { # STEM PREFIX
    STEM=$1 PREFIX=$2 TITLE=$3 lua5.4 tools/chapter.lua 2>&1
}

# compiles FILE: by the tree's own headers.
compiles() {
    cc -std=c17 -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror \
        -D_POSIX_C_SOURCE=200809L -fsyntax-only -Iref \
        $(find tree/ref tree/proofs_numeric tree/tests -type d | sed 's/^/-I/') \
        $(pkg-config --cflags check zlib) "$1" 2>&1
}

ok "names in capitals are refused" "$(chapter New ne)" \
    "chapter: say both in small letters: make chapter STEM=batch_norm PREFIX=bn"
ok "a prefix that another room has is refused" "$(chapter new ol)" \
    "chapter: ol is the prefix of old"
chapter new_room nr "A new room" >log
ok "it says what to replace" "$(grep -c 'chapters/new_room.md:.*REPLACE' log)" \
    "$(grep -c REPLACE "$root/template/chapter.md")"
ok "the book has its lines" "$(sed -n 9,10p book.md)" \
    '2. [A new room](chapters/new_room.md)\
   REPLACE: what it shows, in a sentence.'
ok "and says so" "$(grep -c '^book.md:10:.*REPLACE' log)" 1
ok "and its prefix" "$(sed -n 4p book.md)" '| `new_room` | `nr` |'
for file in ref/new_room.c tests/test_new_room.c proofs_numeric/new_room.c; do
    ok "$file compiles" "$(compiles $file)" ""
done
ok "no word of the template is left" \
    "$(grep -rwE 'STEM|PREFIX|TITLE' ref tests proofs_numeric figures chapters)" ""
ok "the rules are kept" \
    "$(lua5.4 tools/rules.lua --all new_room | grep -v '^ok')" "1..12"
ok "nothing is written over" "$(chapter new_room nn)" \
    "chapter: ref/new_room.h is there"

echo "1..$count"
exit $failed
