# How near the nearest subset sum comes, beside the best single number.
set xlabel "random weights {/:Italic n}"
set ylabel "distance to the target"
@log_y
set xrange [7:25]
set key bottom left
plot evidence."lot_bits.distances.tsv" using "n":"single" @law2 title "best single weight, median", \
     "" using "n":"law" @law title "2^n points at random", \
     "" using "n":"sum" @measured title "nearest of the sums"
