#!/bin/sh
# What `make sweep` promises, where there is MPI: the number of ranks, their deaths and
# the run's do not show in the table.  KILLS=n kills so often; tests/programs/
# test_handout.c tests the same without MPI.
cd "$(dirname "$0")/.." || exit
unset MAKEFLAGS MAKELEVEL GRID RANKS
. tests/tap.sh
if ! command -v mpicc >/dev/null || ! command -v mpirun >/dev/null; then
    echo 1..2
    ok 'without MPI, make sweep says what it needs' "$(make -s sweep 2>&1 | sed -n 1p)" \
        'make sweep needs MPI; on Debian: ./bootstrap --sweep'
    echo 'ok 2 - nothing else of a sweep # SKIP there is no MPI: ./bootstrap --sweep'
    exit $failed
fi
build=$(cd "${BUILD:-build}" && pwd) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
grid=$work/a.grid table=$work/a.table

put() { # LINE: the grid, with that line added
    printf '%s\n' 'sweep feature' 'seed 1' 'rho 0.1 10' 'L 1 2' 'n 32' 'data 0..2' \
        'start 0..1' "$1" >"$grid"
}
sweep() { # RANKS: leaves out, err, status
    GRID=$grid RANKS=$1 timeout -k 5 100 make -s sweep >"$work/out" 2>"$work/err"
    status=$?
}
check() { # RANKS: the same, of what make sweep asks before it begins
    timeout 100 "$build/programs/sweep" --check "$grid" "$1" >"$work/out" 2>"$work/err"
    status=$?
}
said() { sed -n "s,$work/,,; s/^sweep: //p" "$work/err"; }

# All processes that have the grid as a word, or of these only the ranks.
processes() {
    echo "$grid" >"$work/word" # which grep itself shall not have as one
    grep -lzxF -f "$work/word" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3
}
ranks() {
    for id in $(processes); do
        case $(readlink "/proc/$id/exe") in */programs/sweep) echo "$id" ;; esac
    done
}
random() { # BELOW
    echo $(($(od -An -N2 -tu2 /dev/urandom) % $1))
}

# Begins a sweep, and kills one rank or all that belongs to it, at any time after the
# first cell was taken.
disturb() { # one|all
    sweep 3 &
    tries=0
    until [ -e "$work/a.cells/state" ] || [ -e "$table" ] || [ $tries = 3000 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
    sleep "0.$(random 4)$(random 10)"
    case $1 in
    one) ids=$(ranks | sed -n "$((1 + $(random 3)))p") ;;
    all) ids=$(processes) ;;
    esac
    kill -9 $ids 2>/dev/null && killed=$((killed + 1))
    wait
}

echo 1..16
put 'm 4 8 16'
sweep 1
ok 'one rank' "$status $(tail -n 1 "$work/out")" "0 72 cells in $table"
mv "$table" "$work/one"
for many in 2 4; do
    sweep $many
    ok "the same bytes from $many" "$status$(cmp "$work/one" "$table" 2>&1)" 0
    rm "$table"
done

killed=0 same=0 kills=${KILLS-2}
for kill in $(seq "$kills"); do
    rm -f "$table"
    if [ $((kill % 2)) = 0 ]; then disturb one; else disturb all; fi
    sweep 2
    cmp -s "$work/one" "$table" && same=$((same + 1))
done
ok "after $kills kills, of a rank or the run" "$same" "$kills"
echo "# $killed of them met a process"
ok 'nothing is left running' "$(processes)" ''
ok 'nor lying there' "$(ls "$work" | tr '\n' ' ')" 'a.grid a.table err one out word '

head -c 20000 "$work/one" >"$table"
sweep 2
ok 'a truncated table is made whole' "$status$(cmp "$work/one" "$table" 2>&1)" 0
put 'm 4 8'
sweep 2
ok 'a table of another grid is refused' "$status $(said)" \
    '2 a.table: is of another grid or seed; move it away to begin anew'
ok 'and left alone' "$(cmp "$work/one" "$table" 2>&1)" ''
rm "$table"
put 'm 4 nan'
check 2
ok 'a bad grid' "$status $(said)" '1 a.grid:8: m: "nan" is no finite number'
put 'm 4 8'
truncate -s -2 "$grid"
check 2
ok 'a truncated grid' "$status $(said)" \
    '1 a.grid:8: ends in the middle of a line: the file is not whole'
put 'm 4'
check two
ok 'no number of ranks' "$status $(said)" '1 RANKS must be a whole number from 1 on'
touch "$work/a.cells"
check 2
ok 'no folder for the cells' "$status $(said)" '1 a.cells: cannot be read: Not a directory'
rm "$work/a.cells"
grid="\$(touch $work/hacked)'; touch $work/hacked; '.grid"
sweep 1
ok 'a name is no command' "$status$(ls "$work/hacked" 2>&1 >&-)" \
    "2ls: cannot access '$work/hacked': No such file or directory"

ok 'without MPI it is said' "$(make -s sweep MPICC=none 2>&1 | sed -n 1p)" \
    'make sweep needs MPI; on Debian: ./bootstrap --sweep'
mkdir "$work/ü ß"
grid="$work/ü ß/a.grid"
put 'm 4'
env -i PATH="$PATH" GRID="$grid" RANKS=2 ${CC:+CC="$CC"} ${CFLAGS:+CFLAGS="$CFLAGS"} \
    ${DENSE:+DENSE="$DENSE"} ${SANITIZE:+SANITIZE="$SANITIZE"} make -s sweep \
    >"$work/out" 2>&1
ok 'nothing else in the environment, a path with blanks' "$? $(tail -n 1 "$work/out")" \
    "0 24 cells in $work/ü ß/a.table"
exit $failed
