#!/bin/sh
# What no submission may achieve: points that it has not earned, points for others or
# none for others, or harm.  For `make check-exercises`, which says how to compile.
#
#   hostile.sh BUILD
#
# Each file of tests/kit/hostile/ has a gd_step that cheats, and says in its first line
# what it has to get; in its submission, quadratic_cost is sound and must get all.  Those
# of tests/kit/innocent/ are odd and sound: no fence may be in their way.
. tests/tap.sh
build=$1
out=$build/exercises/hostile
given=$out/submissions
work=$(mktemp -d /tmp/hostile.XXXXXX)
trap 'rm -rf "$work"' EXIT
uid=49999
umask 022 # its user must be able to run what is made here

rm -rf "$out"
mkdir -p "$given"
PICK='ex_gd_step ex_quadratic_cost' lua5.4 tools/exercises.lua "$out" >/dev/null || exit

# ---- Submissions ---------------------------------------------------------------------

sound=ref/gradient_descent.c
others=$work/others.c # the sound file without gd_step
sed '/^void gd_step(/,/^}/d' $sound >"$others"

for cheat in tests/kit/hostile/*.c tests/kit/innocent/*.c; do
    name=$(basename "$cheat" .c)
    mkdir -p "$given/$name/ref/ground"
    cat "$others" "$cheat" >"$given/$name/ref/gradient_descent.c"
    cp ref/ground/quadratic.c "$given/$name/ref/ground" # the other exercise
done

mkdir -p "$given/right/ref" "$work/submission/ref" "$work/submission/tests"
cp $sound "$given/right/ref"
cp $sound "$work/submission/ref"
tar -czf "$given/Ada \$(touch hacked) Lovelace.tar.gz" -C "$work" submission

# Names in any letters, none at all, and more lines than one; what others hand in.
mkdir -p "$given/李明/ref" "$given/王芳/ref" "$given/zoe
d 2026-01-01 00:00:00 alice/ref"
for folder in "$given/李明" "$given/王芳" "$given/zoe
d 2026-01-01 00:00:00 alice"; do cp $sound "$folder/ref"; done
tar -czf "$given/.tar.gz" -C "$work" submission
tar -cJf "$given/xz.TAR.XZ" -C "$work" submission
tar -cf "$given/plain.tar" -C "$work" submission
(cd "$work" && zip -qr zipped.zip submission)
mv "$work/zipped.zip" "$given"
cp "$given/zipped.zip" "$given/misnamed.tar.gz"
cp $sound "$given/mullerjurgen_LATE_123_4567_gradient_descent-1.c"
mkdir "$given/Jürgen Müller_12_assignsubmission_file_"
cp "$given/plain.tar" "$given/Jürgen Müller_12_assignsubmission_file_"
echo 'my solution' >"$given/notes.pdf"
ln -s right "$given/a_link"

# Brings a Makefile, a claim and a test of its own; its gd_step does nothing.
head='void gd_step(struct quadratic q, double alpha, vec w, vec grad)'
{ cat "$others"; echo "$head {}"; } >"$work/submission/ref/gradient_descent.c"
echo 'all check grade:; touch '"$work/hacked" >"$work/submission/Makefile"
echo 'int main(void) { return 0; }' >"$work/submission/tests/test_gradient_descent.c"
tar -czf "$given/own_makefile.tar.gz" -C "$work" submission

# A path out of the folder, a link out of it, a bomb, no archive, a pipe without an end.
echo evil >"$work/evil"
tar -czPf "$given/path.tar.gz" "$work/evil"
rm "$work/evil"
ln -s /etc/passwd "$work/gradient_descent.c"
tar -czf "$given/link.tar.gz" -C "$work" gradient_descent.c
mkdir -p "$work/bomb/ref" "$given/pipe/ref"
head -c 100000000 /dev/zero >"$work/bomb/ref/gradient_descent.c"
tar -czf "$given/bomb.tar.gz" -C "$work" bomb
rm -r "$work/bomb"
echo 'not an archive' >"$given/text.tar.gz"
mkfifo "$given/pipe/ref/gradient_descent.c"

# ---- Grading -------------------------------------------------------------------------

book() { find ref proofs_numeric "$build/ref" -type f -exec cat {} + | cksum; }
before=$(book)
lua5.4 tools/kit/grade.lua all \
    "$out/exercises/instructor/exercises.json" "$build" "$out/grades" "$given" \
    >"$out/grade.log" 2>&1

# The points and the problem of an exercise, "0 integrity" for example.
got() { # STUDENT EXERCISE
    lua5.4 - "$out/grades/results/$1.json" "$2" <<'END'
        local file = io.open(arg[1])
        local result = require "dkjson".decode(file and file:read "a" or "{}")
        for _, exercise in ipairs(result.exercises or {}) do
            if exercise.id == arg[2] then
                local cheats = (exercise.problem or ""):match("^integrity")
                print(("%g %s"):format(exercise.points, cheats or ""))
            end
        end
END
}

for cheat in tests/kit/hostile/*.c; do
    name=$(basename "$cheat" .c)
    kind=$(sed -n '1s/^.. \(integrity\|zero\):.*/\1/p' "$cheat")
    ok "$name gets nothing, $kind" "$(got "$name" ex_gd_step)" "0 ${kind#zero}"
    ok "$name gets what it earned elsewhere" "$(got "$name" ex_quadratic_cost)" "3 "
done
for odd in tests/kit/innocent/*.c; do
    name=$(basename "$odd" .c)
    ok "$name is sound" "$(got "$name" ex_gd_step)" "4 "
done
ok "a submission beside them gets all" "$(got right ex_gd_step)" "4 "
ok "so does one with a strange name" \
    "$(got "Ada \$(touch hacked) Lovelace" ex_gd_step)" "4 "
for name in 李明 王芳 "zoe%0Ad 2026-01-01 00:00:00 alice" %2Etar.gz xz plain zipped \
    misnamed mullerjurgen "Jürgen Müller_12"; do
    ok "so does $name" "$(got "$name" ex_gd_step)" "4 "
done
for name in notes.pdf a_link; do
    ok "what is no submission has a row and a reason: $name" \
        "$(got "$name" ex_gd_step) $(grep -c '"problem":"it is n' "$out/grades/results/$name.json")" "0  2"
done
ok "a Makefile and tests that come along have no effect" \
    "$(got own_makefile ex_gd_step)" "0 "
for trap in path link bomb text pipe; do
    ok "an archive that is a trap gets nothing: $trap" "$(got $trap ex_gd_step)" "0 "
done
ok "nothing was written elsewhere" \
    "$(ls "$work"/evil "$work"/hacked hacked /tmp/full 2>/dev/null)" ""
ok "the book is as it was" "$(book)" "$before"
ok "everybody has a line in the table" \
    "$(tail -n +2 "$out/grades/grades.csv" | wc -l)" "$(find "$given" -mindepth 1 -maxdepth 1 -printf '\n' | wc -l)"

# ---- The sandbox, without a gate before it -------------------------------------------

# confined SECONDS 'C STATEMENTS': runs them in a child in the sandbox, as a claim is run,
# with a folder to write; the status is the child's, or 128 and the signal.
confined() {
    {
        echo '#define _GNU_SOURCE'
        printf '#include <%s.h>\n' fcntl signal stdio stdlib string unistd
        printf '#include <sys/%s.h>\n' mman prctl ptrace socket wait
        echo 'int cheat(void) {' "$2" 'return 0; }'
        echo 'int main(void) { int status; pid_t child = fork();
            if (child == 0) _exit(cheat());
            waitpid(child, &status, 0);
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }'
    } >"$work/cheat.c"
    cc -w "$work/cheat.c" "$build/tools/kit/lock.o" -Wl,--wrap=fork -o "$work/cheat" || return
    chmod 711 "$work"
    [ ! -d /lib64 ] || set -- "$@" -x /lib64
    seconds=$1
    shift 2
    timeout -k 1 $((30 * seconds)) "$build/kit/confine" -u $uid -c "$seconds" -o "$work/log" -x /usr \
        -x /lib "$@" -x "$work/cheat" -w "$work/open" "$work/cheat" 7>"$work/inherited"
}

mkdir -m 777 "$work/open"
echo secret >"$work/secret"
chmod 644 "$work/secret"
confined 2 'for (;;) ;'
ok "a loop ends" "$?" 152 # 128 and SIGXCPU
confined 1 'for (;;) pause();'
ok "so does a sleep" "$?" 124
confined 1 'return fork() < 0 && vfork() < 0;'
ok "no process can be started" "$?" 1
confined 1 'execl("/bin/sh", "sh", "-c", "exit 9", NULL); return 1;'
ok "nor a program" "$?" 1
confined 1 'return kill(getppid(), SIGKILL) == 0 || kill(1, 0) == 0;'
ok "no signal reaches another" "$?" 0
confined 1 'return ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0;'
ok "nor does a debugger" "$?" 0
confined 1 'return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;'
ok "there is no network" "$?" 0
confined 1 'return mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;'
ok "nothing that was written is run" "$?" 0
confined 9 'for (;;) memset(malloc(1 << 20), 1, 1 << 20);'
ok "memory ends" "$?" 139
confined 9 "int file = open(\"$work/open/full\", O_CREAT | O_WRONLY, 0666);
            char bulk[65536]; for (;;) write(file, bulk, sizeof bulk);"
ok "a file ends" "$(stat -c %s "$work/open/full")" 16777216
confined 9 'for (;;) puts("and so on");'
ok "so does what is printed" "$(stat -c %s "$work/log")" 16777216
confined 9 'for (int file = 3; file < 1024; file++) dprintf(file, "forged");'
ok "no descriptor is inherited" "$(cat "$work/inherited")" ""
for secret in "$work/secret" /etc/passwd "$PWD/ref/gradient_descent.c"; do
    confined 9 "return open(\"$secret\", O_RDONLY) >= 0;"
    ok "no other file can be read: ${secret##*/}" "$?" 0
done
confined 9 "return open(\"$work/new\", O_CREAT | O_WRONLY, 0666) >= 0;"
ok "nor written" "$?" 0
confined 9 'return getuid() == 0;'
ok "nothing runs as root" "$?" 0
exit $failed
