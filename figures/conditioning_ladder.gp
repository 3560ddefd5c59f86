# One regression, four ways to prepare its features: the cost of each step, and the curve
# that the spectrum predicts.
set xlabel "step {/:Italic k}"
set ylabel "cost above the least, of the first"
@log_x
@log_y
set xrange [1:40000]
set yrange [1e-6:1]
set key bottom left Left reverse
plot evidence."cn_ladder.ladder.tsv" using "k":"raw" @measured title "raw", \
     "" using "k":"raw_law" @law notitle, \
     "" using "k":"centred" @measured2 title "centred", \
     "" using "k":"centred_law" @law notitle, \
     "" using "k":"standardized" @measured3 title "standardized", \
     "" using "k":"standardized_law" @law notitle
