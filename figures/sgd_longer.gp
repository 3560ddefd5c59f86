# The expected excess: linear, stalled, or like 1 / k.
set xlabel "step {/:Italic k}, from the first"
set ylabel "expected excess of the loss"
@log_y
set logscale x
set xrange [1:7000]
set yrange [1e-5:0.6]
unset key
set label "descent" right at 45, 7e-4
set label "SGD, {/:Italic α} = 0.2" right at 6500, 3.3e-2
set label "{/:Italic α} = 0.05" right at 6500, 6.2e-3
set label "{/:Italic α} = 2 / {/:Italic μ}({/:Italic k} + {/:Italic k}_0)" right at 900, 3e-4
plot evidence."sgd_longer.longer.tsv" using "k":"descent" @law2 notitle, \
     "" using "k":"constant" @law notitle, \
     "" using "k":"slow" @law3 notitle, \
     "" using "k":"falling" @law4 notitle
