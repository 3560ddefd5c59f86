# The largest error over the square, with and without cells.
set xlabel "units {/:Italic m}"
set ylabel "largest error over the square"
set logscale x 2
@log_y
set xrange [13:1300]
set yrange [7e-4:0.6]
set key top right
plot evidence."bar_supremum.plane.tsv" using "m":"independent_law" @law2 title "in proportion to {/:Italic m}^{−1/2}", \
     "" using "m":"law" @law title "in proportion to {/:Italic m}^{−1}", \
     "" using "m":"independent" @measured2 title "independent", \
     "" using "m":"cells" @measured title "one in each cell"
