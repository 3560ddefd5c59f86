# The order of four methods: relative distance to the state at time 1, over the steps.
set xlabel "steps, or layers, {/:Italic T}"
set ylabel "relative distance at time 1"
@log_x
@log_y
set xrange [3:340]
set yrange [1e-14:3]
set key outside right center Left reverse
file = evidence."distance.tsv"
stats file using "steps":"euler" nooutput
at(column) = word(system("tail -n 1 ".file), column) + 0
euler = at(2); midpoint = at(3); rk4 = at(4)
stats file using "rk4":"dopri5" every ::2::2 nooutput
dopri5 = STATS_min_y
plot euler * 256 / x @law notitle, \
     midpoint * (256 / x) ** 2 @law notitle, \
     rk4 * (256 / x) ** 4 @law notitle, \
     dopri5 * (16 / x) ** 5 @law notitle, \
     file using "steps":"euler" @measured title "Euler: the net", \
     "" using "steps":"midpoint" @measured2 title "midpoint", \
     "" using "steps":"rk4" @measured3 title "Runge–Kutta", \
     "" using "steps":"dopri5" @measured4 title "Dormand–Prince"
