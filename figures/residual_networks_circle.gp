# Depth as time: Euler's method leaves the circle that the equation goes round.
set xlabel "first entry of the state"
set ylabel "second entry"
set size ratio -1
set xrange [-2.1:2.5]
set yrange [-2.05:1.6]
set key outside right center Left reverse
set parametric
set trange [0:2 * pi]
plot cos(t), sin(t) @law title "the equation", \
     evidence."resnet_euler.circle.tsv" every 4 using "x192":"y192" @measured3 title "192 layers", \
     "" using "x48":"y48" @measured2 title "48", \
     "" using "x24":"y24" @measured title "24"
