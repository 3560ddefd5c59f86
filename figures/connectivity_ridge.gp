# A saddle between two copies: descent to either side of equal neurons ends in a copy.
set xlabel "distance between the two neurons, to either side"
set ylabel "loss"
set xrange [-2.4:2.4]
set yrange [0:*]
set key off
set label "equal neurons:\na saddle" at 0.45, 0.072 left
near(x) = abs(x) < 0.9 ? 1 : 1/0
plot evidence."conn_saddle.ridge.tsv" using "apart":(column("law") * near(column("apart"))) smooth unique @law2, \
     "" using "apart":"loss" @measured
