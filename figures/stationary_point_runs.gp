# Trajectories in two dimensions run straight at the line of minimizers, and end on it.
set size ratio -1
set xlabel "{/:Italic w}_1"
set ylabel "{/:Italic w}_2"
set xrange [-1.6:5]
set yrange [-2.6:3.2]
set key bottom right
start(name) = column("k") == 0 ? column(name) : NaN
plot 2 - x / 2 @law title "all minimizers", \
     evidence."sp_nearest.runs.tsv" using (start("x")):(start("y")):(column("x_end") - column("x")):(column("y_end") - column("y")) \
        with vectors nohead lc rgb '#808080' lw 0.8 title "orthogonal projection", \
     "" using "x":"y" @measured title "gradient descent"
