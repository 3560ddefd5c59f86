#!/bin/sh
# draw.sh SCRIPT BUILD FILE -- draws a figure of figures/ as a PDF.
#
# It reads what the claims of its chapter recorded, which is the longest whose stem begins
# its name; a figure that moves reads the table of its curves.
set -eu
script=$1 build=$2 out=$3
name=${script##*/}
curves=$build/live/${name%.gp}.tsv

chapter() {
    for text in chapters/*.md; do
        stem=${text##*/}
        case $name in ${stem%.md}[_.]*) echo "${stem%.md}" ;; esac
    done | awk 'length > length(longest) { longest = $0 } END { print longest }'
}

case $script in
*.dot)
    dot "$script" -Tpdf -o "$out" -Nfontname="TeX Gyre Pagella" \
        -Gfontname="TeX Gyre Pagella" -Efontname="TeX Gyre Pagella"
    ;;
*)
    complaint=$(gnuplot -e "evidence = '$build/evidence/$(chapter)/'" \
        -e "curves = '$curves'; paper = '$out'" tools/figure.gp "$script" 2>&1 >/dev/null) || :
    if [ "$complaint" ]; then
        echo "print: $script: $(echo "$complaint" | grep -m 1 '[^ ^]')" >&2
        exit 1
    fi
    ;;
esac
