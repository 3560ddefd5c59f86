# What whitening costs: test error along the way, averaged over the resamples.
set xlabel "step {/:Italic k}"
set ylabel "test error"
set logscale x
set xrange [0.9:110]
set yrange [0:0.5]
set ytics 0.1
set key outside right center Left reverse
plot evidence."cn_whitening_costs.whitening.tsv" using "k":"white" with linespoints lc rgb 'black' pt 7 ps 0.7 \
        title "whitened", \
     "" using "k":"raw" with linespoints lc rgb 'black' pt 6 ps 0.7 title "raw", \
     "" using "k":"standardized" with linespoints lc rgb 'black' pt 8 ps 0.8 \
        title "standardized", \
     "" using "k":"centred" with linespoints lc rgb 'black' pt 4 ps 0.65 title "centred"
