# What is left of a network, and how well it does: tickets and their opponents.
set xlabel "share of the weights that is left"
set ylabel "test accuracy after 25 steps"
set logscale x
set xtics ("3 %%" 0.0328, "5 %%" 0.0546, "9 %%" 0.0927, "16 %%" 0.162, "29 %%" 0.291, \
    "53 %%" 0.534, "all" 1)
set xrange [0.027:1.1]
set yrange [0:0.8]
set label "the whole network" at 0.034, 0.74
set label "guessing" at 0.034, 0.06
set key at 0.92, 0.38
plot evidence."lot_size.ladder.tsv" using "left":"dense" @law2 notitle, \
     "" using "left":"ticket" @measured title "ticket", \
     "" using "left":"redrawn" @measured2 title "its mask, re-drawn weights", \
     "" using "left":"random" @measured3 title "random mask", \
     "" using "left":"untrained" @measured4 title "ticket, untrained", \
     "" using "left":"chance" @law3 notitle
