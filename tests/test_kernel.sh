#!/bin/sh
# Which kernel of OpenBLAS multiplies: the best that the processor can run where the
# library passes it over, and never another than the user's.
cd "$(dirname "$0")/.." || exit
build=$(cd "${BUILD:-build}" && pwd) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset OPENBLAS_CORETYPE
. tests/tap.sh

# An OpenBLAS that knows none of today's processors.
cat >"$work/old.c" <<'END'
#include <stdlib.h>
char *openblas_get_corename(void)
{
    char *said = getenv("OPENBLAS_CORETYPE");
    return said ? said : "Prescott";
}
END
cc -shared -fPIC "$work/old.c" -o "$work/old.so" || exit

named() { # [VARIABLE=VALUE...]: the kernel in the record of a claim
    env ASAN_OPTIONS=verify_asan_link_order=0 "$@" "$build/tests/faulty" "$work" 1 \
        faulty_good
    sed -n 's/^blas	//p' "$work/records/faulty/faulty_good.tsv" |
        sed 's/^OpenBLAS [0-9.]*, /OpenBLAS, /'
}
has() { grep -qsw "$1" /proc/cpuinfo; }

best=Prescott
has avx2 && has fma && best=Haswell
has avx512f && has avx512vl && has avx512bw && has avx512dq && has avx512cd &&
    best=SkylakeX
case $(named) in
plain*) best='plain loops' old='plain loops' ;;
*) best="OpenBLAS, $best kernel" old='OpenBLAS, Prescott kernel' ;;
esac

echo 1..3
ok "a library that is older than the processor is told" \
    "$(named LD_PRELOAD="$work/old.so")" "$best"
ok "but not against the user" \
    "$(named LD_PRELOAD="$work/old.so" OPENBLAS_CORETYPE=Prescott)" "$old"
ok "and the program runs once, and to its end" \
    "$(grep -c verified "$work/records/faulty/faulty_good.tsv")" 1
exit $failed
