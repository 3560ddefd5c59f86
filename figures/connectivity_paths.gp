# Through halves of the units: what is dropped costs, what is fitted does not.
set xlabel "segment of the path from one network to the other"
set ylabel "loss"
set xrange [0:5]
set yrange [1e-10:100]
@log_y
set key off
set xtics 1
set label "halves dropped" at 2.5, 0.2 center
set label "halves fitted" at 2.5, 1e-8 center
lifted(x) = x < 1e-10 ? 1e-10 : x
plot evidence."conn_wide.paths.tsv" using "t":(lifted(column("dropped"))) every 2 @measured, \
     "" using "t":(lifted(column("fitted"))) every 2 @measured2
