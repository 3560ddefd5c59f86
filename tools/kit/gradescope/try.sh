#!/bin/bash
# try.sh -- packs the autograder, and runs it as Gradescope would.
#
#   try.sh TREE BUILD
#
# TREE: an instructor's tree.  The zip is unpacked in a folder laid out as /autograder
# is, set up, and given three submissions: the solutions, which must earn all points,
# and what is handed out to students and nothing, which must earn none.
set -e
tree=$1 build=$2
out=$build/gradescope
rm -rf "$out"
mkdir -p "$out/zip"
say() { echo "gradescope: $*"; }

tar -czf "$out/zip/book.tar.gz" --exclude=./build --exclude=./.git -C "$tree" .
cp tools/kit/gradescope/setup.sh tools/kit/gradescope/run_autograder "$out/zip"
(cd "$out/zip" && zip -q ../autograder.zip -- *)
say "$out/autograder.zip, $(stat -c %s "$out/autograder.zip") bytes"

AUTOGRADER=$(realpath "$out")/autograder
export AUTOGRADER
unset MAKEFLAGS MAKELEVEL SEED
mkdir -p "$AUTOGRADER/source"
unzip -q "$out/autograder.zip" -d "$AUTOGRADER/source"
cp "$AUTOGRADER/source/run_autograder" "$AUTOGRADER"
bash "$AUTOGRADER/source/setup.sh" >"$out/setup.log" 2>&1 || {
    say "setup.sh failed; see $out/setup.log"
    exit 1
}
book=$AUTOGRADER/source/book
(cd "$book" && lua5.4 tools/exercises.lua build/handed_out >/dev/null)

# graded FOLDER POINTS: a submission with the files of FOLDER/ref earns so many.
graded() {
    rm -rf "$AUTOGRADER/submission"
    mkdir "$AUTOGRADER/submission"
    [ -z "$1" ] || cp -R "$1/ref" "$AUTOGRADER/submission"
    (cd "$AUTOGRADER" && ./run_autograder >results/stdout 2>&1)
    lua5.4 tools/kit/gradescope.lua check "$AUTOGRADER/results/results.json" "$2"
    say "$3: $2 points, and results.json is valid"
}
all=$(awk -F'\t' 'NR > 1 && $7 { sum += $8 } END { print sum }' "$book/grading_key.tsv")
echo '{"id": 1, "users": [{"id": 7, "email": "ada@example.org", "name": "Ada"}]}' \
    >"$AUTOGRADER/submission_metadata.json"
graded "$book" "$all" "the solutions"
graded "$book/build/handed_out/exercises/student" 0 "what is handed out"
rm "$AUTOGRADER/submission_metadata.json"
graded "" 0 "nothing"
rm -rf "$AUTOGRADER"
