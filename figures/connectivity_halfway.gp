# The straight line from two units to the same two exchanged: worst in the middle.
set xlabel "{/:Italic t}, from two units to the same two exchanged"
set ylabel "loss {/:Italic F}"
set xrange [0:1]
set yrange [0:0.1]
set key off
set label "halfway, {/:Italic F} = 0.0908…" at 0.5, 0.0955 center
plot evidence."conn_halfway.line.tsv" using "t":"law" @law, \
     "" using "t":"network" every 2 @measured
