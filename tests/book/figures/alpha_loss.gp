# The error of each step, measured and predicted.
set xlabel "step {/:Italic k}"
set ylabel "error"
@log_y
plot evidence."al_rate.loss.tsv" using "k":"error" @measured title "measured", \
     "" using "k":"law" @law title "2^{−{/:Italic k}}"
