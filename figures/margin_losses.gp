# Losses fall as powers of time, and those on the margin as 1/t.
set xlabel "time {/:Italic t}"
set ylabel "loss of a point, {/:Italic e}^{−{/:Italic m}}"
@log_x
@log_y
set xrange [1:1e9]
set yrange [1e-24:10]
set key bottom left
plot evidence."mar_multipliers.losses.tsv" using "t":"law_one" @law notitle, \
     "" using "t":"law_near" @law2 notitle, \
     "" using "t":"law_far" @law3 notitle, \
     "" using "t":"one" @measured title "support vector", \
     "" using "t":"three" @measured2 title "another", \
     "" using "t":"near" @measured3 title "the next point", \
     "" using "t":"far" @measured4 title "the farthest"
