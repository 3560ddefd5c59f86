# Rates from convexity: the sharp bound is attained, the textbook's is not.
set xlabel "steps {/:Italic k}"
set ylabel "height above the minimum, of {/:Italic Lr}^2"
set logscale xy
set format y '10^{%T}'
set xrange [0.9:110]
set yrange [1e-4:1]
set key left bottom
plot evidence."or_smooth_rate.rates.tsv" using "k":(1 / (2 * $1)) @law2 title "1 / 2{/:Italic k}", \
     "" using "k":(1 / (4 * $1 + 2)) @law title "1 / (4{/:Italic k} + 2)", \
     "" using "k":"huber" @measured title "Huber, the worst for {/:Italic k}", \
     "" using "k":"robust" @measured2 title "robust regression"
