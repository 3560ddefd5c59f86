# Importance weights are forgotten at 1/ln t, unless a tail or decay remembers them.
eval log_x
set xrange [10:1e12]
set yrange [0:22]
set xtics 10, 100
set xlabel "time {/:Italic t}, or 1/{/:Italic λ}"
set ylabel "angle (degrees)"
set key off
data = evidence."inf_shift.angles.tsv"
set label 1 "tail 1/{/:Italic m}" at 1e10,15.2
set label 2 "decay {/:Italic λ}" at 6e2,17.3
set label 3 "exponential loss" at 2e9,1.2
plot data using "t":"law" @law, "" using "t":"flow" @measured, \
     "" using "t":"decay" @measured2, "" using "t":"tail" @measured3
