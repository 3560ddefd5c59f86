# How far a short run gets, between two numbers that are known beforehand.
set xlabel "iteration"
set ylabel "−log {/:Italic p}, mean of a batch (nats)"
set xrange [0:200]
set yrange [1.9:5]
pi = 3.14159265358979
plot 1 + log(2 * pi * (0.35**2 + 2)) @law2 title "best single Gaussian", \
     evidence."cnf_trains.training.tsv" using "iteration":"loss" @measured title "flow", \
     1 + log(2 * pi * 0.35**2) + log(4) @law title "entropy"
