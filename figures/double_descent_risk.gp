# The mean loss of a few fits, and its law where it has one; a live figure.
set xlabel "examples {/:Italic N}"
set ylabel "squared error of the weights"
@log_y
set xrange [0:51]
set yrange [1e-4:1e4]
set key outside right center Left reverse
plot curves using "N":"law" @law title "law of the mean", \
     "" using "N":"fits" @measured title "mean of 6 fits"
