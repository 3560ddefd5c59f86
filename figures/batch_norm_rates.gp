# Least squares through batch norm: the rate times the curvature, along four runs.
@log_x
@log_y
set format x "%g"
set xlabel "step"
set ylabel "rate times largest curvature"
set xrange [0.9:300]
set yrange [0.01:200]
set key top right
set label "above 2 a minimum repels" at 1.3, 3
of(alpha) = column("alpha") == alpha ? column("effective") : NaN
plot evidence."bn_any_rate.rates.tsv" using "k":"edge" @law notitle, \
     "" using "k":(of(100)) @measured4 title "rate 100", \
     "" using "k":(of(10)) @measured3 title "rate 10", \
     "" using "k":(of(1)) @measured2 title "rate 1", \
     "" using "k":(of(0.1)) @measured title "rate 0.1"
