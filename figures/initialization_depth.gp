# Four networks with the variance that keeps the mean, and where they go.
set xlabel "layer {/:Italic l}"
set ylabel "mean square of a layer, 30 units"
@log_y
set key bottom left
plot evidence."depth.tsv" using "l":"mean" @law title "mean over all networks", \
     "" using "l":"typical" @law2 title "typical: exp of the mean logarithm", \
     "" using "l":"a" @measured title "four networks", \
     "" using "l":"b" @measured2 notitle, \
     "" using "l":"c" @measured3 notitle, \
     "" using "l":"d" @measured4 notitle
