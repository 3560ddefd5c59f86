# The curve with the name: test error against the number of features.
set xlabel "random features {/:Italic p}, for {/:Italic N} = 100 images"
set ylabel "test error (share of wrong signs)"
@log_x
set xrange [9:1100]
set yrange [0:0.55]
set arrow from 100, graph 0 to 100, graph 1 nohead lc rgb '#808080' lw 0.8
set label "{/:Italic p} = {/:Italic N}" at 104, graph 0.04
plot evidence."dd_random_features.features.tsv" using "p":"least_norm" @law notitle, \
     "" using "p":"least_norm" @measured title "least norm", \
     "" using "p":"ridge" @law2 notitle, \
     "" using "p":"ridge" @measured2 title "ridge"
