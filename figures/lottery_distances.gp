# How near the nearest subset sum comes, beside the best single number.
set xlabel "random weights {/:Italic n}"
set ylabel "distance to the target"
@log_y
set xrange [7:25]
set yrange [3e-8:1]
set label "best single weight, median" at 10.5, 0.15
set label "{/:Italic n} weights, all of their sums" at 14.7, 1e-4
plot evidence."lot_bits.distances.tsv" using "n":"single" @law2 notitle, \
     "" using "n":"law" @law notitle, \
     "" using "n":"sum" @measured notitle
