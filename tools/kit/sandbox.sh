#!/bin/bash
# sandbox.sh -- runs a program where it can do no harm: for grade.lua.
#
#   sandbox.sh UID SECONDS OUTPUT COMMAND...
#
# As root it runs as the user UID, who is nobody else, so that it can neither read what
# is not for everyone nor touch the process of another submission, and what it leaves
# running is ended.  As another user, or if UID is -, it runs as that one.  Always: no
# input, no inherited descriptors, no environment (but TAP, the file where Check's tests
# put their results), and limits on time, memory, files, output and processes.
#
# SECONDS are of the processor's time, for each process: a busy machine takes no points
# away.  Thirty times that on the clock is the end of all, for what sleeps or multiplies.
uid=$1 seconds=$2 output=$3
shift 3

case $uid in # the end of this script ends all that the user runs
- | [1-9]????) ;;
*) echo "sandbox.sh: UID must be - or of five digits, got $uid" >&2 && exit 2 ;;
esac
for fd in /proc/$$/fd/*; do
    fd=${fd##*/}
    [ "$fd" -gt 2 ] && [ "$fd" != 255 ] && eval "exec $fd>&-" # 255 is this script
done
become=
processes=16
if [ "$(id -u)" = 0 ] && [ "$uid" != - ]; then
    become="setpriv --reuid=$uid --regid=$uid --clear-groups --no-new-privs
        --inh-caps=-all --bounding-set=-all"
else # the limit counts all that its user is running
    running=$(find /proc/[0-9]*/task -maxdepth 1 -user "$(id -u)" 2>/dev/null | wc -l)
    processes=$((running + 64))
fi
limits="--core=0 --cpu=$seconds:$((seconds + 1)) --fsize=16777216 --as=1073741824
    --nofile=64 --nproc=$processes"

{
    (
        cd / && exec env -i PATH=/usr/bin:/bin OPENBLAS_NUM_THREADS=1 \
            CK_DEFAULT_TIMEOUT=$((15 * seconds)) ${TAP:+CK_TAP_LOG_FILE_NAME="$TAP"} \
            prlimit $limits timeout -k 1 "$((30 * seconds))" $become "$@"
    ) </dev/null >"$output" 2>&1
    status=$?
} 2>/dev/null # where bash would tell of every signal
[ "$become" ] && $become /bin/sh -c 'kill -KILL -1' 2>/dev/null
exit $status
