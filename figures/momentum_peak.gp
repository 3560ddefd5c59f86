# The heavy ball at its best throws the error along the steepest direction up to sqrt(kappa)/e.
set xlabel "step {/:Italic k}"
set ylabel "error along the steepest direction"
@log_x
@log_y
set xrange [1:1000]
set yrange [1e-4:100]
set key bottom left
plot evidence."mom_rate.falls10000.tsv" using "k":"law" @law notitle, \
     "" using "k":"error" @measured2 title "{/:Italic κ} = 10^4", \
     evidence."mom_rate.falls100.tsv" using "k":"law" @law2 notitle, \
     "" using "k":"error" @measured title "{/:Italic κ} = 100"
