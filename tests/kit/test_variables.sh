#!/bin/sh
# What the reader passes to make in a variable is data: whatever stands there, on the
# command line or in the environment, runs nothing, and gets one line.
cd "$(dirname "$0")/../.." || exit
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL CHAPTER CLAIM CONTEST FILE LAW N PICK PYTHON ROUNDS SEED SEEDS \
    SUBMISSIONS
. tests/tap.sh

# Programs are taken as they are.
benches=$(for name in bench/*.c; do echo "-o $build/${name%.c}"; done)
said() { # ARGUMENT...: "STATUS LINES", of make without its own word on it, and the line
    make -s -o all $benches B="$build" "$@" >"$work/out" 2>"$work/err"
    status=$?
    grep -v '^make: ' "$work/err" >"$work/line"
    echo "$status $(wc -l <"$work/line") $(cut -c 1-40 "$work/line" | grep -F "$expected" |
        wc -l)$(ls "$work/hacked" 2>/dev/null)"
}

refused() { # TARGET VARIABLE MESSAGE, of that which $value holds
    expected=$3
    shown=$(echo "$value" | tr '\n#' '  ')
    ok "make $1 $2=$shown" "$(said "$1" "$2=$value")" "2 1 1"
    ok "the same in the environment" "$(export "$2=$value" && said "$1")" "2 1 1"
}

# Every way of running something at once, and a way out of the folder.
value="'\"; touch $work/hacked; \$(shell touch $work/hacked) \$\$(touch $work/hacked)
touch $work/hacked
\`touch $work/hacked\` | touch $work/hacked # ../../x %n \${HOME} \\"
refused check CLAIM 'check: CLAIM must be a name'
refused check CHAPTER 'check: CHAPTER must be a name'
refused check SEED 'check: SEED must be a whole number'
refused check CPU_LIMIT 'check: CPU_LIMIT must be a whole number'
refused soak SEEDS 'check: SEEDS must be a whole number'
refused soak SEED 'check: SEED must be a whole number'
refused train-flow LAW 'usage: train_flow gaussians'
refused train-flow N 'usage: train_flow gaussians'
refused mutants FILE 'mutants: no file'
refused mutants N 'mutants: N must be a whole number'
refused mutants SEED 'mutants: SEED must be a whole number'
refused bench CONTEST 'bench: no contest'
refused bench ROUNDS 'bench: ROUNDS must be a whole number'
refused bench PYTHON 'bench: PYTHON: there is no program'
refused exercises PICK 'exercises: PICK takes names'
refused check-exercises PICK 'exercises: PICK takes names'
refused grade SUBMISSIONS 'exercises: there is no folder'

value=$(echo "$value" | tr '\n' ' ') # of a file, which may have any name
refused train-flow FILE 'train_flow: '

for value in "'; touch $work/hacked; echo '" "\";touch $work/hacked;\"" \
    "\$(touch $work/hacked)" "\$(shell touch $work/hacked)" "\`touch $work/hacked\`" \
    ";touch $work/hacked" "|touch $work/hacked" "x
touch $work/hacked" '../check' 'gd rate' -h %n '$' '\' 'ü' '*'; do
    refused check CLAIM 'check: CLAIM must be a name'
done
value=$(printf '%0100000d' 0)
refused check CLAIM "check: no claim 00"
echo "1..$count"
exit $failed
