# Unit balls, and where the linear model is least in each.
set size ratio -1
set xrange [-1.9:1.35]
set yrange [-1.15:1.15]
set xtics 1
set ytics 1
set xlabel "first weight"
set ylabel "second weight"
unset key
at(norm, name) = column("norm") == norm ? column(name) : NaN
plot evidence."scal_dual.balls.tsv" using "sum_x":"sum_y" @law3, \
     "" using "largest_x":"largest_y" @law2, \
     "" using "frobenius_x":"frobenius_y" @law, \
     evidence."scal_dual.steps.tsv" using "x":"y" with points lc rgb 'black' pt 7 ps 0.9, \
     "" using (at(0, "x") + 0.08):(at(0, "y")):("sum") with labels left font ",14", \
     "" using (at(1, "x") - 0.06):(at(1, "y")):("largest entry") with labels right font ",14", \
     "" using (at(2, "x") - 0.14):(at(2, "y")):("Frobenius") with labels right font ",14"
