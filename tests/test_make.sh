#!/bin/sh
# What the Makefile and bootstrap promise on machines that this one is not.
. "$(dirname "$0")/tap.sh"
root=$(cd "$(dirname "$0")/.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit
unset MAKEFLAGS MAKELEVEL CFLAGS WERROR SANITIZE DENSE REAL
mkdir -p bin ref/ground
cp -r "$root"/Makefile "$root"/tools .
cp "$root"/kit.mk . 2>/dev/null # of a tree of exercises
cp "$root"/ref/ground/arena.[ch] "$root"/ref/ground/real.h ref/ground

echo 'it: ; @echo $(filter -j%,$(MAKEFLAGS)) X=$(X) $$LC_ALL' >it.mk

# said ARGUMENT...: what make says of itself, with these arguments.
said() {
    make -s -f Makefile -f it.mk "$@" it
}

compiles() { # ARGUMENT...: how many files
    make "$@" build/ref/ground/arena.o | grep -c ' cc '
}

echo 1..13
ok "on all cores" "$(said)" "-j$(nproc) X= C.UTF-8"
ok "also with a variable" "$(said X=y)" "-j$(nproc) X=y C.UTF-8"
ok "a number of jobs is kept" "$(said -j3 X=a-j)" "-j3 X=a-j C.UTF-8"
ok "no locale of the reader's is" "$(LC_ALL=tr_TR.UTF-8 said)" "-j$(nproc) X= C.UTF-8"

ok "a file is compiled" "$(compiles)" 1
ok "and not again" "$(compiles)" 0
ok "but under other flags" "$(compiles CFLAGS=-O0)" 1
ok "which come last" "$(sed 's/.* -fopenmp-simd .* //' build/flags)" "-O0"
ok "and not where a warning becomes an error" "$(compiles CFLAGS=-O0 WERROR=1)" 0

mkdir foreign
for tool in sh grep getconf; do ln -s "$(command -v $tool)" foreign; done
printf '#!/bin/sh\n' >foreign/brew && chmod +x foreign/brew
PATH=$tree/foreign sh "$root/bootstrap" --dry-run >said 2>&1
ok "where there is no apt, bootstrap stops" "$?" 1
ok "and says that the names which it has are untried" \
    "$(sed -n '1p; 2s/ gcc.*//p' said | tr '\n' ' ')" \
    "bootstrap: no apt here.  These names are untried: brew install "

printf '#!/bin/sh\necho 4\n' >bin/cc32 # the size of a pointer
printf '#!/bin/sh\necho 32\n' >bin/getconf
chmod +x bin/*
PATH=$tree/bin:$PATH
ok "a 32-bit compiler is refused" "$(make CC=cc32 2>&1 | sed 's/^Makefile:[0-9]*: //')" \
    "*** this needs a 64-bit machine: Random123 multiplies 64 by 64 bits to 128.  Stop."
ok "so is a 32-bit system" "$(sh "$root/bootstrap" --dry-run 2>&1)" \
    "bootstrap: this needs a 64-bit machine: Random123 multiplies 64 by 64 bits to 128"
exit $failed
