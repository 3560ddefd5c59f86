#!/bin/sh
# What becomes of a result for Gradescope, and what its specification refuses.  The
# autograder itself is tried by `make gradescope`.
cd "$(dirname "$0")/../.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

gradescope() { lua5.4 tools/kit/gradescope.lua "$@" 2>&1; }
valid() { # JSON [POINTS]
    printf '%s' "$1" >"$work/results.json"
    gradescope check "$work/results.json" $2 | sed "s#$work/##"
}
refused() { # JSON MESSAGE
    ok "refused: $2" "$(valid "$1")" "exercises: results.json: $2"
}

echo 1..24
cat >"$work/manifest.json" <<'END'
{"exercises": [{"id": "a", "number": "1.1", "points": 4, "file": "ref/a.c", "name": "f",
                "graded_by": ["gd_rate", "d"]},
               {"id": "b", "number": "-", "points": 3, "file": "ref/a.c", "name": "g",
                "graded_by": ["e"]},
               {"id": "paper", "number": "1.2", "points": 9}]}
END
gradescope zero "$work/manifest.json" "$work/results.json"
ok "before there is a result there is one of zero" \
    "$(gradescope check "$work/results.json" 0
       grep -c '"score":0' "$work/results.json")" 4
ok "which says so" "$(grep -o 'Grading did not[^"]*' "$work/results.json")" \
    "Grading did not come to its end: not graded."
ok "exercises on paper are not in it" "$(grep -c paper "$work/results.json")" 0

cat >"$work/result.json" <<'END'
{"student": "ada", "seed": 5, "state": "graded", "exercises": [
 {"id": "a", "number": "1.1", "possible": 4, "graders": [
  {"name": "gd_rate", "holds": false, "possible": 2, "sentence": "Errors shrink",
   "message": "not so", "findings": [
    {"role": "evidence", "what": "gap", "measured": "3", "relation": "<=", "limit": "2",
     "holds": false}]},
  {"name": "d", "holds": true, "possible": 2}]},
 {"id": "b", "number": "-", "possible": 3, "problem": "integrity: asm", "graders": [
  {"name": "e", "holds": false, "possible": 3}]}]}
END
gradescope result "$work/result.json" "$work/results.json"
ok "a result is a result" "$(gradescope check "$work/results.json" 2)" ""
ok "it says which sentence of which slide is violated, and by how much" \
    "$(grep -o 'Errors shrink (CSC2541-1/33[^"]*' "$work/results.json")" \
    "Errors shrink (CSC2541-1/33 CSC2541-1/39).\\ngap: measured 3, to be <= 2 \
(1.5 times the limit)."
ok "or what was wrong with the whole exercise" \
    "$(grep -c '"output":"integrity: asm"' "$work/results.json")" 1
ok "other points than were expected are told" \
    "$(gradescope check "$work/results.json" 7 | sed "s#$work/##")" \
    "exercises: results.json: 2 points instead of 7"

ok "a score is enough" "$(valid '{"score": 1}')" ""
ok "so are tests" "$(valid '{"tests": [{"score": 1, "max_score": 1}]}')" ""
refused '{}' "neither a score nor tests"
refused '{"score": -1}' "the result.score is not valid"
refused '{"score": "1"}' "the result.score is not valid"
refused '{"score": 1, "grade": 1}' "the result has no field grade"
refused '{"score": 1, "visibility": "seen"}' "the result.visibility is not valid"
refused '{"score": 1, "stdout_visibility": 1}' \
    "the result.stdout_visibility is not valid"
refused '{"score": 1, "tests": {"a": {}}}' "the result.tests is not valid"
refused '{"tests": [{"name": "a"}]}' "test 1 has no score"
refused '{"tests": [{"score": 2, "max_score": 1}]}' \
    "test 1 scores more than its maximum"
refused '{"tests": [{"score": 2, "status": "ok"}]}' "test 1.status is not valid"
refused '{"tests": [{"score": 2, "number": 1.1}]}' "test 1.number is not valid"
refused '{"tests": [{"score": 2, "tags": "a"}]}' "test 1.tags is not valid"
refused '{"score": 3, "tests": [{"score": 2}]}' "the score is 3, the tests have 2"
ok "a file that is cut off is refused" "$(valid '{"score": ')" \
    "exercises: results.json is not JSON"

echo '{"users": [{"id": 7, "email": "a/../b@c.org"}]}' >"$work/metadata.json"
ok "a student is called by the address" "$(gradescope student "$work/metadata.json")" \
    "a_.._b@c.org"
exit $failed
