# All critical points of a linear net: how high they are, and how many ways lead down.
set xlabel "independent directions that lead down"
set ylabel "loss"
set xrange [-0.6:8.6]
set yrange [0:17]
set key top left
plot evidence."land_families.families.tsv" using "index_law":"loss_law" with points lc rgb 'black' lw 1.2 pt 2 ps 1.1 title "formula", \
     "" using "index":"loss" @measured title "measured"
