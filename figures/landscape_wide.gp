# A wide net keeps its kernel's promise; a narrow one with ten times as many weights as examples does not.
set xlabel "step"
set ylabel "loss, of the first"
@log_y
set xrange [0:400]
set yrange [1e-13:10]
set key bottom left
plot evidence."land_wide_enough.wide.tsv" using "k":"bound" @law title "bound, 512 units", \
     "" using "k":"loss" @measured title "512 units", \
     evidence."land_wide_enough.narrow.tsv" using "k":"bound" @law2 title "bound, 2 units", \
     "" using "k":"loss" @measured2 title "2 units"
