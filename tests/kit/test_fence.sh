#!/bin/sh
# What the fence sees: each way in which C touches memory, where it may and where not.
#
# For `make check-exercises`, which says how to compile, in COMPILE, FENCE, FENCED,
# SECTIONS, OBJECTS and LIBS.  Without a fence there is nothing to test.
. tests/tap.sh
build=build
if [ -z "$FENCE" ]; then
    ok "there is no fence here" "" ""
    exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$COMPILE -w $FENCE -c tests/kit/fence/touches.c -o "$work/touches.o" &&
    objcopy $SECTIONS --redefine-syms="$build/kit/names" "$work/touches.o" || exit
$COMPILE "$work/touches.o" $FENCED $OBJECTS $LIBS -o "$work/touches" || exit
"$work/touches" >"$work/said"
ok "each way of touching memory was tried" "$(wc -l <"$work/said")" \
    "$((2 * $(grep -o 'op([a-z_]*)' tests/kit/fence/touches.c | sort -u | grep -vc 'op(name)')))"
while read -r said; do
    case $said in
    *lent*) ok "$said" "${said##*, }" passes ;;
    *) ok "$said" "${said##*, }" "is stopped" ;;
    esac
done <"$work/said"
exit $failed
