# Four networks with the variance that keeps the mean, and where they go.
set xlabel "layer {/:Italic l}"
set ylabel "mean square of a layer, 40 units"
@log_y
set key outside top center horizontal
plot evidence."init_rates.depth.tsv" using "l":"mean" @law title "mean of all", \
     "" using "l":"typical" @law2 title "typical", \
     "" using "l":"a" @measured title "four networks", \
     "" using "l":"b" @measured2 notitle, \
     "" using "l":"c" @measured3 notitle, \
     "" using "l":"d" @measured4 notitle
