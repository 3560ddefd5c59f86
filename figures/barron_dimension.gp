# The constant of the mean square error: below 0.2 in every dimension.
set xlabel "dimension {/:Italic d}"
set ylabel "{/:Italic m} times the mean square error"
set logscale x
set xrange [0.95:105]
set yrange [0.1:0.24]
set ytics 0.02
set key bottom right
set label "its limit, (1 − 1/{/:Italic e})^2 / 2" left at 1.05, 0.2045
plot evidence."bar_mean_square.dimensions.tsv" using "d":"limit" @guide notitle, \
     "" using "d":"law" @law title "the variance of a unit", \
     "" using "d":"measured" @measured title "measured, {/:Italic m} = 16, 8, 4, 1"
