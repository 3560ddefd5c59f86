# Least squares through batch norm: the rate times the curvature, along four runs.
@log_x
@log_y
set xlabel "step"
set ylabel "rate times largest curvature"
set xrange [1:60000]
set key top right
of(alpha) = column("alpha") == alpha ? column("effective") : NaN
plot evidence."bn_any_rate.rates.tsv" using "k":"edge" @law title "2: above it a minimum repels", \
     "" using "k":(of(100)) @measured4 title "rate 100", \
     "" using "k":(of(10)) @measured3 title "rate 10", \
     "" using "k":(of(1)) @measured2 title "rate 1", \
     "" using "k":(of(0.1)) @measured title "rate 0.1"
