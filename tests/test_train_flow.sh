#!/bin/sh
# What `make train-flow` promises: a law has its own file, a run knows its recipe, two do
# not meet, and how it ended is in the status.
. "$(dirname "$0")/tap.sh"
cd "$(dirname "$0")/.." || exit
build=$(cd "${BUILD:-build}" && pwd) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# run STATUS... : the program, quietly; its status.
run() {
    "$build/programs/train_flow" "$@" >"$work/out" 2>"$work/err"
    echo $?
}

echo 1..11
run gaussians "$work/flow" 4 >/dev/null
cp "$work/flow" "$work/gaussians"
ok 'another law on the same file' "$(run moons "$work/flow" 4)" 0
ok 'is said by name' "$(sed -n 1p "$work/err" | grep -o '"[a-z]*:' | tr -d '\n')" '"gaussians:"moons:'
ok 'and loses nothing' "$(cmp "$work/flow.other" "$work/gaussians" && echo same)" same
run moons "$work/fresh" 4 >/dev/null
ok 'and is trained from its start' "$(cmp "$work/flow" "$work/fresh" && echo same)" same
ok 'fewer iterations than are done' "$(run moons "$work/flow" 3)" 1
ok 'are said' "$(grep -c '4 iterations.* not of .* 3 iterations' "$work/err")" 1
ok 'a result that cannot be written' \
    "$("$build/programs/train_flow" moons "$work/flow" 4 2>/dev/null >/dev/full; echo $?)" 1
ok 'a law that does not exist' "$(run 'moons; x' "$work/flow")" 2
ok 'no number' "$(run moons "$work/flow" '')" 2

# Two at once: one of them trains.
"$build/programs/train_flow" moons "$work/two" 30 2>/dev/null >/dev/null &
while [ ! -e "$work/two" ]; do sleep 0.01; done
ok 'a second run on the file' "$(run moons "$work/two" 30)" 1
wait
run moons "$work/one" 30 >/dev/null
ok 'leaves it as one run would' "$(cmp "$work/two" "$work/one" && echo same)" same
exit $failed
