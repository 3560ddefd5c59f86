# The order of four methods: relative distance to the state at time 1, over the steps.
set xlabel "steps, or layers, {/:Italic T}"
set ylabel "relative distance at time 1"
@log_x
@log_y
set xrange [3:340]
set yrange [1e-13:3]
set key outside right center Left reverse
file = evidence."resnet_orders.distance.tsv"
plot file using "steps":"law 1" @law notitle, \
     "" using "steps":"law 2" @law notitle, \
     "" using "steps":"law 4" @law notitle, \
     "" using "steps":"law 5" @law notitle, \
     "" using "steps":"euler" @measured title "Euler: the net", \
     "" using "steps":"midpoint" @measured2 title "midpoint", \
     "" using "steps":"rk4" @measured3 title "Runge–Kutta", \
     "" using "steps":"dopri5" @measured4 title "Dormand–Prince"
