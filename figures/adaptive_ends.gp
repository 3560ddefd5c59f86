# Where Adam ends on C, -1, -1: the exact threshold divides the plane.
set xlabel "{/:Italic β}_2"
set ylabel "{/:Italic C}"
set logscale y
set xrange [0:1]
set yrange [2:12]
set ytics (2, 3, 4, 6, 8, 12)
set key outside top center horizontal samplen 2
at_worst(x) = column("x") > 0.9 ? x : NaN
at_best(x) = column("x") < -0.9 ? x : NaN
plot evidence."ada_threshold.ends.tsv" using "beta2":(at_worst(column("C"))) \
        with points lc rgb 'black' lw 1.2 pt 7 ps 0.6 title "ends at +1", \
     "" using "beta2":(at_best(column("C"))) @measured title "ends at −1", \
     evidence."ada_threshold.threshold.tsv" using "beta2":"C" @law title "exact threshold", \
     "" using "sufficient":"C" @law2 title "1/(1 + {/:Italic C}^2)"
