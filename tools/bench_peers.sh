#!/bin/sh
# bench_peers.sh -- installs bench/requirements.txt into build/bench/python, an
# environment of Python: for `make bench-peers`.
#
#   [PYTHON=python3] sh tools/bench_peers.sh
#
# An environment cannot be moved, so it is made where it stays.  It is whole when it has
# the requirements that it was made from; before that, nothing is left of it.
set -u
place=build/bench/python
wanted=bench/requirements.txt
whole=$place/requirements.txt
python=${PYTHON:-python3}

stop() {
    echo "bench-peers: $1" >&2
    exit 1
}

if cmp -s "$wanted" "$whole"; then
    echo "bench-peers: $place has all that $wanted asks for"
    exit
fi
trap '[ -e "$whole" ] || rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$place"
mkdir -p "$place" || exit 1
"$python" -m venv "$place" >"$place/said" 2>&1 ||
    stop "$python -m venv cannot: $(sed -n '$p' "$place/said")"
rm "$place/said"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted" ||
    stop "pip cannot install what $wanted asks for"
cp "$wanted" "$whole"
