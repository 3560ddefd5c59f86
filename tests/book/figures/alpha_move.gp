# The error of each step, as a figure that moves.
set xlabel "step {/:Italic k}"
set xrange [0:2]
@log_y
set yrange [0.1:1]
set key outside right center
plot curves using "k":"law" @law title "predicted", \
     "" using "k":"error" @measured title "measured"
