# A spiral and what was learnt of it.
set xlabel "{/:Italic z}_1"
set ylabel "{/:Italic z}_2"
set size ratio -1
set key outside right top Left reverse
plot evidence."node_spiral.spiral.tsv" using "x":"y" @law title "true", \
     "" using "x_learnt":"y_learnt" every 3 @measured title "learnt"
