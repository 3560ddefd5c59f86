# Real data: the cost of each step, and the curve written down beforehand.
set xlabel "step {/:Italic k}, from the first"
set ylabel "cost: mean of half the squared error"
@log_x
set xrange [1:]
set key bottom left
plot evidence."gd_fashion.fashion.tsv" using "k":"predicted" @law title "predicted from the spectrum", \
     "" using "k":"cost" @measured title "measured on the data"
