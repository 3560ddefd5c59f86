# A ticket, its mask with other weights and a random mask, against the steps of training.
set xlabel "steps of training"
set ylabel "test accuracy, 16 % of the weights"
set logscale x
set xtics (10, 20, 40, 80, 160, 320)
set xrange [9:360]
set yrange [0.25:0.8]
set key bottom right
plot evidence."lot_head_start.race.tsv" using "steps":"ticket" @measured title "ticket", \
     "" using "steps":"redrawn" @measured2 title "its mask, re-drawn weights", \
     "" using "steps":"random" @measured3 title "random mask", \
     "" using "steps":"ticket" @guide notitle, \
     "" using "steps":"redrawn" @guide notitle, \
     "" using "steps":"random" @guide notitle
