#!/bin/sh
# fuzz.sh -- runs each harness of fuzz/ for FOR seconds, 60 unless the environment says
# otherwise, side by side on all cores; see tools/fuzz.mk.
#
#   fuzz.sh BUILD [HARNESS]
#
# It begins with the files of fuzz/corpus/HARNESS and with what earlier runs found, in
# BUILD/fuzz/corpus/HARNESS.  A file that crashes a reader is left in BUILD/fuzz: once
# that is mended, it belongs into fuzz/corpus.
set -u
build=$(cd "$1" && pwd) || exit
seconds=${FOR:-60}

stop() {
    echo "fuzz: $1" >&2
    exit 2
}
case $seconds in
*[!0-9]* | 0* | ??????*) stop "FOR must be 1 to 99999 seconds, got \"$seconds\"" ;;
esac

if [ $# = 1 ]; then
    lua5.4 fuzz/readers.lua "$seconds" &
    for harness in fuzz/*.c; do basename "$harness" .c; done |
        xargs -P "$(nproc)" -n 1 sh "$0" "$build"
    failed=$?
    wait $! && exit $failed
    exit 1
fi

harness=$2
given=$PWD/fuzz/corpus/$harness
found=$build/fuzz/corpus/$harness
log=$build/fuzz/$harness.log
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) || exit # better in memory
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$found"
cd "$work" || exit
# The runner leaves it to the system to free what it holds at its end.
export ASAN_OPTIONS=detect_leaks=0
if "$build/fuzz/$harness" -max_total_time="$seconds" -max_len=4096 -timeout=20 \
    -detect_leaks=0 -close_fd_mask=1 -print_final_stats=1 \
    -artifact_prefix="$build/fuzz/$harness-" "$found" "$given" >"$log" 2>&1; then
    runs=$(sed -n 's/^#\([0-9]*\).*DONE *cov: \([0-9]*\).*/\1 runs, \2 edges/p' "$log")
    echo "$harness: $runs, no crash"
else
    grep -e 'not so:' -e '^SUMMARY' -e 'Test unit written' "$log" |
        sed "s/^/$harness: /" >&2
    stop "$harness failed; see $log"
fi
