# What is expected of SGD, step by step, and what runs do.
set xlabel "step {/:Italic k}"
set ylabel "excess of the loss"
@log_y
set yrange [0.02:0.5]
set ytics (0.02, 0.05, 0.1, 0.2, 0.5)
set format y "%g"
set xrange [0:45]
plot evidence."sgd_curve.curve.tsv" using "k":"expected" @law title "expected", \
     "" using "k":"mean" every 3 @measured title "mean of 3,000 runs", \
     "" using "k":"one" @guide title "one run", \
     "" using "k":"descent" @law2 title "descent"
