# Figure 1 of the lecture: the states of a residual net, and the flow that it steps along.
set xlabel "time {/:Italic t}: layer / depth"
set ylabel "first entry of the state"
set xrange [0:1]
set key off
plot for [name in "a b c d e"] evidence."paths.tsv" using "t":name @law, \
     for [name in "a b c d e"] "" using "t":"net_".name @measured
