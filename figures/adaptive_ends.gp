# Where Adam ends on C, -1, -1: the exact threshold divides the plane.
set xlabel "{/:Italic β}_2"
set ylabel "{/:Italic C}"
set logscale y
set xrange [0:1]
set yrange [2:12]
set ytics (2, 3, 4, 6, 8, 12)
unset key
set label "ends at −1" at 0.62, 7.5 front
set label "ends at +1" at 0.18, 2.42 front
set label "exact threshold" at 0.235, 5.9 left
set label "sufficient: 1/(1 + {/:Italic C}^2)" at 0.025, 10.9 left
at_worst(x) = column("x") > 0 ? x : NaN
at_best(x) = column("x") <= 0 ? x : NaN
plot evidence."ada_threshold.ends.tsv" using "beta2":(at_worst(column("C"))) \
        with points lc rgb 'black' lw 1.2 pt 7 ps 0.6, \
     "" using "beta2":(at_best(column("C"))) @measured, \
     evidence."ada_threshold.threshold.tsv" using "beta2":"C" @law, \
     "" using "sufficient":"C" @law2
