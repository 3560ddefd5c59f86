#!/bin/sh
# What `make bench` makes of what its contenders print, and that `make bench-peers`
# leaves nothing half made.  The contenders and Python are scripts that say what they are
# to say.
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$root/tests/tap.sh"
unset CONTEST ROUNDS PYTHON
cd "$work" || exit
ln -s "$root/tools" tools
mkdir -p build/bench bench

script() { # FILE: a program of the lines that come in
    { echo '#!/bin/sh' && cat; } >"$1"
    chmod +x "$1"
}

ours() { # FIELDS: what our programs print
    for contest in mlp_step w2_line; do
        echo "echo '{\"blas\": \"none\", $1}'" | script "build/bench/$contest"
    done
}

race() { # CONTEST: what is said of it, but for the times
    CONTEST=$1 ROUNDS=3 PYTHON=./python lua5.4 tools/bench.lua build 2>&1 |
        sed -n 's/ *[0-9.]* ms cpu *[0-9.]* ms */ /; /^    /p'
}

peers() { # WHICH: what `make bench-peers` says with Python of this kind, and what is left
    PYTHON=./$1 sh tools/bench_peers.sh 2>&1
    echo "$?, $(ls build/bench/python 2>/dev/null | tr '\n' ' ')"
}

# Each turn takes half a second more than the one before, and only NumPy is there.
script python <<'END'
[ "$2" = numpy ] || { echo 'Traceback' >&2; echo 'ImportError: no such thing' >&2; exit 1; }
echo >>turns
cpu=$(awk 'END { print NR / 2 }' turns)
echo '{"libraries": "numpy 1", "answer": [1, -3.5], "seconds": 9, "cpu": '$cpu'}'
END

echo 1..8
ours '"answer": [1, -4], "seconds": 2, "cpu": 0.5'
ok 'ratios of a round, the gap to ours, and who cannot race' "$(race mlp_step)" \
    '    here 
    NumPy 2.00 of ours (1.00 to 3.00)   gap 1e-01
    not raced: PyTorch: ImportError: no such thing
    not raced: JAX: ImportError: no such thing'
ours '"answer": [1, -4], "reference": [1, -5], "seconds": 2, "cpu": 1'
rm turns
ok 'all are compared with the reference, where there is one' "$(race w2_line)" \
    "    here gap 2e-01
    NumPy's sort 1.00 of ours (0.50 to 1.50)   gap 3e-01"
ok 'what works for the peers is kept' \
    "$(lua5.4 -e 'local r = require "dkjson".decode(io.read "a")
        print(r.schema, r.blas, table.concat(r.peers, ","))' <build/bench.json | tr '\t' ' ')" \
    '2 none numpy 1'
ok 'there is no such contest' "$(CONTEST=x lua5.4 tools/bench.lua build 2>&1)" \
    'bench: no contest "x"'

echo 'numpy==1' >bench/requirements.txt
script no_venv <<'END'
echo Error; echo 'ensurepip is not there'; exit 1
END
script no_pip <<'END'
mkdir -p "$3/bin" && echo exit 1 >"$3/bin/python" && chmod +x "$3/bin/python"
END
sed 's/exit 1/exit 0/' no_pip >good && chmod +x good
ok 'no environment' "$(peers no_venv)" \
    'bench-peers: ./no_venv -m venv cannot: ensurepip is not there
1, '
ok 'pip fails, and nothing is left' "$(peers no_pip)" \
    'bench-peers: pip cannot install what bench/requirements.txt asks for
1, '
ok 'an environment is whole with what it was made from' "$(peers good)" \
    '0, bin requirements.txt '
ok 'and is not made twice' "$(peers no_venv)" \
    'bench-peers: build/bench/python has all that bench/requirements.txt asks for
0, bin requirements.txt '
exit $failed
