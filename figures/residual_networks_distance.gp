# The order of four methods: relative distance to the state at time 1, over the steps.
set xlabel "steps, or layers, {/:Italic T}"
set ylabel "relative distance at time 1"
@log_x
@log_y
set xrange [3:340]
set yrange [1e-13:3]
set key outside right center Left reverse
file = evidence."distance.tsv"
# Each law goes through its method's point at 16 steps.
array through[4]
do for [m = 1:4] {
    stats file using (column("steps") == 16 ? column(m + 1) : NaN) nooutput
    through[m] = STATS_max
}
law_of(m, order, x) = through[m] * (16 / x) ** order
plot law_of(1, 1, x) @law notitle, \
     law_of(2, 2, x) @law notitle, \
     law_of(3, 4, x) @law notitle, \
     law_of(4, 5, x) @law notitle, \
     file using "steps":"euler" @measured title "Euler: the net", \
     "" using "steps":"midpoint" @measured2 title "midpoint", \
     "" using "steps":"rk4" @measured3 title "Runge–Kutta", \
     "" using "steps":"dopri5" @measured4 title "Dormand–Prince"
