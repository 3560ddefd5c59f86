# What is left of a network, and how well it does: tickets and their opponents.
set xlabel "share of the weights that is left"
set ylabel "test accuracy after 40 steps"
set logscale x
set xtics ("3 %%" 0.03, "5 %%" 0.055, "9 %%" 0.09, "16 %%" 0.16, "28 %%" 0.28, "52 %%" 0.52, "all" 1)
set xrange [0.025:1.1]
set yrange [0:0.8]
set key bottom right
plot evidence."lot_size.ladder.tsv" using "left":"dense" @law2 title "the whole network", \
     "" using "left":"ticket" @measured title "ticket", \
     "" using "left":"redrawn" @measured2 title "its mask, re-drawn weights", \
     "" using "left":"random" @measured3 title "random mask", \
     "" using "left":"untrained" @measured4 title "ticket, untrained", \
     "" using "left":"chance" @law3 title "guessing"
