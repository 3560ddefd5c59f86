#!/bin/sh
# What each figure that moves promises, without its page: at the ends of its sliders, and
# where they begin, it has as many rows and columns as it names, and something to draw.
. "$(dirname "$0")/tap.sh"
cd "$(dirname "$0")/.." || exit
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The settings of a figure, one in a line: every choice of first or last positions.
corners() {
    "$1" | sed -n 's/^# //p' | cut -f 2,3 | awk '
        { low[NR] = $1; high[NR] = $2 }
        END { for (k = 0; k < 2 ^ NR; k++) {
            for (i = 1; i <= NR; i++)
                printf "%s ", int(k / 2 ^ (i - 1)) % 2 ? high[i] : low[i]
            print "" } }'
}

# What is wrong with a table, in words.
faults() {
    awk -F '\t' '/^#/ { next }
        !names { names = NF; next }
        NF != names { print "row " NR " has " NF " columns of " names }
        { for (i = 1; i <= NF; i++) if ($i ~ /^-?[0-9.]/) drawn[i] = 1 }
        END { for (i = 1; i <= names; i++) if (!drawn[i]) print "column " i " is empty" }'
}

# Where a slider begins is one of its positions, to three digits.
off_position() {
    "$1" | sed -n 's/^# //p' | awk -F '\t' '{
        log_scale = $6 != "even"
        a = log_scale ? log($2) : $2; b = log_scale ? log($3) : $3
        at = ((log_scale ? log($4) : $4) - a) / (b - a) * $5
        x = a + (b - a) * int(at + 0.5) / $5
        x = sprintf($6 == "count" ? "%.0f" : "%.3g", log_scale ? exp(x) : x)
        if (x + 0 != $4 + 0) print $1 " begins at " $4 ", not at " x }'
}

set -- live/*.c
echo 1..$((3 * $#))
for file; do
    name=$(basename "$file" .c)
    program=$build/live/$name
    ok "$name draws where it begins" "$("$program" 2>&1 | faults)" ""
    ok "$name begins at positions of its sliders" "$(off_position "$program")" ""
    corners "$program" | while read -r values; do
        "$program" $values >"$work/table" 2>&1 || echo "at $values it stops"
        faults <"$work/table" | sed "s/^/at $values: /"
    done >"$work/faults"
    ok "$name draws at the ends of its sliders" "$(cat "$work/faults")" ""
done
exit $failed
