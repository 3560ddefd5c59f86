#!/bin/sh
# What the fence sees: each way in which C touches memory, where it may and where not.
#
#   COMPILE=… FENCE=… LIBS=… BUILD=build test_fence.sh
#
# as `make check-exercises` says it.  Without a fence there is nothing to test.
. tests/tap.sh
build=${BUILD:-build}
if [ -z "$FENCE" ]; then
    echo 1..0
    exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What stands behind the fence of the book: what fence_calls.c calls.
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
