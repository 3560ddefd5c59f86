# A ticket, its mask with other weights and a random mask, against the steps of training.
set xlabel "steps of training"
set ylabel "test accuracy, 16 % of the weights"
set logscale x
set xtics (10, 25, 50, 100, 200)
set xrange [9:225]
set yrange [0.2:0.8]
stats evidence."lot_head_start.race.tsv" using "ticket" name "T" nooutput
stats evidence."lot_head_start.race.tsv" using "random" name "R" nooutput
set label "ticket" at 10.5, T_min + 0.032
set label "its mask,\nre-drawn weights" at 21, T_min - 0.045 right
set label "random mask" at 24, R_min + 0.02
plot evidence."lot_head_start.race.tsv" using "steps":"ticket" @guide notitle, \
     "" using "steps":"redrawn" @guide notitle, \
     "" using "steps":"random" @guide notitle, \
     "" using "steps":"ticket" @measured notitle, \
     "" using "steps":"redrawn" @measured2 notitle, \
     "" using "steps":"random" @measured3 notitle
