#!/bin/sh
# What the runner promises: claims that must fail do, each for its own reason, and the
# ledger tells the truth or is left alone.
#
# Each part works in a tree of its own, with one chapter, whose program is
# tests/ground/faulty.c behind a script that lists only some of its claims.
cd "$(dirname "$0")/.." || exit
build=$(cd "${BUILD:-build}" && pwd) || exit
tools=$PWD/tools
mkdir -p "$build/run" # which the next run removes, and what is left in it
trees=$(mktemp -d "$build/run/check.XXXXXX")
trap 'rm -rf "$trees"' EXIT
trap 'exit 1' HUP INT TERM
"$build/tests/faulty" >"$trees/all"
unset CK_DEFAULT_TIMEOUT CK_TAP_LOG_FILE_NAME CPU_LIMIT SEED BUILD MAKELEVEL

# ---- Trees, runs and what is read of them --------------------------------------------

# tree NAME CLAIM...: a tree whose chapter has these claims, and a div for each.
tree() {
    mkdir -p "$trees/$1/build/claims" "$trees/$1/chapters" "$trees/$1/ref"
    cd "$trees/$1" || exit
    ln -sfn "$tools" tools
    shift
    for claim; do
        printf '::: {.claim #%s lecture="L/1 L/2" uses="x"}\nSo.\n:::\n' "$claim"
    done >chapters/faulty.md
    for claim; do grep "^$claim	" "$trees/all"; done >list
    echo '[Faulty](chapters/faulty.md)' >book.md
    echo 'void defined(void) {}' >ref/code.c
    cat >build/claims/faulty <<END
#!/bin/sh
test \$# -gt 0 && exec "$build/tests/faulty" "\$@"
cat list
END
    chmod +x build/claims/faulty
}

# check ARGUMENT...: runs the runner, on the divs as they are; leaves out, err, status.
check() {
    lua5.4 tools/claims.lua >build/divs.tsv
    "$build/check" build "$@" >out 2>err
    status=$?
}

# verdicts: a line "CLAIM VERDICT MESSAGE" for each claim of the ledger.
verdicts() {
    lua5.4 -e '
        local ledger = require "dkjson".decode(io.read "a")
        for _, claim in ipairs(ledger.claims) do
            print(claim.id, claim.verdict, claim.message or "")
        end' <build/ledger.json
}

# ledger EXPRESSION: the value of a Lua expression in `ledger`.
ledger() {
    lua5.4 -e 'ledger = require "dkjson".decode(io.read "a")' \
        -e "print($1)" <build/ledger.json
}

# drawn: the random numbers among the evidence.
drawn() {
    lua5.4 -e '
        local ledger = require "dkjson".decode(io.read "a")
        for _, claim in ipairs(ledger.claims) do
            for _, finding in ipairs(claim.evidence) do
                if finding.limit == 1000 then print(finding.measured) end
            end
        end' <build/ledger.json
}

sums() { cksum build/ledger.json build/evidence/*/*; }

# with TEXT: the processes that have it in their command line; the text reaches grep in a
# file, so that it does not find itself.
with() {
    echo "$1" >pattern
    grep -lsF -f pattern /proc/[0-9]*/cmdline | cut -d / -f 3
}

# all_gone: no process has this tree in its command line, or soon none has.
all_gone() {
    for patience in 1 2 3 4 5 6 7 8 9; do
        test -z "$(with "$PWD")" && return 0
        sleep 0.$patience
    done
    with "$PWD"
    return 1
}

# ---- Assertions ----------------------------------------------------------------------

count=0
failures=0
# t WHAT COMMAND...: a test, which passes if the command succeeds.
t() {
    what=$1
    shift
    count=$((count + 1))
    if "$@" >log 2>&1; then
        echo "ok $count - $what"
    else
        failures=$((failures + 1))
        echo "not ok $count - $what"
        sed 's/^/# /' log out err
    fi
}

is() { test "$1" = "$2" || { echo "$1 is not $2"; false; }; }
says() { grep -E -e "$2" "$1"; }
silent() { ! grep -E -e "$2" "$1"; }
ends_with() { is "$(tail -n 1 out)" "$1"; }
complains() {
    is "$status" 2 && is "$(wc -l <err)" 1 && grep -F -e "$1" err && test ! -s out
}
verdict() { verdicts | grep -E "^$1	$2	$3"; }

# ---- Claims that must fail -----------------------------------------------------------

tree faulty $(cut -f 1 "$trees/all" | grep -v -e faulty_deaf -e faulty_loop -e faulty_sleep \
    -e faulty_lavish -e faulty_soak)
cat >expected <<'END'
faulty_no_evidence the claim recorded no evidence
faulty_no_control the claim ran no control
faulty_control_holds not rejected, a control that holds: 1 <= 2
faulty_control_nan not rejected, as it cannot tell, a control that is NaN: -?nan <= 2
faulty_control_wide not rejected, as it cannot tell, a noisy slope: 1 within
faulty_control_unproven not rejected, as it cannot tell, an effect .*: 0.1 \+- .* >= 0.5
faulty_evidence_unproven cannot tell, an effect .*: 1.1 \+- .* >= 0.5
faulty_control_repeats the control "a half is at most a third" repeats the number of the
faulty_evidence_fails not so, evidence that fails: 3 <= 2
faulty_evidence_nan cannot tell, evidence that is NaN: -?nan <= 2
faulty_bound no evidence \(at_least\) shows that the bound bites
faulty_rate no evidence \(slope_is\) fits a rate
faulty_statistic no evidence comes from a sample
faulty_phenomenon no evidence comes from a sample
faulty_what put_forward: "a phrase .* is longer than 36 letters
faulty_crash signal 11|AddressSanitizer
faulty_stop student_limit: freedom must be at least 1, got 0
faulty_babble \(not UTF-8\)
faulty_exit it left before its end
faulty_exit_now it left before its end
faulty_exit_after it left before its end
faulty_exit_failing return value 3
faulty_no_div chapters/faulty.md has no div of this name
END
sed "/faulty_no_div/,+2d" chapters/faulty.md >some && mv some chapters/faulty.md
check
t 'a run with failures fails' is "$status" 1
t 'and says how many' ends_with "1 passed, $(wc -l <expected) failed"
t 'the good claim is verified' verdict faulty_good verified
while read -r claim message; do
    t "$claim fails, and says why" verdict "$claim" failed ".*($message)"
done <expected
t 'the finding that went wrong is shown' says out \
    'faulty_evidence_fails .* evidence that fails'
t 'no other claim is in the ledger' is "$(verdicts | wc -l)" $(($(wc -l <expected) + 1))
t 'the totals add up' is "$(ledger 'ledger.totals.claims, ledger.totals.verified,
    ledger.totals.failed')" "$(printf '%d\t1\t%d' $(($(wc -l <expected) + 1)) \
    "$(wc -l <expected)")"
t 'no NaN gets into JSON' is "$(ledger '#ledger.claims[6].controls')" 2
t 'an interval gets there' is \
    "$(ledger 'ledger.claims[7].controls[2].low < 0,
        ledger.claims[7].controls[2].high > 0.5')" 'true	true'
t 'and a margin' is "$(ledger 'ledger.claims[1].evidence[3].margin')" 0.5
t 'the long claim is left out' says out '^1 long claim left out'

tree endless faulty_loop
export CPU_LIMIT=1
check
t 'an endless claim fails when it has computed for too long' verdict faulty_loop \
    failed '.*CPU time limit'
CPU_LIMIT=soon
check
unset CPU_LIMIT
t 'CPU_LIMIT=soon is refused' complains 'CPU_LIMIT must be a whole number'
tree asleep faulty_sleep
export CK_DEFAULT_TIMEOUT=1
check
unset CK_DEFAULT_TIMEOUT
t 'one that sleeps fails by the clock on the wall' verdict faulty_sleep failed \
    '.*timeout'

# ---- A sound chapter -----------------------------------------------------------------

tree sound faulty_good faulty_long
check --seed 7
t 'a passing run passes' is "$status" 0
t 'and says how many' ends_with '1 passed, 0 failed'
t 'it says nothing on standard error' test ! -s err
t 'it shows the evidence with the least margin' says out 'one is at most two'
t 'and no other' silent out 'a number below a thousand'
t 'the seed is in the ledger' is "$(ledger 'ledger.seed, ledger.claims[1].seed')" '7	7'
t 'lectures and uses come from the div' is \
    "$(ledger 'ledger.claims[1].lectures[2], ledger.claims[1].uses[1]')" 'L/2	x'
t 'and so does the statement' is \
    "$(ledger 'ledger.claims[1].statement, ledger.claims[1].title')" \
    'So.	Nothing is wrong with this one'
t 'who reports a claim has its entry in the ledger, and the machine' is \
    "$(lua5.4 tools/ledger_entry.lua faulty_good | grep -cE '"(seed|cpu|id)":')" 4
t 'of one that there is not nothing is said but that' is \
    "$(lua5.4 tools/ledger_entry.lua faulty_gone 2>&1)" \
    'ledger_entry: the ledger has no claim faulty_gone'
t 'the tables of the claims are published' is \
    "$(cut -f 1 build/evidence/faulty/faulty_good.numbers.tsv | tr '\n' ' ')" 'k 0 1 '
t 'the long claim is not in the ledger' is "$(ledger '#ledger.claims')" 1

check --long --seed 7
t 'LONG=1 runs the long claim' ends_with '2 passed, 0 failed'
t 'replicates and claims draw numbers of their own' is "$(drawn | sort -u | wc -l)" 3
seven=$(drawn | head -n 2)
check --seed 3
t 'the next run leaves it out' ends_with '1 passed, 0 failed'
t 'and carries what was found of it' is \
    "$(ledger 'ledger.claims[2].id, ledger.claims[2].seed, ledger.totals.claims')" \
    'faulty_long	7	2'
t 'another seed draws other numbers' test "$(drawn | head -n 2)" != "$seven"
check --seed 7
t 'the same seed draws the same' is "$(drawn | head -n 2)" "$seven"
check --claim faulty_long
t 'CLAIM= runs a long claim by its name' ends_with '1 passed, 0 failed'

before=$(sums)
check --claim faulty_good --seed 9
t 'CLAIM= runs one claim' ends_with '1 passed, 0 failed'
t 'and shows all of its evidence' says out 'a number below a thousand'
t 'and leaves ledger and evidence alone' is "$(sums)" "$before"
check --chapter faulty
t 'CHAPTER= runs a chapter' ends_with '1 passed, 0 failed'
t 'and leaves ledger and evidence alone' is "$(sums)" "$before"

mkdir build/tests
for test in faulty other; do
    printf '#!/bin/sh\nprintf "1..1\nok 1 - a\n# left out: b\n" >$CK_TAP_LOG_FILE_NAME\n' \
        >build/tests/test_$test
done
chmod +x build/tests/test_*
check --chapter faulty
t 'and the unit tests of it' ends_with '2 passed, 0 failed'
t 'which say what they leave out' says out '# left out: b'
check --chapter faulty --claim faulty_good
t 'but none with a claim' ends_with '1 passed, 0 failed'
rm -r build/tests

mv build/claims/faulty sound
cat >build/claims/faulty <<'END'
#!/bin/sh
./sound "$@"
test $# = 0 || sed -i 's/^verdict.*/verdict\tlost\ttoo fine/' "$1"/records/faulty/*.tsv
END
chmod +x build/claims/faulty
check --chapter faulty
t 'what is lost neither passes nor fails' ends_with '0 passed, 0 failed'
t 'and is counted' says out '1 claim is lost: single precision cannot tell'
t 'and says why' says out 'lost       too fine'
mv sound build/claims/faulty

# ---- What cannot be done -------------------------------------------------------------

check --claim faulty_god
t 'a misspelt claim names the nearest' complains \
    'no claim faulty_god; the nearest: faulty_good'
check --chapter fault
t 'a misspelt chapter names the nearest' complains \
    'no chapter fault; the nearest: faulty'
for seed in abc -1 99999999999999999999 '' 1x 9223372036854775808; do
    check --seed "$seed"
    t "SEED=$seed is refused" complains "SEED must be a whole number"
done
check --soak 0
t 'SEEDS=0 is refused' complains 'SEEDS must be a whole number'
check --claim
t 'an option without its value is refused' complains '--claim'
check --nonsense 1
t 'an unknown option is refused' complains '--nonsense'
for name in 'x y' "'" '$x' ../x 'a
b' Gd; do
    check --claim "$name"
    t "CLAIM=$(echo "$name" | tr '\n' ' ') is refused" complains 'CLAIM must be a name'
    check --chapter "$name"
    t 'so is such a CHAPTER=' complains 'CHAPTER must be a name'
done
check --for-book --claim faulty_good
t 'a book is not made from a part' complains 'the book is made from a complete run'
check --for-book --asked --seed abc
t 'nor under a seed that is none' complains 'SEED must be a whole number'
t 'none of them touched ledger or evidence' is "$(sums)" "$before"

stamp=$(stat -c '%i %y' build/ledger.json)
check --for-book --asked
t 'what is asked for can be looked at' is "$status $(cat out err)" '0 '
t 'without a run' is "$(stat -c '%i %y' build/ledger.json)" "$stamp"
check --for-book
t 'a book is made from a whole run' is "$status" 0
t 'which replaces the ledger' test "$(stat -c '%i %y' build/ledger.json)" != "$stamp"
before=$(sums)
for report in /dev/full closed; do
    case $report in
    closed) "$build/check" build --claim faulty_good >&- 2>err ;;
    *) "$build/check" build --claim faulty_good >$report 2>err ;;
    esac
    status=$?
    echo -n >out
    t "a report that cannot be written is an error: $report" complains 'report'
done

for none in '' '{}' '[]' 3 '{"claims": {}}' '{"claims": [{}]}' '{"claims": [{"id' \
    '{"claims": [{"id": 7}]}'; do
    printf '%s' "$none" >build/ledger.json
    check
    t "a ledger that is none is not replaced: $none" complains \
        'build/ledger.json is no ledger'
    t 'the reader is told what to do' says err 'remove it, then make check$'
    t 'and it stands as it did' is "$(cat build/ledger.json)" "$none"
done
rm build/ledger.json
check
t 'without it, all is well' ends_with '1 passed, 0 failed'

tree failing faulty_bound
check --for-book
t 'of what failed, there is a book too' is "$status $(tail -n 1 out)" \
    '0 0 passed, 1 failed'
t 'with its verdicts' verdict faulty_bound failed

tree empty
rm build/claims/faulty
check
t 'no claims at all is an error' complains 'no claims are built'
tree mute faulty_good
echo 'exit 1' >build/claims/faulty
check
t 'a program that lists nothing is an error' complains 'does not list its claims'
tree twice faulty_good
cp build/claims/faulty build/claims/other
check
t 'two claims of one name are an error' complains 'is a claim of faulty and of other'

# ---- The whole of a run --------------------------------------------------------------

tree lavish faulty_lavish
check
t 'an overdrawn budget for false alarms fails' says out '^the budget .* is overdrawn'
t 'and is counted' ends_with '1 passed, 1 failed'

tree order faulty_good
sed 's/cat list/echo another_claim 0/' build/claims/faulty >build/claims/another
chmod +x build/claims/another
check
t 'chapters stand in the order of the book' is \
    "$(ledger 'ledger.claims[1].chapter, ledger.claims[2].chapter')" 'faulty	another'
t 'a claim that its program does not know fails' verdict another_claim failed \
    'the program of the chapter ended before this claim did'

check --chapter faulty
t 'a chapter of which nothing ran is not shown' silent out another

# ---- Divs and concordance ------------------------------------------------------------

tree divs faulty_good
for claim in faulty_good faulty_gone; do
    printf '::: {.claim #%s}\nSo.\n:::\n' $claim
done >>chapters/faulty.md
cat >chapters/proseonly.md <<'END'
```
::: {.claim #shown}
```
::: {.claim #nowhere}
So.
:::

::: {.claim #open}
END
check
t 'a second div of a name fails' says out \
    '^chapters/faulty.md:4: #faulty_good: a second'
t 'a div without a claim fails' says out \
    '^chapters/faulty.md:7: #faulty_gone: no such'
t 'also in a chapter without claims' says out \
    '^chapters/proseonly.md:4: #nowhere: no such'
t 'a div that is not closed fails' says out \
    '^chapters/proseonly.md:8: #open: this div is never closed'
t 'one in a block of code is none' silent out shown
t 'and they are counted' ends_with '1 passed, 4 failed'
t 'and the run fails' is "$status" 1

tree concordance faulty_good faulty_long faulty_bound
mkdir figures
touch figures/drawn.gp
mkdir lectures
printf '# %s: %s\n' university U course C number 1 about it >lectures/L.tsv
printf '%s\t' slide title assertion chapter note >>lectures/L.tsv
echo answered_by >>lectures/L.tsv
for names in faulty_good faulty_long 'defined drawn' - open nothing \
    'faulty_good faulty_bound' ''; do
    printf '1\t\t\t\t\t%s\n' "$names"
done >>lectures/L.tsv
check
t 'a row that names nothing known fails' says out \
    '^lectures/L.tsv:11: nothing is no'
t 'so does one whose claim failed' says out \
    '^lectures/L.tsv:12: faulty_bound is a claim that is not verified'
t 'and one that is empty' says out '^lectures/L.tsv:13: names nothing'
t 'the others do not' is "$(grep -c '^lectures/' out)" 3
t 'answered and open rows are counted' says out \
    '^lectures: 5 assertions answered, 1 open$'
t 'findings that came near their limit are shown' is \
    "$(sed -n '/^measured/{n;p;}' out | cut -c1-20)" ' 1.5000  faulty_good'
t 'the faults are counted' ends_with '1 passed, 4 failed'

# ---- Unit tests ----------------------------------------------------------------------

tree tests faulty_good
mkdir tests build/tests
echo 'echo 1..2; echo ok 1 - a; echo "ok 2 - b # SKIP no c"' >tests/test_sound.sh
echo 'echo $SEED $BUILD >seen' >>tests/test_sound.sh
check --seed 5
t 'unit tests see the seed and the build directory' is "$(cat seen)" '5 build'
t 'unit tests are counted' ends_with '3 passed, 0 failed'
t 'what they leave out is shown' says out 'ok 2 - b # SKIP no c'
echo 'echo 1..2; echo ok 1 - a; echo not ok 2 - b' >tests/test_broken.sh
echo 'echo 1..2; echo ok 1 - a' >tests/test_short.sh
echo 'echo 1..1; echo ok 1 - a; exit 1' >tests/test_status.sh
echo 'exit 0' >tests/test_mute.sh
echo 'echo 1..0' >tests/test_empty.sh
printf '#!/bin/sh\nkill -9 $$\n' >build/tests/test_killed
touch build/tests/test_killed.o build/tests/test_killed.d
chmod +x build/tests/test_killed
check
t 'so are those that fail, break off, or are silent' ends_with '6 passed, 6 failed'
t 'a test that fails is shown' says out 'not ok 2 - b'

# ---- The ledger is replaced by a whole one, or not at all ----------------------------

tree breaks faulty_good
check
before=$(sums)
ln -s /dev/full build/ledger.json~
check --seed 2
t 'a full disk is reported' says err 'cannot write build/ledger.json: No space'
t 'in one line' is "$(wc -l <err)" 1
t 'and fails' is "$status" 2
ln -s /dev/full build/ledger.json~
check --for-book
t 'also where failures are no error' is "$status" 2
t 'and leaves ledger and evidence alone' is "$(sums)" "$before"
t 'nothing half-written is left' test ! -e build/ledger.json~

# ---- Nothing outlives the runner, and no two runs meet -------------------------------

# A test that starts a process in its own group, and one in a session of its own; and a
# claim that does not end.
tree breaks faulty_good faulty_loop
mkdir tests
ln -s "$(command -v sleep)" sleeper
echo "setsid '$PWD/sleeper' 60 & timeout 60 '$PWD/sleeper' 60" >tests/test_slow.sh

lua5.4 tools/claims.lua >build/divs.tsv

# begin: starts the runner; returns when the claim and the test are at work.
begin() {
    "$build/check" "$PWD/build" >out 2>err &
    runner=$!
    while kill -0 $runner 2>/dev/null &&
        ! { grep -qs evidence build/run/records/faulty/faulty_loop.tsv &&
            test "$(with "$PWD/sleeper" | wc -l)" = 3; }; do
        sleep 0.02
    done
}

# program: the number of the chapter's process, whose claim has the same command line.
program() {
    for process in $(with "$PWD/build/run"); do
        sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$process/stat" >parent
        grep -qsF -f pattern "/proc/$(cat parent)/cmdline" || echo "$process"
    done
}

ends() { # HOW COMMAND...: the command ends the runner, and all that it started
    begin
    how=$1
    shift
    "$@"
    wait $runner 2>/dev/null
    status=$?
    t "$how ends the runner" test "$status" -gt 128
    t 'leaving no process' all_gone
    t 'and the ledger as it was' is "$(sums)" "$before"
    rm -rf build/run
}

send() { kill -"$1" $runner; }
stop_program() { kill -STOP "$(program)" && send INT; }
stop_runner() { kill -STOP $runner && send KILL; }
for signal in INT TERM HUP KILL; do
    ends SIG$signal send $signal
done
ends 'SIGINT, while the program of a chapter is stopped,' stop_program
ends 'SIGKILL, after it was stopped,' stop_runner

begin
kill -KILL "$(program)"
while test "$(with "$PWD/build/run")" && kill -0 $runner; do sleep 0.02; done
t 'a claim ends with the program of its chapter' kill -0 $runner
kill -TERM $runner
wait $runner 2>/dev/null

rm tests/test_slow.sh
"$build/check" "$PWD/build" --claim faulty_loop >out1 2>err1 &
runner=$!
while ! grep -qs evidence build/part/records/faulty/faulty_loop.tsv; do sleep 0.02; done
"$build/check" "$PWD/build" --claim faulty_good >out 2>err &
second=$!
while kill -0 $second && ! says err "another run is at work in $PWD/build"; do
    sleep 0.02
done >/dev/null
t 'a second run waits' kill -0 $second
kill -KILL $runner
wait $second
t 'until the first has ended, whatever ended it' is "$?" 0
t 'and then runs' ends_with '1 passed, 0 failed'

tree deaf faulty_deaf
(trap '' HUP INT TERM && check && exit "$status")
t 'what runs ignores no signal, though the runner was told to' is "$?" 0

# At moments of no one's choosing: while it starts, reads, forks or ends.
# Until it is the runner it is a copy of this shell, which must not take the signal itself.
tree moments faulty_good faulty_crash faulty_loop
trap - HUP INT TERM
for moment in 00 01 02 03 05 08 13 21; do
    for signal in HUP INT TERM KILL; do
        "$build/check" "$PWD/build" >out 2>err &
        sleep 0.$moment
        kill -$signal $! 2>/dev/null
        test $signal = INT && kill -TERM $! 2>/dev/null # a shell's & ignores SIGINT
        wait $! 2>/dev/null
    done
done
trap 'exit 1' HUP INT TERM
t 'no process is left at any moment' all_gone

# ---- Soaking -------------------------------------------------------------------------

# lines: how many there are for one run each, and how many in all.
lines() { jq_lines | sort -u | wc -l; jq_lines | wc -l; }
jq_lines() {
    lua5.4 -e '
        for text in io.lines() do
            local line = require "dkjson".decode(text)
            print(line.id, line.seed, line.program)
        end' <build/soak.jsonl
}

tree soak faulty_soak_honest faulty_soak_off faulty_soak_narrow faulty_soak_wide \
    faulty_long
check --soak 80
t 'a soak with biased findings fails' is "$status" 1
t 'and says how many' ends_with '80 seeds, 0 failures, 3 biased'
t 'a mean that is off is biased' says out '^biased: faulty_soak_off: .*: high'
t 'so is an interval that is narrow' says out '^biased: faulty_soak_narrow: .*: narrow'
t 'but not one that is wide' says out '^not biased: faulty_soak_wide: a small .*: wide'
t 'unless its mean is off' says out '^biased: faulty_soak_wide: which is off: high'
t 'an honest finding is neither' silent out 'biased: .*honest'
t 'the thinnest margins are shown' is "$(grep -c , out)" 15
t 'each run is one line, and long claims are left out' is "$(lines | tr '\n' ' ')" \
    '320 320 '
cp out whole

head -c -99 build/soak.jsonl >some && mv some build/soak.jsonl
check --soak 80
t 'a line that is not whole is run again' is "$(lines | tr '\n' ' ')" '320 320 '
t 'and nothing else has changed' cmp out whole
head -n -300 build/soak.jsonl >some && mv some build/soak.jsonl
"$build/check" build --soak 80 >out 2>err &
runner=$!
while test "$(wc -l <build/soak.jsonl)" -lt 60; do sleep 0.02; done
kill -TERM $runner
wait $runner 2>/dev/null
status=$?
t 'a soak can be stopped' test "$status" -gt 128 -a "$(wc -l <build/soak.jsonl)" -lt 320
t 'leaving no process' all_gone
check --soak 80
t 'and goes on' is "$(lines | tr '\n' ' ')" '320 320 '
t 'to the same end' cmp out whole
check --soak 3 --claim faulty_soak_honest --seed 2
t 'CLAIM= narrows it' ends_with '3 seeds, 0 failures, 0 biased'
t 'it passes' is "$status" 0
t 'its lines were there' is "$(wc -l <build/soak.jsonl)" 320
echo '# changed' >>build/claims/faulty
check --soak 2 --claim faulty_soak_honest
t 'lines of another program do not count' is "$(wc -l <build/soak.jsonl)" 322
check --soak 1 --seed 9223372036854775807 --claim faulty_soak_honest
t 'the last seed of all' ends_with '1 seeds, 0 failures, 0 biased'
check --soak 2 --seed 9223372036854775807
t 'has none behind it' complains 'SEED + SEEDS must be below 2^63'

tree soaked faulty_evidence_fails
check --soak 2
t 'a claim that fails is told with its seed' says out \
    '^seed 2: faulty_evidence_fails: not so, evidence that fails'
t 'and counted' ends_with '2 seeds, 2 failures, 0 biased'

# ---- Progress ------------------------------------------------------------------------

tree progress faulty_good
check
t 'no progress is shown in a pipe' silent err .
if command -v script >/dev/null; then
    build=$build script -qec '"$build/check" build' /dev/null >out 2>err </dev/null
    t 'it is shown on a terminal' says out '0/1 +faulty'
fi

echo "1..$count"
test "$failures" -eq 0
