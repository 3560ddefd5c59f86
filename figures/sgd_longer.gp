# The expected excess: linear, stalled, or like 1 / k.
set xlabel "step {/:Italic k}, from the first"
set ylabel "expected excess of the loss"
@log_y
set logscale x
set xrange [1:7000]
set yrange [1e-5:0.6]
set key bottom left
plot evidence."sgd_longer.longer.tsv" using "k":"descent" @law2 title "descent, {/:Italic α} = 0.2", \
     "" using "k":"constant" @law title "SGD, {/:Italic α} = 0.2", \
     "" using "k":"slow" @law3 title "SGD, {/:Italic α} = 0.05", \
     "" using "k":"falling" @law4 title "SGD, {/:Italic α} = 2 / {/:Italic μ}({/:Italic k} + {/:Italic k}_0)"
