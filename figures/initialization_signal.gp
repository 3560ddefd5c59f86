# The signal in one network, the law of the mean, and what is typical; a live figure.
set xlabel "layer {/:Italic l}"
set ylabel "mean square of the signal"
@log_y
set xrange [-0.5:40.5]
set yrange [1e-12:1e8]
set key outside right center Left reverse
plot curves using "layer":"signal" @measured title "one network", \
     "" using "layer":"mean" @law title "mean", \
     "" using "layer":"typical" @law3 title "typical"
