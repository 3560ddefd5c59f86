#!/bin/sh
# What `make sweep-means` says of a table, with numbers that can be had by hand.
cd "$(dirname "$0")/.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh
unset MAKEFLAGS MAKELEVEL GRID

means() { # LINE...: of a table with these rows; what is said, or the lines without a #
    {
        printf '# sweep feature, grid 1, code 2\n# seed 1\n'
        printf '%s\n' 'm data start status x probe_0' "$@" | tr ' ' '\t'
    } >"$work/a.table"
    if lua5.4 tools/sweep_means.lua "$work/a.grid" 2>"$work/err"; then
        grep -v '^#' "$work/a.means" | tr '\t' ' '
    else
        cat "$work/err"
    fi
}

echo 1..6
# Two data sets with the means 2 and 6; variances over starts 2 and 8.
ok 'means over data sets of means over starts' \
    "$(means '4 0 0 1 1 1' '4 0 1 1 3 3' '4 1 0 1 4 1' '4 1 1 1 8 5')" \
    'm data_sets cells unfitted x x_se x_geo x_ln_se var var_se ln_var ln_var_se
4 2 4 0 4 2 3.13017 0.591781 5 3 1.38629 0.693147'
ok 'a line for each width, and no logarithm of what is negative' \
    "$(means '4 0 0 1 -1 0' '4 1 0 1 1 0' '8 0 0 1 2 0' '8 1 0 1 2 0' |
        cut -d ' ' -f 1-6)" 'm data_sets cells unfitted x x_se
4 2 2 0 0 1
8 2 2 0 2 0'
ok 'what has not been fitted is counted' \
    "$(means '4 0 0 1 1 0' '4 0 1 2 100 0' '4 1 0 1 3 0' | sed -n 2p | cut -d ' ' -f 1-6)" \
    '4 2 3 1 2 1'
ok 'what made it is said' "$(sed -n 1,2p "$work/a.means")" \
    '# sweep feature, grid 1, code 2
# means over its 3 cells; made by `make sweep GRID=figures/a.grid` and'
ok 'half a row is refused' "$(means '4 0 0 1 1' | sed "s,$work/,,")" \
    'sweep: a.table: a row has 5 of 6 columns'
ok 'so is what is no grid' "$(GRID=x.table make -s sweep-means 2>&1 | sed -n 1p)" \
    'sweep: GRID must be a file that ends in .grid, got "x.table"'
exit $failed
