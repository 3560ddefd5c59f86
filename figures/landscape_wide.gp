# A wide net keeps its kernel's promise; a narrow one with ten times as many weights as examples does not.
set xlabel "step"
set ylabel "loss, of the first"
@log_y
set xrange [0:400]
set yrange [1e-13:1e3]
unset key
set label "2 units" at 340, 20
set label "512 units" at 70, 1e-10 right
set label "bound for 512 units" at 280, 2e-3
set label "bound for 2 units" at 285, 1e-9
plot evidence."land_wide_enough.wide.tsv" using "k":"bound" @law, \
     "" using "k":"loss" @measured, \
     evidence."land_wide_enough.narrow.tsv" using "k":"bound" @law2, \
     "" using "k":"loss" @measured2
