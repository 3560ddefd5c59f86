# Three ways to choose m units on the line, and three exponents.
set xlabel "units {/:Italic m}"
set ylabel "error at {/:Italic x} = 3/4, root mean square"
set logscale x 2
@log_y
set xrange [7:150]
set yrange [1e-5:0.3]
unset key
set label "independent, {/:Italic m}^{−1/2}" right at 128, 0.055
set label "one in each cell, {/:Italic m}^{−3/2}" right at 128, 3.2e-3
set label "in the middles, {/:Italic m}^{−2}," left at 8.5, 1.6e-4
set label "at its largest" left at 8.5, 7e-5
plot evidence."bar_stratified.line.tsv" using "m":"independent_law" @law2 notitle, \
     "" using "m":"independent" @measured2 notitle, \
     "" using "m":"cells_law" @law notitle, \
     "" using "m":"cells" @measured notitle, \
     "" using "m":"middles" @law3 notitle
